/* SPDX-License-Identifier: BSD-2-Clause */
/* Native threads under stage 2, and their address spaces (spec el2.md 10, 11); a guest's EL0. */
#include "guest.h"

enum { EL0T = 0x3c0, BITS = TABLES == 2 ? 40 : 44, GIB = 1 << 30, LARGE = 1 << 21 };
#define UNDEFINED 0x02000000

TEST(el2_svc_of_a_guest_program, "E2-16")
{
        struct guest g;
        seL4_UserContext c = {.pc = (word)guest_el0, .spsr = EL0T};

        guest_make(&g);
        set_reg(g.vcpu, seL4_VCPUReg_VBAR, (word)guest_el0_vectors);
        OK(seL4_TCB_WriteRegisters(tcb_of(&g), 1, 0, sizeof c / sizeof(word), &c));
        g.m = fault_of(&g.a, g.reply);
        is_done(&g);
        EQ(g.m.mr[0], 0x56000003);
        EQ(g.m.mr[1] & 0x1f, 0);
        EQ(g.m.mr[2], 4);
}

/* A native thread runs into that instruction. */
static struct message native_fault(struct agent *a, word reply, const char *at, word x0)
{
        seL4_UserContext c = {.pc = (word)at, .x0 = x0, .x1 = x0};

        OK(seL4_TCB_WriteRegisters(a->h.tcb, 1, 0, sizeof c / sizeof(word), &c));
        return fault_of(a, reply);
}

static void is_told(const char *at, word syndrome)
{
        struct agent a;
        word reply = new_reply();
        struct message m;

        agent_make(&a, LOW);
        agent_watch(&a);
        m = native_fault(&a, reply, at, 0x1000);
        EQ(m.label, seL4_Fault_VCPUFault);
        EQ(m.length, 1);
        EQ(m.mr[0], syndrome);
        EQ(agent_pc(&a), (word)at);
        set_mr(0, 0);
        answer(reply, 0, 1); /* words of the reply are ignored: the same instruction again */
        m = fault_of(&a, reply);
        EQ(m.label, seL4_Fault_VCPUFault);
        EQ(m.mr[0], syndrome);
}

TEST(el2_native_exceptions, "E2-26")
{
        is_told(guest_native_brk, 0xf2000002);
        is_told(guest_native_counter, 0x6232f801);
        is_told(guest_native_timer, 0x6232f807);
        is_told(guest_native_daif, 0x6232d005);
        is_told(guest_native_zva, 0x6212dc28);
        is_told((const char *)((word)guest_native_brk + 2), 0x8a000000);
}

TEST(el2_native_undefined, "E2-26")
{
        const char *const at[] = {guest_native_el, guest_native_hvc, guest_native_smc};

        for (word i = 0; i < sizeof at / sizeof at[0]; i++) {
                struct agent a;
                struct message m;

                agent_make(&a, LOW);
                agent_watch(&a);
                m = native_fault(&a, new_reply(), at[i], 0);
                EQ(m.label, seL4_Fault_UserException);
                EQ(m.mr[seL4_UserException_Number], UNDEFINED);
                EQ(m.mr[seL4_UserException_FaultIP], (word)at[i]);
        }
}

static void load_of(word address, word syndrome, word mask)
{
        struct agent a;
        struct message m;

        agent_make(&a, LOW);
        agent_watch(&a);
        m = native_fault(&a, new_reply(), guest_native_load, address);
        EQ(m.label, seL4_Fault_VMFault);
        EQ(m.mr[seL4_VMFault_Addr], address);
        EQ(m.mr[seL4_VMFault_PrefetchFault], 0);
        EQ(m.mr[seL4_VMFault_FSR] & mask, syndrome);
}

TEST(el2_native_aborts, "E2-26")
{
        load_of(FAR_AWAY + 0x123450, 0x93820004, ~(word)3); /* translation, at whatever level the walk ends */
        load_of(1ul << BITS, 0x92000000, ~(word)0);         /* an address size fault of the first level */
        load_of(~(word)0 << 16, 0x92000000, ~(word)0);      /* upper half */
        load_of(0xa5ul << 56 | 0x400000, 0x92000000, ~(word)0); /* tagged */
}

static word map(word frame, word address)
{
        return seL4_ARM_Page_Map(frame, VSPACE, address, seL4_AllRights, seL4_ARM_Default_VMAttributes);
}

static word map_table(word address)
{
        return seL4_ARM_PageTable_Map(new_object(seL4_ARM_PageTableObject, 0), VSPACE, address,
                                      seL4_ARM_Default_VMAttributes);
}

TEST(el2_levels_of_a_space, "E2-27")
{
        word address = FAR_AWAY + 16ul * GIB, frame = new_frame();

        if (TABLES == 3) { /* the first level has an entry for 2^39 bytes */
                address = 3ul << 39;
                EQ(map(frame, address), seL4_FailedLookup);
                EQ(seL4_MappingFailedLookupLevel(), 39);
                OK(map_table(address));
        }
        EQ(map(frame, address), seL4_FailedLookup);
        EQ(seL4_MappingFailedLookupLevel(), 30);
        OK(map_table(address));
        EQ(map(frame, address), seL4_FailedLookup);
        EQ(seL4_MappingFailedLookupLevel(), 21);
        OK(map_table(address));
        EQ(map_table(address), seL4_DeleteFirst);
        OK(map(frame, address));
}

TEST(el2_end_of_a_space, "E2-27")
{
        word frame = new_frame(), top = 1ul << BITS;

        EQ(map(frame, top), seL4_InvalidArgument);
        EQ(get_mr(0), 0);
        EQ(map_table(top), seL4_InvalidArgument);
        EQ(get_mr(0), 0);
        OK(map_at(frame, top - LARGE, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        *(volatile word *)(top - LARGE) = 42;
        EQ(*(volatile word *)(top - LARGE), 42);
        if (BITS == 44)
                OK(map_at(new_frame(), 1ul << 40, seL4_AllRights, seL4_ARM_Default_VMAttributes));
}

TEST(el2_cache_calls_of_a_frame, "E2-28")
{
        word frame = new_frame();

        OK(map_at(frame, FAR_AWAY, seL4_CanRead, seL4_ARM_Default_VMAttributes));
        OK(seL4_ARM_Page_Invalidate_Data(frame, 0, 64)); /* no write permission is requested */
        OK(seL4_ARM_Page_Clean_Data(frame, 0, 4096));
}

/* A device page that the kernel's own mapping does not reach: it never touches what it has not mapped. */
TEST(el2_cache_calls_outside_the_window, "E2-28")
{
        const word end = (1ul << 39) - GIB;
        word frame = new_slot(), far = 0;

        for (word i = 0; i < suite_boot->untyped.end - suite_boot->untyped.start; i++) {
                if (suite_boot->untypedList[i].isDevice && suite_boot->untypedList[i].paddr >= end)
                        far = suite_boot->untyped.start + i;
        }
        CHECK(far);
        OK(seL4_Untyped_Retype(far, seL4_ARM_SmallPageObject, 0, ROOT, 0, 0, frame, 1));
        OK(map_at(frame, FAR_AWAY, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        EQ(seL4_ARM_Page_Clean_Data(frame, 0, 64), seL4_IllegalOperation);
        EQ(seL4_ARM_Page_CleanInvalidate_Data(frame, 0, 64), seL4_IllegalOperation);
        OK(seL4_CNode_Delete(AT(frame)));
}
