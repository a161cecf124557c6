/* SPDX-License-Identifier: BSD-2-Clause */
/* A storm of random calls, from a seed, and a watch over it.
 *
 * Callers have authority over themselves, over each other and over some memory; what they destroy is given to them again.  The watch
 * has a higher priority than they can get, and checks every half millisecond whether it was woken in time, whether its own objects are
 * unchanged, and whether a call to a thread of its own is answered.  At the end all of the callers' memory is reclaimed and
 * must be one empty piece.
 *
 * SEED and PERIODS are given to the compiler.
 */
#include "machine.h"
#include "storm.h"

enum {
        PERIOD_US = 500,
        LATE_US = 50,         /* more than the longest step of the kernel and what the watch itself does */
        LATE_DEBUG_US = 2000, /* the debug kernel reports every fault */
        UNTYPED_BITS = 20,
        PATIENCE = 1, /* periods without a call after which a caller is restarted */
};

static struct {
        word cnode, space, untyped, small, tables;
        word tcb[CALLERS], time[CALLERS + 1], frame[CALLERS], shared[CALLERS], stack[CALLERS];
        word code, code_pages; /* the first of the frames with the program, their number */
        struct page *page[CALLERS];
        word seen[CALLERS], silent[CALLERS];
        word original[SLOTS]; /* slots of the watch from which those of the callers are filled */
        word badge[SLOTS];
        word restarts, worst, seed, next, next_page;
} storm;

/* --- making it -------------------------------------------------------------------------------------------------- */

static void map_for_callers(word frame, word address, seL4_CapRights_t rights)
{
        for (;;) {
                word error =
                        seL4_ARM_Page_Map(frame, storm.space, address, rights, seL4_ARM_Default_VMAttributes);

                if (error != seL4_FailedLookup) {
                        OK(error);
                        return;
                }
                OK(seL4_ARM_PageTable_Map(new_object(seL4_ARM_PageTableObject, 0), storm.space, address,
                                          seL4_ARM_Default_VMAttributes));
        }
}

static word address_of_code(word i)
{
        return 0x400000 + i * PAGE;
}

/* The read-only part of the program, where it is in the watch's own space. */
static void share_code(void)
{
        extern char tls_image[];

        storm.code_pages = ((word)tls_image - address_of_code(0)) / PAGE;
        storm.code = new_slots(storm.code_pages);
        for (word i = 0; i < storm.code_pages; i++) {
                OK(seL4_CNode_Copy(AT(storm.code + i), AT(suite_boot->userImageFrames.start + i),
                                   seL4_CanRead));
                map_for_callers(storm.code + i, address_of_code(i), seL4_CanRead);
        }
}

/* A page that both sides see: the watch's address of it, and its frame caps on both sides. */
static word share_page(word address, word *frame, word *shared)
{
        word here;

        *frame = map_new_page(&here);
        *shared = copied(*frame, seL4_AllRights);
        map_for_callers(*shared, address, seL4_ReadWrite);
        return here;
}

/* Callers map frames of theirs over what they live on.  Of the code some pages in turn: all would take too long. */
static void map_again(word i)
{
        enum { SOME = 6 };

        seL4_ARM_Page_Map(storm.shared[i], storm.space, PAGES_AT + i * STRIDE, seL4_ReadWrite,
                          seL4_ARM_Default_VMAttributes);
        seL4_ARM_Page_Map(storm.stack[i], storm.space, STACKS_AT + i * STRIDE, seL4_ReadWrite,
                          seL4_ARM_Default_VMAttributes);
        for (word n = 0; n < SOME; n++) {
                word page = storm.next_page++ % storm.code_pages;

                seL4_ARM_Page_Map(storm.code + page, storm.space, address_of_code(page), seL4_CanRead,
                                  seL4_ARM_Default_VMAttributes);
        }
}

static void fill(word slot, word original, word badge)
{
        storm.original[slot] = original;
        storm.badge[slot] = badge;
}

static void make_objects(void)
{
        for (word i = 0; i < 4; i++) {
                fill(SLOT_ENDPOINT + i, i < 2 ? new_endpoint() : storm.original[SLOT_ENDPOINT + i - 2],
                     i < 2 ? 0 : i);
                fill(SLOT_SIGNAL + i, i < 2 ? new_notification() : storm.original[SLOT_SIGNAL + i - 2],
                     i < 2 ? 0 : i);
                fill(SLOT_FRAME + i,
                     new_object(i < 3 ? seL4_ARM_SmallPageObject : seL4_ARM_LargePageObject, 0), 0);
        }
        for (word i = 0; i < 3; i++)
                fill(SLOT_REPLY + i, new_reply(), 0);
        fill(SLOT_CNODE, storm.cnode, 0);
        fill(SLOT_CNODE + 1, new_object(seL4_CapTableObject, 3), 0);
        fill(SLOT_VSPACE, storm.space, 0);
        fill(SLOT_POOL, seL4_CapInitThreadASIDPool, 0);
        fill(SLOT_CONTROL, suite_boot->schedcontrol.start, 0);
        fill(SLOT_DOMAINS, seL4_CapDomain, 0);
        for (word i = 0; i < LINES; i++) {
                word handler = new_slot();

                if (seL4_IRQControl_Get(seL4_CapIRQControl, FIRST_LINE + i, AT(handler)) == seL4_NoError)
                        fill(SLOT_LINE + i, handler, 0);
        }
}

