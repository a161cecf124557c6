/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts, UART drivers, archives. */
#include "libs.h"

#include <cpio/cpio.h>
#include <irq/irq.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uart/meson.h>
#include <uart/pl011.h>
#include <uart/registers.h>

/* --- interrupts: lines of the simulated machine (kernel/arch/host/host.h) --- */

void host_raise(seL4_Word irq);
void host_lower(seL4_Word irq);

static unsigned calls[2];

static int count(void *data, seL4_Word irq, seL4_IRQHandler handler)
{
        CHECK(handler);
        host_lower(irq);
        ++*(unsigned *)data;
        return 0;
}

static int complain(void *data, seL4_Word irq, seL4_IRQHandler handler)
{
        (void)handler;
        host_lower(irq);
        ++*(unsigned *)data;
        return 5;
}

static int leave(void *data, seL4_Word irq, seL4_IRQHandler handler)
{
        (void)handler;
        host_lower(irq);
        ++*(unsigned *)data;
        return irq_detach(irq);
}

static seL4_CPtr irq_ready(const seL4_BootInfo *bi)
{
        seL4_CPtr notification;

        libs_start(bi);
        CHECK(ut_new_object(&cspace, &notification, seL4_NotificationObject, 0));
        irq_start(&cspace, seL4_CapIRQControl, notification);
        return notification;
}

static void lines_reach_their_handlers(const seL4_BootInfo *bi)
{
        seL4_CPtr notification = irq_ready(bi);
        struct libs_balance before = libs_balance();
        seL4_Word badge = 0;

        CHECK_EQUAL(irq_attach(50, false, count, &calls[0]), 0);
        CHECK_EQUAL(irq_attach(51, false, complain, &calls[1]), 0);
        CHECK_EQUAL(irq_attach(50, false, count, &calls[0]), 22);
        CHECK_EQUAL(irq_attach(52, false, NULL, NULL), 22);
        CHECK_EQUAL(irq_attach(100000, false, count, NULL), seL4_RangeError);
        for (int i = 1; i <= 3; i++) { /* each acknowledged by itself */
                host_raise(50);
                native_relax(1000);
                seL4_Wait(notification, &badge);
                CHECK_EQUAL(badge, IRQ_FLAG_BIT | 1);
                CHECK_EQUAL(irq_dispatch(badge), 0);
                CHECK_EQUAL(calls[0], i);
        }
        host_raise(50);
        host_raise(51);
        native_relax(1000);
        native_relax(1000);
        seL4_Wait(notification, &badge);
        CHECK_EQUAL(badge, IRQ_FLAG_BIT | 3); /* both in one badge */
        CHECK_EQUAL(irq_dispatch(badge), 5);  /* the error does not keep others from being served */
        CHECK_EQUAL(calls[0], 4);
        CHECK_EQUAL(calls[1], 1);
        CHECK_EQUAL(irq_count(50), 4);
        CHECK_EQUAL(irq_dispatch(IRQ_FLAG_BIT | 1ul << 40), 0);
        CHECK_EQUAL(irq_strays(), 1);
        CHECK_EQUAL(irq_detach(50), 0);
        CHECK_EQUAL(irq_detach(50), 22);
        CHECK_EQUAL(irq_attach(50, false, leave, &calls[0]), 0);
        host_raise(50);
        native_relax(1000);
        seL4_Wait(notification, &badge);
        CHECK_EQUAL(irq_dispatch(badge), 0);
        CHECK_EQUAL(calls[0], 5);
        CHECK_EQUAL(irq_count(50), 0);
        CHECK_EQUAL(irq_detach(51), 0);
        libs_check_balance(before);
        libs_audit();
}

static uint64_t pretended_time;

static uint64_t pretend(void)
{
        return pretended_time;
}

static unsigned stuck_calls;

static int leave_it_on(void *data, seL4_Word irq, seL4_IRQHandler handler)
{
        (void)data, (void)irq, (void)handler;
        stuck_calls++;
        return 0;
}

