/* SPDX-License-Identifier: BSD-2-Clause */
/* The loader's output: a polled console, and the end of a boot that cannot go on.
 *
 * Nothing is written before the device tree has named a console that we know, so that no other device is touched.  Output
 * without one is kept in memory, in a page of the image as firmware loaded it, which nobody else is given: after a reset that
 * leaves RAM as it is, firmware can show it (docs/porting.md).  A machine that can neither print nor switch off just stops.
 */
#include <stdarg.h>
#include <string.h>

#include "loader/loader.h"
#include "text/text.h"

enum {
        PSCI_SYSTEM_OFF = 0x84000008,
        WAIT_LIMIT = 1 << 20, /* polls before a byte is written to a device that does not become ready */
};

static struct {
        struct handover_uart uart; /* base 0: none */
        enum conduit conduit;
        bool stopping, quiet;
} console;

/* At a fixed place in the file (loader.ld), and in the image of the first life: a copy of the loader knows where. */
static char log_page[PAGE] __attribute__((section(".log"), aligned(PAGE))) = "loader's log:\n";
static struct {
        uint64_t page; /* 0: this life is the first */
        uint64_t used;
} kept __attribute__((section(".kept"))) = {0, 14};

uint64_t console_log(void)
{
        if (kept.page == 0)
                kept.page = address_of(log_page);
        return console.uart.base == 0 ? kept.page : 0;
}

static void keep(char c)
{
        char *at = (char *)pointer_to(console_log()) + kept.used;

        if (kept.used == PAGE - 1)
                return;
        kept.used++;
        *at = c;
        __asm__ volatile("dc cvac, %0; dsb sy" ::"r"(at)
                         : "memory"); /* a reset loses what is only in caches */
}

static uint32_t read_at(uint32_t offset)
{
        volatile void *at = pointer_to(console.uart.base + (uint64_t)(int32_t)offset);

        if (console.uart.width == 1)
                return *(volatile uint8_t *)at;
        return console.uart.width == 2 ? *(volatile uint16_t *)at : *(volatile uint32_t *)at;
}

static void write_at(uint64_t address, uint32_t width, uint32_t value)
{
        if (width == 1)
                *(volatile uint8_t *)pointer_to(address) = (uint8_t)value;
        else if (width == 2)
                *(volatile uint16_t *)pointer_to(address) = (uint16_t)value;
        else
                *(volatile uint32_t *)pointer_to(address) = value;
}

void console_step(uint32_t offset, uint32_t clear, uint32_t set)
{
        uint32_t value = clear == ~0u ? 0 : read_at(offset) & ~clear;

        write_at(console.uart.base + (uint64_t)(int32_t)offset, console.uart.width, value | set);
}

void console_use(const struct handover_uart *uart)
{
        console.uart = *uart;
}

void console_quiet(bool quiet)
{
        console.quiet = quiet;
}

void power_conduit(enum conduit conduit)
{
        console.conduit = conduit;
}

enum conduit power_way(void)
{
        return console.conduit;
}

static void put(char c)
{
        const struct handover_uart *u = &console.uart;

        if (console.quiet && !console.stopping)
                return;
        if (u->base == 0) {
                keep(c);
                return;
        }
        if (c == '\n')
                put('\r');
        for (unsigned polls = 0; polls < WAIT_LIMIT && (read_at(u->status) & u->mask) == u->full; polls++) {
        }
        for (uint32_t i = 0; i < u->befores; i++)
                console_step((uint32_t)u->before[i].at, u->before[i].clear, u->before[i].set);
        write_at(u->base + u->data, u->data_width, (unsigned char)c);
        if (u->after)
                console_step(u->status, u->after, 0);
}

static void put_to(void *context, char c)
{
        (void)context;
        put(c);
}

struct amount amount_of(uint64_t bytes)
{
        uint64_t unit = bytes >= 10ull * MIB ? MIB : 1024;
        struct amount amount;

        text_print(amount.text, sizeof(amount.text), "%lu %s", bytes / unit + (bytes % unit != 0),
                   unit == MIB ? "MiB" : "KiB");
        return amount;
}

void say(const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        text_format(put_to, NULL, format, arguments);
        va_end(arguments);
}

void park(void)
{
        for (;;)
                __asm__ volatile("wfi");
}

/* A fault on the way leads here again: then the console itself faults, and the log in memory is used; after that nothing more is tried. */
void stop(const char *format, ...)
{
        va_list arguments;

        if (console.stopping && console.uart.base == 0)
                park();
        if (console.stopping)
                console.uart.base = 0;
        console.stopping = true;
        say("loader: ");
        va_start(arguments, format);
        text_format(put_to, NULL, format, arguments);
        va_end(arguments);
        say(".\nloader: cannot boot, %s.\n",
            console.conduit == CONDUIT_NONE ? "staying here" : "switching off");
        if (console.conduit != CONDUIT_NONE)
                psci_call(PSCI_SYSTEM_OFF, console.conduit == CONDUIT_SMC, 0, 0);
        park();
}
