/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of serial lines: one row per name in device trees, one type per way of sending and receiving a byte.
 *
 * Shared by the loader (which hands the sending half on to the kernel) and by the drivers at user level: registers are
 * written down here and nowhere else.  Pure; knows lib/driver/fdt only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <fdt/fdt.h>

/* Change a register: what is in `clear` goes, what is in `set` comes.  UART_WRITE: written without being read; both 0: only
 * read.  UART_AWAIT: read until none of `set` is there, UART_AWAIT_READS times at most. */
struct uart_step {
        int16_t at;
        uint32_t clear, set;
};
#define UART_WRITE 0xffffffffu
#define UART_AWAIT 0xfffffffeu

enum { UART_OPEN_STEPS = 7, UART_AWAIT_READS = 1 << 16 };

/* Offsets are in registers of the line's own distance.  A byte is sent when the status under `send_mask` is no longer
 * `send_full`; one is there to be taken when it is no longer `receive_empty`. */
struct uart_type {
        const char *name;
        int16_t send, receive, status, receive_status; /* the last: 0 where it is `status`, too */
        uint8_t data_width, width; /* bytes per access to data, to the rest; 0: the row's or the node's */
        uint32_t send_mask, send_full, receive_mask, receive_empty;
        struct uart_step before[2];             /* each byte sent; written, in order */
        uint32_t after_send, after_receive;     /* bits of the status to be cleared */
        struct uart_step enable[2];             /* what sending needs even after firmware */
        struct uart_step open[UART_OPEN_STEPS]; /* the same for both ways, interrupts off */
        struct {
                int16_t on, off; /* the register whose bits allow interrupts; another one that forbids them */
                uint32_t receive, send; /* bits */
                int16_t send_on;        /* the register of `send`; 0: `on` */
                bool write_only;        /* it cannot be read: the driver knows what is in it */
        } interrupt;
        struct uart_step acknowledge[2];
        uint32_t data_errors, status_errors; /* the latter in the status of receiving */
        uint32_t data_break, status_break;   /* likewise: the line was held low, and no byte comes with it */
        struct uart_step forget[2];          /* of errors in the status, that it goes on */
        uint8_t befores, enables, opens, acknowledges, forgets;
};

/* One line of a machine: its type, and what its node says of its registers. */
struct uart_line {
        const struct uart_type *type;
        uint8_t shift, width; /* log2 of the distance of registers in bytes; bytes per access */
        uint32_t offset;      /* bytes from the start of the node's registers */
};

/* The line that a node is; false if no row has one of its names. */
bool uart_line_of(const struct fdt *fdt, int node, struct uart_line *line);

/* By a name alone: the registers as they are where no node says otherwise. */
bool uart_line_named(const char *compatible, struct uart_line *line);

/* For fdt_find_console. */
bool uart_is_known(const struct fdt *fdt, int node);

static inline uint32_t uart_line_offset(const struct uart_line *line, int16_t at)
{
        return line->offset + (uint32_t)((int32_t)at * (1 << line->shift));
}
static inline unsigned uart_line_width(const struct uart_line *line)
{
        return line->type->width ? line->type->width : line->width;
}
static inline unsigned uart_line_data_width(const struct uart_line *line)
{
        return line->type->data_width ? line->type->data_width : uart_line_width(line);
}
