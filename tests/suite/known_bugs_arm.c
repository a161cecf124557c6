/* SPDX-License-Identifier: BSD-2-Clause */
/* Bugs that the reference once had, of registers and of running what must not run. */
#include "sched_common.h"

/* --- FP registers --- */

enum { FP_ROUNDS = 20000, FP_THREADS = 2 };

static volatile double result[FP_THREADS];

static void compute(word which, word unused)
{
        double sum = 0;

        (void)unused;
        for (word i = 1; i <= FP_ROUNDS; i++)
                sum += 1.0 / (double)i;
        result[which] = sum;
}

/* Two threads that compute in domains of 300 us each. */
TEST(domains_fp_registers_stay, "SCH-60 VM-65")
{
        struct helper h[FP_THREADS];
        word ticks = 300 * machine_ticks_per_us_x1000() / 1000;

        for (word i = 0; i < FP_THREADS; i++) {
                result[i] = 0;
                helper_make(&h[i], EQUAL);
                OK(seL4_DomainSet_Set(seL4_CapDomain, (seL4_Uint8)(i + 1), h[i].tcb));
                helper_start(&h[i], compute, i, 0);
        }
        for (word i = 0; i < FP_THREADS + 1; i++)
                OK(seL4_DomainSet_ScheduleConfigure(seL4_CapDomain, i, (seL4_Uint8)i, ticks));
        OK(seL4_DomainSet_ScheduleSetStart(seL4_CapDomain, 0));
        double own = 0;
        for (word i = 1; i <= FP_ROUNDS; i++)
                own += 1.0 / (double)i;
        spin_us(20 * MS);
        OK(seL4_DomainSet_ScheduleConfigure(seL4_CapDomain, 0, 0, (1ul << 56) - 1));
        OK(seL4_DomainSet_ScheduleSetStart(seL4_CapDomain, 0));
        for (word i = 0; i < FP_THREADS; i++)
                CHECK(h[i].done && result[i] == own);
}

static volatile word seen_fp;

static void reads_and_fills_fp(word value, word unused)
{
        word before;

        (void)unused;
        __asm__ volatile("fmov %0, d17" : "=r"(before));
        __asm__ volatile("fmov d17, %0" : : "r"(value) : "v17");
        seen_fp = before;
}

static void make_in(word ut, struct helper *h)
{
        word tcb = new_slot();

        OK(seL4_Untyped_Retype(ut, seL4_TCBObject, 0, ROOT, 0, 0, tcb, 1));
        OK(seL4_TCB_Configure(tcb, ROOT, 0, VSPACE, 0, h->buffer, h->frame));
        OK(seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 255, EQUAL, new_sc(10 * MS, 10 * MS), 0));
        h->tcb = tcb;
}

/* The memory of a thread that owned the FP registers becomes another thread, which finds none of it. */
TEST(bugs_fp_owner_is_forgotten, "")
{
        word ut = new_object(seL4_UntypedObject, seL4_TCBBits);
        struct helper h;

        helper_make(&h, EQUAL);
        for (word i = 0; i < 3; i++) {
                make_in(ut, &h);
                seen_fp = 77;
                helper_start(&h, reads_and_fills_fp, 0x1234567890 + i, 0);
                let_run();
                EQ(seen_fp, 0);
                OK(seL4_CNode_Delete(AT(h.tcb)));
        }
}

/* --- a page without the right to read cannot be run --- */

TEST(bugs_page_without_rights_is_not_run, "VM-43")
{
        word ep = new_endpoint(), reply = new_reply(), badge = 0, address, frame = map_new_page(&address);
        seL4_UserContext c = {.pc = address};
        struct helper h;

        *(volatile uint32_t *)address = 0x14000000; /* b . */
        OK(seL4_ARM_Page_Unify_Instruction(frame, 0, 4));
        OK(map_at(frame, address, seL4_NoRights, seL4_ARM_Default_VMAttributes));
        helper_make(&h, EQUAL);
        OK(seL4_TCB_SetSpace(h.tcb, minted(ep, 5, seL4_AllRights), ROOT, 0, VSPACE, 0));
        OK(seL4_TCB_WriteRegisters(h.tcb, 1, 0, 1, &c));
        sleep_us(1 * MS);
        seL4_MessageInfo_t m = seL4_NBRecv(ep, &badge, reply);
        EQ(badge, 5);
        EQ(seL4_MessageInfo_get_label(m), seL4_Fault_VMFault);
        EQ(seL4_GetMR(seL4_VMFault_Addr), address);
        EQ(seL4_GetMR(seL4_VMFault_PrefetchFault), 1);
}
