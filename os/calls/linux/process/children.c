/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for children, and the time that they and others have used. */
#include "os/calls/linux/posix.h"
#include "os/process/signals/signal.h"
#include "os/process/tracee.h"
#include "sos/clock.h"

enum {
        WNOHANG = 1,
        WSTOPPED = 2,
        WEXITED = 4,
        WCONTINUED = 8,
        WNOWAIT = 0x1000000,
        WALL = 0x40000000,
        RUSAGE_WORDS = 18,
        TICKS = 100,
};
#define WCLONE    0x80000000u
#define WNOTHREAD 0x20000000u
#define WHO       (WALL | WCLONE | WNOTHREAD)

/* As wait4(2): a process, one's own group (0), any (-1), a group. */
static bool wanted(const struct process *parent, const struct process *p, int pid)
{
        return pid == -1 || (pid > 0 ? p->pid == pid : p->group == (pid ? -pid : parent->group));
}

static bool is_child(const struct process *parent, const struct process *p, int pid)
{
        return p->state != PROCESS_FREE && p->parent == parent->pid && wanted(parent, p, pid);
}

struct process *posix_child(const struct process *parent, int pid, bool ended)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (is_child(parent, p, pid) && (!ended || p->state == PROCESS_ZOMBIE))
                        return p;
        }
        return NULL;
}

/* What a call waits for, and its result. */
struct wait {
        int pid; /* as wait4 has it */
        uint32_t options;
        bool any; /* there are such children */
        struct process *child;
        struct tracee_notice *notice; /* or a thread that was traced and has gone */
        int child_pid;
        uint32_t child_user;
        unsigned long used_us;
        int code, status, exit_code; /* as siginfo has them; as wait4 has the last */
};

/* Children that announce their end by other signals are those of clone. */
static bool eligible(const struct process *p, uint32_t options)
{
        return options & WALL || (p->end.end_signal != SIGNAL_CHLD) == !!(options & WCLONE);
}

static void note_end(struct wait *w, int pid, int exit_code)
{
        int signal = exit_code & 0x7f;

        w->any = true;
        w->child_pid = pid;
        w->exit_code = exit_code;
        w->code = signal ? CHILD_KILLED : CHILD_EXITED;
        w->status = signal ? signal : exit_code >> 8;
}

/* Of one that the caller traces: whatever the options say, its tracer hears where it has stopped. */
static void note_tracee(struct wait *w, struct process *p)
{
        w->any = true;
        if (p->state == PROCESS_ZOMBIE && p->leader == p && w->options & WEXITED) {
                note_end(w, p->pid, p->end.exit_code);
        } else if (p->tracee.untold && tracee_stands(p) && thread_lives(p)) {
                w->code = CHILD_TRAPPED;
                w->status = p->tracee.status;
        } else {
                return;
        }
        w->child = p;
}

static void note(struct wait *w, struct process *p)
{
        w->any = true;
        if (w->options & WEXITED && p->state == PROCESS_ZOMBIE && !p->tracee.tracer) {
                note_end(w, p->pid, p->end.exit_code);
        } else if (w->options & WSTOPPED && p->job.tell_stop && process_lives(p)) {
                w->code = CHILD_STOPPED;
                w->status = p->job.stopped;
        } else if (w->options & WCONTINUED && p->job.tell_continue && process_lives(p)) {
                w->code = CHILD_CONTINUED;
                w->status = SIGNAL_CONT;
        } else {
                return;
        }
        w->child = p;
}

static void look_at_tracees(const struct process *parent, struct wait *w)
{
        for (unsigned i = 0; i < TASKS && !w->code; i++) {
                struct process *p = thread_any(i);

                if (p->state != PROCESS_FREE && p->tracee.tracer == parent->pid &&
                    (w->pid > 0 ? p->pid == w->pid : wanted(parent, p->leader, w->pid)))
                        note_tracee(w, p);
        }
        if (w->code)
                return;
        w->notice = tracee_notice(parent, w->pid);
        if (w->notice)
                w->any = true;
        if (w->notice && w->options & WEXITED)
                note_end(w, w->notice->thread, w->notice->status);
}

static void look(const struct process *parent, struct wait *w)
{
        if (parent->tracee.followed)
                look_at_tracees(parent, w);
        for (unsigned i = 0; i < PROCESSES && !w->code; i++) {
                struct process *p = process_entry(i);

                if (p->tracee.tracer != parent->pid && is_child(parent, p, w->pid) && eligible(p, w->options))
                        note(w, p);
        }
        if (!w->child)
                return;
        w->child_pid = w->child->pid;
        w->child_user = w->child->user.user[USER_REAL];
        w->used_us = w->child->time.used_us;
}

/* The child has been reported. */
static void take(struct process *parent, const struct wait *w)
{
        struct process *p = w->child;

        if (w->options & WNOWAIT)
                return;
        if (!p) {
                tracee_noticed(parent, w->notice);
                return;
        }
        if (w->code == CHILD_TRAPPED) {
                p->tracee.untold = false;
                return;
        }
        if (p->state == PROCESS_ZOMBIE && p->parent != parent->pid) {
                tracee_reaped(p);
                return;
        }
        if (p->state == PROCESS_ZOMBIE) {
                parent->time.children_us += p->time.used_us + p->time.children_us;
                process_forget(p);
        }
        p->job.tell_stop = p->job.tell_continue = false;
}

/* No child yet: 0, an error, or it waits. */
static long no_child(struct process *p, const struct wait *w)
{
        if (!w->any)
                return -SOS_ECHILD;
        return w->options & WNOHANG ? 0 : call_waits(p, &p->leader->waits.children);
}

