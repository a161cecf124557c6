/* SPDX-License-Identifier: BSD-2-Clause */
/* See screen.h. */
#include "tests/line/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void screen_open(struct screen *s, unsigned rows, unsigned columns)
{
        memset(s, 0, sizeof(*s));
        s->rows = rows;
        s->columns = columns;
        memset(s->cell, ' ', sizeof(s->cell));
}

static void line_feed(struct screen *s)
{
        s->waits = false;
        if (s->row + 1 < s->rows) {
                s->row++;
                return;
        }
        memmove(s->cell[0], s->cell[1], sizeof(s->cell[0]) * (s->rows - 1));
        memset(s->cell[s->rows - 1], ' ', sizeof(s->cell[0]));
}

static void print(struct screen *s, char c)
{
        if (((unsigned char)c & 0xc0) == 0x80)
                return;
        if (s->waits) {
                s->column = 0;
                line_feed(s);
        }
        s->cell[s->row][s->column] = c;
        if (s->column + 1 == s->columns)
                s->waits = true;
        else
                s->column++;
}

static void erase(struct screen *s, unsigned kind, bool row_only)
{
        if (kind == 2) {
                memset(s->cell, ' ', sizeof(s->cell));
                return;
        }
        memset(s->cell[s->row] + s->column, ' ', s->columns - s->column);
        for (unsigned row = s->row + 1; !row_only && row < s->rows; row++)
                memset(s->cell[row], ' ', sizeof(s->cell[row]));
}

static unsigned least(unsigned a, unsigned b)
{
        return a < b ? a : b;
}

static void place(struct screen *s, unsigned row, unsigned column)
{
        s->row = least(row ? row - 1 : 0, s->rows - 1);
        s->column = least(column ? column - 1 : 0, s->columns - 1);
}

static void report(struct screen *s)
{
        size_t used = strlen(s->answer);

        snprintf(s->answer + used, sizeof(s->answer) - used, "\033[%u;%uR", s->row + 1, s->column + 1);
}

static void control(struct screen *s, const char *sequence)
{
        unsigned first = 0, second = 0;
        char last = sequence[strlen(sequence) - 1];

        sscanf(sequence + 2, "%u;%u", &first, &second);
        if (last != 'm' && last != 'n')
                s->waits = false;
        switch (last) {
        case 'A':
                s->row -= least(first ? first : 1, s->row);
                break;
        case 'C':
                s->column = least(s->column + (first ? first : 1), s->columns - 1);
                break;
        case 'H':
                place(s, first, second);
                break;
        case 'J':
        case 'K':
                erase(s, first, last == 'K');
                break;
        case 'n':
                report(s);
                break;
        case 'm':
                break;
        default:
                fprintf(stderr, "the editor sent ESC %s\n", sequence + 1);
                abort();
        }
}

static void restore(struct screen *s)
{
        s->row = s->saved_row;
        s->column = s->saved_column;
        s->waits = s->saved_waits;
}

static void sequence(struct screen *s, char c)
{
        s->sequence[s->sequence_length++] = c;
        s->sequence[s->sequence_length] = '\0';
        if (s->sequence_length == 1 || (s->sequence_length == 2 && c == '['))
                return;
        if (s->sequence_length > 2 && (c < '@' && s->sequence_length < sizeof(s->sequence) - 1))
                return;
        if (s->sequence_length > 2) {
                control(s, s->sequence);
        } else if (c == '7') {
                s->saved_row = s->row;
                s->saved_column = s->column;
                s->saved_waits = s->waits;
        } else if (c == '8') {
                restore(s);
        } else {
                fprintf(stderr, "the editor sent ESC %c\n", c);
                abort();
        }
        s->sequence_length = 0;
}

static void put(struct screen *s, char c)
{
        if (s->sequence_length > 0 || c == '\033') {
                sequence(s, c);
        } else if (c == '\n') {
                s->column = 0;
                line_feed(s);
        } else if (c == '\r') {
                s->column = 0;
                s->waits = false;
        } else if (c == '\b') {
                s->column -= s->column > 0;
                s->waits = false;
        } else if (c == '\a') {
                s->bells++;
        } else {
                print(s, c);
        }
}

void screen_put(struct screen *s, const char *bytes, size_t length)
{
        for (size_t i = 0; i < length; i++)
                put(s, bytes[i]);
}
