/* SPDX-License-Identifier: BSD-2-Clause */
/* The class "serial": two rings of characters between a client and the driver or multiplexer (docs/io/serial.md).
 *
 *      queue_serial_open(&s, memory, characters, true);
 *      ring_put_many(&s.out, text, length); if (ring_must_wake(&s.out)) seL4_Signal(serial);
 *      ring_get_many(&s.in, text, size);
 *
 * A character is copied once and handed over with its position; there is nothing in it to check.
 */
#pragma once

#include <ring/ring.h>

struct queue_serial {
        struct ring out, in;
};

static inline size_t queue_serial_bytes(uint32_t characters)
{
        return 2 * ((ring_bytes(characters, 1) + RING_LINE - 1) / RING_LINE * RING_LINE);
}

/* One side in `memory` (shared, queue_serial_bytes, zero, 64-byte aligned); false when `characters` is no power of two. */
static inline bool queue_serial_open(struct queue_serial *s, void *memory, uint32_t characters, bool client)
{
        char *first = memory, *second = first + queue_serial_bytes(characters) / 2;

        return ring_open(&s->out, client ? first : second, characters, 1, true) &&
               ring_open(&s->in, client ? second : first, characters, 1, false);
}
