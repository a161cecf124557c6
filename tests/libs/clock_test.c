/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock, with a device whose time the test moves. */
#include "libs.h"

#include <clock/clock.h>
#include <clock/timers.h>
#include <stdlib.h>
#include <string.h>

static struct {
        timestamp_t now, deadline;
        unsigned arms;
} fake;

static timestamp_t fake_now(void *device)
{
        (void)device;
        return fake.now;
}

static void fake_arm(void *device, timestamp_t deadline)
{
        (void)device;
        fake.deadline = deadline;
        fake.arms++;
}

static void fake_disarm(void *device)
{
        (void)device;
        fake.deadline = 0;
}

static const struct clock_device fake_device = {fake_now, fake_arm, fake_disarm, NULL};
static struct clock timer;
static timestamp_t fired[100];
static unsigned fired_count;

static void note(uint32_t id, void *data)
{
        (void)id;
        fired[fired_count++ % 100] = (timestamp_t)data;
}

static void *page(void)
{
        return calloc(1, 4096);
}

static void clock_ready(void)
{
        clock_memory(page);
        fake.now = 1000;
        CHECK_EQUAL(clock_open(&timer, fake_device), CLOCK_R_OK);
}

static void deadlines_in_order(const seL4_BootInfo *bi)
{
        uint32_t id[5];

        (void)bi;
        clock_ready();
        id[0] = clock_after(&timer, 300, note, (void *)3ul);
        id[1] = clock_after(&timer, 100, note, (void *)1ul);
        id[2] = clock_after(&timer, 200, note, (void *)2ul);
        id[3] = clock_after(&timer, 200, note, (void *)22ul); /* the same deadline: in order of age */
        id[4] = clock_after(&timer, 250, note, (void *)99ul);
        for (int i = 0; i < 5; i++)
                CHECK(id[i] != 0);
        CHECK_EQUAL(fake.deadline, 1100);
        CHECK_EQUAL(clock_cancel(&timer, id[4]), CLOCK_R_OK);
        CHECK_EQUAL(clock_cancel(&timer, id[4]), CLOCK_R_FAIL);
        CHECK_EQUAL(clock_cancel(&timer, 0), CLOCK_R_FAIL);
        CHECK_EQUAL(clock_cancel(&timer, ~0u), CLOCK_R_FAIL);
        fake.now = 1099;
        CHECK_EQUAL(clock_expire(&timer), 0); /* never early */
        fake.now = 1200;
        CHECK_EQUAL(clock_expire(&timer), 3);
        CHECK_EQUAL(fired[0], 1);
        CHECK_EQUAL(fired[1], 2);
        CHECK_EQUAL(fired[2], 22);
        CHECK_EQUAL(fake.deadline, 1300);
        CHECK_EQUAL(clock_cancel(&timer, id[1]), CLOCK_R_FAIL); /* expired */
        fake.now = 5000;
        CHECK_EQUAL(clock_expire(&timer), 1);
        CHECK_EQUAL(fake.deadline, 0);
        CHECK_EQUAL(clock_after(&timer, 0, note, NULL) != 0, 1);
        CHECK_EQUAL(clock_expire(&timer), 1);
        CHECK(clock_after(&timer, ~0ul, note, NULL) != 0); /* longer than time lasts */
        CHECK_EQUAL(clock_expire(&timer), 0);
        CHECK_EQUAL(clock_after(&timer, 5, NULL, NULL), 0);
        clock_close(&timer);
        CHECK_EQUAL(clock_after(&timer, 5, note, NULL), 0);
}

static uint32_t again;

static void repeat(uint32_t id, void *data)
{
        (void)id;
        fired_count++;
        if (fired_count < 50)
                again = clock_after(&timer, 0, repeat, data);
}

static void stop_itself(uint32_t id, void *data)
{
        (void)data;
        if (++fired_count == 3)
                CHECK_EQUAL(clock_cancel(&timer, id), CLOCK_R_OK);
}

static void callbacks_may_register_and_cancel(const seL4_BootInfo *bi)
{
        (void)bi;
        clock_ready();
        CHECK(clock_after(&timer, 0, repeat, NULL));
        for (int i = 0; i < 50; i++) {
                CHECK_EQUAL(clock_expire(&timer), 1); /* what it registers belongs to the next pass */
                fake.now++;
        }
        CHECK_EQUAL(clock_expire(&timer), 0);
        fired_count = 0;
        CHECK(clock_every(&timer, 10, stop_itself, NULL));
        fake.now += 100; /* all periods that were missed are made up for */
        CHECK_EQUAL(clock_expire(&timer), 3);
        CHECK_EQUAL(timer.count, 0);
}

