/* SPDX-License-Identifier: BSD-2-Clause */
/* A message with three caps between CSpaces of 62 levels, whose lookups meet an interrupt at each of their looks in turn:
 * it stops before sender and receiver meet, and what a two-phase call has done in its first phase is not done again.
 */
#include "core/preempt.h"
#include "invoke/labels.h"
#include "ipc/endpoint.h"
#include "ipc/message.h"
#include "ipc/notification.h"
#include "mem/retype.h"
#include "tests/sim/scenarios.h"

enum {
        LINE = 52,
        LEVELS = 61, /* of one bit each, above a CNode of 8 slots */
        LAST_BITS = 3,
        DEPTH = 64,
        HANDLER = FREE,
        MEETING,
        SIGNAL,
        REPLY,
        NODES,
        SENDER = NODES + LEVELS + 1,
        SERVER = SENDER + USER_THREAD_SLOTS,
        WAITER = SERVER + USER_THREAD_SLOTS,
        LOOKS_MAX = 20,
};

/* What the last CNode holds, and where that is for a thread down there. */
enum { IN_REPLY, IN_MEETING, IN_NODE, IN_PLACE, IN_SIGNAL };
static const word deep = ~(word)7;

static struct thread *root, *sender, *server, *waiter;

static void copy_into(word node, word index, word bits, word from)
{
        CHECK_EQUAL(user_invoke(node, &(struct message){.label = LABEL_CNODE_COPY,
                                                        .length = 5,
                                                        .word = {index, bits, from, DEPTH, RIGHTS_ALL},
                                                        .caps = 1,
                                                        .cap = {SLOT_INIT_CNODE}}),
                    0);
}

static void deep_cspace(void)
{
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_CNODE, 1, NODES, LEVELS), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_CNODE, LAST_BITS, NODES + LEVELS, 1), 0);
        for (word i = 0; i < LEVELS; i++)
                copy_into(NODES + i, 1, 1, NODES + i + 1);
        copy_into(NODES + LEVELS, IN_REPLY, LAST_BITS, REPLY);
        copy_into(NODES + LEVELS, IN_MEETING, LAST_BITS, MEETING);
        copy_into(NODES + LEVELS, IN_NODE, LAST_BITS, NODES);
        copy_into(NODES + LEVELS, IN_SIGNAL, LAST_BITS, SIGNAL);
}

/* A thread with that CSpace runs, and is about to make a system call. */
static struct thread *deep_thread(word slot)
{
        struct thread *t = user_thread(slot, 255, 10000, 10000);

        CHECK_EQUAL(user_invoke(slot, &(struct message){.label = LABEL_TCB_SET_SPACE,
                                                        .length = 2,
                                                        .caps = 3,
                                                        .cap = {0, NODES, SLOT_INIT_VSPACE}}),
                    0);
        CHECK_EQUAL(user_start(slot, 0x10000), 0);
        user_send(USER_YIELD, 0, &(struct message){0});
        CHECK(sim_current() == t);
        return t;
}

/* A sender of three caps waits, a waiter waits for the signal, and the server runs. */
static void machine(void)
{
        root = small_machine();
        sim.cost = 0;
        CHECK_EQUAL(user_irq_handler(LINE, HANDLER), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_ENDPOINT, 0, MEETING, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, SIGNAL, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_REPLY, 0, REPLY, 1), 0);
        deep_cspace();
        sender = deep_thread(SENDER);
        user_send(USER_SEND, deep | IN_MEETING,
                  &(struct message){.label = 33,
                                    .length = 2,
                                    .word = {5, 6},
                                    .caps = 3,
                                    .cap = {deep | IN_NODE, deep | IN_MEETING, deep | IN_MEETING}});
        CHECK(sim_current() == root && sender->state == SENDING);
        waiter = deep_thread(WAITER);
        user_receive(USER_WAIT, deep | IN_SIGNAL, 0);
        CHECK(sim_current() == root && waiter->state == LISTENING);
        server = deep_thread(SERVER);
        word *buffer = thread_buffer_writable(server);
        buffer[BUFFER_RECEIVE_CNODE] = deep | IN_NODE;
        buffer[BUFFER_RECEIVE_INDEX] = deep | IN_PLACE;
        buffer[BUFFER_RECEIVE_DEPTH] = DEPTH;
}

