/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring of events (see trace.h).  Nothing is read from the memory: the kernel keeps its places itself. */
#include "trace/trace.h"
#include "arch/arch.h"
#include "core/home.h"
#include "layout.h"

enum { NAMES_SHARE = 16, HEADER = 128 };

_Static_assert(sizeof(struct tessera_trace_header) <= HEADER, "the header has its place");
_Static_assert(sizeof(struct tessera_trace_event) == 32 && sizeof(struct tessera_trace_name) == 32,
               "both tables have one step");

static void on_core(struct core *core, bool traces)
{
        core->traces = traces;
        core->charges = traces;
        core->home = home_for(core->number, traces);
}

static void on_every_core(bool traces)
{
        for (word n = 0; several_cores() && n < kernel.cores; n++)
                on_core(kernel.peer[n], traces);
        on_core(this_core(), traces);
}

__attribute__((cold)) void trace_start(void *memory, word size)
{
        word places = (size - HEADER) / sizeof(struct tessera_trace_event), names = places / NAMES_SHARE;
        struct tessera_trace_name *first = (void *)((char *)memory + HEADER);
        struct tessera_trace_event *events = (void *)(first + names);

        kernel.trace = (struct trace){
                .next = events,
                .end = events + (places - names),
                .first = events,
                .memory = memory,
                .names = first,
                .names_max = names,
        };
        *kernel.trace.memory = (struct tessera_trace_header){
                .magic = TESSERA_TRACE_MAGIC,
                .hz = kernel.clock_hz,
                .names_at = HEADER,
                .names_max = names,
                .events_at = (word)((char *)events - (char *)memory),
                .events_max = places - names,
        };
        on_every_core(true);
}

__attribute__((cold)) void trace_stop(void)
{
        kernel.trace = (struct trace){0};
        on_every_core(false);
}

__attribute__((cold)) bool trace_name(word object, const word text[3])
{
        struct trace *t = &kernel.trace;

        if (t->named == t->names_max)
                return false;
        struct tessera_trace_name *name = &t->names[t->named++];
        name->object = object;
        for (word i = 0; i < 3; i++)
                ((word *)name->text)[i] = text[i];
        name->text[sizeof(name->text) - 1] = '\0';
        t->memory->names = t->named;
        trace(TESSERA_TRACE_NAME, this_core()->left_to, 0, object, t->named - 1);
        return true;
}

__attribute__((cold)) void trace_forget(word paddr)
{
        if (kernel.trace.memory == window(paddr))
                trace_stop();
}
