/* SPDX-License-Identifier: BSD-2-Clause */
/* The derivation tree: which caps Revoke takes with it, and in which order. */
#include "obj_common.h"

enum { BADGE = 7, OTHER = 8, MANY = 24 };

/* Revoke `slot`; bit i of the result: slots[i] is still there. */
static word left_after_revoke(word slot, word count, const word *slots)
{
        word left = 0;

        OK(seL4_CNode_Revoke(AT(slot)));
        for (word i = 0; i < count; i++)
                left |= (word)there(slots[i]) << i;
        return left;
}

TEST(obj_untyped_covers_memory, "OBJ-5.2.r1 OBJ-7.2.e3")
{
        static const struct {
                unsigned char type, bits;
        } objects[] = {{seL4_UntypedObject, 8},       {seL4_TCBObject, 0},
                       {seL4_EndpointObject, 0},      {seL4_NotificationObject, 0},
                       {seL4_CapTableObject, 3},      {seL4_SchedContextObject, 8},
                       {seL4_ReplyObject, 0},         {seL4_ARM_SmallPageObject, 0},
                       {seL4_ARM_PageTableObject, 0}, {seL4_ARM_VSpaceObject, 0}};
        word ut = new_untyped(16), slots[MANY], n = 0, outside = new_endpoint();

        for (word i = 0; i < sizeof objects / sizeof *objects; i++) {
                slots[n] = new_slot();
                OK(retyped(ut, objects[i].type, objects[i].bits, slots[n++]));
        }
        slots[n] = new_slot();
        OK(retyped(slots[0], seL4_EndpointObject, 0, slots[n++])); /* from the inner untyped */
        slots[n] = minted(slots[n - 1], BADGE, seL4_AllRights);
        n++;
        slots[n++] = copied(slots[1], seL4_AllRights);
        EQ(left_after_revoke(slots[0], n, slots), (1ul << n) - 1 - (1ul << (n - 3)) - (1ul << (n - 2)));
        EQ(left_after_revoke(ut, n, slots), 0);
        CHECK(there(ut) && there(outside));
}

TEST(obj_unbadged_covers_all_badges, "OBJ-5.2.r2")
{
        const word sources[] = {new_endpoint(), new_notification()};

        for (word i = 0; i < 2; i++) {
                word ep = sources[i], derived = copied(ep, seL4_AllRights);
                word badged = minted(ep, BADGE, seL4_AllRights),
                     late = minted(derived, BADGE, seL4_AllRights);
                const word slots[] = {derived, badged, copied(badged, seL4_AllRights), late,
                                      copied(late, seL4_AllRights)};

                EQ(left_after_revoke(derived, 5, slots), 31); /* a derived cap has no descendants */
                EQ(left_after_revoke(ep, 5, slots), 0);
                CHECK(there(ep));
        }
}

TEST(obj_badged_covers_its_own, "OBJ-5.2.r3 OBJ-17.5")
{
        const word sources[] = {new_endpoint(), new_notification()};

        for (word i = 0; i < 2; i++) {
                word badged = minted(sources[i], BADGE, seL4_AllRights),
                     twin = minted(sources[i], BADGE, seL4_AllRights);
                word other = minted(sources[i], OTHER, seL4_AllRights), copy = copied(badged, seL4_AllRights);
                const word slots[] = {copy,  copied(copy, seL4_AllRights),
                                      twin,  copied(twin, seL4_AllRights),
                                      other, copied(sources[i], seL4_AllRights)};

                EQ(left_after_revoke(copy, 6, slots), 63);
                EQ(left_after_revoke(badged, 6, slots), 60);
                CHECK(there(badged));
        }
}

