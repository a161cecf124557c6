/* SPDX-License-Identifier: BSD-2-Clause */
/* Every system register that EL0 code could name, read and written (docs/registers.md): all but a known few trap. */
#include "vm_common.h"

enum {
        OP1_USER = 3,
        CODE_PAGE = 4096,
        PIECE_WORDS = 2,
        BATCH = CODE_PAGE / 4 / PIECE_WORDS,
        SEEN_MAX = 32,
        THROUGH = 1
};

static const uint32_t RET = 0xd65f03c0, READ_X0 = 0xd5300000, WRITE_XZR = 0xd510001f;

/* An encoding without the direction: op0 - 2, CRn, CRm, op2, as in bits 19, 15..5 of the instruction. */
static uint32_t piece(uint32_t direction, word i)
{
        return direction | (uint32_t)(i >> 11 & 1) << 19 | OP1_USER << 16 | (uint32_t)(i & 0x7ff) << 5;
}

static word encoding(word op0, word crn, word crm, word op2)
{
        return (op0 - 2) << 11 | crn << 7 | crm << 3 | op2;
}

static struct {
        word code, trapped, seen, which[SEEN_MAX], first;
} sweep;

static void runs_batch(word end, word unused)
{
        word tls;

        (void)unused;
        __asm__ volatile("mrs %0, tpidr_el0" : "=r"(tls));
        for (word i = 0; i < BATCH; i++) {
                sweep.trapped = 0;
                __asm__ volatile("mov x0, #0\n blr %0\n msr tpidr_el0, %1"
                                 :
                                 : "r"(sweep.code + i * PIECE_WORDS * 4), "r"(tls)
                                 : "x0", "x30", "cc", "memory");
                if (!sweep.trapped && sweep.seen < SEEN_MAX)
                        sweep.which[sweep.seen++] = sweep.first + i;
        }
        seL4_Send(end, seL4_MessageInfo_new(0, 0, 0, 0));
}

/* The faults of one batch, each skipped, up to the message of its end. */
static void skip_faults(word faults, word reply, word tcb)
{
        for (;;) {
                word badge;
                seL4_MessageInfo_t m = seL4_Recv(faults, &badge, reply);

                if (badge == THROUGH)
                        return;
                word label = seL4_MessageInfo_get_label(m);

                CHECK(label == seL4_Fault_UserException ||
                      (AT_EL2 && label == exception_label(seL4_GetMR(0))));
                sweep.trapped = 1;
                if (label == seL4_Fault_UserException)
                        seL4_SetMR(0, seL4_GetMR(0) + 4);
                else
                        skip_instruction(tcb);
                seL4_Send(reply, seL4_MessageInfo_new(0, 0, 0, 1));
        }
}

/* All 4096 encodings in one direction; sweep.which says which of them did not trap, in ascending order. */
static void sweep_all(uint32_t direction)
{
        word faults = new_endpoint(), reply = new_reply(), frame = map_new_page(&sweep.code);
        word end = minted(faults, THROUGH, seL4_AllRights);
        static struct helper h;

        helper_make(&h, MIDDLE);
        OK(seL4_TCB_SetSpace(h.tcb, minted(faults, FAULT_BADGE, seL4_AllRights), ROOT, 0, VSPACE, 0));
        sweep.seen = 0;
        for (sweep.first = 0; sweep.first < 4096; sweep.first += BATCH) {
                for (word i = 0; i < BATCH; i++) {
                        volatile uint32_t *at = (volatile uint32_t *)sweep.code + i * PIECE_WORDS;

                        at[0] = piece(direction, sweep.first + i);
                        at[1] = RET;
                }
                OK(seL4_ARM_Page_Unify_Instruction(frame, 0, CODE_PAGE));
                helper_start(&h, runs_batch, end, 0);
                skip_faults(faults, reply, h.tcb);
        }
}

static void are(const word *wanted, word n)
{
        for (word i = 0; i < n && i < sweep.seen; i++)
                EQ(sweep.which[i], wanted[i]);
        EQ(sweep.seen, n);
}

/* MDCCSR_EL0 is closed by MDSCR_EL1.TDCC, which QEMU 7.2 does not model; tests/registers reads that bit. */
TEST(vm_registers_readable, "VM-60")
{
        const word open[] = {
                encoding(2, 0, 1, 0),                                               /* MDCCSR_EL0 */
                encoding(3, 0, 0, 1),  encoding(3, 0, 0, 7),                        /* CTR_EL0, DCZID_EL0 */
                encoding(3, 4, 2, 0),  encoding(3, 4, 4, 0),  encoding(3, 4, 4, 1), /* NZCV, FPCR, FPSR */
                encoding(3, 9, 14, 0), /* PMUSERENR_EL0, which says that the counters are closed */
                encoding(3, 13, 0, 2), encoding(3, 13, 0, 3), /* TPIDR_EL0, TPIDRRO_EL0 */
                encoding(3, 14, 0, 0), encoding(3, 14, 0, 2), /* CNTFRQ_EL0, CNTVCT_EL0 */
        };

        word skipped = AT_EL2; /* where TGE sends it to EL2, MDCCSR_EL0 does trap in QEMU */

        sweep_all(READ_X0);
        are(open + skipped, sizeof open / sizeof *open - skipped);
}

TEST(vm_registers_writable, "VM-60")
{
        const word open[] = {
                encoding(3, 4, 2, 0), encoding(3, 4, 4, 0), encoding(3, 4, 4, 1), /* NZCV, FPCR, FPSR */
                encoding(3, 13, 0, 2),                                            /* TPIDR_EL0 */
        };

        sweep_all(WRITE_XZR);
        are(open, sizeof open / sizeof *open);
}
