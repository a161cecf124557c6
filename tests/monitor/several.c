/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest with several processors against a model, at random: software interrupts, shared ones that go to one of a set, processors that are
 * switched on and off, and waits.
 *
 * After each step no interrupt waits for a list register of the processor that it is for while one is free there; none is in those of two;
 * each is put where it belongs; and a processor that is parked has nothing that could be put. */
#include <string.h>

#include "os/monitor/device.h"
#include "os/monitor/irq.h"
#include "os/monitor/monitor.h"
#include "tests/lib/test.h"
#include "tests/monitor/cases.h"

enum { SHARED = 64, SHARED_COUNT = 8, ENABLE = 0x100, RAISE = 0x200, TARGETS = 0x800, ROUTES = 0x6000 };
enum { WFI = 0x07e00000, SMC = 0x5e000000, SGI1R = 0x623a3016 };
enum { ON = 0xc4000003, OFF = 0x84000002, INFO = 0xc4000004, SUSPEND = 0xc4000001 };

static struct {
        bool software[MACHINE_PROCESSORS][SGIS], shared[SHARED_COUNT]; /* edges that were not used up */
        uint32_t set[SHARED_COUNT];
        bool on[MACHINE_PROCESSORS];
} model;
static unsigned count, injections;

static bool is_shared(unsigned irq)
{
        return irq >= SHARED && irq < SHARED + SHARED_COUNT;
}

/* Where one goes: to the first that is on of its set; `count`: nowhere. */
static unsigned home(unsigned irq)
{
        for (unsigned i = 0; i < count; i++) {
                if (model.on[i] && model.set[irq - SHARED] >> i & 1)
                        return i;
        }
        return count;
}

static bool listed_at(unsigned number, unsigned irq)
{
        for (unsigned i = 0; i < world.lists; i++) {
                const struct world_list *l = &world.processor[number].list[i];

                if ((l->pending || l->active) && l->irq == irq)
                        return true;
        }
        return false;
}

static void injected(unsigned number, unsigned irq, unsigned priority, unsigned group)
{
        bool *edge = is_shared(irq) ? &model.shared[irq - SHARED] : &model.software[number][irq % SGIS];

        (void)priority;
        CHECK_EQUAL(group, world.gic == 2 ? 0 : 1);
        CHECK(is_shared(irq) || irq < SGIS);
        CHECK(model.on[number] && *edge && !listed_at(number, irq));
        for (unsigned i = 0; is_shared(irq) && i < count; i++)
                CHECK(!listed_at(i, irq));
        CHECK(!is_shared(irq) || home(irq) == number);
        *edge = false;
        injections++;
}

static bool has_free(unsigned number)
{
        for (unsigned i = 0; i < world.lists; i++) {
                if (!world.processor[number].list[i].pending && !world.processor[number].list[i].active)
                        return true;
        }
        return false;
}

static bool is_listed(unsigned irq)
{
        for (unsigned i = 0; i < count; i++) {
                if (listed_at(i, irq))
                        return true;
        }
        return false;
}

static bool waits_for(unsigned number)
{
        for (unsigned irq = 0; irq < SGIS; irq++) {
                if (model.software[number][irq] && !listed_at(number, irq))
                        return true;
        }
        for (unsigned irq = SHARED; irq < SHARED + SHARED_COUNT; irq++) {
                if (model.shared[irq - SHARED] && home(irq) == number && !is_listed(irq))
                        return true;
        }
        return false;
}

static void check_step(void)
{
        for (unsigned i = 0; i < count; i++) {
                CHECK_EQUAL(processor_is_on(&monitor.processor[i]), model.on[i]);
                CHECK(!model.on[i] || !waits_for(i) || !has_free(i));
                CHECK(!monitor.processor[i].parked || !waits_for(i) || !has_free(i));
        }
}

/* --- what one of them does --- */

static long firmware(uint64_t call, uint64_t x1, uint64_t x2, uint64_t x3)
{
        const uint64_t x[] = {call, x1, x2, x3};

        for (unsigned i = 0; i < 4; i++)
                *world_x(i) = x[i];
        world_trap(SMC);
        return (long)*world_x(0);
}

/* To a set, to all others, to itself. */
static void send(unsigned number)
{
        uint32_t sgi = (uint32_t)world_random(SGIS), filter = (uint32_t)world_random(3),
                 targets = (uint32_t)world_random(world.gic == 2 ? 0x100 : 0x10000),
                 set = filter == 0   ? targets
                       : filter == 1 ? ~(1u << number)
                                     : 1u << number;

        for (unsigned i = 0; i < count; i++)
                model.software[i][sgi] |= set >> i & 1;
        if (world.gic == 2) {
                world_store(DISTRIBUTOR + 0xf00, 4, filter << 24 | (targets & 0xff) << 16 | sgi);
                return;
        }
        *world_x(9) = (uint64_t)sgi << 24 | (filter == 1 ? 1ull << 40 : set & 0xffff);
        world_trap(SGI1R | 9 << 5);
}

/* None of the cluster: others, ranges behind the first one. */
static void send_elsewhere(unsigned number)
{
        static const unsigned char shift[] = {16, 23, 32, 39, 44, 47, 48, 55};

        (void)number;
        if (world.gic == 2)
                return;
        *world_x(9) = 0xffff | 1ull << shift[world_random(sizeof(shift))];
        world_trap(SGI1R | 9 << 5);
}

static void raise(unsigned number)
{
        unsigned irq = SHARED + (unsigned)world_random(SHARED_COUNT);

        (void)number;
        model.shared[irq - SHARED] = true;
        world_store(DISTRIBUTOR + RAISE + irq / 32 * 4, 4, 1u << irq % 32);
}

