/* SPDX-License-Identifier: BSD-2-Clause */
/* The course's console: the PL011 of QEMU's machine. */
#include <device/device.h>
#include <drivers/uart.h>
#include <sel4/report.h>
#include <sel4/start.h>
#include <uart/pl011.h>

#ifdef __aarch64__

enum { PL011_ADDRESS = 0x9000000, PL011_BYTES = 0x1000, EXIT_NO_CONSOLE = 1 };

static struct uart console;

void uart_init(cspace_t *cspace)
{
        void *registers = sos_map_device(cspace, PL011_ADDRESS, PL011_BYTES);

        if (!registers) {
                report("uart_init: no serial line at 0x%x", PL011_ADDRESS);
                start_exit(EXIT_NO_CONSOLE);
        }
        pl011_open(&console, registers);
}

void uart_putchar(char c)
{
        uart_put(&console, (uint8_t)c);
        if (c == '\n') {
                uart_put(&console, '\r');
        }
}

#endif
