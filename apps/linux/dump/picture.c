/* SPDX-License-Identifier: BSD-2-Clause */
/* Pictures: the tree of capabilities, who can talk to whom, memory.  As DOT for other tools, and as SVG, which needs none. */
#include "dump.h"
#include "tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ROW = 16, INDENT = 18, MARGIN = 10, COLUMN = 330, BOX = 230, LABEL = 160, PAGE = 940 };

static const char *colour(unsigned kind)
{
        switch (kind) {
        case UNTYPED:
                return "#d9d9d9";
        case FRAME:
                return "#8dd3c7";
        case CNODE:
                return "#ffed6f";
        case THREAD:
                return "#80b1d3";
        case CONTEXT:
                return "#bebada";
        case ENDPOINT:
                return "#fb8072";
        case NOTIFICATION:
                return "#fdb462";
        case VSPACE:
                return "#b3de69";
        default:
                return "#ffffff";
        }
}

/* Names come from users. */
static void put_text(const char *s, FILE *to)
{
        for (; *s; s++) {
                if (strchr("<>&\"\\", *s) || (unsigned char)*s < ' ')
                        fprintf(to, "&#%u;", (unsigned char)*s);
                else
                        fputc(*s, to);
        }
}

static void svg_begin(FILE *to, unsigned height)
{
        fprintf(to,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" "
                "font-family=\"sans-serif\" font-size=\"12\">\n"
                "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
                PAGE, height);
}

static void svg_box(FILE *to, unsigned x, unsigned y, unsigned width, const char *fill, const char *text)
{
        fprintf(to,
                "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\" rx=\"3\" fill=\"%s\" "
                "stroke=\"#555\"/><text x=\"%u\" y=\"%u\">",
                x, y, width, ROW - 2, fill, x + 5, y + 11);
        put_text(text, to);
        fputs("</text>\n", to);
}

static void svg_line(FILE *to, unsigned x1, unsigned y1, unsigned x2, unsigned y2)
{
        fprintf(to, "<path d=\"M%u %uL%u %u\" stroke=\"#555\" fill=\"none\"/>\n", x1, y1, x2, y2);
}

static void svg_tree(struct dump *d, FILE *to)
{
        char label[LABEL];
        size_t count;
        struct row *rows = tree_rows(d, false, &count);

        svg_begin(to, (unsigned)count * ROW + 2 * MARGIN);
        for (size_t i = 0; i < count; i++) {
                unsigned x = MARGIN + rows[i].depth * INDENT, y = MARGIN + (unsigned)i * ROW;

                if (rows[i].parent != i) {
                        svg_line(to, x - INDENT / 2, MARGIN + (unsigned)rows[i].parent * ROW + ROW - 2,
                                 x - INDENT / 2, y + ROW / 2);
                        svg_line(to, x - INDENT / 2, y + ROW / 2, x, y + ROW / 2);
                }
                tree_label(d, &rows[i], label, sizeof(label));
                svg_box(to, x, y, BOX + 100, colour(rows[i].cap->kind), label);
        }
        fputs("</svg>\n", to);
        free(rows);
}

static void dot_tree(struct dump *d, FILE *to)
{
        char label[LABEL];
        size_t count;
        struct row *rows = tree_rows(d, false, &count);

        fputs("digraph capabilities {\nrankdir=LR; node [shape=box, style=filled];\n", to);
        for (size_t i = 0; i < count; i++) {
                tree_label(d, &rows[i], label, sizeof(label));
                fprintf(to, "n%zu [fillcolor=\"%s\", label=\"", i, colour(rows[i].cap->kind));
                put_text(label, to);
                fputs("\"];\n", to);
                if (rows[i].parent != i)
                        fprintf(to, "n%zu -> n%zu;\n", rows[i].parent, i);
        }
        fputs("}\n", to);
        free(rows);
}

static bool talks(const struct thing *t)
{
        return t->kind == ENDPOINT || t->kind == NOTIFICATION;
}

static void dot_talk(struct dump *d, FILE *to)
{
        fputs("digraph talk {\nrankdir=LR; node [style=filled];\n", to);
        for
                EACH(struct thing, t, d->things)
                {
                        struct thing *who;

                        if (!talks(t) && t->kind != THREAD)
                                continue;
                        fprintf(to, "n%zu [shape=%s, fillcolor=\"%s\", label=\"", t->number,
                                t->kind == THREAD ? "box" : "ellipse", colour(t->kind));
                        put_text(thing_name(d, t->id), to);
                        fputs("\"];\n", to);
                        if (t->kind == THREAD)
                                continue;
                        for (size_t at = 0; (who = dump_holder(d, t->id, WRITE, NULL, &at)) != NULL;)
                                fprintf(to, "n%zu -> n%zu;\n", who->number, t->number);
                        for (size_t at = 0; (who = dump_holder(d, t->id, READ, NULL, &at)) != NULL;)
                                fprintf(to, "n%zu -> n%zu;\n", t->number, who->number);
                }
        fputs("}\n", to);
}

/* Threads are on the left and right, the objects they talk through between them. */
static unsigned place_of(const struct dump *d, const struct thing *wanted)
{
        unsigned row = 0;

        for
                EACH(struct thing, t, d->things)
                {
                        if (t == wanted)
                                break;
                        row += wanted->kind == THREAD ? t->kind == THREAD : talks(t);
                }
        return MARGIN + 20 + row * (ROW + 4);
}

