/* SPDX-License-Identifier: BSD-2-Clause */
/* SOS_CONSOLE: lines and keys for the shell; see enum serial_call in sos/proto.h. */
#include "os/core/console.h"
#include "base/text.h"
#include "line/line.h"
#include "os/calls/native/native.h"

/* Taken once, input cannot be put back: so the pages it goes to are there, and may be written, before it is taken.  The first byte and
 * the last one tell: there are two pages at most. */
static bool reachable(struct process *p, seL4_Word address, char *text, seL4_Word size)
{
        seL4_Word last = address + (size ? size - 1 : 0);

        return !size || (space_read(p->space, address, text, 1) && space_write(p->space, address, text, 1) &&
                         space_read(p->space, last, text, 1) && space_write(p->space, last, text, 1));
}

static long answer(struct process *p, seL4_Word address, const char *text, long n)
{
        if (n == CONSOLE_EMPTY)
                return call_waits(p, console_queue(false));
        if (n > 0 && !space_write(p->space, address, text, (seL4_Word)n & (SERIAL_TAB - 1)))
                return -SOS_EFAULT;
        return n;
}

static long read_line(struct process *p, bool completes)
{
        char text[SOS_TEXT_MAX], more[LINE_LENGTH_MAX + 1];
        seL4_Word address = p->call.argument[1], size = p->call.argument[2];

        size = size < sizeof(text) ? size : sizeof(text);
        if (!reachable(p, address, text, size))
                return -SOS_EFAULT;
        if (completes && p->call.first) {
                if (!space_read_string(p->space, p->call.argument[3], more, sizeof(more)))
                        return -SOS_EFAULT;
                console_insert(more, strlen(more));
        }
        return answer(p, address, text, console_read(text, size, completes));
}

static long take(struct process *p)
{
        char text[SOS_TEXT_MAX];
        seL4_Word address = p->call.argument[1], size = p->call.argument[2];
        long n;

        size = size < sizeof(text) ? size : sizeof(text);
        if (!reachable(p, address, text, size))
                return -SOS_EFAULT;
        n = console_take(text, size);
        return n == CONSOLE_EMPTY ? -SOS_EAGAIN : answer(p, address, text, n);
}

long call_console(struct process *p)
{
        if (!p->kind.serial)
                return -SOS_EPERM;
        switch (p->call.argument[0]) {
        case SERIAL_READ:
                return read_line(p, false);
        case SERIAL_EDIT:
                return read_line(p, true);
        case SERIAL_TAKE:
                return take(p);
        case SERIAL_RAW:
                console_raw(p->call.argument[1]);
                return 0;
        case SERIAL_SIZE:
                return (long)console_size();
        default:
                return -SOS_EINVAL;
        }
}
