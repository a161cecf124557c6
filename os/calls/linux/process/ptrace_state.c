/* SPDX-License-Identifier: BSD-2-Clause */
/* ptrace: memory, registers and signals of a tracee that has stopped, and why it has; see ptrace.c. */
#include "base/text.h"
#include "caps/fp.h"
#include "os/calls/linux/posix.h"
#include "os/calls/linux/process/ptrace.h"
#include "os/process/signals/signal.h"
#include "os/process/signals/signal_frame.h"
#include "os/process/signals/signal_queue.h"
#include "os/process/tracee.h"

enum { REQUEST, THREAD, ADDRESS, DATA };
enum { INFO_BYTES = 128, MASK_BYTES = 8, SAVED_STATE = 7 };

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

/* --- registers --- */

struct general {
        uint64_t x[FRAME_X], sp, pc, state;
};

struct floating {
        uint64_t v[64];
        uint32_t fpsr, fpcr, pad[2];
};

enum set_kind { SET_GENERAL = 1, SET_FLOATING = 2, SET_TLS = 0x401, SET_CALL = 0x404 };

/* One set of them, as a tracer gets it. */
struct set {
        union {
                struct general general;
                struct floating floating;
                uint64_t tls;
                int32_t call;
        };
        size_t size;
};

static bool read_all(const struct process *t, seL4_UserContext *r)
{
        return !seL4_TCB_ReadRegisters(t->kernel.tcb.cap, false, 0, FRAME_REGISTERS, r);
}

static bool write_all(const struct process *t, seL4_UserContext *r)
{
        return !seL4_TCB_WriteRegisters(t->kernel.tcb.cap, false, 0, FRAME_REGISTERS, r);
}

/* It stands in the midst of a call, and has its instruction behind it. */
static bool is_inside(const struct process *t)
{
        return t->state == PROCESS_WAITING && !t->call.faulting &&
               (t->tracee.stop == TRACEE_ENTRY || t->tracee.stop == TRACEE_EVENT);
}

/* x7 says on which side of a call it is, as long as it stands there. */
static bool get_general(const struct process *t, struct general *g)
{
        seL4_UserContext r;

        if (!read_all(t, &r))
                return false;
        for (int i = 0; i < FRAME_X; i++)
                g->x[i] = ((const seL4_Word *)&r)[frame_place[i]];
        g->sp = r.sp;
        g->state = r.spsr;
        g->pc = is_inside(t) ? t->call.pc + CALL_INSTRUCTION : tracee_in_call(t) ? t->call.pc : r.pc;
        if (t->tracee.stop == TRACEE_ENTRY || t->tracee.stop == TRACEE_EXIT)
                g->x[SAVED_STATE] = t->tracee.stop == TRACEE_EXIT;
        return true;
}

static bool get_floating(const struct process *t, struct floating *f)
{
        struct fp_state fp;

        if (!fp_read(t->kernel.tcb.cap, &fp))
                return false;
        memcpy(f->v, fp.v, sizeof(f->v));
        f->fpsr = (uint32_t)fp.fpsr;
        f->fpcr = (uint32_t)fp.fpcr;
        return true;
}

/* The number of the call that it is in, or was; -1: it is in none. */
static int32_t call_of(const struct process *t)
{
        bool at_call = t->tracee.stop == TRACEE_ENTRY || t->tracee.stop == TRACEE_EXIT;

        return at_call || tracee_in_call(t) || is_inside(t) ? (int32_t)t->call.number : -1;
}

static bool get_set(const struct process *t, int kind, struct set *s)
{
        seL4_UserContext r;

        switch (kind) {
        case SET_GENERAL:
                s->size = sizeof(s->general);
                return get_general(t, &s->general);
        case SET_FLOATING:
                s->size = sizeof(s->floating);
                return get_floating(t, &s->floating);
        case SET_TLS:
                s->size = sizeof(s->tls);
                if (!read_all(t, &r))
                        return false;
                s->tls = r.tpidr_el0;
                return true;
        case SET_CALL:
                s->size = sizeof(s->call);
                s->call = call_of(t);
                return true;
        default:
                return false;
        }
}

/* What its call goes on with. */
static void set_call_arguments(struct process *t, const struct general *g)
{
        struct call *c = &t->call;

        for (int i = 0; i < CALL_SAVED; i++)
                c->saved[i] = i == SAVED_STATE ? c->saved[i] : g->x[i];
        c->pc = g->pc - CALL_INSTRUCTION;
        if (t->tracee.stop != TRACEE_ENTRY)
                return;
        for (int i = 0; i < CALL_ARGUMENTS; i++)
                c->argument[i] = c->saved[i];
        posix_widen(c, c->number);
}

