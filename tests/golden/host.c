/* SPDX-License-Identifier: BSD-2-Clause */
/* The golden record on the host core: the same program as in QEMU, its threads as coroutines; every line it prints is
 * compared with the record.
 *
 * Usage: golden EXPECTED [check] [el2]       check: the whole-state checker after every kernel entry (slow); el2: with the
 * interface of EL2 and spaces of 44 bits, whose objects have the sizes of the record
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

static bool is_asked(int argc, char **argv, const char *what)
{
        for (int i = 2; i < argc; i++) {
                if (strcmp(argv[i], what) == 0)
                        return true;
        }
        return false;
}

int main(int argc, char **argv)
{
        struct host_options options = {.hide_uart = true, .hypervisor = is_asked(argc, argv, "el2") ? 44 : 0};

        FILE *output = tmpfile(), *expected = argc > 1 ? fopen(argv[1], "r") : NULL;

        if (!output || !expected) {
                fprintf(stderr, "usage: golden EXPECTED [check] [el2]\n");
                return 2;
        }
        native_settings(COST, is_asked(argc, argv, "check"));
        host_console_echo(fileno(output));
        if (native_run(&options, root_main) != NATIVE_STUCK)
                printf("the kernel halted:\n%s\n", host_console_text());
        rewind(output);
        return compare(output, expected);
}
