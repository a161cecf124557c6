/* SPDX-License-Identifier: BSD-2-Clause */
/* What exists before each operation (see long_operations.h). */
#include "tests/sim/long_operations.h"
#include "invoke/labels.h"
#include "mem/retype.h"

enum { DEPTH = 64 };

enum { WAITERS = 6 };
enum { VA = 0x40000000 };

/* Slots of the root CNode. */
enum {
        ARENA = LONG_ARENA,
        NODE,
        INNER,
        SIGNAL,
        MEETING,
        BADGED,
        OFFER,
        LONE_THREAD,
        WAITER,
        OTHER_BADGED = WAITER + WAITERS * USER_THREAD_SLOTS,
        BIG,
        COPIES,
        NODE_BITS = 4,
        BIG_BITS = 19,
};

struct thread *long_root;

static void make_in(word node, word type, word bits, word slot)
{
        CHECK_EQUAL(user_invoke(ARENA, &(struct message){.label = LABEL_UNTYPED_RETYPE,
                                                         .length = 6,
                                                         .word = {type, bits, 0, 0, slot, 1},
                                                         .caps = 1,
                                                         .cap = {node}}),
                    0);
}

static void make(word type, word bits, word slot)
{
        make_in(SLOT_INIT_CNODE, type, bits, slot);
}

static void transfer(word label, word from, word node, word depth, word to)
{
        CHECK_EQUAL(user_invoke(node, &(struct message){.label = label,
                                                        .length = 5,
                                                        .word = {to, depth, from, DEPTH, RIGHTS_ALL},
                                                        .caps = 1,
                                                        .cap = {SLOT_INIT_CNODE}}),
                    0);
}

static void make_node(void)
{
        make(OBJECT_CNODE, NODE_BITS, NODE);
        make(OBJECT_NOTIFICATION, 0, SIGNAL);
        make(OBJECT_ENDPOINT, 0, MEETING);
        for (word i = 0; i < bit(NODE_BITS) - 4; i++)
                transfer(LABEL_CNODE_COPY, i % 2 ? SIGNAL : MEETING, NODE, NODE_BITS, i);
}

static void copies(void)
{
        make_node();
        for (word i = 0; i < 20; i++)
                CHECK_EQUAL(user_copy(SIGNAL, COPIES + i, RIGHTS_ALL), 0);
}

static void badges(void)
{
        make(OBJECT_ENDPOINT, 0, MEETING);
        CHECK_EQUAL(user_mint(MEETING, BADGED, RIGHTS_ALL, 7), 0);
        for (word i = 0; i < 12; i++)
                CHECK_EQUAL(i % 3 ? user_copy(BADGED, COPIES + i, RIGHTS_ALL)
                                  : user_mint(MEETING, COPIES + i, RIGHTS_ALL, i + 1),
                            0);
}

static void lone_thread(void)
{
        make(OBJECT_TCB, 0, LONE_THREAD);
        make(OBJECT_SMALL_PAGE, 0, COPIES);
        make(OBJECT_ENDPOINT, 0, MEETING);
        CHECK_EQUAL(user_configure(LONE_THREAD, 0x20000000, COPIES), 0);
        CHECK_EQUAL(user_set_time(LONE_THREAD, 0, 9, MEETING), 0);
}

/* A thread that waits at the endpoint with a reply object. */
static void waiting_thread(void)
{
        make(OBJECT_ENDPOINT, 0, MEETING);
        make(OBJECT_REPLY, 0, OFFER);
        user_thread(WAITER, 255, 10000, 10000);
        CHECK_EQUAL(user_start(WAITER, 0x10000), 0);
        user_send(USER_YIELD, 0, &(struct message){0});
        CHECK(sim_current() != long_root);
        user_receive(USER_RECV, MEETING, OFFER);
        CHECK(sim_current() == long_root);
}

