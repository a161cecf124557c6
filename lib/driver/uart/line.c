/* SPDX-License-Identifier: BSD-2-Clause */
/* See line.h.  Facts are those of the devices' manuals; docs/boards/consoles.md says which of them have been run. */
#include "line.h"

#include <stddef.h>

enum {
        WORD = 4,
        GENI_SEND_DONE = 1 << 0,
        GENI_RECEIVED = 1 << 26 | 1 << 27, /* as many words as wanted; the last ones of a pause */
        MSM_RESET_RECEIVER = 1 << 4,
        MSM_RESET_ERRORS = 3 << 4,
        MSM_RESET_STALE = 8 << 4,
};

#define MSM_COMMAND(number)                                                                                  \
        {                                                                                                    \
                0xa8, UART_WRITE, number                                                                     \
        }

/* ARM DDI 0183, and the part of it that SBSA keeps.  Speed and FIFOs stay as firmware left them: switching the FIFOs on
 * would drop what has come in already. */
static const struct uart_type pl011 = {
        .name = "pl011",
        .send = 0x00,
        .receive = 0x00,
        .status = 0x18,
        .width = WORD,
        .send_mask = 1 << 5,
        .send_full = 1 << 5,
        .receive_mask = 1 << 4,
        .receive_empty = 1 << 4,
        .opens = 5,
        .open = {{0x38, UART_WRITE, 0},      /* interrupts off */
                 {0x44, UART_WRITE, 0x7ff},  /* and forgotten */
                 {0x2c, 0, 0x60},            /* 8 bits */
                 {0x34, UART_WRITE, 0},      /* interrupt when a FIFO is 1/8 full or empty */
                 {0x30, UART_WRITE, 0x301}}, /* on, both ways */
        .interrupt = {.on = 0x38, .off = 0x38, .receive = 1 << 4 | 1 << 6, .send = 1 << 5},
        .acknowledges = 1,
        .acknowledge = {{0x44, UART_WRITE, 0x7ff}},
        .data_errors = 0xb00,
        .data_break = 1 << 10,
};

static const struct uart_type sbsa = {
        .name = "sbsa-uart",
        .send = 0x00,
        .receive = 0x00,
        .status = 0x18,
        .width = WORD,
        .send_mask = 1 << 5,
        .send_full = 1 << 5,
        .receive_mask = 1 << 4,
        .receive_empty = 1 << 4,
        .opens = 2,
        .open = {{0x38, UART_WRITE, 0}, {0x44, UART_WRITE, 0x7ff}},
        .interrupt = {.on = 0x38, .off = 0x38, .receive = 1 << 4 | 1 << 6, .send = 1 << 5},
        .acknowledges = 1,
        .acknowledge = {{0x44, UART_WRITE, 0x7ff}},
        .data_errors = 0xb00,
        .data_break = 1 << 10,
};

#define LIKE_8250                                                                                            \
        .send = 0, .receive = 0, .status = 5, .send_mask = 1 << 5, .send_full = 0, .receive_mask = 1 << 0,   \
        .receive_empty = 0, .interrupt = {.on = 1, .off = 1, .receive = 1 << 0, .send = 1 << 1},             \
        .status_errors = 0x0e, .status_break = 1 << 4, .acknowledges = 1

static const struct uart_type ns16550 = {
        .name = "16550",
        LIKE_8250,
        .opens = 3,
        .open = {{3, 0x80, 0x03}, {1, UART_WRITE, 0}, {4, 0, 0x0b}}, /* 8 bits, no interrupts, lines ready */
        .acknowledge = {{2, 0, 0}},
};

/* Also reports busy until this is read. */
static const struct uart_type dw_apb = {
        .name = "dw-apb",
        LIKE_8250,
        .opens = 2,
        .open = {{1, UART_WRITE, 0}, {4, 0, 0x0b}},
        .acknowledge = {{0x1f, 0, 0}},
};

