/* SPDX-License-Identifier: BSD-2-Clause */
/* ARM PL011 (QEMU "virt": physical 0x09000000, interrupt 33, level triggered). */
#pragma once

#include <uart/uart.h>

/* 8 data bits, all interrupts off.  Speed and FIFOs stay as the firmware left them: switching the FIFOs on would drop what
 * has come in already. */
void pl011_open(struct uart *uart, volatile void *registers);
