/* SPDX-License-Identifier: BSD-2-Clause */
/* Serial lines: one driver over the table in line.h.  The registers come as a mapped address (see sos_map_device).
 *
 *      struct uart_line line;
 *      int node = fdt_find_console(&fdt, uart_is_known);
 *      if (uart_line_of(&fdt, node, &line) && !device_open_node(&device, &fdt, node))
 *              uart_open(&uart, device.registers, &line);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uart/line.h>

struct uart;

struct uart_ops {
        bool (*can_send)(struct uart *uart);
        void (*send)(struct uart *uart, uint8_t byte);  /* only if can_send */
        int (*receive)(struct uart *uart);              /* a byte, or -1 */
        void (*on_receive)(struct uart *uart, bool on); /* interrupt when something has come in */
        void (*on_space)(struct uart *uart, bool on);   /* interrupt when there is room to send */
        void (*acknowledge)(struct uart *uart);         /* in the interrupt handler, before reading */
};

struct uart {
        const struct uart_ops *ops;
        volatile void *registers;
        struct uart_line line;
        uint64_t lost;    /* bytes that came in damaged or too late */
        uint32_t breaks;  /* how many times the other side has sent a break */
        uint32_t allowed; /* interrupts */
};

/* Both ways on, all interrupts off; speed and format stay as the firmware set them. */
void uart_open(struct uart *uart, volatile void *registers, const struct uart_line *line);

/* The same for a line of that name, without a device tree; false if the table has no such name. */
bool uart_open_named(struct uart *uart, volatile void *registers, const char *compatible);

/* Send a byte, waiting for room; uart_put_text sends "\r\n" for each newline. */
void uart_put(struct uart *uart, uint8_t byte);
void uart_put_text(struct uart *uart, const char *text, size_t length);

/* Send as much as there is room for; returns how much that was. */
size_t uart_send(struct uart *uart, const void *bytes, size_t length);

/* Take what has come in, up to `length`; returns how much that was. */
size_t uart_receive(struct uart *uart, void *bytes, size_t length);
