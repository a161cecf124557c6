/* SPDX-License-Identifier: BSD-2-Clause */
/* A message with three caps between CSpaces of 62 levels, whose lookups meet an interrupt at each of their looks in turn:
 * it stops before sender and receiver meet, and what a two-phase call has done in its first phase is not done again.  One whose
 * first phase is a message stops before that, so it is one step for all others, even where it gives its time away.
 */
#include "invoke/labels.h"
#include "ipc/endpoint.h"
#include "ipc/message.h"
#include "ipc/notification.h"
#include "mem/retype.h"
#include "tests/sim/scenarios.h"
#include "time/preempt.h"

enum {
        LINE = 52,
        LEVELS = 61, /* of one bit each, above a CNode of 8 slots */
        LAST_BITS = 3,
        DEPTH = 64,
        HANDLER = FREE,
        MEETING,
        SIGNAL,
        REPLY,
        GIFT,
        BADGED,
        SHARED,
        NODES,
        SENDER = NODES + LEVELS + 1,
        SERVER = SENDER + USER_THREAD_SLOTS,
        WAITER = SERVER + USER_THREAD_SLOTS,
        TAKER = WAITER + USER_THREAD_SLOTS,
        LOOKS_MAX = 20,
};

/* What the last CNode holds, and where that is for a thread down there. */
enum { IN_REPLY, IN_MEETING, IN_NODE, IN_PLACE, IN_SIGNAL, IN_GIFT, IN_NEXT, IN_BADGED };
static const word deep = ~(word)7;

/* The same by way of the other slot of the first CNode, which is empty at first. */
static const word aside = ~(word)7 ^ (word)1 << 63;

static struct thread *root, *sender, *server, *waiter, *taker;

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
        copy_into(NODES + LEVELS, IN_GIFT, LAST_BITS, GIFT);
        copy_into(NODES + LEVELS, IN_NEXT, LAST_BITS, NODES + 1);
        copy_into(NODES + LEVELS, IN_BADGED, LAST_BITS, BADGED);
}

static void run_until(struct thread *t)
{
        for (word i = 0; i < 10 && sim_current() != t; i++)
                user_send(USER_YIELD, 0, &(struct message){0});
        CHECK(sim_current() == t);
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
        run_until(t);
        return t;
}

static void receives_into(struct thread *t, word node, word index, word depth)
{
        word *buffer = thread_buffer_writable(t);

        buffer[BUFFER_RECEIVE_CNODE] = node;
        buffer[BUFFER_RECEIVE_INDEX] = index;
        buffer[BUFFER_RECEIVE_DEPTH] = depth;
}

/* What the running thread's call names. */
struct two_phases {
        word first, from, reply;
        struct message message;
};

/* A sender of three caps waits, a waiter waits for the signal, and the server runs. */
static void machine(void)
{
        root = small_machine();
        sim.cost = 0;
        CHECK_EQUAL(user_irq_handler(LINE, HANDLER), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_ENDPOINT, 0, MEETING, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, SIGNAL, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_REPLY, 0, REPLY, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_ENDPOINT, 0, GIFT, 1), 0);
        CHECK_EQUAL(user_mint(GIFT, BADGED, RIGHTS_ALL, deep | IN_SIGNAL), 0);
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
        receives_into(server, deep | IN_NODE, deep | IN_PLACE, DEPTH);
}

/* The running thread makes a two-phase call, of which `first` is sent, and from `from` received with `reply`; or it receives only.
 * At its look `at` an interrupt comes: true when that stops it. */
static bool stops(enum user_call call, const struct two_phases *p, word at)
{
        struct thread *t = sim_current();
        word svc = t->context.pc;

        user_load(t, call, p->from, &p->message);
        t->context.x[REG_REPLY] = call == USER_NBSEND_WAIT ? p->first : p->reply;
        t->context.x[REG_SECOND] = p->first;
        host_raise_at(LINE, at);
        sim.hold_interrupts = true;
        sim_syscall();
        sim.hold_interrupts = false;
        host_raise_at(0, 0);
        sim_interrupt();
        return t->context.pc == svc;
}

