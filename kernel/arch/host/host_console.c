/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel output, kept for tests to read.  The oldest half is forgotten when the store is full. */
#include "arch/host/host.h"
#include "core/platform.h"

#include <string.h>
#include <unistd.h>

enum { STORE = 1 << 16 };

static struct {
        char text[STORE + 1];
        word length;
        int echo;
} console = {.echo = -1};

static void put(char c)
{
        if (c == '\r')
                return;
        if (console.length == STORE) {
                memmove(console.text, console.text + STORE / 2, STORE / 2);
                console.length = STORE / 2;
        }
        console.text[console.length++] = c;
        console.text[console.length] = '\0';
        if (console.echo >= 0 && write(console.echo, &c, 1) != 1)
                console.echo = -1;
}

void host_console_start(void)
{
        platform.console.put = put;
}

void host_console_echo(int descriptor)
{
        console.echo = descriptor;
}

const char *host_console_text(void)
{
        return console.text;
}

void host_console_clear(void)
{
        console.length = 0;
        console.text[0] = '\0';
}
