/* SPDX-License-Identifier: BSD-2-Clause */
/* Long operations let others run in between, and caps under deletion are what those others see.
 *
 * A watcher of high priority wakes at every period while the test has the kernel revoke or delete; it counts its turns and
 * may look at a slot.
 */
#include "obj_common.h"

enum {
        WATCHER = 230,
        PERIOD_US = 150,
        BUDGET_US = 60,
        NODE_BITS = 12,
        NODE_SLOTS = 1 << NODE_BITS,
        AT_ONCE = 256
};

static volatile word turns, watching;
static volatile word seen; /* what the look found out, 0: nothing yet */
static void (*volatile look)(void);

static void watches(word a, word b)
{
        (void)a;
        (void)b;
        for (;;) {
                if (watching) {
                        turns++;
                        if (look)
                                look();
                }
                seL4_Yield();
        }
}

static void watcher_ready(void (*what)(void))
{
        static struct helper h;

        turns = watching = seen = 0;
        look = what;
        helper_make(&h, WATCHER);
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, h.sc, BUDGET_US, PERIOD_US, 0, 0,
                                            0));
        helper_start(&h, watches, 0, 0);
}

static word full_node(word untyped, word slot)
{
        OK(retyped(untyped, seL4_CapTableObject, NODE_BITS, slot));
        for (word i = 0; i < NODE_SLOTS; i += AT_ONCE)
                OK(seL4_Untyped_Retype(test_untyped(), seL4_EndpointObject, 0, slot, 0, 0, i, AT_ONCE));
        return slot;
}

static word node_slot, node_untyped, other_slot, spare_slot;

static void nodes_ready(void)
{
        node_untyped = new_untyped(NODE_BITS + 5);
        node_slot = new_slot();
        other_slot = new_slot();
        spare_slot = new_slot();
        full_node(node_untyped, node_slot);
}

TEST(obj_revoke_lets_others_run, "OBJ-17.18 OBJ-15.2.r2")
{
        word ep = new_endpoint(), node = new_node(NODE_BITS);

        for (word i = 0; i < NODE_SLOTS; i++)
                OK(seL4_CNode_Mint(node, i, NODE_BITS, AT(ep), seL4_AllRights, i % 7));
        watcher_ready(NULL);
        watching = 1;
        EXPECT(done(), ROOT, CNodeRevoke, 2, {ep, 64}); /* restarted many times, with all its registers */
        watching = 0;
        CHECK(turns >= 3);
        CHECK(there(ep));
        for (word i = 0; i < NODE_SLOTS; i += 13)
                CHECK(!there_in(node, i, NODE_BITS));
}

TEST(obj_delete_lets_others_run, "OBJ-15.2.r2")
{
        nodes_ready();
        watcher_ready(NULL);
        watching = 1;
        EXPECT(done(), ROOT, CNodeDelete, 2, {node_slot, 64});
        watching = 0;
        CHECK(turns >= 3);
        CHECK(!there(node_slot));
        OK(seL4_CNode_Copy(AT(spare_slot), AT(node_untyped), seL4_AllRights)); /* nothing is left of it */
}

TEST(obj_reset_lets_others_run, "OBJ-7.2.e1 OBJ-15.2.r2")
{
        enum { BITS = 20, FRAMES = 1 << (BITS - 12) };
        word ut = new_untyped(BITS), first = new_slots(FRAMES), address = new_page_address(), wrong = 0;
        volatile word *page = (volatile word *)address;

        OK(seL4_Untyped_Retype(ut, seL4_ARM_SmallPageObject, 0, ROOT, 0, 0, first, FRAMES));
        OK(map_at(first, address, seL4_ReadWrite, seL4_ARM_Default_VMAttributes));
        page[0] = page[511] = 99;
        OK(seL4_CNode_Revoke(AT(ut)));
        watcher_ready(NULL);
        watching = 1;
        EXPECT(done(), ut, UntypedRetype, 6, {seL4_ARM_SmallPageObject, 0, 0, 0, first, FRAMES}, 1, {ROOT});
        watching = 0;
        CHECK(turns >= 2);
        OK(map_at(first, address, seL4_ReadWrite, seL4_ARM_Default_VMAttributes));
        for (word i = 0; i < 512; i++)
                wrong += page[i] != 0;
        EQ(wrong, 0);
}

