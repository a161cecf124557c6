/* SPDX-License-Identifier: BSD-2-Clause */
/* The alarm of the starter OS: rung for, it waits until the deadline and signals.
 *
 * Waiting is yielding: the program runs again when its budget is refilled, and the server has set the period to end at the deadline.  An
 * earlier deadline stops it, and it goes on with another period. */
#include <sel4/sel4.h>

#include "sos/clock.h"
#include "sos/timer.h"

int main(void)
{
        struct sos_timer *shared = (struct sos_timer *)DRIVER_SHARED;
        seL4_Word badge;

        for (;;) {
                seL4_Wait(DRIVER_SIGNALS, &badge);
                while (clock_us() < __atomic_load_n(&shared->deadline, __ATOMIC_ACQUIRE))
                        seL4_Yield();
                __atomic_store_n(&shared->rung, shared->rung + 1, __ATOMIC_RELEASE);
                seL4_Signal(DRIVER_CLIENT);
        }
}
