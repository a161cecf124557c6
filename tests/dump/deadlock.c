/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task whose threads wait for each other, which `run` must find; it prints the lines of lib/cap/dump and halts.
 *
 *      alice calls bob, and bob, who has her call, calls her           each has a CSpace of its own
 *      x sends to y, y to z, z to x
 *      carol calls dave, who waits for a bell that the root task may ring: no deadlock
 */
#include <dump/dump.h>
#include <sel4/start.h>
#include <tessera/trace.h>

enum { ALICE, BOB, X, Y, Z, CAROL, DAVE, THREADS };
enum {
        OWN = 1,
        OTHER,
        REPLY,
        CNODE_RADIX = 4,
        STACK_WORDS = 256,
        PRIORITY = 100,
        SC_BITS = 8,
        BUDGET_US = 10000,
        OBJECTS = 4096
};

static const char *const names[THREADS] = {"alice", "bob", "x", "y", "z", "carol", "dave"};
static const int other[THREADS] = {BOB, ALICE, Y, Z, X, DAVE, DAVE};
static seL4_Word stack[THREADS][STACK_WORDS] __attribute__((aligned(16)));
static seL4_CPtr next_slot, memory, tcb[THREADS], endpoint[THREADS], bell;

static seL4_CPtr make(seL4_Word type, seL4_Word bits)
{
        seL4_Untyped_Retype(memory, type, bits, seL4_CapInitThreadCNode, 0, 0, next_slot, 1);
        return next_slot++;
}

static void call(seL4_CPtr to)
{
        seL4_CallWithMRs(to, seL4_MessageInfo_new(0, 0, 0, 0), NULL, NULL, NULL, NULL);
}

static void serve(seL4_CPtr at)
{
        seL4_Word badge, word[4];

        seL4_RecvWithMRs(at, &badge, REPLY, &word[0], &word[1], &word[2], &word[3]);
}

static void calls(void)
{
        call(OTHER);
        for (;;)
                serve(OWN);
}

static void serves_and_calls(void)
{
        serve(OWN);
        calls();
}

static void serves_and_waits(void)
{
        seL4_Word badge, word[4];

        serve(OWN);
        for (;;)
                seL4_WaitWithMRs(OTHER, &badge, &word[0], &word[1], &word[2], &word[3]);
}

static void (*const work[THREADS])(void) = {calls, serves_and_calls, calls, calls, calls,
                                            calls, serves_and_waits};

static void give(seL4_CPtr cnode, seL4_Word slot, seL4_CPtr cap, seL4_CapRights_t rights)
{
        seL4_CNode_Copy(cnode, slot, CNODE_RADIX, seL4_CapInitThreadCNode, cap, seL4_WordBits, rights);
}

static void start(const seL4_BootInfo *info, int i)
{
        seL4_CPtr cnode = make(seL4_CapTableObject, CNODE_RADIX), sc = make(seL4_SchedContextObject, SC_BITS);
        seL4_Word guard = seL4_CNode_CapData_new(0, seL4_WordBits - CNODE_RADIX).words[0];
        seL4_UserContext registers = {.pc = (seL4_Word)work[i], .sp = (seL4_Word)&stack[i][STACK_WORDS]};
        seL4_CapRights_t sends = seL4_CapRights_new(1, 0, 0, 1), receives = seL4_CapRights_new(0, 0, 1, 0);

        give(cnode, OWN, endpoint[i], receives);
        give(cnode, OTHER, i == DAVE ? bell : endpoint[other[i]], i == DAVE ? receives : sends);
        give(cnode, REPLY, make(seL4_ReplyObject, 0), seL4_AllRights);
        tcb[i] = make(seL4_TCBObject, 0);
        seL4_SchedControl_ConfigureFlags(info->schedcontrol.start, sc, BUDGET_US, BUDGET_US, 0, 0, 0);
        seL4_TCB_Configure(tcb[i], cnode, guard, seL4_CapInitThreadVSpace, 0, 0, 0);
        seL4_TCB_SetSchedParams(tcb[i], seL4_CapInitThreadTCB, 0, PRIORITY - (seL4_Word)i % 2, sc, 0);
        seL4_TCB_WriteRegisters(tcb[i], 1, 0, sizeof(registers) / sizeof(seL4_Word), &registers);
}

static void print_text(struct text *t)
{
        for (size_t i = 0; i < t->length; i++)
                seL4_DebugPutChar(t->buffer[i]);
        t->length = 0;
}

/* Prints all of it, with the names of the threads. */
static void print_state(void)
{
        static char bytes[DUMP_STEP];
        static seL4_Word seen[OBJECTS];
        static struct dump d;
        struct text t = {.buffer = bytes, .size = sizeof(bytes)};

        dump_begin(&d, seL4_CapIRQControl, 0, seen, OBJECTS);
        while (dump_step(&d, &t))
                print_text(&t);
        for (int i = 0; i < THREADS; i++) {
                seL4_SetCap(0, tcb[i]);
                seL4_Call(seL4_CapIRQControl, seL4_MessageInfo_new(TESSERA_Identify, 0, 1, 0));
                text_add(&t, "name %lx %s\n", seL4_GetMR(0), names[i]);
                print_text(&t);
        }
        dump_end(&d, &t);
        print_text(&t);
}

static seL4_Word now(void)
{
        seL4_Word value;

        __asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(value));
        return value;
}

/* The longest of the calls that report the root CNode and the address space, in ticks. */
static seL4_Word longest(void)
{
        seL4_Word worst = 0;

        for (int space = 0; space < 2; space++) {
                seL4_Word from = 0;

                do {
                        seL4_Word since;

                        seL4_SetMR(0, from);
                        seL4_SetMR(1, (seL4_Word)space);
                        seL4_SetMR(2, seL4_CapInitThreadVSpace);
                        since = now();
                        seL4_Call(seL4_CapIRQControl,
                                  seL4_MessageInfo_new(space ? TESSERA_DumpObject : TESSERA_DumpSlots, 0, 0,
                                                       2 + (seL4_Word)space));
                        since = now() - since;
                        worst = since > worst ? since : worst;
                        from = seL4_GetMR(1);
                } while (from);
        }
        return worst;
}

int main(void)
{
        const seL4_BootInfo *info = start_bootinfo();
        char bytes[64];
        struct text t = {.buffer = bytes, .size = sizeof(bytes)};

        next_slot = info->empty.start;
        for (seL4_CPtr u = info->untyped.start; u < info->untyped.end; u++) {
                const seL4_UntypedDesc *one = &info->untypedList[u - info->untyped.start];

                if (!one->isDevice && one->sizeBits > 20)
                        memory = u;
        }
        bell = make(seL4_NotificationObject, 0);
        for (int i = 0; i < THREADS; i++)
                endpoint[i] = make(seL4_EndpointObject, 0);
        for (int i = 0; i < THREADS; i++)
                start(info, i);
        seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 1);
        print_state();
        text_add(&t, "longest %lx\n", longest());
        print_text(&t);
        seL4_DebugHalt();
        return 0;
}
