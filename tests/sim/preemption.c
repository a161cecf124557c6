/* SPDX-License-Identifier: BSD-2-Clause */
/* Long operations with an interrupt at each of their preemption points in turn: whatever comes between, they end in
 * the same state. */
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tests/sim/scenarios.h"

enum {
        LINE = 50,
        HANDLER = FREE,
        NODE = FREE + 1,
        SIGNAL = FREE + 2,
        DEPTH = 64,
        COPIES = 400,
        NODE_BITS = 9
};

/* At which of its preemption points the operation is interrupted: none, one, or all. */
enum { NEVER = 0, ALWAYS = ~0u };

/* How often it was stopped. */
static word stops;

static struct thread *root;

static void machine_with_line(void)
{
        root = small_machine();
        CHECK_EQUAL(user_irq_handler(LINE, HANDLER), 0);
}

static word invoke_interrupted(word cptr, const struct message *m, word at)
{
        word svc = root->context.pc;

        stops = 0;
        host_raise_at(LINE, at == ALWAYS ? 1 : at);
        for (;;) {
                user_load(root, USER_CALL, cptr, m);
                sim_syscall();
                if (root->context.pc != svc)
                        return info_label(root->context.x[REG_INFO]);
                stops++;
                CHECK(stops < 100000);
                CHECK_EQUAL(user_invoke(HANDLER, &(struct message){.label = LABEL_IRQ_ACK_IRQ}), 0);
                root->context.pc = svc;
                host_raise_at(LINE, at == ALWAYS);
        }
}

static word bytes_hash(word start, word size)
{
        const word *w = window(start);
        word h = 1469598103934665603;

        for (word i = 0; i < size / sizeof(word); i++)
                h = (h ^ w[i]) * 1099511628211;
        return h;
}

static void make_node_full_of_copies(void)
{
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_CNODE, NODE_BITS, NODE, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, SIGNAL, 1), 0);
        for (word i = 0; i < COPIES; i++)
                CHECK_EQUAL(user_invoke(NODE, &(struct message){.label = LABEL_CNODE_COPY,
                                                                .length = 5,
                                                                .word = {i, NODE_BITS, SIGNAL, DEPTH, 3},
                                                                .caps = 1,
                                                                .cap = {SLOT_INIT_CNODE}}),
                            0);
}

static word run(void (*prepare)(void), word cptr, const struct message *m, word at)
{
        machine_with_line();
        sim.no_checks = true;
        prepare();
        sim.no_checks = false;
        CHECK_EQUAL(invoke_interrupted(cptr, m, at), 0);
        /* Only the caps matter: registers and clock differ. */
        return bytes_hash(paddr_of(cnode_slots(user_cap(SLOT_INIT_CNODE))), bit(10 + SLOT_BITS));
}

/* Interrupted at each point in turn, and at all of them: the same caps are left. */
static void same_with_and_without(void (*prepare)(void), word cptr, const struct message *m, word at_least)
{
        word calm = run(prepare, cptr, m, NEVER), points = 0;

        CHECK_EQUAL(stops, 0);
        CHECK_EQUAL(run(prepare, cptr, m, ALWAYS), calm);
        points = stops;
        CHECK(points >= at_least);
        for (word at = 1; at <= points; at++) {
                CHECK_EQUAL(run(prepare, cptr, m, at), calm);
                CHECK_EQUAL(stops, 1);
        }
}

static void revoke_is_preemptible(void)
{
        same_with_and_without(
                make_node_full_of_copies, SLOT_INIT_CNODE,
                &(struct message){.label = LABEL_CNODE_REVOKE, .length = 2, .word = {SIGNAL, DEPTH}}, 3);
}

static void deleting_a_node_is_preemptible(void)
{
        same_with_and_without(
                make_node_full_of_copies, SLOT_INIT_CNODE,
                &(struct message){.label = LABEL_CNODE_DELETE, .length = 2, .word = {NODE, DEPTH}}, 4);
}

