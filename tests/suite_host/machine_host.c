/* SPDX-License-Identifier: BSD-2-Clause */
/* The suite on the host core: the machine's console, clock and lines belong to the simulator (tests/lib/native.h, whose
 * functions are named here because its header and the public ones do not mix). */
#include "../suite/face.h"
#include "../suite/machine.h"
#include <stdio.h>
#include <string.h>

enum { LARGEST_IRQ = 159, DISTRIBUTOR = 0x8000000 }; /* of the pretended machine */

enum { LINE = 60, RELAX_TICKS = 200, TICKS_PER_MS = 62500 };

__thread seL4_IPCBuffer *__sel4_ipc_buffer;

/* The simulator's. */
word arch_now(void);
void native_relax(word ticks);
_Noreturn void native_stop(void);
void host_line_level(word irq, _Bool up);
void suite_main(seL4_BootInfo *boot);

/* The first thread's program. */
void suite_host(word boot);
void suite_host(word boot)
{
        suite_boot = (seL4_BootInfo *)boot;
        seL4_SetIPCBuffer(suite_boot->ipcBuffer);
        suite_main(suite_boot);
}

/* The kernel's: 0 is that of EL1, otherwise the bits of a space at EL2. */
word suite_host_interface(void);
word suite_host_interface(void)
{
        return AT_EL2 ? TABLES == 2 ? 40 : 44 : 0;
}

void machine_start(void)
{
}

void machine_put(char c)
{
        putchar(c);
}

_Noreturn void machine_stop(void)
{
        native_stop();
}

word machine_ticks(void)
{
        return arch_now();
}

word machine_ticks_per_us_x1000(void)
{
        return TICKS_PER_MS;
}

void machine_relax(void)
{
        native_relax(RELAX_TICKS);
}

int machine_is_host(void)
{
        return 1;
}

word machine_largest_irq(void)
{
        return LARGEST_IRQ;
}

word machine_distributor(void)
{
        return DISTRIBUTOR;
}

word machine_irq(void)
{
        return LINE;
}

void machine_irq_set(int up)
{
        host_line_level(LINE, up);
        native_relax(1);
}

void raw_call(word regs[9])
{
        tessera_host_trap(regs);
}

void machine_thread(seL4_UserContext *c, void (*entry)(word), word argument, word stack_top, word tls)
{
        memset((void *)tls, 0, 32);
        c->pc = (word)entry;
        c->sp = stack_top;
        c->x0 = argument;
        c->tpidr_el0 = tls;
}
