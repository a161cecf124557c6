/* SPDX-License-Identifier: BSD-2-Clause */
/* seccomp: a thread gives up calls, all but four or those that a filter refuses (process/filters.h), for itself and all that comes from it.
 *
 * A call is judged once, when it comes, after its tracer has seen it.  What is missing: filters that ask another process (listeners). */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/log.h"
#include "os/process/filters.h"
#include "os/process/numbers.h"
#include "os/process/signals/signal.h"
#include "os/process/tracee.h"

enum { SET_STRICT, SET_FILTER, ACTION_IS_THERE };
enum {
        SYNCHRONISE = 1,
        LOG = 2,
        SPECULATES = 4,
        SYNCHRONISE_ERROR = 16,
        FLAGS = SYNCHRONISE | LOG | SPECULATES | SYNCHRONISE_ERROR
};
enum { MACHINE = 0xb7, WORDS_LITTLE = 1u << 30, ERROR_MOST = 4095 };
#define MACHINE_OF_DATA (0x80000000u | WORDS_LITTLE | MACHINE)

/* As programs have it in memory. */
struct filter_program {
        uint16_t steps;
        uint64_t at;
};

static long set_strict(struct process *p)
{
        if (p->filters.last)
                return -SOS_EINVAL;
        p->filters.strict = true;
        return 0;
}

static bool read_steps(struct process *p, const struct filter *f, uint64_t at)
{
        for (unsigned n = 0; n < f->steps; n += FRAME_STEPS) {
                unsigned part = f->steps - n < FRAME_STEPS ? f->steps - n : FRAME_STEPS;

                if (!space_read(p->space, at + n * sizeof(struct filter_step), filter_step(f, n),
                                part * sizeof(struct filter_step)))
                        return false;
        }
        return true;
}

/* The first thread of the process that has what the caller has not: it cannot get the same. */
static int differs(const struct process *p)
{
        const struct process *t = p;
        unsigned mark = filters_mark(p->filters.last);

        while ((t = t->ring.next) != p) {
                if (thread_lives(t) && (t->filters.strict || !filter_is_marked(t->filters.last, mark)))
                        return t->pid;
        }
        return 0;
}

static void synchronise(struct process *p)
{
        struct process *t = p;

        while ((t = t->ring.next) != p) {
                if (!thread_lives(t))
                        continue;
                filters_inherit(t, p);
                t->place->no_more_rights |= p->place->no_more_rights;
        }
}

static long put(struct process *p, struct filter *f, seL4_Word flags)
{
        int other = flags & SYNCHRONISE ? differs(p) : 0;

        if (p->filters.strict)
                return -SOS_EINVAL;
        if (other)
                return flags & SYNCHRONISE_ERROR ? -SOS_ESRCH : other;
        f->logs = flags & LOG;
        filter_put(p, f);
        if (flags & SYNCHRONISE)
                synchronise(p);
        return 0;
}

static long set_filter(struct process *p, seL4_Word flags, seL4_Word at)
{
        struct filter_program program;
        struct filter *f;
        long error;

        if (flags & ~(seL4_Word)FLAGS)
                return -SOS_EINVAL;
        if (!space_read(p->space, at, &program, sizeof(program)))
                return -SOS_EFAULT;
        if (!program.steps || program.steps > FILTER_STEPS || !program.at)
                return -SOS_EINVAL;
        if (!p->place->no_more_rights)
                return -SOS_EACCES;
        error = filter_make(p, program.steps, &f);
        if (error)
                return error;
        error = !read_steps(p, f, program.at) ? -SOS_EFAULT
                : filter_check(f)             ? put(p, f, flags)
                                              : -SOS_EINVAL;
        if (p->filters.last != f)
                filter_drop(f);
        return error;
}

static long action_is_there(struct process *p, seL4_Word flags, seL4_Word at)
{
        uint32_t action;

        if (flags)
                return -SOS_EINVAL;
        if (!space_read(p->space, at, &action, sizeof(action)))
                return -SOS_EFAULT;
        switch (action) {
        case FILTER_KILLS_PROCESS:
        case FILTER_KILLS_THREAD:
        case FILTER_TRAPS:
        case FILTER_FAILS:
        case FILTER_TELLS_TRACER:
        case FILTER_LOGS:
        case FILTER_ALLOWS:
                return 0;
        default:
                return -SOS_EOPNOTSUPP;
        }
}

static long set(struct process *p, seL4_Word what, seL4_Word flags, seL4_Word at)
{
        switch (what) {
        case SET_STRICT:
                return flags || at ? -SOS_EINVAL : set_strict(p);
        case SET_FILTER:
                return set_filter(p, flags, at);
        case ACTION_IS_THERE:
                return action_is_there(p, flags, at);
        default:
                return -SOS_EINVAL;
        }
}

long posix_seccomp(struct process *p)
{
        const seL4_Word *a = p->call.argument;

        return p->kind.foreign ? set(p, a[0], a[1], a[2]) : posix_missing(p);
}

