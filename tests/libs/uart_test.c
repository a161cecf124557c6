/* SPDX-License-Identifier: BSD-2-Clause */
/* Every type of serial line against a model of its registers, written down a second time from the manuals: as an old firmware
 * leaves it, with all interrupts on, it is opened; then bytes go both ways, no more than there is room for, and interrupts come
 * for what they were allowed for and for nothing else. */
#include "libs.h"

#include <string.h>
#include <uart/registers.h>
#include <uart/uart.h>

enum { REGISTERS = 0x900, AT = 0xfe001000, ROOM_MAX = 64 };

/* Offsets in bytes.  A word of `status` is one of `room` and `full`, with one of `waiting` and `nothing`. */
struct device {
        const char *compatible;
        unsigned send, receive, status, receive_status;
        uint32_t room, full, waiting, nothing;
        unsigned allow, forbid, allow_send; /* the same register or two; that of sending */
        uint32_t receive_bit, send_bit;     /* in these */
        bool write_only;                    /* reads as 0 */
        void (*wrote)(unsigned offset, uint32_t value);
        void (*sends)(void), (*receives)(void); /* what must hold then */
};

static struct {
        const struct device *of;
        uint32_t reg[REGISTERS]; /* by offset in bytes */
        uint8_t out[ROOM_MAX], in[ROOM_MAX];
        unsigned sent, room, waiting, in_at, forgot;
        bool length_told, commanded, cancelled, sent_lies, received_lies;
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
                return now.in[now.in_at++];
        }
        CHECK(offset != d->receive || d->send == d->receive || !now.waiting);
        if (has_status(offset))
                return (offset == d->status ? now.room ? d->room : d->full : 0) |
                       (offset == d->receive_status ? now.waiting ? d->waiting : d->nothing : 0);
        CHECK((int)offset >= -0x40 && (int)offset < REGISTERS);
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

/* --- what is particular --- */

