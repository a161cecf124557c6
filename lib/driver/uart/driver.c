/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver: what a type of line.h says, done. */
#include "registers.h"

const struct uart_model *uart_model;

static uint32_t read_at(const struct uart *uart, int16_t at, unsigned width)
{
        uint32_t offset = uart_line_offset(&uart->line, at);
        volatile char *address = (volatile char *)uart->registers + (int32_t)offset;

        if (uart_model)
                return uart_model->read(uart->registers, offset);
        if (width == 1)
                return *(volatile uint8_t *)address;
        return width == 2 ? *(volatile uint16_t *)address : *(volatile uint32_t *)address;
}

static void write_at(const struct uart *uart, int16_t at, unsigned width, uint32_t value)
{
        uint32_t offset = uart_line_offset(&uart->line, at);
        volatile char *address = (volatile char *)uart->registers + (int32_t)offset;

        if (uart_model)
                uart_model->write(uart->registers, offset, value);
        else if (width == 1)
                *(volatile uint8_t *)address = (uint8_t)value;
        else if (width == 2)
                *(volatile uint16_t *)address = (uint16_t)value;
        else
                *(volatile uint32_t *)address = value;
}

static void await(const struct uart *uart, struct uart_step step)
{
        for (unsigned reads = 0; reads < UART_AWAIT_READS; reads++)
                if (!(read_at(uart, step.at, uart_line_width(&uart->line)) & step.set))
                        return;
}

static void take_step(const struct uart *uart, struct uart_step step)
{
        unsigned width = uart_line_width(&uart->line);
        uint32_t value;

        if (step.clear == UART_AWAIT) {
                await(uart, step);
                return;
        }
        value = step.clear == UART_WRITE ? 0 : read_at(uart, step.at, width);
        if (step.clear || step.set)
                write_at(uart, step.at, width, (value & ~step.clear) | step.set);
}

static uint32_t status(const struct uart *uart)
{
        return read_at(uart, uart->line.type->status, uart_line_width(&uart->line));
}

static uint32_t receive_status(const struct uart *uart)
{
        int16_t at = uart->line.type->receive_status;

        return at ? read_at(uart, at, uart_line_width(&uart->line)) : status(uart);
}

static void clear_status(const struct uart *uart, uint32_t bits)
{
        if (bits)
                take_step(uart, (struct uart_step){uart->line.type->status, bits, 0});
}

static bool can_send(struct uart *uart)
{
        const struct uart_type *type = uart->line.type;

        return (status(uart) & type->send_mask) != type->send_full;
}

static void send(struct uart *uart, uint8_t byte)
{
        const struct uart_type *type = uart->line.type;

        for (unsigned i = 0; i < type->befores; i++)
                take_step(uart, type->before[i]);
        write_at(uart, type->send, uart_line_data_width(&uart->line), byte);
        clear_status(uart, type->after_send);
}

static void count_errors(struct uart *uart, bool bad)
{
        const struct uart_type *type = uart->line.type;

        uart->lost += bad;
        for (unsigned i = 0; bad && i < type->forgets; i++)
                take_step(uart, type->forget[i]);
}

enum { NOTHING = -1, BREAK = -2 };

/* A byte, or one of these. */
static int receive_any(struct uart *uart)
{
        const struct uart_type *type = uart->line.type;
        uint32_t now = receive_status(uart), data;

        count_errors(uart, now & type->status_errors);
        if ((now & type->receive_mask) == type->receive_empty)
                return NOTHING;
        data = read_at(uart, type->receive, uart_line_data_width(&uart->line));
        clear_status(uart, type->after_receive);
        if (now & type->status_break || data & type->data_break)
                return BREAK;
        count_errors(uart, data & type->data_errors);
        return (uint8_t)data;
}

static int receive(struct uart *uart)
{
        int byte;

        while ((byte = receive_any(uart)) == BREAK)
                uart->breaks++;
        return byte;
}

/* Where one register allows and another forbids, a bit is written to one of them. */
static void allow(struct uart *uart, int16_t at, uint32_t bits, bool on)
{
        const struct uart_type *type = uart->line.type;
        struct uart_step change = {at, bits, on ? bits : 0};

        uart->allowed = on ? uart->allowed | bits : uart->allowed & ~bits;
        if (type->interrupt.write_only)
                change = (struct uart_step){at, UART_WRITE, uart->allowed};
        else if (type->interrupt.on != type->interrupt.off)
                change = (struct uart_step){on ? at : type->interrupt.off, UART_WRITE, bits};
        take_step(uart, change);
}

static void on_receive(struct uart *uart, bool on)
{
        const struct uart_type *type = uart->line.type;

        allow(uart, type->interrupt.on, type->interrupt.receive, on);
}

static void on_space(struct uart *uart, bool on)
{
        const struct uart_type *type = uart->line.type;

        allow(uart, type->interrupt.send_on ? type->interrupt.send_on : type->interrupt.on,
              type->interrupt.send, on);
}

static void acknowledge(struct uart *uart)
{
        for (unsigned i = 0; i < uart->line.type->acknowledges; i++)
                take_step(uart, uart->line.type->acknowledge[i]);
}

static const struct uart_ops ops = {
        .can_send = can_send,
        .send = send,
        .receive = receive,
        .on_receive = on_receive,
        .on_space = on_space,
        .acknowledge = acknowledge,
};

void uart_open(struct uart *uart, volatile void *registers, const struct uart_line *line)
{
        *uart = (struct uart){.ops = &ops, .registers = registers, .line = *line};
        for (unsigned i = 0; i < line->type->opens; i++)
                take_step(uart, line->type->open[i]);
}

bool uart_open_named(struct uart *uart, volatile void *registers, const char *compatible)
{
        struct uart_line line;

        if (!uart_line_named(compatible, &line))
                return false;
        uart_open(uart, registers, &line);
        return true;
}
