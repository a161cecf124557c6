/* SPDX-License-Identifier: BSD-2-Clause */
/* The interrupt controllers of the Raspberry Pi 3: one of the cores (timers, mailboxes) and, behind one line of it, the one of
 * the peripherals.
 *
 * Lines as users number them: 0 to 11 of this core, 32 + n of the Arm side, 64 + n of the peripherals.  All are level-triggered, without a
 * choice of trigger or priority, and nothing is acknowledged: a line given to user level is masked until its driver acknowledges it.
 */
#include "arch/arch.h"
#include "drv/drivers.h"

enum {
        CONTROL = 0x00,
        PRESCALER = 0x08,
        GPU_ROUTING = 0x0c,
        PMU_SET = 0x10,
        PMU_CLEAR = 0x14,
        LOCAL_TIMER = 0x34,
        TIMERS = 0x40, /* these three per core */
        MAILBOXES = 0x50,
        SOURCE = 0x60,

        PENDING_BASIC = 0x00,
        PENDING = 0x04, /* two words */
        FIQ = 0x0c,
        ENABLE = 0x10, /* two words, then that of the Arm side */
        DISABLE = 0x1c,

        ONE_TO_ONE = (int)0x80000000,
        LOCAL_TIMER_ON = 1 << 28 | 1 << 29,
        SOURCE_GPU = 1 << 8,
        SOURCES = 0xeff, /* all but that */
        LINE_MAILBOX = 4,
        LINE_PMU = 9,
        LINE_LOCAL_TIMER = 11,
        BASIC_FIRST = 32,
        BASIC_LINES = 8,
        GPU_FIRST = 64,
        LINES = 128,
};

static word local, control; /* constant after boot; `control` is 0 without the second controller */

static word core(void)
{
        word mpidr;

        __asm__("mrs %0, mpidr_el1" : "=r"(mpidr));
        return mpidr & 3;
}

static volatile uint32_t *mine(word offset)
{
        return register_at(local + offset + 4 * core());
}

/* The word and bit of a line behind the second controller: peripherals 0 and 1, then the Arm side. */
static void write_bank(word offset, word irq)
{
        word bank = irq >= GPU_FIRST ? (irq - GPU_FIRST) / 32 : 2;

        if (control != 0 && (irq >= GPU_FIRST || irq < BASIC_FIRST + BASIC_LINES))
                *register_at(control + offset + 4 * bank) = 1u << irq % 32;
}

static void switch_local(word irq, bool on)
{
        volatile uint32_t *reg = irq < LINE_MAILBOX ? mine(TIMERS) : mine(MAILBOXES);
        uint32_t b = 1u << irq % 4;

        if (irq == LINE_PMU)
                *register_at(local + (on ? PMU_SET : PMU_CLEAR)) = 1u << core();
        else if (irq == LINE_LOCAL_TIMER)
                *register_at(local + LOCAL_TIMER) = on ? LOCAL_TIMER_ON : 0;
        else if (irq < 2 * LINE_MAILBOX)
                *reg = on ? *reg | b : *reg & ~b;
}

static void mask(word irq)
{
        if (irq < BASIC_FIRST)
                switch_local(irq, false);
        else
                write_bank(DISABLE, irq);
}

static void unmask(word irq)
{
        if (irq < BASIC_FIRST)
                switch_local(irq, true);
        else
                write_bank(ENABLE, irq);
}

static void start(void)
{
        *register_at(local + CONTROL) = 0;
        *register_at(local + PRESCALER) = (uint32_t)ONE_TO_ONE;
        *register_at(local + GPU_ROUTING) = (uint32_t)core();
        *register_at(local + PMU_CLEAR) = ~0u;
        *register_at(local + LOCAL_TIMER) = 0;
        *mine(TIMERS) = 0;
        *mine(MAILBOXES) = 0;
        if (control == 0)
                return;
        *register_at(control + FIQ) = 0;
        for (word bank = 0; bank < 3; bank++)
                *register_at(control + DISABLE + 4 * bank) = ~0u;
}

static word claim_behind(void)
{
        uint32_t basic = control ? *register_at(control + PENDING_BASIC) & ((1u << BASIC_LINES) - 1) : 0;

        if (basic)
                return BASIC_FIRST + (word)__builtin_ctz(basic);
        for (word bank = 0; control && bank < 2; bank++) {
                uint32_t pending = *register_at(control + PENDING + 4 * bank);

                if (pending)
                        return GPU_FIRST + 32 * bank + (word)__builtin_ctz(pending);
        }
        return IRQ_NONE;
}

static word claim(void)
{
        uint32_t source = *mine(SOURCE);

        if (source & SOURCES)
                return (word)__builtin_ctz(source & SOURCES);
        return source & SOURCE_GPU ? claim_behind() : IRQ_NONE;
}

static void finish(word irq)
{
        (void)irq;
}

void bcm2836_probe(const struct handover_device *d)
{
        local = d->reg[0].start;
        control = 0;
        platform.irq_last = LINES - 1;
        platform.irq = (struct irq_controller){
                .start = start,
                .claim = claim,
                .finish = finish,
                .mask = mask,
                .unmask = unmask,
                .acknowledge = unmask,
                .deliver = mask,
                .forget = mask, /* the controller latches no levels */
        };
}

void bcm2836_probe_armctrl(const struct handover_device *d)
{
        control = d->reg[0].start;
}
