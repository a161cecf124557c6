/* SPDX-License-Identifier: BSD-2-Clause */
/* dump [-b | -j | -r | -d tree|talk | -s tree|talk|memory] [FILE]: the state of the system (/proc/dump, or what was saved of it), as
 * text with the deadlocks in it, with -b cut; as JSON; as it is; as DOT; as SVG.  Status 1 when it cannot be read, 2 for wrong use, 3 when
 * there is a deadlock. */
#include "dump.h"

#include <errno.h>
#include <string.h>

static const char proc[] = "/proc/dump";

static int usage(void)
{
        fputs("usage: dump [-b | -j | -r | -d tree|talk | -s tree|talk|memory] [FILE]\n", stderr);
        return 2;
}

static int copy(FILE *from)
{
        char bytes[4096];
        size_t n;

        while ((n = fread(bytes, 1, sizeof(bytes), from)) != 0)
                fwrite(bytes, 1, n, stdout);
        return ferror(from) ? 1 : 0;
}

struct wish {
        char form; /* of the options, or 0: text */
        const char *what, *path;
};

static bool understand(struct wish *w, int count, char **word)
{
        int at = 1;

        *w = (struct wish){0, NULL, proc};
        if (at < count && word[at][0] == '-') {
                w->form = word[at][1];
                if (!w->form || !strchr("bjrds", w->form) || word[at][2])
                        return false;
                at++;
                if (w->form == 'd' || w->form == 's') {
                        if (at == count)
                                return false;
                        w->what = word[at++];
                }
        }
        if (at < count && word[at][0] != '-')
                w->path = word[at++];
        return at == count;
}

static int show(struct dump *d, const struct wish *w)
{
        if (w->form == 'b') {
                if (!text_brief(d, stdout)) {
                        fputs("dump: out of memory\n", stderr);
                        return 1;
                }
        } else if (w->form == 'j') {
                json_all(d, stdout);
        } else if (w->form) {
                bool known =
                        w->form == 'd' ? dot_picture(d, w->what, stdout) : svg_picture(d, w->what, stdout);

                return known ? 0 : usage();
        } else {
                text_all(d, stdout);
        }
        return w->form && w->form != 'b' ? 0 : d->deadlocks ? 3 : 0;
}

static int read_and_show(FILE *from, const struct wish *w)
{
        static struct dump d;
        unsigned long line;
        const char *why;

        if (w->form == 'r')
                return copy(from);
        if (dump_read(&d, from, &line, &why))
                return show(&d, w);
        fprintf(stderr, "dump: %s: line %lu: %s\n", w->path, line, ferror(from) ? strerror(errno) : why);
        return 1;
}

int main(int count, char **word)
{
        struct wish w;
        FILE *from;
        int status;

        if (!understand(&w, count, word))
                return usage();
        from = fopen(w.path, "r");
        if (!from) {
                fprintf(stderr, "dump: %s: %s\n", w.path, strerror(errno));
                return 1;
        }
        status = read_and_show(from, &w);
        fclose(from);
        return status;
}
