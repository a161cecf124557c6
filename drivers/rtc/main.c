/* SPDX-License-Identifier: BSD-2-Clause */
/* A PL031, the real-time clock, as a driver of the starter OS: it is read once, and the seconds are passed on. */
#include <clock/timers.h>
#include <sel4/sel4.h>

#include "sos/rtc.h"

int main(void)
{
        struct sos_rtc *shared = (struct sos_rtc *)DRIVER_SHARED;
        seL4_Word badge;

        shared->seconds = pl031_seconds((volatile char *)DRIVER_REGISTERS + shared->start.registers);
        __atomic_store_n(&shared->ready, 1, __ATOMIC_RELEASE);
        for (;;) {
                seL4_Signal(DRIVER_CLIENT);
                seL4_Wait(DRIVER_SIGNALS, &badge);
        }
}