static void no_drift(const seL4_BootInfo *bi)
{
        timestamp_t start;

        (void)bi;
        clock_ready();
        start = fake.now;
        CHECK(clock_every(&timer, 1000, note, NULL));
        for (int i = 1; i <= 1000; i++) {
                CHECK_EQUAL(fake.deadline, start + 1000ul * (unsigned)i);
                fake.now = fake.deadline + 7; /* always heard a little late */
                CHECK_EQUAL(clock_expire(&timer), 1);
        }
        CHECK_EQUAL(timer.late_max, 7);
}

/* Against a model: a plain array. */
static void thousands_outstanding(const seL4_BootInfo *bi)
{
        enum { OUTSTANDING = 20000 };
        static uint32_t id[OUTSTANDING];
        static bool live[OUTSTANDING];
        unsigned alive = 0;

        (void)bi;
        clock_ready();
        for (int i = 0; i < OUTSTANDING; i++) {
                id[i] = clock_after(&timer, 1 + libs_random() % 1000000, note, NULL);
                CHECK(id[i]);
                live[i] = true;
        }
        for (int i = 0; i < OUTSTANDING; i++) {
                unsigned k = libs_random() % OUTSTANDING;

                CHECK_EQUAL(clock_cancel(&timer, id[k]), live[k] ? CLOCK_R_OK : CLOCK_R_FAIL);
                live[k] = false;
        }
        for (int i = 0; i < OUTSTANDING; i++)
                alive += live[i];
        CHECK_EQUAL(timer.count, alive);
        for (timestamp_t last = 0; timer.count;) {
                CHECK(fake.deadline >= last);
                last = fake.now = fake.deadline;
                alive -= clock_expire(&timer);
        }
        CHECK_EQUAL(alive, 0);
        for (int i = 0; i < OUTSTANDING; i++) {
                CHECK_EQUAL(clock_cancel(&timer, id[i]), CLOCK_R_FAIL); /* ids are not reused soon */
        }
}

static void clock_fills_up(const seL4_BootInfo *bi)
{
        (void)bi;
        clock_ready();
        for (int i = 0; i < CLOCK_MAX; i++)
                CHECK(clock_after(&timer, 5, note, NULL) != 0);
        CHECK_EQUAL(clock_after(&timer, 5, note, NULL), 0);
        fake.now += 5;
        CHECK_EQUAL(clock_expire(&timer), CLOCK_MAX);
        CHECK(clock_after(&timer, 5, note, NULL) != 0);
}

static void course_clock(const seL4_BootInfo *bi)
{
        uint32_t id;

        libs_start(bi); /* memory from the bookkeeping library this time */
        CHECK_EQUAL(remove_timer(1), CLOCK_R_UINT);
        CHECK_EQUAL(timer_irq(NULL, 30, 0), CLOCK_R_UINT);
        CHECK_EQUAL(register_timer(5, note, NULL), 0);
        CHECK_EQUAL(start_timer(NULL), CLOCK_R_FAIL); /* no device */
        clock_use(fake_device);
        fake.now = 77;
        CHECK_EQUAL(start_timer(NULL), CLOCK_R_OK);
        CHECK_EQUAL(get_time(), 77);
        id = register_timer(5, note, (void *)9ul);
        CHECK(id);
        CHECK(register_timer_at(80, note, (void *)8ul));
        CHECK_EQUAL(remove_timer(id), CLOCK_R_OK);
        CHECK_EQUAL(remove_timer(id), CLOCK_R_FAIL);
        fake.now = 90;
        CHECK_EQUAL(timer_irq(NULL, 30, 0), 0);
        CHECK_EQUAL(fired_count, 1);
        CHECK_EQUAL(fired[0], 8);
        CHECK_EQUAL(start_timer(NULL), CLOCK_R_OK); /* implies a stop */
        CHECK_EQUAL(stop_timer(), CLOCK_R_OK);
        CHECK_EQUAL(stop_timer(), CLOCK_R_CNCL);
        CHECK_EQUAL(remove_timer(id), CLOCK_R_CNCL);
        libs_audit();
}

/* --- timers with registers: memory that the test advances -------------------------------------------------------- */

static const uint64_t waits[] = {1, 2, 999, 65536, 65537, 655361, 7000001, 66000000, 4000000000, 10000000000};
enum { WAITS = sizeof(waits) / sizeof(waits[0]) };

