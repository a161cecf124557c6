/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions, system registers and FP state as EL0 code of the real processor meets them (vspace.md 10 to 13). */
#include "vm_common.h"

/* Small pieces of code, each a function of one argument in x0 that answers in x0. */
#define PIECE(name, code)                                                                                    \
        __asm__(".text\n.balign 16\nprobe_" #name ":\n" code "\nret\n");                                     \
        extern char probe_##name[]

PIECE(undefined, ".word 0");
PIECE(brk1, "brk #1");
PIECE(hlt, "hlt #0");
PIECE(smc, ".word 0xd4000003");
PIECE(hvc, ".word 0xd4000002");
PIECE(midr, "mrs x0, midr_el1");
PIECE(cntvct, "mrs x0, cntvct_el0");
PIECE(cntpct, "mrs x0, cntpct_el0");
PIECE(pmccntr, "mrs x0, pmccntr_el0");
PIECE(daif, "mrs x0, daif");
PIECE(dczva, "dc zva, x0");
PIECE(set_tpidrro, "msr tpidrro_el0, x0");
PIECE(get_tpidrro, "mrs x0, tpidrro_el0");
PIECE(get_tpidr, "mrs x0, tpidr_el0");
PIECE(misaligned_pc, "add x0, x0, #2\nbr x0");
PIECE(wait, "sevl\nwfe\nwfi");
PIECE(caches, "dc cvac, x0\ndc cvau, x0\ndc civac, x0\nic ivau, x0\nmrs x1, ctr_el0\nmrs x0, dczid_el0");
PIECE(exclusive, "add x0, x0, #1\nldxr x1, [x0]");
PIECE(unaligned, "ldr x1, [x0, #1]\nmov x0, #1");
PIECE(fp, "fmov d0, x0\nfmov x0, d0");
PIECE(unknown_svc, "mov x9, x30\nmov x7, #77\nsvc #5\nmov x30, x9");
PIECE(flags, "mov x1, #0\nsubs x1, x1, #1\n.word 0\ncset x0, mi");

static word piece_value;

static void run_piece(word code, word argument)
{
        piece_value = ((word(*)(word))code)(argument);
}

struct prober {
        struct helper h;
        word faults, reply;
};

static void prober_make(struct prober *p)
{
        helper_make(&p->h, MIDDLE);
        p->faults = new_endpoint();
        p->reply = new_reply();
        OK(seL4_TCB_SetSpace(p->h.tcb, minted(p->faults, FAULT_BADGE, seL4_AllRights), ROOT, 0, VSPACE, 0));
}

static int see(struct prober *p)
{
        return through(&p->h, p->faults, p->reply);
}

static int probe(struct prober *p, const char *code, word argument)
{
        p->h.done = 0;
        helper_start(&p->h, run_piece, (word)code, argument);
        return see(p);
}

/* What the message of an exception says, at both levels. */
static word number_of_fault(void)
{
        return fault_label == seL4_Fault_UserException ? fault_words[seL4_UserException_Number]
                                                       : fault_words[0];
}

static int answered(struct prober *p, word label, word length)
{
        seL4_Send(p->reply, seL4_MessageInfo_new(label, 0, 0, length));
        return see(p);
}

/* The fault is a user exception with that number at `code`; skip the instruction and go on. */
static void exception_at(struct prober *p, const char *code, word number)
{
        EQ(fault_label, exception_label(number));
        EQ(fault_length, exception_length(number));
        if (fault_label == seL4_Fault_UserException) {
                EQ(fault_words[seL4_UserException_FaultIP], (word)code);
                EQ(fault_words[seL4_UserException_Code], 0);
        }
        EQ(number_of_fault(), number);
        if (fault_label != seL4_Fault_UserException)
                skip_instruction(p->h.tcb);
        seL4_SetMR(0, (word)code + 4);
        CHECK(answered(p, 0, 1));
}

TEST(vm_exceptions_without_their_own_trap, "VM-53 VM-57 VM-59 VM-67")
{
        static const struct {
                const char *code;
                word number;
        } rows[] = {{probe_undefined, 0x02000000},  {probe_brk1, 0xf2000001}, {probe_hlt, 0x02000000},
                    {probe_smc, 0x02000000},        {probe_hvc, 0x02000000},  {probe_midr, 0x02000000},
                    {probe_set_tpidrro, 0x02000000}};
        struct prober p;

        prober_make(&p);
        for (word i = 0; i < sizeof rows / sizeof *rows; i++) {
                CHECK(!probe(&p, rows[i].code, 0));
                exception_at(&p, rows[i].code, rows[i].number);
        }
}

TEST(vm_registers_that_trap, "VM-60")
{
        static const struct {
                const char *code;
                word number;
        } rows[] = {{probe_cntpct, 0x6232f801}, {probe_pmccntr, 0x6230e41b}, {probe_daif, 0x6232d005}};
        struct prober p;

        prober_make(&p);
        for (word i = 0; i < sizeof rows / sizeof *rows; i++) {
                CHECK(!probe(&p, rows[i].code, 0));
                EQ(number_of_fault() & ~0x3e0ul, rows[i].number & ~0x3e0ul);
                exception_at(&p, rows[i].code, number_of_fault());
        }
        CHECK(probe(&p, probe_cntvct, 0)); /* this image exports it */
        CHECK(piece_value != 0);
}

TEST(vm_caches_from_user_level, "VM-61 VM-62")
{
        struct prober p;
        word address;

        prober_make(&p);
        map_new_page(&address);
        CHECK(probe(&p, probe_caches, address));
        EQ(piece_value >> 4 & 1, 1);
        CHECK(!probe(&p, probe_dczva, address));
        exception_at(&p, probe_dczva, number_of_fault());
        CHECK(probe(&p, probe_wait, 0));
}

TEST(vm_alignment_of_pc_and_data, "VM-58")
{
        struct prober p;
        word address;

        prober_make(&p);
        map_new_page(&address);
        CHECK(probe(&p, probe_unaligned, address));
        EQ(piece_value, 1);
        CHECK(!probe(&p, probe_exclusive, address));
        EQ(fault_label, seL4_Fault_VMFault);
        EQ(fault_words[seL4_VMFault_FSR], 0x92000021);
        CHECK(!probe(&p, probe_misaligned_pc, (word)probe_undefined));
        EQ(fault_label, exception_label(0x8a000000));
        EQ(number_of_fault(), 0x8a000000);
        seL4_UserContext c;
        OK(registers_read(&p.h, &c, 0));
        EQ(c.pc, (word)probe_undefined + 2);
}

TEST(vm_answers_to_exceptions, "VM-54")
{
        struct prober p;

        prober_make(&p);
        CHECK(!probe(&p, probe_flags, 0));
        EQ(fault_words[seL4_UserException_SPSR] >> 28, 8); /* N of the subtraction is kept */
        seL4_SetMR(seL4_UserException_FaultIP, fault_words[0] + 4);
        seL4_SetMR(seL4_UserException_SP, fault_words[1]);
        seL4_SetMR(seL4_UserException_SPSR, 0); /* and taken from the answer */
        CHECK(answered(&p, 0, 3));
        EQ(piece_value, 0);
        CHECK(!probe(&p, probe_undefined, 0));
        CHECK(!answered(&p, 0, 0)); /* no words: the same instruction again */
        EQ(fault_words[0], (word)probe_undefined);
        seL4_SetMR(0, (word)probe_undefined + 4);
        seL4_Send(p.reply, seL4_MessageInfo_new(1, 0, 0, 1));
        let_run();
        EQ(p.h.done, 0);
        OK(seL4_TCB_Resume(p.h.tcb));
        let_run();
        EQ(p.h.done, 1);
}

TEST(vm_unknown_system_call, "VM-55 VM-56")
{
        struct prober p;
        word svc = (word)probe_unknown_svc + 8;

        prober_make(&p);
        CHECK(!probe(&p, probe_unknown_svc, 41));
        EQ(fault_label, seL4_Fault_UnknownSyscall);
        EQ(fault_length, seL4_UnknownSyscall_Length);
        EQ(fault_words[seL4_UnknownSyscall_X0], 41);
        EQ(fault_words[seL4_UnknownSyscall_FaultIP], svc);
        EQ(fault_words[seL4_UnknownSyscall_LR], svc + 4);
        EQ(fault_words[seL4_UnknownSyscall_Syscall], 77);
        CHECK(!answered(&p, 0, 0));
        EQ(fault_words[seL4_UnknownSyscall_FaultIP], svc);
        for (word i = 0; i < 12; i++)
                seL4_SetMR((int)i, fault_words[i]);
        seL4_SetMR(seL4_UnknownSyscall_X0, 42);
        seL4_SetMR(seL4_UnknownSyscall_FaultIP, svc + 4);
        CHECK(answered(&p, 0, 12));
        EQ(piece_value, 42);

        seL4_UserContext c;
        CHECK(!probe(&p, probe_unknown_svc, 41));
        for (word i = 0; i < 12; i++)
                seL4_SetMR((int)i, fault_words[i]);
        seL4_SetMR(seL4_UnknownSyscall_SP, 0x1230);
        seL4_Send(p.reply, seL4_MessageInfo_new(1, 0, 0, 12)); /* stopped, but with the words applied */
        OK(registers_read(&p.h, &c, 0));
        EQ(c.sp, 0x1230);
}

TEST(vm_thread_id_registers, "VM-66 VM-67")
{
        struct prober p;
        seL4_UserContext c;

        prober_make(&p);
        CHECK(!probe(&p, probe_undefined, 0));
        OK(registers_read(&p.h, &c, 0));
        EQ(c.tpidr_el0, p.h.tls);
        c.tpidrro_el0 = 0x77;
        c.pc += 4;
        OK(seL4_TCB_WriteRegisters(p.h.tcb, 1, 0, sizeof c / 8, &c));
        CHECK(see(&p));
        seL4_UserContext d = {0};
        machine_thread(&d, (void (*)(word))probe_get_tpidrro, 0, p.h.stack_top, p.h.tls);
        d.tpidrro_el0 = 0x77;
        d.x30 = (word)probe_undefined;
        OK(seL4_TCB_WriteRegisters(p.h.tcb, 1, 0, sizeof d / 8, &d));
        p.h.done = 0;
        CHECK(!see(&p));
        EQ(fault_words[0], (word)probe_undefined);
        OK(registers_read(&p.h, &d, 0));
        EQ(d.x0, 0x77);
        OK(seL4_TCB_SetTLSBase(p.h.tcb, 0x4440));
        OK(registers_read(&p.h, &d, 0));
        EQ(d.tpidr_el0, 0x4440);
}

TEST(vm_written_spsr_is_filtered, "VM-68")
{
        struct helper h;
        seL4_UserContext c = {.spsr = ~0ul};

        helper_make(&h, LOW);
        OK(seL4_TCB_WriteRegisters(h.tcb, 0, 0, 3, &c));
        OK(registers_read(&h, &c, 0));
        EQ(c.spsr, on_debug_kernel() ? 0xf0000040 : 0xf0000140);
}

TEST(vm_fpu_by_flag, "VM-63 VM-64")
{
        struct prober p;
        seL4_TCB_SetFlags_t flags;

        prober_make(&p);
        flags = seL4_TCB_SetFlags(p.h.tcb, 0, ~0ul);
        OK(flags.error);
        EQ(flags.flags, seL4_TCBFlag_fpuDisabled);
        CHECK(!probe(&p, probe_fp, 1234));
        EQ(fault_label, exception_label(0x1fe00000));
        EQ(number_of_fault(), 0x1fe00000);
        EQ(seL4_TCB_SetFlags(p.h.tcb, seL4_TCBFlag_fpuDisabled, 0).flags, 0);
        CHECK(answered(&p, 0, 0));
        EQ(piece_value, 1234);
        EQ(seL4_TCB_SetFlags(p.h.tcb, 1, 1).flags, 1);
        EQ(seL4_MessageInfo_get_label(seL4_Call(p.h.tcb, seL4_MessageInfo_new(TCBSetFlags, 0, 0, 1))),
           seL4_TruncatedMessage);
}

enum { FP_THREADS = 4, FP_ROUNDS = 20000 };
static volatile double fp_result[FP_THREADS];

static void compute(word which, word unused)
{
        double sum = 0;

        (void)unused;
        for (word i = 1; i <= FP_ROUNDS; i++) {
                sum += 1.0 / (double)i;
                if (i % 1000 == 0)
                        seL4_Yield();
        }
        fp_result[which] = sum;
}

TEST(vm_fpu_state_is_each_threads_own, "VM-65")
{
        struct helper h[FP_THREADS];

        for (word i = 0; i < FP_THREADS; i++) {
                fp_result[i] = 0;
                helper_make(&h[i], LOW);
                OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, h[i].sc, 300, 300, 0, 0,
                                                    0));
                helper_start(&h[i], compute, i, 0);
        }
        let_run();
        for (word i = 0; i < FP_THREADS; i++) {
                CHECK(h[i].done);
                CHECK(fp_result[i] == fp_result[0]);
        }
        CHECK(fp_result[0] > 10.4 && fp_result[0] < 10.6);
}