long posix_prctl_seccomp(struct process *p, bool wanted)
{
        enum { STRICT = 1, FILTER };
        const seL4_Word *a = p->call.argument;

        if (!p->kind.foreign)
                return -SOS_EINVAL;
        if (!wanted)
                return p->filters.last ? FILTER : 0;
        return a[1] == STRICT   ? set(p, SET_STRICT, 0, 0)
               : a[1] == FILTER ? set(p, SET_FILTER, 0, a[2])
                                : -SOS_EINVAL;
}

/* --- the calls that are judged --- */

static bool is_last(const struct process *p)
{
        const struct process *t = p->ring.next;

        while (t != p && !thread_lives(t))
                t = t->ring.next;
        return t == p;
}

/* The thread, or its process, ends as by that signal. */
static enum seccomp_verdict ends(struct process *p, int signal, bool all)
{
        bool alone = all || is_last(p);

        if (p->tracee.tracer && tracee_ends(p, signal)) {
                call_waits(p, NULL);
                return SECCOMP_STOPS;
        }
        call_gone(p);
        if (alone) {
                process_kill(p, signal);
        } else {
                p->end.exit_code = signal;
                thread_stop(p);
        }
        return SECCOMP_ENDS;
}

static enum seccomp_verdict kills(struct process *p, bool all)
{
        log_print("%s[%d]: its filter does not allow system call %lu; ended", p->name, p->leader->pid,
                  p->call.number);
        return ends(p, SIGNAL_SYS, all);
}

/* It gets a signal instead, with all registers as they were before the call, except that the call is behind it. */
static enum seccomp_verdict traps(struct process *p, unsigned number, long *value)
{
        enum { BY_FILTER = 1 };
        struct signal_cause cause = {.signal = SIGNAL_SYS,
                                     .code = BY_FILTER,
                                     .error = (int)number,
                                     .address = p->call.pc + CALL_INSTRUCTION,
                                     .value = (uint32_t)p->call.number | (uint64_t)MACHINE_OF_DATA << 32,
                                     .fault = true};

        if (p->handlers->action[SIGNAL_SYS - 1].handler <= HANDLER_IGNORE ||
            p->signals.blocked >> (SIGNAL_SYS - 1) & 1)
                return kills(p, true);
        signal_send_cause(p, &cause, true);
        *value = (long)p->call.saved[0];
        return SECCOMP_ANSWERS;
}

static enum seccomp_verdict tells_tracer(struct process *p, unsigned number, long *value)
{
        if (p->call.told)
                return SECCOMP_LETS; /* it knows, and may have made another call of it */
        if (p->tracee.tracer && tracee_filtered(p, number))
                return SECCOMP_STOPS;
        *value = -SOS_ENOSYS;
        return SECCOMP_ANSWERS;
}

static enum seccomp_verdict carry_out(struct process *p, uint32_t answer, long *value)
{
        unsigned number = answer & 0xffff;

        switch (answer & ~0xffffu) {
        case FILTER_ALLOWS:
        case FILTER_LOGS:
                return SECCOMP_LETS;
        case FILTER_FAILS:
                *value = -(long)(number < ERROR_MOST ? number : ERROR_MOST);
                return SECCOMP_ANSWERS;
        case FILTER_TRAPS:
                return traps(p, number, value);
        case FILTER_TELLS_TRACER:
                return tells_tracer(p, number, value);
        case FILTER_ASKS: /* there is nobody to ask */
                *value = -SOS_ENOSYS;
                return SECCOMP_ANSWERS;
        default:
                return kills(p, (answer & ~0xffffu) != FILTER_KILLS_THREAD);
        }
}

static bool is_strict_call(seL4_Word number)
{
        return number == LINUX_READ || number == LINUX_WRITE || number == LINUX_EXIT ||
               number == LINUX_RT_SIGRETURN;
}

enum seccomp_verdict seccomp_judges(struct process *p, long *value)
{
        struct call *c = &p->call;
        struct filter_data data = {
                .number = (uint32_t)c->number, .machine = MACHINE_OF_DATA, .pc = c->pc + CALL_INSTRUCTION};
        const struct filter *by;
        enum seccomp_verdict verdict;
        uint32_t answer;

        if (c->judged || c->held)
                return SECCOMP_LETS;
        if (p->filters.strict)
                return is_strict_call(c->number) ? SECCOMP_LETS : ends(p, SIGNAL_KILL, false);
        memcpy(data.argument, c->saved, sizeof(data.argument));
        answer = filters_ask(p->filters.last, &data, &by);
        if ((answer & ~0xffffu) == FILTER_LOGS || (by->logs && answer != FILTER_ALLOWS))
                posix_log_once(p, c->number, "is one that its filter tells of");
        verdict = carry_out(p, answer, value);
        c->judged = verdict == SECCOMP_LETS;
        return verdict;
}
