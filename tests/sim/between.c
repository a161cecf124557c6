/* SPDX-License-Identifier: BSD-2-Clause */
/* What other threads see, and may do, while a long operation is stopped (docs/bounded.md; objects.md 15.1).
 *
 * The root thread's operation meets an interrupt at one of its preemption points; then other threads, and the root thread
 * itself, do something else; then the operation is repeated and ends.
 */
#include "invoke/labels.h"
#include "ipc/endpoint.h"
#include "mem/retype.h"
#include "tests/sim/scenarios.h"

enum {
        LINE = 52,
        HANDLER = FREE,
        MEETING,
        SIGNAL,
        SEVEN, /* the endpoint with that badge */
        NINE,
        LONER,
        SPARE,
        OTHERS,
        DEPTH = 64,
        WAITERS = 6,
        LATE = WAITERS, /* one more thread */
};

static struct thread *root, *other[WAITERS + 1];

static const struct message delete_meeting = {
        .label = LABEL_CNODE_DELETE, .length = 2, .word = {MEETING, DEPTH}};
static const struct message delete_signal = {
        .label = LABEL_CNODE_DELETE, .length = 2, .word = {SIGNAL, DEPTH}};
static const struct message cancel_seven = {
        .label = LABEL_CNODE_CANCEL_BADGED_SENDS, .length = 2, .word = {SEVEN, DEPTH}};
static const struct message cancel_nine = {
        .label = LABEL_CNODE_CANCEL_BADGED_SENDS, .length = 2, .word = {NINE, DEPTH}};

static void machine(void)
{
        root = small_machine();
        sim.cost = 0;
        CHECK_EQUAL(user_irq_handler(LINE, HANDLER), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_ENDPOINT, 0, MEETING, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, SIGNAL, 1), 0);
        CHECK_EQUAL(user_mint(MEETING, SEVEN, RIGHTS_ALL, 7), 0);
        CHECK_EQUAL(user_mint(MEETING, NINE, RIGHTS_ALL, 9), 0);
}

static word slot_of(word i)
{
        return OTHERS + i * USER_THREAD_SLOTS;
}

/* A new thread runs, and is about to make a system call. */
static void another(word i)
{
        other[i] = user_thread(slot_of(i), 255, 10000, 10000);
        CHECK_EQUAL(user_start(slot_of(i), 0x10000), 0);
        user_send(USER_YIELD, 0, &(struct message){0});
        CHECK(sim_current() == other[i]);
}

static void another_sends(word i, word cptr)
{
        another(i);
        user_send(i % 2 ? USER_CALL : USER_SEND, cptr, &(struct message){.label = 1});
        CHECK(sim_current() == root);
}

static void another_receives(word i, enum user_call call, word cptr)
{
        another(i);
        user_receive(call, cptr, 0);
        CHECK(sim_current() == root);
}

static void priority(word i, word to)
{
        CHECK_EQUAL(user_invoke(slot_of(i), &(struct message){.label = LABEL_TCB_SET_PRIORITY,
                                                              .length = 1,
                                                              .word = {to},
                                                              .caps = 1,
                                                              .cap = {SLOT_INIT_TCB}}),
                    0);
}

/* The woken thread must not run before the test is over. */
static void lower_all(void)
{
        for (word i = 0; i < WAITERS; i++)
                priority(i, 100);
}

/* The invocation is stopped at its preemption point `at`. */
static void stop(word cptr, const struct message *m, word at)
{
        word svc = root->context.pc;

        this_core()->patience = 0;
        host_raise_at(LINE, at);
        sim.hold_interrupts = true;
        user_load(root, USER_CALL, cptr, m);
        sim_syscall();
        sim.hold_interrupts = false;
        this_core()->patience = ~(word)0;
        sim_interrupt();
        CHECK(sim_current() == root);
        CHECK_EQUAL(root->context.pc, svc);
        CHECK_EQUAL(user_invoke(HANDLER, &(struct message){.label = LABEL_IRQ_ACK_IRQ}), 0);
}

