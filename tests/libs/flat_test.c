/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task's CSpace as one CNode (bootstrap_flat). */
#include "libs.h"

/* All 2^15 slots that 64 MiB of RAM have, which a single CNode holds: nothing is made of memory but two pages of books. */
static void one_cnode_holds_all(const seL4_BootInfo *bi)
{
        enum { SLOT_BITS = 15, SLOTS = 1 << SLOT_BITS };
        seL4_CPtr slot, last = 0;
        size_t used_before;

        seL4_SetIPCBuffer(bi->ipcBuffer);
        CHECK_EQUAL(bootstrap_flat(&cspace, &vspace, bi), 0);
        CHECK_EQUAL(cspace.top_lvl_size_bits, SLOT_BITS + seL4_SlotBits);
        CHECK_EQUAL(cspace_capacity(&cspace), SLOTS);
        for (slot = bi->untyped.start; slot < bi->untyped.end; slot++)
                CHECK(cspace_is_occupied(&cspace, slot));
        used_before = libs_balance().used;
        while ((slot = cspace_alloc_slot(&cspace)) != seL4_CapNull)
                last = slot;
        CHECK_EQUAL(last, SLOTS - 1);
        CHECK_EQUAL(cspace_free_slots(&cspace), 0);
        CHECK_EQUAL(cspace_copy(&cspace, last, &cspace, seL4_CapInitThreadTCB, seL4_AllRights), 0);
        CHECK_EQUAL(cspace_free_slot_checked(&cspace, last), CSPACE_ERROR); /* occupied */
        CHECK_EQUAL(cspace_free_slot_checked(&cspace, SLOTS), CSPACE_ERROR);
        CHECK_EQUAL(cspace_delete_and_free(&cspace, last), 0);
        CHECK_EQUAL(cspace_alloc_slot(&cspace), last);
        for (slot = last - 15; slot <= last; slot++)
                cspace_free_slot(&cspace, slot);
        CHECK_EQUAL(cspace_alloc_slots(&cspace, 16), last - 15);
        CHECK_EQUAL(cspace_untyped_retype_n(&cspace, ut_alloc(seL4_EndpointBits + 4, NULL)->cap, last - 15,
                                            seL4_EndpointObject, 0, 16),
                    0);
        CHECK(cspace_is_occupied(&cspace, last));
        CHECK_EQUAL(libs_reports(), 2);
        CHECK(libs_balance().used <= used_before + 16 * sizeof(seL4_Word) * 2);
        libs_audit();
}

/* The largest piece of RAM alone, cut into as many as 256 KiB each: enough for the top of two levels, too small for one CNode. */
static seL4_BootInfo *in_small_pieces(const seL4_BootInfo *bi)
{
        enum { PIECE_BITS = INITIAL_TASK_CNODE_SIZE_BITS };
        static seL4_BootInfo small;
        seL4_Word largest = 0, pieces, count = bi->untyped.end - bi->untyped.start;

        for (seL4_Word i = 0; i < count; i++) {
                if (!bi->untypedList[i].isDevice &&
                    (bi->untypedList[largest].isDevice ||
                     bi->untypedList[i].sizeBits > bi->untypedList[largest].sizeBits))
                        largest = i;
        }
        small = *bi;
        pieces = 1ul << (bi->untypedList[largest].sizeBits - PIECE_BITS);
        CHECK_EQUAL(seL4_Untyped_Retype(bi->untyped.start + largest, seL4_UntypedObject, PIECE_BITS,
                                        seL4_CapInitThreadCNode, 0, 0, bi->empty.start, pieces),
                    0);
        small.untyped = (seL4_SlotRegion){bi->empty.start, bi->empty.start + pieces};
        small.empty.start += pieces;
        for (seL4_Word i = 0; i < pieces; i++) {
                seL4_Word paddr = bi->untypedList[largest].paddr + (i << PIECE_BITS);
                small.untypedList[i] = (seL4_UntypedDesc){.paddr = paddr, .sizeBits = PIECE_BITS};
        }
        return &small;
}

/* Then the CSpace has two levels. */
static void no_memory_for_one_cnode(const seL4_BootInfo *bi)
{
        seL4_SetIPCBuffer(bi->ipcBuffer);
        CHECK_EQUAL(bootstrap_flat(&cspace, &vspace, in_small_pieces(bi)), 0);
        CHECK_EQUAL(cspace.top_lvl_size_bits, INITIAL_TASK_CNODE_SIZE_BITS);
        CHECK_EQUAL(cspace_capacity(&cspace), INITIAL_TASK_CSPACE_SLOTS);
        CHECK_EQUAL(cspace_reserve(&cspace, 10000), CSPACE_NOERROR);
        CHECK_EQUAL(libs_reports(), 0);
        libs_audit();
}

const struct libs_case flat_cases[] = {
        {"flat: one CNode holds all", one_cnode_holds_all, 0, true},
        {"flat: no memory for one CNode", no_memory_for_one_cnode, 128, false},
};
LIBS_COUNT(flat_cases);
