/* SPDX-License-Identifier: BSD-2-Clause */
/* See sos/sos_calls.h. */
#include <sel4/sel4.h>

#include "base/text.h"
#include "sel4/start.h"
#include "sos/sos_calls.h"

enum { LINE = 1024 };

long sos_call(unsigned long call, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
        const seL4_Word word[5] = {call, a, b, c, d};

        for (int i = 0; i < 5; i++)
                seL4_SetMR(i, word[i]);
        seL4_Call(SOS_SLOT_SERVER, seL4_MessageInfo_new(0, 0, 0, 5));
        return (long)seL4_GetMR(0);
}

void sos_sleep(unsigned long us)
{
        const unsigned long most = 1000000000; /* the call counts in 31 bits */

        for (; us > most; us -= most)
                sos_call(SOS_SLEEP, most, 0, 0, 0);
        sos_call(SOS_SLEEP, us, 0, 0, 0);
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

/* The console takes all that a call brings. */
void serial_write(const char *bytes, size_t size)
{
        sos_call(SOS_POSIX + 64, 1, (unsigned long)bytes, size, 0);
}

static void print_line(const char *format, va_list arguments)
{
        char buffer[LINE];

        serial_write(buffer, text_line(buffer, sizeof(buffer), format, arguments));
}

void sos_print(const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        print_line(format, arguments);
        va_end(arguments);
}

void serial_print(const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        print_line(format, arguments);
        va_end(arguments);
}

long serial_read(char *to, size_t size)
{
        return sos_call(SOS_CONSOLE, SERIAL_READ, (unsigned long)to, size, 0);
}

long serial_edit(char *to, size_t size, const char *insert)
{
        return sos_call(SOS_CONSOLE, SERIAL_EDIT, (unsigned long)to, size, (unsigned long)insert);
}

long serial_take(char *to, size_t size)
{
        return sos_call(SOS_CONSOLE, SERIAL_TAKE, (unsigned long)to, size, 0);
}

void serial_raw(bool on)
{
        sos_call(SOS_CONSOLE, SERIAL_RAW, on, 0, 0);
}

unsigned serial_size(void)
{
        return (unsigned)sos_call(SOS_CONSOLE, SERIAL_SIZE, 0, 0, 0);
}
