/* SPDX-License-Identifier: BSD-2-Clause */
/* What /proc reports about an open file, and what may be written to reports; see proc.h. */
#include "base/text.h"
#include "os/files/event.h"
#include "os/process/process.h"
#include "os/server/proc.h"
#include "os/server/report.h"
#include "text/text.h"

static void add_event(struct text *t, const struct file *f)
{
        if (f->kind == FILE_COUNTER)
                text_add(t, "eventfd-count: %16lx\n", f->event->counter.count);
        else if (f->kind == FILE_SIGNALS)
                text_add(t, "sigmask:\t%016lx\n", f->event->signals);
        else if (f->kind == FILE_PROCESS)
                text_add(t, "Pid:\t%d\n", f->event->process);
}

static const char *octal(uint32_t value, char digits[16])
{
        char *at = digits + 15;

        *at = '\0';
        do {
                *--at = (char)('0' + value % 8);
        } while (value /= 8);
        return at;
}

void proc_descriptor_text(struct text *t, const struct node *n)
{
        const struct process *p = process_find(node_parent(n)->number);
        const struct file *f = p && p->files ? descriptor_file(p->files, (seL4_Word)n->number) : NULL;
        char digits[16];
        uint32_t flags;

        if (!f)
                return;
        flags = (f->flags & ~(uint32_t)O_CLOEXEC) |
                (descriptor_on_exec(p->files, (seL4_Word)n->number) ? O_CLOEXEC : 0);
        text_add(t, "pos:\t%lu\nflags:\t0%s\nmnt_id:\t%u\nino:\t%u\n", f->offset, octal(flags, digits),
                 f->node ? node_mount(f->node) : 0, f->node ? node_number(f->node) + 1 : 0);
        if (f->event)
                add_event(t, f);
}

/* The name that people see: cut, and without what is behind a newline. */
static long rename_task(struct process *p, const char *bytes, size_t size)
{
        enum { NAME = 16 };
        size_t length = 0;

        while (length < size && length < NAME - 1 && bytes[length] && bytes[length] != '\n')
                length++;
        memcpy(p->name, bytes, length);
        p->name[length] = '\0';
        return (long)size;
}

static bool is_space(char c)
{
        return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Digits in the base that their beginning says, as in C; false: there is something else. */
static bool read_digits(const char *s, int64_t *value)
{
        int base = *s != '0' ? 10 : (s[1] | 0x20) == 'x' ? 16 : 8;

        s += base == 16 ? 2 : 0;
        *value = 0;
        if (!*s)
                return false;
        for (; *s; s++) {
                int digit = *s >= '0' && *s <= '9' ? *s - '0'
                            : (*s | 0x20) >= 'a'   ? (*s | 0x20) - 'a' + 10
                                                   : base;

                if (digit >= base)
                        return false;
                *value = *value * base + digit;
        }
        return true;
}

enum { NUMBER = 13 };

/* A number with a sign, with white space around it, of less than NUMBER bytes; 0, or -SOS_E*. */
static long read_number(const char *bytes, size_t size, int *number)
{
        char text[NUMBER], *at = text;
        bool negative;
        int64_t value;

        memcpy(text, bytes, size);
        while (size && is_space(text[size - 1]))
                size--;
        text[size] = '\0';
        while (is_space(*at))
                at++;
        negative = *at == '-';
        at += *at == '-' || *at == '+';
        if (!read_digits(at, &value))
                return -SOS_EINVAL;
        if (value > INT32_MAX)
                return -SOS_ERANGE;
        *number = negative ? -(int)value : (int)value;
        return 0;
}

/* What is added to the process's score (proc_process.c): its children get it, too. */
static long set_score(struct process *p, const char *bytes, size_t size)
{
        enum { MOST = 1000 };
        long error;
        int number;

        if (size > NUMBER - 1)
                size = NUMBER - 1; /* what is behind it is not looked at */
        error = read_number(bytes, size, &number);
        if (error || number < -MOST || number > MOST)
                return error ? error : -SOS_EINVAL;
        p->leader->traits.score = (int16_t)number;
        return (long)size;
}

/* Linux lets only threads of the same process write its name. */
long proc_write(const struct node *n, const char *bytes, size_t size)
{
        bool score = n->report == PROC_PROCESS_SCORE_ADDED;
        struct process *p = n->report == PROC_PROCESS_COMM || score ? thread_find(n->number) : NULL;
        long error = n->report < REPORTS ? report_write((enum sos_report)n->report, bytes, size) : 0;

        if (n->report < REPORTS)
                return error ? -error : (long)size;
        if (n->report != PROC_PROCESS_COMM && !score)
                return -SOS_EINVAL;
        if (!p)
                return -SOS_ESRCH;
        if (score)
                return set_score(p, bytes, size);
        return p->leader == proc_caller()->leader ? rename_task(p, bytes, size) : -SOS_EINVAL;
}
