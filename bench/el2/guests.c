/* SPDX-License-Identifier: BSD-2-Clause */
/* The cost of guests: part of the program that measures the interface of EL2 (mk/qemu.mk); its tests act as the monitor. */
#include "guest.h"

/* From kernel entry to exit, including scheduling: a native thread yields to a guest, which yields back. */
TEST(guest_switch, "")
{
        struct guest g;

        guest_make(&g, SUITE_PRIORITY, guest_yields, 0);
        for (word i = 0; i < ROUNDS; i++) {
                word before = begin_reading();

                seL4_Yield();
                sample(end_reading() - before);
        }
        cost("guest-switch", 2);
}

static void yields(word a, word b)
{
        (void)a, (void)b;
        for (;;)
                seL4_Yield();
}

/* The same with a native thread, for comparison. */
TEST(native_switch, "")
{
        struct helper h;

        counting();
        partner(&h, SUITE_PRIORITY, 0, yields, 0, 0);
        for (word i = 0; i < ROUNDS; i++) {
                word before = begin_reading();

                seL4_Yield();
                sample(end_reading() - before);
        }
        cost("native-switch", 2);
}

/* The monitor replies without having read a register, and receives the next fault: two switches, two messages. */
TEST(guest_abort, "")
{
        struct guest g;
        seL4_MessageInfo_t none = seL4_MessageInfo_new(0, 0, 0, 0);
        word badge;

        guest_make(&g, BELOW, guest_aborts, NOWHERE);
        seL4_Recv(g.faults, &badge, g.reply);
        MEASURE("guest-abort-restart", seL4_ReplyRecv(g.faults, none, &badge, g.reply));
}

/* Into a list register of the machine, and into one of a VCPU object. */
TEST(guest_injection, "")
{
        struct guest g;
        word badge, other = new_object(seL4_ARM_VCPUObject, 0);

        guest_make(&g, BELOW, guest_aborts, NOWHERE);
        seL4_Recv(g.faults, &badge, g.reply);
        INVOKE("guest-inject", seL4_ARM_VCPU_InjectIRQ(g.vcpu, VIRQ, 0, 0, 0));
        INVOKE("guest-inject-stored", seL4_ARM_VCPU_InjectIRQ(other, VIRQ, 0, 0, 0));
}

/* What else a monitor does at most exits. */
TEST(guest_registers, "")
{
        struct guest g;
        seL4_UserContext c;
        word badge;

        guest_make(&g, BELOW, guest_aborts, NOWHERE);
        seL4_Recv(g.faults, &badge, g.reply);
        INVOKE("guest-read-register", seL4_ARM_VCPU_ReadRegs(g.vcpu, seL4_VCPUReg_ESR).error);
        INVOKE("guest-write-register", seL4_ARM_VCPU_WriteRegs(g.vcpu, seL4_VCPUReg_ESR, 0));
        INVOKE("guest-ack-timer", seL4_ARM_VCPU_AckVPPI(g.vcpu, 27));
        INVOKE("guest-read-all", seL4_TCB_ReadRegisters(g.h.tcb, 0, 0, sizeof c / sizeof(word), &c));
}