/* Tables have no copies: they are made in place, and all taken away when the memory for them is used up. */
static word make_table(word slot, word type)
{
        word error = seL4_Untyped_Retype(storm.tables, type, 0, storm.cnode, 0, 0, slot, 1);

        if (error == seL4_NotEnoughMemory)
                seL4_CNode_Revoke(AT(storm.tables));
        return error == seL4_NoError;
}

/* One slot of the callers' CNode, if nothing is in it now. */
static word fill_slot(word slot)
{
        word data = slot == SLOT_CNODE ? seL4_CNode_CapData_new(0, 64 - RADIX).words[0] : storm.badge[slot];

        if (slot == SLOT_TABLE || slot == SLOT_TABLE + 1)
                return make_table(slot, seL4_ARM_PageTableObject);
        if (slot == SLOT_VSPACE + 1)
                return make_table(slot, seL4_ARM_VSpaceObject);
        return seL4_CNode_Mint(storm.cnode, slot, RADIX, ROOT, storm.original[slot], 64, seL4_AllRights,
                               data) == seL4_NoError;
}

/* The next few, in turn: filling all of them each time would leave little time to the callers. */
static void fill_some(void)
{
        enum { SOME = 5 };

        for (word i = 0; i < SOME; i++)
                fill_slot(storm.next++ % (SLOT_FREE - 1) + 1);
}

static void give_time(word i)
{
        static const struct {
                word budget, period, more, flags;
        } form[] = {{1000, 1000, 0, 0}, {400, 2000, 2, 0}, {300, 1000, 4, 1},
                    {2000, 2000, 0, 0}, {200, 500, 1, 1},  {300, 900, 2, 0}};

        seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, storm.time[i], form[i].budget,
                                         form[i].period, form[i].more, i, form[i].flags);
}

/* Restores a caller, whatever has become of it. */
static void begin(word i)
{
        seL4_UserContext c = {.pc = (word)storm_caller,
                              .sp = STACKS_AT + i * STRIDE + PAGE,
                              .x0 = PAGES_AT + i * STRIDE,
                              .x1 = storm.seed++};
        word data = seL4_CNode_CapData_new(0, 64 - RADIX).words[0],
             handler = storm.original[SLOT_ENDPOINT + i % 4];

        seL4_TCB_Suspend(storm.tcb[i]);
        seL4_TCB_SetFlags(storm.tcb[i], 1, 0);
        seL4_SchedContext_Unbind(storm.time[i]);
        give_time(i);
        seL4_TCB_SetSpace(storm.tcb[i], i % 2 ? handler : seL4_CapNull, storm.cnode, data, storm.space, 0);
        seL4_TCB_SetIPCBuffer(storm.tcb[i], PAGES_AT + i * STRIDE, storm.frame[i]);
        seL4_TCB_SetSchedParams(storm.tcb[i], seL4_CapInitThreadTCB, MCP, FIRST_PRIORITY + i % 3,
                                storm.time[i], i % 2 ? handler : seL4_CapNull);
        seL4_TCB_WriteRegisters(storm.tcb[i], 1, 0, sizeof c / sizeof(word), &c);
        storm.silent[i] = 0;
}

static void make_callers(void)
{
        for (word i = 0; i <= CALLERS; i++)
                fill(SLOT_TIME + i, storm.time[i] = new_object(seL4_SchedContextObject, 8), 0);
        for (word i = 0; i < CALLERS; i++) {
                word frame;

                storm.page[i] =
                        (struct page *)share_page(PAGES_AT + i * STRIDE, &storm.frame[i], &storm.shared[i]);
                share_page(STACKS_AT + i * STRIDE, &frame, &storm.stack[i]);
                fill(SLOT_TCB + i, storm.tcb[i] = new_object(seL4_TCBObject, 0), 0);
        }
}

/* --- watching it ------------------------------------------------------------------------------------------------ */

static word probe, probe_reply;
static struct helper witness;

/* Answers each call with its word and one more. */
static void answer(word a, word b)
{
        word badge, x = 0;

        (void)a, (void)b;
        seL4_RecvWithMRs(probe, &badge, probe_reply, &x, NULL, NULL, NULL);
        for (;;) {
                x++;
                seL4_ReplyRecvWithMRs(probe, seL4_MessageInfo_new(0, 0, 0, 1), &badge, &x, NULL, NULL, NULL,
                                      probe_reply);
        }
}

