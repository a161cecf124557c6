/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages and faults between address spaces.  The other space holds the same program at the same addresses, and pages of
 * its own. */
#include "ipc_common.h"

static const word PROGRAM = 0x400000;

static void map_in(word space, word frame, word address)
{
        word error;

        while ((error = seL4_ARM_Page_Map(frame, space, address, seL4_AllRights,
                                          seL4_ARM_Default_VMAttributes)) == seL4_FailedLookup)
                OK(seL4_ARM_PageTable_Map(new_object(seL4_ARM_PageTableObject, 0), space, address,
                                          seL4_ARM_Default_VMAttributes));
        OK(error);
}

/* `a` moves to a new space that has the program, its buffer and a stack; the root of that space. */
static word own_space(struct agent *a)
{
        word space = new_object(seL4_ARM_VSpaceObject, 0), count;

        OK(seL4_ARM_ASIDPool_Assign(seL4_CapInitThreadASIDPool, space));
        count = suite_boot->userImageFrames.end - suite_boot->userImageFrames.start;
        for (word i = 0; i < count; i++)
                map_in(space, copied(suite_boot->userImageFrames.start + i, seL4_AllRights),
                       PROGRAM + (i << seL4_PageBits));
        map_in(space, copied(a->h.frame, seL4_AllRights), a->h.buffer);
        map_in(space, new_frame(), a->h.stack_top - (1ul << seL4_PageBits));
        OK(seL4_TCB_SetSpace(a->h.tcb, seL4_CapNull, ROOT, 0, space, 0));
        return space;
}

static void between_spaces(word sender, word receiver, int sender_first)
{
        static struct agent s, r; /* in the program's memory, which both spaces have */
        word ep = new_endpoint();

        agent_make(&s, sender);
        agent_make(&r, receiver);
        own_space(&s);
        for (word length = 0; length <= LONGEST; length++)
                exchange(&s, &r, (word[]){ep, (word)sender_first}, length);
}

TEST(every_length_between_spaces, "IPC-20")
{
        between_spaces(LOW, HIGH, 0);
        between_spaces(LOW, LOW, 0);
        between_spaces(HIGH, LOW, 0);
}

TEST(every_queued_length_between_spaces, "IPC-20")
{
        between_spaces(LOW, HIGH, 1);
        between_spaces(LOW, LOW, 1);
        between_spaces(HIGH, LOW, 1);
}

static void read_word(word address, word result)
{
        *(volatile word *)result = *(volatile word *)address;
}

TEST(page_fault_in_another_space, "IPC-84")
{
        static volatile word result;
        static struct agent a;
        word address, reply = new_reply(), frame, space;

        agent_make(&a, LOW);
        space = own_space(&a);
        frame = map_new_page(&address);
        *(volatile word *)address = 0x5bace;
        a.faults = new_endpoint();
        OK(seL4_TCB_SetSpace(a.h.tcb, minted(a.faults, FAULT_BADGE, seL4_AllRights), ROOT, 0, space, 0));
        result = 0;
        helper_start(&a.h, read_word, address, (word)&result);
        struct message m = fault_of(&a, reply);
        EQ(m.label, seL4_Fault_VMFault);
        EQ(m.mr[1], address);
        map_in(space, copied(frame, seL4_AllRights), address);
        answer(reply, 0, 0);
        let_run();
        EQ(result, 0x5bace);
        EQ(a.h.done, 1);
}
