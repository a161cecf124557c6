/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes become a history that kernel and model (tests/model) do side by side; any difference aborts.  The first byte
 * says which model: of the capability space or of queues. */
#include "tests/lib/sim.h"
#include "tests/lib/test.h"
#include "tests/model/history.h"

#include <stdlib.h>

word history_steps, history_open;

void history_note(const char *format, ...)
{
        (void)format;
}

static struct choices choices;
static bool queues;

static void history(void)
{
        (queues ? queues_history : caps_history)(&choices);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        if (size < 2)
                return 0;
        sim = (struct sim_settings){.cost = SIM_COST_DEFAULT};
        choices = (struct choices){.next = data + 1, .end = data + size};
        queues = data[0] & 1;
        if (!test_holds(history))
                abort();
        return 0;
}
