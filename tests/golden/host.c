/* SPDX-License-Identifier: BSD-2-Clause */
/* The golden record on the host core: the same program as in QEMU, its threads as coroutines; every line it prints is
 * compared with the record.
 *
 * Usage: golden EXPECTED [check]       check: the whole-state checker after every kernel entry (slow)
 */
#include "tests/lib/native.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 256, COST = 100, SHOWN = 20 };

void root_main(word bootinfo);
void thread_entry(word function, word argument);

/* Where every thread of the program begins (start.S in QEMU). */
void thread_entry(word function, word argument)
{
        ((void (*)(word))function)(argument);
        for (;;)
                native_relax(COST);
}

static bool is_record(const char *line)
{
        return strncmp(line, "WALK ", 5) == 0 || strncmp(line, "CAPS ", 5) == 0;
}

/* The next line of the record in `f`, or an empty one. */
static void next_record(FILE *f, char *line)
{
        do {
                if (!fgets(line, LINE, f))
                        line[0] = '\0';
        } while (line[0] && !is_record(line));
        line[strcspn(line, "\r\n")] = '\0';
}

static int compare(FILE *got, FILE *expected)
{
        char g[LINE], e[LINE];
        word passed = 0, failed = 0;

        for (next_record(expected, e); e[0]; next_record(expected, e)) {
                next_record(got, g);
                if (strcmp(g, e) == 0) {
                        passed++;
                        continue;
                }
                if (failed++ < SHOWN)
                        printf("expected %s\n     got %s\n", e, g);
        }
        printf("%lu passed, %lu failed\n", passed, failed);
        return failed || !passed;
}

int main(int argc, char **argv)
{
        FILE *output = tmpfile(), *expected = argc > 1 ? fopen(argv[1], "r") : NULL;

        if (!output || !expected) {
                fprintf(stderr, "usage: golden EXPECTED [check]\n");
                return 2;
        }
        native_settings(COST, argc > 2);
        host_console_echo(fileno(output));
        if (native_run(&(struct host_options){.hide_uart = true}, root_main) != NATIVE_STUCK)
                printf("the kernel halted:\n%s\n", host_console_text());
        rewind(output);
        return compare(output, expected);
}
