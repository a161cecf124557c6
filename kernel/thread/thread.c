/* SPDX-License-Identifier: BSD-2-Clause */
/* See thread.h. */
#include "thread/thread.h"

_Static_assert(offsetof(struct thread, context) == 0, "vectors.S takes the context for the thread");

static void list_all(struct thread *t)
{
        t->all_prev = NULL;
        t->all_next = kernel.threads;
        if (t->all_next)
                t->all_next->all_prev = t;
        kernel.threads = t;
}

void thread_unlist(struct thread *t)
{
        if (t->all_next)
                t->all_next->all_prev = t->all_prev;
        if (t->all_prev)
                t->all_prev->all_next = t->all_next;
        else
                kernel.threads = t->all_next;
        t->all_next = t->all_prev = NULL;
}

void thread_init_row(void *first, word n)
{
        word domain = this_core()->domain_born;

        if (THREADS_LISTED || DEBUG_BUILD) {
                for (word i = 0; i < n; i++)
                        thread_init((struct thread *)((word)first + (i << TCB_BITS)));
                return;
        }
#pragma GCC unroll 4
        for (word at = (word)first, end = at + (n << TCB_BITS); at < end; at += bit(TCB_BITS)) {
                struct thread *t = (struct thread *)at;

                t->context.spsr = SPSR_USER;
                t->space_era = ~(word)0;
                t->domain = (uint8_t)domain;
        }
}

void thread_init(struct thread *t)
{
        const struct thread *creator = this_core()->current;

        t->context.spsr = SPSR_USER;
        t->space_era = ~(word)0;
        t->domain = (uint8_t)this_core()->domain_born;
        if (THREADS_LISTED)
                list_all(t);
        if (!DEBUG_BUILD || !creator)
                return;
        thread_set_name(t, "child of: '");
        word end = 11;
        for (word i = 0; creator->name[i] && end < THREAD_NAME_MAX - 2; i++)
                t->name[end++] = creator->name[i];
        t->name[end++] = '\'';
        t->name[end] = '\0';
}

void thread_set_name(struct thread *t, const char *name)
{
        word i = 0;

        for (; name[i] && i < THREAD_NAME_MAX - 1; i++)
                t->name[i] = name[i];
        t->name[i] = '\0';
}

void thread_keep_progress(struct thread *t, const struct progress *p)
{
        t->fault.progress = *p;
        t->interrupted = true;
}

void thread_go_on(struct thread *t, struct progress *p)
{
        struct progress *kept = &t->fault.progress;

        if (!t->interrupted)
                return;
        if (kept->what == p->what && kept->start == p->start && kept->end == p->end)
                p->at = kept->at;
        *kept = (struct progress){0};
        t->interrupted = false;
}

enum { BUFFER_UNKNOWN = 1 }; /* no cap begins like this */

void thread_set_buffer(struct thread *t, word address)
{
        t->buffer_address = address;
        t->buffer_cap = BUFFER_UNKNOWN;
}

word *thread_find_buffer(struct thread *t, word rights)
{
        struct cap c = t->slot[TCB_BUFFER].cap;

        if (cap_kind(c) != CAP_FRAME || frame_is_device(c) || (frame_rights(c) & rights) != rights)
                return NULL;
        word *found = window(cap_address(c) + (t->buffer_address & ones(frame_bits(c))));
        if (frame_rights(c) == (RIGHT_READ | RIGHT_WRITE)) {
                t->buffer_cap = c.a;
                t->buffer = found;
        }
        return found;
}
