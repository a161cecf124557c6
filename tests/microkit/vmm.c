/* SPDX-License-Identifier: BSD-2-Clause */
/* A domain with a guest of two CPUs and a child: it starts the guest, sees its faults, and lets it continue. */
#include <microkit.h>

enum {
        CPUS = 2,
        FIRST = 4,
        CHILD = 6,
        CODE = 0x50000000,
        SECOND_AT = 64,
        SMC_CLASS = 0x17,
        WFI_CLASS = 0x01,
        STORE_CLASS = 0x24
};

seL4_Word vcpu_id, code_address;
static unsigned stores[CPUS], calls[CPUS], waits[CPUS];

static void check(int good, const char *what)
{
        microkit_dbg_puts(good ? "vmm: ok " : "vmm: FAIL ");
        microkit_dbg_puts(what);
        microkit_dbg_puts("\n");
}

static int firmware_answers(void)
{
        seL4_ARM_SMCContext none = {0}, answer;

        none.x0 = 0x84000000; /* PSCI_VERSION */
        microkit_arm_smc_call(&none, &answer);
        return answer.x0 >= 0x10000 && answer.x0 < 0x20000;
}

/* At EL1 with its own stack pointer, all exceptions masked. */
static void start(microkit_child cpu, seL4_Word pc)
{
        static seL4_UserContext context; /* no memset here */

        context.pc = pc;
        context.spsr = 0x3c5;

        seL4_TCB_WriteRegisters(BASE_VM_TCB_CAP + cpu, seL4_False, 0, 3, &context);
        microkit_vcpu_restart(cpu, pc);
}

void init(void)
{
        check(vcpu_id == FIRST, "setvar_id of a CPU");
        check(code_address >= 0x40000000 && *(volatile unsigned *)0x6000000 != 0, "guest memory shared");
        check(firmware_answers(), "calls to the firmware");
        microkit_vcpu_arm_write_reg(FIRST, seL4_VCPUReg_VMPIDR_EL2, 0x80000001);
        check(microkit_vcpu_arm_read_reg(FIRST, seL4_VCPUReg_VMPIDR_EL2) == 0x80000001,
              "register written and read");
        microkit_vcpu_arm_inject_irq(FIRST, 40, 0, 1, 0);
        microkit_vcpu_arm_ack_vppi(FIRST, 27);
        start(FIRST, CODE);
        start(FIRST + 1, CODE + SECOND_AT);
}

void notified(microkit_channel ch)
{
        (void)ch;
}

static void next(microkit_child child)
{
        seL4_UserContext context;

        seL4_TCB_ReadRegisters(BASE_VM_TCB_CAP + child, seL4_False, 0, sizeof(context) / sizeof(seL4_Word),
                               &context);
        context.pc += 4;
        seL4_TCB_WriteRegisters(BASE_VM_TCB_CAP + child, seL4_False, 0, 1, &context);
}

static seL4_Bool stop(microkit_child child)
{
        unsigned done = 0;

        microkit_vcpu_stop(child);
        for (unsigned i = 0; i < CPUS; i++)
                done += stores[i] == 1 && calls[i] == 1 && waits[i] == 1;
        if (done == CPUS) {
                seL4_DebugSnapshot();
                microkit_dbg_puts("vmm: done\n");
        }
        return seL4_False;
}

seL4_Bool fault(microkit_child child, microkit_msginfo msginfo, microkit_msginfo *reply)
{
        seL4_Word label = microkit_msginfo_get_label(msginfo), cpu = child - FIRST;

        if (child == CHILD) {
                microkit_dbg_puts("vmm: child stopped\n");
                return seL4_False;
        }
        if (label == seL4_Fault_VMFault) {
                seL4_Word address = seL4_GetMR(seL4_VMFault_Addr);

                stores[cpu]++;
                check(address == 0x9000000 + 8 * cpu && seL4_GetMR(seL4_VMFault_FSR) >> 26 == STORE_CLASS,
                      "store of a guest");
        } else if (label == seL4_Fault_VCPUFault && (seL4_GetMR(0) >> 26) == SMC_CLASS) {
                calls[cpu]++;
                check((seL4_GetMR(0) & 0xffff) == 3, "call of a guest");
        } else {
                waits[cpu]++;
                check(label == seL4_Fault_VCPUFault && (seL4_GetMR(0) >> 26) == WFI_CLASS, "wait of a guest");
                return stop(child);
        }
        next(child);
        *reply = microkit_msginfo_new(0, 0);
        return seL4_True;
}
