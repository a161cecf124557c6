/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of objects and threads for people. */
#include "dump.h"

#include <inttypes.h>

const char *kind_name(unsigned kind)
{
        static const char *const names[KINDS] = {
                [0] = "empty",          [FRAME] = "frame",       [UNTYPED] = "untyped",
                [3] = "page table",     [ENDPOINT] = "endpoint", [NOTIFICATION] = "notification",
                [REPLY] = "reply",      [VSPACE] = "space",      [CNODE] = "CNode",
                [11] = "ASIDs",         [THREAD] = "thread",     [13] = "ASID pool",
                [14] = "all lines",     [15] = "VCPU",           [LINE] = "line",
                [18] = "being deleted", [20] = "domains",        [CONTEXT] = "context",
                [24] = "time",          [25] = "firmware",       [27] = "interrupt",
        };

        return kind < KINDS && names[kind] ? names[kind] : "?";
}

const char *state_name(unsigned state)
{
        static const char *const names[] = {
                "stopped", "runs", "runs", "sends", "receives", "listens", "waits for an answer"};

        return state < sizeof(names) / sizeof(*names) ? names[state] : "?";
}

const char *thing_name(const struct dump *d, uint64_t id)
{
        enum { BUFFERS = 8, BYTES = 48 };
        static char buffer[BUFFERS][BYTES];
        static unsigned turn;
        const struct thing *t = id ? dump_find(d, id) : NULL;
        char *to = buffer[turn++ % BUFFERS];

        if (!id)
                return "-";
        if (t && t->name[0])
                return t->name;
        if (t)
                snprintf(to, BYTES, "%s %zu", kind_name(t->kind), t->number);
        else
                snprintf(to, BYTES, "0x%" PRIx64, id);
        return to;
}

unsigned thread_state(const struct thing *t)
{
        return t->word[0] & 0xff;
}

unsigned thread_priority(const struct thing *t)
{
        return t->word[0] >> 8 & 0xff;
}

/* Several cores have one domain, and the number tells the core. */
unsigned thread_core(const struct thing *t)
{
        return t->word[0] >> 24 & 0xff;
}
