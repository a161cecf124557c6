/* SPDX-License-Identifier: BSD-2-Clause */
/* Equal stacks, counted in a tree from the outermost function on. */
#include <stdlib.h>
#include <string.h>

#include "profile.h"

enum { SHOWN = 12, FUNCTIONS = 512 };

static struct frame *callee(struct frame *f, const char *name)
{
        struct frame *c = f->first;

        while (c && strcmp(c->name, name))
                c = c->next;
        if (c)
                return c;
        c = calloc(1, sizeof(*c));
        if (!c)
                return f;
        memcpy(c->name, name, NAME);
        c->next = f->first;
        f->first = c;
        return c;
}

void stacks_add(struct frame *root, const uint64_t *pc, unsigned depth)
{
        struct frame *f = root;
        char name[NAME];

        f->all++;
        while (depth > 0) {
                struct frame *c;

                symbol_name(pc[--depth], name);
                c = callee(f, name);
                c->all += c != f;
                f = c;
        }
        f->self++;
}

static void write_below(const struct frame *f, char *path, size_t length, FILE *to)
{
        if (f->self)
                fprintf(to, "%.*s %u\n", (int)length, path, f->self);
        for (const struct frame *c = f->first; c; c = c->next) {
                size_t more = strlen(c->name);

                path[length] = ';';
                memcpy(path + length + 1, c->name, more);
                write_below(c, path, length + 1 + more, to);
        }
}

void stacks_write(const struct frame *root, FILE *to)
{
        static char path[(DEPTH + 2) * (NAME + 1)];

        memcpy(path, root->name, strlen(root->name));
        write_below(root, path, strlen(root->name), to);
}

/* --- by function --- */

static struct {
        const char *name;
        unsigned self;
} function[FUNCTIONS];
static unsigned functions;

static void gather(const struct frame *f)
{
        unsigned i = 0;

        while (i < functions && strcmp(function[i].name, f->name))
                i++;
        if (f->self && i < FUNCTIONS) {
                functions += i == functions;
                function[i].name = f->name;
                function[i].self += f->self;
        }
        for (const struct frame *c = f->first; c; c = c->next)
                gather(c);
}

void stacks_show(const struct frame *root)
{
        gather(root);
        for (unsigned shown = 0; shown < SHOWN; shown++) {
                unsigned best = 0;

                for (unsigned i = 1; i < functions; i++) {
                        if (function[i].self > function[best].self)
                                best = i;
                }
                if (!functions || !function[best].self)
                        return;
                printf("%5.1f %%  %s\n", 100.0 * function[best].self / root->all, function[best].name);
                function[best].self = 0;
        }
}
