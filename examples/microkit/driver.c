/* SPDX-License-Identifier: BSD-2-Clause */
/* A PL011: characters go to and from the rings that the server has too. */
#include <microkit.h>

#include "ring.h"

enum {
        IRQ = 0,
        CLIENT = 1,
        SERVER = 2,
        DATA = 0,
        FLAGS = 6,
        MASK = 14,
        CLEAR = 17,
        RX_EMPTY = 1 << 4,
        TX_FULL = 1 << 5,
        RX = 1 << 4
};

uintptr_t uart_registers, ring, dma, dma_address;

static volatile uint32_t *uart(int number)
{
        return (volatile uint32_t *)uart_registers + number;
}

static void print_waiting(void)
{
        char c;

        while (ring_get(&((struct rings *)ring)->out, &c)) {
                while (*uart(FLAGS) & TX_FULL)
                        ;
                *uart(DATA) = (unsigned char)c;
        }
}

void init(void)
{
        *(volatile uint64_t *)dma = dma_address;
        *uart(MASK) = RX;
}

void notified(microkit_channel ch)
{
        if (ch == SERVER) {
                print_waiting();
                return;
        }
        *uart(CLEAR) =
                RX; /* before reading: a character that arrives after the last check interrupts again */
        while (!(*uart(FLAGS) & RX_EMPTY))
                ring_put(&((struct rings *)ring)->in, (char)*uart(DATA));
        microkit_deferred_irq_ack(IRQ);
        microkit_notify(CLIENT);
}