/* The running thread's call meets an interrupt at its look `at`: true when that stops it. */
static bool interrupted(enum user_call call, word at)
{
        struct thread *t = sim_current();
        word svc = t->context.pc;

        user_load(t, call, deep | IN_MEETING, &(struct message){0});
        t->context.x[REG_REPLY] = call == USER_NBSEND_WAIT ? deep | IN_SIGNAL : deep | IN_REPLY;
        t->context.x[REG_SECOND] = deep | IN_SIGNAL;
        host_raise_at(LINE, at);
        sim.hold_interrupts = true;
        sim_syscall();
        sim.hold_interrupts = false;
        host_raise_at(0, 0);
        sim_interrupt();
        return t->context.pc == svc;
}

static void run_until(struct thread *t)
{
        for (word i = 0; i < 10 && sim_current() != t; i++)
                user_send(USER_YIELD, 0, &(struct message){0});
        CHECK(sim_current() == t);
}

static void received(void)
{
        const word *x = server->context.x;

        CHECK_EQUAL(x[REG_INFO], info_make(33, 6, 3, 2));
        CHECK_EQUAL(x[REG_MESSAGE], 5);
        CHECK_EQUAL(x[REG_MESSAGE + 1], 6);
        CHECK(sender->state == RUNNING);
}

static const struct notification *signal_of_test(void)
{
        return cap_object(user_cap(SIGNAL));
}

static void each_look(enum user_call call, word least)
{
        word at = 1;

        for (; at < LOOKS_MAX; at++) {
                machine();
                if (!interrupted(call, at))
                        break;
                CHECK(sender->state == SENDING);
                run_until(server);
                CHECK(!interrupted(call, 0));
                received();
                CHECK(!signal_of_test()->raised);
        }
        received();
        CHECK(at > least && at < LOOKS_MAX);
}

static void a_receive_stops_before_it_takes_caps(void)
{
        each_look(USER_RECV, 2);
        each_look(USER_WAIT, 2);
}

/* At each look of its receive phase; the waiter hears one signal, and none is kept. */
static void a_first_phase_is_not_repeated(void)
{
        each_look(USER_NBSEND_RECV, 2);
        CHECK(waiter->state == RUNNING && !signal_of_test()->raised);
        each_look(USER_NBSEND_WAIT, 2);
        CHECK(waiter->state == RUNNING && !signal_of_test()->raised);
}

/* Who is resumed in between, or gets other registers, starts its call anew. */
static void but_it_is_after_a_resume(void)
{
        machine();
        CHECK(interrupted(USER_NBSEND_RECV, 1));
        run_until(root);
        CHECK(server->interrupted && !signal_of_test()->raised);
        CHECK_EQUAL(user_invoke(SERVER, &(struct message){.label = LABEL_TCB_SUSPEND}), 0);
        CHECK_EQUAL(user_invoke(SERVER, &(struct message){.label = LABEL_TCB_RESUME}), 0);
        CHECK(!server->interrupted);
        run_until(server);
        CHECK(!interrupted(USER_NBSEND_RECV, 0));
        received();
        CHECK(signal_of_test()->raised);
}

const struct test deep_message_tests[] = {
        {"a_receive_stops_before_it_takes_caps", a_receive_stops_before_it_takes_caps},
        {"a_first_phase_is_not_repeated", a_first_phase_is_not_repeated},
        {"but_it_is_after_a_resume", but_it_is_after_a_resume},
};
const word deep_message_test_count = sizeof(deep_message_tests) / sizeof(deep_message_tests[0]);
