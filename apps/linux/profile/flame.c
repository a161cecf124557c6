/* SPDX-License-Identifier: BSD-2-Clause */
/* The tree of stacks as a picture: a bar for each function, as wide as its samples, above the one that called it. */
#include "profile.h"

enum { WIDTH = 1200, BAR = 18, TOP = 30, LETTER = 7, COLOURS = 40 };

static unsigned levels_of(const struct frame *f)
{
        unsigned most = 0;

        for (const struct frame *c = f->first; c; c = c->next) {
                unsigned n = levels_of(c);

                most = n > most ? n : most;
        }
        return most + 1;
}

/* At most `room` bytes of a name, escaped for XML. */
static void write_name(const char *name, unsigned room, FILE *to)
{
        for (; *name && room; name++, room--) {
                if (*name == '<' || *name == '>' || *name == '&' || *name == '"')
                        fprintf(to, "&#%d;", *name);
                else
                        fputc(*name, to);
        }
}

static unsigned colour_of(const char *name)
{
        unsigned sum = 0;

        while (*name)
                sum = sum * 31 + (unsigned char)*name++;
        return sum % COLOURS;
}

static void write_bar(const struct frame *f, double x, double unit, unsigned y, FILE *to)
{
        double width = f->all * unit;

        fprintf(to, "<g><title>");
        write_name(f->name, NAME, to);
        fprintf(to,
                ", %u samples, %.1f %%</title><rect x=\"%.2f\" y=\"%u\" width=\"%.2f\" height=\"%d\" "
                "fill=\"hsl(%u,80%%,65%%)\"/>",
                f->all, 100.0 * width / WIDTH, x, y, width, BAR - 1, 15 + colour_of(f->name));
        if (width > 3 * LETTER) {
                fprintf(to, "<text x=\"%.2f\" y=\"%u\">", x + 3, y + BAR - 5);
                write_name(f->name, (unsigned)(width / LETTER), to);
                fprintf(to, "</text>");
        }
        fprintf(to, "</g>\n");
        for (const struct frame *c = f->first; c; c = c->next) {
                write_bar(c, x, unit, y - BAR, to);
                x += c->all * unit;
        }
}

void flame_write(const struct frame *root, const char *title, FILE *to)
{
        unsigned height = TOP + levels_of(root) * BAR + BAR;

        fprintf(to,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" "
                "font-family=\"monospace\" font-size=\"12\">\n"
                "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n<text x=\"8\" y=\"18\">",
                WIDTH, height);
        write_name(title, NAME * 2, to);
        fprintf(to, "</text>\n");
        if (root->all)
                write_bar(root, 0, (double)WIDTH / root->all, height - 2 * BAR, to);
        fprintf(to, "</svg>\n");
}