/* A part of the AUX block, whose first registers switch it on. */
static const struct uart_type bcm2835_aux = {
        .name = "bcm2835-aux",
        LIKE_8250,
        .enables = 2,
        .enable = {{-0x3c / 4, 0, 1}, {0x20 / 4, 0, 3}},
        .opens = 4,
        .open = {{-0x3c / 4, 0, 1}, {0x20 / 4, 0, 3}, {3, 0, 3}, {1, UART_WRITE, 0}},
        .acknowledge = {{2, 0, 0}},
};

static const struct uart_type meson = {
        .name = "meson",
        .send = 0x00,
        .receive = 0x04,
        .status = 0x0c,
        .width = WORD,
        .send_mask = 1 << 21,
        .send_full = 1 << 21,
        .receive_mask = 1 << 20,
        .receive_empty = 1 << 20,
        .opens = 2,
        .open = {{0x10, UART_WRITE, 32 << 8 | 1}, /* interrupts: below 32 to send, from one received */
                 {0x08, 1 << 27 | 1 << 28, 1 << 12 | 1 << 13}}, /* off; on, both ways */
        .interrupt = {.on = 0x08, .off = 0x08, .receive = 1 << 27, .send = 1 << 28},
        .status_errors = 1 << 16 | 1 << 17 | 1 << 24,
        .forgets = 2,
        .forget = {{0x08, 0, 1 << 24}, {0x08, 1 << 24, 0}}, /* a pulse */
};

static const struct uart_type cadence = {
        .name = "cadence",
        .send = 0x30,
        .receive = 0x30,
        .status = 0x2c,
        .width = WORD,
        .send_mask = 1 << 4,
        .send_full = 1 << 4,
        .receive_mask = 1 << 1,
        .receive_empty = 1 << 1,
        .enables = 1,
        .enable = {{0x00, UART_WRITE, 0x14}}, /* receiver and transmitter, which reset leaves off */
        .opens = 4,
        .open = {{0x00, UART_WRITE, 0x14},
                 {0x0c, UART_WRITE, 0x1fff},
                 {0x14, UART_WRITE, 0x1fff},
                 {0x20, UART_WRITE, 1}}, /* interrupt from one byte on */
        .interrupt = {.on = 0x08, .off = 0x0c, .receive = 1 << 0, .send = 1 << 3},
        .acknowledges = 1,
        .acknowledge = {{0x14, UART_WRITE, 0x1fff}},
};

static const struct uart_type imx = {
        .name = "imx",
        .send = 0x40,
        .receive = 0x00,
        .status = 0xb4,
        .width = WORD,
        .send_mask = 1 << 4,
        .send_full = 1 << 4,
        .receive_mask = 1 << 5,
        .receive_empty = 1 << 5,
        .opens = 3,
        .open = {{0x80, 1 << 9 | 1 << 13 | 1 << 6 | 1 << 3, 1 << 0}, /* no interrupts, no DMA; on */
                 {0x84, 0, 1 << 0 | 1 << 1 | 1 << 2},                /* no reset; both ways */
                 {0x90, 0x3f, 1}},                                   /* interrupt from one byte on */
        .interrupt = {.on = 0x80, .off = 0x80, .receive = 1 << 9, .send = 1 << 13},
        .data_errors = 1 << 10 | 1 << 12 | 1 << 13,
};

#define LIKE_LPUART                                                                                          \
        .width = WORD, .send_mask = 1 << 23, .send_full = 0, .receive_mask = 1 << 21, .receive_empty = 0,    \
        .opens = 1

static const struct uart_type lpuart_ls = {
        .name = "lpuart",
        LIKE_LPUART,
        .send = 0x0c,
        .receive = 0x0c,
        .status = 0x04,
        .open = {{0x08, 1 << 21 | 1 << 23, 1 << 18 | 1 << 19}},
        .interrupt = {.on = 0x08, .off = 0x08, .receive = 1 << 21, .send = 1 << 23},
        .acknowledges = 1,
        .acknowledge = {{0x04, 0, 1 << 19}}, /* overrun, which would stop it */
};

static const struct uart_type lpuart_imx = {
        .name = "lpuart",
        LIKE_LPUART,
        .send = 0x1c,
        .receive = 0x1c,
        .status = 0x14,
        .open = {{0x18, 1 << 21 | 1 << 23, 1 << 18 | 1 << 19}},
        .interrupt = {.on = 0x18, .off = 0x18, .receive = 1 << 21, .send = 1 << 23},
        .acknowledges = 1,
        .acknowledge = {{0x14, 0, 1 << 19}},
};

