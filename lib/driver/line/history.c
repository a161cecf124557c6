/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines that were done: the last LINE_HISTORY of them. */
#include "base/text.h"
#include "line/parts.h"

enum { CTRL_C = 3, CTRL_G = 7, BACKSPACE = 8, CTRL_R = 18, ESCAPE = 27, DELETE = 127 };

static char *entry(struct line *l, unsigned back)
{
        return l->history[(l->entries - back) % LINE_HISTORY];
}

static bool exists(const struct line *l, unsigned back)
{
        return back <= l->entries && back <= LINE_HISTORY;
}

void line_keep(struct line *l)
{
        if (l->length == 0 || (l->entries > 0 && !strcmp(entry(l, 1), l->text)))
                return;
        l->entries++;
        memcpy(entry(l, 1), l->text, l->length + 1);
}

/* Show the entry `back` lines ago; 0 is the line from which browsing began. */
void line_browse(struct line *l, unsigned back)
{
        if (!exists(l, back))
                return;
        if (l->browsing == 0)
                memcpy(l->unfinished, l->text, sizeof(l->text));
        l->browsing = back;
        line_replace(l, back == 0 ? l->unfinished : entry(l, back));
}

static bool contains(const char *text, const char *part)
{
        size_t length = strlen(part);

        for (; *text; text++) {
                if (!strncmp(text, part, length))
                        return true;
        }
        return false;
}

static void show_search(struct line *l, const char *text)
{
        struct text t = {.buffer = l->label, .size = sizeof(l->label) - 1};

        if (l->searching)
                text_add(&t, "(search `%s'%s) ", l->pattern, l->found || !l->pattern[0] ? "" : ", none");
        l->label[t.length] = '\0';
        line_replace(l, text);
}

/* The youngest entry with the pattern that is at least `back` lines old; 0: there is none. */
static unsigned find(struct line *l, unsigned back)
{
        for (; l->pattern[0] && exists(l, back); back++) {
                if (contains(entry(l, back), l->pattern))
                        return back;
        }
        return 0;
}

void line_search(struct line *l)
{
        memcpy(l->unfinished, l->text, sizeof(l->text));
        l->searching = true;
        l->pattern[0] = '\0';
        l->found = 0;
        show_search(l, l->text);
}

static void change_pattern(struct line *l, char c)
{
        size_t length = strlen(l->pattern);

        if (c == BACKSPACE || c == DELETE)
                length -= length > 0;
        else if (length < LINE_SEARCH_MAX)
                l->pattern[length++] = c;
        l->pattern[length] = '\0';
        l->found = find(l, 1);
}

/* False: the search is over, and the character is to be taken as at any other time. */
bool line_search_key(struct line *l, char c)
{
        unsigned older;

        if (c == CTRL_R) {
                older = find(l, l->found + 1);
                l->found = older ? older : l->found;
        } else if ((unsigned char)c >= ' ' || c == BACKSPACE) {
                change_pattern(l, c);
        } else {
                l->searching = false;
                show_search(l, c == CTRL_G || c == CTRL_C ? l->unfinished : l->text);
                return c == CTRL_G;
        }
        show_search(l, l->found ? entry(l, l->found) : l->text);
        return true;
}
