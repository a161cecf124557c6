/* SPDX-License-Identifier: BSD-2-Clause */
/* What the starter OS and the program that drives its serial line share: the class "serial" (queue/serial.h) in one page, and what the
 * device tree says of the line.
 *
 * The type of the line travels by value, so that the driver needs neither the tree nor the table of lines.  The rings outlive the driver:
 * one that begins again goes on where it was (ring_resume). */
#pragma once

#include <queue/serial.h>
#include <uart/line.h>

#include "sos/driver.h"

enum { SOS_SERIAL_CHARACTERS = 1024, SOS_SERIAL_BYTES = 4096, SOS_SERIAL_POLL_US = 10000 };

struct sos_serial {
        struct driver_start start;
        struct uart_line line; /* its `type` means nothing here: it is the next member */
        struct uart_type type;
        /* By the driver. */
        _Alignas(RING_LINE) uint32_t ready; /* 1: it serves */
        uint32_t breaks;                    /* of the line, ever */
        _Alignas(RING_LINE) char rings[2 * (RING_HEAD + SOS_SERIAL_CHARACTERS)];
};
_Static_assert(sizeof(struct sos_serial) <= SOS_SERIAL_BYTES, "in one page");
