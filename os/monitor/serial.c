/* SPDX-License-Identifier: BSD-2-Clause */
/* A serial line, PL011, whose other end is the machine's console (console.h).  A reader is waited for: the guest sees a full transmitter
 * until there is room. */
#include "os/monitor/console.h"
#include "os/monitor/device.h"
#include "os/monitor/irq.h"
#include "os/monitor/monitor.h"

enum {
        DR = 0x00,
        RSR = 0x04,
        FR = 0x18,
        IBRD = 0x24,
        FBRD = 0x28,
        LCRH = 0x2c,
        CR = 0x30,
        IFLS = 0x34,
        IMSC = 0x38,
        RIS = 0x3c,
        MIS = 0x40,
        ICR = 0x44,
        DMACR = 0x48,
        IDS = 0xfe0,
        PAGE_BYTES = 0x1000,
};
enum { FR_RX_EMPTY = 0x10, FR_TX_FULL = 0x20, FR_RX_FULL = 0x40, FR_TX_EMPTY = 0x80 };
enum { INT_RX = 0x10, INT_TX = 0x20, INT_TIMEOUT = 0x40, INTS = 0x7ff };
enum { CR_RESET = 0x300, IFLS_RESET = 0x12, ROOM_FOR_TX = 64 };

static struct {
        uint32_t ibrd, fbrd, lcrh, cr, ifls, imsc, dmacr;
        uint32_t raw; /* INT_TX: it has become empty and nobody has cleared that */
        bool full;    /* the guest was told so */
} line = {.cr = CR_RESET, .ifls = IFLS_RESET};

static bool has_input(void)
{
        return console_hears(CONSOLE_SERIAL) > 0;
}

static bool is_full(void)
{
        return console_room() < ROOM_FOR_TX;
}

static uint32_t raw(void)
{
        return (line.raw & INT_TX) | (has_input() ? INT_RX | INT_TIMEOUT : 0);
}

static void update(void)
{
        irq_line(SERIAL_IRQ, raw() & line.imsc);
}

static void say(char c)
{
        console_say(&c, 1);
        line.raw |= INT_TX; /* it is out already */
}

static uint32_t take(void)
{
        unsigned char c = 0;

        if (has_input())
                console_take(&c, 1);
        update();
        return c;
}

static uint32_t flags(void)
{
        line.full = is_full();
        return (has_input() ? 0 : FR_RX_EMPTY) | (line.full ? FR_TX_FULL : FR_TX_EMPTY);
}

/* The numbers by which it is known. */
static uint32_t identity(uint64_t offset)
{
        static const uint8_t id[] = {0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

        return id[(offset - IDS) / 4];
}

static uint64_t serial_read(void *device, uint64_t offset, unsigned width)
{
        (void)device, (void)width;
        switch (offset) {
        case DR:
                return take();
        case FR:
                return flags();
        case IBRD:
                return line.ibrd;
        case FBRD:
                return line.fbrd;
        case LCRH:
                return line.lcrh;
        case CR:
                return line.cr;
        case IFLS:
                return line.ifls;
        case IMSC:
                return line.imsc;
        case RIS:
                return raw();
        case MIS:
                return raw() & line.imsc;
        case DMACR:
                return line.dmacr;
        default:
                return offset >= IDS && offset < PAGE_BYTES ? identity(offset) : 0;
        }
}

static uint32_t *word_at(uint64_t offset)
{
        return offset == IBRD    ? &line.ibrd
               : offset == FBRD  ? &line.fbrd
               : offset == LCRH  ? &line.lcrh
               : offset == CR    ? &line.cr
               : offset == IFLS  ? &line.ifls
               : offset == DMACR ? &line.dmacr
               : offset == IMSC  ? &line.imsc
                                 : NULL;
}

static void serial_write(void *device, uint64_t offset, unsigned width, uint64_t value)
{
        uint32_t *at;

        (void)device, (void)width;
        if (offset == DR)
                say((char)value);
        else if (offset == ICR)
                line.raw &= ~(uint32_t)value;
        else if ((at = word_at(offset)))
                *at = (uint32_t)value & 0xffff;
        update();
}

void serial_look(void)
{
        if (line.full && !is_full()) {
                line.full = false;
                line.raw |= INT_TX;
        }
        update();
}

void serial_open(void)
{
        device_add(&(struct emulated){
                .base = SERIAL, .size = PAGE_BYTES, .read = serial_read, .write = serial_write});
}
