/* SPDX-License-Identifier: BSD-2-Clause */
/* See serial.h. */
#include <stdbool.h>

#include "base/text.h"
#include "line/line.h"
#include "os/device/serial.h"
#include "sos/proto.h"

enum { RING = 4096, CTRL_C = 3 };

static struct {
        struct uart uart; /* without `ops`: no device, output goes to the kernel */
        bool has_interrupt;
        struct line line;
        bool editing, shown; /* the line has begun; it is on the terminal */
        bool wants_tab;      /* the waiting reader completes words */
        bool ask;            /* there is a person, so ask the terminal for its size */
        char row[LINE_PROMPT_MAX];
        size_t row_length; /* what was written behind the last newline: the prompt of a reader */
        char ring[RING];
        size_t head, tail;  /* free-running: [head, tail) waits to be read */
        seL4_CPtr reader;   /* reply object of the waiting reader, or none */
        size_t reader_size; /* bytes it has room for */
        bool watched;       /* somebody wants to hear of input */
        uint32_t breaks;    /* of the line, that were told */
        bool raw;           /* no lines, no echo: characters as they come */
        char done[LINE_LENGTH_MAX + 1];
        size_t done_at, done_size; /* what is left of the last line */
} serial;

static void put_text(const char *text, size_t length)
{
        if (serial.uart.ops)
                uart_put_text(&serial.uart, text, length);
        for (size_t i = 0; !serial.uart.ops && i < length; i++)
                seL4_DebugPutChar(text[i]);
}

/* Move what the device has into the ring; leave the rest there when the ring is full. */
static void take_input(void)
{
        char c;

        if (!serial.uart.ops)
                return;
        while (serial.tail - serial.head < RING && uart_receive(&serial.uart, &c, 1) == 1)
                serial.ring[serial.tail++ % RING] = c;
        serial.uart.ops->on_receive(&serial.uart, serial.tail - serial.head < RING);
        if (serial.uart.breaks != serial.breaks)
                seL4_Signal(SERIAL_BREAK);
        serial.breaks = serial.uart.breaks;
}

void serial_put(char c)
{
        put_text(&c, 1);
}

static void show_echo(void)
{
        put_text(serial.line.echo, serial.line.echo_length);
        serial.line.echo_length = 0;
}

/* Text of programs; the end of it that fits, behind its last newline, may be the prompt of what is read next. */
static void put_output(const char *text, size_t length)
{
        put_text(text, length);
        for (size_t i = 0; i < length; i++) {
                if (serial.row_length == LINE_PROMPT_MAX)
                        memmove(serial.row, serial.row + 1, --serial.row_length);
                serial.row[serial.row_length++] = text[i];
                if (text[i] == '\n')
                        serial.row_length = 0;
        }
}

/* A line begins behind what was written last, or goes on there after it was taken off the terminal. */
static void begin_line(void)
{
        if (!serial.editing || serial.row_length > 0)
                line_prompt(&serial.line, serial.row, serial.row_length);
        serial.row_length = 0;
        if (!serial.editing) {
                line_start(&serial.line);
                if (serial.ask)
                        line_ask_size(&serial.line);
        } else if (!serial.shown) {
                line_show(&serial.line);
        }
        serial.editing = serial.shown = true;
        show_echo();
}

/* Edit with what waits in the ring; the line, when there is one, is in `done`. */
static enum line_event edit(void)
{
        enum line_event event = LINE_MORE;

        if (!serial.editing || !serial.shown)
                begin_line();
        while (event == LINE_MORE && serial.head != serial.tail) {
                event = line_put(&serial.line, serial.ring[serial.head++ % RING]);
                if (event == LINE_TAB && !serial.wants_tab) {
                        line_bell(&serial.line);
                        event = LINE_MORE;
                }
                if (event == LINE_END)
                        line_ask_size(&serial.line);
                show_echo();
        }
        if (event == LINE_DONE) {
                serial.done_at = 0;
                serial.done_size = serial.line.length + 1;
                memcpy(serial.done, serial.line.text, serial.line.length);
                serial.done[serial.line.length] = '\n';
        }
        if (event != LINE_MORE && event != LINE_TAB) {
                line_start(&serial.line);
                serial.editing = false;
                take_input();
        }
        return event;
}

