/* SPDX-License-Identifier: BSD-2-Clause */
/* Every preemptible operation (objects.md 15.1) with an interrupt at each of its preemption points in turn, and with one
 * at all of them: the machine ends, byte for byte, as after the undisturbed run.
 *
 * A point comes after 100 units of work, whoever did them; the test sets the units done before, so that the interrupt
 * meets the operation after its first unit, its second, and so on until it ends before the point is reached.  No time
 * passes, so nothing else may differ; what the interrupted thread itself executed is left out of the comparison.
 */
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tests/sim/scenarios.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 51, UNITS = 100, RAM = 4 << 20, DEPTH = 64, EVERY = -1, NEVER = 0, ENTRIES_MAX = 1000 };

/* Slots of the root CNode. */
enum {
        HANDLER = FREE,
        ARENA,
        NODE,
        INNER,
        SIGNAL,
        MEETING,
        BADGED,
        OFFER,
        LONE_THREAD,
        WAITER,
        COPIES = WAITER + USER_THREAD_SLOTS,
        NODE_BITS = 4,
        ARENA_BITS = 14,
};

struct operation {
        const char *name;
        void (*prepare)(void);
        word cptr;
        struct message message;
        word stops_at_least;
};

static struct thread *root;
static word stops;

/* The kernel's variables and all of memory, with what belongs to the interrupted thread's own course taken out. */
struct picture {
        struct kernel kernel;
        uint8_t ram[RAM];
};

static void take_picture(struct picture *p)
{
        memcpy(&p->kernel, &kernel, sizeof(kernel));
        /* Through the file: the mapped bytes of dead objects are out of bounds. */
        CHECK_EQUAL(pread(host_memory_file(), p->ram, RAM, 0), RAM);
        p->kernel.core[0].work = 0;
        memset(p->ram + (paddr_of(root) - HOST_BASE), 0, sizeof(root->context));
}

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
        CHECK(sim_current() != root);
        user_receive(USER_RECV, MEETING, OFFER);
        CHECK(sim_current() == root);
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
        for (word i = 0; i < 3; i++)
                make(OBJECT_SMALL_PAGE, 0, COPIES + i);
        word at = cap_address(user_cap(ARENA));
        for (word i = 0; i < 3 << PAGE_BITS; i += sizeof(word))
                *(word *)window(at + i) = i + 1;
        CHECK_EQUAL(user_revoke(ARENA), 0);
}

static const struct operation operations[] = {
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
         15},
        {"delete TCB",
         lone_thread,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {LONE_THREAD, DEPTH}},
         4},
        {"delete waiting TCB",
         waiting_thread,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {WAITER, DEPTH}},
         4},
        {"delete CNode of a waiter",
         waiter_in_node,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {NODE, DEPTH}},
         15},
        {"delete nested",
         nested,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {NODE, DEPTH}},
         15},
        {"revoke self-containing, first",
         contains_itself_first,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {ARENA, DEPTH}},
         20},
        {"delete around self-containing",
         contains_itself_last,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {INNER, DEPTH}},
         15},
        {"delete one of a ring",
         contain_each_other,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_DELETE, .length = 2, .word = {COPIES, DEPTH}},
         15},
        {"revoke nested",
         nested,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {ARENA, DEPTH}},
         20},
        {"revoke self-containing",
         contains_itself_last,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {ARENA, DEPTH}},
         20},
        {"revoke ring",
         contain_each_other,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {ARENA, DEPTH}},
         20},
        {"revoke everything",
         everything,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {ARENA, DEPTH}},
         20},
        {"revoke memory of a waiter",
         waiter_in_node,
         SLOT_INIT_CNODE,
         {.label = LABEL_CNODE_REVOKE, .length = 2, .word = {ARENA, DEPTH}},
         15},
        {"reset",
         used_memory,
         ARENA,
         {.label = LABEL_UNTYPED_RETYPE,
          .length = 6,
          .word = {OBJECT_ENDPOINT, 0, 0, 0, COPIES, 2},
          .caps = 1,
          .cap = {SLOT_INIT_CNODE}},
         47},
};

static void machine(const struct operation *o)
{
        host_console_clear();
        sim.cost = 0;
        root = sim_boot(&(struct host_options){.memory = RAM, .cnode_bits = 8});
        sim.no_checks = true;
        CHECK_EQUAL(user_invoke(SLOT_IRQ_CONTROL, &(struct message){.label = LABEL_IRQ_ISSUE_IRQ_HANDLER,
                                                                    .length = 3,
                                                                    .word = {LINE, HANDLER, DEPTH},
                                                                    .caps = 1,
                                                                    .cap = {SLOT_INIT_CNODE}}),
                    0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, ARENA_BITS, ARENA, 1), 0);
        o->prepare();
        sim.no_checks = false;
        sim_check();
}

/* The invocation until it is done; its unit `at` meets an interrupt (or EVERY one, or NEVER). */
static void run(const struct operation *o, int at)
{
        machine(o);
        word svc = root->context.pc;

        for (stops = 0; stops < ENTRIES_MAX; stops++) {
                user_load(root, USER_CALL, o->cptr, &o->message);
                this_core()->work = at == NEVER ? 0 : UNITS - (at == EVERY ? 1 : (word)at);
                sim.hold_interrupts = true;
                if (at == EVERY || (at != NEVER && stops == 0))
                        host_raise(LINE);
                sim_syscall();
                sim.hold_interrupts = false;
                sim_interrupt();
                CHECK(sim_current() == root);
                if (root->context.pc != svc)
                        break;
                CHECK_EQUAL(user_invoke(HANDLER, &(struct message){.label = LABEL_IRQ_ACK_IRQ}), 0);
                root->context.pc = svc;
        }
        CHECK_EQUAL(info_label(root->context.x[REG_INFO]), 0);
        CHECK_EQUAL(user_invoke(HANDLER, &(struct message){.label = LABEL_IRQ_ACK_IRQ}), 0);
}

static struct picture *calm, *disturbed;

static void same_picture(const struct operation *o, int at)
{
        take_picture(disturbed);
        if (memcmp(&calm->kernel, &disturbed->kernel, sizeof(kernel)) != 0)
                test_fail(o->name, at, "the kernel's variables differ after an interrupt at point %d", at);
        for (word i = 0; i < RAM; i++)
                if (calm->ram[i] != disturbed->ram[i])
                        test_fail(o->name, at, "memory at %lx differs after an interrupt at point %d",
                                  HOST_BASE + i, at);
}

static void each_point(const struct operation *o)
{
        int at = 1;

        run(o, NEVER);
        CHECK_EQUAL(stops, 0);
        take_picture(calm);
        for (; at < UNITS; at++) {
                run(o, at);
                same_picture(o, at);
                if (stops == 0)
                        break;
                CHECK_EQUAL(stops, 1);
        }
        if ((word)at - 1 < o->stops_at_least)
                test_fail(o->name, at, "only %d preemption points", at - 1);
        run(o, EVERY);
        same_picture(o, EVERY);
        CHECK_EQUAL(stops, at - 1);
}

static void an_interrupt_at_each_point(void)
{
        calm = malloc(sizeof(*calm));
        disturbed = malloc(sizeof(*disturbed));
        for (word i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
                each_point(&operations[i]);
        free(calm);
        free(disturbed);
}

const struct test preemption_each_tests[] = {
        {"an_interrupt_at_each_preemption_point", an_interrupt_at_each_point},
};
const word preemption_each_test_count = 1;
