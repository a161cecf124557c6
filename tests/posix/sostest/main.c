/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/posix/sostest/check.h"

enum { PRIORITY = 50, SLICE_US = 10000 };

static int ok, failed;

void check(const char *what, bool good)
{
        ok += good;
        failed += !good;
        if (!good)
                sos_print("sostest: %s FAILED\n", what);
}

/* Nothing there, the last page, the kernel, its edge, one past what processes have, the end of all addresses. */
char *bad_address(int i)
{
        static const unsigned long bad[] = {
                8,        0x3ffffff000,      0xffffff8000000000, 0x0000008000000000, 0x4000000000,
                ~0ul - 7, 0x0123456789abcdef};

        return i < (int)(sizeof(bad) / sizeof(*bad)) ? (char *)bad[i] : NULL;
}

pid_t start_again(const char *word)
{
        struct sos_spawn s = {.name = "sostest",
                              .program = "sostest",
                              .priority = PRIORITY,
                              .budget_us = SLICE_US,
                              .period_us = SLICE_US};

        if (!string_copy(s.arguments, word, sizeof(s.arguments) - 1))
                return -1;
        return (pid_t)sos_spawn(&s);
}

/* A line that is longer than those of sos_print. */
static void print_much(void)
{
        static char much[3000];

        memset(much, 'm', sizeof(much) - 1);
        sos_print("%s\n", much);
}

/* What a copy of this program does. */
static int be_child(const char *word)
{
        if (!strcmp(word, "sleep"))
                sos_usleep(50000);
        else if (!strcmp(word, "long"))
                sos_usleep(100000000);
        else if (!strcmp(word, "reader"))
                return sos_open("console", 0) == -1 ? 0 : 1;
        else if (!strncmp(word, "share", 5))
                return share_as_child(word);
        else if (!strcmp(word, "print"))
                print_much();
        else if (!strncmp(word, "stranger", 8))
                return stranger_as_child(word);
        else if (!strcmp(word, "delete"))
                sos_process_delete(sos_my_id());
        return 5;
}

int main(int count, char **word)
{
        if (count > 1)
                return be_child(word[1]);
        check_files();
        check_directory();
        check_processes();
        check_time();
        check_sharing();
        check_stranger();
        sos_print("sostest: %d ok, %d failed\n", ok, failed);
        return failed > 0;
}
