/* SPDX-License-Identifier: BSD-2-Clause */
/* The text, cut to what a serial line takes in seconds: at most ROWS lines of each table, and COLUMNS characters of a line. */
#include "dump.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 40, COLUMNS = 160 };

/* Tables end with an empty line. */
static void cut(const char *text, FILE *to)
{
        unsigned row = 0;

        while (*text) {
                int length = (int)strcspn(text, "\n");
                bool last = text[length] == '\0' || text[length + 1] == '\n' || text[length + 1] == '\0';

                row = length ? row + 1 : 0;
                if (row <= ROWS)
                        fprintf(to, "%.*s%s\n", length < COLUMNS ? length : COLUMNS, text,
                                length <= COLUMNS ? "" : " ...");
                else if (last)
                        fprintf(to, "... %u more; `dump` has all of them\n", row - ROWS);
                text += (size_t)length + (text[length] != '\0');
        }
}

bool text_brief(struct dump *d, FILE *to)
{
        char *text = NULL;
        size_t size;
        FILE *memory = open_memstream(&text, &size);

        if (!memory)
                return false;
        text_all(d, memory);
        if (fclose(memory)) {
                free(text);
                return false;
        }
        cut(text, to);
        free(text);
        return true;
}
