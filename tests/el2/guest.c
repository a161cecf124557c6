/* SPDX-License-Identifier: BSD-2-Clause */
/* See guest.h. */
#include "guest.h"

word new_vcpu(void)
{
        return new_object(seL4_ARM_VCPUObject, 0);
}

void guest_make(struct guest *g)
{
        agent_make(&g->a, LOW);
        agent_watch(&g->a);
        g->vcpu = new_vcpu();
        g->reply = new_reply();
        OK(seL4_ARM_VCPU_SetTCB(g->vcpu, g->a.h.tcb));
        g->space = 0;
}

word guest_confine(struct guest *g, word cspace, const char *code, const char *end)
{
        word here, frame = map_new_page(&here), copy = copied(frame, seL4_AllRights);
        word handler = minted(g->a.faults, FAULT_BADGE, seL4_AllRights);

        g->space_memory = new_untyped(seL4_VSpaceBits);
        g->space = new_slot();
        OK(retyped(g->space_memory, seL4_ARM_VSpaceObject, 0, g->space));
        OK(seL4_ARM_ASIDPool_Assign(seL4_CapInitThreadASIDPool, g->space));
        for (word i = 0; i < TABLES; i++)
                OK(seL4_ARM_PageTable_Map(new_object(seL4_ARM_PageTableObject, 0), g->space, CODE_AT,
                                          seL4_ARM_Default_VMAttributes));
        OK(seL4_ARM_Page_Map(copy, g->space, CODE_AT, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        OK(seL4_TCB_SetSpace(tcb_of(g), handler, cspace, 0, g->space, 0));
        __builtin_memcpy((void *)here, code, (word)(end - code));
        OK(seL4_ARM_Page_Unify_Instruction(frame, 0, 1ul << seL4_PageBits));
        return here;
}

word tcb_of(const struct guest *g)
{
        return g->a.h.tcb;
}

/* Starts it at `code` with x0, lets it run to its next fault, and takes that. */
void guest_run(struct guest *g, const char *code, word x0)
{
        seL4_UserContext c = {.pc = (word)code, .spsr = EL1H, .x0 = x0};

        OK(seL4_TCB_WriteRegisters(tcb_of(g), 1, 0, sizeof c / sizeof(word), &c));
        g->m = fault_of(&g->a, g->reply);
        OK(registers_read(&g->a.h, &g->c, 0));
}

/* Replies, and takes the next fault. */
void guest_go(struct guest *g)
{
        answer(g->reply, 0, 0);
        g->m = fault_of(&g->a, g->reply);
        OK(registers_read(&g->a.h, &g->c, 0));
}

/* ... after the instruction. */
void guest_skip(struct guest *g)
{
        skip_instruction(tcb_of(g));
        guest_go(g);
}

/* It has reached its end. */
void is_done(struct guest *g)
{
        EQ(g->m.label, seL4_Fault_UnknownSyscall);
        EQ(g->m.mr[seL4_UnknownSyscall_Syscall], DONE_CALL);
}

word reg(word vcpu, word n)
{
        seL4_ARM_VCPU_ReadRegs_t r = seL4_ARM_VCPU_ReadRegs(vcpu, (seL4_VCPUReg)n);

        OK(r.error);
        return r.value;
}

void set_reg(word vcpu, word n, word value)
{
        OK(seL4_ARM_VCPU_WriteRegs(vcpu, (seL4_VCPUReg)n, value));
}

/* With a GICv3 the kernel keeps the redistributors at 0x080a0000 to itself; with a GICv2 nothing is there. */
static int redistributor_is_there(void)
{
        for (word i = 0; i < suite_boot->untyped.end - suite_boot->untyped.start; i++) {
                const seL4_UntypedDesc *u = &suite_boot->untypedList[i];

                if (u->isDevice && u->paddr <= 0x080a0000 && 0x080a0000 - u->paddr < 1ul << u->sizeBits)
                        return 0;
        }
        return 1;
}

word guest_interface(void)
{
        static const word GICV = 0x08040000;
        word slot = new_slots(64), address = new_page_address();

        word frame = device_frame(GICV, slot);

        if (redistributor_is_there())
                return 0;
        OK(map_at(frame, address, seL4_AllRights, 0));
        return address;
}