/* P-25: a device that nobody silences is cut off; the others continue. */
static void storm(const seL4_BootInfo *bi)
{
        seL4_CPtr notification = irq_ready(bi);
        seL4_Word badge = 0;

        irq_watch(pretend, 10, 1000);
        CHECK_EQUAL(irq_attach(50, false, leave_it_on, NULL), 0);
        for (int i = 0; i < 20 && !irq_is_storming(50); i++) {
                host_raise(50); /* again as soon as it is acknowledged */
                native_relax(1000);
                seL4_Poll(notification, &badge);
                pretended_time += 10;
                irq_dispatch(badge);
        }
        CHECK(irq_is_storming(50));
        CHECK_EQUAL(stuck_calls, 10);
        CHECK_EQUAL(libs_reports(), 1);
        native_relax(1000);
        seL4_Poll(notification, &badge);
        CHECK_EQUAL(badge, 0); /* masked */
        host_lower(50);
        CHECK_EQUAL(irq_calm(50), 0);
        CHECK_EQUAL(irq_calm(50), 22);
        for (int i = 0; i < 30; i++) { /* as many, but slowly */
                host_raise(50);
                native_relax(1000);
                seL4_Poll(notification, &badge);
                host_lower(50);
                pretended_time += 200;
                irq_dispatch(badge);
                CHECK(!irq_is_storming(50));
        }
        CHECK_EQUAL(libs_reports(), 0);
        libs_audit();
}

static void lines_in_the_course_form(const seL4_BootInfo *bi)
{
        seL4_CPtr notification = irq_ready(bi);
        seL4_IRQHandler handler = 0;
        seL4_Word badge = 0;
        bool have_reply = true;

        CHECK_EQUAL(sos_register_irq_handler(60, true, count, &calls[0], &handler), 0);
        CHECK(handler);
        CHECK_EQUAL(seL4_IRQHandler_Ack(handler), 0);
        host_raise(60);
        native_relax(1000);
        seL4_Wait(notification, &badge);
        badge |= 1ul << 50;
        CHECK_EQUAL(sos_handle_irq_notification(&badge, &have_reply), 0);
        CHECK_EQUAL(badge, IRQ_FLAG_BIT);
        CHECK(!have_reply);
        CHECK_EQUAL(calls[0], 1);
        host_raise(60); /* not acknowledged by this handler: stays masked */
        native_relax(1000);
        seL4_Poll(notification, &badge);
        CHECK_EQUAL(calls[0], 1);
}

static void lines_run_out(const seL4_BootInfo *bi)
{
        irq_ready(bi);
        for (seL4_Word i = 0; i < IRQ_LINES_MAX; i++)
                CHECK_EQUAL(irq_attach(40 + i, true, count, &calls[0]), 0);
        CHECK_EQUAL(irq_attach(40 + IRQ_LINES_MAX, true, count, &calls[0]), 12);
        libs_audit();
}

/* --- UARTs: register models --- */

static struct {
        uint32_t reg[32]; /* what was written, by word offset */
        uint8_t out[256], in[256];
        unsigned sent, waiting, in_at, room;
        uint32_t error; /* with the next byte received */
} model;

static uint32_t pl011_read(volatile void *registers, unsigned offset)
{
        CHECK_EQUAL((seL4_Word)registers, 0x9000000);
        if (offset == 0x18)
                return (model.room ? 0u : 1u << 5) | (model.waiting ? 0u : 1u << 4);
        if (offset == 0x00) {
                CHECK(model.waiting);
                model.waiting--;
                uint32_t data = model.in[model.in_at++] | model.error;
                model.error = 0;
                return data;
        }
        return model.reg[offset / 4];
}

static void pl011_write(volatile void *registers, unsigned offset, uint32_t value)
{
        CHECK_EQUAL((seL4_Word)registers, 0x9000000);
        model.reg[offset / 4] = value;
        if (offset == 0x00) {
                CHECK(model.room);
                model.room--;
                model.out[model.sent++] = (uint8_t)value;
        }
}

static const struct uart_model pl011_model = {pl011_read, pl011_write};

