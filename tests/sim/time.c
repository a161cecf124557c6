/* SPDX-License-Identifier: BSD-2-Clause */
/* Budgets, periods and slices, with a clock that moves only when told. */
#include "arch/arch.h"
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tests/sim/scenarios.h"
#include "time/clock.h"
#include "time/sched_context.h"

enum {
        FIRST = FREE,
        SECOND = FIRST + USER_THREAD_SLOTS,
        ENDPOINT = SECOND + USER_THREAD_SLOTS,
        REPLY,
        PC = 0x10000
};

static struct thread *root;

/* Root steps below the threads it has started. */
static void a_budget_ends_and_comes_back(void)
{
        root = small_machine();
        struct thread *t = user_thread(FIRST, 100, 1000, 10000);
        CHECK_EQUAL(user_start(FIRST, PC), 0);
        CHECK(user_step_back(10) == t);
        word begin = this_core()->now;

        CHECK(sim_pass(ticks_from_us(500)) == t);
        CHECK(sim_pass(ticks_from_us(500)) == root);
        CHECK(t->in_release);
        word due = t->release_time;
        CHECK(due >= begin + ticks_from_us(10000) && due <= begin + ticks_from_us(10000) + 10 * sim.cost);
        CHECK(sim_pass(due - arch_now() - ticks_from_us(20)) == root);
        CHECK(sim_pass(ticks_from_us(20)) == t);
        CHECK_EQUAL(t->context.pc, PC);
}

/* An exception is an accounted entry: the time before it belongs to the thread, and a spent budget comes first. */
static void an_exception_pays_for_the_time_before_it(void)
{
        root = small_machine();
        struct thread *t = user_thread(FIRST, 100, 1000, 10000);
        CHECK_EQUAL(user_start(FIRST, PC), 0);
        CHECK(user_step_back(10) == t);
        host_advance(ticks_from_us(1500));
        CHECK(sim_exception(0x02000000, 0) == root);
        CHECK(t->in_release && t->state == RESTARTING);
        CHECK(t->sc->consumed >= ticks_from_us(1500));
}

static void equals_take_turns(void)
{
        root = small_machine();
        struct thread *a = user_thread(FIRST, 100, 1000, 1000), *b = user_thread(SECOND, 100, 1000, 1000);
        CHECK_EQUAL(user_start(FIRST, PC), 0);
        CHECK_EQUAL(user_start(SECOND, PC), 0);
        CHECK(user_step_back(10) == b);
        for (word i = 0; i < 10; i++) {
                CHECK(sim_pass(ticks_from_us(1000)) == a);
                CHECK(sim_pass(ticks_from_us(1000)) == b);
        }
}

static void yield_gives_the_slice_away(void)
{
        root = small_machine();
        struct thread *a = user_thread(FIRST, 100, 1000, 1000), *b = user_thread(SECOND, 100, 1000, 1000);
        CHECK_EQUAL(user_start(FIRST, PC), 0);
        CHECK_EQUAL(user_start(SECOND, PC), 0);
        CHECK(user_step_back(10) == b);
        CHECK(user_send(USER_YIELD, 0, &(struct message){0}) == a);
        CHECK(user_send(USER_YIELD, 0, &(struct message){0}) == b);
}

static void a_call_with_too_little_budget_is_repeated(void)
{
        root = small_machine();
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, ENDPOINT, 1), 0);
        struct thread *t = user_thread(FIRST, 100, 1000, 10000);
        CHECK_EQUAL(user_start(FIRST, PC), 0);
        CHECK(user_step_back(10) == t);
        host_advance(ticks_from_us(1000) - 2 * sim.cost);
        CHECK(user_send(USER_SEND, ENDPOINT, &(struct message){0}) == root);
        CHECK(user_receive(USER_NBWAIT, ENDPOINT, 0) == root);
        CHECK_EQUAL(cap_kind(user_cap(ENDPOINT)), CAP_NOTIFICATION);
        CHECK(sim_pass(t->release_time - arch_now()) == t);
        CHECK_EQUAL(t->context.pc, PC);
        CHECK(sim_syscall() == t);
        CHECK_EQUAL(t->context.pc, PC + 4);
}

static void timeout_faults_reach_their_handler(void)
{
        root = small_machine();
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_ENDPOINT, 0, ENDPOINT, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_REPLY, 0, REPLY, 1), 0);
        struct thread *t = user_thread(FIRST, 100, 1000, 10000);
        CHECK_EQUAL(user_invoke(FIRST, &(struct message){.label = LABEL_TCB_SET_TIMEOUT_ENDPOINT,
                                                         .caps = 1,
                                                         .cap = {ENDPOINT}}),
                    0);
        CHECK_EQUAL(user_start(FIRST, PC), 0);
        CHECK(user_receive(USER_RECV, ENDPOINT, REPLY) == t);
        CHECK(sim_pass(ticks_from_us(1000)) == root);
        CHECK_EQUAL(info_label(root->context.x[REG_INFO]), FAULT_TIMEOUT);
        CHECK_EQUAL(info_length(root->context.x[REG_INFO]), 2);
        CHECK(root->context.x[REG_MESSAGE + 1] >= 1000);
}

static void the_machine_sleeps_until_a_budget_comes(void)
{
        root = small_machine();
        struct thread *t = user_thread(FIRST, 100, 1000, 10000);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, ENDPOINT, 1), 0);
        CHECK_EQUAL(user_start(FIRST, PC), 0);
        CHECK(user_receive(USER_WAIT, ENDPOINT, 0) == t);
        CHECK(sim_pass(ticks_from_us(1000)) == NULL);
        CHECK(sim_wait() == t);
        CHECK(user_send(USER_SEND, ENDPOINT, &(struct message){0}) == root);
}

const struct test time_tests[] = {
        {"a_budget_ends_and_comes_back", a_budget_ends_and_comes_back},
        {"an_exception_pays_for_the_time_before_it", an_exception_pays_for_the_time_before_it},
        {"equals_take_turns", equals_take_turns},
        {"yield_gives_the_slice_away", yield_gives_the_slice_away},
        {"a_call_with_too_little_budget_is_repeated", a_call_with_too_little_budget_is_repeated},
        {"timeout_faults_reach_their_handler", timeout_faults_reach_their_handler},
        {"the_machine_sleeps_until_a_budget_comes", the_machine_sleeps_until_a_budget_comes},
};
const word time_test_count = sizeof(time_tests) / sizeof(time_tests[0]);