/* The same for a call that must not wait. */
static long no_child_at_once(struct process *p, const struct wait *w)
{
        return w->any && !(w->options & WNOHANG) ? -SOS_EAGAIN : no_child(p, w);
}

/* Times are those of the processor, all as user time; the rest is not counted. */
static bool put_usage(struct process *p, seL4_Word va, unsigned long us)
{
        uint64_t word[RUSAGE_WORDS] = {us / 1000000, us % 1000000};

        return space_write(p->space, va, word, sizeof(word));
}

static int status_of(const struct wait *w)
{
        if (w->code == CHILD_CONTINUED)
                return 0xffff;
        return w->code == CHILD_STOPPED || w->code == CHILD_TRAPPED ? w->status << 8 | 0x7f : w->exit_code;
}

long posix_wait4(struct process *p)
{
        uint32_t options = (uint32_t)p->call.argument[2];
        struct wait w = {.pid = (int)p->call.argument[0], .options = options | WEXITED};
        int status, pid;

        if (options & ~(uint32_t)(WNOHANG | WSTOPPED | WCONTINUED | WHO))
                return -SOS_EINVAL;
        if (w.pid == INT32_MIN)
                return -SOS_ESRCH;
        look(p->leader, &w);
        if (!w.code)
                return no_child(p, &w);
        status = status_of(&w);
        pid = w.child_pid;
        if (p->call.argument[1] && !space_write(p->space, p->call.argument[1], &status, sizeof(status)))
                return -SOS_EFAULT;
        if (p->call.argument[3] && !put_usage(p, p->call.argument[3], w.used_us))
                return -SOS_EFAULT;
        take(p->leader, &w);
        return pid;
}

static bool put_wait(struct process *p, seL4_Word va, const struct wait *w)
{
        enum { SIGNAL, ERROR, CODE, PAD, PID, USER, STATUS, WORDS = 32 };
        uint32_t info[WORDS] = {0};

        if (w->code) {
                info[SIGNAL] = SIGNAL_CHLD;
                info[CODE] = (uint32_t)w->code;
                info[PID] = (uint32_t)w->child_pid;
                info[USER] = w->child_user;
                info[STATUS] = (uint32_t)w->status;
        }
        return !va || space_write(p->space, va, info, sizeof(info));
}

enum { ALL, PID, GROUP, DESCRIPTOR }; /* what waitid names */

static bool bad_waitid(int kind, int id, uint32_t options)
{
        const uint32_t what = WSTOPPED | WEXITED | WCONTINUED;

        return options & ~(what | WNOHANG | WNOWAIT | WHO) || !(options & what) || kind > DESCRIPTOR ||
               kind < ALL || (kind == PID && id <= 0) || (kind >= GROUP && id < 0);
}

/* As wait4 has it, or -SOS_EBADF.  One that is never to block says so in its descriptor, too. */
static long pid_of(struct process *p, int kind, int id, int *pid, bool *blocks)
{
        struct file *f;

        *blocks = true;
        *pid = kind == ALL ? -1 : kind == GROUP ? -id : id;
        if (kind != DESCRIPTOR)
                return 0;
        *pid = posix_pidfd_process(p, (uint32_t)id, &f);
        *blocks = *pid < 0 || !(f->flags & O_NONBLOCK);
        return *pid < 0 ? *pid : 0;
}

long posix_waitid(struct process *p)
{
        int kind = (int)p->call.argument[0], id = (int)p->call.argument[1];
        uint32_t options = (uint32_t)p->call.argument[3];
        struct wait w = {.options = options};
        bool blocks;
        long result;

        result = bad_waitid(kind, id, options) ? -SOS_EINVAL : pid_of(p, kind, id, &w.pid, &blocks);
        if (result)
                return result;
        look(p->leader, &w);
        result = w.code ? 0 : !blocks ? no_child_at_once(p, &w) : no_child(p, &w);
        if (result)
                return result;
        if (!put_wait(p, p->call.argument[2], &w) ||
            (w.code && p->call.argument[4] && !put_usage(p, p->call.argument[4], w.used_us)))
                return -SOS_EFAULT;
        if (w.code)
                take(p->leader, &w);
        return 0;
}

bool posix_counted(struct process *p, struct process *of)
{
        if (process_count_some(of, &p->call.progress))
                return true;
        call_pauses(p);
        return false;
}

long posix_getrusage(struct process *p)
{
        enum { SELF = 0, CHILDREN = -1, THREAD = 1 };
        int who = (int)p->call.argument[0];
        unsigned long us;

        if (who != SELF && who != CHILDREN && who != THREAD)
                return -SOS_EINVAL;
        if (who == SELF && !posix_counted(p, p->leader))
                return CALL_NO_VALUE;
        us = who == SELF     ? p->leader->time.used_us
             : who == THREAD ? thread_consumed(p)
                             : p->leader->time.children_us;
        return put_usage(p, p->call.argument[1], us) ? 0 : -SOS_EFAULT;
}

long posix_times(struct process *p)
{
        uint64_t words[4] = {0, 0, p->leader->time.children_us / (1000000 / TICKS), 0};

        if (!posix_counted(p, p->leader))
                return CALL_NO_VALUE;
        words[0] = p->leader->time.used_us / (1000000 / TICKS);
        if (p->call.argument[0] && !space_write(p->space, p->call.argument[0], words, sizeof(words)))
                return -SOS_EFAULT;
        return (long)(clock_us() / (1000000 / TICKS));
}
