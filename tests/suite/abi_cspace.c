/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses of capabilities: resolution, its failures as error replies and as faults, guards and badges. */
#include "ipc_common.h"

enum { RADIX = 4, MOST = 5 };

/* A failed CNode_Delete of (root, index, depth): all words of the reply. */
static void delete_fails(const word where[3], word length, const word *details)
{
        word regs[REGISTERS];

        set_mr(4, 0);
        for (word i = 0; i < REGISTERS; i++)
                regs[i] = MARK(i);
        regs[0] = where[0];
        regs[1] = info_word(CNodeDelete, 0, 2);
        regs[2] = where[1];
        regs[3] = where[2];
        regs[6] = 0;
        regs[7] = (word)seL4_SysCall;
        raw_call(regs);
        EQ(regs[0], 0);
        EQ(regs[1],
           info_word(length == 2 && details[0] == 1 ? seL4_RangeError : seL4_FailedLookup, 0, length));
        for (word i = 0; i < length && i < WORDS_IN_REGISTERS; i++)
                EQ(regs[2 + i], details[i]);
        if (length == MOST)
                EQ(get_mr(4), details[4]);
}

static void guard_mismatch(const word where[3], word guard, word width)
{
        delete_fails(where, 5, (word[]){0, seL4_GuardMismatch, where[2], guard, width});
}

static void depth_mismatch(const word where[3], word left, word found)
{
        delete_fails(where, 4, (word[]){0, seL4_DepthMismatch, left, found});
}

static word small_cnode(void)
{
        return new_object(seL4_CapTableObject, RADIX);
}

static word guarded(word cnode, word guard, word width)
{
        word to = new_slot();

        OK(seL4_CNode_Mint(AT(to), AT(cnode), seL4_AllRights, seL4_CNode_CapData_new(guard, width).words[0]));
        return to;
}

TEST(guard_of_the_root, "ABI-3.1.1 ABI-3.1.2 ABI-3.2.3 ABI-4.3.4 ABI-8.3 ABI-8.4")
{
        word width = root_guard_bits();

        guard_mismatch((word[]){ROOT, 1, 10}, 0, width);
        depth_mismatch((word[]){ROOT, 0, width}, width, 64);
        depth_mismatch((word[]){ROOT, 1, 63}, 63, 64);
        guard_mismatch((word[]){ROOT, 1ul << 63 | 1, 64}, 0, width);
}

TEST(cnode_without_guard, "ABI-3.1.2 ABI-3.2.4 ABI-3.3.5 OBJ-3.1.2 OBJ-3.2.4")
{
        word cnode = small_cnode();

        depth_mismatch((word[]){cnode, 1, 3}, 3, RADIX);
        depth_mismatch((word[]){cnode, 1, 5}, 1, 0);
        OK(seL4_CNode_Copy(cnode, 3, RADIX, AT(ROOT), seL4_AllRights));
        OK(seL4_CNode_Delete(cnode, 3, RADIX));
        OK(seL4_CNode_Delete(cnode, 0xffff3, RADIX));
}

TEST(cnode_with_guard, "ABI-3.1.1 ABI-3.1.2 ABI-8.4 OBJ-3.1.1")
{
        word cnode = guarded(small_cnode(), 5, 3);

        guard_mismatch((word[]){cnode, 6 << RADIX | 1, 7}, 5, 3);
        guard_mismatch((word[]){cnode, 1, 2}, 5, 3);
        depth_mismatch((word[]){cnode, 5 << 2, 5}, 5, 7);
        OK(seL4_CNode_Delete(cnode, 5 << RADIX | 1, 7));
        depth_mismatch((word[]){cnode, (5 << RADIX | 1) << 2, 9}, 2, 0);
}

/* A CNode within a CNode: slot 7 of the outer is the inner, with this guard. */
static word nested(word *outer, word guard, word width)
{
        word inner = small_cnode();

        *outer = small_cnode();
        OK(seL4_CNode_Mint(*outer, 7, RADIX, AT(inner), seL4_AllRights,
                           seL4_CNode_CapData_new(guard, width).words[0]));
        return inner;
}

