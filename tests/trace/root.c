/* SPDX-License-Identifier: BSD-2-Clause */
/* Small root tasks under a trace (see root.h).  The memory of the trace is one large page. */
#include "root.h"

#include <sel4/start.h>
#include <tessera/trace.h>
#include <text/text.h>

enum {
        SC_BITS = 8,
        PER_SECOND = 1000000, /* microseconds */
        TRACE_BITS = 21,
        NAME_WORDS = 3
};

static seL4_CPtr next_slot, memory, ring;
static seL4_Word refused;

seL4_CPtr root_make(seL4_Word type, seL4_Word bits)
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

void compute(seL4_Word us)
{
        seL4_Word hz, end;

        __asm__("mrs %0, cntfrq_el0" : "=r"(hz));
        end = now() + hz / PER_SECOND * us;
        while (now() < end) {
        }
}

void call(seL4_CPtr to)
{
        seL4_CallWithMRs(to, seL4_MessageInfo_new(0, 0, 0, 0), NULL, NULL, NULL, NULL);
}

void serve(seL4_CPtr door, seL4_CPtr reply, seL4_CPtr helper, seL4_Word us)
{
        seL4_Word badge, word[4];

        seL4_RecvWithMRs(door, &badge, reply, &word[0], &word[1], &word[2], &word[3]);
        for (;;) {
                compute(us);
                if (helper)
                        call(helper);
                compute(us / 2);
                seL4_ReplyRecvWithMRs(door, seL4_MessageInfo_new(0, 0, 0, 0), &badge, &word[0], &word[1],
                                      &word[2], &word[3], reply);
        }
}

void await(seL4_CPtr notification)
{
        seL4_Word badge, word[4];

        seL4_WaitWithMRs(notification, &badge, &word[0], &word[1], &word[2], &word[3]);
}

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

void root_name(seL4_CPtr cap, const char *name)
{
        ask(TESSERA_TraceName, cap, name);
}

void root_begin(const seL4_BootInfo *info)
{
        next_slot = info->empty.start;
        for (seL4_CPtr u = info->untyped.start; u < info->untyped.end; u++) {
                const seL4_UntypedDesc *one = &info->untypedList[u - info->untyped.start];

                if (!one->isDevice && one->sizeBits > TRACE_BITS + 1)
                        memory = u;
        }
        ring = root_make(seL4_ARM_LargePageObject, 0);
}

void root_trace(void)
{
        refused = ask(TESSERA_TraceStart, ring, NULL);
        root_name(seL4_CapInitThreadTCB, "root");
}

void root_configure(const seL4_BootInfo *info, seL4_CPtr sc, seL4_Word core, seL4_Word budget_us)
{
        seL4_SchedControl_ConfigureFlags(info->schedcontrol.start + core, sc, budget_us, PERIOD_US, 0, 0, 0);
}

void root_start(const seL4_BootInfo *info, struct task *t)
{
        seL4_UserContext registers = {
                .pc = (seL4_Word)t->work, .sp = (seL4_Word)&t->stack[STACK_WORDS], .x0 = t->who};

        t->tcb = root_make(seL4_TCBObject, 0);
        t->sc = root_make(seL4_SchedContextObject, SC_BITS);
        root_name(t->tcb, t->name);
        root_configure(info, t->sc, t->core, t->budget_us);
        seL4_TCB_Configure(t->tcb, seL4_CapInitThreadCNode, 0, seL4_CapInitThreadVSpace, 0, 0, 0);
        seL4_TCB_SetSchedParams(t->tcb, seL4_CapInitThreadTCB, 0, t->priority, t->sc, 0);
        seL4_TCB_WriteRegisters(t->tcb, 1, 0, sizeof(registers) / sizeof(seL4_Word), &registers);
}

static void print(const char *format, seL4_Word a, seL4_Word b)
{
        char line[80];

        text_print(line, sizeof(line), format, a, b);
        for (const char *c = line; *c; c++)
                seL4_DebugPutChar(*c);
}

void root_report(void)
{
        if (refused)
                print("the trace is refused: error %lu, %lu\n", refused, 0);
        else
                print("trace: %lu bytes at 0x%lx\n", 1ul << TRACE_BITS, seL4_ARM_Page_GetAddress(ring).paddr);
}

void root_end(void)
{
        root_report();
        seL4_DebugHalt();
}
