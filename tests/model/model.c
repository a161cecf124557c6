/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel beside model: usage: model [SEED] - the histories of all seeds, or one of them printed step by step. */
#include "tests/lib/sim.h"
#include "tests/lib/test.h"
#include "tests/model/history.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { SEEDS = 2000, CHOICES = 6000, PROGRESS = 500 };

word history_steps, history_open;
static bool tracing;
static word only = ~(word)0;

void history_note(const char *format, ...)
{
        va_list list;

        if (!tracing)
                return;
        va_start(list, format);
        vprintf(format, list);
        va_end(list);
        putchar('\n');
        fflush(stdout);
}

static void fail_case(const char *why)
{
        fprintf(stderr, "%s\n", host_console_text());
        test_fail("model", 0, "%s", why);
}

static void all_seeds(void (*history)(struct choices *), const char *what)
{
        history_steps = history_open = 0;
        for (word seed = 0; seed < SEEDS; seed++) {
                struct choices c = choices_seed(seed, CHOICES);

                if (only != ~(word)0 && only != seed)
                        continue;
                if (seed % PROGRESS == 0) {
                        printf("%s: seed %lu of %d\n", what, seed, SEEDS);
                        fflush(stdout);
                }
                sim = (struct sim_settings){.cost = SIM_COST_DEFAULT, .fail = fail_case};
                history(&c);
        }
        printf("%s: %d histories, %lu steps compared, %lu ended open\n", what, SEEDS, history_steps,
               history_open);
}

static void capability_space(void)
{
        all_seeds(caps_history, "capability space");
}

static void queues(void)
{
        all_seeds(queues_history, "queues");
}

static const struct test tests[] = {
        {"queues", queues},
        {"capability_space", capability_space},
};

int main(int argc, char **argv)
{
        if (argc > 1) {
                only = strtoul(argv[1], NULL, 0);
                tracing = true;
        }
        return test_main(TEST_LIST(tests), NULL);
}
