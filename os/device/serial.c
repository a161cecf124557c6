/* SPDX-License-Identifier: BSD-2-Clause */
/* See serial.h. */
#include "os/device/serial.h"
#include "base/text.h"
#include "os/core/console.h"
#include "os/device/board.h"
#include "os/device/patience.h"
#include "os/device/timer.h"
#include "sos/clock.h"
#include "sos/serial.h"

static struct {
        struct serial_device found;
        struct uart uart;          /* without `ops`: no device */
        struct sos_serial *shared; /* NULL: no driver yet, or none any more */
        bool runs, halted;         /* it has begun; it stands at a fault */
        bool stuck;                /* it took nothing for too long, and will be ended */
        bool left;                 /* something came in that had no room: the driver tells nobody of more */
        bool polled;               /* no driver will come back: we look at the device ourselves */
        struct queue_serial queue;
        uint32_t breaks; /* that were told */
        void (*bell)(void);
        void (*tell)(void);
        seL4_CPtr again;
} serial;

static struct patience patience = {.who = TIMER_LINE, .us = SERIAL_PATIENCE_US};

bool serial_open(void)
{
        if (!board_serial(&serial.found))
                return false;
        uart_open(&serial.uart, serial.found.device.registers, &serial.found.line);
        return true;
}

const char *serial_find(struct device *device)
{
        *device = serial.found.device;
        return serial.uart.ops ? serial.found.compatible : NULL;
}

void serial_tell(void (*hear)(void), seL4_CPtr again)
{
        serial.tell = hear;
        serial.again = again;
}

/* --- out --- */

static void put_directly(const char *text, size_t length)
{
        if (serial.uart.ops)
                uart_put_text(&serial.uart, text, length);
        for (size_t i = 0; !serial.uart.ops && i < length; i++)
                seL4_DebugPutChar(text[i]);
}

void serial_put(char c)
{
        put_directly(&c, 1);
}

static void wake(struct ring *ring)
{
        if (serial.runs && ring_must_wake(ring))
                serial.bell();
}

/* The driver runs before us, unless it has used its budget up. */
static bool room_comes(void)
{
        uint64_t limit = clock_us() + SERIAL_PATIENCE_US;

        while (serial.runs && !serial.halted && !serial.stuck && !serial.queue.out.broken) {
                if (ring_ready(&serial.queue.out) > 0)
                        return true;
                serial.stuck = clock_us() > limit && ring_ready(&serial.queue.out) == 0;
        }
        if (serial.runs && !serial.halted)
                seL4_Signal(serial.again); /* it will be ended */
        return false;
}

/* A driver that is broken, or none, takes it at once. */
static bool fits(void)
{
        enum { KEPT = 512 };

        return !serial.shared || ring_ready(&serial.queue.out) >= KEPT + CONSOLE_STEP ||
               serial.queue.out.broken;
}

static uint32_t taken(void)
{
        return __atomic_load_n(&serial.queue.out.other->position, __ATOMIC_RELAXED);
}

/* Characters that the driver has not taken. */
static uint32_t left_in_ring(void)
{
        uint32_t left = serial.queue.out.position - taken();

        return left <= serial.queue.out.count ? left : 0;
}

/* Does the driver take what is there?  One that does not will be ended.  When nothing is there, and nobody looks, no clock is read. */
static void watch(void)
{
        if (!serial.runs || serial.stuck || (!patience.at && left_in_ring() == 0) ||
            !patience_is_over(&patience, left_in_ring() > 0, taken()))
                return;
        serial.stuck = true;
        seL4_Signal(serial.again);
}

/* Whoever sleeps looks once more: the driver may have made room in between, and would not say so. */
bool serial_has_room(void)
{
        if (fits())
                return true;
        ring_sleeps(&serial.queue.out);
        if (fits())
                return true;
        watch();
        return false;
}

void serial_write(const char *text, size_t length)
{
        while (serial.shared && length > 0) {
                uint32_t n = ring_put_many(&serial.queue.out, text, (uint32_t)length);

                text += n;
                length -= n;
                wake(&serial.queue.out);
                if (length > 0 && !room_comes())
                        break;
        }
        if (serial.runs && left_in_ring() > 0)
                watch();
        put_directly(text, length);
}