TEST(two_levels, "ABI-3.1.3 ABI-3.1.4 OBJ-3.1.3 OBJ-3.1.4 OBJ-3.1.5 OBJ-3.1.6")
{
        word outer, inner = nested(&outer, 2, 2), ntfn = new_notification();

        OK(seL4_CNode_Copy(inner, 9, RADIX, AT(ntfn), seL4_AllRights));
        OK(seL4_CNode_Mint(AT(new_slot()), outer, 7 << 6 | 2 << 4 | 9, 10, seL4_AllRights, 4));
        delete_fails((word[]){outer, 7 << 6 | 1 << 4 | 9, 10}, 5, (word[]){0, seL4_GuardMismatch, 6, 2, 2});
        OK(seL4_CNode_Delete(outer, 7 << 6 | 2 << 4 | 9, 10));
        EQ(seL4_CNode_Mint(AT(new_slot()), inner, 9, RADIX, seL4_AllRights, 4), seL4_FailedLookup);
        OK(seL4_CNode_Delete(outer, 7, RADIX));
        EQ(seL4_CNode_Mint(AT(new_slot()), outer, 7, RADIX, seL4_AllRights, 0), seL4_FailedLookup);
}

TEST(guard_of_the_inner_level, "ABI-3.1.1 ABI-3.1.3")
{
        word outer;

        nested(&outer, 2, 2);
        delete_fails((word[]){outer, 7 << 6 | 3 << 4, 10}, 5, (word[]){0, seL4_GuardMismatch, 6, 2, 2});
        delete_fails((word[]){outer, 7 << 4 | 2 << 2, 8}, 4, (word[]){0, seL4_DepthMismatch, 4, 6});
}

TEST(depth_of_a_slot, "ABI-3.2.2 ABI-4.3.3 OBJ-3.2.2")
{
        delete_fails((word[]){ROOT, 1, 0}, 2, (word[]){1, 64});
        delete_fails((word[]){ROOT, 1, 65}, 2, (word[]){1, 64});
        delete_fails((word[]){ROOT, 1, 1ul << 32 | 64}, 2, (word[]){1, 64});
}

TEST(root_that_is_no_cnode, "ABI-3.2.1 ABI-8.1 ABI-4.3.4 OBJ-3.2.1")
{
        word ep = new_endpoint();

        EQ(seL4_CNode_Copy(AT(new_slot()), ep, ep, 64, seL4_AllRights), seL4_FailedLookup);
        EQ(get_mr(0), 1);
        EQ(get_mr(1), seL4_InvalidRoot);
        EQ(seL4_CNode_Copy(AT(new_slot()), ep, ep, 0, seL4_AllRights), seL4_FailedLookup);
        EQ(seL4_IRQControl_Get(seL4_CapIRQControl, 70, ep, 1, 64), seL4_FailedLookup);
        EQ(get_mr(0), 0);
        EQ(get_mr(1), seL4_InvalidRoot);
}

TEST(source_or_destination, "ABI-3.2.5 ABI-8.2 OBJ-3.4.r2 OBJ-3.4.r3 OBJ-3.4.r4")
{
        word full = new_endpoint(), cnode = small_cnode();

        EQ(seL4_CNode_Copy(AT(new_slot()), AT(new_slot()), seL4_AllRights), seL4_FailedLookup);
        EQ(get_mr(0), 1);
        EQ(get_mr(1), seL4_MissingCapability);
        EQ(get_mr(2), 64);
        EQ(seL4_CNode_Move(AT(new_slot()), cnode, 2, 3), seL4_FailedLookup);
        EQ(get_mr(0), 1);
        EQ(get_mr(2), 3);
        EQ(seL4_CNode_Move(cnode, 2, 3, AT(full)), seL4_FailedLookup);
        EQ(get_mr(0), 0);
        EQ(get_mr(1), seL4_DepthMismatch);
        EQ(seL4_CNode_Rotate(AT(new_slot()), 0, cnode, 2, 3, 0, AT(full)), seL4_FailedLookup);
        EQ(get_mr(0), 1);
        EQ(get_mr(1), seL4_DepthMismatch);
        EQ(seL4_CNode_Rotate(AT(new_slot()), 0, AT(new_slot()), 0, AT(full)), seL4_FailedLookup);
        EQ(get_mr(0), 0);
        EQ(get_mr(1), seL4_MissingCapability);
}

