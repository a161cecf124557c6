/* SPDX-License-Identifier: BSD-2-Clause */
/* Debug system calls, present in debug builds (spec objects.md 16).  They read no clock, block nobody and keep every
 * register but x0. */
#include "arch/arch.h"
#include "core/log.h"
#include "debug/dump.h"
#include "trap/syscall.h"

enum {
        SYS_PUT_CHAR = -12,
        SYS_DUMP_SCHEDULER = -13,
        SYS_HALT = -14,
        SYS_CAP_IDENTIFY = -15,
        SYS_SNAPSHOT = -16,
        SYS_NAME_THREAD = -17
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
                return false;
        }
}
