/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes of the text and of the cursor.  What happens at the end of the line is shown by the characters themselves; everything else is
 * drawn again. */
#include "base/text.h"
#include "line/parts.h"

static bool is_tail(char c)
{
        return ((unsigned char)c & 0xc0) == 0x80;
}

static bool is_blank(char c)
{
        return c == ' ';
}

/* The beginning of the character, or of the word, before `at`. */
size_t line_back(const struct line *l, size_t at, bool word)
{
        if (word) {
                while (at > 0 && is_blank(l->text[at - 1]))
                        at--;
                while (at > 0 && !is_blank(l->text[at - 1]))
                        at--;
                return at;
        }
        at -= at > 0;
        while (at > 0 && is_tail(l->text[at]))
                at--;
        return at;
}

size_t line_ahead(const struct line *l, size_t at, bool word)
{
        if (word) {
                while (at < l->length && is_blank(l->text[at]))
                        at++;
                while (at < l->length && !is_blank(l->text[at]))
                        at++;
                return at;
        }
        at += at < l->length;
        while (at < l->length && is_tail(l->text[at]))
                at++;
        return at;
}

void line_move(struct line *l, size_t to)
{
        if (to == l->cursor)
                return;
        l->cursor = to;
        line_draw(l);
}

/* `keep`: for Ctrl-Y. */
void line_remove(struct line *l, size_t from, size_t to, bool keep)
{
        bool last = to == l->length && l->cursor == l->length;
        size_t columns = line_columns_of(l->text + from, to - from), end = line_place(l, from);

        l->too_long = l->too_long && columns == 0;
        if (columns == 0)
                return;
        if (keep) {
                memcpy(l->killed, l->text + from, to - from);
                l->killed[to - from] = '\0';
        }
        memmove(l->text + from, l->text + to, l->length - to + 1);
        l->length -= to - from;
        l->cursor = from;
        if (last && (l->columns == 0 || end / l->columns == l->at_row)) {
                for (; columns > 0; columns--)
                        line_echo(l, "\b \b");
                return;
        }
        line_draw(l);
}

static void put_at_cursor(struct line *l, const char *text, size_t length)
{
        memmove(l->text + l->cursor + length, l->text + l->cursor, l->length - l->cursor + 1);
        memcpy(l->text + l->cursor, text, length);
        l->length += length;
        l->cursor += length;
}

/* At the end of a row that has just been filled all is drawn, which knows how to leave it. */
static void show_added(struct line *l, const char *text, size_t length)
{
        size_t end = line_place(l, l->length);

        if (l->cursor == l->length && (l->columns == 0 || end / l->columns == l->at_row))
                line_echo_bytes(l, text, length);
        else
                line_draw(l);
}

void line_insert(struct line *l, const char *text, size_t length)
{
        if (length > LINE_LENGTH_MAX - l->length) {
                l->too_long = true;
                line_bell(l);
                return;
        }
        put_at_cursor(l, text, length);
        if (length > 0)
                show_added(l, text, length);
}

void line_add(struct line *l, char c)
{
        if ((unsigned char)c >= ' ')
                line_insert(l, &c, 1);
}

void line_replace(struct line *l, const char *text)
{
        l->too_long = false;
        l->cursor = l->length = strlen(text);
        memmove(l->text, text, l->length + 1);
        line_draw(l);
}

void line_start(struct line *l)
{
        l->length = l->cursor = 0;
        l->text[0] = '\0';
        l->browsing = 0;
        l->escape = 0;
        l->too_long = l->searching = false;
        l->label[0] = '\0';
        l->at_row = l->columns ? (unsigned)(line_place(l, 0) / l->columns) : 0;
        l->asked = l->asked && l->columns == 0;
}

void line_prompt(struct line *l, const char *prompt, size_t length)
{
        size_t cut = length > LINE_PROMPT_MAX ? length - LINE_PROMPT_MAX : 0;

        memcpy(l->prompt, prompt + cut, length - cut);
        l->prompt[length - cut] = '\0';
        l->at_row = l->columns ? (unsigned)(line_place(l, l->cursor) / l->columns) : 0;
}