static void waiter_in_node(void)
{
        waiting_thread();
        make(OBJECT_CNODE, NODE_BITS, NODE);
        transfer(LABEL_CNODE_MOVE, WAITER, NODE, NODE_BITS, 3);
        transfer(LABEL_CNODE_MOVE, OFFER, NODE, NODE_BITS, 4);
        transfer(LABEL_CNODE_MOVE, MEETING, NODE, NODE_BITS, 9);
}

/* The last caps to a full CNode and to a thread with that CSpace lie in a third one. */
static void nested(void)
{
        lone_thread();
        make(OBJECT_CNODE, NODE_BITS, NODE);
        make(OBJECT_CNODE, NODE_BITS, INNER);
        for (word i = 0; i < bit(NODE_BITS); i += 3)
                transfer(LABEL_CNODE_COPY, MEETING, INNER, NODE_BITS, i);
        transfer(LABEL_CNODE_MOVE, INNER, NODE, NODE_BITS, 5);
        transfer(LABEL_CNODE_MOVE, LONE_THREAD, NODE, NODE_BITS, 7);
        make_in(NODE, OBJECT_CNODE, 2, 9);
}

static void contains_itself(word at)
{
        make_node();
        CHECK(at >= bit(NODE_BITS) - 4 || at == 0);
        if (at == 0)
                CHECK_EQUAL(user_invoke(NODE, &(struct message){.label = LABEL_CNODE_DELETE,
                                                                .length = 2,
                                                                .word = {0, NODE_BITS}}),
                            0);
        transfer(LABEL_CNODE_COPY, NODE, NODE, NODE_BITS, at);
        make(OBJECT_CNODE, NODE_BITS, INNER);
        transfer(LABEL_CNODE_MOVE, NODE, INNER, NODE_BITS, 2);
}

static void contains_itself_first(void)
{
        contains_itself(0);
}

static void contains_itself_last(void)
{
        contains_itself(bit(NODE_BITS) - 1);
}

static void contain_each_other(void)
{
        make(OBJECT_CNODE, NODE_BITS, NODE);
        make(OBJECT_CNODE, NODE_BITS, INNER);
        make(OBJECT_CNODE, NODE_BITS, COPIES);
        transfer(LABEL_CNODE_COPY, INNER, NODE, NODE_BITS, 3);
        transfer(LABEL_CNODE_MOVE, INNER, COPIES, NODE_BITS, 4);
        transfer(LABEL_CNODE_COPY, NODE, COPIES, NODE_BITS, 8);
}

static void everything(void)
{
        nested();
        make(OBJECT_NOTIFICATION, 0, SIGNAL);
        CHECK_EQUAL(user_mint(SIGNAL, BADGED, RIGHTS_ALL, 3), 0);
        make(OBJECT_UNTYPED, 8, COPIES + 1);
        CHECK_EQUAL(user_copy(COPIES + 1, COPIES + 2, RIGHTS_ALL), 0);
}

static void used_memory(void)
{
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, BIG_BITS, BIG, 1), 0);
        for (word i = 0; i < bit(BIG_BITS); i += sizeof(word))
                *(word *)window(untyped_base(user_cap(BIG)) + i) = i + 1;
}

static void used_memory_with_a_gap(void)
{
        used_memory();
        CHECK_EQUAL(user_retype(BIG, OBJECT_ENDPOINT, 0, MEETING, 1), 0);
}

/* A new thread makes one system call. */
static void by_another(word i, enum user_call call, word cptr, word reply)
{
        word slot = WAITER + i * USER_THREAD_SLOTS;

        user_thread(slot, 255, 10000, 10000);
        CHECK_EQUAL(user_start(slot, 0x10000), 0);
        user_send(USER_YIELD, 0, &(struct message){0});
        CHECK(sim_current() != long_root);
        if (call == USER_SEND || call == USER_CALL)
                user_send(call, cptr, &(struct message){.label = 1});
        else
                user_receive(call, cptr, reply);
        CHECK(sim_current() == long_root);
}

