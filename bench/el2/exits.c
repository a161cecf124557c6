/* SPDX-License-Identifier: BSD-2-Clause */
/* Exits of a guest by their kind: from the guest's instruction to the monitor, which answers at once, and on to the next exit: two switches
 * and two messages, and what the monitor has to do for that kind. */
#include "guest.h"

enum { MIXED = 400 };
static const word GICV = 0x08040000; /* of the machine that is measured on */

/* Its first exit has come, and is of that kind. */
static void exits(struct guest *g, void (*code)(void), word x0, word label)
{
        word badge;

        guest_make(g, BELOW, code, x0);
        EQ(seL4_MessageInfo_get_label(seL4_Recv(g->faults, &badge, g->reply)), label);
}

/* The answer, and the next exit. */
static seL4_MessageInfo_t answer(const struct guest *g)
{
        word badge;

        return seL4_ReplyRecv(g->faults, seL4_MessageInfo_new(0, 0, 0, 0), &badge, g->reply);
}

static void is(seL4_MessageInfo_t info, word label)
{
        EQ(seL4_MessageInfo_get_label(info), label);
}

TEST(guest_exits, "")
{
        static const struct {
                const char *name;
                void (*code)(void);
                word label;
        } kinds[] = {{"guest-exit-wfi", guest_waits, seL4_Fault_VCPUFault},
                     {"guest-exit-register", guest_reads, seL4_Fault_VCPUFault},
                     {"guest-exit-hvc", guest_calls, seL4_Fault_UnknownSyscall}};

        for (word i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
                struct guest g;

                exits(&g, kinds[i].code, 0, kinds[i].label);
                MEASURE(kinds[i].name, answer(&g));
                is(answer(&g), kinds[i].label);
                OK(seL4_TCB_Suspend(g.h.tcb));
        }
}

/* With what emulating a load takes: all registers read, one and the pc changed, all written. */
static void emulate(const struct guest *g)
{
        seL4_UserContext c;

        seL4_TCB_ReadRegisters(g->h.tcb, 0, 0, sizeof c / sizeof(word), &c);
        c.x1 = 1;
        c.pc += 4;
        seL4_TCB_WriteRegisters(g->h.tcb, 0, 0, sizeof c / sizeof(word), &c);
        answer(g);
}

TEST(guest_device, "")
{
        struct guest g;

        exits(&g, guest_aborts, NOWHERE, seL4_Fault_VMFault);
        MEASURE("guest-exit-mmio", emulate(&g));
        is(answer(&g), seL4_Fault_VMFault);
}

TEST(guest_timer, "")
{
        struct guest g;

        exits(&g, guest_times, 0, seL4_Fault_VPPIEvent);
        MEASURE("guest-exit-timer", seL4_ARM_VCPU_AckVPPI(g.vcpu, VIRTUAL_TIMER); answer(&g));
        OK(seL4_ARM_VCPU_AckVPPI(g.vcpu, VIRTUAL_TIMER));
        is(answer(&g), seL4_Fault_VPPIEvent);
}

/* An interrupt is injected; the guest takes and ends it, and its end is the next exit. */
TEST(guest_interrupt, "")
{
        struct guest g;
        word slots = new_slots(64), address = new_page_address();

        OK(map_at(device_frame(GICV, slots), address, seL4_AllRights, 0));
        exits(&g, guest_takes, address, seL4_Fault_UnknownSyscall);
        skip_instruction(g.h.tcb);
        MEASURE("guest-exit-interrupt", seL4_ARM_VCPU_InjectIRQ(g.vcpu, VIRQ, 0, 0, 0); answer(&g));
        OK(seL4_ARM_VCPU_InjectIRQ(g.vcpu, VIRQ, 0, 0, 0));
        is(answer(&g), seL4_Fault_VGICMaintenance);
}

/* How many come: an abort, a system call, a register and a wait in turn, each answered behind the instruction. */
TEST(guest_rate, "")
{
        struct guest g;
        word before, mixed = 0;

        exits(&g, guest_mixes, NOWHERE, seL4_Fault_VMFault);
        before = begin_reading();
        for (; mixed < MIXED; mixed++) {
                skip_instruction(g.h.tcb);
                answer(&g);
        }
        sample(end_reading() - before);
        cost("guest-exit-each", MIXED);
}