/* A call that waits does not go on when registers are others: it begins again, if the program stands before it. */
static bool set_general(struct process *t, const struct general *g)
{
        seL4_UserContext r;
        bool at_call = t->tracee.stop == TRACEE_ENTRY || t->tracee.stop == TRACEE_EXIT;

        if (!read_all(t, &r))
                return false;
        for (int i = 0; i < FRAME_X; i++) {
                if (!at_call || i != SAVED_STATE)
                        ((seL4_Word *)&r)[frame_place[i]] = g->x[i];
        }
        r.sp = g->sp;
        r.spsr = g->state;
        r.pc = is_inside(t) ? g->pc - CALL_INSTRUCTION : g->pc;
        if (is_inside(t)) {
                set_call_arguments(t, g);
        } else if (tracee_in_call(t)) {
                t->call.held = true;
                t->call.held_result.kind = CALL_SWITCHED;
        }
        return write_all(t, &r);
}

static bool set_floating(const struct process *t, const struct floating *f)
{
        struct fp_state fp = {.fpsr = f->fpsr, .fpcr = f->fpcr};

        memcpy(fp.v, f->v, sizeof(fp.v));
        return fp_write(t->kernel.tcb.cap, &fp);
}

static bool set_set(struct process *t, int kind, const struct set *s)
{
        seL4_UserContext r;

        switch (kind) {
        case SET_GENERAL:
                return set_general(t, &s->general);
        case SET_FLOATING:
                return set_floating(t, &s->floating);
        case SET_TLS:
                if (!read_all(t, &r))
                        return false;
                r.tpidr_el0 = s->tls;
                return write_all(t, &r);
        default:
                t->call.number = (uint32_t)s->call;
                return true;
        }
}

static size_t unit_of(int kind)
{
        return kind == SET_GENERAL || kind == SET_TLS ? sizeof(uint64_t) : sizeof(uint32_t);
}

/* A set, or its first bytes. */
static long move_set(struct process *p, struct process *t)
{
        bool write = p->call.argument[REQUEST] == PTRACE_SETREGSET;
        int kind = (int)p->call.argument[ADDRESS];
        struct set s = {0}, old;
        seL4_Word vector[2];

        if (!space_read(p->space, p->call.argument[DATA], vector, sizeof(vector)))
                return -SOS_EFAULT;
        if (!get_set(t, kind, &s) || vector[1] % unit_of(kind))
                return -SOS_EINVAL;
        old = s;
        vector[1] = vector[1] < s.size ? vector[1] : s.size;
        if (write ? !space_read(p->space, vector[0], &s, vector[1])
                  : !space_write(p->space, vector[0], &s, vector[1]))
                return -SOS_EFAULT;
        if (write && memcmp(&s, &old, s.size) && !set_set(t, kind, &s))
                return -SOS_EINVAL;
        return space_write(p->space, p->call.argument[DATA], vector, sizeof(vector)) ? 0 : -SOS_EFAULT;
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

/* Those that are pending, of the thread or of its process. */
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
        for (; n < which.count; n++) {
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
        struct general g;
        size_t size = offsetof(struct call_info, entry), room = p->call.argument[ADDRESS];

        if (!get_general(t, &g))
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
                {PTRACE_PEEKTEXT, peek},          {PTRACE_PEEKDATA, peek},
                {PTRACE_POKETEXT, poke},          {PTRACE_POKEDATA, poke},
                {PTRACE_GETREGSET, move_set},     {PTRACE_SETREGSET, move_set},
                {PTRACE_SETOPTIONS, set_options}, {PTRACE_GETEVENTMSG, get_message},
                {PTRACE_GETSIGINFO, move_info},   {PTRACE_SETSIGINFO, move_info},
                {PTRACE_PEEKSIGINFO, peek_infos}, {PTRACE_GETSIGMASK, move_mask},
                {PTRACE_SETSIGMASK, move_mask},   {PTRACE_GET_SYSCALL_INFO, get_call_info},
        };

        for (unsigned i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
                if (requests[i].request == p->call.argument[REQUEST])
                        return requests[i].serve(p, t);
        }
        return -SOS_EIO;
}