static void route(unsigned number)
{
        unsigned irq = SHARED + (unsigned)world_random(SHARED_COUNT), to = (unsigned)world_random(count + 2);
        uint32_t set = (uint32_t)world_random(0x100);

        (void)number;
        if (world.gic == 2) {
                model.set[irq - SHARED] = set;
                world_store(DISTRIBUTOR + TARGETS + irq, 1, set);
                return;
        }
        model.set[irq - SHARED] = to < count ? 1u << to : to == count ? 0 : ~0u;
        world_store(DISTRIBUTOR + ROUTES + 8ull * irq, 8,
                    to < count   ? to
                    : to > count ? 1ull << 31
                                 : 1ull << (world_random(2) ? 32 : 8));
}

/* What was in its list registers and was put there for an edge is there again. */
static void leave(unsigned number)
{
        unsigned others = 0;

        for (unsigned i = 0; i < count; i++)
                others += i != number && model.on[i] && !monitor.processor[i].parked;
        if (!others)
                return;
        for (unsigned irq = 0; irq < IRQS; irq++) {
                if (listed_at(number, irq))
                        *(is_shared(irq) ? &model.shared[irq - SHARED]
                                         : &model.software[number][irq % SGIS]) = true;
        }
        memset(world.processor[number].list, 0, sizeof(world.processor[number].list));
        model.on[number] = false;
        firmware(OFF, 0, 0, 0);
        CHECK(!world.now->runs);
}

static void enter(unsigned number)
{
        unsigned other = (unsigned)world_random(count);
        bool was = model.on[other];
        long answer;

        (void)number;
        CHECK_EQUAL(firmware(INFO, other, 0, 0), was ? 0 : 1);
        model.on[other] = true;
        answer = firmware(ON, other, MACHINE_RAM + 4ull * other, ~(uint64_t)other);
        CHECK_EQUAL(answer, was ? -4 : 0);
        if (was)
                return;
        CHECK_EQUAL(world.processor[other].context.pc, MACHINE_RAM + 4ull * other);
        CHECK_EQUAL(world.processor[other].context.x0, ~(uint64_t)other);
        CHECK_EQUAL(world.processor[other].context.spsr, 0x3c5);
        CHECK_EQUAL(world.processor[other].system[seL4_VCPUReg_VMPIDR_EL2], 0x80000000u | other);
}

static void refuse(unsigned number)
{
        static const uint64_t none[] = {MACHINE_PROCESSORS, 0x100, 1ull << 32, 1ull << 63};
        static const uint64_t nowhere[] = {0, MACHINE_RAM + 2, MACHINE_RAM - 4, ~3ull};

        (void)number;
        CHECK_EQUAL(firmware(ON, none[world_random(4)], MACHINE_RAM, 0), -2);
        CHECK_EQUAL(firmware(INFO, none[world_random(4)], 0, 0), -2);
        for (unsigned i = 0; i < count; i++)
                CHECK_EQUAL(firmware(ON, i, nowhere[world_random(4)], 0), model.on[i] ? -4 : -9);
}

/* Unless it would be the last one that does anything. */
static void wait(unsigned number)
{
        bool any = waits_for(number);
        unsigned others = 0;

        for (unsigned i = 0; i < count; i++)
                others += i != number && model.on[i] && !monitor.processor[i].parked;
        if (!others)
                return;
        world_trap(WFI);
        CHECK(!monitor.processor[number].parked || !any);
}

/* Firmware's wait comes to the monitor with an interrupt pending, too, and does not begin then. */
static void suspend(unsigned number)
{
        bool any = false;

        for (unsigned i = 0; i < world.lists; i++)
                any = any || world.now->list[i].pending;
        if (!any)
                return;
        CHECK_EQUAL(firmware(SUSPEND, 0, 0, 0), 0);
        CHECK(!monitor.processor[number].parked);
}

static void take(unsigned number)
{
        (void)number;
        world_take();
}

static void end(unsigned number)
{
        (void)number;
        world_end();
}

static void (*const act[])(unsigned number) = {send,  send,  send, raise,   raise,         route,
                                               take,  take,  end,  end,     leave,         refuse,
                                               enter, enter, wait, suspend, send_elsewhere};

static void begin(void)
{
        world_open_several(count);
        world.injected = injected;
        monitor.ram_bytes = 1 << 20;
        memset(&model, 0, sizeof(model));
        model.on[0] = true;
        world_store(DISTRIBUTOR, 4, world.gic == 2 ? 1 : 2);
        for (unsigned i = 0; i < count && world.gic == 3; i++)
                world_store(REDISTRIBUTOR + (uint64_t)i * REDISTRIBUTOR_BYTES + 0x10000 + ENABLE, 4,
                            (1 << SGIS) - 1);
        world_store(DISTRIBUTOR + ENABLE + SHARED / 8, 4, (1 << SHARED_COUNT) - 1);
        for (unsigned i = 0; i < SHARED_COUNT; i++)
                model.set[i] = world.gic == 3;
}

void several_processors_at_random(void)
{
        enum { STEPS = 30000 };

        count = 2 + world.lists % 7;
        begin();
        for (unsigned i = 0; i < STEPS; i++) {
                unsigned number = (unsigned)world_random(count);

                if (!model.on[number] || monitor.processor[number].parked)
                        continue;
                world_turn(number);
                act[world_random(sizeof(act) / sizeof(*act))](number);
                check_step();
        }
        CHECK(injections > STEPS / 100);
}