/* --- a thread in a CSpace of its own --- */

/* The agent does one Send to `address` within `cnode`. */
static void sends_within(struct agent *a, word cnode, word address)
{
        agent_make(a, LOW);
        a->faults = new_endpoint();
        OK(seL4_TCB_SetSpace(a->h.tcb, minted(a->faults, FAULT_BADGE, seL4_AllRights), cnode, 0, VSPACE, 0));
        does_send(a, address, 0);
}

TEST(left_over_bits_of_an_address, "ABI-3.1.4 OBJ-3.1.6")
{
        word cnode = small_cnode(), ntfn = new_notification();
        struct agent a;

        OK(seL4_CNode_Mint(cnode, 12, RADIX, AT(ntfn), seL4_AllRights, 0x77));
        sends_within(&a, cnode, 12ul << 60 | 0x0123456789abcde);
        does_send(&a, 12ul << 60, 0);
        agent_run(&a);
        EQ(poll_word(ntfn), 0x77);
}

TEST(address_through_two_levels, "ABI-3.1.3 ABI-3.1.4")
{
        word outer, inner = nested(&outer, 1, 2), ntfn = new_notification();
        struct agent a;

        OK(seL4_CNode_Mint(inner, 5, RADIX, AT(ntfn), seL4_AllRights, 0x78));
        sends_within(&a, outer, 7ul << 60 | 1ul << 58 | 5ul << 54 | 0x1234);
        agent_run(&a);
        EQ(poll_word(ntfn), 0x78);
}

TEST(depth_mismatch_as_a_fault, "ABI-8.3 ABI-3.1.2 OBJ-3.4.r1")
{
        word outer;
        struct agent a;

        nested(&outer, 0, 58);
        sends_within(&a, outer, 7ul << 60 | 3);
        agent_run(&a);
        struct message m = fault_of(&a, new_reply());
        EQ(m.label, seL4_Fault_CapFault);
        EQ(m.length, 6);
        EQ(m.mr[1], 7ul << 60 | 3);
        EQ(m.mr[2], 0);
        EQ(m.mr[3], seL4_DepthMismatch);
        EQ(m.mr[4], 60);
        EQ(m.mr[5], 62);
}

TEST(guard_mismatch_as_a_fault, "ABI-8.4 ABI-3.1.1")
{
        word outer;
        struct agent a;

        nested(&outer, 9, 16);
        sends_within(&a, outer, 7ul << 60 | 8ul << 44);
        agent_run(&a);
        struct message m = fault_of(&a, new_reply());
        EQ(m.length, 7);
        EQ(m.mr[3], seL4_GuardMismatch);
        EQ(m.mr[4], 60);
        EQ(m.mr[5], 9);
        EQ(m.mr[6], 16);
}

TEST(no_cspace_root_as_a_fault, "ABI-8.1")
{
        word cnode = small_cnode();
        struct agent a;

        sends_within(&a, cnode, 0);
        OK(seL4_CNode_Revoke(AT(cnode)));
        agent_run(&a);
        struct message m = fault_of(&a, new_reply());
        EQ(m.label, seL4_Fault_CapFault);
        EQ(m.length, 4);
        EQ(m.mr[3], seL4_InvalidRoot);
}

/* --- guard and badge words --- */

TEST(guard_word, "ABI-3.3.1 ABI-3.3.2 ABI-4.3.6 OBJ-4.3.r3")
{
        word cnode = small_cnode(), wide = guarded(cnode, 0xff, 3);

        EQ(seL4_CNode_CapData_new(0x123, 5).words[0], 0x123 << 6 | 5);
        guard_mismatch((word[]){wide, 6 << RADIX, 7}, 7, 3);
        OK(seL4_CNode_Delete(wide, 7 << RADIX, 7));
        EQ(seL4_CNode_Mint(AT(new_slot()), AT(cnode), seL4_AllRights, seL4_CNode_CapData_new(0, 61).words[0]),
           seL4_IllegalOperation);
        guarded(cnode, 0, 60);
        word bare = new_slot();
        OK(seL4_CNode_Mint(AT(bare), AT(wide), seL4_AllRights, 0));
        OK(seL4_CNode_Delete(bare, 1, RADIX));
}