/* Qualcomm GENI: a byte is sent by a command of length 1; received by a command that firmware's was cancelled for. */
static void geni_wrote(unsigned offset, uint32_t value)
{
        if (offset == 0x270)
                now.length_told = value == 1;
        if (offset == 0x600)
                now.commanded = now.length_told && value == 1u << 27;
        if (offset == 0x634)
                now.cancelled = value & 1 << 2;
        if (offset == 0x630)
                CHECK(now.cancelled && value == 1u << 27);
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

/* Qualcomm UARTDM: the number of bytes is told before each; receives single bytes when that mode is on. */
static void msm_wrote(unsigned offset, uint32_t value)
{
        if (offset == 0x40)
                now.length_told = value == 1;
        if (offset == 0xa8 && value == 3 << 4)
                now.forgot++;
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

#define SAME(at)  .status = (at), .receive_status = (at)
#define ALLOW(at) .allow = (at), .forbid = (at)
#define LIKE_8250(step)                                                                                      \
        .send = 0, .receive = 0, SAME(5 * (step)), .room = 1 << 5, .waiting = 1, ALLOW(1 * (step)),          \
        .receive_bit = 1, .send_bit = 2
#define LIKE_PL011                                                                                           \
        .send = 0, .receive = 0, SAME(0x18), .full = 1 << 5, .nothing = 1 << 4, ALLOW(0x38),                 \
        .receive_bit = 1 << 4, .send_bit = 1 << 5
#define LIKE_LPUART(data, state, control)                                                                    \
        .send = (data), .receive = (data), SAME(state), .room = 1 << 23, .waiting = 1 << 21, ALLOW(control), \
        .receive_bit = 1 << 21, .send_bit = 1 << 23

static const struct device devices[] = {
        {"arm,pl011", LIKE_PL011},
        {"arm,sbsa-uart", LIKE_PL011},
        {"ns16550a", LIKE_8250(1)},
        {"ns8250", LIKE_8250(1)},
        {"snps,dw-apb-uart", LIKE_8250(1)},
        {"nvidia,tegra20-uart", LIKE_8250(4)},
        {"mediatek,mt6577-uart", LIKE_8250(4)},
        {"ti,am654-uart", LIKE_8250(4)},
        {"brcm,bcm2835-aux-uart", LIKE_8250(4)},
        {"amlogic,meson-gx-uart", .send = 0, .receive = 4, SAME(0x0c), .full = 1 << 21, .nothing = 1 << 20,
         ALLOW(8), .receive_bit = 1 << 27, .send_bit = 1 << 28},
        {"cdns,uart-r1p12", .send = 0x30, .receive = 0x30, SAME(0x2c), .full = 1 << 4, .nothing = 1 << 1,
         .allow = 8, .forbid = 0x0c, .receive_bit = 1 << 0, .send_bit = 1 << 3},
        {"fsl,imx6q-uart", .send = 0x40, .receive = 0, SAME(0xb4), .full = 1 << 4, .nothing = 1 << 5,
         ALLOW(0x80), .receive_bit = 1 << 9, .send_bit = 1 << 13},
        {"fsl,imx7ulp-lpuart", LIKE_LPUART(0x1c, 0x14, 0x18)},
        {"fsl,imx8qxp-lpuart", LIKE_LPUART(0x1c, 0x14, 0x18)},
        {"fsl,ls1028a-lpuart", LIKE_LPUART(0x0c, 0x04, 0x08)},
        {"qcom,geni-debug-uart", .send = 0x700, .receive = 0x780, .status = 0x40, .receive_status = 0x804,
         .full = 1, .waiting = 1, .allow = 0x644, .forbid = 0x644, .allow_send = 0x614,
         .receive_bit = 1 << 26, .send_bit = 1, .wrote = geni_wrote, .sends = geni_sends,
         .receives = geni_receives},
        {"qcom,msm-uartdm", .send = 0x70, .receive = 0x70, SAME(0xa4), .room = 1 << 3, .waiting = 1,
         ALLOW(0xb0), .receive_bit = 1 << 4, .send_bit = 1 << 0, .write_only = true, .wrote = msm_wrote,
         .sends = msm_sends, .receives = msm_receives},
        {"renesas,scif", .send = 0x0c, .receive = 0x14, SAME(0x10), .room = 1 << 5, .waiting = 1 << 1,
         ALLOW(8), .receive_bit = 1 << 6, .send_bit = 1 << 7, .wrote = scif_wrote, .sends = scif_sends,
         .receives = scif_receives},
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

/* All four of what may be allowed, with all four of what may be. */
static void check_interrupts(struct uart *uart)
{
        for (unsigned i = 0; i < 16; i++) {
                bool receive = i & 1, send = i & 2;

                uart->ops->on_receive(uart, receive);
                uart->ops->on_space(uart, send);
                now.waiting = (i & 4) != 0;
                now.room = (i & 8) != 0;
                CHECK_EQUAL(rings(), (receive && now.waiting) || (send && now.room));
                uart->ops->acknowledge(uart);
        }
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
                now.reg[now.of->allow] = now.of->receive_bit | now.of->send_bit;
                if (now.of->allow_send)
                        now.reg[now.of->allow_send] = now.of->send_bit;
                CHECK(uart_open_named(&uart, (volatile void *)AT, now.of->compatible));
                now.waiting = now.room = 1;
                CHECK(!rings());
                now.waiting = now.room = 0;
                check_sending(&uart);
                check_receiving(&uart);
                check_interrupts(&uart);
        }
        uart_model = NULL;
}

/* An error in the status is counted, and told to be forgotten, or nothing more would come. */
static void errors(const seL4_BootInfo *bi)
{
        static const struct device line = {"qcom,msm-uartdm", .send = 0x70,          .receive = 0x70,
                                           SAME(0xa4),        .room = 1 << 3,        .waiting = 1 | 1 << 4,
                                           ALLOW(0xb0),       .receive_bit = 1 << 4, .wrote = msm_wrote};
        struct uart uart;

        (void)bi;
        memset(&now, 0, sizeof(now));
        now.of = &line;
        uart_model = &model;
        CHECK(uart_open_named(&uart, (volatile void *)AT, line.compatible));
        now.waiting = 1;
        now.forgot = 0;
        CHECK(uart.ops->receive(&uart) >= 0);
        CHECK_EQUAL(uart.lost, 1);
        CHECK_EQUAL(now.forgot, 1);
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
        {"uart: errors are forgotten", errors, 0, false},
        {"uart: one that stays busy", stays_busy, 0, false},
};
LIBS_COUNT(uart_cases);
