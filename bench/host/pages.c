/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel objects on pages that once held code, compared with the same on pages that never did.
 *
 * No instruction more is executed on the first kind, but an emulator may treat them worse: QEMU keeps the translated code of a
 * page until it is written to, and how it is written matters.  So host time is measured, from outside (bench/host.py), between
 * the lines `host begin WHAT` and `host end WHAT`.
 */
#include "suite.h"

enum {
        MEMORY_BITS = 20,
        PAGE = 1 << seL4_PageBits,
        PAGES = (1 << MEMORY_BITS) / PAGE,
        TURNS = 4,
        CALLS = 100000
};
enum { THREADS = 8, RETURN = 0xd65f03c0, LAST = PAGE / sizeof(uint32_t) - 1 };

void calls_for_a_while(void);
__asm__(".text\n"
        "calls_for_a_while:\n"
        "1:     mov     x7, #-11\n" /* Yield */
        "       svc     #0\n"
        "       subs    x20, x20, #1\n"
        "       b.ne    1b\n"
        "       udf     #0\n"); /* nobody handles it: over */

/* Each page is executed at an address of its own, in its last word, then given back. */
static void hold_code(word untyped, word slots, word at)
{
        OK(seL4_Untyped_Retype(untyped, seL4_ARM_SmallPageObject, 0, ROOT, 0, 0, slots, PAGES));
        for (word i = 0; i < PAGES; i++) {
                volatile uint32_t *code = (volatile uint32_t *)(at + i * PAGE);

                OK(map_at(slots + i, (word)code, seL4_AllRights, seL4_ARM_Default_VMAttributes));
                code[LAST] = RETURN;
                OK(seL4_ARM_Page_Unify_Instruction(slots + i, 0, PAGE));
                ((void (*)(void))(word)&code[LAST])();
        }
        OK(seL4_CNode_Revoke(AT(untyped)));
}

/* Threads are made on those pages and enter the kernel, which stores to them each time. */
static void use_objects(const char *what, word untyped, word slots)
{
        seL4_UserContext c = {.pc = (word)calls_for_a_while, .x20 = CALLS / THREADS};
        const word all = sizeof c / sizeof(word), scs = slots + THREADS;

        OK(seL4_Untyped_Retype(untyped, seL4_TCBObject, 0, ROOT, 0, 0, slots, THREADS));
        OK(seL4_Untyped_Retype(untyped, seL4_SchedContextObject, 9, ROOT, 0, 0, scs, THREADS));
        say("host begin %s\n", what);
        for (word i = 0; i < THREADS; i++) {
                OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, scs + i, 10000, 10000, 0,
                                                    0, 0));
                OK(seL4_TCB_Configure(slots + i, ROOT, 0, VSPACE, 0, 0, 0));
                OK(seL4_TCB_SetSchedParams(slots + i, seL4_CapInitThreadTCB, 255, 100, scs + i,
                                           seL4_CapNull));
                OK(seL4_TCB_WriteRegisters(slots + i, 1, 0, all, &c));
        }
        let_run();
        say("host end %s\n", what);
        OK(seL4_CNode_Revoke(AT(untyped)));
}

TEST(pages, "")
{
        word fresh = new_object(seL4_UntypedObject, MEMORY_BITS),
             used = new_object(seL4_UntypedObject, MEMORY_BITS), slots = new_slots(PAGES),
             at = new_page_address() + PAGE;

        for (word turn = 0; turn < TURNS; turn++) {
                use_objects("fresh", fresh, slots);
                hold_code(used, slots, at);
                use_objects("once-code", used, slots);
        }
}
