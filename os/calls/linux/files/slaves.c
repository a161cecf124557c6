/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs on a pseudo terminal: who may use it, and how long a read waits.
 *
 * A group that is not in the foreground of the terminal of its session is stopped when it reads (SIGTTIN), changes settings, or writes
 * where that is asked for (SIGTTOU); one that nobody could continue gets an error instead.
 */
#include "os/calls/linux/posix.h"
#include "os/files/pty.h"
#include "os/process/signals/signal.h"
#include "sos/clock.h"

enum { AGAIN_US = 10000, TENTH_US = 100000 };

/* No parent in the session, but in another group, could continue it. */
static bool is_orphaned(int group)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                const struct process *each = process_entry(i), *parent;

                if (!process_lives(each) || each->group != group)
                        continue;
                parent = process_find(each->parent);
                if (parent && parent->group != group && parent->session == each->session)
                        return false;
        }
        return true;
}

static void send_group(int group, int signal)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *each = process_entry(i);

                if (process_lives(each) && each->group == group)
                        signal_send(each, signal);
        }
}

static bool is_ignored(const struct process *p, int signal)
{
        return p->signals.blocked >> (signal - 1) & 1 ||
               p->handlers->action[signal - 1].handler == HANDLER_IGNORE;
}

/* It is asked again when the process continues, or a handler has returned. */
static long ask(struct process *p, const struct pty *t, int signal)
{
        const struct process *l = p->leader;

        if (!p->kind.foreign || !t->group || t->session != l->session || t->group == l->group)
                return 0;
        if (is_ignored(p, signal))
                return signal == SIGNAL_TTIN ? -SOS_EIO : 0;
        if (is_orphaned(l->group))
                return -SOS_EIO;
        send_group(l->group, signal);
        return call_until(p, clock_us() + AGAIN_US);
}

/* A call that was let through is not asked again. */
long posix_may_use_terminal(struct process *p, const struct file *f, bool write)
{
        enum { STOPS_OUTPUT = 0400 };
        long error;

        if (p->call.place || (write && !(f->pty->settings.local & STOPS_OUTPUT)))
                return 0;
        error = ask(p, f->pty, write ? SIGNAL_TTOU : SIGNAL_TTIN);
        p->call.place = !error;
        return error;
}

long posix_may_set_terminal(struct process *p, const struct pty *t)
{
        return ask(p, t, SIGNAL_TTOU);
}

/* Not enough is there: `got` bytes, some of them since it was tried last (`more`).  Time is counted from the first byte on, or, if the read
 * need not wait for one, from its beginning. */
static long wait_for_more(struct process *p, struct file *f, long got, bool more)
{
        const struct pty_waiting w = pty_waiting(f->pty);
        bool ends = !w.lines && w.tenths && (!w.least || got);

        if (ends && (!p->call.end_us || (w.least && more)))
                p->call.end_us = clock_us() + w.tenths * (uint64_t)TENTH_US;
        if (ends && clock_us() >= p->call.end_us)
                return got;
        call_waits(p, file_queue(f, false));
        return ends ? call_until(p, p->call.end_us) : CALL_NO_VALUE;
}

long posix_read_slave(struct process *p, struct file *f, const seL4_Word piece[2])
{
        const struct pty_waiting w = pty_waiting(f->pty);
        seL4_Word before = p->call.progress, least = w.lines || !w.least ? 1 : w.least;
        long n = posix_transfer(p, f, piece, 0, false), got = n == FILE_BLOCKS ? 0 : n;

        least = least < piece[1] ? least : piece[1];
        if (n != FILE_BLOCKS && (n <= 0 || (seL4_Word)n >= least || !f->pty->masters))
                return n;
        if (f->flags & O_NONBLOCK)
                return got ? got : -SOS_EAGAIN;
        return wait_for_more(p, f, got, (seL4_Word)got > before);
}
