/* SPDX-License-Identifier: BSD-2-Clause */
/* ARM PL011, by its name. */
#pragma once

#include <uart/uart.h>

/* 8 data bits, all interrupts off.  Speed and FIFOs stay as the firmware left them: switching the FIFOs on would drop what
 * has come in already. */
static inline void pl011_open(struct uart *uart, volatile void *registers)
{
        (void)uart_open_named(uart, registers, "arm,pl011");
}
