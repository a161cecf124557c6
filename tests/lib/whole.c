/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/lib/whole.h"
#include "invoke/invoke.h"
#include "tessera/dump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONTAINERS = 512, CALLS_MAX = 100000, ONE_OBJECT_MAX = 20000 };

static struct {
        word buffer[128];
        word path[TESSERA_DUMP_PATH], depth;
        word seen[CONTAINERS], seen_count;
        struct whole found;
        struct thread spy; /* last: names of threads have no fixed size */
} w;

/* Fuzzers have no cases to fail. */
static void need(bool good, int line)
{
        if (good)
                return;
        fprintf(stderr, "tests/lib/whole.c:%d: the dump is wrong\n", line);
        abort();
}

#define NEED(x) need((x), __LINE__)

/* One call at the path; returns the number of words in the reply, 0 when it was refused.  *next: where to continue. */
static word ask(word label, word from, word *next)
{
        word *x = &w.spy.context.x[REG_MESSAGE];
        struct request r = {
                .caller = &w.spy, .buffer = w.buffer, .label = label, .length = 2 + w.depth, .call = true};

        x[0] = from;
        x[1] = w.depth;
        for (word i = 0; i < w.depth; i++) {
                if (i < 2)
                        x[2 + i] = w.path[i];
                else
                        w.buffer[BUFFER_MESSAGE + 2 + i] = w.path[i];
        }
        w.found.calls++;
        NEED(w.found.calls < CALLS_MAX);
        if (invoke_dump(&r) != DONE)
                return 0;
        NEED(r.answer_length >= TESSERA_DUMP_HEAD && r.answer_length <= MESSAGE_WORDS);
        memcpy(&w.buffer[BUFFER_MESSAGE], x, MESSAGE_REGISTERS * sizeof(word));
        *next = x[1];
        return r.answer_length;
}

static void one_object(void)
{
        word from = 0, calls = 0;

        do {
                word words = ask(TESSERA_DumpObject, from, &from);

                NEED(words != 0);
                NEED(++calls < ONE_OBJECT_MAX);
                if (w.buffer[BUFFER_MESSAGE + 2] == CAP_TCB)
                        w.found.threads++;
                if (w.buffer[BUFFER_MESSAGE + 2] == CAP_VSPACE)
                        w.found.pages += (words - TESSERA_DUMP_HEAD) / 3;
        } while (from);
}

static bool is_new(word container)
{
        for (word i = 0; i < w.seen_count; i++) {
                if (w.seen[i] == container)
                        return false;
        }
        if (w.seen_count == CONTAINERS)
                return false;
        w.seen[w.seen_count++] = container;
        return true;
}

static void container(void);

static void one_slot(const word *told, word first)
{
        word index = TESSERA_DUMP_INDEX(told[0]);
        const struct slot *s = (const struct slot *)first + index;

        NEED(cap_kind(s->cap) == TESSERA_DUMP_KIND(told[0]) && told[2] == s->cap.b &&
             told[3] == (word)slot_next(s));
        w.found.slots++;
        if (w.depth == TESSERA_DUMP_PATH)
                return;
        w.path[w.depth++] = index;
        one_object();
        if (cap_kind(s->cap) == CAP_CNODE || cap_kind(s->cap) == CAP_TCB)
                container();
        w.depth--;
}

static void container(void)
{
        word from = 0, words, told[MESSAGE_WORDS];
        bool begun = false;

        do {
                words = ask(TESSERA_DumpSlots, from, &from);
                NEED(words != 0);
                memcpy(told, &w.buffer[BUFFER_MESSAGE], words * sizeof(word));
                if (!begun && !is_new(told[2]))
                        return;
                begun = true;
                for (word i = TESSERA_DUMP_HEAD; i < words; i += TESSERA_DUMP_SLOT_WORDS)
                        one_slot(&told[i], told[2]);
        } while (from);
}

struct whole whole_dump(struct cap root)
{
        static struct kernel before;

        memcpy(&before, &kernel, sizeof(before));
        memset(&w, 0, sizeof(w));
        w.spy.slot[TCB_CSPACE].cap = root;
        w.spy.slot[TCB_BUFFER].cap.a = 1; /* the kernel knows where its buffer is */
        w.spy.buffer_cap = 1;
        w.spy.buffer = w.buffer;
        if (cap_kind(root) == CAP_CNODE)
                container();
        NEED(memcmp(&before, &kernel, sizeof(before)) == 0);
        return w.found;
}
