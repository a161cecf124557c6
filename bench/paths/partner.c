/* SPDX-License-Identifier: BSD-2-Clause */
/* See bench.h: threads in the root task's address space and in a second one. */
#include "bench.h"

enum { PAGE = 1 << seL4_PageBits, STACK = 4096, PARTNERS = 8 };

extern char _start[]; /* first byte of the image (tests/suite/root.ld) */

static char stacks[PARTNERS][STACK] __attribute__((aligned(16)));
static word n_stacks, over;

/* A copy of `frame` at `address` of `space`, with tables as needed. */
static void map_in(word space, word frame, word address)
{
        word copy = copied(frame, seL4_AllRights), error;

        while ((error = seL4_ARM_Page_Map(copy, space, address, seL4_AllRights,
                                          seL4_ARM_Default_VMAttributes)) == seL4_FailedLookup)
                OK(seL4_ARM_PageTable_Map(new_object(seL4_ARM_PageTableObject, 0), space, address,
                                          seL4_ARM_Default_VMAttributes));
        OK(error);
}

word second_space(void)
{
        word space = new_object(seL4_ARM_VSpaceObject, 0);
        seL4_SlotRegion image = suite_boot->userImageFrames;

        OK(seL4_ARM_ASIDPool_Assign(seL4_CapInitThreadASIDPool, space));
        for (word i = 0; i < image.end - image.start; i++)
                map_in(space, image.start + i, (word)_start + i * PAGE);
        return space;
}

void partner(struct helper *h, word priority, word space, helper_fn *fn, word a, word b)
{
        helper_make(h, priority);
        h->stack_top = (word)stacks[n_stacks++ % PARTNERS] + STACK;
        if (space) {
                map_in(space, h->frame, h->buffer);
                OK(seL4_TCB_SetSpace(h->tcb, seL4_CapNull, ROOT, 0, space, 0));
        }
        helper_start(h, fn, a, b);
}

void through(void)
{
        seL4_Signal(over);
}

void meeting(void)
{
        over = new_notification();
}

void await(word n)
{
        word badge;

        while (n--)
                seL4_Wait(over, &badge);
}

void receive_for_ever(word ep, word reply)
{
        word badge;

        for (;;)
                seL4_Recv(ep, &badge, reply);
}