static struct {
        uint32_t reg[32];
        uint64_t ticks; /* since the timer was opened */
        unsigned rings;
} block;

/* Lets each wait pass, alarm by alarm; it must end within the timer's unit, and never early. */
static void wait_for_all(struct clock_device device, void (*ring)(void *), uint64_t unit)
{
        clock_memory(page);
        CHECK_EQUAL(clock_open(&timer, device), CLOCK_R_OK);
        for (unsigned i = 0; i < WAITS; i++) {
                uint64_t from = device.now(device.device), late;

                fired_count = 0;
                CHECK(clock_after(&timer, waits[i], note, NULL));
                for (block.rings = 0; fired_count == 0 && block.rings < 200; block.rings++) {
                        ring(device.device);
                        clock_expire(&timer);
                }
                late = device.now(device.device) - from - waits[i];
                CHECK(fired_count == 1 && late <= unit + waits[i] / 1000);
        }
        clock_close(&timer);
}

enum { SP804_HERTZ = 1000000 };

static void sp804_ring_once(void *device)
{
        CHECK_EQUAL(block.reg[10], 0xa3); /* the second counter: on, interrupt, 32 bits, once */
        block.ticks += block.reg[8];
        block.reg[1] = ~(uint32_t)block.ticks;
        block.reg[11] = 0;
        sp804_acknowledge(device);
        CHECK_EQUAL(block.reg[11], 1);
}

static void sp804(const seL4_BootInfo *bi)
{
        struct sp804 t;

        (void)bi;
        memset(&block, 0, sizeof(block));
        block.reg[1] = ~0u;
        CHECK(!sp804_open(&t, block.reg, 0));
        CHECK(sp804_open(&t, block.reg, SP804_HERTZ));
        CHECK_EQUAL(block.reg[0], ~0u);
        CHECK_EQUAL(block.reg[2], 0xc2);
        wait_for_all(sp804_device(&t), sp804_ring_once, 2);
        CHECK(block.ticks > 3ull << 32); /* the counter went round three times, and no time was lost */
        CHECK_EQUAL(sp804_device(&t).now(&t), block.ticks);
}

static void meson_ring_once(void *device)
{
        static const uint64_t units[] = {1, 10, 100, 1000};

        (void)device;
        CHECK_EQUAL(block.reg[0] & ~3u,
                    1 << 16 | 1 << 8 | 1 << 5); /* A once, on; E in microseconds; B as it was */
        block.ticks += ((uint64_t)(uint16_t)block.reg[1] + 1) * units[block.reg[0] & 3];
        block.reg[18] = (uint32_t)block.ticks;
        block.reg[19] = (uint32_t)(block.ticks >> 32);
}

static void meson(const seL4_BootInfo *bi)
{
        struct meson_timer t;

        (void)bi;
        memset(&block, 0, sizeof(block));
        block.reg[0] = 1 << 12 | 3 | 7 << 8 | 1 << 5;
        meson_timer_open(&t, block.reg);
        wait_for_all(meson_timer_device(&t), meson_ring_once, 1);
        CHECK(block.ticks > 3ull << 32);
        CHECK_EQUAL(block.reg[0] & 1 << 16, 0);
}

static void pl031(const seL4_BootInfo *bi)
{
        (void)bi;
        memset(&block, 0, sizeof(block));
        block.reg[0] = 1700000000;
        CHECK_EQUAL(pl031_seconds(block.reg), 1700000000);
        pl031_set(block.reg, 5);
        CHECK(block.reg[2] == 5 && block.reg[3] == 1);
        pl031_alarm(block.reg, 7);
        CHECK(block.reg[1] == 7 && block.reg[4] == 1 && block.reg[7] == 1);
        block.reg[7] = 0;
        pl031_acknowledge(block.reg);
        CHECK(block.reg[4] == 0 && block.reg[7] == 1);
}

const struct libs_case clock_cases[] = {
        {"clock: deadlines in order", deadlines_in_order, 0, false},
        {"clock: callbacks may register and cancel", callbacks_may_register_and_cancel, 0, false},
        {"clock: no drift", no_drift, 0, false},
        {"clock: thousands outstanding", thousands_outstanding, 0, false},
        {"clock: fills up", clock_fills_up, 0, false},
        {"clock: the course's form", course_clock, 0, false},
        {"clock: SP804 against a register model", sp804, 0, false},
        {"clock: Meson's timers against a register model", meson, 0, false},
        {"clock: PL031's registers", pl031, 0, false},
};
LIBS_COUNT(clock_cases);
