/* SPDX-License-Identifier: BSD-2-Clause */
/* See timers.h. */
#include <clock/timers.h>
#include <clock/timestamp.h>

static uint32_t read_at(volatile void *registers, unsigned offset)
{
        return *(volatile uint32_t *)((volatile char *)registers + offset);
}

static void write_at(volatile void *registers, unsigned offset, uint32_t value)
{
        *(volatile uint32_t *)((volatile char *)registers + offset) = value;
}

/* --- SP804 ---------------------------------------------------------------------------------------------------- */

enum {
        LOAD = 0x00,
        VALUE = 0x04,
        CONTROL = 0x08,
        CLEAR = 0x0c,
        SECOND = 0x20,
        ENABLE = 1 << 7,
        PERIODIC = 1 << 6,
        INTERRUPT = 1 << 5,
        WIDE = 1 << 1,
        ONCE = 1 << 0,
};

#define SP804_TICKS (1u << 31) /* longest wait: half a round of the counter */

/* It counts down from all ones and wraps. */
static uint64_t sp804_ticks(struct sp804 *t)
{
        uint32_t passed = ~read_at(t->registers, VALUE);

        if (passed < t->last)
                t->wraps += 1ull << 32;
        t->last = passed;
        return t->wraps + passed;
}

static timestamp_t sp804_now(void *device)
{
        struct sp804 *t = device;

        return timestamp_scale(sp804_ticks(t), t->hertz, 1000000);
}

static void sp804_ring(struct sp804 *t, uint32_t ticks)
{
        write_at(t->registers, SECOND + CONTROL, 0);
        write_at(t->registers, SECOND + CLEAR, 1);
        write_at(t->registers, SECOND + LOAD, ticks);
        write_at(t->registers, SECOND + CONTROL, ENABLE | INTERRUPT | WIDE | ONCE);
}

/* Rounded up: never early. */
static void sp804_arm(void *device, timestamp_t deadline)
{
        struct sp804 *t = device;
        timestamp_t now = sp804_now(t);
        uint64_t wait = deadline > now ? deadline - now : 0;
        uint64_t longest = timestamp_scale(SP804_TICKS, t->hertz, 1000000);

        sp804_ring(t, wait < longest ? (uint32_t)timestamp_scale(wait, 1000000, t->hertz) + 1 : SP804_TICKS);
}

/* No interrupts, except for one look each half round. */
static void sp804_disarm(void *device)
{
        sp804_ring(device, SP804_TICKS);
}

bool sp804_open(struct sp804 *timer, volatile void *registers, uint32_t hertz)
{
        if (!hertz)
                return false;
        *timer = (struct sp804){.registers = registers, .hertz = hertz};
        write_at(registers, CONTROL, 0);
        write_at(registers, CLEAR, 1);
        write_at(registers, LOAD, ~0u);
        write_at(registers, CONTROL, ENABLE | PERIODIC | WIDE);
        sp804_disarm(timer);
        return true;
}

/* Also the look that catches every wrap. */
void sp804_acknowledge(struct sp804 *timer)
{
        write_at(timer->registers, SECOND + CLEAR, 1);
        (void)sp804_ticks(timer);
        sp804_disarm(timer);
}

struct clock_device sp804_device(struct sp804 *timer)
{
        return (struct clock_device){sp804_now, sp804_arm, sp804_disarm, timer};
}

/* --- Meson ---------------------------------------------------------------------------------------------------- */

enum {
        MUX = 0x00,
        A_COUNT = 0x04,
        E_LOW = 0x48,
        E_HIGH = 0x4c,
        A_UNIT = 3 << 0, /* 1, 10, 100 us, 1 ms */
        E_UNIT = 7 << 8,
        E_MICROSECONDS = 1 << 8,
        A_PERIODIC = 1 << 12,
        A_ON = 1 << 16,
        A_LONGEST = 1 << 16, /* a count of n rings after n + 1 */
};

static timestamp_t meson_now(void *device)
{
        const struct meson_timer *t = device;
        uint32_t low, high;

        do {
                low = read_at(t->registers, E_LOW);
                high = read_at(t->registers, E_HIGH);
        } while (read_at(t->registers, E_LOW) < low);
        return (uint64_t)high << 32 | low;
}

static void meson_disarm(void *device)
{
        const struct meson_timer *t = device;

        write_at(t->registers, MUX, read_at(t->registers, MUX) & ~(uint32_t)(A_ON | A_UNIT));
}

/* In the smallest unit with enough range, rounded up. */
static void meson_arm(void *device, timestamp_t deadline)
{
        const struct meson_timer *t = device;
        timestamp_t now = meson_now(device);
        uint64_t count = deadline > now ? deadline - now : 1;
        uint32_t unit = 0;

        for (; count > A_LONGEST && unit < A_UNIT; unit++)
                count = count / 10 + (count % 10 != 0);
        if (count > A_LONGEST)
                count = A_LONGEST;
        meson_disarm(device);
        write_at(t->registers, A_COUNT, (uint32_t)count - 1);
        write_at(t->registers, MUX, read_at(t->registers, MUX) | unit | A_ON);
}

void meson_timer_open(struct meson_timer *timer, volatile void *registers)
{
        uint32_t mux = read_at(registers, MUX) & ~(uint32_t)(A_ON | A_UNIT | A_PERIODIC | E_UNIT);

        timer->registers = registers;
        write_at(registers, MUX, mux | E_MICROSECONDS);
        write_at(registers, E_LOW, 0);
}

struct clock_device meson_timer_device(struct meson_timer *timer)
{
        return (struct clock_device){meson_now, meson_arm, meson_disarm, timer};
}

/* --- PL031 ---------------------------------------------------------------------------------------------------- */

enum { RTC_DATA = 0x00, RTC_MATCH = 0x04, RTC_SET = 0x08, RTC_ON = 0x0c, RTC_MASK = 0x10, RTC_CLEAR = 0x1c };

uint32_t pl031_seconds(volatile void *registers)
{
        return read_at(registers, RTC_DATA);
}

void pl031_set(volatile void *registers, uint32_t seconds)
{
        write_at(registers, RTC_SET, seconds);
        write_at(registers, RTC_ON, 1);
}

void pl031_alarm(volatile void *registers, uint32_t seconds)
{
        write_at(registers, RTC_CLEAR, 1);
        write_at(registers, RTC_MATCH, seconds);
        write_at(registers, RTC_MASK, 1);
}

void pl031_acknowledge(volatile void *registers)
{
        write_at(registers, RTC_MASK, 0);
        write_at(registers, RTC_CLEAR, 1);
}
