/* SPDX-License-Identifier: BSD-2-Clause */
/* The console: polled output to the one UART that the loader has handed over; firmware has set the line parameters. */
#include "drv/drivers.h"

static struct handover_uart line; /* constant after boot */

static uint32_t read_at(uint32_t offset)
{
        word at = line.base + offset;

        if (line.width == 1)
                return *(volatile uint8_t *)window(at);
        return line.width == 2 ? *(volatile uint16_t *)window(at) : *register_at(at);
}

static void write_at(word at, uint32_t width, uint32_t value)
{
        if (width == 1)
                *(volatile uint8_t *)window(at) = (uint8_t)value;
        else if (width == 2)
                *(volatile uint16_t *)window(at) = (uint16_t)value;
        else
                *register_at(at) = value;
}

static void put(char c)
{
        while ((read_at(line.status) & line.mask) == line.full)
                ;
        for (uint32_t i = 0; i < line.befores; i++)
                write_at(line.base + (word)(int64_t)line.before[i].at, line.width, line.before[i].set);
        write_at(line.base + line.data, line.data_width, (uint8_t)c);
        if (line.after)
                write_at(line.base + line.status, line.width, read_at(line.status) & ~line.after);
}

void uart_probe(const struct handover_uart *u)
{
        line = *u;
        platform.console.put = put;
}
