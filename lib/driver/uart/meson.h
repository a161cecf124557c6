/* SPDX-License-Identifier: BSD-2-Clause */
/* Meson UART, by its name (ODROID-C2: physical 0xC81004C0; ODROID-C4: 0xFF803000). */
#pragma once

#include <uart/uart.h>

/* Transmitter and receiver on, all interrupts off.  The speed set by the firmware stays. */
static inline void meson_open(struct uart *uart, volatile void *registers)
{
        (void)uart_open_named(uart, registers, "amlogic,meson-gx-uart");
}
