/* SPDX-License-Identifier: BSD-2-Clause */
/* See serial.h. */
#include <stdbool.h>

#include "base/text.h"
#include "os/drivers/line.h"
#include "os/drivers/serial.h"
#include "sos/proto.h"
#include "uart/pl011.h"

enum { RING = 4096 };

static struct {
        struct uart uart;
        struct line line;
        char ring[RING];
        size_t head, tail;  /* free-running: [head, tail) waits to be read */
        seL4_CPtr reader;   /* reply object of the waiting reader, or none */
        size_t reader_size; /* bytes it has room for */
} serial;

/* Move what the device has into the ring; leave the rest there when the ring is full. */
static void take_input(void)
{
        char c;

        while (serial.tail - serial.head < RING && uart_receive(&serial.uart, &c, 1) == 1)
                serial.ring[serial.tail++ % RING] = c;
        serial.uart.ops->on_receive(&serial.uart, serial.tail - serial.head < RING);
}

static void show_echo(void)
{
        uart_put_text(&serial.uart, serial.line.echo, serial.line.echo_length);
        serial.line.echo_length = 0;
}

/* Put the answer for the reader into the message registers; answers its length in words. */
static seL4_Word fill_answer(enum line_event event)
{
        struct line *l = &serial.line;
        size_t size = l->length;

        if (event != LINE_DONE) {
                seL4_SetMR(0, event == LINE_END ? 0 : (seL4_Word)-SOS_EINTR);
                return 1;
        }
        l->text[size++] = '\n';
        if (size > serial.reader_size)
                size = serial.reader_size;
        seL4_SetMR(0, size);
        memcpy(&seL4_GetIPCBuffer()->msg[1], l->text, size);
        return 1 + (size + sizeof(seL4_Word) - 1) / sizeof(seL4_Word);
}

/* Edit with what waits in the ring until a line is done; true when it is, and then the message holds the answer. */
static bool edit(seL4_Word *words)
{
        enum line_event event = LINE_MORE;

        while (event == LINE_MORE && serial.head != serial.tail)
                event = line_put(&serial.line, serial.ring[serial.head++ % RING]);
        show_echo();
        if (event == LINE_MORE)
                return false;
        *words = fill_answer(event);
        line_start(&serial.line);
        take_input();
        return true;
}

static void interrupt(void)
{
        seL4_Word words;

        serial.uart.ops->acknowledge(&serial.uart);
        take_input();
        if (serial.reader && edit(&words)) {
                seL4_Send(serial.reader, seL4_MessageInfo_new(0, 0, 0, words));
                serial.reader = seL4_CapNull;
        }
        seL4_IRQHandler_Ack(SERIAL_IRQ_HANDLER);
}

static seL4_Word write(seL4_Word length)
{
        size_t size = seL4_GetMR(1);

        if (size > SOS_TEXT_MAX || length < 2 + (size + 7) / 8) {
                seL4_SetMR(0, (seL4_Word)-SOS_EINVAL);
                return 1;
        }
        uart_put_text(&serial.uart, (const char *)&seL4_GetIPCBuffer()->msg[2], size);
        seL4_SetMR(0, 0);
        return 1;
}

/* The number of words of the answer; 0: the reader waits, and `reply` is its. */
static seL4_Word read(seL4_CPtr reply)
{
        seL4_Word words;

        if (serial.reader) {
                seL4_SetMR(0, (seL4_Word)-SOS_EBUSY);
                return 1;
        }
        serial.reader_size = seL4_GetMR(1) < SOS_TEXT_MAX ? seL4_GetMR(1) : SOS_TEXT_MAX;
        if (edit(&words))
                return words;
        serial.reader = reply;
        return 0;
}

static seL4_Word serve(seL4_MessageInfo_t info, seL4_CPtr reply)
{
        switch (seL4_GetMR(0)) {
        case SERIAL_WRITE:
                return write(seL4_MessageInfo_get_length(info));
        case SERIAL_READ:
                return read(reply);
        default:
                seL4_SetMR(0, (seL4_Word)-SOS_ENOSYS);
                return 1;
        }
}

void serial_run(void *registers)
{
        seL4_CPtr reply = SERIAL_REPLY_A;
        seL4_MessageInfo_t info;
        seL4_Word badge, words;

        pl011_open(&serial.uart, registers);
        serial.uart.ops->on_receive(&serial.uart, true);
        seL4_IRQHandler_Ack(SERIAL_IRQ_HANDLER);
        info = seL4_Recv(SERIAL_ENDPOINT, &badge, reply);
        for (;;) {
                if (badge & SERIAL_BADGE_IRQ) {
                        interrupt();
                        info = seL4_Recv(SERIAL_ENDPOINT, &badge, reply);
                        continue;
                }
                words = serve(info, reply);
                if (words > 0) {
                        info = seL4_ReplyRecv(SERIAL_ENDPOINT, seL4_MessageInfo_new(0, 0, 0, words), &badge,
                                              reply);
                        continue;
                }
                reply = reply == SERIAL_REPLY_A ? SERIAL_REPLY_B : SERIAL_REPLY_A;
                info = seL4_Recv(SERIAL_ENDPOINT, &badge, reply);
        }
}
