/* SPDX-License-Identifier: BSD-2-Clause */
/* What a terminal is sent.  `at_row` is right after each function; a terminal of unknown size has one endless row. */
#include "base/text.h"
#include "line/parts.h"

enum { ESCAPE = 27 };

void line_echo_bytes(struct line *l, const char *text, size_t length)
{
        for (size_t i = 0; i < length && l->echo_length < LINE_ECHO_MAX; i++)
                l->echo[l->echo_length++] = text[i];
}

void line_echo(struct line *l, const char *text)
{
        line_echo_bytes(l, text, strlen(text));
}

/* Columns of a text, in which sequences like ESC [ 1 m take none. */
size_t line_columns_of(const char *text, size_t length)
{
        size_t columns = 0;

        for (size_t i = 0; i < length; i++) {
                if (text[i] == ESCAPE) {
                        i += i + 1 < length && text[i + 1] == '[';
                        while (i + 1 < length && (unsigned char)text[i + 1] < '@')
                                i++;
                        i += i + 1 < length;
                } else if (((unsigned char)text[i] & 0xc0) != 0x80) {
                        columns++;
                }
        }
        return columns;
}

size_t line_place(const struct line *l, size_t at)
{
        return line_columns_of(l->prompt, strlen(l->prompt)) + line_columns_of(l->label, strlen(l->label)) +
               line_columns_of(l->text, at);
}

static void go(struct line *l, size_t count, char where)
{
        char buffer[16];
        struct text t = {.buffer = buffer, .size = sizeof(buffer)};

        if (count == 0)
                return;
        text_add(&t, "\033[%lu%c", (unsigned long)count, where);
        line_echo_bytes(l, buffer, t.length);
}

/* From the end of what is shown to the cursor. */
static void place_cursor(struct line *l)
{
        size_t end = line_place(l, l->length), at = line_place(l, l->cursor);

        if (l->columns == 0) {
                for (; end > at; end--)
                        line_echo(l, "\b");
                return;
        }
        l->at_row = (unsigned)(end / l->columns);
        if (at == end)
                return;
        go(l, end / l->columns - at / l->columns, 'A');
        line_echo(l, "\r");
        go(l, at % l->columns, 'C');
        l->at_row = (unsigned)(at / l->columns);
}

/* A terminal that has filled a row stays in its last column until the next character: that one is a blank. */
static void leave_full_row(struct line *l)
{
        size_t end = line_place(l, l->length);

        if (l->columns > 0 && end > 0 && end % l->columns == 0)
                line_echo(l, " \r");
}

_Static_assert(LINE_CELLS_MIN > LINE_PROMPT_MAX + LINE_SEARCH_MAX + 32 + LINE_LENGTH_MAX,
               "the longest line fits");

void line_take_size(struct line *l, unsigned rows, unsigned columns)
{
        if (columns < LINE_COLUMNS_MIN || rows * columns < LINE_CELLS_MIN)
                return;
        l->rows = rows;
        l->columns = columns;
        if (l->cursor == l->length)
                leave_full_row(l);
        l->at_row = (unsigned)(line_place(l, l->cursor) / columns);
}

static void to_start(struct line *l)
{
        go(l, l->at_row, 'A');
        line_echo(l, "\r");
        l->at_row = 0;
}

void line_hide(struct line *l)
{
        if (l->columns == 0)
                return;
        to_start(l);
        line_echo(l, "\033[J");
}

static void write_line(struct line *l)
{
        line_echo(l, l->prompt);
        line_echo(l, l->label);
        line_echo_bytes(l, l->text, l->length);
}

void line_show(struct line *l)
{
        l->at_row = 0;
        write_line(l);
        leave_full_row(l);
        place_cursor(l);
}

/* Of a terminal without a size only the rest of one row is known to be ours. */
void line_draw(struct line *l)
{
        if (l->columns == 0)
                line_echo(l, "\r\033[K");
        line_hide(l);
        line_show(l);
}

/* Behind the last character, where a newline does no harm to the text. */
void line_to_end(struct line *l)
{
        if (l->cursor == l->length)
                return;
        l->cursor = l->length;
        line_draw(l);
}

void line_bell(struct line *l)
{
        line_echo(l, "\a");
}

void line_ask_size(struct line *l)
{
        if (l->asked)
                return;
        l->asked = true;
        line_echo(l, "\0337\033[999;999H\033[6n\0338");
}
