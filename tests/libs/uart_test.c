/* SPDX-License-Identifier: BSD-2-Clause */
/* Every type of serial line against a model of its registers, written down a second time from the manuals: as an old firmware
 * leaves it, with all interrupts on and everything else set wrongly, it is opened; then bytes go both ways, no more than there
 * is room for, and interrupts come only for the events that they were enabled for. */
#include "libs.h"

#include <string.h>
#include <uart/registers.h>
#include <uart/uart.h>

enum { REGISTERS = 0x900, AT = 0xfe001000, ROOM_MAX = 64, OPENED_MAX = 3 };

/* Offsets in bytes.  A word of `status` is one of `room` and `full`, with one of `waiting` and `nothing`. */
struct device {
        const char *compatible;
        unsigned send, receive, status, receive_status;
        uint32_t room, full, waiting, nothing;
        unsigned allow, forbid, allow_send; /* the same register or two; that of sending */
        uint32_t receive_bit, send_bit;     /* in these */
        bool write_only;                    /* reads as 0 */
        /* Ends what is pending: with the same bits written (of sending in another register), or by being read; 0: none. */
        unsigned clear, clear_send, read_clears;
        uint32_t data_error, status_error; /* says of a byte that another one was lost */
        struct {
                unsigned at;
                uint32_t mask, value;
        } opened[OPENED_MAX]; /* what must be in registers of an open line */
        void (*wrote)(unsigned offset, uint32_t value);
        void (*sends)(void), (*receives)(void); /* what must hold then */
};

static struct {
        const struct device *of;
        uint32_t reg[REGISTERS]; /* by offset in bytes */
        uint8_t out[ROOM_MAX], in[ROOM_MAX];
        unsigned sent, room, waiting, in_at, forgot, busy;
        bool length_told, commanded, cancelled, sent_lies, received_lies, receive_cleared, send_cleared,
                error;
} now;

static bool has_status(unsigned offset)
{
        return offset == now.of->status || offset == now.of->receive_status;
}

static uint32_t model_read(volatile void *registers, unsigned offset)
{
        const struct device *d = now.of;

        CHECK_EQUAL((seL4_Word)registers, AT);
        if (offset == d->receive && now.waiting) {
                if (d->receives)
                        d->receives();
                now.waiting--;
                return now.in[now.in_at++] | (now.error ? d->data_error : 0);
        }
        CHECK(offset != d->receive || d->send == d->receive || !now.waiting);
        if (now.busy && offset == d->status) {
                now.busy--;
                return 1 << 12;
        }
        if (has_status(offset))
                return (now.error ? d->status_error : 0) |
                       (offset == d->status ? now.room ? d->room : d->full : 0) |
                       (offset == d->receive_status ? now.waiting ? d->waiting : d->nothing : 0);
        CHECK((int)offset >= -0x40 && (int)offset < REGISTERS);
        if (d->read_clears && offset == d->read_clears)
                now.receive_cleared = now.send_cleared = true;
        return (int)offset < 0 || (d->write_only && offset == d->allow) ? 0 : now.reg[offset];
}

static void model_write(volatile void *registers, unsigned offset, uint32_t value)
{
        const struct device *d = now.of;

        CHECK_EQUAL((seL4_Word)registers, AT);
        CHECK((int)offset >= -0x40 && (int)offset < REGISTERS);
        if (offset == d->send) {
                CHECK(now.room);
                if (d->sends)
                        d->sends();
                now.room--;
                now.out[now.sent++] = (uint8_t)value;
        }
        if (d->clear && offset == d->clear)
                now.receive_cleared |= (value & d->receive_bit) != 0;
        if (d->clear && offset == (d->clear_send ? d->clear_send : d->clear))
                now.send_cleared |= (value & d->send_bit) != 0;
        if (d->forbid != d->allow && (offset == d->allow || offset == d->forbid))
                value = offset == d->allow ? now.reg[d->allow] | value : now.reg[d->allow] & ~value;
        if (d->forbid != d->allow && offset == d->forbid)
                offset = d->allow;
        if ((int)offset >= 0)
                now.reg[offset] = value;
        if (d->wrote)
                d->wrote(offset, value);
}

