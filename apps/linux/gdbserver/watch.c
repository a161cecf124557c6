/* SPDX-License-Identifier: BSD-2-Clause */
/* gdb's watchpoints in the core's; see stub.h.  Owns the assignment of the core's to gdb's.
 *
 * Each of the core's watches bytes of one aligned doubleword, so a larger or unaligned region takes several. */
#include "stub.h"

enum {
        CORE = 4,
        DOUBLEWORD = 8,
        BYTES_SHIFT = 8,
        LOADS = 1,
        STORES = 2,
        GDB_WRITES = 2,
        GDB_READS,
        GDB_BOTH
};

static struct {
        uint64_t address; /* of the doubleword */
        uint64_t control; /* 0: free */
        uint64_t of_gdb;  /* where the region that it belongs to begins */
        uint64_t size;
        int kind;
} core[CORE];

static const char *const name[] = {[GDB_WRITES] = "watch", [GDB_READS] = "rwatch", [GDB_BOTH] = "awatch"};

/* Found by a request to the kernel that changes nothing. */
bool core_debugs(const struct target *t)
{
        return target_ask(DEBUG_WATCH, t->pid, 0, (long)core[0].address, (long)core[0].control) == 0;
}

static void drop(const struct target *t, unsigned i)
{
        target_ask(DEBUG_WATCH, t->pid, (long)i, 0, 0);
        core[i].control = 0;
}

void watch_clear(const struct target *t, int kind, uint64_t address, uint64_t size)
{
        for (unsigned i = 0; i < CORE; i++) {
                if (core[i].control && core[i].of_gdb == address && core[i].size == size &&
                    core[i].kind == kind)
                        drop(t, i);
        }
}

void watch_forget(void)
{
        for (unsigned i = 0; i < CORE; i++)
                core[i].control = 0;
}

/* Bytes of one doubleword from `at` on, at most `size`; how many, 0: the core has no other. */
static uint64_t take(const struct target *t, uint64_t at, uint64_t size, int kind, uint64_t region,
                     uint64_t all)
{
        static const uint64_t access[] = {
                [GDB_WRITES] = STORES, [GDB_READS] = LOADS, [GDB_BOTH] = LOADS | STORES};
        uint64_t first = at % DOUBLEWORD, n = DOUBLEWORD - first < size ? DOUBLEWORD - first : size;
        uint64_t control = access[kind] | ((1u << n) - 1) << first << BYTES_SHIFT;
        unsigned i = 0;

        while (i < CORE && core[i].control)
                i++;
        if (i == CORE || target_ask(DEBUG_WATCH, t->pid, (long)i, (long)(at - first), (long)control))
                return 0;
        core[i].address = at - first;
        core[i].control = control;
        core[i].of_gdb = region;
        core[i].size = all;
        core[i].kind = kind;
        return n;
}

bool watch_set(const struct target *t, int kind, uint64_t address, uint64_t size)
{
        watch_clear(t, kind, address, size); /* gdb may send it twice */
        for (uint64_t done = 0, n; done < size; done += n) {
                n = size <= CORE * DOUBLEWORD ? take(t, address + done, size - done, kind, address, size) : 0;
                if (!n) {
                        watch_clear(t, kind, address, size);
                        return false;
                }
        }
        return size > 0;
}

/* An access may begin before the watched bytes, and the core reports where it begins: the nearest watchpoint after that is meant. */
const char *watch_met(uint64_t accessed, uint64_t *region)
{
        unsigned best = CORE;
        uint64_t least = ~0ull;

        for (unsigned i = 0; i < CORE; i++) {
                uint64_t at = core[i].address;
                uint64_t far = accessed < at ? at - accessed : accessed - at < DOUBLEWORD ? 0 : ~0ull - 1;

                if (core[i].control && far < least) {
                        best = i;
                        least = far;
                }
        }
        if (best == CORE)
                return NULL;
        *region = core[best].of_gdb;
        return name[core[best].kind];
}
