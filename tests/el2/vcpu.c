/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of virtual processors (spec el2.md 3 and 4, rows of section 17 named in each test). */
#include "guest.h"

TEST(el2_cap_and_labels, "E2-01")
{
        word v = new_vcpu();

        if (on_debug_kernel())
                EQ(kind_of(v), 15);
        word copy = copied(v, seL4_AllRights);
        EXPECT(illegal(), copy, 0, 0);
        EXPECT(illegal(), v, TCBSuspend, 0);
        EXPECT(illegal(), v, ARMIRQIssueIRQHandlerTrigger, 4, {1, 2, 3, 4});
        OK(seL4_CNode_Delete(AT(v)));
        EQ(reg(copy, 0), FRESH_SCTLR);
}

TEST(el2_fresh_registers, "E2-02 E2-09")
{
        word v = new_vcpu();

        for (word n = 0; n < seL4_VCPUReg_Num; n++)
                EQ(reg(v, n), n == 0 ? FRESH_SCTLR : 0);
        for (word n = 0; n < seL4_VCPUReg_Num; n++)
                set_reg(v, n, ~0ul - n);
        for (word n = 0; n < seL4_VCPUReg_Num; n++)
                EQ(reg(v, n), ~0ul - n);
}

TEST(el2_register_checks, "E2-03")
{
        word v = new_vcpu();

        EXPECT(truncated(), v, ARMVCPUReadReg, 0, {0});
        EXPECT(truncated(), v, ARMVCPUWriteReg, 1, {0});
        EXPECT(bad_argument(1), v, ARMVCPUReadReg, 1, {24});
        EXPECT(bad_argument(1), v, ARMVCPUReadReg, 1, {1ul << 32});
        EXPECT(bad_argument(1), v, ARMVCPUWriteReg, 2, {24, 0});
        EXPECT(bad_argument(1), v, ARMVCPUWriteReg, 2, {1ul << 32, 0});
}

TEST(el2_set_tcb_checks, "E2-04")
{
        word v = new_vcpu();

        EXPECT(truncated(), v, ARMVCPUSetTCB, 0);
        EXPECT(illegal(), v, ARMVCPUSetTCB, 0, {0}, 1, {new_slot()});
        EXPECT(illegal(), v, ARMVCPUSetTCB, 0, {0}, 1, {ROOT});
        EXPECT(illegal(), v, ARMVCPUSetTCB, 0, {0}, 1, {v});
}

static word packed(word virq, word priority, word group, word index)
{
        return virq | priority << 16 | group << 24 | index << 32;
}

TEST(el2_inject_checks, "E2-05 E2-06")
{
        word v = new_vcpu();

        EXPECT(truncated(), v, ARMVCPUInjectIRQ, 0, {0});
        EXPECT(range_error(0, 1023), v, ARMVCPUInjectIRQ, 1, {packed(1024, 32, 2, LISTS)});
        EXPECT(range_error(0, 31), v, ARMVCPUInjectIRQ, 1, {packed(1023, 32, 2, LISTS)});
        EXPECT(range_error(0, 1), v, ARMVCPUInjectIRQ, 1, {packed(1023, 31, 2, LISTS)});
        EXPECT(range_error(0, LISTS - 1), v, ARMVCPUInjectIRQ, 1, {packed(1023, 31, 1, LISTS)});
        EXPECT(done(), v, ARMVCPUInjectIRQ, 1, {packed(1023, 31, 1, LISTS - 1)});
        EXPECT(done(), v, ARMVCPUInjectIRQ, 1, {packed(7, 0, 0, 0) | 0xffffff0000000000});
        EXPECT(done(), v, ARMVCPUInjectIRQ, 1, {packed(8, 0, 0, 0)});
}

TEST(el2_ack_checks, "E2-08 E2-24")
{
        word v = new_vcpu(), largest = machine_largest_irq();

        EXPECT(truncated(), v, ARMVCPUAckVPPI, 0, {0});
        if (largest)
                EXPECT(range_error(0, largest), v, ARMVCPUAckVPPI, 1, {largest + 1});
        EXPECT(bad_argument(0), v, ARMVCPUAckVPPI, 1, {26});
        EXPECT(done(), v, ARMVCPUAckVPPI, 1, {VIRTUAL_TIMER});
        for (word irq = 24; irq <= 31; irq++) {
                word to = new_slot();

                EQ(seL4_IRQControl_Get(seL4_CapIRQControl, irq, ROOT, to, 64),
                   irq >= 25 && irq <= 27 ? seL4_RevokeFirst : seL4_NoError);
        }
}