/* Two engines.  One sends: a command per byte, with its length, "send", the byte.  The other one has the command to receive,
 * for good; that is set again, with one byte in each word, for firmware may have wanted four. */
static const struct uart_type geni = {
        .name = "geni",
        .send = 0x700,
        .receive = 0x780,
        .status = 0x40,
        .receive_status = 0x804, /* words in the FIFO */
        .width = WORD,
        .send_mask = 1 << 0,
        .send_full = 1 << 0,
        .receive_mask = 0x1ffffff,
        .receive_empty = 0,
        .befores = 2,
        .before = {{0x270, UART_WRITE, 1}, {0x600, UART_WRITE, 1 << 27}},
        .opens = 7,
        .open = {{0x614, GENI_SEND_DONE | GENI_RECEIVED, 0}, /* interrupts of both off */
                 {0x644, GENI_RECEIVED, 0},
                 {0x634, UART_WRITE, 1 << 2}, /* cancel what is being received */
                 {0x40, UART_AWAIT, 1 << 12},
                 {0x284, UART_WRITE, 0x0f}, /* from bit 0 on, 8 bits, one piece */
                 {0x810, UART_WRITE, 1},    /* interrupt from one word on */
                 {0x630, UART_WRITE, 1 << 27}},
        .interrupt = {.on = 0x644,
                      .off = 0x644,
                      .receive = GENI_RECEIVED,
                      .send = GENI_SEND_DONE,
                      .send_on = 0x614},
        .acknowledges = 2,
        .acknowledge = {{0x618, UART_WRITE, GENI_SEND_DONE | GENI_RECEIVED},
                        {0x648, UART_WRITE, GENI_RECEIVED}},
};

/* Receives byte by byte, not in blocks whose length comes first.  The register that allows interrupts cannot be read. */
static const struct uart_type msm_dm = {
        .name = "msm-uartdm",
        .send = 0x70,
        .receive = 0x70,
        .status = 0xa4,
        .width = WORD,
        .send_mask = 1 << 3,
        .send_full = 0,
        .receive_mask = 1 << 0,
        .receive_empty = 0,
        .befores = 1,
        .before = {{0x40, UART_WRITE, 1}},
        .opens = 6,
        .open = {{0xb0, UART_WRITE, 0}, /* interrupts off */
                 {0x20, UART_WRITE, 0}, /* one when more than none have come in */
                 {0x3c, 0, 1 << 5},     /* single bytes */
                 MSM_COMMAND(MSM_RESET_RECEIVER),
                 MSM_COMMAND(MSM_RESET_ERRORS),
                 MSM_COMMAND(1 << 0 | 1 << 2)}, /* on, both ways */
        .interrupt = {.on = 0xb0, .off = 0xb0, .receive = 1 << 4, .send = 1 << 0, .write_only = true},
        .acknowledges = 1,
        .acknowledge = {MSM_COMMAND(MSM_RESET_STALE)},
        .status_errors = 1 << 4 | 1 << 5,
        .forgets = 1,
        .forget = {MSM_COMMAND(MSM_RESET_ERRORS)},
};

static const struct uart_type scif = {
        .name = "scif",
        .send = 0x0c,
        .receive = 0x14,
        .status = 0x10,
        .data_width = 1,
        .width = 2,
        .send_mask = 1 << 5,
        .send_full = 0,
        .receive_mask = 3,
        .receive_empty = 0,
        .after_send = 3 << 5,
        .after_receive = 3,
        .opens = 1,
        .open = {{0x08, 3 << 6, 3 << 4}},
        .interrupt = {.on = 0x08, .off = 0x08, .receive = 1 << 6, .send = 1 << 7},
};

