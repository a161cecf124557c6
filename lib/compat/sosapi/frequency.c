/* SPDX-License-Identifier: BSD-2-Clause */
/* The counter's frequency, as the server has it, before main. */
#include <clock/timestamp.h>
#include <sel4/start.h>

#include "sos/proto.h"

void sos_learn_frequency(void);

void sos_learn_frequency(void)
{
        timestamp_set_freq(start_auxv(SOS_AUX_COUNTER_HERTZ, 0));
}
