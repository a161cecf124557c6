/* SPDX-License-Identifier: BSD-2-Clause */
/* A call of a Linux program is carried out, from when it comes, or is tried again, to the signals that its caller takes behind it. */
#include "os/calls/linux/posix.h"
#include "os/core/log.h"
#include "os/files/spare.h"
#include "os/process/numbers.h"
#include "os/process/signals/signal.h"
#include "os/process/signals/signal_parts.h"
#include "os/process/tracee.h"

/* All the large numbers have one line together. */
void posix_log_once(struct process *p, seL4_Word number, const char *what)
{
        seL4_Word at = number < PROCESS_MISSING ? number : PROCESS_MISSING - 1;

        if (!(p->leader->counts.missing[at / 64] >> at % 64 & 1))
                log_print("%s[%d]: system call %lu %s", p->name, p->leader->pid, number, what);
        p->leader->counts.missing[at / 64] |= 1ull << at % 64;
}

long posix_missing(struct process *p)
{
        posix_log_once(p, p->kind.foreign ? p->call.number : p->call.number - SOS_POSIX, "is not supported");
        return -SOS_ENOSYS;
}

/* Those that may change regions in pieces. */
static bool changes(seL4_Word number)
{
        switch (number) {
        case LINUX_BRK:
        case LINUX_MUNMAP:
        case LINUX_MREMAP:
        case LINUX_CLONE:
        case LINUX_MMAP:
        case LINUX_MPROTECT:
        case LINUX_MADVISE:
        case LINUX_MBIND:
        case LINUX_REMAP_FILE_PAGES:
        case LINUX_CLONE3:
                return true;
        default:
                return false;
        }
}

/* What the call returns; false: nothing, since it has stopped. */
static bool serve(struct process *p, seL4_Word number, long *value)
{
        bool there = number < POSIX_CALLS && posix_calls[number];

        if (p->filters.last || p->filters.strict) {
                enum seccomp_verdict verdict = seccomp_judges(p, value);

                if (verdict == SECCOMP_ENDS)
                        *value = CALL_NO_VALUE;
                if (verdict != SECCOMP_LETS)
                        return verdict != SECCOMP_STOPS;
        }
        p->call.judged = true; /* whatever filters its thread gets meanwhile */
        *value = there ? posix_calls[number](p) : posix_missing(p);
        return true;
}

/* A call that ends while the device moves its pages (its file was closed, or its vectors changed) keeps the result until the device is
 * through: the program uses its memory again as soon as it has the answer. */
static void outlast_device(struct process *p)
{
        struct call *c = &p->call;

        if (c->result.kind != CALL_ANSWERS || !c->transfer)
                return;
        if (!spare_moves(c->transfer)) {
                spare_leave(c->transfer);
                c->transfer = NULL;
                return;
        }
        signal_keep_result(p);
        call_waits(p, spare_queue(c->transfer));
}

void call_posix(struct process *p, seL4_Word number)
{
        long value;

        if (number != LINUX_EXIT && number != LINUX_EXIT_GROUP && call_kept_off(p))
                return;
        if (p->tracee.tracer && !tracee_enters(p))
                return;
        p->call.more = false; /* not before: where it has stopped, that says whether it is half done */
        signal_serving(p);
        if (p->call.held) {
                p->call.result = p->call.held_result;
        } else if (serve(p, number, &value)) {
                call_end(p, value);
        } else {
                signal_serving(NULL);
                return;
        }
        p->call.held = false;
        outlast_device(p);
        signal_news();
        if (!p->call.paging && !(p->tracee.tracer && tracee_leaves(p)))
                signal_after(p);
        if (call_has_files(&p->call))
                call_keeps_files(p);
        signal_serving(NULL);
        if (changes(number) && thread_lives(p) && p->call.result.kind == CALL_WAITS &&
            (p->call.more || p->call.paging))
                call_keeps_off(p);
        else if (p->space)
                call_lets_change(p);
}

bool call_at_once(struct process *p, seL4_Word number, long *value)
{
        const seL4_Word *argument = seL4_GetIPCBuffer()->msg;

        if (signals_due(p))
                return false;
        if (number >= LINUX_GETPID && number <= LINUX_GETTID) {
                *value = posix_calls[number](p);
                return true;
        }
        switch (number) {
        case LINUX_READ:
        case LINUX_PREAD64:
                return !p->space->changing && posix_read_at_once(p, number, argument, value);
        case LINUX_WRITE:
                return posix_write_at_once(p, argument, value);
        case LINUX_SENDTO:
                return !p->space->changing && posix_sendto_at_once(p, argument, value);
        case LINUX_RECVFROM:
                return !p->space->changing && posix_recvfrom_at_once(p, argument, value);
        default:
                return false;
        }
}
