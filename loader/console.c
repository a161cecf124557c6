/* SPDX-License-Identifier: BSD-2-Clause */
/* The loader's voice: a polled console, a small formatter, and the end of a boot that cannot go on.
 *
 * Nothing is written before the device tree has named a console that we know, so that no other device is hit.  What is said
 * without one is kept in memory, in a page of the image as firmware loaded it, which nobody else is given: after a reset that
 * leaves RAM as it is, firmware shows it (docs/porting.md).  A machine that cannot be told anything stays still.
 */
#include <stdarg.h>
#include <string.h>

#include "loader/loader.h"

enum {
        PSCI_SYSTEM_OFF = 0x84000008,
        WAIT_LIMIT = 1 << 20, /* polls before a byte is written to a device that never becomes ready */
};

static struct {
        struct handover_uart uart; /* base 0: none */
        enum conduit conduit;
        bool stopping, quiet;
} console;

/* At a fixed place of the file (loader.ld), and in our first life's image: a copy of us knows where. */
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
                         : "memory"); /* a reset loses what is in caches only */
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

static void put_number(uint64_t value, unsigned base)
{
        char digits[20];
        unsigned count = 0;

        do {
                digits[count++] = "0123456789abcdef"[value % base];
                value /= base;
        } while (value > 0);
        while (count > 0)
                put(digits[--count]);
}

static void put_text(const char *text)
{
        while (*text != '\0')
                put(*text++);
}

static void put_bytes(uint64_t bytes)
{
        bool large = bytes >= 10ull * MIB;

        put_number(bytes / (large ? MIB : 1024) + (bytes % (large ? MIB : 1024) != 0), 10);
        put_text(large ? " MiB" : " KiB");
}

static void put_argument(char kind, va_list *arguments)
{
        if (kind == 's') {
                put_text(va_arg(*arguments, const char *));
        } else if (kind == 'x') {
                put_text("0x");
                put_number(va_arg(*arguments, uint64_t), 16);
        } else if (kind == 'u') {
                put_number(va_arg(*arguments, uint64_t), 10);
        } else {
                put_bytes(va_arg(*arguments, uint64_t));
        }
}

static void say_list(const char *format, va_list *arguments)
{
        for (; *format != '\0'; format++)
                if (*format == '%')
                        put_argument(*++format, arguments);
                else
                        put(*format);
}

void say(const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        say_list(format, &arguments);
        va_end(arguments);
}

void park(void)
{
        for (;;)
                __asm__ volatile("wfi");
}

/* A fault on the way ends here again, and then nothing more is tried. */
void stop(const char *format, ...)
{
        va_list arguments;

        if (console.stopping)
                park();
        console.stopping = true;
        put_text("loader: ");
        va_start(arguments, format);
        say_list(format, &arguments);
        va_end(arguments);
        put_text(console.conduit == CONDUIT_NONE ? ".\nloader: cannot boot, staying here.\n"
                                                 : ".\nloader: cannot boot, switching off.\n");
        if (console.conduit != CONDUIT_NONE)
                psci_call(PSCI_SYSTEM_OFF, console.conduit == CONDUIT_SMC);
        park();
}
