/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task whose threads do, under a trace, what chapter 14 of the guide shows: prints where the memory of the trace is, and halts.
 *
 *      alice calls bob, who calls carol: both are passive, and run on alice's time
 *      dave has 2 ms in 10 and work for more than 40: he misses each of his deadlines
 */
#include <sel4/start.h>
#include <tessera/trace.h>
#include <text/text.h>

enum { ALICE, BOB, CAROL, DAVE, THREADS };
enum {
        STACK_WORDS = 256,
        SC_BITS = 8,
        PERIOD_US = 10000,
        BUDGET_US = 2000,
        CALLS = 5,
        CALL_US = 200,
        JOB_US = 45000,
        PER_SECOND = 1000000, /* microseconds */
        TRACE_BITS = 21,
        NAME_WORDS = 3
};

static const char *const names[THREADS] = {"alice", "bob", "carol", "dave"};
static const seL4_Word priorities[THREADS] = {100, 120, 130, 90};
static seL4_Word stack[THREADS][STACK_WORDS] __attribute__((aligned(16)));
static seL4_CPtr next_slot, memory, door[THREADS], reply[THREADS], ended[THREADS + 1];

static seL4_CPtr make(seL4_Word type, seL4_Word bits)
{
        seL4_Untyped_Retype(memory, type, bits, seL4_CapInitThreadCNode, 0, 0, next_slot, 1);
        return next_slot++;
}

static seL4_Word now(void)
{
        seL4_Word value;

        __asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(value));
        return value;
}

static void compute(seL4_Word us)
{
        seL4_Word hz, end;

        __asm__("mrs %0, cntfrq_el0" : "=r"(hz));
        end = now() + hz / PER_SECOND * us;
        while (now() < end) {
        }
}

static void call(seL4_CPtr to)
{
        seL4_CallWithMRs(to, seL4_MessageInfo_new(0, 0, 0, 0), NULL, NULL, NULL, NULL);
}

static void end(int who)
{
        seL4_Word badge, word[4];

        seL4_Signal(ended[who]);
        for (;;)
                seL4_WaitWithMRs(ended[THREADS], &badge, &word[0], &word[1], &word[2], &word[3]);
}

static void client(void)
{
        for (int i = 0; i < CALLS; i++) {
                compute(CALL_US);
                call(door[BOB]);
        }
        end(ALICE);
}

/* Serves for ever, with the help of another one or none. */
static void serve(int who, seL4_CPtr helper)
{
        seL4_Word badge, word[4];

        seL4_RecvWithMRs(door[who], &badge, reply[who], &word[0], &word[1], &word[2], &word[3]);
        for (;;) {
                compute(CALL_US);
                if (helper)
                        call(helper);
                compute(CALL_US / 2);
                seL4_ReplyRecvWithMRs(door[who], seL4_MessageInfo_new(0, 0, 0, 0), &badge, &word[0], &word[1],
                                      &word[2], &word[3], reply[who]);
        }
}

static void helped(void)
{
        serve(BOB, door[CAROL]);
}

static void helper(void)
{
        serve(CAROL, 0);
}

static void works(void)
{
        compute(JOB_US);
        end(DAVE);
}

static void (*const work[THREADS])(void) = {client, helped, helper, works};

static seL4_Word ask(seL4_Word label, seL4_CPtr cap, const char *name)
{
        seL4_Word words[NAME_WORDS] = {0};

        for (int i = 0; name && name[i]; i++)
                ((char *)words)[i] = name[i];
        for (int i = 0; name && i < NAME_WORDS; i++)
                seL4_SetMR(i, words[i]);
        seL4_SetCap(0, cap);
        return seL4_MessageInfo_get_label(
                seL4_Call(seL4_CapIRQControl, seL4_MessageInfo_new(label, 0, 1, name ? NAME_WORDS : 0)));
}

/* A server runs until it receives, and has no time of its own from then on. */
static void start(const seL4_BootInfo *info, int i)
{
        seL4_CPtr tcb = make(seL4_TCBObject, 0), sc = make(seL4_SchedContextObject, SC_BITS);
        seL4_UserContext registers = {.pc = (seL4_Word)work[i], .sp = (seL4_Word)&stack[i][STACK_WORDS]};

        ask(TESSERA_TraceName, tcb, names[i]);
        seL4_SchedControl_ConfigureFlags(info->schedcontrol.start, sc, i == DAVE ? BUDGET_US : PERIOD_US,
                                         PERIOD_US, 0, 0, 0);
        seL4_TCB_Configure(tcb, seL4_CapInitThreadCNode, 0, seL4_CapInitThreadVSpace, 0, 0, 0);
        seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 0, priorities[i], sc, 0);
        seL4_TCB_WriteRegisters(tcb, 1, 0, sizeof(registers) / sizeof(seL4_Word), &registers);
        if (i == BOB || i == CAROL)
                seL4_SchedContext_Unbind(sc);
}

static void print(const char *format, seL4_Word a, seL4_Word b)
{
        char line[80];

        text_print(line, sizeof(line), format, a, b);
        for (const char *c = line; *c; c++)
                seL4_DebugPutChar(*c);
}

int main(void)
{
        static const int order[THREADS] = {CAROL, BOB, DAVE, ALICE};
        const seL4_BootInfo *info = start_bootinfo();
        seL4_CPtr ring;
        seL4_Word error, badge, word[4];

        next_slot = info->empty.start;
        for (seL4_CPtr u = info->untyped.start; u < info->untyped.end; u++) {
                const seL4_UntypedDesc *one = &info->untypedList[u - info->untyped.start];

                if (!one->isDevice && one->sizeBits > TRACE_BITS + 1)
                        memory = u;
        }
        ring = make(seL4_ARM_LargePageObject, 0);
        for (int i = 0; i <= THREADS; i++) {
                ended[i] = make(seL4_NotificationObject, 0);
                door[i % THREADS] = make(seL4_EndpointObject, 0);
                reply[i % THREADS] = make(seL4_ReplyObject, 0);
        }
        error = ask(TESSERA_TraceStart, ring, NULL);
        ask(TESSERA_TraceName, seL4_CapInitThreadTCB, "root");
        ask(TESSERA_TraceName, door[BOB], "bob's door");
        ask(TESSERA_TraceName, door[CAROL], "carol's door");
        seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 1);
        for (int i = 0; i < THREADS; i++)
                start(info, order[i]);
        seL4_WaitWithMRs(ended[ALICE], &badge, &word[0], &word[1], &word[2], &word[3]);
        seL4_WaitWithMRs(ended[DAVE], &badge, &word[0], &word[1], &word[2], &word[3]);
        if (error)
                print("the trace is refused: error %lu, %lu\n", error, 0);
        else
                print("trace: %lu bytes at 0x%lx\n", 1ul << TRACE_BITS, seL4_ARM_Page_GetAddress(ring).paddr);
        seL4_DebugHalt();
        return 0;
}