static void expect_states(const char *states)
{
        static const char name[] = "-rRSWLA"; /* enum thread_state */

        for (word i = 0; states[i]; i++) {
                if (name[other[i]->state] != states[i])
                        test_fail("state", (int)i, "thread %lu is %c, not %c", i, name[other[i]->state],
                                  states[i]);
        }
}

static void an_endpoint_under_deletion_takes_nobody(void)
{
        machine();
        for (word i = 0; i < WAITERS; i++)
                another_sends(i, MEETING);
        lower_all();
        CHECK_EQUAL(user_delete(SEVEN) | user_delete(NINE), 0);
        stop(SLOT_INIT_CNODE, &delete_meeting, 2);
        expect_states("RRSSSS");
        CHECK_EQUAL(cap_kind(user_cap(MEETING)), CAP_ZOMBIE);
        CHECK_EQUAL(user_invoke(MEETING, &(struct message){.label = 1}), ERROR_INVALID_CAPABILITY);
        CHECK_EQUAL(user_copy(MEETING, SPARE, RIGHTS_ALL), ERROR_ILLEGAL);
        another_receives(LATE, USER_WAIT, MEETING); /* a fault that nobody handles */
        CHECK_EQUAL(other[LATE]->state, INACTIVE);
        priority(3, 40);
        CHECK_EQUAL(user_invoke(slot_of(4), &(struct message){.label = LABEL_TCB_SUSPEND}), 0);
        expect_states("RRSS-S");
        CHECK_EQUAL(user_invoke(SLOT_INIT_CNODE, &delete_meeting), 0);
        expect_states("RRRR-R");
        CHECK(cap_is_null(user_cap(MEETING)));
}

/* A thread that is woken before the interrupt runs at once if it is higher, and finds a cap that is no longer an endpoint. */
static void a_higher_thread_runs_in_between(void)
{
        machine();
        for (word i = 0; i < WAITERS; i++)
                another_sends(i, MEETING);
        CHECK_EQUAL(user_delete(SEVEN) | user_delete(NINE), 0);
        CHECK_EQUAL(user_invoke(SLOT_INIT_TCB, &(struct message){.label = LABEL_TCB_SET_PRIORITY,
                                                                 .length = 1,
                                                                 .word = {100},
                                                                 .caps = 1,
                                                                 .cap = {SLOT_INIT_TCB}}),
                    0);
        word svc = root->context.pc;
        this_core()->patience = 0;
        host_raise_at(LINE, 1);
        user_load(root, USER_CALL, SLOT_INIT_CNODE, &delete_meeting);
        CHECK(sim_syscall() == other[0]);
        expect_states("rSSSSS");
        CHECK_EQUAL(root->state, RESTARTING);
        this_core()->patience = ~(word)0;
        CHECK(user_send(USER_CALL, MEETING, &(struct message){.label = 1}) == other[0]);
        CHECK_EQUAL(info_label(other[0]->context.x[REG_INFO]), ERROR_INVALID_CAPABILITY);
        CHECK(user_receive(USER_WAIT, MEETING, 0) == root);
        CHECK_EQUAL(root->context.pc, svc);
        CHECK(sim_syscall() == other[WAITERS - 1]);
        expect_states("-RRRRr");
        CHECK(cap_is_null(user_cap(MEETING)));
}

static void a_notification_under_deletion_takes_nobody(void)
{
        machine();
        for (word i = 0; i < WAITERS; i++)
                another_receives(i, USER_WAIT, SIGNAL);
        lower_all();
        stop(SLOT_INIT_CNODE, &delete_signal, 1);
        expect_states("RLLLLL");
        CHECK_EQUAL(user_invoke(SIGNAL, &(struct message){0}), ERROR_INVALID_CAPABILITY);
        another_receives(LATE, USER_WAIT, SIGNAL);
        CHECK_EQUAL(other[LATE]->state, INACTIVE);
        CHECK_EQUAL(user_invoke(SLOT_INIT_CNODE, &delete_signal), 0);
        expect_states("RRRRRR");
}

