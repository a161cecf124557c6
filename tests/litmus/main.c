/* SPDX-License-Identifier: BSD-2-Clause */
/* Litmus tests of standard input, each explored to its end: a line of what was wrong, or one of what was seen.
 *
 * Output: `ok NAME STATES`, or `FAIL NAME: what`; status 0 in both cases. */
#include "litmus.h"

#include <stdio.h>

static const char *problem(const struct program *p, bool stuck)
{
        for (unsigned i = 0; i < p->clauses; i++) {
                if (p->clause[i].seen != p->clause[i].allowed)
                        return p->clause[i].text;
        }
        return stuck ? "somebody waits for ever" : NULL;
}

int main(void)
{
        static struct program p;

        while (read_program(&p)) {
                bool stuck, unused;
                uint64_t states = explore(&p, false, &stuck);
                states += explore(&p, true, &unused);
                const char *what = problem(&p, stuck);
                if (what)
                        printf("FAIL %s: %s\n", p.name, what);
                else
                        printf("ok %s %lu\n", p.name, (unsigned long)states);
                fflush(stdout);
        }
        return 0;
}
