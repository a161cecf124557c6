/* SPDX-License-Identifier: BSD-2-Clause */
/* One line of input being edited on a terminal: characters in, echo out; history and search.  Knows no device and no message.
 *
 * What is shown is the prompt, the text, and the terminal's cursor at `cursor`, over as many rows as that takes.  Until the
 * terminal has told its size nothing but plain characters, backspaces and bells is sent for plain input, and rows
 * are taken to be endless: a pipe gets what it would get from a terminal without any abilities.  The size is asked for when
 * the first key comes that only a person at a terminal has, or as soon as line_ask_size is called.
 *
 * Text is bytes; a character of UTF-8 is taken as one column.  Nothing allocates; each call costs at most the length of the line,
 * a search the length of the history.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
        LINE_LENGTH_MAX = 512,
        LINE_HISTORY = 32,
        LINE_PROMPT_MAX = 128,
        LINE_SEARCH_MAX = 64,
        LINE_NUMBERS = 2,
        LINE_ECHO_MAX = 4 * LINE_LENGTH_MAX + 128, /* of one character: a line erased, another shown */
        LINE_COLUMNS_MIN = 20, /* a terminal that is narrower, or cannot show all of the longest line, */
        LINE_CELLS_MIN = 800,  /* is assumed when it did not say */
};

enum line_event { LINE_MORE, LINE_DONE, LINE_CANCELLED, LINE_END, LINE_TAB };

struct line {
        char text[LINE_LENGTH_MAX + 1]; /* NUL-terminated up to `length` */
        size_t length, cursor;

        char prompt[LINE_PROMPT_MAX + 1]; /* what stands before the text; line_prompt */
        bool too_long;                    /* characters had no room: the line will not be done */

        char echo[LINE_ECHO_MAX]; /* to be shown after each call; the caller empties it */
        size_t echo_length;

        unsigned rows, columns; /* of the terminal; 0: not known */
        bool asked;             /* since the line began; once, of a terminal that never answered */
        unsigned at_row;        /* where the terminal's cursor is, counted from the prompt's first row */

        char history[LINE_HISTORY][LINE_LENGTH_MAX + 1];
        unsigned entries, browsing; /* entries ever kept; how far back the arrow keys are, 0: not */
        char unfinished[LINE_LENGTH_MAX +
                        1];               /* the line from which browsing began; what a search goes back to */
        char killed[LINE_LENGTH_MAX + 1]; /* what Ctrl-K, Ctrl-U or Ctrl-W took last */

        bool searching;
        char pattern[LINE_SEARCH_MAX + 1];
        unsigned found;                   /* how far back the match is; 0: none */
        char label[LINE_SEARCH_MAX + 32]; /* what a search shows behind the prompt; empty at other times */

        int escape; /* how much of an escape sequence has come */
        unsigned number[LINE_NUMBERS], numbers;
};

/* Take one character.
 *
 * LINE_DONE: `text` holds the line without its newline, kept in the history unless it is empty or repeats the last one.
 * LINE_CANCELLED: Ctrl-C, or a line of more than LINE_LENGTH_MAX characters, of which none is done; the echo says so.
 * LINE_END: Ctrl-D on an empty line.  After each of the three, the next character starts a new line once
 * line_start was called.
 * LINE_TAB: somebody may complete the text before the cursor, with line_insert or line_bell; the line goes on. */
enum line_event line_put(struct line *l, char c);

/* Begin an empty line behind a prompt that is on the terminal already; what is too long of it is cut in front. */
void line_start(struct line *l);
void line_prompt(struct line *l, const char *prompt, size_t length);

/* Insert at the cursor, as if it had been typed. */
void line_insert(struct line *l, const char *text, size_t length);
void line_bell(struct line *l);

/* Take prompt and text off the terminal, so that something else can be written, and show them again where the terminal's
 * cursor then is: at the beginning of a row.  On a terminal that has not told its size nothing is taken off. */
void line_hide(struct line *l);
void line_show(struct line *l);

/* Ask for the size of the terminal, unless a question is open; the answer comes among the characters. */
void line_ask_size(struct line *l);
