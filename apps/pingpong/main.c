/* SPDX-License-Identifier: BSD-2-Clause */
/* What a call of the server costs, and starting and ending a process. */
#include "base/text.h"
#include "sos.h"
#include "sos/clock.h"
#include "sos/sos_calls.h"

enum { CALLS = 1000, PROCESSES = 20 };

static void report(const char *what, uint64_t ticks, unsigned count)
{
        sos_print("%s: %lu ns\n", what, clock_scaled(ticks, 1000000000) / count);
}

int main(int count, char **word)
{
        uint64_t start = clock_ticks();

        if (count > 1 && !strcmp(word[1], "end"))
                return 0;
        for (int i = 0; i < CALLS; i++)
                sos_call(SOS_NOTHING, 0, 0, 0, 0);
        report("call and answer", clock_ticks() - start, CALLS);
        start = clock_ticks();
        for (int i = 0; i < PROCESSES; i++)
                sos_process_wait(sos_process_create("true"));
        report("a process from start to end", clock_ticks() - start, PROCESSES);
        return 0;
}
