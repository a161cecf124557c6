/* SPDX-License-Identifier: BSD-2-Clause */
/* What guests cost, in instructions of the release kernel: the bounds of the issue.  Under `-icount shift=0` PMCCNTR counts
 * executed instructions; the image must export it, and EL2 counts too. */
#include "guest.h"

enum { TURNS = 64, ABORT_AND_RESTART = 1000, INJECTION = 300 };

CODE(access);
CODE(identity);

static word cycles(void)
{
        word n;

        __asm__ volatile("isb\n\tmrs %0, pmccntr_el0" : "=r"(n) : : "memory");
        return n;
}

static void costs(const char *what, word each, word most)
{
        say("cost %s %lu 1\n", what, each);
        CHECK(on_debug_kernel() || each <= most);
}

/* The monitor replies to a stage-2 abort without having read a register, and gets the next one: two switches. */
TEST(el2_cost_of_an_abort, "")
{
        struct guest g;
        word badge, sum;

        guest_make(&g);
        OK(seL4_TCB_SetPriority(tcb_of(&g), seL4_CapInitThreadTCB, SUITE_PRIORITY));
        guest_run(&g, guest_access, 0x5000000000);
        seL4_ReplyRecv(g.a.faults, seL4_MessageInfo_new(0, 0, 0, 0), &badge, g.reply);
        sum = cycles();
        for (word i = 0; i < TURNS; i++)
                seL4_ReplyRecv(g.a.faults, seL4_MessageInfo_new(0, 0, 0, 0), &badge, g.reply);
        costs("abort-and-restart", (cycles() - sum) / TURNS, ABORT_AND_RESTART);
}

TEST(el2_cost_of_an_injection, "")
{
        word v = new_vcpu(), sum = cycles();

        for (word i = 0; i < TURNS; i++)
                OK(seL4_ARM_VCPU_InjectIRQ(v, 40, 0, 0, 0));
        costs("injection", (cycles() - sum) / TURNS, INJECTION);
}
