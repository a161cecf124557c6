/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task for four cores which all write to one trace for ever, far more than its memory has room for: on each core a client calls
 * the server of the next core and one that is passive and common to all, and rings a bell on the core after that.  Prints where the
 * memory of the trace is, and goes on.
 */
#include "root.h"

#include <sel4/start.h>
#include <text/text.h>

enum { CORES = 4, CLIENT = 0, SERVER = CORES, LISTENER = 2 * CORES, COMMON = 3 * CORES, THREADS };

static seL4_Word stack[THREADS][STACK_WORDS] __attribute__((aligned(16)));
static seL4_CPtr door[THREADS], reply[THREADS], bell[THREADS];

static void client(seL4_Word who)
{
        for (;;) {
                call(door[SERVER + (who + 1) % CORES]);
                call(door[COMMON]);
                seL4_Signal(bell[LISTENER + (who + 2) % CORES]);
                seL4_Yield();
        }
}

static void serves(seL4_Word who)
{
        serve(door[who], reply[who], 0, 1);
}

static void listens(seL4_Word who)
{
        for (;;)
                await(bell[who]);
}

static struct task task[THREADS];
static char name[THREADS][sizeof("listener0")];

static void describe(int i)
{
        static void (*const work[])(seL4_Word) = {client, serves, listens, serves};
        static const char *const kind[] = {"client", "server", "listener", "common"};
        static const seL4_Word priority[] = {100, 110, 120, 130};

        text_print(name[i], sizeof(name[i]), i == COMMON ? "%s" : "%s%d", kind[i / CORES], i % CORES);
        task[i] = (struct task){.name = name[i],
                                .work = work[i / CORES],
                                .who = (seL4_Word)i,
                                .priority = priority[i / CORES],
                                .core = (seL4_Word)i % CORES,
                                .budget_us = PERIOD_US,
                                .stack = stack[i]};
}

int main(void)
{
        const seL4_BootInfo *info = start_bootinfo();

        root_begin(info);
        for (int i = 0; i < THREADS; i++) {
                door[i] = root_make(seL4_EndpointObject, 0);
                reply[i] = root_make(seL4_ReplyObject, 0);
                bell[i] = root_make(seL4_NotificationObject, 0);
        }
        root_trace();
        seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, COMMON);
        for (int i = THREADS - 1; i >= 0; i--) {
                describe(i);
                root_start(info, &task[i]);
                if (i == COMMON)
                        seL4_SchedContext_Unbind(task[i].sc); /* it waits for a call by now */
        }
        root_report();
        await(bell[CLIENT]);
        return 0;
}