/* Three classes in two groups, and the first of a class last in time. */
static void spread_priorities(void)
{
        static const word priority[WAITERS] = {20, 255, 30, 255, 30, 255};

        for (word i = 0; i < WAITERS; i++)
                CHECK_EQUAL(user_invoke(WAITER + i * USER_THREAD_SLOTS,
                                        &(struct message){.label = LABEL_TCB_SET_PRIORITY,
                                                          .length = 1,
                                                          .word = {priority[i]},
                                                          .caps = 1,
                                                          .cap = {SLOT_INIT_TCB}}),
                            0);
}

static void senders(void)
{
        make(OBJECT_ENDPOINT, 0, MEETING);
        for (word i = 0; i < WAITERS; i++)
                by_another(i, i % 2 ? USER_CALL : USER_SEND, MEETING, 0);
        spread_priorities();
}

static void receivers(void)
{
        make(OBJECT_ENDPOINT, 0, MEETING);
        for (word i = 0; i < WAITERS; i++) {
                make(OBJECT_REPLY, 0, COPIES + i);
                by_another(i, USER_RECV, MEETING, COPIES + i);
        }
        spread_priorities();
}

static void listeners(void)
{
        make(OBJECT_NOTIFICATION, 0, SIGNAL);
        for (word i = 0; i < WAITERS; i++)
                by_another(i, USER_WAIT, SIGNAL, 0);
        spread_priorities();
}

static void queues_in_node(void)
{
        senders();
        make(OBJECT_CNODE, NODE_BITS, NODE);
        make(OBJECT_NOTIFICATION, 0, SIGNAL);
        transfer(LABEL_CNODE_MOVE, MEETING, NODE, NODE_BITS, 3);
        transfer(LABEL_CNODE_MOVE, SIGNAL, NODE, NODE_BITS, 7);
}

static void senders_of_two_badges(void)
{
        make(OBJECT_ENDPOINT, 0, MEETING);
        CHECK_EQUAL(user_mint(MEETING, BADGED, RIGHTS_ALL, 7), 0);
        CHECK_EQUAL(user_mint(MEETING, OTHER_BADGED, RIGHTS_ALL, 9), 0);
        for (word i = 0; i < WAITERS; i++)
                by_another(i, i % 2 ? USER_CALL : USER_SEND,
                           i == 2   ? OTHER_BADGED
                           : i == 4 ? MEETING
                                    : BADGED,
                           0);
        spread_priorities();
}

/* The last cap to the notification is the kernel's. */
static void listeners_to_an_interrupt(void)
{
        listeners();
        CHECK_EQUAL(user_irq_handler(LONG_LINE + 1, LONE_THREAD), 0);
        CHECK_EQUAL(user_invoke(LONE_THREAD, &(struct message){.label = LABEL_IRQ_SET_IRQ_HANDLER,
                                                               .caps = 1,
                                                               .cap = {SIGNAL}}),
                    0);
        CHECK_EQUAL(user_delete(SIGNAL), 0);
}

/* The last cap to the endpoint is a thread's fault handler. */
static void senders_to_a_handler(void)
{
        senders();
        make(OBJECT_TCB, 0, LONE_THREAD);
        CHECK_EQUAL(user_set_time(LONE_THREAD, 0, 9, MEETING), 0);
        CHECK_EQUAL(user_delete(MEETING), 0);
}

/* A large untyped from which nothing has been made yet. */
static word unused_memory(void)
{
        word n = user_bootinfo()->untyped.start;

        while (n == user_memory() || untyped_is_device(user_cap(n)) ||
               untyped_bits(user_cap(n)) < PAGE_BITS + 9)
                n++;
        return n;
}

static void large_page(void)
{
        CHECK_EQUAL(user_retype(unused_memory(), OBJECT_LARGE_PAGE, 0, COPIES, 1), 0);
        for (word i = 1; user_map(COPIES, VA, RIGHTS_ALL) != 0; i++) {
                make(OBJECT_PAGE_TABLE, 0, COPIES + i);
                CHECK_EQUAL(user_map_table(COPIES + i, VA), 0);
        }
}

