/* SPDX-License-Identifier: BSD-2-Clause */
/* See line.h. */
#include "os/device/line.h"
#include "base/text.h"

_Static_assert(LINE_MAX == 512, "the message below says so");

enum {
        CTRL_C = 3,
        CTRL_D = 4,
        BACKSPACE = 8,
        CTRL_U = 21,
        ESCAPE = 27,
        DELETE = 127,
};

static void echo(struct line *l, const char *s)
{
        for (; *s && l->echo_length < LINE_ECHO_MAX; s++)
                l->echo[l->echo_length++] = *s;
}

static void erase(struct line *l, size_t count)
{
        l->too_long = l->too_long && count == 0;
        for (; count > 0 && l->length > 0; count--) {
                l->text[--l->length] = '\0';
                echo(l, "\b \b");
        }
}

static void add(struct line *l, char c)
{
        char shown[2] = {c, '\0'};

        if ((unsigned char)c < ' ')
                return;
        if (l->length == LINE_MAX) {
                l->too_long = true;
                echo(l, "\a");
                return;
        }
        l->text[l->length++] = c;
        l->text[l->length] = '\0';
        echo(l, shown);
}

static char *entry(struct line *l, unsigned back)
{
        return l->history[(l->entries - back) % LINE_HISTORY];
}

static void keep(struct line *l)
{
        if (l->length == 0 || (l->entries > 0 && !strcmp(entry(l, 1), l->text)))
                return;
        l->entries++;
        memcpy(entry(l, 1), l->text, l->length + 1);
}

/* Show the entry `back` lines ago; 0 is the empty line. */
static void browse(struct line *l, unsigned back)
{
        if (back > l->entries || back > LINE_HISTORY)
                return;
        l->browsing = back;
        erase(l, l->length);
        if (back == 0)
                return;
        for (const char *s = entry(l, back); *s; s++)
                add(l, *s);
}

/* ESC [ A and ESC [ B; other sequences are swallowed. */
static void escape(struct line *l, char c)
{
        if (l->escape == 1) {
                l->escape = c == '[' || c == 'O' ? 2 : 0;
                return;
        }
        if ((c >= '0' && c <= '9') || c == ';')
                return;
        l->escape = 0;
        if (c == 'A')
                browse(l, l->browsing + 1);
        else if (c == 'B' && l->browsing > 0)
                browse(l, l->browsing - 1);
}

void line_start(struct line *l)
{
        l->length = 0;
        l->text[0] = '\0';
        l->browsing = 0;
        l->escape = 0;
        l->too_long = false;
}

enum line_event line_put(struct line *l, char c)
{
        if (l->escape) {
                escape(l, c);
                return LINE_MORE;
        }
        switch (c) {
        case '\r':
        case '\n':
                echo(l, "\n");
                if (l->too_long) {
                        echo(l, "a line holds 512 characters: this one was longer and is not used\n");
                        return LINE_CANCELLED;
                }
                keep(l);
                return LINE_DONE;
        case CTRL_C:
                echo(l, "^C\n");
                return LINE_CANCELLED;
        case CTRL_D:
                return l->length == 0 ? LINE_END : LINE_MORE;
        case BACKSPACE:
        case DELETE:
                erase(l, 1);
                return LINE_MORE;
        case CTRL_U:
                erase(l, l->length);
                return LINE_MORE;
        case ESCAPE:
                l->escape = 1;
                return LINE_MORE;
        default:
                add(l, c);
                return LINE_MORE;
        }
}
