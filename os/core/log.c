/* SPDX-License-Identifier: BSD-2-Clause */
/* See log.h. */
#include "os/core/log.h"
#include "base/text.h"
#include "sos/clock.h"

enum { SECOND_US = 1000000, LINE = 256 };

static struct {
        char text[LOG_BYTES];
        uint64_t written, cleared; /* bytes since the beginning; those before are not shown */
        uint64_t second;           /* that lines are counted for */
        unsigned lines, dropped;
} kept;

static void put(const char *bytes, size_t size)
{
        for (size_t i = 0; i < size; i++)
                kept.text[kept.written++ % LOG_BYTES] = bytes[i];
}

static void put_line(const char *format, va_list arguments)
{
        uint64_t us = clock_us();
        char line[LINE];
        struct text t = {.buffer = line, .size = sizeof(line) - 1};

        text_add(&t, "[%5lu.%06lu] ", us / SECOND_US, us % SECOND_US);
        text_add_list(&t, format, arguments);
        line[t.length++] = '\n';
        put(line, t.length);
}

static void put_dropped(const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        put_line(format, arguments);
        va_end(arguments);
}

static bool too_many(void)
{
        uint64_t second = clock_us() / SECOND_US;

        if (second != kept.second) {
                if (kept.dropped)
                        put_dropped("%u lines were dropped", kept.dropped);
                kept.second = second;
                kept.lines = kept.dropped = 0;
        }
        if (kept.lines++ < LOG_BURST)
                return false;
        kept.dropped++;
        return true;
}

void log_print(const char *format, ...)
{
        va_list arguments;

        if (too_many())
                return;
        va_start(arguments, format);
        put_line(format, arguments);
        va_end(arguments);
}

size_t log_size(void)
{
        uint64_t there = kept.written - kept.cleared;

        return there < LOG_BYTES ? there : LOG_BYTES;
}

size_t log_read(char *to, size_t size)
{
        size = size < log_size() ? size : log_size();
        for (size_t i = 0; i < size; i++)
                to[i] = kept.text[(kept.written - size + i) % LOG_BYTES];
        return size;
}

void log_clear(void)
{
        kept.cleared = kept.written;
}
