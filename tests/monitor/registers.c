/* SPDX-License-Identifier: BSD-2-Clause */
/* Every register of the distributors at every width of access, against a model of single interrupts and single bytes (spec el2.md 14.3,
 * 14.4). */
#include "tests/monitor/cases.h"

#include <string.h>

#include "os/monitor/device.h"
#include "os/monitor/irq.h"
#include "os/monitor/monitor.h"
#include "tests/lib/test.h"

enum frame { FRAME_V2, FRAME_V3, FRAME_PRIVATE, FRAMES };

/* One interrupt; numbers from IRQS on have none of this. */
static struct {
        uint8_t enabled, pending, active, group, priority, target, trigger;
        uint8_t route[8];
} model[IRQS];
static bool asleep;

static const struct {
        uint64_t base, bytes;
} frame_at[FRAMES] = {{DISTRIBUTOR, 0x1000}, {DISTRIBUTOR, 0x10000}, {REDISTRIBUTOR, REDISTRIBUTOR_BYTES}};

/* --- the model --- */

static bool has(enum frame f, uint64_t irq)
{
        return irq < IRQS && (f == FRAME_V2 || (irq < IRQ_PRIVATE) == (f == FRAME_PRIVATE));
}

/* Registers of a bit for each interrupt. */
static uint8_t *bit_of(uint64_t offset, uint64_t irq)
{
        switch (offset / 0x100) {
        case 0:
                return &model[irq].group;
        case 1:
                return &model[irq].enabled;
        case 2:
                return &model[irq].pending;
        default:
                return &model[irq].active;
        }
}

static bool is_bits(uint64_t offset)
{
        return offset >= 0x80 && offset < 0x400;
}

static bool is_always_on(enum frame f, uint64_t offset, uint64_t irq)
{
        return f == FRAME_V2 && offset / 0x100 == 1 && irq < SGIS;
}

static uint8_t bits_at(enum frame f, uint64_t offset)
{
        uint64_t first = offset % 0x80 * 8;
        uint8_t value = 0;

        for (unsigned i = 0; i < 8; i++) {
                if (has(f, first + i) && (*bit_of(offset, first + i) || is_always_on(f, offset, first + i)))
                        value |= (uint8_t)(1u << i);
        }
        return value;
}

/* The bank at 0x80 holds what is written; of the others, one sets and the next one clears. */
static void put_bits(enum frame f, uint64_t offset, uint8_t value)
{
        uint64_t first = offset % 0x80 * 8;

        for (unsigned i = 0; i < 8; i++) {
                if (!has(f, first + i))
                        continue;
                if (offset < 0x100)
                        *bit_of(offset, first + i) = value >> i & 1;
                else if (value >> i & 1)
                        *bit_of(offset, first + i) = offset % 0x100 < 0x80;
        }
}

/* A byte of an interrupt, or of four; NULL: there is nothing, or it cannot be written. */
static uint8_t *byte_of(enum frame f, uint64_t offset)
{
        uint64_t irq = offset % 0x400;

        if (offset >= 0x400 && offset < 0x800)
                return has(f, irq) ? &model[irq].priority : NULL;
        if (offset >= 0x800 && offset < 0xc00)
                return f == FRAME_V2 && has(f, irq) && irq >= IRQ_PRIVATE ? &model[irq].target : NULL;
        if (offset >= 0xc00 && offset < 0xd00)
                return has(f, irq * 4) && irq * 4 >= SGIS ? &model[irq * 4].trigger : NULL;
        if (f == FRAME_V3 && offset >= 0x6000 && has(f, (offset - 0x6000) / 8))
                return &model[(offset - 0x6000) / 8].route[offset % 8];
        return NULL;
}

/* Of registers that tell something. */
static uint8_t constant_at(enum frame f, uint64_t offset)
{
        static const struct {
                uint64_t offset;
                uint8_t value[FRAMES];
        } constant[] = {
                {0x0, {0, 0x10, 0}},   {0x4, {2, 2, 0x3b}},       {0x5, {0, 0, 0x04}},
                {0x6, {0, 0x48, 0}},   {0x8, {0x3b, 0x3b, 0x10}}, {0x9, {4, 4, 0}},
                {0xfe8, {0x2b, 0, 0}}, {0xffe8, {0, 0x3b, 0x3b}}, {0x1ffe8, {0, 0, 0x3b}},
        };
        bool target = f == FRAME_V2 && offset >= 0x800 && offset < 0x820;
        uint8_t value = target ? 1 : 0;

        for (unsigned i = 0; i < sizeof(constant) / sizeof(*constant); i++)
                value |= constant[i].offset == offset ? constant[i].value[f] : 0;
        if (f == FRAME_PRIVATE && offset == 0x14)
                value = asleep ? 6 : 0;
        return value;
}

/* Where the registers of private interrupts would lie in a distributor. */
static bool of_interrupts(enum frame f, uint64_t *offset)
{
        if (f != FRAME_PRIVATE)
                return true;
        *offset -= 0x10000;
        return *offset < 0x10000;
}

static uint8_t expected(enum frame f, uint64_t offset)
{
        uint8_t value = constant_at(f, offset);
        const uint8_t *byte;

        if (!of_interrupts(f, &offset))
                return value;
        if (is_bits(offset))
                return bits_at(f, offset);
        byte = byte_of(f, offset);
        if (f != FRAME_V3 && offset >= 0xc00 && offset < 0xc04)
                return 0xaa; /* software interrupts are edges */
        return byte ? *byte : value;
}

