/* SPDX-License-Identifier: BSD-2-Clause */
/* A picture of a system as SVG: domains as boxes with their interrupts, channels as arrows, memory regions below. */
#include "tools/microkit/microkit.h"

enum { BOX_WIDTH = 190, BOX_HEIGHT = 64, GAP_X = 70, GAP_Y = 90, MARGIN = 30, COLUMNS = 6, NAME_BYTES = 20 };

static void put_name(FILE *f, const char *text)
{
        for (unsigned i = 0; text[i] != '\0' && i < NAME_BYTES; i++) {
                unsigned char c = (unsigned char)text[i];

                if (c == '<' || c == '>' || c == '&' || c == '"')
                        fprintf(f, "&#%u;", c);
                else if (c >= ' ' && c < 127)
                        fputc(c, f);
                else
                        fputc('?', f);
        }
}

static unsigned x_of(unsigned index)
{
        return MARGIN + index % COLUMNS * (BOX_WIDTH + GAP_X);
}

static unsigned y_of(unsigned index)
{
        return MARGIN + index / COLUMNS * (BOX_HEIGHT + GAP_Y);
}

static void put_pd(FILE *f, const struct pd *p)
{
        unsigned x = x_of(p->index), y = y_of(p->index);

        fprintf(f,
                "<rect x=\"%u\" y=\"%u\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"%s\" "
                "stroke=\"#345\"/>\n<text x=\"%u\" y=\"%u\">",
                x, y, BOX_WIDTH, BOX_HEIGHT, p->passive ? "#eef" : "#e4f0e0", x + 10, y + 22);
        put_name(f, p->name);
        fprintf(f, "</text>\n<text x=\"%u\" y=\"%u\" class=\"s\">priority %u%s", x + 10, y + 39,
                p->times.priority, p->passive ? ", passive" : "");
        if (p->parent != NULL) {
                fprintf(f, ", child of ");
                put_name(f, p->parent->name);
        }
        if (p->machine != NULL) {
                fprintf(f, ", guest ");
                put_name(f, p->machine->name);
        }
        fprintf(f, "</text>\n");
        if (p->irqs != NULL) {
                fprintf(f, "<text x=\"%u\" y=\"%u\" class=\"s\">irq", x + 10, y + 55);
                for (const struct irq *q = p->irqs; q != NULL; q = q->next)
                        fprintf(f, " %llu", (unsigned long long)q->number);
                fprintf(f, "</text>\n");
        }
}

/* The middle of a box's lower or upper side. */
static void put_line(FILE *f, unsigned x1, unsigned y1, unsigned x2, unsigned y2, const char *class,
                     const char *label)
{
        unsigned bend = 34 + (x1 > x2 ? x1 - x2 : x2 - x1) / 12;

        fprintf(f,
                "<path class=\"%s\" d=\"M%u %u C%u %u %u %u %u %u\"/>\n<text class=\"s\" x=\"%u\" "
                "y=\"%u\">%s</text>\n",
                class, x1, y1, x1, y1 + bend, x2, y2 + bend, x2, y2, (x1 + x2) / 2, (y1 + y2) / 2 + bend,
                label);
}

static void put_channel(FILE *f, const struct channel *c, unsigned number)
{
        const struct end *l = &c->end[0], *r = &c->end[1];
        unsigned shift = 20 + number % 6 * 28;

        put_line(f, x_of(l->pd->index) + shift, y_of(l->pd->index) + BOX_HEIGHT, x_of(r->pd->index) + shift,
                 y_of(r->pd->index) + BOX_HEIGHT,
                 l->call   ? "call"
                 : r->call ? "called"
                           : "both",
                 l->call || r->call ? "calls" : "notifies");
}

static void put_region(const struct build *b, FILE *f, const struct region *r, unsigned x, unsigned y)
{
        fprintf(f,
                "<rect x=\"%u\" y=\"%u\" width=\"%d\" height=\"40\" fill=\"%s\" stroke=\"#765\"/>\n<text "
                "x=\"%u\" y=\"%u\">",
                x, y, BOX_WIDTH, r->has_paddr ? "#fde8c8" : "#fff6d8", x + 10, y + 17);
        put_name(f, r->name);
        fprintf(f, "</text>\n<text x=\"%u\" y=\"%u\" class=\"s\">%#llx bytes", x + 10, y + 33,
                (unsigned long long)r->size);
        if (r->has_paddr)
                fprintf(f, " at %#llx", (unsigned long long)r->paddr);
        fprintf(f, "</text>\n");
        for (const struct pd *p = b->system.pds; p != NULL; p = p->next)
                for (const struct map *m = p->maps; m != NULL; m = m->next)
                        if (m->region == r)
                                fprintf(f, "<path class=\"map\" d=\"M%u %u L%u %u\"/>\n", x + BOX_WIDTH / 2,
                                        y, x_of(p->index) + BOX_WIDTH - 15, y_of(p->index) + BOX_HEIGHT);
}

void picture_write(const struct build *b, FILE *f)
{
        unsigned rows = (b->system.pd_count + COLUMNS - 1) / COLUMNS, regions = 0, number = 0;
        unsigned below = MARGIN + rows * (BOX_HEIGHT + GAP_Y), columns;

        for (const struct region *r = b->system.regions; r != NULL; r = r->next)
                regions += r->used;
        columns = b->system.pd_count > regions ? b->system.pd_count : regions;
        columns = columns > COLUMNS ? COLUMNS : columns;
        fprintf(f,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
                "font-family=\"sans-serif\" font-size=\"14\">\n",
                2 * MARGIN + columns * (BOX_WIDTH + GAP_X) - GAP_X,
                below + (regions + COLUMNS - 1) / COLUMNS * 70 + MARGIN);
        fputs("<defs><marker id=\"a\" markerWidth=\"9\" markerHeight=\"9\" refX=\"8\" refY=\"4\" "
              "orient=\"auto-start-reverse\">"
              "<path d=\"M0 0 L8 4 L0 8 z\" class=\"tip\"/></marker></defs>\n"
              "<style>path{fill:none;stroke:#345}.map{stroke:#b96;stroke-dasharray:4 "
              "3}.s{font-size:11px;fill:#456}"
              ".call{marker-end:url(#a);stroke-width:2}.called{marker-start:url(#a);stroke-width:2}"
              ".tip{fill:#345}.both{marker-start:url(#a);marker-end:url(#a)}</style>\n",
              f);
        for (const struct channel *c = b->system.channels; c != NULL; c = c->next)
                put_channel(f, c, number++);
        number = 0;
        for (const struct region *r = b->system.regions; r != NULL; r = r->next)
                if (r->used) {
                        put_region(b, f, r, x_of(number % COLUMNS), below + number / COLUMNS * 70);
                        number++;
                }
        for (const struct pd *p = b->system.pds; p != NULL; p = p->next)
                put_pd(f, p);
        fputs("</svg>\n", f);
}
