/* SPDX-License-Identifier: BSD-2-Clause */
/* Each register as that of a trapped instruction, and what is changed besides: nothing but the pc. */
#include "os/monitor/device.h"
#include "os/monitor/irq.h"
#include "os/monitor/monitor.h"
#include "tests/lib/test.h"
#include "tests/monitor/cases.h"

enum { REGISTERS = 32, ZERO_REGISTER = 31 };
enum { WFI = 0x07e00000, WFE = 0x07e00001, SMC = 0x5e000000, SYSTEM = 0x62000000, READ = 1 };
enum { SGI1R = 0x3a3016, SRE = 0x3a3018, CNTPCT = 0x32f800 };

/* Loads and stores of every width. */
void each_register(void)
{
        const uint64_t at = DISTRIBUTOR + 0x440;

        world_open();
        for (unsigned number = 0; number < REGISTERS; number++) {
                for (unsigned width = 1; width <= 8; width *= 2) {
                        uint64_t value = world_random(UINT64_MAX), mask = ~0ull >> (64 - 8 * width);

                        world_store(at, 8, ~value);
                        world_store_from(number, at, width, value);
                        CHECK_EQUAL(world_load(at, width), number == ZERO_REGISTER ? 0 : value & mask);
                        CHECK_EQUAL(world_load_into(number, at, width),
                                    number == ZERO_REGISTER ? 0 : value & mask);
                        CHECK_EQUAL(world_load(at, 8) & ~mask, ~value & ~mask);
                }
        }
}

/* With that register in the syndrome; what is in x<number> before is `value`. */
static void system_register(unsigned number, uint32_t name, bool read, uint64_t value)
{
        seL4_UserContext before;

        world_scramble();
        if (number < ZERO_REGISTER)
                *world_x(number) = value;
        before = world.now->context;
        world_trap(SYSTEM | name | number << 5 | read);
        world_changed_only(before, read ? number : ZERO_REGISTER);
}

static void system_registers(unsigned number)
{
        unsigned sgi = number % SGIS;

        system_register(number, CNTPCT, true, ~0ull);
        CHECK(number == ZERO_REGISTER || *world_x(number) == 0);
        system_register(number, SRE, true, 0);
        CHECK(number == ZERO_REGISTER || *world_x(number) == 7);
        system_register(number, CNTPCT, false, ~0ull);
        CHECK_EQUAL(world_take(), WORLD_NONE);
        if (world.gic == 2)
                return;
        system_register(number, SGI1R, false, (uint64_t)sgi << 24 | 1);
        CHECK_EQUAL(world_take(), number == ZERO_REGISTER ? WORLD_NONE : sgi);
        CHECK_EQUAL(world_end(), number == ZERO_REGISTER ? WORLD_NONE : sgi);
        system_register(number, SGI1R, false, (uint64_t)sgi << 24 | 2);              /* another processor */
        system_register(number, SGI1R, false, 1ull << 40 | (uint64_t)sgi << 24 | 1); /* all others */
        CHECK_EQUAL(world_take(), WORLD_NONE);
}

/* Calls of firmware: x0 is the answer. */
static void call(bool hvc)
{
        seL4_UserContext before = world_scramble();

        *world_x(0) = 0x84000000;
        if (hvc)
                world_call();
        else
                world_trap(SMC + (uint32_t)world_random(0x10000));
        world_changed_only(before, 0);
        CHECK_EQUAL(*world_x(0), 0x10001);
}

void each_trap(void)
{
        seL4_UserContext before;

        world_open();
        world_store(DISTRIBUTOR, 4, world.gic == 2 ? 1 : 2);
        if (world.gic == 3)
                world_store(REDISTRIBUTOR + 0x10100, 4, 0xffff);
        for (unsigned number = 0; number < REGISTERS; number++) {
                system_registers(number);
                call(false);
                call(true);
                before = world_scramble();
                world_trap(WFE);
                world_changed_only(before, ZERO_REGISTER);
                CHECK(!monitor.caller->parked);
        }
        before = world_scramble();
        world_trap(WFI);
        world_changed_only(before, ZERO_REGISTER);
        CHECK(monitor.caller->parked);
}