static const struct uart_type armada = {
        .name = "armada-3700",
        .send = 0x04,
        .receive = 0x00,
        .status = 0x0c,
        .width = WORD,
        .send_mask = 1 << 11,
        .send_full = 1 << 11,
        .receive_mask = 1 << 4,
        .receive_empty = 0,
        .opens = 1,
        .open = {{0x08, 1 << 4 | 1 << 5, 0}},
        .interrupt = {.on = 0x08, .off = 0x08, .receive = 1 << 4, .send = 1 << 5},
};

/* In trees a node lists its names from the special to the general; the first that is here decides. */
static const struct {
        const char *compatible;
        const struct uart_type *type;
        uint8_t shift, width; /* where the node does not say */
} rows[] = {
        {"arm,sbsa-uart", &sbsa, 0, 4},
        {"arm,pl011", &pl011, 0, 4},
        {"arm,pl011-axi", &pl011, 0, 4},
        {"ns16550a", &ns16550, 0, 1},
        {"ns16550", &ns16550, 0, 1},
        {"ns16450", &ns16550, 0, 1},
        {"ns8250", &ns16550, 0, 1},
        {"snps,dw-apb-uart", &dw_apb, 0, 1},
        {"nvidia,tegra20-uart", &ns16550, 2, 4},
        {"mediatek,mt6577-uart", &ns16550, 2, 4},
        {"ti,am654-uart", &ns16550, 2, 4},
        {"ti,omap4-uart", &ns16550, 2, 4},
        {"ti,omap2-uart", &ns16550, 2, 4},
        {"brcm,bcm2835-aux-uart", &bcm2835_aux, 2, 4},
        {"amlogic,meson-gx-uart", &meson, 0, 4},
        {"amlogic,meson-ao-uart", &meson, 0, 4},
        {"amlogic,meson-s4-uart", &meson, 0, 4},
        {"amlogic,meson-uart", &meson, 0, 4},
        {"cdns,uart-r1p12", &cadence, 0, 4},
        {"cdns,uart-r1p8", &cadence, 0, 4},
        {"xlnx,xuartps", &cadence, 0, 4},
        {"fsl,imx6q-uart", &imx, 0, 4},
        {"fsl,imx21-uart", &imx, 0, 4},
        {"fsl,imx7ulp-lpuart", &lpuart_imx, 0, 4},
        {"fsl,imx8qxp-lpuart", &lpuart_imx, 0, 4},
        {"fsl,ls1028a-lpuart", &lpuart_ls, 0, 4},
        {"qcom,geni-debug-uart", &geni, 0, 4},
        {"qcom,geni-uart", &geni, 0, 4},
        {"qcom,msm-uartdm", &msm_dm, 0, 4},
        {"renesas,scif", &scif, 0, 4},
        {"renesas,hscif", &scif, 0, 4},
        {"marvell,armada-3700-uart", &armada, 0, 4},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static bool same(const char *a, const char *b)
{
        while (*a && *a == *b) {
                a++;
                b++;
        }
        return *a == *b;
}

bool uart_line_named(const char *compatible, struct uart_line *line)
{
        for (unsigned i = 0; i < ROWS; i++) {
                if (same(rows[i].compatible, compatible)) {
                        *line = (struct uart_line){rows[i].type, rows[i].shift, rows[i].width, 0};
                        return true;
                }
        }
        return false;
}

/* A type that gives its own register layout is used as it says; only the 8250 family is wired in several ways. */
bool uart_line_of(const struct fdt *fdt, int node, struct uart_line *line)
{
        for (unsigned i = 0; i < ROWS; i++) {
                uint32_t shift, width;

                if (!fdt_is_compatible(fdt, node, rows[i].compatible))
                        continue;
                (void)uart_line_named(rows[i].compatible, line);
                line->offset = fdt_read_number(fdt, node, "reg-offset", 0);
                if (line->type->width)
                        return true;
                shift = fdt_read_number(fdt, node, "reg-shift", line->shift);
                width = fdt_read_number(fdt, node, "reg-io-width", line->width);
                if (shift > 4 || (width != 1 && width != 2 && width != 4))
                        return false;
                line->shift = (uint8_t)shift;
                line->width = (uint8_t)width;
                return true;
        }
        return false;
}

bool uart_is_known(const struct fdt *fdt, int node)
{
        struct uart_line line;

        return uart_line_of(fdt, node, &line);
}
