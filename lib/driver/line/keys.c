/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys: control characters, and the sequences ESC [ numbers letter and ESC O letter, which terminals send for other keys. */
#include "base/text.h"
#include "line/parts.h"

_Static_assert(LINE_LENGTH_MAX == 512, "the message below says so");

enum {
        CTRL_A = 1,
        CTRL_B,
        CTRL_C,
        CTRL_D,
        CTRL_E,
        CTRL_F,
        BACKSPACE = 8,
        TAB,
        CTRL_K = 11,
        CTRL_L,
        CTRL_N = 14,
        CTRL_P = 16,
        CTRL_R = 18,
        CTRL_U = 21,
        CTRL_W = 23,
        CTRL_Y = 25,
        ESCAPE = 27,
        DELETE = 127,
};

enum { ESCAPE_BEGUN = 1, ESCAPE_BRACKET, ESCAPE_NUMBER_MAX = 10000 };

static void key_of_number(struct line *l)
{
        switch (l->number[0]) {
        case 1:
        case 7:
                line_move(l, 0);
                return;
        case 3:
                line_remove(l, l->cursor, line_ahead(l, l->cursor, false), false);
                return;
        case 4:
        case 8:
                line_move(l, l->length);
                return;
        default:
                return;
        }
}

/* The last character of a sequence. Ctrl or Alt sends a second number; then left and right move by words. */
static void key(struct line *l, char c)
{
        bool word = l->numbers > 0 && l->number[1] > 2;

        switch (c) {
        case 'A':
                line_browse(l, l->browsing + 1);
                return;
        case 'B':
                if (l->browsing > 0)
                        line_browse(l, l->browsing - 1);
                return;
        case 'C':
                line_move(l, line_ahead(l, l->cursor, word));
                return;
        case 'D':
                line_move(l, line_back(l, l->cursor, word));
                return;
        case 'H':
                line_move(l, 0);
                return;
        case 'F':
                line_move(l, l->length);
                return;
        case 'R':
                line_take_size(l, l->number[0], l->number[1]);
                return;
        case '~':
                key_of_number(l);
                return;
        default:
                return;
        }
}

/* ESC and a letter. */
static void alt(struct line *l, char c)
{
        if (c == 'b')
                line_move(l, line_back(l, l->cursor, true));
        else if (c == 'f')
                line_move(l, line_ahead(l, l->cursor, true));
        else if (c == 'd')
                line_remove(l, l->cursor, line_ahead(l, l->cursor, true), true);
        else if (c == BACKSPACE || c == DELETE)
                line_remove(l, line_back(l, l->cursor, true), l->cursor, true);
}

static void escape(struct line *l, char c)
{
        if (l->escape == ESCAPE_BEGUN) {
                l->escape = c == '[' || c == 'O' ? ESCAPE_BRACKET : 0;
                l->number[0] = l->number[1] = l->numbers = 0;
                if (l->escape == 0)
                        alt(l, c);
                return;
        }
        if (c >= '0' && c <= '9') {
                unsigned *n = &l->number[l->numbers < LINE_NUMBERS ? l->numbers : LINE_NUMBERS - 1];

                *n = *n * 10 + (unsigned)(c - '0');
                *n = *n > ESCAPE_NUMBER_MAX ? ESCAPE_NUMBER_MAX : *n;
                return;
        }
        if (c == ';') {
                l->numbers += l->numbers < LINE_NUMBERS;
                return;
        }
        l->escape = 0;
        key(l, c);
}

static enum line_event finish(struct line *l)
{
        line_to_end(l);
        line_echo(l, "\n");
        if (l->too_long) {
                line_echo(l, "a line holds 512 characters: this one was longer and was dropped\n");
                return LINE_CANCELLED;
        }
        line_keep(l);
        return LINE_DONE;
}

/* Control characters that edit the line without ending it; every other character is text. */
static void control(struct line *l, char c)
{
        switch (c) {
        case CTRL_A:
                return line_move(l, 0);
        case CTRL_B:
                return line_move(l, line_back(l, l->cursor, false));
        case CTRL_D:
                return line_remove(l, l->cursor, line_ahead(l, l->cursor, false), false);
        case CTRL_E:
                return line_move(l, l->length);
        case CTRL_F:
                return line_move(l, line_ahead(l, l->cursor, false));
        case BACKSPACE:
        case DELETE:
                return line_remove(l, line_back(l, l->cursor, false), l->cursor, false);
        case CTRL_K:
                return line_remove(l, l->cursor, l->length, true);
        case CTRL_N:
                return l->browsing > 0 ? line_browse(l, l->browsing - 1) : (void)0;
        case CTRL_P:
                return line_browse(l, l->browsing + 1);
        case CTRL_R:
                return line_search(l);
        case CTRL_U:
                return line_remove(l, 0, l->cursor, true);
        case CTRL_W:
                return line_remove(l, line_back(l, l->cursor, true), l->cursor, true);
        case CTRL_Y:
                return line_insert(l, l->killed, strlen(l->killed));
        default:
                return line_add(l, c);
        }
}

static void clear_screen(struct line *l)
{
        line_echo(l, "\033[H\033[2J");
        l->at_row = 0;
        line_draw(l);
}

/* Only a person presses such a key, so there is a terminal that can be asked for its size. */
static bool is_editing(char c)
{
        return c == ESCAPE || c == TAB || (c < ' ' && c > 0 && !strchr("\003\004\010\n\r\025", c));
}

enum line_event line_put(struct line *l, char c)
{
        if (l->escape) {
                escape(l, c);
                return LINE_MORE;
        }
        if (l->searching && line_search_key(l, c))
                return LINE_MORE;
        if (is_editing(c))
                line_ask_size(l);
        switch (c) {
        case '\r':
        case '\n':
                return finish(l);
        case CTRL_C:
                line_to_end(l);
                line_echo(l, "^C\n");
                return LINE_CANCELLED;
        case CTRL_D:
                if (l->length == 0)
                        return LINE_END;
                break;
        case CTRL_L:
                clear_screen(l);
                return LINE_MORE;
        case TAB:
                return LINE_TAB;
        case ESCAPE:
                l->escape = ESCAPE_BEGUN;
                return LINE_MORE;
        default:
                break;
        }
        control(l, c);
        return LINE_MORE;
}