/* Copies of a deleted badged original never become children of a later cap with that badge. */
TEST(obj_orphans_of_a_badge, "OBJ-5.2.r2 OBJ-5.2.r3")
{
        word ep = new_endpoint(), first = minted(ep, BADGE, seL4_AllRights),
             orphan = copied(first, seL4_AllRights);

        OK(seL4_CNode_Delete(AT(first)));
        word second = minted(ep, BADGE, seL4_AllRights);
        const word slots[] = {orphan, second};
        EQ(left_after_revoke(second, 2, slots), 3);
        EQ(left_after_revoke(ep, 2, slots), 0);
        word badged = minted(ep, BADGE, seL4_AllRights), copy = copied(badged, seL4_AllRights);
        OK(seL4_CNode_Delete(AT(ep))); /* nobody is left to revoke the badged one */
        EQ(left_after_revoke(copy, 1, &badged), 1);
        EQ(left_after_revoke(badged, 1, &copy), 0);
}

TEST(obj_same_object, "OBJ-5.2.r4 OBJ-5.2.r6")
{
        static const unsigned char kinds[] = {S_CNODE, S_TCB,   S_SC,     S_REPLY,
                                              S_FRAME, S_TABLE, S_VSPACE, S_IRQ_HANDLER};

        for (word i = 0; i < sizeof kinds; i++) {
                word original = sample(kinds[i]),
                     like_it = kinds[i] == S_IRQ_HANDLER ? new_endpoint() : sample(kinds[i]);
                word copy = copied(original, seL4_AllRights), second = copied(copy, seL4_AllRights);
                word third = copied(original, seL4_AllRights);
                const word slots[] = {original, copy, second, third, like_it};

                EQ(left_after_revoke(copy, 5, slots), 31); /* a sibling, not a child */
                EQ(left_after_revoke(original, 5, slots), 1 + 16);
        }
}

/* An ASID pool is derived: its copy is a sibling, and both belong to the untyped. */
TEST(obj_pool_is_derived, "OBJ-5.2.r4")
{
        word ut = new_untyped(12), pool = new_slot();

        OK(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, ut, ROOT, pool, 64));
        word copy = copied(pool, seL4_AllRights);
        const word slots[] = {pool, copy};
        EQ(left_after_revoke(pool, 2, slots), 3);
        EQ(left_after_revoke(ut, 2, slots), 0);
        word boot_copy = copied(seL4_CapInitThreadASIDPool, seL4_AllRights);
        EQ(left_after_revoke(seL4_CapInitThreadASIDPool, 1, &boot_copy), 0);
}

TEST(obj_irq_control_covers, "OBJ-5.2.r5 OBJ-5.2.r6")
{
        word first = new_slot(), second = new_slot(), sgi = sample(S_SGI);

        OK(seL4_IRQControl_Get(seL4_CapIRQControl, 95, ROOT, first, 64));
        OK(seL4_IRQControl_Get(seL4_CapIRQControl, 96, ROOT, second, 64));
        const word slots[] = {first, second, sgi, copied(first, seL4_AllRights), copied(sgi, seL4_AllRights)};
        EQ(left_after_revoke(first, 5, slots), 1 + 2 + 4 + 16);
        EQ(left_after_revoke(seL4_CapIRQControl, 5, slots), 0);
        CHECK(there(seL4_CapIRQControl));
        OK(seL4_IRQControl_Get(seL4_CapIRQControl, 95, ROOT, first, 64)); /* unissued by that */
}

TEST(obj_sgi_covers, "OBJ-5.2.r7")
{
        word sgi = new_slot(), twin = new_slot(), other = new_slot();

        OK(seL4_IRQControl_IssueSGISignal(seL4_CapIRQControl, 3, 0, ROOT, sgi, 64));
        OK(seL4_IRQControl_IssueSGISignal(seL4_CapIRQControl, 3, 0, ROOT, twin, 64));
        OK(seL4_IRQControl_IssueSGISignal(seL4_CapIRQControl, 4, 0, ROOT, other, 64));
        const word slots[] = {copied(sgi, seL4_AllRights), twin, copied(twin, seL4_AllRights), other};
        EQ(left_after_revoke(sgi, 4, slots), 14);
        EQ(left_after_revoke(twin, 4, slots), 10);
}

