/* SPDX-License-Identifier: BSD-2-Clause */
/* See vm_common.h. */
#include "vm_common.h"

word fault_label, fault_length, fault_words[FAULT_WORDS];

word new_vspace(void)
{
        return new_object(seL4_ARM_VSpaceObject, 0);
}

word new_space(void)
{
        word space = new_vspace();

        OK(seL4_ARM_ASIDPool_Assign(POOL, space));
        return space;
}

word new_table(void)
{
        return new_object(seL4_ARM_PageTableObject, 0);
}

word new_large(void)
{
        return new_object(seL4_ARM_LargePageObject, 0);
}

void tables_at(word space, word address, word count)
{
        while (count--)
                OK(seL4_ARM_PageTable_Map(new_table(), space, address, CACHED));
}

void stale_clean(word frame)
{
        if (AT_EL2)
                OK(seL4_ARM_Page_Clean_Data(frame, 0, PAGE));
        else
                REFUSED_1(seL4_ARM_Page_Clean_Data(frame, 0, PAGE), seL4_InvalidCapability, 0);
}

word page_map(word frame, word space, word address)
{
        return seL4_ARM_Page_Map(frame, space, address, seL4_AllRights, CACHED);
}

word mapped_region(void)
{
        word address;

        map_new_page(&address);
        return address + PAGE;
}

static void touch_main(word argument, word address)
{
        struct toucher *t = (struct toucher *)(argument & ~3ul);

        switch ((enum touch)(argument & 3)) {
        case TOUCH_READ:
                t->value = *(volatile word *)address;
                break;
        case TOUCH_WRITE:
                *(volatile word *)address = t->value;
                break;
        case TOUCH_RUN:
                ((void (*)(void))address)();
                break;
        }
}

void toucher_make(struct toucher *t)
{
        helper_make(&t->h, MIDDLE);
        t->value = 0;
        t->faults = new_endpoint();
        t->reply = new_reply();
        OK(seL4_TCB_SetSpace(t->h.tcb, minted(t->faults, FAULT_BADGE, seL4_AllRights), ROOT, 0, VSPACE, 0));
}

int through(const struct helper *h, word faults, word reply)
{
        word badge = 0;

        let_run();
        if (h->done)
                return 1;
        seL4_MessageInfo_t info = seL4_NBRecv(faults, &badge, reply);
        EQ(badge, FAULT_BADGE);
        fault_label = seL4_MessageInfo_get_label(info);
        fault_length = seL4_MessageInfo_get_length(info);
        for (word i = 0; i < FAULT_WORDS; i++)
                fault_words[i] = seL4_GetMR((int)i);
        return 0;
}

void start_touch(struct toucher *t, enum touch how, word address)
{
        t->h.done = 0;
        helper_start(&t->h, touch_main, (word)t | how, address);
}

int touch(struct toucher *t, enum touch how, word address)
{
        start_touch(t, how, address);
        return through(&t->h, t->faults, t->reply);
}

int touch_again(struct toucher *t, word label, word length)
{
        seL4_Send(t->reply, seL4_MessageInfo_new(label, 0, 0, length));
        return through(&t->h, t->faults, t->reply);
}
