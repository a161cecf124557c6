/* SPDX-License-Identifier: BSD-2-Clause */
/* The running thread gives its scheduling context away, loses it or gets another one within one kernel entry
 * (docs/contexts.md): afterwards it runs, is ready, or waits for budget, as the checker sees after every entry; and when the
 * budget comes, so does the thread. */
#include "arch/arch.h"
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tests/sim/scenarios.h"
#include "time/clock.h"
#include "time/sched_context.h"

enum {
        ENDPOINT = FREE,
        ENDPOINT_2,
        GATE,
        SIGNAL,
        REPLY,
        REPLY_2,
        LENDER,
        SUBJECT = LENDER + USER_THREAD_SLOTS,
        PEER = SUBJECT + USER_THREAD_SLOTS,
        PC = 0x10000,
        BUDGET = 1000,
        PERIOD = 100000,
        SPORADIC = 1,
};

static struct thread *root, *lender, *subject, *peer;
static struct sched_context *lent;

static word invoke(word cptr, word label, word extra)
{
        return user_invoke(cptr, &(struct message){.label = label, .caps = extra != 0, .cap = {extra}});
}

static word configure(word sc, word flags)
{
        return user_invoke(user_bootinfo()->sched_control.start,
                           &(struct message){.label = LABEL_SCHED_CONTROL_CONFIGURE_FLAGS,
                                             .length = 5,
                                             .word = {BUDGET, PERIOD, 6, 0, flags},
                                             .caps = 1,
                                             .cap = {sc}});
}

/* A two-phase call of the running thread: `first` is invoked, then it receives from `from`. */
static struct thread *two_phases(enum user_call call, word first, word from, word reply)
{
        struct thread *t = sim_current();

        user_load(t, call, from, &(struct message){0});
        t->context.x[REG_REPLY] = call == USER_NBSEND_RECV ? reply : first;
        t->context.x[REG_SECOND] = first;
        return sim_syscall();
}

/* Three threads above the root thread: the lender, whose context the notification SIGNAL will have, the subject, and its
 * peer, which waits at ENDPOINT without a context.  The root thread runs. */
static void cast(word flags)
{
        static const word type[] = {OBJECT_ENDPOINT,     OBJECT_ENDPOINT, OBJECT_NOTIFICATION,
                                    OBJECT_NOTIFICATION, OBJECT_REPLY,    OBJECT_REPLY};

        root = small_machine();
        for (word i = 0; i < sizeof(type) / sizeof(type[0]); i++)
                CHECK_EQUAL(user_retype(user_memory(), type[i], 0, ENDPOINT + i, 1), 0);
        lender = user_thread(LENDER, 120, BUDGET, PERIOD);
        peer = user_thread(PEER, 115, 10000, 10000);
        subject = user_thread(SUBJECT, 110, 10000, 10000);
        CHECK_EQUAL(configure(LENDER + 1, flags), 0);
        CHECK_EQUAL(user_start(PEER, PC), 0);
        CHECK_EQUAL(user_start(SUBJECT, PC), 0);
        CHECK(user_step_back(100) == peer);
        CHECK(user_receive(USER_RECV, ENDPOINT, REPLY_2) == subject);
        CHECK(user_receive(USER_WAIT, GATE, 0) == root);
        CHECK_EQUAL(invoke(PEER + 1, LABEL_SCHED_CONTEXT_UNBIND, 0), 0);
}

/* The lender's context goes to SIGNAL; `used_up`: after the lender has spent it. */
static void lend(bool used_up)
{
        lent = lender->sc;
        if (used_up) {
                CHECK(user_send(USER_SEND, LENDER, &(struct message){.label = LABEL_TCB_RESUME}) == lender);
                CHECK(sim_pass(ticks_from_us(BUDGET)) == root);
                CHECK(lender->in_release);
        }
        CHECK_EQUAL(invoke(LENDER + 1, LABEL_SCHED_CONTEXT_UNBIND, 0), 0);
        CHECK_EQUAL(invoke(LENDER + 1, LABEL_SCHED_CONTEXT_BIND, SIGNAL), 0);
}

static void subject_begins(void)
{
        CHECK(user_send(USER_SEND, GATE, &(struct message){0}) == subject);
        CHECK(user_send(USER_SEND, SIGNAL, &(struct message){0}) == subject);
}

/* The subject waits for the budget of the context it was lent, and goes on with it. */
static void comes_back_in_time(void)
{
        word due = sc_head(lent)->time;

        CHECK(subject->sc == lent && subject->in_release && subject->release_time == due);
        CHECK(sim_current() == peer);
        CHECK(user_receive(USER_WAIT, GATE, 0) == root);
        CHECK(sim_pass(due - arch_now() - ticks_from_us(20)) == root);
        CHECK(sim_pass(ticks_from_us(20)) == subject);
        CHECK(user_send(USER_SEND, GATE, &(struct message){0}) == peer);
}

