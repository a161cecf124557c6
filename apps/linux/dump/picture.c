/* SPDX-License-Identifier: BSD-2-Clause */
/* Pictures: the tree of capabilities, who can talk to whom, memory.  As DOT for the tools of others, and as SVG that needs none. */
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
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" font-family=\"sans-serif\" font-size=\"12\">\n"
                "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
                PAGE, height);
}

static void svg_box(FILE *to, unsigned x, unsigned y, unsigned width, const char *fill, const char *text)
{
        fprintf(to, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\" rx=\"3\" fill=\"%s\" stroke=\"#555\"/><text x=\"%u\" y=\"%u\">", x, y, width, ROW - 2, fill,
                x + 5, y + 11);
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
        struct row *rows = tree_rows(d, &count);

        svg_begin(to, (unsigned)count * ROW + 2 * MARGIN);
        for (size_t i = 0; i < count; i++) {
                unsigned x = MARGIN + rows[i].depth * INDENT, y = MARGIN + (unsigned)i * ROW;

                if (rows[i].parent != i) {
                        svg_line(to, x - INDENT / 2, MARGIN + (unsigned)rows[i].parent * ROW + ROW - 2, x - INDENT / 2, y + ROW / 2);
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
        struct row *rows = tree_rows(d, &count);

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
        for EACH (struct thing, t, d->things) {
                struct thing *who;

                if (!talks(t) && t->kind != THREAD)
                        continue;
                fprintf(to, "n%zu [shape=%s, fillcolor=\"%s\", label=\"", t->number, t->kind == THREAD ? "box" : "ellipse", colour(t->kind));
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

/* Threads stand left and right, what they talk through between them. */
static unsigned place_of(const struct dump *d, const struct thing *wanted)
{
        unsigned row = 0;

        for EACH (struct thing, t, d->things) {
                if (t == wanted)
                        break;
                row += wanted->kind == THREAD ? t->kind == THREAD : talks(t);
        }
        return MARGIN + 20 + row * (ROW + 4);
}

static void svg_talk(struct dump *d, FILE *to)
{
        unsigned threads = 0, ends = 0;

        for EACH (struct thing, t, d->things) {
                threads += t->kind == THREAD;
                ends += talks(t);
        }
        svg_begin(to, (threads > ends ? threads : ends) * (ROW + 4) + 2 * MARGIN + 20);
        fprintf(to, "<text x=\"%d\" y=\"16\">may send</text><text x=\"%d\" y=\"16\">through</text><text x=\"%d\" y=\"16\">may receive</text>\n", MARGIN,
                MARGIN + COLUMN, MARGIN + 2 * COLUMN);
        for EACH (struct thing, t, d->things) {
                unsigned y = talks(t) || t->kind == THREAD ? place_of(d, t) : 0;
                struct thing *who;

                if (t->kind == THREAD) {
                        svg_box(to, MARGIN, y, BOX, colour(THREAD), thing_name(d, t->id));
                        svg_box(to, MARGIN + 2 * COLUMN, y, BOX, colour(THREAD), thing_name(d, t->id));
                } else if (talks(t)) {
                        svg_box(to, MARGIN + COLUMN, y, BOX, colour(t->kind), thing_name(d, t->id));
                        for (size_t at = 0; (who = dump_holder(d, t->id, WRITE, NULL, &at)) != NULL;)
                                svg_line(to, MARGIN + BOX, place_of(d, who) + ROW / 2, MARGIN + COLUMN, y + ROW / 2);
                        for (size_t at = 0; (who = dump_holder(d, t->id, READ, NULL, &at)) != NULL;)
                                svg_line(to, MARGIN + COLUMN + BOX, y + ROW / 2, MARGIN + 2 * COLUMN, place_of(d, who) + ROW / 2);
                }
        }
        fputs("</svg>\n", to);
}

/* A bar for each piece of memory that the kernel gave at the start, with what became of it. */
static void svg_memory(struct dump *d, FILE *to)
{
        enum { BAR = 640, LEAST = 12 };
        char label[LABEL];
        size_t count, top = 0;
        unsigned y = MARGIN, bars = 0;
        struct row *rows = tree_rows(d, &count);

        for (size_t i = 0; i < count; i++)
                bars += rows[i].parent == i && rows[i].cap->kind == UNTYPED && rows[i].cap->bits > LEAST;
        svg_begin(to, bars * (ROW + 6) + 2 * MARGIN);
        for (size_t i = 0; i < count; i++) {
                const struct capability *c = rows[i].cap, *all;
                bool begins = rows[i].parent == i && c->kind == UNTYPED && c->bits > LEAST;

                if (rows[i].parent == i)
                        top = i;
                all = rows[top].cap;
                if (begins) {
                        tree_label(d, &rows[i], label, sizeof(label));
                        fprintf(to, "<text x=\"%d\" y=\"%u\">", MARGIN + BAR + 8, y + 11);
                        put_text(label, to);
                        fprintf(to, "</text><rect x=\"%d\" y=\"%u\" width=\"%d\" height=\"%d\" fill=\"white\" stroke=\"#555\"/>\n", MARGIN, y, BAR, ROW);
                        y += ROW + 6;
                } else if (all->kind == UNTYPED && all->bits > LEAST && c->bits && c->kind != UNTYPED && bars) {
                        double whole = (double)((uint64_t)1 << all->bits);
                        double width = BAR * (double)(rows[i].more + 1) * (double)((uint64_t)1 << c->bits) / whole;

                        fprintf(to, "<rect x=\"%.2f\" y=\"%u\" width=\"%.2f\" height=\"%d\" fill=\"%s\"/>\n", MARGIN + BAR * (double)(cap_memory(c) - all->object) / whole,
                                y - ROW - 6 + 1, width < 0.3 ? 0.3 : width, ROW - 2, colour(c->kind));
                }
        }
        fputs("</svg>\n", to);
        free(rows);
}

bool dot_picture(struct dump *d, const char *what, FILE *to)
{
        bool tree = !strcmp(what, "tree");

        if (tree)
                dot_tree(d, to);
        else if (!strcmp(what, "talk"))
                dot_talk(d, to);
        else
                return false;
        return true;
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
