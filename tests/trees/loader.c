/* SPDX-License-Identifier: BSD-2-Clause */
/* The loader's discovery on the host: loader/platform.c and loader/memory.c with a console that keeps what is printed. */
#include "trees.h"

#include "loader/loader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static jmp_buf stopped;
static char why[300];

void console_use(const struct handover_uart *uart)
{
        (void)uart;
}

void console_step(uint32_t offset, uint32_t clear, uint32_t set)
{
        (void)offset, (void)clear, (void)set;
}

void power_conduit(enum conduit conduit)
{
        (void)conduit;
}

uint64_t console_log(void)
{
        return 0;
}

int64_t monitor_lines(uint64_t distributor, uint64_t interface, uint64_t version)
{
        (void)distributor, (void)interface, (void)version;
        return 0;
}

void say(const char *format, ...)
{
        (void)format;
}

void stop(const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(why, sizeof(why), format, arguments);
        va_end(arguments);
        longjmp(stopped, 1);
}

static void print_record(const struct handover *h)
{
        uint64_t bytes = 0;

        for (uint64_t i = 0; i < h->ram_count; i++)
                bytes += h->ram[i].end - h->ram[i].start;
        printf("loader console %llx", (unsigned long long)h->console.base);
        if (h->console.base)
                printf(" registers %x.%u %x.%u", h->console.data, h->console.data_width, h->console.status,
                       h->console.width);
        printf(" timer %llu controller", (unsigned long long)h->timer_irq);
        for (uint64_t i = 0; i < h->device_count; i++)
                if (h->device[i].reg[0].end)
                        printf(" %llx", (unsigned long long)h->device[i].reg[0].start);
        printf(" ram %llx hertz %llu at", (unsigned long long)bytes, (unsigned long long)h->timer_hertz);
        for (uint64_t i = 0; i < h->ram_count; i++)
                printf(" %llx-%llx", (unsigned long long)h->ram[i].start, (unsigned long long)h->ram[i].end);
        printf("\n");
}

void loader_print(const void *tree)
{
        static struct handover h;

        memset(&h, 0, sizeof(h));
        if (setjmp(stopped)) {
                printf("loader stops: %s\n", why);
                return;
        }
        platform_read(tree, &h);
        print_record(&h);
}
