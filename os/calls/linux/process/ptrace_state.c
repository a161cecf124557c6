/* SPDX-License-Identifier: BSD-2-Clause */
/* ptrace: memory and signals of a tracee that has stopped, and why it has; see ptrace.c.  Registers are in
 * ptrace_registers.c. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/calls/linux/process/ptrace.h"
#include "os/calls/linux/process/ptrace_registers.h"
#include "os/process/signals/signal.h"
#include "os/process/signals/signal_frame.h"
#include "os/process/signals/signal_queue.h"
#include "os/process/tracee.h"

enum { REQUEST, THREAD, ADDRESS, DATA };
enum { INFO_BYTES = 128, MASK_BYTES = 8, INFOS = 32 /* in one request */ };

/* --- memory --- */

static long peek(struct process *p, struct process *t)
{
        seL4_Word word;

        if (!space_read(t->space, p->call.argument[ADDRESS], &word, sizeof(word)))
                return -SOS_EIO;
        return space_write(p->space, p->call.argument[DATA], &word, sizeof(word)) ? 0 : -SOS_EFAULT;
}

/* Up to the end of its page, and the rest. */
static long poke(struct process *p, struct process *t)
{
        seL4_Word va = p->call.argument[ADDRESS], word = p->call.argument[DATA];
        seL4_Word first = PAGE - va % PAGE < sizeof(word) ? PAGE - va % PAGE : sizeof(word);

        if (!space_force(t->space, va, &word, first))
                return -SOS_EIO;
        return first == sizeof(word) ||
                               space_force(t->space, va + first, (char *)&word + first, sizeof(word) - first)
                       ? 0
                       : -SOS_EIO;
}

/* --- why it has stopped --- */

static long set_options(struct process *p, struct process *t)
{
        if (p->call.argument[DATA] & ~(seL4_Word)TRACEE_OPTIONS)
                return -SOS_EINVAL;
        t->tracee.options = (uint32_t)p->call.argument[DATA];
        return 0;
}

static long get_message(struct process *p, struct process *t)
{
        seL4_Word message = t->tracee.message;

        return space_write(p->space, p->call.argument[DATA], &message, sizeof(message)) ? 0 : -SOS_EFAULT;
}

static bool put_info(struct process *p, seL4_Word va, const struct signal_cause *cause)
{
        struct signal_frame f = {0};

        signal_tell(cause, &f);
        return space_write(p->space, va, &f, INFO_BYTES);
}

static long move_info(struct process *p, struct process *t)
{
        struct signal_cause *cause = &t->tracee.cause;
        struct signal_frame f = {0};

        if (t->tracee.stop == TRACEE_GROUP)
                return -SOS_EINVAL;
        if (p->call.argument[REQUEST] == PTRACE_GETSIGINFO)
                return put_info(p, p->call.argument[DATA], cause) ? 0 : -SOS_EFAULT;
        if (!space_read(p->space, p->call.argument[DATA], &f, INFO_BYTES))
                return -SOS_EFAULT;
        *cause = (struct signal_cause){.signal = (int)f.signal,
                                       .code = (int)f.code,
                                       .address = f.address,
                                       .value = f.more[0],
                                       .fault = cause->fault};
        return 0;
}

/* Those that are pending, of the thread or of its process; who wants more asks again. */
static long peek_infos(struct process *p, struct process *t)
{
        struct {
                uint64_t from;
                uint32_t flags;
                int32_t count;
        } which;
        int32_t n = 0;

        if (!space_read(p->space, p->call.argument[ADDRESS], &which, sizeof(which)))
                return -SOS_EFAULT;
        if (which.flags & ~1u || which.count < 0)
                return -SOS_EINVAL;
        for (; n < which.count && n < INFOS; n++) {
                const struct signal_cause *cause =
                        signal_queue_at(which.flags ? t->leader->signals.common_queue : t->signals.queue,
                                        which.from + (uint32_t)n);

                if (!cause)
                        break;
                if (!put_info(p, p->call.argument[DATA] + (uint32_t)n * INFO_BYTES, cause))
                        return n ? n : -SOS_EFAULT;
        }
        return n;
}

