/* SPDX-License-Identifier: BSD-2-Clause */
/* A hostile guest beside a native thread with a period: random instructions (system registers, firmware calls, waiting), random
 * accesses, and a storm of interrupts: four for each of its exits.  The native thread is on time in every period.
 *
 * The guest has an address space and a CSpace of its own, because its random accesses must not reach
 * the test.  It may spin for ever without an exit: so the test checks after short pauses, and restarts it when nothing has come.
 *
 * VBAR_EL1 gets random addresses below 2^40 only, and the MMU stays off: vectors that stage 1 cannot reach raise the next exception before
 * their first instruction, without end, and where the clock counts instructions (QEMU's -icount) it would stand still.
 */
#include "guest.h"

enum { PERIOD_US = 100, BUDGET_US = 40, NATIVE_PRIORITY = SUITE_PRIORITY + 20, PAUSE_US = 50, PATIENCE = 10 };
enum { INSTRUCTION_AT = 0x400, VECTORS_AT = 0x800 };

/* How many periods; tests/el2/run finds this by the text and writes a larger number for its long form. */
static volatile struct {
        char text[16];
        word periods;
} asked = {"EL2 periods are", 1000};

static struct {
        volatile word done, missed, worst_us;
} native;

CODE(hostile);
CODE(hostile_end);
CODE(hostile_vectors);
CODE(hostile_vectors_end);

static void with_period(word periods, word unused)
{
        word start;

        (void)unused;
        seL4_Yield(); /* up to the beginning of a period */
        start = now_us();
        for (word i = 1; i <= periods; i++) {
                word late;

                seL4_Yield();
                late = now_us() - start - i * PERIOD_US;
                if ((int64_t)late > (int64_t)native.worst_us)
                        native.worst_us = late;
                native.missed += (int64_t)late >= PERIOD_US - BUDGET_US;
        }
        native.done = 1;
}

static void start_native(struct helper *h)
{
        helper_make(h, NATIVE_PRIORITY);
        helper_has_periods(h, BUDGET_US, PERIOD_US);
        helper_start(h, with_period, asked.periods, 0);
}

static word random_word(word *seed)
{
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        return *seed ^= *seed << 17;
}

/* From the beginning, with the registers of a new guest: whatever it did to itself is gone. */
static void begin(struct guest *g, word *seed)
{
        seL4_UserContext c = {.pc = CODE_AT,
                              .spsr = EL1H,
                              .x0 = random_word(seed),
                              .x1 = CODE_AT + INSTRUCTION_AT,
                              .x2 = CODE_AT + VECTORS_AT};

        OK(seL4_TCB_Suspend(tcb_of(g)));
        for (word i = 0; i < seL4_VCPUReg_Num; i++) {
                if (i != seL4_VCPUReg_CNTVOFF)
                        set_reg(g->vcpu, i, i == seL4_VCPUReg_SCTLR ? FRESH_SCTLR : 0);
        }
        OK(seL4_TCB_WriteRegisters(tcb_of(g), 1, 0, sizeof c / sizeof(word), &c));
}

/* Whatever the exit was: inject a random interrupt into each list register, and continue after the instruction. */
static void serve(struct guest *g, word *seed)
{
        for (word i = 0; i < LISTS; i++) {
                word chance = random_word(seed);

                seL4_ARM_VCPU_InjectIRQ(g->vcpu, (seL4_Uint16)(chance % 1020),
                                        (seL4_Uint8)(chance >> 10 & 31), (seL4_Uint8)(chance >> 15 & 1),
                                        (seL4_Uint8)i);
        }
        seL4_ARM_VCPU_AckVPPI(g->vcpu, VIRTUAL_TIMER);
        if (g->m.label == seL4_Fault_VMFault || g->m.label == seL4_Fault_VCPUFault ||
            g->m.label == seL4_Fault_UnknownSyscall)
                skip_instruction(tcb_of(g));
        answer(g->reply, 0, 0);
}

TEST(el2_hostile_guest_beside_a_deadline, "")
{
        struct guest g;
        struct helper h;
        word here, seed = 0x9e3779b97f4a7c15, exits = 0, anew = 0, quiet = PATIENCE;

        guest_make(&g);
        here = guest_confine(&g, new_object(seL4_CapTableObject, 1), guest_hostile, guest_hostile_end);
        __builtin_memcpy((void *)(here + VECTORS_AT), guest_hostile_vectors,
                         (word)(guest_hostile_vectors_end - guest_hostile_vectors));
        OK(seL4_ARM_VSpace_Unify_Instruction(seL4_CapInitThreadVSpace, here, here + (1ul << seL4_PageBits)));
        native.done = native.missed = native.worst_us = 0;
        start_native(&h);
        while (!native.done) {
                if (quiet++ >= PATIENCE || exits % 64 == 63) {
                        begin(&g, &seed);
                        anew++;
                        quiet = 0;
                        exits++;
                }
                sleep_us(PAUSE_US);
                for (g.m = poll_now(g.a.faults, g.reply); g.m.any; g.m = poll_now(g.a.faults, g.reply)) {
                        exits++;
                        quiet = 0;
                        serve(&g, &seed);
                }
        }
        say("hostile guest: %lu periods, %lu missed, latest %lu us; %lu exits, %lu times restarted\n",
            asked.periods, native.missed, native.worst_us, exits, anew);
        EQ(native.missed, 0);
        CHECK(exits > asked.periods);
}
