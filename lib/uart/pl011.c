/* SPDX-License-Identifier: BSD-2-Clause */
/* ARM PL011.  Facts: ARM DDI 0183. */
#include <uart/pl011.h>

#include "registers.h"

enum {
        DATA = 0x00,
        FLAGS = 0x18,
        LINE = 0x2c,
        CONTROL = 0x30,
        LEVELS = 0x34,
        MASK = 0x38,
        CLEAR = 0x44,
};

enum {
        DATA_ERRORS = 0xf00,
        FLAG_EMPTY = 1 << 4, /* nothing received */
        FLAG_FULL = 1 << 5,  /* no room to send */
        LINE_8_BITS = 0x60,
        CONTROL_ON = 0x301,                  /* UART, transmitter, receiver */
        INTERRUPT_RECEIVE = 1 << 4 | 1 << 6, /* level reached, or a character waits */
        INTERRUPT_SEND = 1 << 5,
        INTERRUPT_ALL = 0x7ff,
};

static bool can_send(struct uart *uart)
{
        return !(uart_read(uart, FLAGS) & FLAG_FULL);
}

static void send(struct uart *uart, uint8_t byte)
{
        uart_write(uart, DATA, byte);
}

static int receive(struct uart *uart)
{
        uint32_t data;

        if (uart_read(uart, FLAGS) & FLAG_EMPTY) {
                return -1;
        }
        data = uart_read(uart, DATA);
        if (data & DATA_ERRORS) {
                uart->lost++;
        }
        return (uint8_t)data;
}

static void on_receive(struct uart *uart, bool on)
{
        uart_change(uart, MASK, INTERRUPT_RECEIVE, on ? INTERRUPT_RECEIVE : 0);
}

static void on_space(struct uart *uart, bool on)
{
        uart_change(uart, MASK, INTERRUPT_SEND, on ? INTERRUPT_SEND : 0);
}

static void acknowledge(struct uart *uart)
{
        uart_write(uart, CLEAR, INTERRUPT_ALL);
}

static const struct uart_ops ops = {
        .can_send = can_send,
        .send = send,
        .receive = receive,
        .on_receive = on_receive,
        .on_space = on_space,
        .acknowledge = acknowledge,
};

void pl011_open(struct uart *uart, volatile void *registers)
{
        *uart = (struct uart){.ops = &ops, .registers = registers};
        uart_write(uart, MASK, 0);
        uart_write(uart, CLEAR, INTERRUPT_ALL);
        uart_change(uart, LINE, LINE_8_BITS, LINE_8_BITS);
        uart_write(uart, LEVELS, 0); /* interrupt when the FIFO is 1/8 full or empty */
        uart_write(uart, CONTROL, CONTROL_ON);
}
