/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes the fault it is told to take.  What comes after it happens only if the handler lets the program go on. */
#include <sel4/sel4.h>

#include "base/text.h"
#include "sos/clock.h"
#include "sos/sos_calls.h"

enum { NOWHERE = 0x10, NO_SLOT = 99, SPIN_US = 8000, NO_SUCH_CALL = 4711 };

static void take_vm(void)
{
        volatile int *nowhere;

        __asm__("mov %0, %1" : "=r"(nowhere) : "i"(NOWHERE)); /* the compiler must not know */
        *nowhere = 1;
}

static void take_undef(void)
{
        __asm__ volatile("udf #0");
}

static void take_syscall(void)
{
        register unsigned long number __asm__("x7") = NO_SUCH_CALL;

        __asm__ volatile("svc #0" : : "r"(number) : "x0", "memory");
}

static void take_cap(void)
{
        seL4_Word badge;

        seL4_Wait(NO_SLOT, &badge);
}

static void take_budget(void)
{
        uint64_t end = clock_us() + 5 * SPIN_US;

        while (clock_us() < end) {
        }
}

int main(int count, char **word)
{
        static const struct {
                const char *name;
                void (*take)(void);
        } kinds[] = {{"vm", take_vm},
                     {"undef", take_undef},
                     {"syscall", take_syscall},
                     {"cap", take_cap},
                     {"budget", take_budget}};

        for (unsigned i = 0; count > 1 && i < sizeof(kinds) / sizeof(*kinds); i++) {
                if (strcmp(kinds[i].name, word[1]))
                        continue;
                kinds[i].take();
                sos_print("%s: goes on after the fault\n", word[0]);
        }
        sos_exit(0);
}