static void waiting_on_a_context_used_up(void)
{
        cast(0);
        lend(true);
        subject_begins();
        CHECK(two_phases(USER_NBSEND_WAIT, ENDPOINT, SIGNAL, 0) == peer);
        comes_back_in_time();
}

static void bound_to_a_context_used_up(void)
{
        cast(0);
        lend(true);
        CHECK_EQUAL(invoke(SUBJECT, LABEL_TCB_BIND_NOTIFICATION, SIGNAL), 0);
        subject_begins();
        CHECK(two_phases(USER_NBSEND_RECV, ENDPOINT, ENDPOINT_2, REPLY) == peer);
        comes_back_in_time();
}

/* Client and server change places: the subject answers the peer, whose context it runs on. */
static void answering_on_a_context_used_up(void)
{
        cast(0);
        lend(true);
        CHECK_EQUAL(invoke(SUBJECT, LABEL_TCB_BIND_NOTIFICATION, SIGNAL), 0);
        CHECK(user_send(USER_SEND, GATE, &(struct message){0}) == subject);
        CHECK(user_receive(USER_RECV, ENDPOINT_2, REPLY) == root);
        CHECK_EQUAL(invoke(SUBJECT + 1, LABEL_SCHED_CONTEXT_UNBIND, 0), 0);
        CHECK_EQUAL(invoke(PEER + 1, LABEL_SCHED_CONTEXT_BIND, PEER), 0);
        CHECK(user_send(USER_SEND, ENDPOINT, &(struct message){0}) == peer);
        CHECK(user_send(USER_CALL, ENDPOINT_2, &(struct message){0}) == subject);
        CHECK(user_send(USER_SEND, SIGNAL, &(struct message){0}) == subject);
        CHECK(two_phases(USER_REPLY_RECV, REPLY, ENDPOINT_2, 0) == peer);
        comes_back_in_time();
}

/* With time left it just continues, after the peer, which is above it. */
static void a_context_with_budget(void)
{
        cast(0);
        lend(false);
        subject_begins();
        CHECK(two_phases(USER_NBSEND_WAIT, ENDPOINT, SIGNAL, 0) == peer);
        CHECK(subject->sc == lent && subject->in_ready);
        CHECK(user_receive(USER_WAIT, GATE, 0) == subject);
}

/* Such a thread does not run, and does when the context is configured. */
static void a_context_without_parameters(void)
{
        cast(0);
        CHECK_EQUAL(user_delete(LENDER + 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_SCHED_CONTEXT, 8, LENDER + 1, 1), 0);
        lent = cap_object(user_cap(LENDER + 1));
        CHECK_EQUAL(invoke(LENDER + 1, LABEL_SCHED_CONTEXT_BIND, SIGNAL), 0);
        subject_begins();
        CHECK(two_phases(USER_NBSEND_WAIT, ENDPOINT, SIGNAL, 0) == peer);
        CHECK(subject->sc == lent && !subject->in_ready && !subject->in_release);
        CHECK(user_receive(USER_WAIT, GATE, 0) == root);
        user_load(root, USER_CALL, user_bootinfo()->sched_control.start,
                  &(struct message){.label = LABEL_SCHED_CONTROL_CONFIGURE_FLAGS,
                                    .length = 5,
                                    .word = {BUDGET, PERIOD, 0, 0, 0},
                                    .caps = 1,
                                    .cap = {LENDER + 1}});
        CHECK(sim_syscall() == subject);
}

/* Unused for ten periods, then lent to a running thread: its budget counts from then on, not from long ago, or there would
 * be ten budgets to catch up with. */
static void counts_from_now(word before)
{
        CHECK(subject->sc == lent);
        CHECK(sc_head(lent)->time >= before);
        CHECK(sim_current() == subject);
        CHECK(sim_pass(ticks_from_us(BUDGET)) == root);
        CHECK(subject->in_release && subject->release_time >= before + ticks_from_us(PERIOD));
}

static void a_sporadic_context_taken(void)
{
        cast(SPORADIC);
        lend(false);
        CHECK(sim_pass(ticks_from_us(10 * PERIOD)) == root);
        subject_begins();
        word before = arch_now();
        CHECK(two_phases(USER_NBSEND_WAIT, ENDPOINT, SIGNAL, 0) == peer);
        CHECK(user_receive(USER_WAIT, GATE, 0) == subject);
        counts_from_now(before);
}