static size_t take_done(char *to, size_t size)
{
        size_t n = serial.done_size - serial.done_at;

        n = n < size ? n : size;
        memcpy(to, serial.done + serial.done_at, n);
        serial.done_at += n;
        return n;
}

/* What stands before the cursor, for somebody who can complete it. */
static seL4_Word fill_tab(void)
{
        size_t size = serial.line.cursor;

        memcpy(&seL4_GetIPCBuffer()->msg[1], serial.line.text, size);
        seL4_SetMR(0, SERIAL_TAB + size);
        return 1 + (size + sizeof(seL4_Word) - 1) / sizeof(seL4_Word);
}

/* Put the answer for a reader into the message registers; its length in words, 0 when the line is not done. */
static seL4_Word fill_answer(size_t size)
{
        enum line_event event = serial.done_at < serial.done_size ? LINE_DONE : edit();

        if (event == LINE_MORE)
                return 0;
        if (event == LINE_TAB)
                return fill_tab();
        if (event != LINE_DONE) {
                seL4_SetMR(0, event == LINE_END ? 0 : (seL4_Word)-SOS_EINTR);
                return 1;
        }
        size = take_done((char *)&seL4_GetIPCBuffer()->msg[1], size);
        seL4_SetMR(0, size);
        return 1 + (size + sizeof(seL4_Word) - 1) / sizeof(seL4_Word);
}

static void answer_reader(void)
{
        seL4_Word words = fill_answer(serial.reader_size);

        if (words == 0)
                return;
        seL4_Send(serial.reader, seL4_MessageInfo_new(0, 0, 0, words));
        serial.reader = seL4_CapNull;
}

/* While a program runs, Ctrl-C is for it, and what was typed before is forgotten. */
static void find_interrupt(void)
{
        for (size_t i = serial.head; i != serial.tail; i++) {
                if (serial.ring[i % RING] != CTRL_C)
                        continue;
                serial.head = i + 1;
                put_output("^C\n", 3);
                seL4_Signal(SERIAL_INTERRUPT);
        }
}

static void interrupt(void)
{
        serial.uart.ops->acknowledge(&serial.uart);
        take_input();
        if (serial.reader)
                answer_reader();
        else if (!serial.raw)
                find_interrupt();
        if (serial.watched && serial.head != serial.tail) {
                serial.watched = false;
                seL4_Signal(SERIAL_WATCHER);
        }
        if (serial.has_interrupt)
                seL4_IRQHandler_Ack(SERIAL_IRQ_HANDLER);
}

/* Input for a reader that cannot wait. */
static seL4_Word take(void)
{
        size_t size = seL4_GetMR(1) < SOS_TEXT_MAX ? seL4_GetMR(1) : SOS_TEXT_MAX, n = 0;
        char *to = (char *)&seL4_GetIPCBuffer()->msg[1];
        seL4_Word words = 0;

        if (serial.raw) {
                while (n < size && serial.head != serial.tail)
                        to[n++] = serial.ring[serial.head++ % RING];
                take_input();
                seL4_SetMR(0, n);
                words = n > 0 ? 1 + (n + 7) / 8 : 0;
        } else {
                words = fill_answer(size);
        }
        if (words > 0)
                return words;
        serial.watched = true;
        seL4_SetMR(0, (seL4_Word)-SOS_EAGAIN);
        return 1;
}

static seL4_Word set_mode(void)
{
        serial.raw = seL4_GetMR(1);
        seL4_SetMR(0, 0);
        return 1;
}

static seL4_Word ready(void)
{
        bool now = serial.head != serial.tail || serial.done_at < serial.done_size;

        serial.watched = !now;
        seL4_SetMR(0, now);
        return 1;
}

/* Output while a line is being edited: the line is taken off and shown again below the output. */
static void put_beside(const char *text, size_t size)
{
        bool awaited = serial.reader || serial.watched;

        if (!serial.editing || serial.raw || (awaited && serial.line.columns == 0)) {
                put_output(text, size);
                return;
        }
        if (serial.shown)
                line_hide(&serial.line);
        show_echo();
        serial.shown = false;
        put_output(text, size);
        if (!awaited)
                return;
        if (serial.row_length > 0)
                put_output("\n", 1);
        begin_line();
}