static const struct uart_model model = {model_read, model_write};

/* What the device's interrupt line would be. */
static bool rings(void)
{
        const struct device *d = now.of;
        unsigned send = d->allow_send ? d->allow_send : d->allow;

        return (now.reg[d->allow] & d->receive_bit && now.waiting) ||
               (now.reg[send] & d->send_bit && now.room);
}

/* --- special cases --- */

/* Qualcomm GENI: a byte is sent by a command of length 1; received by a command that firmware's was cancelled for. */
static void geni_wrote(unsigned offset, uint32_t value)
{
        if (offset == 0x270)
                now.length_told = value == 1;
        if (offset == 0x600)
                now.commanded = now.length_told && value == 1u << 27;
        if (offset == 0x634) {
                now.cancelled = value & 1 << 2;
                now.busy = 3;
        }
        if (offset == 0x630)
                CHECK(now.cancelled && !now.busy && value == 1u << 27);
}

static void geni_sends(void)
{
        CHECK(now.commanded);
        now.commanded = now.length_told = false;
}

static void geni_receives(void)
{
        CHECK_EQUAL(now.reg[0x630], 1u << 27);
        CHECK_EQUAL(now.reg[0x284], 0x0f);
}

/* Qualcomm UARTDM: the number of bytes is set before each; receives single bytes when that mode is on. */
static void msm_wrote(unsigned offset, uint32_t value)
{
        if (offset == 0x40)
                now.length_told = value == 1;
        if (offset == 0xa8 && value == 3 << 4)
                now.forgot++;
        if (offset == 0xa8 && value == 8 << 4)
                now.receive_cleared = now.send_cleared = true;
        if (offset == 0xa8 && value & 1)
                now.commanded = true;
}

static void msm_sends(void)
{
        CHECK(now.length_told);
        now.length_told = false;
}

static void msm_receives(void)
{
        CHECK(now.commanded && now.reg[0x3c] & 1 << 5);
}

/* Renesas SCIF: after each byte the state of it has to be written away, or the next one does not go. */
static void scif_wrote(unsigned offset, uint32_t value)
{
        if (offset != 0x10)
                return;
        now.sent_lies &= (value & 0x60) != 0;
        now.received_lies &= (value & 3) != 0;
}

static void scif_sends(void)
{
        CHECK(!now.sent_lies);
        now.sent_lies = true;
}

static void scif_receives(void)
{
        CHECK(!now.received_lies);
        now.received_lies = true;
}

#define SAME(at)    .status = (at), .receive_status = (at)
#define ALLOW(at)   .allow = (at), .forbid = (at)
#define OPENED(...) .opened = {__VA_ARGS__}
#define LIKE_8250(step)                                                                                      \
        .send = 0, .receive = 0, SAME(5 * (step)), .room = 1 << 5, .waiting = 1, ALLOW(1 * (step)),          \
        .receive_bit = 1, .send_bit = 2, .status_error = 1 << 1
#define LIKE_16550(step)                                                                                     \
        LIKE_8250(step), .read_clears = 2 * (step), OPENED({3 * (step), 0x83, 3}, {4 * (step), 0x0b, 0x0b})
#define LIKE_PL011                                                                                           \
        .send = 0, .receive = 0, SAME(0x18), .full = 1 << 5, .nothing = 1 << 4, ALLOW(0x38),                 \
        .receive_bit = 1 << 4, .send_bit = 1 << 5, .clear = 0x44, .data_error = 1 << 11
#define LIKE_LPUART(data, state, control)                                                                    \
        .send = (data), .receive = (data), SAME(state), .room = 1 << 23, .waiting = 1 << 21, ALLOW(control), \
        .receive_bit = 1 << 21, .send_bit = 1 << 23, OPENED({control, 3 << 18, 3 << 18})