TEST(vm_syndromes, "VM-34 VM-43 VM-44 VM-70")
{
        struct toucher t;
        word address, frame = map_new_page(&address), empty = FAR_AWAY,
                      xn = seL4_ARM_PageCacheable | seL4_ARM_ExecuteNever;

        toucher_make(&t);
        CHECK(!touch(&t, TOUCH_READ, empty));
        EQ(plain_abort(fault_words[seL4_VMFault_FSR]), 0x92000004 + ROOT_LEVEL);
        CHECK(!touch(&t, TOUCH_WRITE, empty));
        EQ(plain_abort(fault_words[seL4_VMFault_FSR]), 0x92000044 + ROOT_LEVEL);
        CHECK(!touch(&t, TOUCH_RUN, empty));
        EQ(plain_abort(fault_words[seL4_VMFault_FSR]), 0x82000004 + ROOT_LEVEL);
        EQ(fault_words[seL4_VMFault_PrefetchFault], 1);
        CHECK(!touch(&t, TOUCH_READ, address + PAGE));
        EQ(plain_abort(fault_words[seL4_VMFault_FSR]), 0x92000007);
        OK(seL4_ARM_Page_Map(frame, VSPACE, address, seL4_CanRead, CACHED));
        CHECK(!touch(&t, TOUCH_WRITE, address));
        EQ(plain_abort(fault_words[seL4_VMFault_FSR]), 0x9200004f);
        OK(seL4_ARM_Page_Map(frame, VSPACE, address, seL4_NoRights, CACHED));
        CHECK(!touch(&t, TOUCH_READ, address));
        EQ(plain_abort(fault_words[seL4_VMFault_FSR]), 0x9200000f);
        OK(seL4_ARM_Page_Map(frame, VSPACE, address, seL4_AllRights, (seL4_ARM_VMAttributes)xn));
        CHECK(touch(&t, TOUCH_WRITE, address));
        CHECK(!touch(&t, TOUCH_RUN, address));
        EQ(plain_abort(fault_words[seL4_VMFault_FSR]), 0x8200000f);
        EQ(fault_words[seL4_VMFault_IP], address);
        EQ(fault_words[seL4_VMFault_Addr], address);
        CHECK(!touch(&t, TOUCH_READ, address | 1ul << 56));
        EQ(fault_words[seL4_VMFault_Addr], address | 1ul << 56);
}