TEST(obj_same_kind, "OBJ-5.2.r8")
{
        static const unsigned char kinds[] = {S_SCHED_CONTROL, S_DOMAIN, S_ASID_CONTROL};

        for (word i = 0; i < sizeof kinds; i++) {
                word original = sample(kinds[i]), copy = copied(original, seL4_AllRights);
                const word slots[] = {original, copy, copied(copy, seL4_AllRights)};

                EQ(left_after_revoke(copy, 3, slots), 7);
                EQ(left_after_revoke(original, 3, slots), 1);
        }
}

/* Caps keep their place in the tree wherever they are moved. */
TEST(obj_moves_keep_the_tree, "OBJ-5.2.r2 OBJ-5.2.r4")
{
        word node = new_node(4), moved = new_slot(), copy = copied(node, seL4_AllRights), ep = new_endpoint();

        OK(seL4_CNode_Mutate(AT(moved), AT(node), data_word(0, 3)));
        OK(seL4_CNode_Mutate(AT(node), AT(copy), data_word(1, 1)));
        EQ(left_after_revoke(node, 1, &moved), 1);
        EQ(left_after_revoke(moved, 1, &node), 0);
        OK(seL4_CNode_Move(moved, 5, 7, AT(ep))); /* into the CNode itself */
        word badged = new_slot();
        OK(seL4_CNode_Mint(AT(badged), moved, 5, 7, seL4_AllRights, BADGE));
        OK(seL4_CNode_Revoke(moved, 5, 7));
        CHECK(!there(badged) && there_in(moved, 5, 7));
}

/* Caps kept in TCBs are descendants as any other. */
TEST(obj_kernel_slots_are_children, "OBJ-14.3.r4 OBJ-5.2.r1")
{
        static struct agent a;
        word ut = new_untyped(12), ep = new_slot();

        OK(retyped(ut, seL4_EndpointObject, 0, ep));
        agent_make(&a, LOW);
        OK(seL4_TCB_SetSpace(a.h.tcb, ep, ROOT, 0, VSPACE, 0));
        OK(seL4_CNode_Delete(AT(ep)));
        EQ(seL4_CNode_Copy(AT(ep), AT(ut), seL4_AllRights), seL4_RevokeFirst); /* the TCB's cap counts */
        does_call(&a, unresolvable(), info_word(0, 0, 0));
        OK(seL4_CNode_Revoke(AT(ut)));
        OK(seL4_CNode_Copy(AT(ep), AT(ut), seL4_AllRights));
        agent_run(&a); /* no handler: it just stops */
        CHECK(agent_is(&a, 0));
}

enum { ORDERED = 3 };
static volatile word finished[ORDERED], finished_count;

static void sends_once(word endpoint, word number)
{
        seL4_Send(endpoint, seL4_MessageInfo_new(0, 0, 0, 0));
        finished[finished_count++] = number;
}

/* Of caps made from one source the latest goes first.  Threads woken by one call go to the head of their queue, so the
 * thread that was blocked on the first object, woken last, runs first. */
TEST(obj_revoke_order, "OBJ-5.2.r1 OBJ-15.2.r4")
{
        static struct helper h[ORDERED];
        word ut = new_untyped(12), eps[ORDERED];

        finished_count = 0;
        for (word i = 0; i < ORDERED; i++) {
                eps[i] = new_slot();
                OK(retyped(ut, seL4_EndpointObject, 0, eps[i]));
                spawn(&h[i], LOW, sends_once, eps[i], i);
                let_run();
        }
        OK(seL4_CNode_Revoke(AT(ut)));
        let_run();
        EQ(finished_count, ORDERED); /* each Send was restarted, met an empty slot, and was over */
        for (word i = 0; i < ORDERED; i++)
                EQ(finished[i], i);
}