static seL4_Word write(seL4_Word length)
{
        size_t size = seL4_GetMR(1);

        if (size > SOS_TEXT_MAX || length < 2 + (size + 7) / 8) {
                seL4_SetMR(0, (seL4_Word)-SOS_EINVAL);
                return 1;
        }
        put_beside((const char *)&seL4_GetIPCBuffer()->msg[2], size);
        seL4_SetMR(0, 0);
        return 1;
}

/* The number of words of the answer; 0: the reader waits, and `reply` is its. */
static seL4_Word read(seL4_CPtr reply, bool wants_tab)
{
        seL4_Word words;

        if (serial.reader) {
                seL4_SetMR(0, (seL4_Word)-SOS_EBUSY);
                return 1;
        }
        serial.reader_size = seL4_GetMR(1) < SOS_TEXT_MAX ? seL4_GetMR(1) : SOS_TEXT_MAX;
        serial.wants_tab = wants_tab;
        words = fill_answer(serial.reader_size);
        if (words == 0)
                serial.reader = reply;
        return words;
}

/* SERIAL_READ by a reader that completes words; what is inserted was completed. */
static seL4_Word edit_on(seL4_Word length, seL4_CPtr reply)
{
        size_t size = seL4_GetMR(2);

        if (size > LINE_LENGTH_MAX || length < 3 + (size + 7) / 8) {
                seL4_SetMR(0, (seL4_Word)-SOS_EINVAL);
                return 1;
        }
        if (serial.editing && !serial.reader) {
                if (!serial.shown)
                        begin_line();
                line_insert(&serial.line, (const char *)&seL4_GetIPCBuffer()->msg[3], size);
                show_echo();
        }
        return read(reply, true);
}

/* Bytes of the terminal's answer to the question for its size, when that is what waits first. */
static size_t answer_waits(void)
{
        size_t i = serial.head;

        for (const char *c = "\033["; *c; c++, i++) {
                if (i == serial.tail || serial.ring[i % RING] != *c)
                        return 0;
        }
        while (i != serial.tail && strchr("0123456789;", serial.ring[i % RING]))
                i++;
        return i != serial.tail && serial.ring[i % RING] == 'R' ? i + 1 - serial.head : 0;
}

static seL4_Word tell_size(void)
{
        for (size_t n = answer_waits(); n > 0; n--)
                line_put(&serial.line, serial.ring[serial.head++ % RING]);
        show_echo();
        seL4_SetMR(0, serial.line.rows << 16 | serial.line.columns);
        return 1;
}

static seL4_Word serve(seL4_MessageInfo_t info, seL4_CPtr reply)
{
        switch (seL4_GetMR(0)) {
        case SERIAL_WRITE:
                return write(seL4_MessageInfo_get_length(info));
        case SERIAL_READ:
                return read(reply, false);
        case SERIAL_EDIT:
                return edit_on(seL4_MessageInfo_get_length(info), reply);
        case SERIAL_SIZE:
                return tell_size();
        case SERIAL_TAKE:
                return take();
        case SERIAL_READY:
                return ready();
        case SERIAL_RAW:
                return set_mode();
        default:
                seL4_SetMR(0, (seL4_Word)-SOS_ENOSYS);
                return 1;
        }
}

void serial_poll_run(void *unused)
{
        (void)unused;
        for (;;) {
                seL4_Yield(); /* until the next period of our time */
                seL4_Signal(POLL_RING);
        }
}

void serial_run(void *argument)
{
        const struct serial_device *device = argument;
        seL4_CPtr reply = SERIAL_REPLY_A;
        seL4_MessageInfo_t info;
        seL4_Word badge, words;

        if (device->registers)
                uart_open(&serial.uart, device->registers, &device->line);
        serial.has_interrupt = device->has_interrupt;
        serial.ask = device->terminal;
        take_input(); /* earlier input is not announced */
        if (serial.has_interrupt)
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
