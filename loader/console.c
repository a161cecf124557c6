/* SPDX-License-Identifier: BSD-2-Clause */
/* The loader's voice: a polled console, a small formatter, and the end of a boot that cannot go on.
 *
 * Until the device tree has named a console, output goes to the PL011 of QEMU's virt machine: there a missing
 * device tree can be reported; elsewhere the access faults, and a machine without a description stays still.
 */
#include <stdarg.h>
#include <string.h>

#include "loader/loader.h"

enum {
        VIRT_PL011 = 0x09000000,
        PSCI_SYSTEM_OFF = 0x84000008,
        WAIT_LIMIT = 1 << 20, /* polls before a byte is written to a device that never becomes ready */
};

/* How to send a byte: write it at `data` once the bits `mask` at `status` are as in `ready`. */
struct uart {
        char compatible[HANDOVER_COMPATIBLE];
        uint8_t data, status, width; /* offsets in bytes; access width in bytes */
        uint32_t mask, ready;
        uint8_t control, enable; /* written to the control register when enable is not 0 */
};

static const struct uart uarts[] = {
        {"arm,pl011", 0x00, 0x18, 4, 1 << 5, 0, 0, 0},
        {"amlogic,meson-ao-uart", 0x00, 0x0c, 4, 1 << 21, 0, 0, 0},
        {"amlogic,meson-gx-uart", 0x00, 0x0c, 4, 1 << 21, 0, 0, 0},
        {"cdns,uart-r1p12", 0x30, 0x2c, 4, 1 << 4, 0, 0x00, 0x14},
        {"xlnx,xuartps", 0x30, 0x2c, 4, 1 << 4, 0, 0x00, 0x14},
        {"brcm,bcm2835-aux-uart", 0x00, 0x14, 4, 1 << 5, 1 << 5, 0, 0},
        {"ns16550a", 0x00, 0x05, 1, 1 << 5, 1 << 5, 0, 0},
};

static struct {
        const struct uart *uart;
        uint64_t base;
        bool off_by_smc;
} console;

static uint32_t reg_read(uint64_t address, unsigned width)
{
        return width == 1 ? *(volatile uint8_t *)pointer_to(address)
                          : *(volatile uint32_t *)pointer_to(address);
}

static void reg_write(uint64_t address, unsigned width, uint32_t value)
{
        if (width == 1)
                *(volatile uint8_t *)pointer_to(address) = (uint8_t)value;
        else
                *(volatile uint32_t *)pointer_to(address) = value;
}

void console_use(const struct handover_device *device)
{
        for (unsigned i = 0; i < sizeof(uarts) / sizeof(uarts[0]); i++) {
                const struct uart *u = &uarts[i];

                if (strcmp(u->compatible, device->compatible) == 0) {
                        console.uart = u;
                        console.base = device->reg[0].start;
                        if (u->enable != 0)
                                reg_write(console.base + u->control, u->width, u->enable);
                        return;
                }
        }
}

void power_conduit(bool use_smc)
{
        console.off_by_smc = use_smc;
}

static void put(char c)
{
        const struct uart *u = console.uart;
        unsigned polls = 0;

        if (u == NULL) {
                u = &uarts[0];
                console.base = VIRT_PL011;
        }
        if (c == '\n')
                put('\r');
        while ((reg_read(console.base + u->status, u->width) & u->mask) != u->ready && polls < WAIT_LIMIT)
                polls++;
        reg_write(console.base + u->data, u->width, (unsigned char)c);
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

void stop(const char *format, ...)
{
        va_list arguments;

        put_text("loader: ");
        va_start(arguments, format);
        say_list(format, &arguments);
        va_end(arguments);
        put_text(".\nloader: cannot boot, switching off.\n");
        psci_call(PSCI_SYSTEM_OFF, console.off_by_smc);
        for (;;)
                __asm__ volatile("wfi");
}
