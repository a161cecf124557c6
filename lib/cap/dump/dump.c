/* SPDX-License-Identifier: BSD-2-Clause */
/* See dump.h.  A walk without recursion: one level for each container on the path. */
#include "dump.h"

enum { KIND_VSPACE = 9, KIND_CNODE = 10, KIND_TCB = 12, KIND_LINE = 16, KINDS = 32 };

/* What is asked for, and the name of its line; page tables, frames and memory are reported with their caps. */
static const char *const line_of[KINDS] = {
        [4] = "endpoint",    [6] = "notification",  [8] = "reply",        [KIND_VSPACE] = "map",
        [KIND_CNODE] = NULL, [KIND_TCB] = "thread", [KIND_LINE] = "line", [22] = "context",
};

/* One call; the words of its answer are in the IPC buffer.  0: refused. */
static seL4_Word ask(struct dump *d, seL4_Word label, seL4_Word from, seL4_Word steps)
{
        seL4_MessageInfo_t info;

        seL4_SetMR(0, from);
        seL4_SetMR(1, steps);
        for (seL4_Word i = 0; i < steps; i++)
                seL4_SetMR((int)(2 + i), d->path[i]);
        info = seL4_Call(d->control, seL4_MessageInfo_new(label, 0, 0, 2 + steps));
        d->calls++;
        if (seL4_MessageInfo_get_label(info) != seL4_NoError)
                return 0;
        if (seL4_GetMR(0) != d->generation)
                d->generations++;
        d->generation = seL4_GetMR(0);
        return seL4_MessageInfo_get_length(info);
}

bool dump_is_there(seL4_CPtr control)
{
        seL4_SetMR(0, 0);
        seL4_SetMR(1, 0);
        return seL4_MessageInfo_get_label(
                       seL4_Call(control, seL4_MessageInfo_new(TESSERA_DumpSlots, 0, 0, 2))) == seL4_NoError;
}

void dump_begin(struct dump *d, seL4_CPtr control, seL4_Word hz, seL4_Word *seen, seL4_Word size)
{
        *d = (struct dump){.control = control, .hz = hz, .seen = seen, .size = size};
        for (seL4_Word i = 0; i < size; i++)
                seen[i] = 0;
        d->level[0].fresh = true;
}

/* True the first time that an object is met. */
static bool is_new(struct dump *d, seL4_Word object)
{
        seL4_Word at = (object >> 4) * 0x9e3779b97f4a7c15ul % d->size;

        if (d->used * 4 >= d->size * 3)
                return true;
        while (d->seen[at] && d->seen[at] != object)
                at = at + 1 < d->size ? at + 1 : 0;
        if (d->seen[at])
                return false;
        d->seen[at] = object;
        d->used++;
        return true;
}

static void add_path(struct dump *d, struct text *t)
{
        if (!d->depth)
                text_add(t, " -");
        for (seL4_Word i = 0; i < d->depth; i++)
                text_add(t, i ? ".%lx" : " %lx", d->path[i]);
        text_add(t, "\n");
}

/* Some more slots of the innermost container, or it is done. */
static void more_slots(struct dump *d, struct text *t)
{
        struct dump_level *l = &d->level[d->depth];
        seL4_Word words = ask(d, TESSERA_DumpSlots, l->next, d->depth);
        bool begins = l->fresh;

        l->fresh = l->more = false;
        l->words = l->at = 0;
        if (words < TESSERA_DUMP_HEAD)
                return;
        l->id = seL4_GetMR(2);
        l->next = seL4_GetMR(1);
        if (begins) {
                seL4_Word count = seL4_GetMR(3);

                if (!is_new(d, l->id | 1))
                        return;
                text_add(t, "container %lx %lx", l->id, count);
                add_path(d, t);
        }
        l->more = l->next != 0;
        for (; l->words < words - TESSERA_DUMP_HEAD && l->words < DUMP_CHUNK; l->words++)
                l->told[l->words] = seL4_GetMR((int)(TESSERA_DUMP_HEAD + l->words));
}

/* What the object at the end of the path (with one step more) says, or goes on to say. */
static void tell_object(struct dump *d, struct text *t)
{
        seL4_Word words = ask(d, TESSERA_DumpObject, d->from, d->depth + 1), kind = seL4_GetMR(2), id = d->id,
                  word;

        d->from = words ? seL4_GetMR(1) : 0;
        d->object = d->from != 0;
        if (words < TESSERA_DUMP_HEAD || kind >= KINDS || !line_of[kind])
                return;
        if (kind != KIND_VSPACE)
                text_add(t, "%s %lx", line_of[kind], id);
        for (seL4_Word i = TESSERA_DUMP_HEAD; i < words; i++) {
                if (kind == KIND_VSPACE && (i - TESSERA_DUMP_HEAD) % 3 == 0)
                        text_add(t, i > TESSERA_DUMP_HEAD ? "\nmap %lx" : "map %lx", id);
                word = seL4_GetMR((int)i);
                text_add_words(t, &word, 1);
        }
        if (kind != KIND_VSPACE || words > TESSERA_DUMP_HEAD)
                text_add(t, "\n");
}

static void tell_cap(const struct dump_level *l, const seL4_Word *w, struct text *t)
{
        const seL4_Word words[] = {l->id,
                                   TESSERA_DUMP_INDEX(w[0]),
                                   TESSERA_DUMP_KIND(w[0]),
                                   w[1],
                                   TESSERA_DUMP_BITS(w[0]),
                                   TESSERA_DUMP_INFO(w[0]),
                                   w[2],
                                   w[3],
                                   TESSERA_DUMP_ORIGINAL(w[0])};

        text_add(t, "cap");
        text_add_words(t, words, sizeof(words) / sizeof(*words));
        text_add(t, "\n");
}

/* The next slot: its cap, what it names, and down into that. */
static void one_slot(struct dump *d, struct text *t)
{
        struct dump_level *l = &d->level[d->depth];
        const seL4_Word *w = &l->told[l->at];
        seL4_Word kind = TESSERA_DUMP_KIND(w[0]);

        tell_cap(l, w, t);
        l->at += TESSERA_DUMP_SLOT_WORDS;
        if (d->depth == TESSERA_DUMP_PATH)
                return;
        d->path[d->depth] = TESSERA_DUMP_INDEX(w[0]);
        d->id = kind == KIND_LINE ? DUMP_LINE_ID(w[2]) : w[1];
        if (line_of[kind] && is_new(d, d->id)) {
                d->from = 0;
                tell_object(d, t);
        }
        if (kind == KIND_CNODE || kind == KIND_TCB) {
                d->depth++;
                d->level[d->depth] = (struct dump_level){.fresh = true};
        }
}

bool dump_step(struct dump *d, struct text *t)
{
        struct dump_level *l = &d->level[d->depth];

        if (d->ended)
                return false;
        if (!d->calls)
                text_add(t, "dump %lx\n", d->hz);
        if (d->object)
                tell_object(d, t);
        else if (l->at + TESSERA_DUMP_SLOT_WORDS <= l->words)
                one_slot(d, t);
        else if (l->fresh || l->more)
                more_slots(d, t);
        else if (d->depth)
                d->depth--;
        else
                d->ended = true;
        return !d->ended;
}

void dump_end(const struct dump *d, struct text *t)
{
        text_add(t, "end %lx %lx\n", d->generations, d->calls);
}
