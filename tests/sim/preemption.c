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

/* An interrupt is always pending, so every preemption point stops the operation. */
static struct {
        word stops;
        bool on;
} nagging;

static struct thread *root;

static void machine_with_line(void)
{
        root = small_machine();
        CHECK_EQUAL(user_invoke(SLOT_IRQ_CONTROL, &(struct message){.label = LABEL_IRQ_ISSUE_IRQ_HANDLER,
                                                                    .length = 3,
                                                                    .word = {LINE, HANDLER, DEPTH},
                                                                    .caps = 1,
                                                                    .cap = {SLOT_INIT_CNODE}}),
                    0);
}

/* Invoke with the line raised before the `at`th entry of the operation (0: never); counts the entries. */
static word invoke_nagged(word cptr, const struct message *m, bool nag)
{
        word svc = root->context.pc;

        nagging.stops = 0;
        user_load(root, USER_CALL, cptr, m);
        for (;;) {
                sim.hold_interrupts = true;
                if (nag)
                        host_raise(LINE);
                sim_syscall();
                sim.hold_interrupts = false;
                sim_interrupt();
                if (root->context.pc != svc)
                        return info_label(root->context.x[REG_INFO]);
                nagging.stops++;
                CHECK(nagging.stops < 100000);
                CHECK_EQUAL(user_invoke(HANDLER, &(struct message){.label = LABEL_IRQ_ACK_IRQ}), 0);
                root->context.pc = svc;
                user_load(root, USER_CALL, cptr, m);
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

static word run(void (*prepare)(void), word cptr, const struct message *m, bool nag)
{
        machine_with_line();
        sim.no_checks = true;
        prepare();
        sim.no_checks = false;
        CHECK_EQUAL(invoke_nagged(cptr ? cptr : user_memory(), m, nag), 0);
        /* Only the caps matter: registers and clock differ. */
        return bytes_hash(paddr_of(cnode_slots(user_cap(SLOT_INIT_CNODE))), bit(10 + SLOT_BITS));
}

static void same_with_and_without(void (*prepare)(void), word cptr, const struct message *m, word stops)
{
        word calm = run(prepare, cptr, m, false);
        CHECK_EQUAL(nagging.stops, 0);
        CHECK_EQUAL(run(prepare, cptr, m, true), calm);
        CHECK(nagging.stops >= stops);
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
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, 20, FREE + 3, 1), 0);
        CHECK_EQUAL(user_retype(FREE + 3, OBJECT_SMALL_PAGE, 0, FREE + 4, 100), 0);
        CHECK_EQUAL(user_revoke(FREE + 3), 0);
}

static void clearing_is_preemptible(void)
{
        same_with_and_without(use_memory_up, FREE + 3,
                              &(struct message){.label = LABEL_UNTYPED_RETYPE,
                                                .length = 6,
                                                .word = {OBJECT_SMALL_PAGE, 0, 0, 0, FREE + 4, 2},
                                                .caps = 1,
                                                .cap = {SLOT_INIT_CNODE}},
                              10);
}

const struct test preemption_tests[] = {
        {"revoke_is_preemptible", revoke_is_preemptible},
        {"deleting_a_node_is_preemptible", deleting_a_node_is_preemptible},
        {"clearing_is_preemptible", clearing_is_preemptible},
};
const word preemption_test_count = sizeof(preemption_tests) / sizeof(preemption_tests[0]);