static void still_answers(word x)
{
        word reply = x;

        seL4_CallWithMRs(probe, seL4_MessageInfo_new(0, 0, 0, 1), &reply, NULL, NULL, NULL);
        EQ(reply, x + 1);
}

static void still_signals(word n, word x)
{
        word badge = 0;

        seL4_Signal(n);
        seL4_Poll(n, &badge);
        EQ(badge, x);
}

/* Threads that make no calls are restarted. */
static void look_after(void)
{
        for (word i = 0; i < CALLERS; i++) {
                if (storm.page[i]->calls != storm.seen[i])
                        storm.silent[i] = 0;
                else if (++storm.silent[i] >= PATIENCE) {
                        fill_some();
                        map_again(i);
                        begin(i);
                        storm.restarts++;
                }
                storm.seen[i] = storm.page[i]->calls;
        }
}

static void wait_for_a_period(void)
{
        word before = now_us();

        sleep_us(PERIOD_US);
        word took = now_us() - before, late = took > PERIOD_US ? took - PERIOD_US : 0;
        storm.worst = late > storm.worst ? late : storm.worst;
        CHECK(took >= PERIOD_US / 2);
        CHECK(late < (on_debug_kernel() ? LATE_DEBUG_US : LATE_US));
}

/* All the callers had is one empty piece again. */
static void take_back(void)
{
        word frame, here;

        for (word i = 0; i < CALLERS; i++)
                OK(seL4_TCB_Suspend(storm.tcb[i]));
        seL4_CNode_Revoke(AT(storm.untyped));
        seL4_CNode_Revoke(AT(storm.small));
        seL4_CNode_Revoke(AT(storm.tables));
        frame = new_slot();
        OK(seL4_Untyped_Retype(storm.untyped, seL4_UntypedObject, UNTYPED_BITS, ROOT, 0, 0, frame, 1));
        seL4_CNode_Revoke(AT(storm.untyped));
        here = new_page_address();
        OK(seL4_Untyped_Retype(storm.untyped, seL4_ARM_SmallPageObject, 0, ROOT, 0, 0, frame, 1));
        OK(map_at(frame, here, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        for (word i = 0; i < PAGE / sizeof(word); i++)
                EQ(((const word *)here)[i], 0);
}

/* How many calls were made and, of invocations with an answer, were done. */
static void count(word *calls, word *done)
{
        *calls = *done = 0;
        for (word i = 0; i < CALLERS; i++) {
                *calls += storm.page[i]->calls;
                *done += storm.page[i]->done;
        }
}

TEST(storm, "")
{
        word calls, done, kept, pattern = 0xfeed0000 + SEED, signal = new_notification(),
                                badged = minted(signal, pattern, seL4_AllRights);
        double value = (double)pattern;

        storm.seed = SEED * 1000003ul;
        storm.untyped = new_object(seL4_UntypedObject, UNTYPED_BITS);
        storm.small = new_object(seL4_UntypedObject, 14);
        storm.tables = new_object(seL4_UntypedObject, 16);
        storm.cnode = new_object(seL4_CapTableObject, RADIX);
        storm.space = new_object(seL4_ARM_VSpaceObject, 0);
        OK(seL4_ARM_ASIDPool_Assign(seL4_CapInitThreadASIDPool, storm.space));
        share_code();
        make_objects();
        fill(SLOT_UNTYPED, storm.untyped, 0);
        fill(SLOT_UNTYPED + 1, storm.small, 0);
        make_callers();
        for (word slot = 1; slot < SLOT_FREE; slot++)
                EQ(fill_slot(slot), 1);
        map_new_page(&kept);
        for (word i = 0; i < PAGE / sizeof(word); i++)
                ((word *)kept)[i] = pattern * (i + 1);
        probe = new_endpoint();
        probe_reply = new_reply();
        spawn(&witness, SUITE_PRIORITY - 1, answer, 0, 0);
        for (word i = 0; i < CALLERS; i++)
                begin(i);
        for (word period = 0; period < PERIODS; period++) {
                wait_for_a_period();
                still_answers(period);
                still_signals(badged, pattern);
                for (word i = 0; i < PAGE / sizeof(word); i++)
                        EQ(((word *)kept)[i], pattern * (i + 1));
                CHECK(value == (double)pattern);
                look_after();
        }
        count(&calls, &done);
        say("storm: seed %lu: %lu calls, %lu of them known to be done, in %lu periods, callers restarted "
            "%lu times, the watch at most %lu us "
            "late\n",
            (word)SEED, calls, done, (word)PERIODS, storm.restarts, storm.worst);
        CHECK(done > PERIODS); /* otherwise this was no storm */
        take_back();
        still_answers(1);
}
