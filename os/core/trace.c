/* SPDX-License-Identifier: BSD-2-Clause */
/* See trace.h.  The kernel writes the memory, so it is read as data that changes at any time. */
#include "os/core/trace.h"
#include "base/text.h"
#include "os/core/object.h"
#include "sos/proto.h"
#include <tessera/trace.h>

enum { NAME_WORDS = 3, NAME_CUT = 15, PAGES = 1 << (seL4_LargePageBits - seL4_PageBits) };

static const seL4_Word bytes_of_memory = 1ul << seL4_LargePageBits;

static struct {
        struct object frame;
        const volatile struct tessera_trace_header *memory;
        bool runs;
        struct {
                seL4_CPtr cap;
                const char *name;
        } always[TRACE_ALWAYS];
        unsigned count;
} trace;

static seL4_Word invoke(seL4_Word label, seL4_CPtr about, seL4_Word words)
{
        if (about)
                seL4_SetCap(0, about);
        return seL4_MessageInfo_get_label(
                seL4_Call(seL4_CapIRQControl, seL4_MessageInfo_new(label, 0, about != 0, words)));
}

static bool make_memory(void)
{
        seL4_Word at;

        if (trace.frame.ut)
                return true;
        at = vspace_find_free(&root_vspace, PAGES, seL4_LargePageBits);
        if (!at || !object_make(&trace.frame, seL4_ARM_LargePageObject, 0))
                return false;
        if (vspace_map(&root_vspace, trace.frame.cap, at, seL4_LargePageBits, VSPACE_R)) {
                object_free(&trace.frame);
                return false;
        }
        trace.memory = (const void *)at;
        return true;
}

int trace_begin(void)
{
        if (trace.runs)
                return SOS_EBUSY;
        if (!make_memory())
                return SOS_ENOMEM;
        trace.runs = invoke(TESSERA_TraceStart, trace.frame.cap, 0) == seL4_NoError;
        for (unsigned i = 0; i < trace.count; i++)
                trace_known(trace.always[i].cap, trace.always[i].name, 0);
        if (trace.runs)
                return 0;
        trace_drop();
        return SOS_ENOSYS;
}

bool trace_end(void)
{
        bool ran = trace.runs;

        if (ran)
                invoke(TESSERA_TraceStop, 0, 0);
        trace.runs = false;
        return ran;
}

void trace_drop(void)
{
        trace_end();
        if (trace.memory)
                vspace_unmap(&root_vspace, (seL4_Word)trace.memory, PAGES);
        object_free(&trace.frame);
        trace.memory = NULL;
}

void trace_known(seL4_CPtr cap, const char *name, int number)
{
        char cut[NAME_CUT + 1];
        seL4_Word words[NAME_WORDS] = {0};
        struct text t = {.buffer = (char *)words, .size = sizeof(words) - 1};

        if (!trace.runs)
                return;
        string_cut(cut, name, sizeof(cut));
        text_add(&t, number ? "%s[%d]" : "%s", cut, number);
        for (seL4_Word i = 0; i < NAME_WORDS; i++)
                seL4_SetMR((int)i, words[i]);
        invoke(TESSERA_TraceName, cap, NAME_WORDS);
}

void trace_always(seL4_CPtr cap, const char *name)
{
        if (trace.count == TRACE_ALWAYS)
                return;
        trace.always[trace.count].cap = cap;
        trace.always[trace.count++].name = name;
}

struct trace_state trace_state(void)
{
        struct trace_state s = {.runs = trace.runs};

        if (!trace.memory)
                return s;
        s.paddr = ut_paddr(trace.frame.ut);
        s.bytes = bytes_of_memory;
        s.written = trace.memory->written;
        s.lost = s.written > trace.memory->events_max ? s.written - trace.memory->events_max : 0;
        return s;
}

size_t trace_read(seL4_Word at, void *to, size_t size)
{
        size_t bytes = trace.memory ? bytes_of_memory : 0;

        if (at >= bytes)
                return 0;
        if (size > bytes - at)
                size = bytes - at;
        memcpy(to, (const char *)trace.memory + at, size);
        return size;
}
