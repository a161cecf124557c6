/* SPDX-License-Identifier: BSD-2-Clause */
/* What is the same for every UART. */
#include <uart/uart.h>

void uart_put(struct uart *uart, uint8_t byte)
{
        while (!uart->ops->can_send(uart)) {
        }
        uart->ops->send(uart, byte);
}

void uart_put_text(struct uart *uart, const char *text, size_t length)
{
        for (size_t i = 0; i < length; i++) {
                if (text[i] == '\n')
                        uart_put(uart, '\r');
                uart_put(uart, (uint8_t)text[i]);
        }
}

size_t uart_send(struct uart *uart, const void *bytes, size_t length)
{
        size_t i;

        for (i = 0; i < length && uart->ops->can_send(uart); i++)
                uart->ops->send(uart, ((const uint8_t *)bytes)[i]);
        return i;
}

size_t uart_receive(struct uart *uart, void *bytes, size_t length)
{
        size_t i;

        for (i = 0; i < length; i++) {
                int byte = uart->ops->receive(uart);

                if (byte < 0)
                        break;
                ((uint8_t *)bytes)[i] = (uint8_t)byte;
        }
        return i;
}
