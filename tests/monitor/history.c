/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts of a guest against a model: at random, edges and lines, enabled, disabled, with other priorities, taken and ended, with few
 * and many list registers.
 *
 * After each step no interrupt waits for a list register while one is free; each that is put into one was wanted, enabled and the most
 * urgent; an edge is used up by that, so it is delivered exactly once; the timer is acknowledged when its interrupt has ended, not
 * before. */
#include <string.h>

#include "os/monitor/device.h"
#include "os/monitor/irq.h"
#include "os/monitor/monitor.h"
#include "tests/lib/test.h"
#include "tests/monitor/cases.h"

enum { ENABLE = 0x100, DISABLE = 0x180, RAISE = 0x200, DROP = 0x280, PRIORITY = 0x400, SHIFT = 3 };
enum { WFI = 0x07e00000, WFE = 0x07e00001 };

static struct {
        bool enabled, edge, line;
        uint8_t priority;
        unsigned edges, dropped, used, taken, put; /* counts */
} model[IRQS];
static bool on;
static unsigned injections; /* in this step */

static bool listed(unsigned irq)
{
        for (unsigned i = 0; i < world.lists; i++) {
                if ((world.now->list[i].pending || world.now->list[i].active) &&
                    world.now->list[i].irq == irq)
                        return true;
        }
        return false;
}

static bool waits(unsigned irq)
{
        return on && model[irq].enabled && (model[irq].edge || model[irq].line) && !listed(irq);
}

static void injected(unsigned number, unsigned irq, unsigned priority, unsigned group)
{
        CHECK_EQUAL(number, 0);
        CHECK(irq < IRQS && waits(irq));
        CHECK_EQUAL(priority, model[irq].priority >> SHIFT);
        CHECK_EQUAL(group, world.gic == 2 ? 0 : 1);
        for (unsigned other = 0; other < IRQS; other++)
                CHECK(!waits(other) || model[other].priority >= model[irq].priority);
        model[irq].used += model[irq].edge;
        model[irq].edge = false;
        model[irq].put++;
        CHECK(++injections <= world.lists);
}

static void acknowledged(unsigned number)
{
        CHECK_EQUAL(number, 0);
        CHECK(!model[TIMER_IRQ].edge && !listed(TIMER_IRQ));
}

static void check_step(void)
{
        unsigned busy = 0;

        for (unsigned i = 0; i < world.lists; i++)
                busy += world.now->list[i].pending || world.now->list[i].active;
        for (unsigned irq = 0; irq < IRQS; irq++)
                CHECK(busy == world.lists || !waits(irq));
        CHECK_EQUAL(world.now->timer_masked, model[TIMER_IRQ].edge || listed(TIMER_IRQ));
        injections = 0;
}

/* --- what the guest does --- */

static uint64_t frame_of(unsigned irq)
{
        return world.gic == 3 && irq < IRQ_PRIVATE ? REDISTRIBUTOR + 0x10000 : DISTRIBUTOR;
}

/* One bit, at any width. */
static void put_bit(unsigned irq, uint64_t bank)
{
        unsigned width = world.gic == 3 && irq < IRQ_PRIVATE ? 4 : 8;

        width >>= world_random(width == 8 ? 4 : 3);
        world_store(frame_of(irq) + bank + irq / 8 / width * width, width, 1ull << irq % (8 * width));
}

static void raise_edge(unsigned irq)
{
        model[irq].edges += !model[irq].edge;
        model[irq].edge = true;
}

static void set_pending(unsigned irq)
{
        if (irq == TIMER_IRQ)
                return; /* it is the kernel's event */
        raise_edge(irq);
        put_bit(irq, RAISE);
}

static void drop_pending(unsigned irq)
{
        model[irq].dropped += model[irq].edge;
        model[irq].edge = false;
        put_bit(irq, DROP);
}

static void enable(unsigned irq)
{
        model[irq].enabled = true;
        put_bit(irq, ENABLE);
}

static void disable(unsigned irq)
{
        model[irq].enabled = world.gic == 2 && irq < SGIS;
        put_bit(irq, DISABLE);
}

static void set_priority(unsigned irq)
{
        model[irq].priority = (uint8_t)world_random(256);
        world_store(frame_of(irq) + PRIORITY + irq, 1, model[irq].priority);
}

static void switch_on(unsigned irq)
{
        on = irq % 8 != 0;
        world_store(DISTRIBUTOR, 4, on ? world.gic == 2 ? 1 : 2 : 0);
}

static void send_to_self(unsigned irq)
{
        uint32_t sgi = irq % SGIS;

        raise_edge(sgi);
        if (world.gic == 2) {
                world_store(DISTRIBUTOR + 0xf00, 4, irq % 2 ? 2u << 24 | sgi : 1u << 16 | sgi);
                return;
        }
        *world_x(9) = (uint64_t)sgi << 24 | 1;
        world_trap(0x623a3016 | 9 << 5);
}

static void take(unsigned irq)
{
        (void)irq;
        irq = world_take();
        if (irq != WORLD_NONE)
                model[irq].taken++;
}

