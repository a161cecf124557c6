/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines into tables. */
#include "dump.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 8192, FIELDS = 160, SLOT_BYTES = 32 };

static void no_memory(void)
{
        fputs("dump: out of memory: the system is too large\n", stderr);
        exit(1);
}

static void *add(struct table *t, size_t size)
{
        if (t->count == t->room) {
                void *more = realloc(t->at, (t->room ? t->room * 2 : 64) * size);

                if (!more)
                        no_memory();
                t->at = more;
                t->room = t->room ? t->room * 2 : 64;
        }
        t->size = size;
        void *one = (char *)t->at + t->count++ * size;
        memset(one, 0, size);
        return one;
}

static size_t *place_of(const struct dump *d, uint64_t id)
{
        size_t at = (size_t)(id >> 4) * 0x9e3779b97f4a7c15u % d->places;

        while (d->place[at] && ((struct thing *)d->things.at)[d->place[at] - 1].id != id)
                at = at + 1 < d->places ? at + 1 : 0;
        return &d->place[at];
}

struct thing *dump_find(const struct dump *d, uint64_t id)
{
        size_t at = d->places && id ? *place_of(d, id) : 0;

        return at ? (struct thing *)d->things.at + (at - 1) : NULL;
}

/* Rebuilds the table with twice as many places. */
static void more_places(struct dump *d)
{
        d->places = d->places ? d->places * 2 : 1024;
        free(d->place);
        d->place = calloc(d->places, sizeof(*d->place));
        if (!d->place)
                no_memory();
        for
                EACH(struct thing, t, d->things)
        *place_of(d, t->id) = t->number;
}

static struct thing *thing(struct dump *d, uint64_t id, enum kind kind)
{
        struct thing *t = dump_find(d, id);

        if (!t) {
                t = add(&d->things, sizeof(*t));
                t->id = id;
                t->kind = kind;
                t->number = d->things.count;
                if (d->things.count * 2 >= d->places)
                        more_places(d);
                else
                        *place_of(d, id) = t->number;
        }
        return t;
}

struct fields {
        char *word[FIELDS];
        uint64_t number[FIELDS];
        unsigned count;
};

static void split(struct fields *f, char *line)
{
        f->count = 0;
        for (char *w = strtok(line, " \t\r\n"); w && f->count < FIELDS; w = strtok(NULL, " \t\r\n")) {
                f->number[f->count] = strtoull(w, NULL, 16);
                f->word[f->count++] = w;
        }
}

static bool read_cap(struct dump *d, const struct fields *f)
{
        if (f->count != 10)
                return false;
        struct capability *c = add(&d->caps, sizeof(*c));
        const uint64_t *n = f->number + 1;

        *c = (struct capability){.container = n[0],
                                 .index = (uint32_t)n[1],
                                 .slot = n[0] + n[1] * SLOT_BYTES,
                                 .kind = (unsigned)n[2] % KINDS,
                                 .object = n[3],
                                 .bits = (unsigned)n[4],
                                 .info = (unsigned)n[5],
                                 .word = n[6],
                                 .next = n[7],
                                 .original = n[8]};
        if (c->kind == LINE)
                c->object = c->word << 8 | 2; /* lines have numbers */
        return true;
}

static bool read_object(struct dump *d, const struct fields *f, enum kind kind)
{
        unsigned words = f->count - 2, own = kind == CONTEXT ? 8 : words;

        if (f->count < 3)
                return false;
        struct thing *t = thing(d, f->number[1], kind);

        for (unsigned i = 0; i < own && i < words && i < WORDS; i++)
                t->word[i] = f->number[2 + i];
        for (unsigned i = own; i + 1 < words && t->refills < REFILLS; i += 2) {
                t->refill[t->refills][0] = f->number[2 + i];
                t->refill[t->refills++][1] = f->number[3 + i];
        }
        return true;
}

static bool read_container(struct dump *d, const struct fields *f)
{
        struct container *c = f->count == 4 ? add(&d->containers, sizeof(*c)) : NULL;

        if (!c)
                return false;
        *c = (struct container){.id = f->number[1], .slots = f->number[2]};
        snprintf(c->path, sizeof(c->path), "%s", f->word[3]);
        return true;
}

static bool read_mapping(struct dump *d, const struct fields *f)
{
        const uint64_t *n = f->number;
        struct mapping *m = f->count == 5 ? add(&d->mappings, sizeof(*m)) : NULL;

        if (!m)
                return false;
        *m = (struct mapping){n[1], n[2], n[3], n[4]};
        return true;
}

static bool read_name(struct dump *d, const struct fields *f)
{
        struct thing *t = f->count == 3 ? dump_find(d, f->number[1]) : NULL;

        if (t)
                snprintf(t->name, sizeof(t->name), "%s", f->word[2]);
        return f->count == 3;
}

static bool read_end(struct dump *d, const struct fields *f)
{
        d->whole = f->count == 3;
        d->generations = f->number[1];
        d->calls = f->number[2];
        return d->whole;
}

static bool read_line(struct dump *d, const struct fields *f)
{
        static const struct {
                const char *name;
                enum kind kind;
        } objects[] = {{"thread", THREAD},     {"context", CONTEXT},
                       {"endpoint", ENDPOINT}, {"notification", NOTIFICATION},
                       {"reply", REPLY},       {"line", LINE}};

        static const struct {
                const char *name;
                bool (*read)(struct dump *d, const struct fields *f);
        } others[] = {{"cap", read_cap},
                      {"container", read_container},
                      {"map", read_mapping},
                      {"name", read_name},
                      {"end", read_end}};

        for (unsigned i = 0; i < sizeof(objects) / sizeof(*objects); i++) {
                if (!strcmp(f->word[0], objects[i].name))
                        return read_object(d, f, objects[i].kind);
        }
        for (unsigned i = 0; i < sizeof(others) / sizeof(*others); i++) {
                if (!strcmp(f->word[0], others[i].name))
                        return others[i].read(d, f);
        }
        return false;
}

bool dump_read(struct dump *d, FILE *from, unsigned long *line, const char **why)
{
        static char text[LINE_BYTES];
        struct fields f;
        bool begun = false;

        *line = 0;
        *why = "it has no line `dump HZ`: is this a dump?";
        while (!d->whole && fgets(text, sizeof(text), from)) {
                ++*line;
                split(&f, text);
                if (!begun && f.count == 2 && !strcmp(f.word[0], "dump")) {
                        d->hz = f.number[1];
                        begun = true;
                } else if (begun && f.count && !read_line(d, &f)) {
                        *why = "this is not a line of a dump";
                        return false;
                }
        }
        if (begun && !d->whole)
                *why = "its end is missing: was all of it saved?";
        return d->whole;
}