static void expect_put(enum frame f, uint64_t offset, uint8_t value)
{
        uint8_t *byte;

        if (f == FRAME_PRIVATE && offset == 0x14)
                asleep = value & 2;
        if (!of_interrupts(f, &offset))
                return;
        if (is_bits(offset)) {
                put_bits(f, offset, value);
                return;
        }
        byte = byte_of(f, offset);
        if (byte)
                *byte = value;
}

/* A whole word to the register that sends: to the targets, among them this processor, or to itself. */
static void expect_sent(uint32_t value)
{
        if ((value >> 24 & 3) == 2 || ((value >> 24 & 3) == 0 && value >> 16 & 1))
                model[value % SGIS].pending = 1;
}

/* --- against the monitor --- */

static void compare(enum frame f, uint64_t offset, unsigned width)
{
        uint64_t got = world_load(frame_at[f].base + offset, width), want = 0;

        for (unsigned i = 0; i < width; i++)
                want |= (uint64_t)expected(f, offset + i) << 8 * i;
        if (got != want)
                test_fail(__FILE__, __LINE__, "GICv%u, frame %u, offset 0x%lx, %u bytes: 0x%lx, not 0x%lx",
                          world.gic, f, offset, width, got, want);
}

/* Nothing is delivered: what is pending stays so.  The register that would change this is left alone. */
static void put(enum frame f, uint64_t offset, unsigned width)
{
        uint64_t value = world_random(UINT64_MAX), first = offset;

        if (f != FRAME_PRIVATE && offset == 0)
                value &= ~3ull;
        world_store(frame_at[f].base + offset, width, value);
        for (unsigned i = 0; i < width; i++)
                expect_put(f, first + i, (uint8_t)(value >> 8 * i));
        if (f == FRAME_V2 && offset == 0xf00 && width >= 4)
                expect_sent((uint32_t)value);
}

/* Every offset at every width: read, written, and read at every width. */
static void check_frame(enum frame f)
{
        for (uint64_t at = 0; at < frame_at[f].bytes; at += 8) {
                for (unsigned width = 1; width <= 8; width *= 2) {
                        for (uint64_t part = 0; part < 8; part += width) {
                                compare(f, at + part, width);
                                put(f, at + part, width);
                                compare(f, at, 8);
                                compare(f, at + part, width);
                                compare(f, at + 4 * world_random(2), 4);
                        }
                }
        }
}

/* What one register does to others: accesses at random. */
static void check_random(enum frame f)
{
        enum { STEPS = 100000 };

        for (unsigned i = 0; i < STEPS; i++) {
                unsigned width = 1u << world_random(4);
                uint64_t start = f == FRAME_PRIVATE && world_random(8) ? 0x10000 : 0,
                         bytes = world_random(4) ? 0xd00 : frame_at[f].bytes - start,
                         offset = start + world_random(bytes) / width * width;

                if (world_random(2))
                        put(f, offset, width);
                else
                        compare(f, offset, width);
        }
}

static void check_frames(void (*check)(enum frame f))
{
        memset(model, 0, sizeof(model));
        asleep = true;
        world_open();
        if (world.gic == 2) {
                check(FRAME_V2);
                return;
        }
        check(FRAME_V3);
        check(FRAME_PRIVATE);
}

void registers_one_by_one(void)
{
        check_frames(check_frame);
}

void registers_at_random(void)
{
        check_frames(check_random);
}

/* Where there is no device, behind the last one, and across its end; not aligned; without a syndrome. */
void registers_that_are_none(void)
{
        enum { VALID_WORD_LOAD = 0x93810005, NOT_VALID = 0x92000005, FETCH = 0x82000005 };
        const uint64_t end = world.gic == 2 ? DISTRIBUTOR + 0x1000 : REDISTRIBUTOR + REDISTRIBUTOR_BYTES;
        const struct {
                uint64_t address;
                uint32_t status;
                bool fetch;
        } none[] = {{end, VALID_WORD_LOAD, false},
                    {DISTRIBUTOR - 4, VALID_WORD_LOAD, false},
                    {DISTRIBUTOR + 2, VALID_WORD_LOAD, false},
                    {DISTRIBUTOR + 0x401, VALID_WORD_LOAD, false},
                    {DISTRIBUTOR + 0x400, NOT_VALID, false},
                    {DISTRIBUTOR, FETCH, true}};

        world_open();
        world.now->system[seL4_VCPUReg_VBAR] = MACHINE_RAM + 0x800;
        for (unsigned i = 0; i < sizeof(none) / sizeof(*none); i++) {
                seL4_UserContext before = world_scramble();

                world_abort(none[i].address, none[i].status, none[i].fetch);
                CHECK_EQUAL(world.now->context.pc, MACHINE_RAM + 0x800 + 0x200);
                CHECK_EQUAL(world.now->system[seL4_VCPUReg_ELR_EL1], before.pc);
                CHECK_EQUAL(world.now->system[seL4_VCPUReg_ESR] >> 26, none[i].fetch ? 0x21 : 0x25);
                world.now->context.pc = before.pc;
                CHECK(!memcmp(&before, &world.now->context, sizeof(before)));
        }
}