/* Badges 7 9 7 9 7 9; stopped after the second 7. */
static void cancellation_stopped(void)
{
        machine();
        for (word i = 0; i < WAITERS; i++)
                another_sends(i, i % 2 ? NINE : SEVEN);
        lower_all();
        stop(SLOT_INIT_CNODE, &cancel_seven, 2);
        expect_states("RSRSSS");
        CHECK(endpoint_mark(cap_object(user_cap(MEETING))) == other[3]);
}

static void a_send_with_a_cancelled_badge_comes_after(void)
{
        cancellation_stopped();
        another_sends(LATE, SEVEN);
        expect_states("RSRSRSS");
        CHECK(!endpoint_mark(cap_object(user_cap(MEETING))));
        CHECK_EQUAL(user_invoke(SLOT_INIT_CNODE, &cancel_seven), 0);
        expect_states("RSRSRSR");
}

static void a_send_with_another_badge_joins(void)
{
        cancellation_stopped();
        another_sends(LATE, NINE);
        expect_states("RSRSSSS");
        CHECK(endpoint_mark(cap_object(user_cap(MEETING))) == other[3]);
        CHECK_EQUAL(user_invoke(SLOT_INIT_CNODE, &cancel_seven), 0);
        expect_states("RSRSRSS");
}

static void a_fault_with_a_cancelled_badge_stops_its_thread(void)
{
        cancellation_stopped();
        other[LATE] = user_thread(slot_of(LATE), 255, 10000, 10000);
        CHECK_EQUAL(user_set_time(slot_of(LATE), slot_of(LATE) + 1, 255, SEVEN), 0);
        CHECK_EQUAL(user_start(slot_of(LATE), 0x10000), 0);
        user_send(USER_YIELD, 0, &(struct message){0});
        CHECK(sim_current() == other[LATE]);
        sim_exception(0x92000006, 0x1234000);
        CHECK_EQUAL(other[LATE]->state, INACTIVE);
        CHECK_EQUAL(user_invoke(SLOT_INIT_CNODE, &cancel_seven), 0);
        expect_states("RSRSRS-");
}

static void a_changed_priority_does_not_escape(void)
{
        cancellation_stopped();
        priority(4, 254);
        expect_states("RSRSRS");
        priority(3, 20); /* where the cancellation stands */
        expect_states("RSRSRS");
        CHECK_EQUAL(user_invoke(SLOT_INIT_CNODE, &cancel_seven), 0);
        expect_states("RSRSRS");
}

/* The mark passes on when its thread, or the only one found, leaves. */
static void the_mark_passes_on(void)
{
        machine();
        for (word i = 0; i < WAITERS; i++)
                another_sends(i, i % 3 ? NINE : SEVEN);
        stop(SLOT_INIT_CNODE, &cancel_seven, 1);
        expect_states("SSSSSS"); /* the first stays until there is a second */
        CHECK(endpoint_mark(cap_object(user_cap(MEETING))) == other[1]);
        CHECK_EQUAL(user_invoke(slot_of(0), &(struct message){.label = LABEL_TCB_SUSPEND}), 0);
        CHECK_EQUAL(user_delete(slot_of(1)), 0);
        CHECK(endpoint_mark(cap_object(user_cap(MEETING))) == other[2]);
        for (word i = 2; i < WAITERS; i++)
                CHECK_EQUAL(user_invoke(slot_of(i), &(struct message){.label = LABEL_TCB_SUSPEND}), 0);
        CHECK(!endpoint_mark(cap_object(user_cap(MEETING))));
        CHECK_EQUAL(user_invoke(SLOT_INIT_CNODE, &cancel_seven), 0);
}

static void two_cancellations(void)
{
        cancellation_stopped();
        CHECK_EQUAL(user_invoke(SLOT_INIT_CNODE, &cancel_nine), 0);
        expect_states("RRRRRR");
        CHECK_EQUAL(user_invoke(SLOT_INIT_CNODE, &cancel_seven), 0);
}

static void the_endpoint_dies_under_cancellation(void)
{
        cancellation_stopped();
        CHECK_EQUAL(user_revoke(MEETING), 0);
        CHECK_EQUAL(user_delete(MEETING), 0);
        expect_states("RRRRRR");
        CHECK_EQUAL(user_invoke(SLOT_INIT_CNODE, &cancel_seven), ERROR_ILLEGAL);
}

