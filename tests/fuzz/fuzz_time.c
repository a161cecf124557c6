/* SPDX-License-Identifier: BSD-2-Clause */
/* See fuzz_time.h. */
#include "tests/fuzz/fuzz_time.h"
#include "arch/arch.h"
#include "ipc/endpoint.h"
#include "ipc/notification.h"
#include "tests/fuzz/fuzz_machine.h"
#include "thread/clock.h"
#include "thread/sched_context.h"

static word (*byte)(void); /* the history, during one step */

/* Waiting, raised and bound notifications are where threads get time. */
static word some_notification(void)
{
        static const uint8_t slot[] = {FUZZ_NOTIFICATION, FUZZ_NOTIFICATION_2, FUZZ_SIGNAL};

        return slot[byte() % 3];
}

static void step_signal(void)
{
        user_send(byte() & 1 ? USER_CALL : USER_SEND, some_notification(), &(struct message){0});
}

/* Usually an endpoint where a thread without time receives, and a notification that was raised: a random one would rarely
 * meet anybody. */
static word some_meeting(word b)
{
        for (word i = 0; i < 2; i++) {
                word slot = FUZZ_ENDPOINT + ((b + i) & 1);
                const struct endpoint *e = cap_object(fuzz_cap(slot));

                if (fuzz_kind(slot) == CAP_ENDPOINT && !waitq_is_empty(&e->queue) &&
                    e->holds == ENDPOINT_RECEIVERS && !e->queue.first->sc)
                        return slot;
        }
        return FUZZ_ENDPOINT + (b & 1);
}

static word some_raised(void)
{
        word b = byte();

        for (word i = 0; i < 2; i++) {
                word slot = FUZZ_NOTIFICATION + ((b + i) & 1);
                const struct notification *n = cap_object(fuzz_cap(slot));

                if (fuzz_kind(slot) == CAP_NOTIFICATION && n->raised)
                        return slot;
        }
        return FUZZ_NOTIFICATION + (b & 1);
}

/* Give time away and receive: from an endpoint or a notification, to a receiver or a caller. */
static void step_two_phases(void)
{
        static const int8_t number[] = {USER_REPLY_RECV, USER_NBSEND_RECV, USER_NBSEND_WAIT};
        word b = byte(), first = b & 3 ? some_meeting(b >> 2) : fuzz_slot_where(byte(), CAP_REPLY);
        struct thread *t = sim_current();
        enum user_call call = number[(b >> 3) % 3];

        user_load(t, call, b & 0x40 ? some_raised() : fuzz_endpoint(byte()), &(struct message){0});
        t->context.x[REG_REPLY] = call == USER_NBSEND_RECV ? fuzz_slot_where(byte(), CAP_REPLY) : first;
        t->context.x[REG_SECOND] = first;
        sim_syscall();
}

/* "This context is used up until later."  The one that runs is used up by running; one that no thread holds is left as its
 * last holder could have left it. */
static void step_use_up(void)
{
        word b = byte(),
             slot = fuzz_slot_where(b & 1 ? FUZZ_SC - FUZZ_FIRST + FUZZ_FIXED : b, CAP_SCHED_CONTEXT);
        struct cap c = fuzz_kind(slot) == CAP_SCHED_CONTEXT ? fuzz_cap(slot) : cap_null();
        struct sched_context *s = cap_object(c);

        if (cap_is_null(c) || !sc_is_configured(s))
                return;
        if (s == this_core()->charged)
                sim_pass(sc_head(s)->amount);
        else if (!s->thread && sc_is_usable(s))
                sc_charge(s, sc_head(s)->amount);
}

/* "Due now": whatever comes next comes at once. */
static void step_due(void)
{
        word deadline = host_deadline(), now = arch_now();

        if (deadline > now && deadline < bit(FUZZ_CENTURIES))
                sim_pass(deadline - now);
}

void fuzz_time(word which, word (*next)(void))
{
        static void (*const steps[])(void) = {step_signal, step_use_up, step_two_phases, step_due,
                                              step_signal, step_use_up, step_two_phases, step_two_phases};

        byte = next;
        steps[which % 8]();
}
