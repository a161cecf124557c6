/* SPDX-License-Identifier: BSD-2-Clause */
/* See model.h.  The history is a list that grows at its end. */
#include "tests/line/model.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LINES = 4096 };

struct model model;
static char history[LINES][LINE_LENGTH_MAX + 1], killed[LINE_LENGTH_MAX + 1], mine[LINE_LENGTH_MAX + 1];
static unsigned lines, back;
static bool lost;

void model_start(void)
{
        model.text[0] = '\0';
        model.cursor = back = 0;
        lost = false;
}

void model_open(void)
{
        lines = 0;
        killed[0] = '\0';
        model_start();
}

static void cut(size_t from, size_t to, bool keep)
{
        lost = lost && from == to;
        if (from == to)
                return;
        if (keep)
                snprintf(killed, sizeof(killed), "%.*s", (int)(to - from), model.text + from);
        memmove(model.text + from, model.text + to, strlen(model.text + to) + 1);
        model.cursor = from;
}

static void insert(const char *text)
{
        char rest[LINE_LENGTH_MAX + 1];

        if (strlen(model.text) + strlen(text) > LINE_LENGTH_MAX) {
                lost = true;
                return;
        }
        strcpy(rest, model.text + model.cursor);
        strcpy(model.text + model.cursor, text);
        strcat(model.text, rest);
        model.cursor += strlen(text);
}

static size_t step(size_t at, int by, bool word)
{
        size_t end = by < 0 ? 0 : strlen(model.text), before = by < 0;

        if (!word) {
                while (at != end) {
                        at += (size_t)by;
                        if (((unsigned char)model.text[at] & 0xc0) != 0x80)
                                break;
                }
                return at;
        }
        while (at != end && model.text[at - before] == ' ')
                at += (size_t)by;
        while (at != end && model.text[at - before] != ' ')
                at += (size_t)by;
        return at;
}

static void go_back(unsigned to)
{
        if (to > lines || to > LINE_HISTORY)
                return;
        if (back == 0)
                strcpy(mine, model.text);
        back = to;
        strcpy(model.text, to ? history[lines - to] : mine);
        model.cursor = strlen(model.text);
        lost = false;
}

static enum line_event enter(void)
{
        if (lost)
                return LINE_CANCELLED;
        if (model.text[0] && (lines == 0 || strcmp(history[lines - 1], model.text)) && lines < LINES)
                strcpy(history[lines++], model.text);
        return LINE_DONE;
}

static bool is(const char *key, const char *const *names)
{
        for (; *names; names++) {
                if (!strcmp(key, *names))
                        return true;
        }
        return false;
}

#define IS(...) is(key, (const char *const[]){__VA_ARGS__, NULL})

static void motion(const char *key)
{
        if (IS("\001", "\033[H", "\033OH", "\033[1~"))
                model.cursor = 0;
        else if (IS("\005", "\033[F", "\033OF", "\033[4~"))
                model.cursor = strlen(model.text);
        else if (IS("\002", "\033[D"))
                model.cursor = step(model.cursor, -1, false);
        else if (IS("\006", "\033[C"))
                model.cursor = step(model.cursor, 1, false);
        else if (IS("\033b", "\033[1;5D"))
                model.cursor = step(model.cursor, -1, true);
        else if (IS("\033f", "\033[1;5C"))
                model.cursor = step(model.cursor, 1, true);
        else if (IS("\033[A", "\020"))
                go_back(back + 1);
        else if (back > 0 && IS("\033[B", "\016"))
                go_back(back - 1);
}

enum line_event model_key(const char *key)
{
        size_t at = model.cursor, end = strlen(model.text);

        if (IS("\n"))
                return enter();
        if (IS("\003"))
                return LINE_CANCELLED;
        if (IS("\b", "\177"))
                cut(step(at, -1, false), at, false);
        else if (IS("\004", "\033[3~"))
                cut(at, step(at, 1, false), false);
        else if (IS("\013"))
                cut(at, end, true);
        else if (IS("\025"))
                cut(0, at, true);
        else if (IS("\027", "\033\177"))
                cut(step(at, -1, true), at, true);
        else if (IS("\033d"))
                cut(at, step(at, 1, true), true);
        else if (IS("\031"))
                insert(killed);
        else if ((unsigned char)*key < ' ')
                motion(key);
        else
                for (const char *c = key; *c; c++)
                        insert((const char[]){*c, '\0'});
        return LINE_MORE;
}
