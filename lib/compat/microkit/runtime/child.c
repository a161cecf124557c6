/* SPDX-License-Identifier: BSD-2-Clause */
/* What a domain does with its children. */
#include <microkit.h>

static void must(seL4_Error error, const char *what)
{
        if (error == seL4_NoError)
                return;
        microkit_dbg_puts(microkit_name);
        microkit_dbg_puts(": ");
        microkit_dbg_puts(what);
        microkit_dbg_puts(" fails with error ");
        microkit_dbg_put32((seL4_Uint32)error);
        microkit_dbg_puts("\n");
        microkit_internal_crash(error);
}

static void restart(seL4_CPtr tcb, seL4_Word entry_point, const char *what)
{
        static seL4_UserContext context; /* no memset here */

        context.pc = entry_point;
        must(seL4_TCB_WriteRegisters(tcb, seL4_True, 0, 1, &context), what);
}

void microkit_pd_restart(microkit_child pd, seL4_Word entry_point)
{
        restart(BASE_TCB_CAP + pd, entry_point, "microkit_pd_restart");
}

void microkit_pd_stop(microkit_child pd)
{
        must(seL4_TCB_Suspend(BASE_TCB_CAP + pd), "microkit_pd_stop");
}

void microkit_pd_resume(microkit_child pd)
{
        must(seL4_TCB_Resume(BASE_TCB_CAP + pd), "microkit_pd_resume");
}

#ifdef CONFIG_ALLOW_SMC_CALLS
void microkit_arm_smc_call(seL4_ARM_SMCContext *args, seL4_ARM_SMCContext *response)
{
        must(seL4_ARM_SMC_Call(ARM_SMC_CAP, args, response), "microkit_arm_smc_call");
}
#endif

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
void microkit_vcpu_restart(microkit_child vcpu, seL4_Word entry_point)
{
        restart(BASE_VM_TCB_CAP + vcpu, entry_point, "microkit_vcpu_restart");
}

void microkit_vcpu_stop(microkit_child vcpu)
{
        must(seL4_TCB_Suspend(BASE_VM_TCB_CAP + vcpu), "microkit_vcpu_stop");
}

void microkit_vcpu_arm_inject_irq(microkit_child vcpu, seL4_Uint16 irq, seL4_Uint8 priority, seL4_Uint8 group,
                                  seL4_Uint8 index)
{
        must(seL4_ARM_VCPU_InjectIRQ(BASE_VCPU_CAP + vcpu, irq, priority, group, index),
             "microkit_vcpu_arm_inject_irq");
}

void microkit_vcpu_arm_ack_vppi(microkit_child vcpu, seL4_Word irq)
{
        must(seL4_ARM_VCPU_AckVPPI(BASE_VCPU_CAP + vcpu, irq), "microkit_vcpu_arm_ack_vppi");
}

seL4_Word microkit_vcpu_arm_read_reg(microkit_child vcpu, seL4_Word reg)
{
        seL4_ARM_VCPU_ReadRegs_t result = seL4_ARM_VCPU_ReadRegs(BASE_VCPU_CAP + vcpu, reg);

        must(result.error, "microkit_vcpu_arm_read_reg");
        return result.value;
}

void microkit_vcpu_arm_write_reg(microkit_child vcpu, seL4_Word reg, seL4_Word value)
{
        must(seL4_ARM_VCPU_WriteRegs(BASE_VCPU_CAP + vcpu, reg, value), "microkit_vcpu_arm_write_reg");
}
#endif
