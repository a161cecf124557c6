/* SPDX-License-Identifier: BSD-2-Clause */
/* What a thread sees of its mappings, and the faults it takes (vspace.md 7, 9, 10, 11). */
#include "vm_common.h"

TEST(vm_fewer_rights_at_once, "VM-22")
{
        struct toucher t;
        word address, frame = map_new_page(&address);

        toucher_make(&t);
        CHECK(touch(&t, TOUCH_WRITE, address));
        OK(seL4_ARM_Page_Map(frame, VSPACE, address, seL4_CanRead, CACHED));
        CHECK(touch(&t, TOUCH_READ, address));
        CHECK(!touch(&t, TOUCH_WRITE, address));
        EQ(fault_label, seL4_Fault_VMFault);
        OK(seL4_ARM_Page_Map(frame, VSPACE, address, seL4_AllRights, CACHED));
        CHECK(touch_again(&t, 0, 0));
}

TEST(vm_frame_over_frame, "VM-23 VM-24")
{
        word address, below = map_new_page(&address), above = new_frame(), other = new_page_address();

        *(volatile word *)address = 0xa;
        OK(map_at(copied(above, seL4_AllRights), other, seL4_AllRights, CACHED));
        *(volatile word *)other = 0xb;
        EQ(*(volatile word *)address, 0xa);
        OK(page_map(above, VSPACE, address));
        EQ(*(volatile word *)address, 0xb);
        stale_clean(below);
        OK(seL4_ARM_Page_Unmap(below));
        EQ(*(volatile word *)address, 0xb);
        OK(seL4_CNode_Delete(AT(below)));
        EQ(*(volatile word *)address, 0xb);
}

TEST(vm_unmap_and_map_another, "VM-26")
{
        struct toucher t;
        word address, frame = map_new_page(&address), next = new_frame();

        toucher_make(&t);
        *(volatile word *)address = 0xdead;
        OK(seL4_ARM_Page_Unmap(frame));
        CHECK(!touch(&t, TOUCH_READ, address));
        EQ(fault_words[seL4_VMFault_Addr], address);
        OK(page_map(next, VSPACE, address));
        CHECK(touch_again(&t, 0, 0));
        EQ(t.value, 0);
}

TEST(vm_deleting_the_mapped_copy, "VM-27 VM-29")
{
        struct toucher t;
        word address, alias = new_page_address(), frame = map_new_page(&address),
                      copy = copied(frame, seL4_AllRights);

        toucher_make(&t);
        OK(map_at(copy, alias, seL4_AllRights, CACHED));
        *(volatile word *)address = 77;
        EQ(*(volatile word *)alias, 77);
        *(volatile word *)alias = 78;
        EQ(*(volatile word *)address, 78);
        OK(seL4_CNode_Delete(AT(copy)));
        CHECK(!touch(&t, TOUCH_READ, alias));
        EQ(*(volatile word *)address, 78);
}

TEST(vm_table_goes_under_its_pages, "VM-31")
{
        struct toucher t;
        word table = new_table(), at = 0x50000000;

        toucher_make(&t);
        OK(seL4_ARM_PageTable_Map(new_table(), VSPACE, at, CACHED));
        OK(seL4_ARM_PageTable_Map(table, VSPACE, at, CACHED));
        OK(page_map(new_frame(), VSPACE, at));
        CHECK(touch(&t, TOUCH_WRITE, at));
        OK(seL4_ARM_PageTable_Unmap(table));
        CHECK(!touch(&t, TOUCH_READ, at));
        OK(seL4_ARM_PageTable_Map(table, VSPACE, at, CACHED));
        CHECK(!touch_again(&t, 0, 0));
}

TEST(vm_rights_only_shrink, "VM-43")
{
        struct toucher t;
        word address, frame = map_new_page(&address), reader = copied(frame, seL4_CanRead),
                      at = new_page_address();

        toucher_make(&t);
        OK(map_at(reader, at, seL4_AllRights, CACHED));
        CHECK(touch(&t, TOUCH_READ, at));
        CHECK(!touch(&t, TOUCH_WRITE, at));
        OK(seL4_ARM_Page_Map(reader, VSPACE, at, seL4_CanWrite, CACHED));
        CHECK(!touch(&t, TOUCH_READ, at));
        OK(seL4_ARM_Page_Map(reader, VSPACE, at, seL4_NoRights, CACHED));
        CHECK(!touch(&t, TOUCH_READ, at));
        OK(seL4_ARM_Page_Map(reader, VSPACE, at, seL4_CanRead, CACHED));
        CHECK(touch_again(&t, 0, 0));
}

TEST(vm_attributes_that_mean_nothing, "VM-45")
{
        word frame = new_frame(), at = new_page_address();

        OK(map_at(frame, at, seL4_AllRights, ~7ul | seL4_ARM_PageCacheable));
        *(volatile word *)at = 5;
        OK(seL4_ARM_Page_Map(frame, VSPACE, at, seL4_AllRights,
                             seL4_ARM_PageCacheable | seL4_ARM_ParityEnabled));
        EQ(*(volatile word *)at, 5);
}

TEST(vm_fault_message, "VM-51 VM-52")
{
        struct toucher t;
        word address, frame = map_new_page(&address);

        toucher_make(&t);
        OK(seL4_ARM_Page_Unmap(frame));
        CHECK(!touch(&t, TOUCH_WRITE, address + 24));
        EQ(fault_label, seL4_Fault_VMFault);
        EQ(fault_length, seL4_VMFault_Length);
        EQ(fault_words[seL4_VMFault_Addr], address + 24);
        EQ(fault_words[seL4_VMFault_PrefetchFault], 0);
        EQ(fault_words[seL4_VMFault_FSR] & 0x40, 0x40);
        OK(page_map(frame, VSPACE, address));
        CHECK(touch_again(&t, 99, 3));
}

TEST(vm_fault_without_handler, "VM-69")
{
        struct toucher t;
        word address, frame = map_new_page(&address);

        toucher_make(&t);
        OK(seL4_TCB_SetSpace(t.h.tcb, seL4_CapNull, ROOT, 0, VSPACE, 0));
        OK(seL4_ARM_Page_Unmap(frame));
        start_touch(&t, TOUCH_READ, address);
        let_run();
        EQ(t.h.done, 0);
        OK(page_map(frame, VSPACE, address));
        let_run();
        EQ(t.h.done, 0);
        OK(seL4_TCB_Resume(t.h.tcb));
        let_run();
        EQ(t.h.done, 1);
}