static bool is_zero(word paddr, word bytes)
{
        for (word i = 0; i < bytes; i += sizeof(word))
                if (*(word *)window(paddr + i))
                        return false;
        return true;
}

/* Others make small and large objects in the same untyped. */
static void retypes_in_turns(void)
{
        enum { BIG = 20, CNODES = 4, RADIX = 12 };
        const struct message cnodes = {.label = LABEL_UNTYPED_RETYPE,
                                       .length = 6,
                                       .word = {OBJECT_CNODE, RADIX, 0, 0, OTHERS, CNODES},
                                       .caps = 1,
                                       .cap = {SLOT_INIT_CNODE}};

        machine();
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, BIG, SPARE, 1), 0);
        word base = untyped_base(user_cap(SPARE));
        for (word i = 0; i < bit(BIG); i += sizeof(word))
                *(word *)window(base + i) = ~i;
        CHECK_EQUAL(user_retype(SPARE, OBJECT_ENDPOINT, 0, OTHERS + 10, 1), 0);
        stop(SPARE, &cnodes, 3);
        CHECK_EQUAL(untyped_clear_to(user_cap(SPARE)), bit(RADIX + SLOT_BITS) + (3 << GAP_BITS_MIN));
        CHECK_EQUAL(user_retype(SPARE, OBJECT_SMALL_PAGE, 0, OTHERS + 11, 2), 0);
        CHECK(is_zero(cap_address(user_cap(OTHERS + 11)), 2 << PAGE_BITS));
        CHECK(untyped_clear_to(user_cap(SPARE)) > 0);
        CHECK_EQUAL(user_invoke(SPARE, &cnodes), 0);
        for (word i = 0; i < CNODES; i++)
                CHECK(is_zero(paddr_of(cnode_slots(user_cap(OTHERS + i))), bit(RADIX + SLOT_BITS)));
        CHECK_EQUAL(user_retype(SPARE, OBJECT_SMALL_PAGE, 0, OTHERS + 13, 9), 0);
        CHECK(is_zero(cap_address(user_cap(OTHERS + 13)), 9 << PAGE_BITS));
}

/* All is clear, and there is no time to make the objects: the last step of clearing is not done again, however little time there is. */
static void the_last_step_of_clearing_is_kept(void)
{
        enum { BITS = 20, FRAMES = 256, STEPS = 32 };
        const struct message frames = {.label = LABEL_UNTYPED_RETYPE,
                                       .length = 6,
                                       .word = {OBJECT_SMALL_PAGE, 0, 0, 0, OTHERS, FRAMES},
                                       .caps = 1,
                                       .cap = {SLOT_INIT_CNODE}};

        machine();
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, BITS, SPARE, 1), 0);
        stop(SPARE, &frames, STEPS + 1);
        CHECK_EQUAL(untyped_clear_to(user_cap(SPARE)), bit(BITS));
        CHECK_EQUAL(user_invoke(SPARE, &frames), 0);
}

const struct test between_tests[] = {
        {"an_endpoint_under_deletion_takes_nobody", an_endpoint_under_deletion_takes_nobody},
        {"a_higher_thread_runs_in_between", a_higher_thread_runs_in_between},
        {"a_notification_under_deletion_takes_nobody", a_notification_under_deletion_takes_nobody},
        {"a_send_with_a_cancelled_badge_comes_after", a_send_with_a_cancelled_badge_comes_after},
        {"a_send_with_another_badge_joins", a_send_with_another_badge_joins},
        {"a_fault_with_a_cancelled_badge_stops_its_thread", a_fault_with_a_cancelled_badge_stops_its_thread},
        {"a_changed_priority_does_not_escape", a_changed_priority_does_not_escape},
        {"the_mark_passes_on", the_mark_passes_on},
        {"two_cancellations", two_cancellations},
        {"the_endpoint_dies_under_cancellation", the_endpoint_dies_under_cancellation},
        {"retypes_in_turns", retypes_in_turns},
        {"the_last_step_of_clearing_is_kept", the_last_step_of_clearing_is_kept},
};
const word between_test_count = sizeof(between_tests) / sizeof(between_tests[0]);
