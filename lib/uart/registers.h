/* SPDX-License-Identifier: BSD-2-Clause */
/* 32-bit device registers at byte offsets.
 *
 * On a machine with real registers an access is one volatile load or store.  Tests put a model behind the two functions of
 * uart_model, which is NULL otherwise.
 */
#pragma once

#include <stdint.h>
#include <uart/uart.h>

struct uart_model {
        uint32_t (*read)(volatile void *registers, unsigned offset);
        void (*write)(volatile void *registers, unsigned offset, uint32_t value);
};

extern const struct uart_model *uart_model;

static inline uint32_t uart_read(const struct uart *uart, unsigned offset)
{
        if (uart_model) {
                return uart_model->read(uart->registers, offset);
        }
        return ((volatile uint32_t *)uart->registers)[offset / sizeof(uint32_t)];
}

static inline void uart_write(const struct uart *uart, unsigned offset, uint32_t value)
{
        if (uart_model) {
                uart_model->write(uart->registers, offset, value);
                return;
        }
        ((volatile uint32_t *)uart->registers)[offset / sizeof(uint32_t)] = value;
}

static inline void uart_change(const struct uart *uart, unsigned offset, uint32_t clear, uint32_t set)
{
        uart_write(uart, offset, (uart_read(uart, offset) & ~clear) | set);
}