const struct operation long_operations[] = {
        {"revoke copies",
         copies,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {SIGNAL, DEPTH}},
         20},
        {"revoke badges",
         badges,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {MEETING, DEPTH}},
         12},
        {"delete CNode",
         make_node,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {NODE, DEPTH}},
         12},
        {"delete TCB",
         lone_thread,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {LONE_THREAD, DEPTH}},
         4},
        {"delete waiting TCB",
         waiting_thread,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {WAITER, DEPTH}},
         3},
        {"delete CNode of a waiter",
         waiter_in_node,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {NODE, DEPTH}},
         5},
        {"delete nested",
         nested,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {NODE, DEPTH}},
         8},
        {"revoke self-containing, first",
         contains_itself_first,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {ARENA, DEPTH}},
         16},
        {"delete around self-containing",
         contains_itself_last,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {INNER, DEPTH}},
         1},
        {"delete one of a ring",
         contain_each_other,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {COPIES, DEPTH}},
         2},
        {"revoke nested",
         nested,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {ARENA, DEPTH}},
         18},
        {"revoke self-containing",
         contains_itself_last,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {ARENA, DEPTH}},
         18},
        {"revoke ring",
         contain_each_other,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {ARENA, DEPTH}},
         5},
        {"revoke everything",
         everything,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {ARENA, DEPTH}},
         20},
        {"revoke memory of a waiter",
         waiter_in_node,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {ARENA, DEPTH}},
         6},
        {"make frames",
         used_memory,
         BIG,
         {.label = LABEL_UNTYPED_RETYPE,
          .length = 6,
          .word = {OBJECT_SMALL_PAGE, 0, 0, 0, COPIES, 32},
          .caps = 1,
          .cap = {SLOT_INIT_CNODE}},
         4},
        {"make a big CNode behind a gap",
         used_memory_with_a_gap,
         BIG,
         {.label = LABEL_UNTYPED_RETYPE,
          .length = 6,
          .word = {OBJECT_CNODE, 12, 0, 0, COPIES, 1},
          .caps = 1,
          .cap = {SLOT_INIT_CNODE}},
         4},
        {"delete endpoint of senders",
         senders,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {MEETING, DEPTH}},
         WAITERS - 1},
        {"delete endpoint of receivers",
         receivers,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {MEETING, DEPTH}},
         WAITERS - 1},
        {"delete notification",
         listeners,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {SIGNAL, DEPTH}},
         WAITERS - 1},
        {"delete CNode with queues",
         queues_in_node,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {NODE, DEPTH}},
         WAITERS},
        {"revoke memory of a queue",
         senders,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {ARENA, DEPTH}},
         WAITERS},
        {"cancel badged sends",
         senders_of_two_badges,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_CANCEL_BADGED_SENDS, .length = 2, .word = {BADGED, DEPTH}},
         3},
        {"cancel one badged send",
         senders_of_two_badges,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_CANCEL_BADGED_SENDS, .length = 2, .word = {OTHER_BADGED, DEPTH}},
         1},
        {"delete IRQ handler with a queue",
         listeners_to_an_interrupt,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {LONE_THREAD, DEPTH}},
         WAITERS - 1},
        {"clear IRQ handler with a queue",
         listeners_to_an_interrupt,
         LONE_THREAD,
         {.label = LABEL_IRQ_CLEAR_IRQ_HANDLER},
         WAITERS - 1},
        {"replace a handler with a queue",
         senders_to_a_handler,
         LONE_THREAD,
         {.label = LABEL_TCB_SET_SCHED_PARAMS,
          .length = 2,
          .word = {9, 9},
          .caps = 3,
          .cap = {SLOT_INIT_TCB, 0, 0}},
         WAITERS - 1},
        {"clean a large page",
         large_page,
         COPIES,
         {.label = LABEL_PAGE_CLEAN_DATA, .length = 2, .word = {100, (2 << 20) - 300}},
         60},
        {"unify a large page",
         large_page,
         SLOT_INIT_VSPACE,
         {.label = LABEL_VSPACE_UNIFY_INSTRUCTION, .length = 2, .word = {VA, VA + (1 << 18)}},
         7},
};

const word long_operation_count = sizeof(long_operations) / sizeof(long_operations[0]);