static int is_under_deletion(word slot)
{
        word regs[REGISTERS];

        raw(seL4_SysCall, slot, info_word(0, 0, 0), regs);
        return there(slot) &&
               seL4_MessageInfo_get_label((seL4_MessageInfo_t){{regs[1]}}) == seL4_InvalidCapability;
}

static void looks_at_the_cap(void)
{
        if (seen || !is_under_deletion(node_slot))
                return;
        if (on_debug_kernel())
                EQ(kind_of(node_slot), 18);
        EXPECT(bad_capability(0), node_slot, CNodeDelete, 2, {0, NODE_BITS});
        EXPECT(illegal(), ROOT, CNodeCopy, 5, {other_slot, 64, node_slot, 64, MASK_ALL}, 1, {ROOT});
        EXPECT(illegal(), ROOT, CNodeMint, 6, {other_slot, 64, node_slot, 64, MASK_ALL, 64}, 1, {ROOT});
        EXPECT(revoke_first(), ROOT, CNodeCopy, 5, {other_slot, 64, node_untyped, 64, MASK_ALL}, 1, {ROOT});
        seen = 1;
}

TEST(obj_cap_under_deletion, "OBJ-2.2.r2 OBJ-4.3.r16")
{
        nodes_ready();
        watcher_ready(looks_at_the_cap);
        watching = 1;
        OK(seL4_CNode_Delete(AT(node_slot)));
        watching = 0;
        CHECK(seen);
        CHECK(!there(node_slot));
}

static void takes_the_cap_away(void)
{
        if (seen || !is_under_deletion(node_slot))
                return;
        OK(seL4_CNode_Mutate(AT(other_slot), AT(node_slot), 64));
        seen = 1;
}

/* The Delete under way finds an empty slot; another Delete continues the work. */
TEST(obj_cap_under_deletion_moves, "OBJ-4.3.r16 OBJ-15.2.r2")
{
        nodes_ready();
        watcher_ready(takes_the_cap_away);
        watching = 1;
        OK(seL4_CNode_Delete(AT(node_slot)));
        watching = 0;
        CHECK(seen);
        CHECK(!there(node_slot));
        CHECK(is_under_deletion(other_slot));
        OK(seL4_CNode_Delete(AT(other_slot)));
        CHECK(!there(other_slot));
        OK(seL4_CNode_Copy(AT(spare_slot), AT(node_untyped), seL4_AllRights));
}

static word target;
static volatile word asked;

/* Sets the TLS base of `target` to 1, 2, 3 and so on, saying before each what it asks for. */
static void asks_all_the_time(word a, word b)
{
        (void)a;
        (void)b;
        for (;;) {
                asked++;
                seL4_TCB_SetTLSBase(target, asked);
        }
}

/* With hardly any budget left an operation is not begun: what is asked for does not happen until there is time. */
TEST(obj_no_budget_at_entry, "OBJ-15.2.r3")
{
        static struct helper h;
        seL4_UserContext c;

        asked = 0;
        target = sample(S_TCB);
        helper_make(&h, LOW);
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, h.sc, 500, 10000, 0, 0, 0));
        helper_start(&h, asks_all_the_time, 0, 0);
        let_run();
        OK(seL4_TCB_ReadRegisters(target, 0, 0, 36, &c));
        word before = asked;
        CHECK(before > 5);
        EQ(c.tpidr_el0, before - 1);
        sleep_us(20000);
        OK(seL4_TCB_Suspend(h.tcb));
        OK(seL4_TCB_ReadRegisters(target, 0, 0, 36, &c));
        CHECK(asked > before);
        CHECK(c.tpidr_el0 == asked || c.tpidr_el0 == asked - 1);
}