/* --- in --- */

enum { POLLED = 64 /* characters at once */ };

/* First what a driver has left behind. */
size_t serial_take(char *to, size_t size)
{
        size_t n = serial.queue.in.items ? ring_get_many(&serial.queue.in, to, (uint32_t)size) : 0;

        if (n == 0 && serial.polled)
                return uart_receive(&serial.uart, to, size < POLLED ? size : POLLED);
        if (n > 0)
                wake(&serial.queue.in);
        if (n > 0 && serial.left)
                seL4_Signal(serial.again);
        return n;
}

bool serial_had_break(void)
{
        uint32_t now = serial.shared ? serial.shared->breaks : serial.uart.breaks;
        bool had = now != serial.breaks;

        serial.breaks = now;
        return had;
}

/* --- the driver's beginning and end --- */

static void open_rings(void)
{
        memset(serial.shared->rings, 0, sizeof(serial.shared->rings));
        queue_serial_open(&serial.queue, serial.shared->rings, SOS_SERIAL_CHARACTERS, true);
        serial.breaks = serial.shared->breaks = 0;
}

/* The rings go on, unless the driver has written there what cannot be. */
void serial_begins(void *shared, void (*poke)(void))
{
        bool first = !serial.shared;

        serial.shared = shared;
        serial.bell = poke;
        serial.shared->line = serial.found.line;
        serial.shared->type = *serial.found.line.type;
        serial.shared->ready = 0;
        if (first || serial.queue.out.broken || serial.queue.in.broken)
                open_rings();
        serial.runs = true;
        serial.stuck = serial.halted = false;
        patience_begins(&patience);
        ring_may_sleep(&serial.queue.in);
        seL4_Signal(serial.again); /* for what came in before, and who waits for room */
}

/* The driver runs before we do: it may put something into the ring that was found empty, before we say that we sleep.  Then nobody would
 * be told, so it is looked at again, unless there was something that nobody has room for: whoever takes of it tells us. */
bool serial_hear(void)
{
        struct ring *in = &serial.queue.in;
        uint32_t before, waits;

        watch();
        if (serial.stuck || !serial.runs)
                return !serial.stuck;
        serial.left = false;
        do {
                before = in->position;
                waits = ring_ready(in);
                serial.tell();
                serial.left = waits > 0 && in->position == before;
        } while (!serial.left && !in->broken && !ring_may_sleep(in));
        return !in->broken && !serial.queue.out.broken;
}

void serial_lost(void)
{
        serial.runs = false;
}

/* What it has not taken we write ourselves: it lies in our own ring. */
static void write_left(void)
{
        const struct ring *r = &serial.queue.out;

        serial.runs = false;
        if (!serial.shared)
                return;
        for (uint32_t i = left_in_ring(); i > 0; i--)
                put_directly(&r->items[(r->position - i) & (r->count - 1)], 1);
        serial.shared = NULL;
}

void serial_poll(void)
{
        if (serial.polled)
                timer_wake_at(TIMER_LINE, clock_us() + SOS_SERIAL_POLL_US);
        serial.tell();
}

/* It may have left the device in any state. */
void serial_gone(void)
{
        write_left();
        if (serial.uart.ops && !serial.polled) {
                uart_open(&serial.uart, serial.found.device.registers, &serial.found.line);
                serial.breaks = serial.uart.breaks;
                serial.polled = true;
                console_print("serial: the system looks for what is typed itself, every %u ms\n",
                              SOS_SERIAL_POLL_US / 1000);
        }
        seL4_Signal(serial.again); /* serial_poll is next; there is room, too */
}

void serial_finish(void)
{
        uint64_t limit = clock_us() + SERIAL_PATIENCE_US;

        while (serial.shared && serial.runs && left_in_ring() > 0 && clock_us() < limit)
                ;
        write_left();
}

void serial_halts(bool on)
{
        serial.halted = on;
}

bool serial_hangs(void)
{
        return serial.stuck;
}

bool serial_useful(void)
{
        return __atomic_load_n(&serial.shared->ready, __ATOMIC_ACQUIRE);
}