static void check_traffic(struct uart *uart)
{
        uint8_t got[8];

        model.room = 100;
        uart_put_text(uart, "a\nb", 3);
        CHECK_EQUAL(model.sent, 4);
        CHECK(!memcmp(model.out, "a\r\nb", 4));
        model.room = 2;
        CHECK_EQUAL(uart_send(uart, "xyz", 3), 2); /* no more than there is room for */
        CHECK_EQUAL(uart_send(uart, "z", 1), 0);
        memcpy(model.in, "hello", 5);
        model.waiting = 5;
        model.in_at = 0;
        CHECK_EQUAL(uart_receive(uart, got, 3), 3);
        CHECK_EQUAL(uart_receive(uart, got + 3, 5), 2);
        CHECK(!memcmp(got, "hello", 5));
        CHECK_EQUAL(uart->ops->receive(uart), -1);
        CHECK_EQUAL(uart->lost, 0);
        model.waiting = 1;
}

static void pl011(const seL4_BootInfo *bi)
{
        struct uart uart;

        (void)bi;
        uart_model = &pl011_model;
        model.reg[0x2c / 4] = 1 << 4; /* FIFOs on, as the firmware left them */
        pl011_open(&uart, (volatile void *)0x9000000);
        CHECK_EQUAL(model.reg[0x30 / 4], 0x301); /* on, both ways */
        CHECK_EQUAL(model.reg[0x2c / 4], 0x70);  /* 8 bits; FIFOs as they were */
        CHECK_EQUAL(model.reg[0x38 / 4], 0);     /* no interrupts */
        check_traffic(&uart);
        model.error = 1 << 11; /* overrun */
        CHECK(uart.ops->receive(&uart) >= 0);
        CHECK_EQUAL(uart.lost, 1);
        uart.ops->on_receive(&uart, true);
        CHECK_EQUAL(model.reg[0x38 / 4], 1 << 4 | 1 << 6);
        uart.ops->on_space(&uart, true);
        CHECK_EQUAL(model.reg[0x38 / 4], 1 << 4 | 1 << 5 | 1 << 6);
        uart.ops->on_receive(&uart, false);
        CHECK_EQUAL(model.reg[0x38 / 4], 1 << 5);
        uart.ops->acknowledge(&uart);
        CHECK_EQUAL(model.reg[0x44 / 4], 0x7ff);
}

static uint32_t meson_read(volatile void *registers, unsigned offset)
{
        CHECK_EQUAL((seL4_Word)registers, 0xc81004c0);
        if (offset == 0x0c) {
                return (model.room ? 0u : 1u << 21) | (model.waiting ? model.waiting : 1u << 20) |
                       model.error;
        }
        if (offset == 0x04) {
                CHECK(model.waiting);
                model.waiting--;
                return model.in[model.in_at++];
        }
        return model.reg[offset / 4];
}

static void meson_write(volatile void *registers, unsigned offset, uint32_t value)
{
        CHECK_EQUAL((seL4_Word)registers, 0xc81004c0);
        CHECK(offset != 0x04 && offset != 0x0c); /* read only */
        if (offset == 0x08 && value & 1 << 24)
                model.error = 0;
        model.reg[offset / 4] = value;
        if (offset == 0x00) {
                CHECK(model.room);
                model.room--;
                model.out[model.sent++] = (uint8_t)value;
        }
}

static const struct uart_model meson_model = {meson_read, meson_write};

