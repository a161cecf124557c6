/* SPDX-License-Identifier: BSD-2-Clause */
/* A terminal as xterm behaves: cells, a cursor that waits in the last column, and the few sequences that the editor sends.  Anything
 * else aborts: the editor must not rely on it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { SCREEN_ROWS_MAX = 60, SCREEN_COLUMNS_MAX = 200, SCREEN_ANSWER_MAX = 64 };

struct screen {
        unsigned rows, columns, row, column;
        bool waits; /* in the last column, which is filled: the next character goes to the next row */
        unsigned saved_row, saved_column;
        bool saved_waits;
        char cell[SCREEN_ROWS_MAX][SCREEN_COLUMNS_MAX]; /* the first byte of a UTF-8 character */
        char answer[SCREEN_ANSWER_MAX]; /* what it sends back, NUL-terminated; the caller empties it */
        unsigned bells;
        char sequence[16];
        size_t sequence_length;
};

void screen_open(struct screen *s, unsigned rows, unsigned columns);
void screen_put(struct screen *s, const char *bytes, size_t length);