TEST(badge_word_of_mint, "ABI-3.3.2")
{
        word ep = new_endpoint(), badged = minted(ep, 4, seL4_AllRights),
             ntfn = minted(new_notification(), 4, seL4_AllRights);

        EQ(seL4_CNode_Mint(AT(new_slot()), AT(badged), seL4_AllRights, 0), seL4_IllegalOperation);
        EQ(seL4_CNode_Mint(AT(new_slot()), AT(badged), seL4_AllRights, 4), seL4_IllegalOperation);
        EQ(seL4_CNode_Mint(AT(new_slot()), AT(ntfn), seL4_AllRights, 0), seL4_IllegalOperation);
        minted(minted(ep, 0, seL4_AllRights), 5, seL4_AllRights);
        minted(new_object(seL4_TCBObject, 0), 5, seL4_AllRights);
        minted(new_reply(), 5, seL4_AllRights);
        OK(seL4_CNode_Copy(AT(new_slot()), AT(badged), seL4_AllRights));
}

TEST(data_word_of_mutate_and_rotate, "ABI-3.3.3")
{
        word cnode = small_cnode(), moved = new_slot(), again = new_slot(),
             tcb = new_object(seL4_TCBObject, 0);
        word guard = seL4_CNode_CapData_new(1, 1).words[0];

        EQ(seL4_CNode_Mutate(AT(new_slot()), AT(new_endpoint()), 0), seL4_IllegalOperation);
        EQ(seL4_CNode_Mutate(AT(new_slot()), AT(new_notification()), 0), seL4_IllegalOperation);
        EQ(seL4_CNode_Rotate(AT(new_slot()), 0, AT(tcb), 0, AT(new_endpoint())), seL4_IllegalOperation);
        EQ(seL4_CNode_Rotate(AT(new_slot()), 0, AT(new_notification()), 0, AT(tcb)), seL4_IllegalOperation);
        OK(seL4_CNode_Mutate(AT(moved), AT(cnode), guard));
        guard_mismatch((word[]){moved, 1, 5}, 1, 1);
        OK(seL4_CNode_Delete(moved, 1 << RADIX, 5));
        OK(seL4_CNode_Rotate(AT(again), 0, AT(moved), 77, AT(tcb)));
        OK(seL4_CNode_Delete(again, 1, RADIX));
        OK(seL4_TCB_Resume(moved));
}

static void cspace_word(word cnode, word data, int reaches)
{
        word ntfn = new_notification();
        struct agent a;

        seL4_CNode_Delete(cnode, 1 << RADIX | 2, 5);
        OK(seL4_CNode_Mint(cnode, 1 << RADIX | 2, 5, AT(ntfn), seL4_AllRights, 0x66));
        agent_make(&a, LOW);
        OK(seL4_TCB_SetSpace(a.h.tcb, seL4_CapNull, cnode, data, VSPACE, 0));
        does_send(&a, 1ul << 63 | 2ul << 59, 0);
        agent_run(&a);
        EQ(poll_word(ntfn), reaches ? 0x66 : 0);
        agent_make(&a, LOW);
        OK(seL4_TCB_Configure(a.h.tcb, cnode, data, VSPACE, 0, a.h.buffer, a.h.frame));
        does_send(&a, 1ul << 63 | 2ul << 59, 0);
        agent_run(&a);
        EQ(poll_word(ntfn), reaches ? 0x66 : 0);
}

TEST(cspace_root_data, "ABI-3.3.4")
{
        word cnode = guarded(small_cnode(), 1, 1);

        cspace_word(cnode, 0, 1);
        cspace_word(cnode, seL4_CNode_CapData_new(1, 1).words[0], 1);
        cspace_word(cnode, seL4_CNode_CapData_new(0, 1).words[0], 0);
        cspace_word(cnode, seL4_CNode_CapData_new(2, 2).words[0], 0);
}
