/* SPDX-License-Identifier: BSD-2-Clause */
/* See machine.h. */
#include "tests/serial/machine.h"
#include "os/core/console.h"
#include "os/core/pace.h"
#include "os/device/board.h"
#include "os/device/serial.h"
#include "os/device/timer.h"
#include "tests/lib/test.h"

#include <stdarg.h>
#include <string.h>

enum {
        PIECE = 64, /* characters that leave the ring in one step, as the driver copies them */
        PATIENT =
                64, /* accesses of one turn after which the driver runs whatever the plan says: its budget is back */
        FOREVER = 100000 /* turns */
};

enum step { TAKE, TELL_OF_INPUT, GIVE, TELL_OF_ROOM, SLEEP };

struct machine machine;
unsigned signals;

static struct sos_serial page;
static struct {
        struct queue_serial queue;
        enum step next;
        bool runs; /* the driver's code does, not the server's */
        bool asleep, bell, tells, moved_in, moved_out, receiving;
        unsigned steps;
} driver;

/* --- what the server's half uses --- */

static const struct uart_ops ops;

bool board_serial(struct serial_device *found)
{
        static const struct uart_type type;

        found->line.type = &type;
        return true;
}

void seL4_Signal(seL4_CPtr cap)
{
        CHECK_EQUAL(cap, AGAIN);
        signals++;
        machine.signalled = true;
}

void seL4_DebugPutChar(char c)
{
        (void)c;
        CHECK(false); /* there is a line */
}

void uart_open(struct uart *uart, volatile void *registers, const struct uart_line *line)
{
        (void)registers, (void)line;
        uart->ops = &ops;
}

void uart_put_text(struct uart *uart, const char *text, size_t length)
{
        (void)uart;
        CHECK(machine.length + length <= PRINTED_MAX);
        memcpy(machine.printed + machine.length, text, length);
        machine.length += length;
}

size_t uart_receive(struct uart *uart, void *bytes, size_t length)
{
        size_t n = 0;

        (void)uart;
        while (n < length && machine.typed && *machine.typed)
                ((char *)bytes)[n++] = *machine.typed++;
        return n;
}

void console_print(const char *format, ...)
{
        (void)format;
}

uint64_t clock_us(void)
{
        return machine.now += 10;
}

void timer_wake_at(unsigned who, uint64_t us)
{
        CHECK_EQUAL(who, TIMER_LINE);
        machine.deadline = us;
}

bool pace_is_over(void)
{
        static unsigned keys;

        return machine.pieces && ++keys % machine.pieces == 0;
}

/* --- the driver --- */

static void driver_begins(void)
{
        memset(&driver, 0, sizeof(driver));
        driver.runs = true;
        CHECK(queue_serial_open(&driver.queue, page.rings, SOS_SERIAL_CHARACTERS, false));
        ring_resume(&driver.queue.in);
        ring_resume(&driver.queue.out);
        driver.runs = false;
}

static void ring_the_driver(void)
{
        driver.bell = true;
}

static void take_input(void)
{
        uint32_t room = ring_ready(&driver.queue.out);
        char c;

        for (; room > 0 && uart_receive(NULL, &c, 1) == 1; room--)
                driver.moved_out |= ring_put(&driver.queue.out, &c);
        driver.receiving = room > 0;
}

static bool give_output(void)
{
        uint32_t n = ring_ready(&driver.queue.in);
        char text[PIECE];

        n = n < PIECE ? n : PIECE;
        if (n == 0)
                return false;
        CHECK(ring_get_at(&driver.queue.in, 0, text, n));
        uart_put_text(NULL, text, n);
        CHECK(ring_move(&driver.queue.in, n));
        driver.moved_in = true;
        return true;
}

static void fall_asleep(void)
{
        driver.next = TAKE;
        if (!ring_may_sleep(&driver.queue.in) || !(driver.receiving || ring_may_sleep(&driver.queue.out)))
                return;
        machine.signalled |= driver.tells;
        driver.tells = false;
        driver.asleep = true;
}

/* True: it has done something. */
static bool wakes(void)
{
        if (driver.asleep && !driver.bell && !(driver.receiving && machine.typed && *machine.typed))
                return false;
        if (driver.asleep)
                driver.bell = driver.asleep = false;
        return true;
}

static void tell(bool *moved, struct ring *ring)
{
        driver.tells |= *moved && ring_must_wake(ring);
        *moved = false;
}

static void do_step(void)
{
        switch (driver.next) {
        case TAKE:
                take_input();
                driver.next = TELL_OF_INPUT;
                break;
        case TELL_OF_INPUT:
                tell(&driver.moved_out, &driver.queue.out);
                driver.next = GIVE;
                break;
        case GIVE:
                driver.next = give_output() ? GIVE : TELL_OF_ROOM;
                break;
        case TELL_OF_ROOM:
                tell(&driver.moved_in, &driver.queue.in);
                driver.next = SLEEP;
                break;
        case SLEEP:
                fall_asleep();
        }
}

static bool driver_steps(unsigned n)
{
        bool any = false;

        driver.runs = true;
        for (; n > 0 && machine.there && !(machine.plan.hangs_at && driver.steps >= machine.plan.hangs_at) &&
               wakes();
             n--) {
                driver.steps++;
                do_step();
                any = true;
        }
        driver.runs = false;
        return any;
}

void moment(void)
{
        if (driver.runs)
                return;
        machine.moments++;
        for (unsigned i = 0; i < SWITCHES; i++) {
                if (machine.plan.run[i].at == machine.moments)
                        driver_steps(machine.plan.run[i].steps);
        }
        if (++machine.spins > PATIENT)
                driver_steps(1);
}

/* --- the server --- */

void machine_ends_driver(void)
{
        serial_lost();
        machine.there = ++machine.ends < ENDS_MAX;
        if (machine.there) {
                serial_begins(&page, ring_the_driver);
                driver_begins();
        } else {
                serial_gone();
        }
}

static bool turn(void)
{
        struct waiter *w;

        if (machine.signalled) {
                machine.signalled = false;
                if (!machine.there)
                        serial_poll();
                else if (!serial_hear())
                        machine_ends_driver();
                return true;
        }
        w = wait_next();
        if (w)
                machine.try(w);
        else if (console_has_keys())
                console_hear();
        else
                return false;
        return true;
}

static void kill_in_time(void)
{
        while (machine.there && machine.plan.kills && machine.turns >= machine.plan.kill_at) {
                machine.plan.kills--;
                machine_ends_driver();
        }
}

bool machine_runs(void)
{
        while (machine.turns < FOREVER) {
                bool any;

                machine.turns++;
                machine.spins = 0;
                kill_in_time();
                any = turn();
                if (!any && !driver_steps(1))
                        return true;
        }
        return false;
}

bool machine_waits(void)
{
        uint64_t at = machine.deadline;

        if (!at)
                return false;
        machine.deadline = 0;
        machine.now = at > machine.now ? at : machine.now;
        machine.signalled = true;
        return true;
}

void machine_begins(const struct plan *plan, void (*hear)(void), void (*try)(struct waiter *w),
                    const char *typed)
{
        memset(&machine, 0, sizeof(machine));
        memset(&page, 0, sizeof(page));
        while (wait_next())
                ;
        line_side_anew();
        console_side_anew();
        machine.try = try;
        machine.typed = typed;
        CHECK(serial_open());
        serial_tell(hear, AGAIN);
        console_init(serial_write, serial_take, serial_has_room);
        serial_begins(&page, ring_the_driver);
        driver_begins();
        machine.there = true;
        machine.moments = 0;
        machine.plan = *plan;
}
