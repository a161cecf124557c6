/* SPDX-License-Identifier: BSD-2-Clause */
/* Report lines and the small formatter behind them.  No allocation, no C library. */
#include <sel4/report.h>
#include <sel4/sel4.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static void (*report_put)(char c);
static unsigned long lines;

struct sink {
        void (*put)(void *context, char c);
        void *context;
};

struct spec {
        unsigned width;
        char pad;
        bool wide;
};

static void put_text(const struct sink *sink, const char *text)
{
        for (text = text ? text : "(null)"; *text; text++) {
                sink->put(sink->context, *text);
        }
}

static void put_number(const struct sink *sink, uint64_t value, unsigned base, struct spec spec)
{
        char digit[20];
        unsigned n = 0;

        do {
                digit[n++] = "0123456789abcdef"[value % base];
                value /= base;
        } while (value);
        for (unsigned i = n; i < spec.width; i++) {
                sink->put(sink->context, spec.pad);
        }
        while (n) {
                sink->put(sink->context, digit[--n]);
        }
}

static void put_signed(const struct sink *sink, int64_t value, struct spec spec)
{
        if (value < 0) {
                sink->put(sink->context, '-');
                spec.width -= spec.width > 0;
                put_number(sink, 0 - (uint64_t)value, 10, spec);
        } else {
                put_number(sink, (uint64_t)value, 10, spec);
        }
}

static const char *read_spec(const char *format, struct spec *spec)
{
        *spec = (struct spec){.pad = ' '};
        if (*format == '0') {
                spec->pad = '0';
        }
        for (; *format >= '0' && *format <= '9'; format++) {
                spec->width = spec->width * 10 + (unsigned)(*format - '0');
        }
        for (; *format == 'l' || *format == 'z'; format++) {
                spec->wide = true;
        }
        return format;
}

/* va_list travels in a struct because it may be an array type, which decays when passed on. */
struct arguments {
        va_list list;
};

static void put_argument(const struct sink *sink, char letter, struct spec spec, struct arguments *arguments)
{
        switch (letter) {
        case 's':
                put_text(sink, va_arg(arguments->list, const char *));
                break;
        case 'c':
                sink->put(sink->context, (char)va_arg(arguments->list, int));
                break;
        case 'd':
                put_signed(sink, spec.wide ? va_arg(arguments->list, long) : va_arg(arguments->list, int),
                           spec);
                break;
        case 'p':
                put_text(sink, "0x");
                put_number(sink, (uintptr_t)va_arg(arguments->list, void *), 16, spec);
                break;
        case 'u':
        case 'x':
                put_number(sink,
                           spec.wide ? va_arg(arguments->list, unsigned long)
                                     : va_arg(arguments->list, unsigned),
                           letter == 'x' ? 16 : 10, spec);
                break;
        default:
                sink->put(sink->context, letter);
        }
}

void report_format(void (*put)(void *context, char c), void *context, const char *format, va_list list)
{
        struct sink sink = {put, context};
        struct arguments arguments;
        struct spec spec;

        va_copy(arguments.list, list);
        for (; *format; format++) {
                if (*format != '%') {
                        put(context, *format);
                        continue;
                }
                format = read_spec(format + 1, &spec);
                if (!*format) {
                        break;
                }
                put_argument(&sink, *format, spec, &arguments);
        }
        va_end(arguments.list);
}

static void put_line(void *context, char c)
{
        (void)context;
        report_put(c);
}

void report_to(void (*put)(char c))
{
        report_put = put;
}

void report(const char *format, ...)
{
        va_list list;

        lines++;
        if (!report_put) {
                return;
        }
        va_start(list, format);
        report_format(put_line, NULL, format, list);
        va_end(list);
        report_put('\n');
}

unsigned long report_count(void)
{
        return lines;
}

const char *report_error_name(int error)
{
        static const char *const name[] = {
                "no error",     "invalid argument", "invalid capability", "illegal operation",
                "range error",  "alignment error",  "failed lookup",      "truncated message",
                "delete first", "revoke first",     "not enough memory",
        };

        if (error == -1) {
                return "out of memory or slots";
        }
        if (error < 0 || (size_t)error >= sizeof(name) / sizeof(name[0])) {
                return "unknown error";
        }
        return name[error];
}

const char *report_type_name(unsigned long type)
{
        static const char *const names[seL4_ObjectTypeCount] = {
                [seL4_UntypedObject] = "untyped",
                [seL4_TCBObject] = "thread",
                [seL4_EndpointObject] = "endpoint",
                [seL4_NotificationObject] = "notification",
                [seL4_CapTableObject] = "CNode",
                [seL4_SchedContextObject] = "scheduling context",
                [seL4_ReplyObject] = "reply object",
                [seL4_ARM_SmallPageObject] = "frame",
                [seL4_ARM_LargePageObject] = "large frame",
                [seL4_ARM_HugePageObject] = "huge frame",
                [seL4_ARM_PageTableObject] = "page table",
                [seL4_ARM_VSpaceObject] = "address space",
        };

        return type < seL4_ObjectTypeCount && names[type] ? names[type] : "memory";
}
