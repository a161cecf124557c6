/* SPDX-License-Identifier: BSD-2-Clause */
/* Causes the fault that it is told to.  The code after it runs only if the handler lets the program go on. */
#include <sel4/sel4.h>

#include "base/text.h"
#include "sos/clock.h"
#include "sos/posix.h"
#include "sos/sos_calls.h"

enum { NOWHERE = 0x10, NO_SLOT = 99, SPIN_US = 8000, NO_SUCH_CALL = 4711 };

static void take_vm(void)
{
        volatile int *nowhere;

        __asm__("mov %0, %1" : "=r"(nowhere) : "i"(NOWHERE)); /* hidden from the compiler */
        *nowhere = 1;
}

/* Each call uses some of the stack, and does something after the next call.  The compiler must not know which function it calls. */
static unsigned long recurse(unsigned long deep)
{
        unsigned long (*volatile next)(unsigned long) = recurse;
        volatile unsigned long here[64];

        here[0] = deep;
        return next(deep + 1) + here[0];
}

static void take_stack(void)
{
        recurse(0);
}

static void take_jump(void)
{
        static unsigned long data[2] __attribute__((aligned(16)));
        void (*volatile there)(void) = (void (*)(void))(unsigned long)data;

        there();
}

/* Uses memory that was given back. */
static void take_gone(void)
{
        enum { MAP = 222, UNMAP = 215, READ_WRITE = 3, PRIVATE_EMPTY = 0x22, BYTES = 1 << 16 };
        unsigned long argument[6] = {0, BYTES, READ_WRITE, PRIVATE_EMPTY, ~0ul, 0};
        long at = sos_call_many(SOS_POSIX + MAP, argument);

        *(volatile int *)at = 1;
        posix_invoke(UNMAP, at, BYTES, 0, 0);
        *(volatile int *)at = 2;
}

/* A pair of instructions for counters that others use too: they refuse an address that is no multiple of the size, in any memory.  Plain
 * accesses are refused in device memory only. */
static void take_align(void)
{
        static unsigned long data[2];
        unsigned long value;

        __asm__ volatile("ldxr %0, [%1]" : "=r"(value) : "r"((char *)data + 1) : "memory");
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
        } kinds[] = {{"vm", take_vm},           {"stack", take_stack}, {"jump", take_jump},
                     {"gone", take_gone},       {"align", take_align}, {"undef", take_undef},
                     {"syscall", take_syscall}, {"cap", take_cap},     {"budget", take_budget}};

        for (unsigned i = 0; count > 1 && i < sizeof(kinds) / sizeof(*kinds); i++) {
                if (strcmp(kinds[i].name, word[1]))
                        continue;
                kinds[i].take();
                sos_print("%s: goes on after the fault\n", word[0]);
        }
        sos_exit(0);
}