static void use_memory_up(void)
{
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, 21, FREE + 3, 1), 0);
        CHECK_EQUAL(user_retype(FREE + 3, OBJECT_SMALL_PAGE, 0, FREE + 4, 100), 0);
        CHECK_EQUAL(user_revoke(FREE + 3), 0);
}

static void clearing_is_preemptible(void)
{
        same_with_and_without(use_memory_up, FREE + 3,
                              &(struct message){.label = LABEL_UNTYPED_RETYPE,
                                                .length = 6,
                                                .word = {OBJECT_LARGE_PAGE, 0, 0, 0, FREE + 4, 1},
                                                .caps = 1,
                                                .cap = {SLOT_INIT_CNODE}},
                              10);
}

enum { NEST = FREE + 8, NEST_DEPTH = 4, NEST_BITS = 7, NEST_MEMORY = FREE + 20 };

static void move_into(word node, word index, word from)
{
        CHECK_EQUAL(user_invoke(node, &(struct message){.label = LABEL_CNODE_MOVE,
                                                        .length = 4,
                                                        .word = {index, NEST_BITS, from, DEPTH},
                                                        .caps = 1,
                                                        .cap = {SLOT_INIT_CNODE}}),
                    0);
}

/* CNodes one inside the other, the only cap to each in the one before; the innermost is full of caps. */
static void make_nest(void)
{
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, 18, NEST_MEMORY, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, SIGNAL, 1), 0);
        CHECK_EQUAL(user_retype(NEST_MEMORY, OBJECT_CNODE, NEST_BITS, NEST, NEST_DEPTH), 0);
        for (word node = 0; node < NEST_DEPTH; node++) {
                for (word i = 1; i < bit(NEST_BITS) - 1; i++)
                        CHECK_EQUAL(user_invoke(NEST + node,
                                                &(struct message){.label = LABEL_CNODE_COPY,
                                                                  .length = 5,
                                                                  .word = {i, NEST_BITS, SIGNAL, DEPTH, 3},
                                                                  .caps = 1,
                                                                  .cap = {SLOT_INIT_CNODE}}),
                                    0);
        }
        for (word node = NEST_DEPTH - 1; node > 0; node--)
                move_into(NEST + node - 1, node % 2 ? 0 : bit(NEST_BITS) - 1, NEST + node);
}

static void deleting_a_nest_is_preemptible(void)
{
        same_with_and_without(
                make_nest, SLOT_INIT_CNODE,
                &(struct message){.label = LABEL_CNODE_DELETE, .length = 2, .word = {NEST, DEPTH}}, 1);
}

static void revoking_a_nest_is_preemptible(void)
{
        same_with_and_without(
                make_nest, SLOT_INIT_CNODE,
                &(struct message){.label = LABEL_CNODE_REVOKE, .length = 2, .word = {NEST_MEMORY, DEPTH}}, 4);
}

/* A CNode that holds the only cap to itself can be reached from its untyped alone. */
static void make_ring(void)
{
        make_nest();
        move_into(NEST, bit(NEST_BITS) - 1, NEST);
}

static void revoking_a_ring_is_preemptible(void)
{
        same_with_and_without(
                make_ring, SLOT_INIT_CNODE,
                &(struct message){.label = LABEL_CNODE_REVOKE, .length = 2, .word = {NEST_MEMORY, DEPTH}}, 4);
}

const struct test preemption_tests[] = {
        {"deleting_a_nest_is_preemptible", deleting_a_nest_is_preemptible},
        {"revoking_a_nest_is_preemptible", revoking_a_nest_is_preemptible},
        {"revoking_a_ring_is_preemptible", revoking_a_ring_is_preemptible},
        {"revoke_is_preemptible", revoke_is_preemptible},
        {"deleting_a_node_is_preemptible", deleting_a_node_is_preemptible},
        {"clearing_is_preemptible", clearing_is_preemptible},
};
const word preemption_test_count = sizeof(preemption_tests) / sizeof(preemption_tests[0]);