/* What WriteRegisters turns a PSTATE into. */
static word written(word tcb, word pstate)
{
        seL4_UserContext c = {.spsr = pstate};

        OK(seL4_TCB_WriteRegisters(tcb, 0, 0, 3, &c));
        OK(seL4_TCB_ReadRegisters(tcb, 0, 0, 3, &c));
        return c.spsr;
}

TEST(el2_pstate_is_filtered, "E2-10")
{
        static const word WRITTEN[] = {0x3c0, 0x3c4, 0x3c5, 0xa00003c5, 0x3c9, 0x3cd, 0x1d0, 0x3df};
        struct helper h, native;
        word v = new_vcpu(), constant = on_debug_kernel() ? 0x40 : 0x140;
        seL4_UserContext c;

        helper_make(&h, LOW);
        helper_make(&native, LOW);
        for (word i = 0; i < 8; i++)
                EQ(written(h.tcb, WRITTEN[i]), (WRITTEN[i] & 0xf0000000) | constant);
        OK(seL4_ARM_VCPU_SetTCB(v, h.tcb));
        for (word i = 0; i < 8; i++)
                EQ(written(h.tcb, WRITTEN[i]), i < 4 ? WRITTEN[i] : (WRITTEN[i] & 0xf0000000) | constant);
        EQ(written(h.tcb, EL1H), EL1H);
        OK(seL4_TCB_CopyRegisters(native.tcb, h.tcb, 0, 0, 1, 1, 0)); /* from a guest to a native thread */
        OK(registers_read(&native, &c, 0));
        EQ(c.spsr, constant);
        OK(seL4_ARM_VCPU_SetTCB(v, h.tcb)); /* the same pair: filtered, and a guest again */
        OK(registers_read(&h, &c, 0));
        EQ(c.spsr, constant);
        EQ(written(h.tcb, EL1H), EL1H);
        OK(seL4_CNode_Delete(AT(v)));
        OK(registers_read(&h, &c, 0));
        EQ(c.spsr, constant);
        EQ(written(h.tcb, EL1H), constant);
}

/* The image asks for the cap, and QEMU's firmware is called by SMC. */
TEST(el2_firmware_calls, "E2-29")
{
        enum { PSCI_VERSION = 0x84000000, OTHER = 0x84000001, VERSION_1_1 = 0x10001 };
        word only = minted(seL4_CapSMC, PSCI_VERSION, seL4_AllRights), slot = new_slot();
        seL4_ARM_SMCContext call = {.x0 = PSCI_VERSION}, got;

        if (on_debug_kernel())
                EQ(kind_of(seL4_CapSMC), 25);
        EXPECT(illegal(), seL4_CapSMC, ARMVSpaceClean_Data, 8, {PSCI_VERSION});
        EXPECT(truncated(), seL4_CapSMC, ARMSMCCall, 7, {PSCI_VERSION});
        OK(seL4_ARM_SMC_Call(seL4_CapSMC, &call, &got));
        EQ(got.x0, VERSION_1_1);
        OK(seL4_ARM_SMC_Call(only, &call, &got));
        EQ(got.x0, VERSION_1_1);
        call.x0 = OTHER;
        EQ(seL4_ARM_SMC_Call(only, &call, &got), seL4_IllegalOperation);
        call.x0 = PSCI_VERSION | 1ul << 32; /* the whole word counts */
        EQ(seL4_ARM_SMC_Call(only, &call, &got), seL4_IllegalOperation);
        EQ(seL4_CNode_Mint(AT(slot), AT(only), seL4_AllRights, OTHER), seL4_IllegalOperation);
        OK(seL4_CNode_Revoke(AT(seL4_CapSMC)));
        OK(seL4_CNode_Move(AT(only), AT(seL4_CapSMC))); /* the copy has been deleted: its slot is free */
        OK(seL4_CNode_Move(AT(seL4_CapSMC), AT(only)));
}
