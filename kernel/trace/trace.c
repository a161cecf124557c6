/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring of events (see trace.h).  Nothing is read from the memory: the kernel keeps its places itself. */
#include "trace/trace.h"
#include "arch/arch.h"
#include "layout.h"

enum { NAMES_SHARE = 16, HEADER = 128 };

_Static_assert(sizeof(struct tessera_trace_header) <= HEADER, "the header has its place");
_Static_assert(sizeof(struct tessera_trace_event) == 32 && sizeof(struct tessera_trace_name) == 32,
               "both tables have one step");

void trace_record(word kind, word who, word a, word b)
{
        struct trace *t = &this_core()->trace;

        t->events[t->event_at] = (struct tessera_trace_event){arch_now() << 8 | kind, who, a, b};
        t->event_at = t->event_at + 1 < t->events_max ? t->event_at + 1 : 0;
        t->memory->written = ++t->written;
}

__attribute__((cold)) void trace_start(void *memory, word size)
{
        word places = (size - HEADER) / sizeof(struct tessera_trace_event), names = places / NAMES_SHARE;
        struct tessera_trace_name *first = (void *)((char *)memory + HEADER);
        struct trace *t = &this_core()->trace;

        *t = (struct trace){
                .memory = memory,
                .names = first,
                .names_max = names,
                .events = (void *)(first + names),
                .events_max = places - names,
        };
        *t->memory = (struct tessera_trace_header){
                .magic = TESSERA_TRACE_MAGIC,
                .hz = kernel.clock_hz,
                .names_at = HEADER,
                .names_max = names,
                .events_at = (word)((char *)t->events - (char *)memory),
                .events_max = t->events_max,
        };
}

__attribute__((cold)) void trace_stop(void)
{
        this_core()->trace = (struct trace){0};
}

__attribute__((cold)) bool trace_name(word object, const word text[3])
{
        struct trace *t = &this_core()->trace;

        if (t->named == t->names_max)
                return false;
        struct tessera_trace_name *name = &t->names[t->named++];
        name->object = object;
        for (word i = 0; i < 3; i++)
                ((word *)name->text)[i] = text[i];
        name->text[sizeof(name->text) - 1] = '\0';
        t->memory->names = t->named;
        trace_record(TESSERA_TRACE_NAME, (word)t->left_to, object, t->named - 1);
        return true;
}

__attribute__((cold)) void trace_forget(word paddr)
{
        if (this_core()->trace.memory == window(paddr))
                trace_stop();
}