static const struct device devices[] = {
        {"arm,pl011", LIKE_PL011, OPENED({0x2c, 0x60, 0x60}, {0x30, 0x301, 0x301}, {0x34, 0x3f, 0})},
        {"arm,sbsa-uart", LIKE_PL011},
        {"ns16550a", LIKE_16550(1)},
        {"ns8250", LIKE_16550(1)},
        {"snps,dw-apb-uart", LIKE_8250(1), .read_clears = 0x1f, OPENED({4, 0x0b, 0x0b})},
        {"nvidia,tegra20-uart", LIKE_16550(4)},
        {"mediatek,mt6577-uart", LIKE_16550(4)},
        {"ti,am654-uart", LIKE_16550(4)},
        {"brcm,bcm2835-aux-uart", LIKE_8250(4), .read_clears = 8, OPENED({0x0c, 3, 3}, {0x20, 3, 3})},
        {"amlogic,meson-gx-uart", .send = 0, .receive = 4, SAME(0x0c), .full = 1 << 21, .nothing = 1 << 20,
         ALLOW(8), .receive_bit = 1 << 27, .send_bit = 1 << 28, .status_error = 1 << 24,
         OPENED({8, 3 << 12, 3 << 12}, {0x10, 0xff, 1})},
        {"cdns,uart-r1p12", .send = 0x30, .receive = 0x30, SAME(0x2c), .full = 1 << 4, .nothing = 1 << 1,
         .allow = 8, .forbid = 0x0c, .receive_bit = 1 << 0, .send_bit = 1 << 3, .clear = 0x14,
         OPENED({0, 0x3c, 0x14}, {0x20, 0x3f, 1})},
        {"fsl,imx6q-uart", .send = 0x40, .receive = 0, SAME(0xb4), .full = 1 << 4, .nothing = 1 << 5,
         ALLOW(0x80), .receive_bit = 1 << 9, .send_bit = 1 << 13, .data_error = 1 << 13,
         OPENED({0x80, 9, 1}, {0x84, 7, 7}, {0x90, 0x3f, 1})},
        {"fsl,imx7ulp-lpuart", LIKE_LPUART(0x1c, 0x14, 0x18)},
        {"fsl,imx8qxp-lpuart", LIKE_LPUART(0x1c, 0x14, 0x18)},
        {"fsl,ls1028a-lpuart", LIKE_LPUART(0x0c, 0x04, 0x08)},
        {"qcom,geni-debug-uart", .send = 0x700, .receive = 0x780, .status = 0x40, .receive_status = 0x804,
         .full = 1, .waiting = 1, .allow = 0x644, .forbid = 0x644, .allow_send = 0x614,
         .receive_bit = 1 << 26, .send_bit = 1, .clear = 0x648, .clear_send = 0x618, OPENED({0x810, 0xff, 1}),
         .wrote = geni_wrote, .sends = geni_sends, .receives = geni_receives},
        {"qcom,msm-uartdm", .send = 0x70, .receive = 0x70, SAME(0xa4), .room = 1 << 3, .waiting = 1,
         ALLOW(0xb0), .receive_bit = 1 << 4, .send_bit = 1 << 0, .write_only = true, .clear = 0xa8,
         .status_error = 1 << 4, OPENED({0x20, 0xff, 0}), .wrote = msm_wrote, .sends = msm_sends,
         .receives = msm_receives},
        {"renesas,scif", .send = 0x0c, .receive = 0x14, SAME(0x10), .room = 1 << 5, .waiting = 1 << 1,
         ALLOW(8), .receive_bit = 1 << 6, .send_bit = 1 << 7, OPENED({8, 3 << 4, 3 << 4}),
         .wrote = scif_wrote, .sends = scif_sends, .receives = scif_receives},
        {"marvell,armada-3700-uart", .send = 4, .receive = 0, SAME(0x0c), .full = 1 << 11, .waiting = 1 << 4,
         ALLOW(8), .receive_bit = 1 << 4, .send_bit = 1 << 5},
};

static void check_sending(struct uart *uart)
{
        now.room = 5;
        uart_put_text(uart, "a\nb", 3);
        CHECK_EQUAL(uart_send(uart, "xyz", 3), 1);
        CHECK_EQUAL(uart_send(uart, "z", 1), 0);
        CHECK_EQUAL(now.sent, 5);
        CHECK(!memcmp(now.out, "a\r\nbx", 5));
}

