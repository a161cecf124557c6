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

/* Linux lets only threads of the same process write it. */
long proc_write(const struct node *n, const char *bytes, size_t size)
{
        struct process *p = n->report == PROC_PROCESS_COMM ? thread_find(n->number) : NULL;
        long error = n->report < REPORTS ? report_write((enum sos_report)n->report, bytes, size) : 0;

        if (n->report < REPORTS)
                return error ? -error : (long)size;
        if (n->report != PROC_PROCESS_COMM)
                return -SOS_EINVAL;
        if (!p)
                return -SOS_ESRCH;
        return p->leader == proc_caller()->leader ? rename_task(p, bytes, size) : -SOS_EINVAL;
}
