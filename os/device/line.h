/* SPDX-License-Identifier: BSD-2-Clause */
/* One line of input being edited: characters in, echo out; history.  Knows no device and no message. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
        LINE_MAX = 512,
        LINE_HISTORY = 32,
        LINE_ECHO_MAX = 4 * LINE_MAX + 128, /* of one character: a line erased, another shown */
};

enum line_event { LINE_MORE, LINE_DONE, LINE_CANCELLED, LINE_END };

struct line {
        char text[LINE_MAX + 1]; /* NUL-terminated up to `length` */
        size_t length;

        bool too_long; /* characters had no room: the line will not be done */

        char echo[LINE_ECHO_MAX]; /* to be shown after line_put; the caller empties it */
        size_t echo_length;

        char history[LINE_HISTORY][LINE_MAX + 1];
        unsigned entries, browsing; /* entries ever kept; how far back the arrow keys are, 0: not */
        int escape;                 /* how much of an escape sequence has come */
};

/* Take one character.  LINE_DONE: `text` holds the line without its newline, kept in the history unless it is empty or
 * repeats the last one.  LINE_CANCELLED: Ctrl-C, or a line of more than LINE_MAX characters, of which
 * none is done; the echo says so.  LINE_END: Ctrl-D on an empty line.  After each of the three, the
 * next character starts a new line once line_start was called. */
enum line_event line_put(struct line *l, char c);
void line_start(struct line *l);
