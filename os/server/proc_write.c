/* SPDX-License-Identifier: BSD-2-Clause */
/* What may be written to reports of /proc; see proc.h. */
#include "base/text.h"
#include "os/process/process.h"
#include "os/server/proc.h"
#include "os/server/report.h"

/* The name that people see: cut, and without what is behind a newline.  Linux lets only threads of the same process write it. */
static long rename_task(struct process *p, const char *bytes, size_t size)
{
        enum { NAME = 16 };
        size_t length = 0;

        if (p->leader != proc_caller()->leader)
                return -SOS_EINVAL;
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

long proc_write(const struct node *n, const char *bytes, size_t size)
{
        struct process *p = n->report >= PROC_OF_PROCESS ? thread_find(n->number) : NULL;
        long error;

        if (n->report < REPORTS) {
                error = report_write((enum sos_report)n->report, bytes, size);
                return error ? -error : (long)size;
        }
        switch (n->report) {
        case PROC_PROCESS_COMM:
                return p ? rename_task(p, bytes, size) : -SOS_ESRCH;
        case PROC_PROCESS_SCORE_ADDED:
                return p ? set_score(p, bytes, size) : -SOS_ESRCH;
        default:
                return -SOS_EINVAL;
        }
}
