/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task whose threads do, under a trace, what chapter 14 of the guide shows: prints where the memory of the trace is, and halts.
 *
 *      alice calls bob, who calls carol: both are passive, and run on alice's time
 *      dave has 2 ms in 10 and work for more than 40: he misses each of his deadlines
 */
#include "root.h"

#include <sel4/start.h>

enum { ALICE, BOB, CAROL, DAVE, THREADS };
enum { BUDGET_US = 2000, CALLS = 5, CALL_US = 200, JOB_US = 45000 };

static seL4_Word stack[THREADS][STACK_WORDS] __attribute__((aligned(16)));
static seL4_CPtr door[THREADS], reply[THREADS], ended[THREADS + 1];

static void end(seL4_Word who)
{
        seL4_Signal(ended[who]);
        for (;;)
                await(ended[THREADS]);
}

static void client(seL4_Word who)
{
        for (int i = 0; i < CALLS; i++) {
                compute(CALL_US);
                call(door[BOB]);
        }
        end(who);
}

static void serves(seL4_Word who)
{
        serve(door[who], reply[who], who == BOB ? door[CAROL] : 0, CALL_US);
}

static void works(seL4_Word who)
{
        compute(JOB_US);
        end(who);
}

static struct task task[THREADS] = {
        [ALICE] = {"alice", client, ALICE, 100, 0, PERIOD_US, stack[ALICE], 0, 0},
        [BOB] = {"bob", serves, BOB, 120, 0, PERIOD_US, stack[BOB], 0, 0},
        [CAROL] = {"carol", serves, CAROL, 130, 0, PERIOD_US, stack[CAROL], 0, 0},
        [DAVE] = {"dave", works, DAVE, 90, 0, BUDGET_US, stack[DAVE], 0, 0},
};

int main(void)
{
        static const int order[THREADS] = {CAROL, BOB, DAVE, ALICE};
        const seL4_BootInfo *info = start_bootinfo();

        root_begin(info);
        for (int i = 0; i <= THREADS; i++) {
                ended[i] = root_make(seL4_NotificationObject, 0);
                door[i % THREADS] = root_make(seL4_EndpointObject, 0);
                reply[i % THREADS] = root_make(seL4_ReplyObject, 0);
        }
        root_trace();
        root_name(door[BOB], "bob's door");
        root_name(door[CAROL], "carol's door");
        seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 1);
        for (int i = 0; i < THREADS; i++) {
                root_start(info, &task[order[i]]);
                if (order[i] == BOB || order[i] == CAROL)
                        seL4_SchedContext_Unbind(
                                task[order[i]]
                                        .sc); /* it waits for a call by now, and runs on its callers' time */
        }
        await(ended[ALICE]);
        await(ended[DAVE]);
        root_end();
        return 0;
}
