/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this folder have of each other. */
#pragma once

#include "line/line.h"

/* show.c: bytes to the terminal, and drawing everything again. */
void line_echo(struct line *l, const char *text);
void line_echo_bytes(struct line *l, const char *text, size_t length);
void line_draw(struct line *l);
void line_to_end(struct line *l);
void line_take_size(struct line *l, unsigned rows, unsigned columns);
size_t line_columns_of(const char *text, size_t length);

/* Where the character at byte `at` stands, in columns from the start of the prompt. */
size_t line_place(const struct line *l, size_t at);

/* edit.c: changes of text and cursor, each with what it shows. */
size_t line_back(const struct line *l, size_t at, bool word);
size_t line_ahead(const struct line *l, size_t at, bool word);
void line_move(struct line *l, size_t to);
void line_remove(struct line *l, size_t from, size_t to, bool keep);
void line_replace(struct line *l, const char *text);
void line_add(struct line *l, char c);

/* history.c: kept lines, the arrow keys, and the search with Ctrl-R. */
void line_keep(struct line *l);
void line_browse(struct line *l, unsigned back);
void line_search(struct line *l);
bool line_search_key(struct line *l, char c);
