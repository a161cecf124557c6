/* SPDX-License-Identifier: BSD-2-Clause */
/* What /proc reports about an open file; see proc.h. */
#include "base/text.h"
#include "os/files/event.h"
#include "os/process/process.h"
#include "os/server/proc.h"
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

void proc_descriptor_text(struct text *t, const struct node *n)
{
        const struct process *p = process_find(node_parent(n)->number);
        const struct file *f = p && p->files ? descriptor_file(p->files, (seL4_Word)n->number) : NULL;
        char digits[TEXT_OCTAL];
        uint32_t flags;

        if (!f)
                return;
        flags = (f->flags & ~(uint32_t)O_CLOEXEC) |
                (descriptor_on_exec(p->files, (seL4_Word)n->number) ? O_CLOEXEC : 0);
        text_add(t, "pos:\t%lu\nflags:\t0%s\nmnt_id:\t%u\nino:\t%u\n", f->offset, text_octal(flags, digits),
                 f->node ? node_mount(f->node) : 0, f->node ? node_number(f->node) + 1 : 0);
        if (f->event)
                add_event(t, f);
}
