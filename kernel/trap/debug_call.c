/* SPDX-License-Identifier: BSD-2-Clause */
/* Debug system calls, present in debug builds (spec objects.md 16).  They read no clock, block nobody and keep every
 * register but x0. */
#include "arch/arch.h"
#include "console/log.h"
#include "core/platform.h"
#include "debug/dump.h"
#include "trap/syscall.h"

enum {
        SYS_PUT_CHAR = -12,
        SYS_DUMP_SCHEDULER = -13,
        SYS_HALT = -14,
        SYS_CAP_IDENTIFY = -15,
        SYS_SNAPSHOT = -16,
        SYS_NAME_THREAD = -17,
        SYS_SEND_IPI = -18, /* these two only with several cores */
        SYS_THREAD_AFFINITY = -19
};

enum { NAME_BYTES_READ = 960 };

static _Noreturn void halt(const struct thread *t, const char *why)
{
        print("Tessera: halted by '%s': %s\n", t->name, why);
        arch_halt();
}

static struct slot *find(const struct thread *t, word cptr)
{
        struct lookup_fault f;
        struct slot *s;

        return lookup_cap(t->slot[TCB_CSPACE].cap, cptr, &s, &f) ? s : NULL;
}

static word identify(const struct thread *t, word cptr)
{
        const struct slot *s = find(t, cptr);

        return s ? cap_kind(s->cap) : CAP_NULL;
}

static void name_thread(struct thread *t, word cptr)
{
        const struct slot *s = find(t, cptr);
        const char *name = (const char *)thread_buffer_readable(t);

        if (!s || cap_kind(s->cap) != CAP_TCB)
                halt(t, "DebugNameThread of a cap that is not a TCB");
        if (!name)
                halt(t, "DebugNameThread without an IPC buffer");
        name += sizeof(word);
        for (word i = 0; i < NAME_BYTES_READ; i++) {
                if (name[i] == '\0') {
                        thread_set_name(cap_object(s->cap), name);
                        return;
                }
        }
        halt(t, "DebugNameThread with a name that does not end");
}

/* As if a device or firmware had raised it. */
static void send_ipi(word core, word sgi)
{
        enum { SGIS = 16 };

        if (core < kernel.cores && sgi < SGIS)
                platform.irq.ring(core, sgi);
        else
                print("Tessera: DebugSendIPI of %lu to core %lu: there are %d and %lu of them\n", sgi, core,
                      SGIS, kernel.cores);
}

static word affinity(const struct thread *t, word cptr)
{
        const struct slot *s = find(t, cptr);

        if (!s || cap_kind(s->cap) != CAP_TCB)
                halt(t, "DebugGetThreadAffinity of a cap that is not a TCB");
        return ((const struct thread *)cap_object(s->cap))->domain;
}

/* Calls that only the interface of several cores has. */
static bool debug_call_of_cores(const struct thread *t, word *x, int64_t number)
{
        if (!kernel.multicore || (number != SYS_SEND_IPI && number != SYS_THREAD_AFFINITY))
                return false;
        if (number == SYS_SEND_IPI)
                send_ipi(x[0], x[1]);
        else
                x[0] = affinity(t, x[0]);
        return true;
}

bool debug_call(struct thread *t, word number)
{
        word *x0 = &t->context.x[0];

        switch ((int64_t)number) {
        case SYS_PUT_CHAR:
                print_char((char)*x0);
                return true;
        case SYS_DUMP_SCHEDULER:
                dump_scheduler();
                return true;
        case SYS_HALT:
                halt(t, "DebugHalt");
        case SYS_CAP_IDENTIFY:
                *x0 = identify(t, *x0);
                return true;
        case SYS_SNAPSHOT:
                dump_snapshot();
                return true;
        case SYS_NAME_THREAD:
                name_thread(t, *x0);
                return true;
        default:
                return debug_call_of_cores(t, x0, (int64_t)number);
        }
}
