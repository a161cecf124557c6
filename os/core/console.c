/* SPDX-License-Identifier: BSD-2-Clause */
/* See console.h. */
#include "os/core/console.h"
#include "base/text.h"
#include "sos/proto.h"
#include "sos/sos_calls.h"

static struct {
        seL4_CPtr serial;
        bool raw;
        struct wait_queue input;
} console;

void console_init(seL4_CPtr serial)
{
        console.serial = serial;
}

static long ask(enum serial_call call, seL4_Word argument)
{
        seL4_SetMR(0, call);
        seL4_SetMR(1, argument);
        seL4_Call(console.serial, seL4_MessageInfo_new(0, 0, 0, 2));
        return (long)seL4_GetMR(0);
}

void console_write(const char *bytes, seL4_Word size)
{
        serial_send(console.serial, bytes, size);
}

void console_print(const char *format, ...)
{
        char buffer[512];
        va_list arguments;
        size_t length;

        va_start(arguments, format);
        length = text_line(buffer, sizeof(buffer), format, arguments);
        va_end(arguments);
        console_write(buffer, length);
}

long console_take(char *to, seL4_Word size)
{
        long result = size > 0 ? ask(SERIAL_TAKE, size) : 0;

        if (result > 0)
                memcpy(to, &seL4_GetIPCBuffer()->msg[1], (size_t)result);
        return result == -SOS_EAGAIN ? CONSOLE_EMPTY : result;
}

struct wait_queue *console_input(void)
{
        return &console.input;
}

bool console_ready(void)
{
        return ask(SERIAL_READY, 0) == 1;
}

void console_raw(bool on)
{
        console.raw = on;
        ask(SERIAL_RAW, on);
        wait_wake(&console.input);
}

bool console_is_raw(void)
{
        return console.raw;
}

unsigned console_size(void)
{
        return (unsigned)ask(SERIAL_SIZE, 0);
}
