/* SPDX-License-Identifier: BSD-2-Clause */
/* See sos/driver.h. */
#include <sel4/sel4.h>

#include "sos/driver.h"

_Noreturn void driver_end(const char *words, bool useless)
{
        struct driver_start *start = (struct driver_start *)DRIVER_SHARED;

        for (unsigned i = 0; i < DRIVER_WORDS - 1 && words[i]; i++) {
                start->words[i] = words[i];
                start->words[i + 1] = '\0';
        }
        start->useless = useless;
        __builtin_trap();
}

void driver_alarm_set(uint64_t us)
{
        struct driver_start *start = (struct driver_start *)DRIVER_SHARED;

        __atomic_store_n(&start->alarm_us, us, __ATOMIC_RELEASE);
}

void driver_alarm(uint64_t us)
{
        driver_alarm_set(us);
        seL4_Signal(DRIVER_CLIENT);
}