static void end(unsigned irq)
{
        (void)irq;
        world_end();
}

/* --- what comes from outside: a line as a device moves it, and the timer --- */

static void move_line(unsigned irq)
{
        irq = irq % 2 ? SERIAL_IRQ : SLOT_IRQ + irq % 4;
        model[irq].line = !model[irq].line;
        irq_line(irq, model[irq].line);
}

static void timer(unsigned irq)
{
        (void)irq;
        if (world.now->timer_masked)
                return;
        raise_edge(TIMER_IRQ);
        world_timer();
}

static void (*const act[])(unsigned irq) = {set_pending,  set_pending,  drop_pending, enable,    enable,
                                            disable,      set_priority, switch_on,    move_line, timer,
                                            send_to_self, take,         take,         end};

/* All that waits is delivered, and nothing else comes. */
static void check_end(void)
{
        for (unsigned irq = 0; irq < IRQS; irq++) {
                if (model[irq].line) {
                        model[irq].line = false;
                        irq_line(irq, false);
                }
        }
        check_step();
        switch_on(1);
        for (unsigned irq = 0; irq < IRQS; irq++) {
                check_step();
                enable(irq);
        }
        for (unsigned i = 0; i < 4 * IRQS; i++) {
                check_step();
                take(0);
                end(0);
        }
        for (unsigned irq = 0; irq < IRQS; irq++) {
                CHECK(!model[irq].edge && !listed(irq));
                CHECK_EQUAL(model[irq].edges, model[irq].dropped + model[irq].used);
                CHECK_EQUAL(model[irq].taken, model[irq].put);
        }
}

/* Half of the steps are about a few interrupts, so that they meet. */
void interrupts_at_random(void)
{
        enum { STEPS = 30000, FEW = 12 };
        unsigned few[FEW];

        world_open();
        world.injected = injected;
        world.acknowledged = acknowledged;
        for (unsigned irq = 0; irq < SGIS; irq++)
                model[irq].enabled = world.gic == 2;
        for (unsigned i = 0; i < STEPS; i++) {
                if (i % 1000 == 0) {
                        for (unsigned n = 0; n < FEW; n++)
                                few[n] = (unsigned)world_random(IRQS);
                }
                act[world_random(sizeof(act) / sizeof(*act))](world_random(2) ? few[world_random(FEW)]
                                                                              : (unsigned)world_random(IRQS));
                check_step();
        }
        check_end();
}

/* --- waiting --- */

static void wait(bool parks)
{
        world_trap(WFI);
        CHECK_EQUAL(monitor.caller->parked, parks);
}

/* What the monitor's loop does when a device has something. */
static void device(bool up)
{
        irq_line(SERIAL_IRQ, up);
        processors_look(0);
}

static void set_timer(uint64_t control, uint64_t at)
{
        world.now->system[seL4_VCPUReg_CNTV_CTL] = control;
        world.now->system[seL4_VCPUReg_CNTV_CVAL] = at;
        world.alarm_us = 0;
}

static void wait_for_device(void)
{
        wait(true);
        CHECK_EQUAL(world.alarm_us, 0);
        device(true);
        CHECK(!monitor.caller->parked);
        CHECK_EQUAL(world_take(), SERIAL_IRQ);
        irq_line(SERIAL_IRQ, false);
        world_end();
}

/* Not before its time; off, masked, and disabled there is none. */
static void wait_for_timer(void)
{
        const uint64_t later = world.ticks + 1000;

        set_timer(1, later);
        wait(true);
        CHECK(world.alarm_us >= (later + 15) / 16 && world.alarm_us <= later / 16 + 2);
        processors_look(0);
        CHECK(monitor.caller->parked);
        world.ticks = world.alarm_us * 16;
        processors_look(0);
        CHECK(!monitor.caller->parked);
        wait(false); /* its time is past already */
        for (unsigned control = 0; control < 4; control += 2 - control % 2) {
                set_timer(control, world.ticks + 1000);
                wait(true);
                CHECK_EQUAL(world.alarm_us, 0);
                device(true);
                CHECK_EQUAL(world_take(), SERIAL_IRQ);
                irq_line(SERIAL_IRQ, false);
                world_end();
        }
}

/* Each source alone; what is disabled ends no wait until it is enabled. */
void a_wait_and_each_end_of_it(void)
{
        world_open();
        switch_on(1);
        enable(SERIAL_IRQ);
        enable(TIMER_IRQ);
        wait_for_device();
        wait_for_timer();
        set_timer(0, 0);
        disable(SERIAL_IRQ);
        wait(true);
        device(true);
        CHECK(monitor.caller->parked);
        device(false);
        set_pending(70); /* of another processor's making: pending, disabled */
        processors_look(0);
        CHECK(monitor.caller->parked);
        enable(70);
        CHECK(!monitor.caller->parked);
        CHECK_EQUAL(world_take(), 70);
        world_trap(WFE);
        CHECK(!monitor.caller->parked);
}