static void meson(const seL4_BootInfo *bi)
{
        struct uart uart;

        (void)bi;
        uart_model = &meson_model;
        model.reg[0x08 / 4] =
                1u << 15 | 1u << 27 | 1u << 28; /* as some firmware left it: two wires, interrupts on */
        meson_open(&uart, (volatile void *)0xc81004c0);
        CHECK_EQUAL(model.reg[0x08 / 4],
                    1u << 15 | 1u << 12 | 1u << 13); /* modes kept, on both ways, no interrupts */
        CHECK_EQUAL(model.reg[0x10 / 4] & 0xff, 1);
        check_traffic(&uart);
        model.error = 1 << 24; /* overflow */
        CHECK(uart.ops->receive(&uart) >= 0);
        CHECK_EQUAL(uart.lost, 1);
        CHECK_EQUAL(model.error, 0);
        CHECK_EQUAL(model.reg[0x08 / 4] & 1u << 24, 0); /* the bit is a pulse */
        uart.ops->on_receive(&uart, true);
        CHECK_EQUAL(model.reg[0x08 / 4] & (3u << 27), 1u << 27);
        uart.ops->on_space(&uart, true);
        uart.ops->on_receive(&uart, false);
        CHECK_EQUAL(model.reg[0x08 / 4] & (3u << 27), 1u << 28);
        uart.ops->acknowledge(&uart);
}

/* --- archives --- */

static unsigned long put_entry(char *at, const char *name, const char *data)
{
        unsigned long name_size = strlen(name) + 1, size = strlen(data), n;
        char header[200];

        snprintf(header, sizeof(header), "070701%08x%08x%08x%08x%08x%08x%08lx%08x%08x%08x%08x%08lx%08x", 1,
                 0100644, 0, 0, 1, 0, size, 0, 0, 0, 0, name_size, 0);
        memcpy(at, header, 110);
        memcpy(at + 110, name, name_size);
        n = (110 + name_size + 3) & ~3ul;
        memcpy(at + n, data, size);
        return (n + size + 3) & ~3ul;
}

static void archives(const seL4_BootInfo *bi)
{
        char *archive = calloc(1, 4096 + 1) + 1; /* not aligned: only offsets count */
        unsigned long len = 0, size = 99;
        const char *name;
        struct cpio_info info;
        char first[4], second[16];
        char *names[] = {first, second};

        (void)bi;
        len += put_entry(archive + len, "hello.txt", "hello");
        len += put_entry(archive + len, "dir/empty", "");
        len += put_entry(archive + len, "TRAILER!!!", "");
        CHECK(!memcmp(cpio_get_file(archive, len, "hello.txt", &size), "hello", 5));
        CHECK_EQUAL(size, 5);
        CHECK(cpio_get_file(archive, len, "dir/empty", &size));
        CHECK_EQUAL(size, 0);
        CHECK(cpio_get_file(archive, len, "hello.txt", NULL));
        CHECK(!cpio_get_file(archive, len, "hello", &size));
        CHECK(!cpio_get_file(archive, len, "TRAILER!!!", &size));
        CHECK(cpio_get_entry(archive, len, 1, &name, &size));
        CHECK(!strcmp(name, "dir/empty"));
        CHECK(!cpio_get_entry(archive, len, 2, &name, &size));
        CHECK(!cpio_get_entry(archive, len, -1, &name, &size));
        CHECK(!cpio_get_file(NULL, 0, "x", &size));
        CHECK_EQUAL(cpio_info(archive, len, &info), 0);
        CHECK_EQUAL(info.file_count, 2);
        CHECK_EQUAL(info.max_path_sz, 10);
        cpio_ls(archive, len, names, sizeof(first));
        CHECK(!strcmp(first, "hel") && !strcmp(second, "dir"));
        for (unsigned long cut = 0; cut < len; cut++) { /* every truncation, in memory of exactly that size */
                char *copy = malloc(cut + !cut);

                memcpy(copy, archive, cut);
                (void)cpio_get_file(copy, cut, "dir/empty", &size);
                CHECK(cut >= len - 4 || cpio_info(copy, cut, &info) == -1);
                free(copy);
        }
}

const struct libs_case devices_cases[] = {
        {"irq: lines reach their handlers", lines_reach_their_handlers, 0, false},
        {"irq: a storm is cut off", storm, 0, false},
        {"irq: the course's form", lines_in_the_course_form, 0, false},
        {"irq: lines run out", lines_run_out, 0, false},
        {"uart: PL011 against a register model", pl011, 0, false},
        {"uart: Meson against a register model", meson, 0, false},
        {"cpio: entries, names, truncation", archives, 0, false},
};
LIBS_COUNT(devices_cases);
