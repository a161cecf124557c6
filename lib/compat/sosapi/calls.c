/* SPDX-License-Identifier: BSD-2-Clause */
/* See sos/sos_calls.h. */
#include <sel4/sel4.h>

#include "base/text.h"
#include "sel4/start.h"
#include "sos/sos_calls.h"

enum { LINE = 1024 };

static long invoke(seL4_CPtr slot, const seL4_Word word[5])
{
        for (int i = 0; i < 5; i++)
                seL4_SetMR(i, word[i]);
        seL4_Call(slot, seL4_MessageInfo_new(0, 0, 0, 5));
        return (long)seL4_GetMR(0);
}

long sos_call(unsigned long call, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
        const seL4_Word word[5] = {call, a, b, c, d};

        return invoke(SOS_SLOT_SERVER, word);
}

long sos_timer(enum timer_call call, unsigned long argument)
{
        const seL4_Word word[5] = {call, argument};

        return invoke(SOS_SLOT_TIMER, word);
}

_Noreturn void sos_exit(int code)
{
        for (;;)
                sos_call(SOS_POSIX + 94, (unsigned long)code, 0, 0, 0);
}

long sos_call_many(unsigned long call, const unsigned long argument[6])
{
        seL4_SetMR(0, call);
        for (int i = 0; i < 6; i++)
                seL4_SetMR(1 + i, argument[i]);
        seL4_Call(SOS_SLOT_SERVER, seL4_MessageInfo_new(0, 0, 0, 7));
        return (long)seL4_GetMR(0);
}

static void exit_program(int code)
{
        sos_exit(code);
}

/* What becomes of a program whose main returns. */
static __attribute__((constructor)) void set_exit(void)
{
        start_on_exit(exit_program);
}

long sos_spawn(const struct sos_spawn *what)
{
        return sos_call(SOS_SPAWN, (unsigned long)what, 0, 0, 0);
}

void sos_print(const char *format, ...)
{
        char buffer[LINE];
        va_list arguments;
        size_t length;

        va_start(arguments, format);
        length = text_line(buffer, sizeof(buffer), format, arguments);
        va_end(arguments);
        sos_call(SOS_POSIX + 64, 1, (unsigned long)buffer, length, 0);
}

void serial_write(const char *bytes, size_t size)
{
        serial_send(SOS_SLOT_SERIAL, bytes, size);
}

void serial_print(const char *format, ...)
{
        char buffer[LINE];
        va_list arguments;
        size_t length;

        va_start(arguments, format);
        length = text_line(buffer, sizeof(buffer), format, arguments);
        va_end(arguments);
        serial_write(buffer, length);
}

static long take_text(char *to, seL4_Word words)
{
        long result;

        seL4_Call(SOS_SLOT_SERIAL, seL4_MessageInfo_new(0, 0, 0, words));
        result = (long)seL4_GetMR(0);
        if (result > 0)
                memcpy(to, &seL4_GetIPCBuffer()->msg[1], (size_t)result & (SERIAL_TAB - 1));
        return result;
}

long serial_read(char *to, size_t size)
{
        seL4_SetMR(0, SERIAL_READ);
        seL4_SetMR(1, size);
        return take_text(to, 2);
}

long serial_edit(char *to, size_t size, const char *insert)
{
        size_t length = strlen(insert);

        if (length > size)
                return -SOS_EINVAL;
        seL4_SetMR(0, SERIAL_EDIT);
        seL4_SetMR(1, size);
        seL4_SetMR(2, length);
        memcpy(&seL4_GetIPCBuffer()->msg[3], insert, length);
        return take_text(to, 3 + (length + 7) / 8);
}

long serial_take(char *to, size_t size)
{
        seL4_SetMR(0, SERIAL_TAKE);
        seL4_SetMR(1, size);
        return take_text(to, 2);
}

void serial_raw(bool on)
{
        seL4_SetMR(0, SERIAL_RAW);
        seL4_SetMR(1, on);
        seL4_Call(SOS_SLOT_SERIAL, seL4_MessageInfo_new(0, 0, 0, 2));
}

unsigned serial_size(void)
{
        seL4_SetMR(0, SERIAL_SIZE);
        seL4_Call(SOS_SLOT_SERIAL, seL4_MessageInfo_new(0, 0, 0, 1));
        return (unsigned)seL4_GetMR(0);
}
