/* SPDX-License-Identifier: BSD-2-Clause */
/* See serial.h. */
#include "os/device/serial.h"
#include "base/text.h"
#include "os/device/board.h"
#include "sos/clock.h"
#include "sos/serial.h"

static struct {
        struct serial_device found;
        struct uart uart;          /* without `ops`: no device */
        struct sos_serial *shared; /* NULL: no driver yet, or none any more */
        bool runs;
        bool stuck; /* it took nothing for too long, and will be ended */
        bool left;  /* something came in that had no room: the driver tells nobody of more */
        struct queue_serial queue;
        uint32_t breaks; /* that were told */
        void (*bell)(void);
        void (*tell)(void);
        seL4_CPtr again;
} serial;

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

        while (serial.runs && !serial.stuck && !serial.queue.out.broken) {
                if (ring_ready(&serial.queue.out) > 0)
                        return true;
                serial.stuck = clock_us() > limit;
        }
        if (serial.runs)
                seL4_Signal(serial.again); /* it will be ended */
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
        put_directly(text, length);
}

/* --- in --- */

size_t serial_take(char *to, size_t size)
{
        size_t n = serial.shared ? ring_get_many(&serial.queue.in, to, (uint32_t)size) : 0;

        if (n > 0)
                wake(&serial.queue.in);
        if (n > 0 && serial.left)
                seL4_Signal(serial.again);
        return n;
}

bool serial_had_break(void)
{
        uint32_t now = serial.shared ? serial.shared->breaks : serial.breaks;
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
        serial.stuck = false;
        if (!ring_may_sleep(&serial.queue.in))
                seL4_Signal(serial.again);
}

/* The driver runs before we do: it may put something into the ring that was found empty, before we say that we sleep.  Then nobody would
 * be told, so it is looked at again, unless there was something that nobody has room for: whoever takes of it tells us. */
bool serial_hear(void)
{
        struct ring *in = &serial.queue.in;
        uint32_t before, waits;

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

/* Characters that the driver has not taken. */
static uint32_t left_in_ring(void)
{
        const struct ring *r = &serial.queue.out;
        uint32_t left = r->position - __atomic_load_n(&r->other->position, __ATOMIC_RELAXED);

        return left <= r->count ? left : 0;
}

/* What it has not taken we write ourselves: it lies in our own ring. */
void serial_gone(void)
{
        const struct ring *r = &serial.queue.out;

        serial.runs = false;
        if (!serial.shared)
                return;
        for (uint32_t i = left_in_ring(); i > 0; i--)
                put_directly(&r->items[(r->position - i) & (r->count - 1)], 1);
        serial.shared = NULL;
}

void serial_finish(void)
{
        uint64_t limit = clock_us() + SERIAL_PATIENCE_US;

        while (serial.shared && serial.runs && left_in_ring() > 0 && clock_us() < limit)
                ;
        serial_gone();
}

bool serial_useful(void)
{
        return !serial.stuck && __atomic_load_n(&serial.shared->ready, __ATOMIC_ACQUIRE);
}