static long move_mask(struct process *p, struct process *t)
{
        const uint64_t never = 1ull << (SIGNAL_KILL - 1) | 1ull << (SIGNAL_STOP - 1);
        uint64_t *blocked = t->signals.other_mask ? &t->signals.before : &t->signals.blocked, mask = *blocked;

        if (p->call.argument[ADDRESS] != MASK_BYTES)
                return -SOS_EINVAL;
        if (p->call.argument[REQUEST] == PTRACE_GETSIGMASK)
                return space_write(p->space, p->call.argument[DATA], &mask, sizeof(mask)) ? 0 : -SOS_EFAULT;
        if (!space_read(p->space, p->call.argument[DATA], &mask, sizeof(mask)))
                return -SOS_EFAULT;
        *blocked = mask & ~never;
        return 0;
}

/* As Linux programs know it. */
struct call_info {
        uint8_t kind, pad[3];
        uint32_t machine;
        uint64_t pc, sp;
        union {
                struct {
                        uint64_t number, argument[CALL_ARGUMENTS];
                } entry;
                struct {
                        int64_t result;
                        uint8_t is_error;
                } exit;
        };
};

/* Only for a tracer that has calls told apart from other traps. */
static long get_call_info(struct process *p, struct process *t)
{
        enum { NONE, ENTRY, EXIT, GOOD = 0x80, ERROR_MAX = 4095 };
        struct call_info i = {.machine = 0xc00000b7u};
        struct ptrace_general g;
        size_t size = offsetof(struct call_info, entry), room = p->call.argument[ADDRESS];

        if (!ptrace_general(t, &g))
                return -SOS_EIO;
        i.pc = g.pc;
        i.sp = g.sp;
        if (t->tracee.stop == TRACEE_ENTRY && t->tracee.status & GOOD) {
                i.kind = ENTRY;
                i.entry.number = (uint64_t)(int64_t)(int32_t)t->call.number;
                memcpy(i.entry.argument, g.x, sizeof(i.entry.argument));
                size = sizeof(i);
        } else if (t->tracee.stop == TRACEE_EXIT && t->tracee.status & GOOD) {
                i.kind = EXIT;
                i.exit.result = (int64_t)g.x[0];
                i.exit.is_error = i.exit.result < 0 && i.exit.result >= -ERROR_MAX;
                size = offsetof(struct call_info, exit.is_error) + 1;
        }
        return space_write(p->space, p->call.argument[DATA], &i, room < size ? room : size) ? (long)size
                                                                                            : -SOS_EFAULT;
}

long posix_ptrace_state(struct process *p, struct process *t)
{
        static const struct {
                uint16_t request;
                long (*serve)(struct process *, struct process *);
        } requests[] = {
                {PTRACE_PEEKTEXT, peek},
                {PTRACE_PEEKDATA, peek},
                {PTRACE_POKETEXT, poke},
                {PTRACE_POKEDATA, poke},
                {PTRACE_GETREGSET, ptrace_move_set},
                {PTRACE_SETREGSET, ptrace_move_set},
                {PTRACE_SETOPTIONS, set_options},
                {PTRACE_GETEVENTMSG, get_message},
                {PTRACE_GETSIGINFO, move_info},
                {PTRACE_SETSIGINFO, move_info},
                {PTRACE_PEEKSIGINFO, peek_infos},
                {PTRACE_GETSIGMASK, move_mask},
                {PTRACE_SETSIGMASK, move_mask},
                {PTRACE_GET_SYSCALL_INFO, get_call_info},
        };

        for (unsigned i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
                if (requests[i].request == p->call.argument[REQUEST])
                        return requests[i].serve(p, t);
        }
        return -SOS_EIO;
}
