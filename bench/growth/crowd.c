/* SPDX-License-Identifier: BSD-2-Clause */
/* See crowd.h. */
#include "crowd.h"

enum { MOST_AT_ONCE = 256 };
static const word REGISTERS_ALL = sizeof(seL4_UserContext) / sizeof(word);

word crowd_objects(word type, word bits, word n)
{
        word first = new_slots(n);

        for (word i = 0; i < n; i += MOST_AT_ONCE) {
                word now = n - i < MOST_AT_ONCE ? n - i : MOST_AT_ONCE;

                OK(seL4_Untyped_Retype(test_untyped(), type, bits, ROOT, 0, 0, first + i, now));
        }
        return first;
}

void root_priority(word priority)
{
        OK(seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, priority));
}

void crowd_prepare(word tcb, word sc, word priority)
{
        OK(seL4_TCB_Configure(tcb, ROOT, 0, VSPACE, 0, 0, 0));
        OK(seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 255, priority, sc, seL4_CapNull));
}

static void set_registers(word tcb, const struct does *what, int resume)
{
        seL4_UserContext c = {.pc = (word)what->entry,
                              .x0 = what->x0,
                              .x1 = what->info,
                              .x6 = what->x6,
                              .x7 = (word)what->number,
                              .x20 = what->x20};

        OK(seL4_TCB_WriteRegisters(tcb, resume, 0, REGISTERS_ALL, &c));
}

void crowd_start(word tcb, const struct does *what)
{
        set_registers(tcb, what, 1);
}

void crowd_join(word tcb, word sc, word priority, const struct does *what)
{
        crowd_prepare(tcb, sc, priority);
        crowd_start(tcb, what);
        OK(seL4_SchedContext_Unbind(sc));
}

void grow(const char *name, const char *which, word n, word number, word divisor)
{
        __asm__ volatile("movz xzr, #1");
        say("grow %s %s %lu %lu %lu\n", name, which, n, number, divisor);
}

word join_cost(word tcb, word sc, word priority, const struct does *what, word *leave)
{
        word regs[REGISTERS] = {tcb, seL4_MessageInfo_new(TCBResume, 0, 0, 0).words[0],
                                0,   0,
                                0,   0,
                                0,   (word)seL4_SysCall,
                                0},
             reading[2], two[2], before;
        seL4_UserContext c;

        crowd_prepare(tcb, sc, priority);
        set_registers(tcb, what, 0);
        raw_end(regs, reading);
        before = begin_reading();
        OK(seL4_TCB_Suspend(tcb));
        *leave = end_reading() - before;
        OK(seL4_TCB_ReadRegisters(tcb, 0, 0, REGISTERS_ALL, &c));
        read_twice(two);
        return reading[1] - c.x9 - (two[1] - two[0]);
}
