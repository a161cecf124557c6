/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task for four cores, one trace of them all: prints where the memory of the trace is, and halts.  root has core 0.
 *
 *      early   core 3  computes since before the trace begins, whenever nobody else does there
 *      server          is passive: it runs on the cores of its callers,
 *      alice   core 1  and
 *      bob     core 2  who both call it
 *      keeper  core 0  has time of its own: carol's messages go to another core
 *      carol   core 3
 *      ping    core 1  signals pong
 *      pong    core 2
 *      dave    core 3  has 2 ms in 10, and work for more than 20
 *      mover   core 1, and after 2 ms of work root sends it to core 2
 */
#include "root.h"

#include <sel4/start.h>

enum { EARLY, SERVER, ALICE, BOB, KEEPER, CAROL, PING, PONG, DAVE, MOVER, THREADS };
enum { BUDGET_US = 2000, CALLS = 5, CALL_US = 200, JOB_US = 22000, FROM = 1, TO = 2, MOVED_US = 4000 };

static seL4_Word stack[THREADS][STACK_WORDS] __attribute__((aligned(16)));
static seL4_CPtr door[THREADS], reply[THREADS], bell, worked, never, ended[THREADS];
static volatile seL4_Word begun, moved;

static void end(seL4_Word who)
{
        seL4_Signal(ended[who]);
        for (;;)
                await(never);
}

static void calls(seL4_Word who)
{
        for (int i = 0; i < CALLS; i++) {
                compute(CALL_US);
                call(door[who == CAROL ? KEEPER : SERVER]);
        }
        end(who);
}

static void serves(seL4_Word who)
{
        serve(door[who], reply[who], 0, CALL_US);
}

static void early(seL4_Word who)
{
        (void)who;
        for (;;)
                begun = 1;
}

static void ping(seL4_Word who)
{
        for (int i = 0; i < CALLS; i++) {
                compute(CALL_US);
                seL4_Signal(bell);
        }
        end(who);
}

static void pong(seL4_Word who)
{
        (void)who;
        for (;;)
                await(bell);
}

static void dave(seL4_Word who)
{
        compute(JOB_US);
        end(who);
}

/* The emulator lets the next core run when one says that it waits. */
static void mover(seL4_Word who)
{
        compute(BUDGET_US);
        seL4_Signal(worked);
        while (!moved)
                __asm__ volatile("yield");
        compute(MOVED_US);
        end(who);
}

static struct task task[THREADS] = {
        [EARLY] = {"early", early, EARLY, 1, 3, PERIOD_US, stack[EARLY], 0, 0},
        [SERVER] = {"server", serves, SERVER, 120, 0, PERIOD_US, stack[SERVER], 0, 0},
        [ALICE] = {"alice", calls, ALICE, 100, 1, PERIOD_US, stack[ALICE], 0, 0},
        [BOB] = {"bob", calls, BOB, 100, 2, PERIOD_US, stack[BOB], 0, 0},
        [KEEPER] = {"keeper", serves, KEEPER, 120, 0, PERIOD_US, stack[KEEPER], 0, 0},
        [CAROL] = {"carol", calls, CAROL, 100, 3, PERIOD_US, stack[CAROL], 0, 0},
        [PING] = {"ping", ping, PING, 110, 1, PERIOD_US, stack[PING], 0, 0},
        [PONG] = {"pong", pong, PONG, 110, 2, PERIOD_US, stack[PONG], 0, 0},
        [DAVE] = {"dave", dave, DAVE, 90, 3, BUDGET_US, stack[DAVE], 0, 0},
        [MOVER] = {"mover", mover, MOVER, 80, FROM, PERIOD_US, stack[MOVER], 0, 0},
};

static void make_objects(void)
{
        bell = root_make(seL4_NotificationObject, 0);
        worked = root_make(seL4_NotificationObject, 0);
        never = root_make(seL4_NotificationObject, 0);
        for (int i = 0; i < THREADS; i++) {
                ended[i] = root_make(seL4_NotificationObject, 0);
                door[i] = root_make(seL4_EndpointObject, 0);
                reply[i] = root_make(seL4_ReplyObject, 0);
        }
}

int main(void)
{
        static const int counted[] = {ALICE, BOB, CAROL, PING, DAVE, MOVER};
        const seL4_BootInfo *info = start_bootinfo();

        root_begin(info);
        make_objects();
        seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 1);
        root_start(info, &task[EARLY]);
        while (!begun)
                seL4_Yield();
        root_trace();
        root_name(task[EARLY].tcb, task[EARLY].name);
        for (int i = SERVER; i < THREADS; i++) {
                root_start(info, &task[i]);
                if (i == SERVER)
                        seL4_SchedContext_Unbind(task[i].sc); /* it waits for a call by now */
        }
        await(worked);
        root_configure(info, task[MOVER].sc, TO, PERIOD_US);
        moved = 1;
        for (unsigned i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
                await(ended[counted[i]]);
        root_end();
        return 0;
}
