/* SPDX-License-Identifier: BSD-2-Clause */
/* What keys do to a line, as simply as possible: an array of characters, without a terminal. */
#pragma once

#include "line/line.h"

struct model {
        char text[LINE_LENGTH_MAX + 1];
        size_t cursor;
};

extern struct model model;

void model_open(void);
void model_start(void);
enum line_event model_key(const char *key);
