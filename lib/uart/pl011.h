/* SPDX-License-Identifier: BSD-2-Clause */
/* ARM PL011 (QEMU "virt": physical 0x09000000, interrupt 33, level triggered). */
#pragma once

#include <uart/uart.h>

/* 8 data bits, FIFOs on, all interrupts off.  The speed set by the firmware stays. */
void pl011_open(struct uart *uart, volatile void *registers);
