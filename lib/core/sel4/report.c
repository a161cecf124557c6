/* SPDX-License-Identifier: BSD-2-Clause */
/* Report lines.  No allocation, no C library. */
#include <sel4/report.h>
#include <sel4/sel4.h>
#include <stddef.h>
#include <text/text.h>

static void (*report_put)(char c);
static unsigned long lines;

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
        if (!report_put)
                return;
        va_start(list, format);
        text_format(put_line, NULL, format, list);
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

        if (error == -1)
                return "out of memory or slots";
        if (error < 0 || (size_t)error >= sizeof(name) / sizeof(name[0]))
                return "unknown error";
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
