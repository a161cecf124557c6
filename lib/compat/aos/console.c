/* SPDX-License-Identifier: BSD-2-Clause */
/* The course's console: the serial line that the device tree names. */
#include <device/device.h>
#include <drivers/uart.h>
#include <sel4/report.h>
#include <sel4/start.h>
#include <uart/uart.h>

#ifdef __aarch64__

enum { EXIT_NO_CONSOLE = 1 };

static struct uart console;

void uart_init(cspace_t *cspace)
{
        struct device device;
        struct uart_line line;
        struct fdt tree;
        int node = device_tree(start_bootinfo(), &tree) ? fdt_find_console(&tree, uart_is_known) : FDT_NONE;

        (void)cspace;
        if (!uart_line_of(&tree, node, &line) || device_open_node(&device, &tree, node)) {
                report("uart_init: the device tree names no supported serial line");
                start_exit(EXIT_NO_CONSOLE);
        }
        uart_open(&console, device.registers, &line);
}

void uart_putchar(char c)
{
        uart_put(&console, (uint8_t)c);
        if (c == '\n')
                uart_put(&console, '\r');
}

#endif
