/* SPDX-License-Identifier: BSD-2-Clause */
/* Meson UART: 64-byte FIFOs, interrupts by fill level. */
#include <uart/meson.h>

#include "registers.h"

enum {
        WRITE_FIFO = 0x00,
        READ_FIFO = 0x04,
        CONTROL = 0x08,
        STATUS = 0x0c,
        LEVELS = 0x10,
};

enum {
        CONTROL_SEND_ON = 1 << 12,
        CONTROL_RECEIVE_ON = 1 << 13,
        CONTROL_CLEAR_ERROR = 1 << 24,
        CONTROL_RECEIVE_IRQ = 1 << 27,
        CONTROL_SEND_IRQ = 1 << 28,
        STATUS_ERRORS = 1 << 16 | 1 << 17 | 1 << 24, /* parity, frame, overflow */
        STATUS_EMPTY = 1 << 20,
        STATUS_FULL = 1 << 21,
        LEVEL_RECEIVE = 1,    /* interrupt from one byte on */
        LEVEL_SEND = 32 << 8, /* interrupt when fewer than 32 wait */
};

static bool can_send(struct uart *uart)
{
        return !(uart_read(uart, STATUS) & STATUS_FULL);
}

static void send(struct uart *uart, uint8_t byte)
{
        uart_write(uart, WRITE_FIFO, byte);
}

static int receive(struct uart *uart)
{
        uint32_t status = uart_read(uart, STATUS);

        if (status & STATUS_ERRORS) {
                uart->lost++;
                uart_change(uart, CONTROL, 0, CONTROL_CLEAR_ERROR);
                uart_change(uart, CONTROL, CONTROL_CLEAR_ERROR, 0);
        }
        return status & STATUS_EMPTY ? -1 : (uint8_t)uart_read(uart, READ_FIFO);
}

static void on_receive(struct uart *uart, bool on)
{
        uart_change(uart, CONTROL, CONTROL_RECEIVE_IRQ, on ? CONTROL_RECEIVE_IRQ : 0);
}

static void on_space(struct uart *uart, bool on)
{
        uart_change(uart, CONTROL, CONTROL_SEND_IRQ, on ? CONTROL_SEND_IRQ : 0);
}

/* The line is edge triggered and follows the fill levels: nothing to clear. */
static void acknowledge(struct uart *uart)
{
        (void)uart;
}

static const struct uart_ops ops = {
        .can_send = can_send,
        .send = send,
        .receive = receive,
        .on_receive = on_receive,
        .on_space = on_space,
        .acknowledge = acknowledge,
};

void meson_open(struct uart *uart, volatile void *registers)
{
        *uart = (struct uart){.ops = &ops, .registers = registers};
        uart_write(uart, LEVELS, LEVEL_RECEIVE | LEVEL_SEND);
        uart_change(uart, CONTROL, CONTROL_RECEIVE_IRQ | CONTROL_SEND_IRQ,
                    CONTROL_SEND_ON | CONTROL_RECEIVE_ON);
}
