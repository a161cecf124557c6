/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that query or time something. */
#include "apps/sosh/shell.h"
#include "base/text.h"
#include "sos/clock.h"
#include "sos/posix.h"

enum { SLEEP_MAX_S = 3600, ANSWER_US = 300000 /* for a terminal to report its size */ };

/* What the system reports about itself is in /proc. */
void run_report(int count, char **word)
{
        char path[sizeof("/proc/programs")];
        struct text t = {.buffer = path, .size = sizeof(path) - 1};

        if (count > 1) {
                bool caps = !strcmp(word[0], "caps");

                if (strcmp(word[1], caps ? "-g" : "-s"))
                        usage(word[0]);
                else if (caps)
                        run_program(3, (char *[]){"dump", "-d", "tree", NULL});
                else
                        show_processes();
                return;
        }
        text_add(&t, "/proc/%s", strcmp(word[0], "ps") ? word[0] : "threads");
        path[t.length] = '\0';
        show_file(path);
}

static void sleep_for(char **word, uint64_t unit_us)
{
        uint64_t number;

        if (!text_number(word[1], &number) || number > SLEEP_MAX_S * 1000000ul / unit_us)
                usage(word[0]);
        else
                sos_sleep(number * unit_us);
}

void run_sleep(int count, char **word)
{
        (void)count;
        sleep_for(word, 1000000);
}

void run_msleep(int count, char **word)
{
        (void)count;
        sleep_for(word, 1000);
}

/* Without a command: seconds since power-on. */
void run_time(int count, char **word)
{
        uint64_t start = clock_us(), us;

        if (count == 1) {
                serial_print("%lu\n", start / 1000000);
                return;
        }
        run_words(count - 1, word + 1);
        us = clock_us() - start;
        serial_print("%lu.%03lu ms\n", us / 1000, us % 1000);
}

void run_mtime(int count, char **word)
{
        (void)count, (void)word;
        serial_print("%lu\n", clock_us());
}

void run_uptime(int count, char **word)
{
        long us = (long)clock_us();

        (void)count, (void)word;
        serial_print("up %ld.%03ld s\n", us / 1000000, us / 1000 % 1000);
}

void run_clear(int count, char **word)
{
        (void)count, (void)word;
        serial_print("\033[2J\033[H");
}

/* The end of input: from a pipe it ends the session; a person may have meant to end a program. */
void leave(void)
{
        char answer[LINE];

        if (!has_terminal())
                sos_sleep(ANSWER_US);
        if (has_terminal()) {
                serial_print("\nswitch the machine off? [y/N] ");
                if (serial_read(answer, sizeof(answer)) <= 0 || (answer[0] != 'y' && answer[0] != 'Y'))
                        return;
        }
        run_exit(0, NULL);
}

void run_exit(int count, char **word)
{
        (void)count, (void)word;
        serial_print("[SOS Exiting]\nGood bye.\n");
        sos_call(SOS_POWER_OFF, 0, 0, 0, 0);
        serial_print("exit: this machine's firmware cannot do it, or the image was packed without the "
                     "power-off extension\n");
}
