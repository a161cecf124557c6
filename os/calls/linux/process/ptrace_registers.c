/* SPDX-License-Identifier: BSD-2-Clause */
/* See ptrace_registers.h. */
#include "os/calls/linux/process/ptrace_registers.h"
#include "base/text.h"
#include "caps/fp.h"
#include "os/calls/linux/posix.h"
#include "os/calls/linux/process/ptrace.h"
#include "os/process/tracee.h"

enum { REQUEST, THREAD, ADDRESS, DATA };
enum { SAVED_STATE = 7 };

struct floating {
        uint64_t v[64];
        uint32_t fpsr, fpcr, pad[2];
};

enum set_kind { SET_GENERAL = 1, SET_FLOATING = 2, SET_TLS = 0x401, SET_CALL = 0x404 };

/* One set of them, as a tracer gets it. */
struct set {
        union {
                struct ptrace_general general;
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
bool ptrace_general(const struct process *t, struct ptrace_general *g)
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
                return ptrace_general(t, &s->general);
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

/* Arguments are what its registers say, as far as the call looks at them. */
static void take_arguments(struct call *c)
{
        for (int i = 0; i < CALL_ARGUMENTS; i++)
                c->argument[i] = c->saved[i];
        posix_widen(c, c->number);
}

/* Has it stopped before a call whose number and arguments may become others? */
static bool is_before(const struct process *t)
{
        return is_inside(t) && tracee_before_call(t) && t->call.trap;
}

/* That call becomes another one, which begins; false: it is half done, and has to go on as it is. */
static bool begins_anew(struct process *t)
{
        bool told = t->call.told;

        if (call_half_done(t))
                return false;
        call_begins(&t->call);
        t->call.told = told;
        return true;
}

static bool same_call(const struct call *c, const struct ptrace_general *g)
{
        bool same = g->pc == c->pc + CALL_INSTRUCTION;

        for (int i = 0; i < CALL_SAVED; i++)
                same &= i == SAVED_STATE || c->saved[i] == g->x[i];
        return same;
}

/* What its call goes on with. */
static void set_call_arguments(struct process *t, const struct ptrace_general *g)
{
        struct call *c = &t->call;

        for (int i = 0; i < CALL_SAVED; i++)
                c->saved[i] = i == SAVED_STATE ? c->saved[i] : g->x[i];
        c->pc = g->pc - CALL_INSTRUCTION;
        if (is_before(t))
                take_arguments(c);
}

/* A call that waits does not go on when registers are others: it begins again, if the program stands before it.  False: it is half done,
 * and must go on. */
static bool leave_call(struct process *t, const struct ptrace_general *g)
{
        if (is_inside(t)) {
                if (same_call(&t->call, g))
                        return true;
                if (is_before(t) && !begins_anew(t))
                        return false;
                set_call_arguments(t, g);
        } else if (tracee_in_call(t)) {
                if (call_half_done(t))
                        return false;
                t->call.held = true;
                t->call.held_result.kind = CALL_SWITCHED;
        }
        return true;
}

static bool set_general(struct process *t, const struct ptrace_general *g)
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
        return leave_call(t, g) && write_all(t, &r);
}

/* Only before a call; elsewhere it says nothing, as on Linux. */
static bool set_call(struct process *t, int32_t number)
{
        if (!is_before(t))
                return true;
        if (!begins_anew(t))
                return false;
        t->call.number = (uint32_t)number;
        take_arguments(&t->call);
        return true;
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
                return set_call(t, s->call);
        }
}

static size_t unit_of(int kind)
{
        return kind == SET_GENERAL || kind == SET_TLS ? sizeof(uint64_t) : sizeof(uint32_t);
}

/* A set, or its first bytes. */
long ptrace_move_set(struct process *p, struct process *t)
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