static bool interrupted(enum user_call call, word at)
{
        return stops(call, &(struct two_phases){deep | IN_SIGNAL, deep | IN_MEETING, deep | IN_REPLY, {0}},
                     at);
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

/* A thread that is resumed in between, or gets other registers, starts its call again. */
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

/* --- first phases that give time away */

/* Somebody without time waits for a gift, and the server runs. */
static void passive_taker(void)
{
        machine();
        run_until(root);
        taker = deep_thread(TAKER);
        user_receive(USER_WAIT, deep | IN_GIFT, 0);
        run_until(root);
        CHECK_EQUAL(user_invoke(TAKER + 1, &(struct message){.label = LABEL_SCHED_CONTEXT_UNBIND}), 0);
        CHECK(taker->state == RECEIVING && !taker->sc);
        run_until(server);
}

/* The server, without time, answers the taker, on whose time it runs. */
static void passive_server(void)
{
        machine();
        user_receive(USER_RECV, deep | IN_GIFT, deep | IN_REPLY);
        run_until(root);
        CHECK_EQUAL(user_invoke(SERVER + 1, &(struct message){.label = LABEL_SCHED_CONTEXT_UNBIND}), 0);
        taker = deep_thread(TAKER);
        CHECK(user_send(USER_CALL, deep | IN_GIFT, &(struct message){0}) == server);
        CHECK(taker->state == AWAITING_REPLY && !taker->sc);
}

static void prepare_nothing(void)
{
}

/* At each look, either nothing has happened or all of it; afterwards the taker has the time, and the server its message. */
static void gives_all_or_nothing(void (*begin)(void), void (*prepare)(void), enum user_call call,
                                 const struct two_phases *p)
{
        word at = 1;

        for (; at < LOOKS_MAX; at++) {
                begin();
                prepare();
                enum thread_state state = taker->state;
                if (!stops(call, p, at))
                        break;
                CHECK(sender->state == SENDING && taker->state == state && !taker->sc && server->sc);
                CHECK(!server->interrupted);
        }
        CHECK(at > 2 && at < LOOKS_MAX);
        received();
        CHECK(taker->state == RUNNING && taker->sc && !server->sc && server->state == RUNNING);
}

static void what_gives_its_time_away_is_one_step(void)
{
        struct two_phases p = {deep | IN_GIFT, deep | IN_MEETING, deep | IN_REPLY, {0}};

        gives_all_or_nothing(passive_taker, prepare_nothing, USER_NBSEND_RECV, &p);
        gives_all_or_nothing(passive_taker, prepare_nothing, USER_NBSEND_WAIT, &p);
        gives_all_or_nothing(passive_server, prepare_nothing, USER_REPLY_RECV, &p);
        p.message = (struct message){.caps = 3, .cap = {deep | IN_NODE, deep | IN_NODE, deep | IN_NODE}};
        gives_all_or_nothing(passive_taker, prepare_nothing, USER_NBSEND_RECV, &p);
        gives_all_or_nothing(passive_server, prepare_nothing, USER_REPLY_RECV, &p);
}

static void taker_takes_aside(void)
{
        receives_into(taker, deep | IN_NODE, 0, 1);
        receives_into(server, aside | IN_NODE, deep | IN_PLACE, DEPTH);
}

/* All that the second phase names is found by way of the capability that the first one moves. */
static void a_first_phase_that_opens_the_way_of_the_second(void)
{
        struct two_phases p = {
                deep | IN_GIFT, aside | IN_MEETING, aside | IN_REPLY, {.caps = 1, .cap = {deep | IN_NEXT}}};

        gives_all_or_nothing(passive_taker, taker_takes_aside, USER_NBSEND_RECV, &p);
        p.reply = deep | IN_REPLY; /* the first phase needs it */
        gives_all_or_nothing(passive_server, taker_takes_aside, USER_REPLY_RECV, &p);
}

static void taker_shares_a_buffer(void)
{
        enum { ADDRESS = 0x700000 };

        run_until(root);
        CHECK_EQUAL(user_copy(SENDER + 2, SHARED, RIGHTS_ALL), 0);
        CHECK_EQUAL(user_invoke(TAKER, &(struct message){.label = LABEL_TCB_SET_IPC_BUFFER,
                                                         .length = 1,
                                                         .word = {ADDRESS},
                                                         .caps = 1,
                                                         .cap = {SHARED}}),
                    0);
        CHECK(thread_buffer_writable(taker) == thread_buffer_writable(sender));
        run_until(server);
}

/* The badge that the first message leaves in a buffer is what the second one's sender names. */
static void a_first_phase_that_names_for_the_second(void)
{
        struct two_phases p = {
                deep | IN_GIFT, deep | IN_MEETING, deep | IN_REPLY, {.caps = 1, .cap = {deep | IN_BADGED}}};

        gives_all_or_nothing(passive_taker, taker_shares_a_buffer, USER_NBSEND_RECV, &p);
        const struct cap last = user_cap(NODES + LEVELS);
        CHECK_EQUAL(cap_kind(cnode_slots(last)[IN_PLACE].cap), CAP_NOTIFICATION);
}

const struct test deep_message_tests[] = {
        {"a_receive_stops_before_it_takes_caps", a_receive_stops_before_it_takes_caps},
        {"a_first_phase_is_not_repeated", a_first_phase_is_not_repeated},
        {"but_it_is_after_a_resume", but_it_is_after_a_resume},
        {"what_gives_its_time_away_is_one_step", what_gives_its_time_away_is_one_step},
        {"a_first_phase_that_opens_the_way_of_the_second", a_first_phase_that_opens_the_way_of_the_second},
        {"a_first_phase_that_names_for_the_second", a_first_phase_that_names_for_the_second},
};
const word deep_message_test_count = sizeof(deep_message_tests) / sizeof(deep_message_tests[0]);