static void check_receiving(struct uart *uart)
{
        uint8_t got[8];

        CHECK_EQUAL(uart->ops->receive(uart), -1);
        memcpy(now.in, "hello", 5);
        now.waiting = 5;
        CHECK_EQUAL(uart_receive(uart, got, 3), 3);
        CHECK_EQUAL(uart_receive(uart, got + 3, 5), 2);
        CHECK(!memcmp(got, "hello", 5));
        CHECK_EQUAL(uart->ops->receive(uart), -1);
        CHECK_EQUAL(uart->lost, 0);
}

/* Lost bytes are counted, and the condition is cleared where nothing more would arrive otherwise. */
static void check_errors(struct uart *uart)
{
        const struct device *d = now.of;

        now.waiting = 1;
        now.forgot = 0;
        now.error = true;
        CHECK(uart->ops->receive(uart) >= 0);
        now.error = false;
        CHECK_EQUAL(uart->lost, d->data_error || d->status_error);
        CHECK_EQUAL(now.forgot, d->wrote == msm_wrote);
}

/* All four sets of enabled events, with all four sets of pending ones. */
static void check_interrupts(struct uart *uart)
{
        for (unsigned i = 0; i < 16; i++) {
                bool receive = i & 1, send = i & 2;

                uart->ops->on_receive(uart, receive);
                uart->ops->on_space(uart, send);
                now.waiting = (i & 4) != 0;
                now.room = (i & 8) != 0;
                CHECK_EQUAL(rings(), (receive && now.waiting) || (send && now.room));
                now.receive_cleared = now.send_cleared = !now.of->clear && !now.of->read_clears;
                uart->ops->acknowledge(uart);
                CHECK(now.receive_cleared && now.send_cleared);
        }
        now.waiting = now.room = 0;
}

static void leave_as_firmware(void)
{
        const struct device *d = now.of;

        for (unsigned i = 0; i < OPENED_MAX; i++)
                now.reg[d->opened[i].at] |= d->opened[i].mask & ~d->opened[i].value;
        now.reg[d->allow] |= d->receive_bit | d->send_bit;
        if (d->allow_send)
                now.reg[d->allow_send] |= d->send_bit;
}

static void check_open(void)
{
        const struct device *d = now.of;

        for (unsigned i = 0; i < OPENED_MAX; i++)
                CHECK_EQUAL(now.reg[d->opened[i].at] & d->opened[i].mask, d->opened[i].value);
        now.waiting = now.room = 1;
        CHECK(!rings());
        now.waiting = now.room = 0;
}

static void every_type(const seL4_BootInfo *bi)
{
        (void)bi;
        uart_model = &model;
        for (unsigned i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
                struct uart uart;

                memset(&now, 0, sizeof(now));
                now.of = &devices[i];
                leave_as_firmware();
                CHECK(uart_open_named(&uart, (volatile void *)AT, now.of->compatible));
                check_open();
                check_sending(&uart);
                check_receiving(&uart);
                check_errors(&uart);
                check_interrupts(&uart);
        }
        uart_model = NULL;
}

/* A device that stays busy must not hold its driver for ever. */
static void stays_busy(const seL4_BootInfo *bi)
{
        static const struct device line = {"qcom,geni-debug-uart", .send = 0x700,           .receive = 0x780,
                                           .status = 0x40,         .receive_status = 0x804, .full = 1 << 12,
                                           .allow = 0x644,         .forbid = 0x644};
        struct uart uart;

        (void)bi;
        memset(&now, 0, sizeof(now));
        now.of = &line;
        uart_model = &model;
        CHECK(uart_open_named(&uart, (volatile void *)AT, line.compatible));
        CHECK_EQUAL(uart.ops->receive(&uart), -1);
        uart_model = NULL;
}

const struct libs_case uart_cases[] = {
        {"uart: every type against its registers", every_type, 0, false},
        {"uart: one that stays busy", stays_busy, 0, false},
};
LIBS_COUNT(uart_cases);