/* The lines from those who may send, to those who may receive. */
static void talk_lines(struct dump *d, const struct thing *t, unsigned y, FILE *to)
{
        struct thing *who;
        size_t at = 0;

        while ((who = dump_holder(d, t->id, WRITE, NULL, &at)) != NULL)
                svg_line(to, MARGIN + BOX, place_of(d, who) + ROW / 2, MARGIN + COLUMN, y + ROW / 2);
        at = 0;
        while ((who = dump_holder(d, t->id, READ, NULL, &at)) != NULL)
                svg_line(to, MARGIN + COLUMN + BOX, y + ROW / 2, MARGIN + 2 * COLUMN,
                         place_of(d, who) + ROW / 2);
}

static void talk_one(struct dump *d, const struct thing *t, FILE *to)
{
        const char *name = thing_name(d, t->id);
        unsigned y;

        if (t->kind == THREAD) {
                y = place_of(d, t);
                svg_box(to, MARGIN, y, BOX, colour(THREAD), name);
                svg_box(to, MARGIN + 2 * COLUMN, y, BOX, colour(THREAD), name);
        } else if (talks(t)) {
                y = place_of(d, t);
                svg_box(to, MARGIN + COLUMN, y, BOX, colour(t->kind), name);
                talk_lines(d, t, y, to);
        }
}

static void svg_talk(struct dump *d, FILE *to)
{
        static const char *const heads[] = {"may send", "through", "may receive"};
        unsigned threads = 0, ends = 0;

        for
                EACH(struct thing, t, d->things)
                {
                        threads += t->kind == THREAD;
                        ends += talks(t);
                }
        svg_begin(to, (threads > ends ? threads : ends) * (ROW + 4) + 2 * MARGIN + 20);
        for (int i = 0; i < 3; i++)
                fprintf(to, "<text x=\"%d\" y=\"16\">%s</text>\n", MARGIN + i * COLUMN, heads[i]);
        for
                EACH(struct thing, t, d->things)
        talk_one(d, t, to);
        fputs("</svg>\n", to);
}

enum { LEAST = 12 };

/* The pieces that the kernel gave at the start and that are more than a page; devices only when they are used. */
static bool has_bar(const struct row *r, size_t i)
{
        return r->parent == i && r->cap->kind == UNTYPED && r->cap->bits > LEAST &&
               (!(r->cap->info & 64) || r->cap->word);
}

enum { BAR = 640, BAR_STEP = ROW + 6 };

static void draw_bar(const struct dump *d, const struct row *r, unsigned y, FILE *to)
{
        char label[LABEL];

        tree_label(d, r, label, sizeof(label));
        fprintf(to, "<text x=\"%d\" y=\"%u\">", MARGIN + BAR + 8, y + 11);
        put_text(label, to);
        fprintf(to,
                "</text><rect x=\"%d\" y=\"%u\" width=\"%d\" height=\"%d\" fill=\"white\" "
                "stroke=\"#555\"/>\n",
                MARGIN, y, BAR, ROW);
}

/* An object in the bar of the memory that it was made from. */
static void draw_object(const struct capability *c, const struct capability *all, unsigned y, FILE *to)
{
        static const double least = 0.3;
        double whole = (double)((uint64_t)1 << all->bits),
               width = BAR * (double)((uint64_t)1 << c->bits) / whole;

        fprintf(to, "<rect x=\"%.2f\" y=\"%u\" width=\"%.2f\" height=\"%d\" fill=\"%s\"/>\n",
                MARGIN + BAR * (double)(cap_memory(c) - all->object) / whole, y + 1,
                width < least ? least : width, ROW - 2, colour(c->kind));
}

/* A bar for each piece of memory that the kernel gave at the start, with what became of it. */
static void svg_memory(struct dump *d, FILE *to)
{
        size_t count, top = 0;
        unsigned y = MARGIN - BAR_STEP, bars = 0;
        struct row *rows = tree_rows(d, true, &count);

        for (size_t i = 0; i < count; i++)
                bars += has_bar(&rows[i], i);
        svg_begin(to, bars * BAR_STEP + 2 * MARGIN);
        for (size_t i = 0; i < count; i++) {
                const struct capability *c = rows[i].cap;

                top = rows[i].parent == i ? i : top;
                if (has_bar(&rows[i], i))
                        draw_bar(d, &rows[i], y += BAR_STEP, to);
                else if (has_bar(&rows[top], top) && c->bits && c->kind != UNTYPED)
                        draw_object(c, rows[top].cap, y, to);
        }
        fputs("</svg>\n", to);
        free(rows);
}

bool dot_picture(struct dump *d, const char *what, FILE *to)
{
        bool tree = !strcmp(what, "tree"), talk = !strcmp(what, "talk");

        if (tree)
                dot_tree(d, to);
        if (talk)
                dot_talk(d, to);
        return tree || talk;
}

bool svg_picture(struct dump *d, const char *what, FILE *to)
{
        static const struct {
                const char *name;
                void (*draw)(struct dump *d, FILE *to);
        } pictures[] = {{"tree", svg_tree}, {"talk", svg_talk}, {"memory", svg_memory}};

        for (unsigned i = 0; i < sizeof(pictures) / sizeof(*pictures); i++) {
                if (!strcmp(what, pictures[i].name)) {
                        pictures[i].draw(d, to);
                        return true;
                }
        }
        return false;
}