TEST(vm_new_code_runs, "VM-40")
{
        struct toucher t;
        word address, frame = map_new_page(&address);
        volatile uint32_t *code = (volatile uint32_t *)address;

        toucher_make(&t);
        code[0] = 0xd65f03c0; /* ret */
        OK(seL4_ARM_Page_Unify_Instruction(frame, 0, PAGE));
        CHECK(touch(&t, TOUCH_RUN, address));
        code[0] = 0;
        OK(seL4_ARM_VSpace_Unify_Instruction(VSPACE, address, address + 4));
        CHECK(!touch(&t, TOUCH_RUN, address));
        EQ(fault_label, seL4_Fault_UserException);
}

TEST(vm_huge_device_page, "VM-46")
{
        word huge = new_slot(), space = new_space(), device = 0;

        for (word i = 0; i < suite_boot->untyped.end - suite_boot->untyped.start; i++)
                if (suite_boot->untypedList[i].isDevice &&
                    suite_boot->untypedList[i].sizeBits >= seL4_HugePageBits)
                        device = suite_boot->untyped.start + i;
        CHECK(device);
        OK(seL4_Untyped_Retype(device, seL4_ARM_HugePageObject, 0, ROOT, 0, 0, huge, 1));
        if (TABLES == 3)
                REFUSED_3(page_map(huge, space, 1ul << 30), seL4_FailedLookup, 0, seL4_MissingCapability, 39);
        tables_at(space, 1ul << 30, TABLES - 2);
        REFUSED(page_map(huge, space, 1ul << 21), seL4_AlignmentError);
        OK(page_map(huge, space, 1ul << 30));
        REFUSED(seL4_ARM_PageTable_Map(new_table(), space, 1ul << 30, CACHED), seL4_DeleteFirst);
}
