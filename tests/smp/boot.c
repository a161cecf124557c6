/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program finds when all cores have started, memory that the start used, and what the kernel prints (spec smp.md 1, 9, 10). */
#include "smp.h"

enum {
        EMPTY = 0,
        FRAME = 1,
        VSPACE_KIND = 9,
        CNODE = 10,
        ASID_CONTROL = 11,
        TCB = 12,
        ASID_POOL = 13,
        IRQ_CONTROL = 14,
        DOMAINS = 20,
        CONTEXT = 22
};
enum { NOWHERE = 0xabc00000, AT_ONCE = 256, LINES = 8, MOST_URGENT = ABOVE + 10 };

TEST(smp_initial_capabilities, "SMP-02")
{
        static const unsigned char kind[seL4_NumInitialCaps] = {
                [seL4_CapInitThreadTCB] = TCB,
                [seL4_CapInitThreadCNode] = CNODE,
                [seL4_CapInitThreadVSpace] = VSPACE_KIND,
                [seL4_CapIRQControl] = IRQ_CONTROL,
                [seL4_CapASIDControl] = ASID_CONTROL,
                [seL4_CapInitThreadASIDPool] = ASID_POOL,
                [seL4_CapBootInfoFrame] = FRAME,
                [seL4_CapInitThreadIPCBuffer] = FRAME,
                [seL4_CapDomain] = DOMAINS,
                [seL4_CapInitThreadSC] = CONTEXT,
        };

        for (word slot = 0; slot < seL4_NumInitialCaps; slot++)
                EQ(kind_of(slot), on_debug_kernel() ? kind[slot] : kind[slot] != EMPTY);
}

/* An object fits into an untyped of its size, and one more does not. */
TEST(smp_sizes_of_objects, "SMP-02")
{
        static const struct {
                word type, bits, argument;
        } object[] = {{seL4_EndpointObject, 4, 0},
                      {seL4_NotificationObject, 6, 0},
                      {seL4_ReplyObject, 5, 0},
                      {seL4_TCBObject, 11, 0},
                      {seL4_CapTableObject, 9, 4},
                      {seL4_SchedContextObject, 7, 7},
                      {seL4_ARM_SmallPageObject, 12, 0},
                      {seL4_ARM_PageTableObject, 12, 0},
                      {seL4_ARM_VSpaceObject, AT_EL2 ? 13 : 12, 0},
                      {seL4_ARM_LargePageObject, 21, 0}};

        for (word i = 0; i < sizeof(object) / sizeof(object[0]); i++) {
                word from = new_object(seL4_UntypedObject, object[i].bits), to = new_slots(2);

                OK(seL4_Untyped_Retype(from, object[i].type, object[i].argument, ROOT, 0, 0, to, 1));
                EQ(seL4_Untyped_Retype(from, object[i].type, object[i].argument, ROOT, 0, 0, to + 1, 1),
                   seL4_NotEnoughMemory);
        }
}

/* What the kernel gives away is overwritten: what the other cores execute, and the tables of their maps, are not among it. */
TEST(smp_memory_of_the_start_is_overwritten, "SMP-07")
{
        word refused = 0, cleared = 0, to = new_slots(AT_ONCE);

        for (word i = 0; i < suite_boot->untyped.end - suite_boot->untyped.start; i++) {
                const seL4_UntypedDesc *u = &suite_boot->untypedList[i];
                word from = suite_boot->untyped.start + i, large = u->sizeBits >= seL4_LargePageBits;
                word bits = large ? seL4_LargePageBits : seL4_PageBits;

                if (u->isDevice || u->sizeBits < seL4_PageBits)
                        continue;
                if (seL4_Untyped_Retype(from, large ? seL4_ARM_LargePageObject : seL4_ARM_SmallPageObject, 0,
                                        ROOT, 0, 0, to, 1ul << (u->sizeBits - bits)) != 0) {
                        refused++; /* the runner has something of it: the tests' memory, a table for the console */
                        continue;
                }
                cleared += 1ul << u->sizeBits;
                OK(seL4_CNode_Revoke(AT(from)));
        }
        CHECK(refused <= 2);
        CHECK(cleared > 64ul << 20);
        turns_elsewhere();
}

#ifndef TESSERA_RELEASE
static void faults_without_handler(word place, word unused)
{
        (void)unused;
        seL4_Wait(place, NULL);
}

/* Three cores make the kernel print at the same time; tests/smp/run reads it. */
TEST(smp_lines_of_three_cores, "SMP-57")
{
        static const char *const name[CORES] = {"", "lines-1", "lines-2", "lines-3"};
        static struct helper h[CORES];

        for (word core = 1; core < CORES; core++) {
                helper_make(&h[core], MOST_URGENT);
                OK(place(h[core].sc, core));
                seL4_DebugNameThread(h[core].tcb, name[core]);
                helper_start(&h[core], faults_without_handler, NOWHERE + core, 0);
        }
        for (word round = 1; round < LINES; round++) {
                turns_elsewhere(); /* which comes after them on each core */
                for (word core = 1; core < CORES; core++)
                        OK(seL4_TCB_Resume(h[core].tcb));
        }
        turns_elsewhere();
}
#endif
