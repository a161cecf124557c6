/* SPDX-License-Identifier: BSD-2-Clause */
/* See fuzz_time.h.  A random choice of objects would rarely meet anybody, so each step prefers those on which it has an effect. */
#include "tests/fuzz/fuzz_time.h"
#include "arch/arch.h"
#include "chain/reply.h"
#include "invoke/labels.h"
#include "ipc/endpoint.h"
#include "ipc/notification.h"
#include "tests/fuzz/fuzz_machine.h"
#include "tests/fuzz/fuzz_state.h"
#include "time/clock.h"
#include "time/sched_context.h"

static word (*byte)(void); /* the history, during one step */

/* The first slot from there on with a `wanted` object of the kind, or otherwise with any of the kind. */
static word slot_where(word from, word kind, bool (*wanted)(void *object))
{
        for (word i = 0; i < FUZZ_SLOTS; i++) {
                word slot = fuzz_slot(from + i);
                struct cap c = fuzz_cap(slot);

                if (cap_kind(c) == kind && wanted(cap_object(c)))
                        return slot;
        }
        return fuzz_slot_where(from, kind);
}

static bool waits_with_time(void *object)
{
        const struct sched_context *s = object;

        return s->thread && thread_is_blocked(s->thread);
}

static bool nobody_has(void *object)
{
        const struct sched_context *s = object;

        return !s->thread && !s->notification;
}

static bool can_be_used_up(void *object)
{
        struct sched_context *s = object;

        return sc_is_configured(s) && (s == this_core()->charged || (!s->thread && sc_is_usable(s)));
}

static bool has_no_time(void *object)
{
        const struct thread *t = object;

        return !t->sc;
}

static bool runs(void *object)
{
        return object == sim_current();
}

static bool can_lend(void *object)
{
        const struct notification *n = object;

        return n->sc && !n->sc->thread;
}

static bool is_raised(void *object)
{
        const struct notification *n = object;

        return n->raised;
}

static bool is_raised_and_can_lend(void *object)
{
        return is_raised(object) && can_lend(object);
}

static bool receives_without_time(void *object)
{
        const struct endpoint *e = object;

        return !waitq_is_empty(&e->queue) && e->holds == ENDPOINT_RECEIVERS && !e->queue.first->sc;
}

static bool awaits_time_lent(void *object)
{
        const struct reply *r = object;

        return r->thread && r->thread->state == AWAITING_REPLY && r->lends;
}

static void invoke(word slot, word label, word extra)
{
        user_send(USER_CALL, slot, &(struct message){.label = label, .caps = extra != 0, .cap = {extra}});
}

/* Waiting, raised and bound notifications are where threads get time. */
static void step_signal(void)
{
        static const uint8_t some[] = {FUZZ_NOTIFICATION, FUZZ_NOTIFICATION_2, FUZZ_SIGNAL};
        word b = byte(), slot = b & 2 ? slot_where(b >> 2, CAP_NOTIFICATION, can_lend) : some[(b >> 2) % 3];

        user_send(b & 1 ? USER_CALL : USER_SEND, slot, &(struct message){0});
}

/* Give time away and receive: from an endpoint or a notification, to a receiver or a caller. */
static void step_two_phases(void)
{
        static const int8_t number[] = {USER_REPLY_RECV, USER_NBSEND_RECV, USER_NBSEND_WAIT};
        word b = byte(), first;
        struct thread *t = sim_current();
        enum user_call call = number[(b >> 3) % 3];

        fuzz_state(FUZZ_STEP_TWO_PHASES);
        if (b & 3)
                first = slot_where(b >> 2, CAP_ENDPOINT, receives_without_time);
        else
                first = slot_where(byte(), CAP_REPLY, awaits_time_lent);
        user_load(
                t, call,
                b & 0x40 ? slot_where(byte(), CAP_NOTIFICATION, b & 0x80 ? is_raised : is_raised_and_can_lend)
                         : fuzz_endpoint(byte()),
                &(struct message){0});
        t->context.x[REG_REPLY] = call == USER_NBSEND_RECV ? fuzz_slot_where(byte(), CAP_REPLY) : first;
        t->context.x[REG_SECOND] = first;
        sim_syscall();
}

/* "This context is used up until later."  The one that runs is used up by running; one that no thread holds is left as its
 * last holder could have left it. */
static void step_use_up(void)
{
        word slot = slot_where(byte(), CAP_SCHED_CONTEXT, can_be_used_up);
        struct cap c = fuzz_cap(slot);
        struct sched_context *s = cap_object(c);

        if (cap_kind(c) != CAP_SCHED_CONTEXT || !can_be_used_up(s))
                return;
        if (s == this_core()->charged)
                sim_pass(sc_head(s)->amount);
        else
                sc_charge(s, sc_head(s)->amount);
}

/* "Due now": the next event comes at once. */
static void step_due(void)
{
        word deadline = host_deadline(), now = arch_now();

        if (deadline > now && deadline < bit(FUZZ_CENTURIES))
                sim_pass(deadline - now);
}

/* A server without time: it is lent to it. */
static void step_take_time(void)
{
        invoke(slot_where(byte(), CAP_SCHED_CONTEXT, waits_with_time), LABEL_SCHED_CONTEXT_UNBIND, 0);
}

/* Time for a notification, or for a thread that has none. */
static void step_give_time(void)
{
        word b = byte(), slot = slot_where(byte(), CAP_SCHED_CONTEXT, nobody_has);

        invoke(slot, LABEL_SCHED_CONTEXT_BIND,
               b & 3 ? fuzz_slot_where(b >> 2, CAP_NOTIFICATION) : slot_where(b >> 2, CAP_TCB, has_no_time));
}

/* The running thread, or another one, is bound to a notification, or no longer. */
static void step_bind(void)
{
        word b = byte(), slot = b & 1 ? slot_where(0, CAP_TCB, runs) : fuzz_slot_where(byte(), CAP_TCB);

        if (b & 6)
                invoke(slot, LABEL_TCB_BIND_NOTIFICATION, slot_where(b >> 3, CAP_NOTIFICATION, can_lend));
        else
                invoke(slot, LABEL_TCB_UNBIND_NOTIFICATION, 0);
}

static void step_wait(void)
{
        word b = byte();

        user_receive(b & 2 ? USER_RECV : USER_WAIT, FUZZ_ENDPOINT + (b & 1),
                     fuzz_slot_where(b >> 2, CAP_REPLY));
}

void fuzz_time(word which, word (*next)(void))
{
        static void (*const steps[])(void) = {
                step_signal,     step_use_up,     step_two_phases, step_due,        step_signal, step_use_up,
                step_two_phases, step_two_phases, step_take_time,  step_give_time,  step_bind,   step_wait,
                step_wait,       step_take_time,  step_give_time,  step_two_phases,
        };

        byte = next;
        steps[which % (sizeof(steps) / sizeof(steps[0]))]();
}