/* The same with the context of a caller that has waited in the queue since. */
static void a_sporadic_context_of_a_caller(void)
{
        cast(SPORADIC);
        lent = lender->sc;
        CHECK(user_send(USER_SEND, LENDER, &(struct message){.label = LABEL_TCB_RESUME}) == lender);
        CHECK(user_send(USER_CALL, ENDPOINT_2, &(struct message){0}) == root);
        CHECK(sim_pass(ticks_from_us(10 * PERIOD)) == root);
        subject_begins();
        word before = arch_now();
        CHECK(two_phases(USER_NBSEND_RECV, ENDPOINT, ENDPOINT_2, REPLY) == peer);
        CHECK(user_receive(USER_WAIT, GATE, 0) == subject);
        counts_from_now(before);
}

/* The lent context is taken back when the thread waits again, and what waits in the queue is still there. */
static void taken_back_at_the_next_wait(void)
{
        cast(0);
        lend(false);
        subject_begins();
        CHECK(two_phases(USER_NBSEND_WAIT, ENDPOINT, SIGNAL, 0) == peer);
        CHECK(user_receive(USER_WAIT, GATE, 0) == subject);
        CHECK(user_receive(USER_WAIT, SIGNAL, 0) == root);
        CHECK(subject->sc == NULL && subject->state == LISTENING);
        CHECK(user_send(USER_SEND, SIGNAL, &(struct message){0}) == subject);
        CHECK(subject->sc == lent);
}

/* Of a context that may be dead, whose memory is poisoned. */
__attribute__((no_sanitize("address"))) static word consumed_of(const volatile struct sched_context *s)
{
        return s->consumed;
}

/* By deletion of the context it runs on: it stops, with nobody charged; another context makes it go on. */
static void deleted_by_its_user(void)
{
        cast(0);
        subject_begins();
        const struct sched_context *dead = subject->sc;
        const word consumed = consumed_of(dead);
        host_advance(ticks_from_us(100));
        user_load(subject, USER_CALL, SLOT_INIT_CNODE,
                  &(struct message){.label = LABEL_CNODE_DELETE, .length = 2, .word = {SUBJECT + 1, 64}});
        CHECK(sim_syscall() == root);
        CHECK(subject->sc == NULL && thread_is_runnable(subject));
        CHECK_EQUAL(consumed_of(dead),
                    consumed); /* time still owed is dropped, and the dead object is not written */
        user_load(root, USER_CALL, LENDER + 1, &(struct message){.label = LABEL_SCHED_CONTEXT_UNBIND});
        CHECK(sim_syscall() == root);
        user_load(root, USER_CALL, LENDER + 1,
                  &(struct message){.label = LABEL_SCHED_CONTEXT_BIND, .caps = 1, .cap = {SUBJECT}});
        CHECK(sim_syscall() == subject);
}

/* It dies first in a long deletion, whose remainder it would have had to pay for: that time is charged to nobody, and the dead object
 * is not written. */
static void deleted_in_the_middle(void)
{
        enum { UNTYPED = 300, MANY, OBJECTS = 250, OWN = MANY + OBJECTS };

        cast(0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, 14, UNTYPED, 1), 0);
        CHECK_EQUAL(user_retype(UNTYPED, OBJECT_ENDPOINT, 0, MANY, OBJECTS), 0);
        CHECK_EQUAL(user_retype(UNTYPED, OBJECT_SCHED_CONTEXT, 8, OWN, 1), 0);
        CHECK_EQUAL(configure(OWN, 0), 0);
        const struct sched_context *dead = cap_object(user_cap(OWN));
        CHECK_EQUAL(invoke(SUBJECT + 1, LABEL_SCHED_CONTEXT_UNBIND, 0), 0);
        CHECK_EQUAL(invoke(OWN, LABEL_SCHED_CONTEXT_BIND, SUBJECT), 0);
        subject_begins();
        const word consumed = consumed_of(dead);
        host_work_cost(1000);
        user_load(subject, USER_CALL, SLOT_INIT_CNODE,
                  &(struct message){.label = LABEL_CNODE_REVOKE, .length = 2, .word = {UNTYPED, 64}});
        CHECK(sim_syscall() == root);
        CHECK_EQUAL(cap_kind(user_cap(MANY)), CAP_NULL);
        CHECK_EQUAL(consumed_of(dead), consumed);
}

const struct test context_tests[] = {
        {"waiting_on_a_context_used_up", waiting_on_a_context_used_up},
        {"bound_to_a_context_used_up", bound_to_a_context_used_up},
        {"answering_on_a_context_used_up", answering_on_a_context_used_up},
        {"a_context_with_budget", a_context_with_budget},
        {"a_context_without_parameters", a_context_without_parameters},
        {"a_sporadic_context_taken", a_sporadic_context_taken},
        {"a_sporadic_context_of_a_caller", a_sporadic_context_of_a_caller},
        {"taken_back_at_the_next_wait", taken_back_at_the_next_wait},
        {"deleted_by_its_user", deleted_by_its_user},
        {"deleted_in_the_middle", deleted_in_the_middle},
};
const word context_test_count = sizeof(context_tests) / sizeof(context_tests[0]);
