/* SPDX-License-Identifier: BSD-2-Clause */
/* How late native threads are beside a busy guest, in instructions: the system counter, which has a tick for 16 of them (QEMU counts one
 * nanosecond for each). */
#include "guest.h"

enum { TICK = 16, PERIODS = 400, PERIOD_US = 100, BUDGET_US = 40, FIRST = SUITE_PRIORITY + 20, IMSC = 0x38 };

static word begun_at[PERIODS];
static volatile word over;

static word ticks(void)
{
        word n;

        __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(n) : : "memory");
        return n;
}

static void with_period(word unused, word unused_too)
{
        (void)unused, (void)unused_too;
        for (word i = 0; i < PERIODS; i++) {
                seL4_Yield();
                begun_at[i] = ticks();
        }
        over = 1;
        through();
}

/* A native thread with a period, above the monitor. */
static void start_native(struct helper *h)
{
        helper_make(h, FIRST);
        helper_has_periods(h, BUDGET_US, PERIOD_US);
        over = 0;
        helper_start(h, with_period, 0, 0);
}

/* How much later than at best it begins at worst: less than so many hundred instructions. */
static void jitter(const char *name)
{
        enum { STEP = 100 };
        word least = ~0ul, most = 0, period = PERIOD_US * machine_ticks_per_us_x1000() / 1000;

        for (word i = 1; i < PERIODS; i++) {
                word late = begun_at[i] - begun_at[0] - i * period + period;

                least = late < least ? late : least;
                most = late > most ? late : most;
        }
        value(name, ((most - least) * TICK / STEP + 1) * STEP);
}

TEST(native_alone, "")
{
        struct helper h;

        meeting();
        start_native(&h);
        await(1);
        jitter("native-late-alone");
}

TEST(native_beside_computing, "")
{
        static word memory;
        struct helper h;
        struct guest g;

        meeting();
        guest_make(&g, BELOW, guest_computes, (word)&memory);
        start_native(&h);
        await(1);
        CHECK(memory > PERIODS);
        jitter("native-late-computing");
}

/* Every exit is answered with an interrupt for each list register. */
TEST(native_beside_exits, "")
{
        enum { LISTS = 4 };
        seL4_MessageInfo_t none = seL4_MessageInfo_new(0, 0, 0, 0);
        struct helper h;
        struct guest g;
        word badge, exits = 0;

        meeting();
        guest_make(&g, BELOW, guest_mixes, NOWHERE);
        start_native(&h);
        for (seL4_Recv(g.faults, &badge, g.reply); !over; exits++) {
                for (word i = 0; i < LISTS; i++)
                        seL4_ARM_VCPU_InjectIRQ(g.vcpu, (seL4_Uint16)(VIRQ + i), 0, 0, (seL4_Uint8)i);
                skip_instruction(g.h.tcb);
                seL4_ReplyRecv(g.faults, none, &badge, g.reply);
        }
        CHECK(exits > PERIODS);
        jitter("native-late-exits");
}

/* A device interrupts the guest; its native driver runs. */
TEST(native_driver, "")
{
        word n = new_notification(), handler = new_slot(), badge, sum = 0;
        seL4_UserContext c;
        struct guest g;

        OK(seL4_IRQControl_Get(seL4_CapIRQControl, machine_irq(), ROOT, handler, 64));
        OK(seL4_IRQHandler_SetNotification(handler, n));
        guest_make(&g, BELOW, guest_interrupts, machine_console() + IMSC);
        for (word i = 0; i < ROUNDS; i++) {
                seL4_Wait(n, &badge);
                word now = ticks();

                machine_irq_set(0);
                OK(seL4_TCB_ReadRegisters(g.h.tcb, 0, 0, sizeof c / sizeof(word), &c));
                sum += now - c.x1;
                for (word left = i % 16; left-- > 0;) /* a tick is 16 instructions: begin at each of them */
                        __asm__ volatile("");
                seL4_IRQHandler_Ack(handler);
        }
        sample(sum * TICK);
        cost("guest-irq-to-driver", ROUNDS);
}
