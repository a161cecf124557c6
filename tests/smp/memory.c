/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory and the end of address spaces that other cores use (spec smp.md 6), order and time (7, 8), and that nobody starves. */
#include "smp.h"

static struct helper h, other;
static volatile word *page;
static word page_frame;

static void writes_for_ever(word address, word unused)
{
        (void)unused;
        for (volatile word *at = (volatile word *)address;;)
                put(at, *at + 1);
}

/* A frame that two addresses show; the writer uses the second. */
static word second_view(word address)
{
        word copy = copied(page_frame, seL4_AllRights);

        OK(map_at(copy, address, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        return copy;
}

static void watched(struct helper *w, word core, word ep, word address)
{
        helper_make(w, EQUAL);
        OK(place(w->sc, core));
        OK(seL4_TCB_SetSchedParams(w->tcb, seL4_CapInitThreadTCB, 255, EQUAL, w->sc, ep));
        helper_start(w, writes_for_ever, address, 0);
}

static void set_up_page(void)
{
        word address;

        page_frame = map_new_page(&address);
        page = (volatile word *)address;
}

static void goes_on(void)
{
        word before = get(page);

        UNTIL(get(page) != before);
}

/* After Unmap, and after mapping it read-only, nothing is written any more; the writer faults. */
TEST(smp_unmap_under_a_writer, "SMP-43")
{
        word ep = new_endpoint(), badge, address = new_page_address();

        set_up_page();
        for (word i = 0; i < 2 * STRESS; i++) {
                word way = i % 2, copy = second_view(address);

                watched(&h, 1 + way, ep, address);
                goes_on();
                if (way == 0)
                        OK(seL4_ARM_Page_Unmap(copy));
                else
                        OK(seL4_ARM_Page_Map(copy, VSPACE, address, seL4_CanRead,
                                             seL4_ARM_Default_VMAttributes));
                word then = get(page);
                seL4_MessageInfo_t info = seL4_Recv(ep, &badge, new_reply());
                EQ(seL4_MessageInfo_get_label(info), seL4_Fault_VMFault);
                EQ(seL4_GetMR(seL4_VMFault_Addr), address);
                EQ(get(page), then);
                OK(seL4_CNode_Delete(AT(h.tcb)));
                OK(seL4_CNode_Delete(AT(copy)));
        }
}

enum { IMAGE = 0x10000000 };

/* A VSpace with tables for IMAGE and the code of `spin` there. */
static void fill_space(word space, word *code, word tables[4])
{
        static const unsigned spin[] = {0xf9400001, 0x91000421, 0xf9000001,
                                        0x17fffffd}; /* ldr, add 1, str, b */
        word address, frame = map_new_page(&address);

        for (word i = 0; i < TABLES; i++) {
                tables[i] = new_object(seL4_ARM_PageTableObject, 0);
                OK(seL4_ARM_PageTable_Map(tables[i], space, IMAGE, seL4_ARM_Default_VMAttributes));
        }
        for (word i = 0; i < sizeof(spin) / sizeof(spin[0]); i++)
                ((unsigned *)address)[i] = spin[i];
        OK(seL4_ARM_Page_Unify_Instruction(frame, 0, 64));
        *code = copied(frame, seL4_AllRights);
        OK(seL4_ARM_Page_Map(*code, space, IMAGE, seL4_CanRead, seL4_ARM_Default_VMAttributes));
        tables[3] = copied(page_frame, seL4_AllRights);
        OK(seL4_ARM_Page_Map(tables[3], space, IMAGE + 4096, seL4_AllRights, seL4_ARM_Default_VMAttributes));
}

static word make_space(word *code, word tables[4])
{
        word space = new_object(seL4_ARM_VSpaceObject, 0);

        OK(seL4_ARM_ASIDPool_Assign(seL4_CapInitThreadASIDPool, space));
        fill_space(space, code, tables);
        return space;
}

static void start_in(word space, word core, word ep)
{
        seL4_UserContext c = {.pc = IMAGE, .x0 = IMAGE + 4096};

        helper_make(&h, EQUAL);
        OK(place(h.sc, core));
        OK(seL4_TCB_SetSchedParams(h.tcb, seL4_CapInitThreadTCB, 255, EQUAL, h.sc, ep));
        OK(seL4_TCB_SetSpace(h.tcb, ep, ROOT, 0, space, 0));
        OK(seL4_TCB_WriteRegisters(h.tcb, 1, 0, sizeof c / sizeof(word), &c));
}

/* With the copy that the thread holds. */
static void delete_space(word space)
{
        OK(seL4_CNode_Revoke(AT(space)));
        OK(seL4_CNode_Delete(AT(space)));
}

/* The space that a running thread of another core uses is deleted, and its memory is used at once. */
TEST(smp_space_deleted_under_a_thread, "SMP-44 SMP-45")
{
        word ep = new_endpoint(), badge;

        set_up_page();
        for (word core = 1; core < CORES; core++)
                for (word round = 0; round < 3; round++) {
                        word code, tables[4], space = make_space(&code, tables);

                        start_in(space, core, ep);
                        goes_on();
                        delete_space(space);
                        word then = get(page);
                        seL4_MessageInfo_t info = seL4_Recv(ep, &badge, new_reply());
                        EQ(seL4_MessageInfo_get_label(info), seL4_Fault_VMFault);
                        EQ(get(page), then);
                        OK(seL4_CNode_Delete(AT(h.tcb)));
                }
}

/* The pool of its number is deleted under it; then the memory of its root becomes a page, which stays as it is. */
TEST(smp_pool_deleted_under_a_thread, "SMP-44")
{
        for (word core = 1; core < CORES; core++) {
                word ep = new_endpoint(), own = new_object(seL4_UntypedObject, seL4_VSpaceBits), badge, code,
                     tables[4];
                word of_pool = new_object(seL4_UntypedObject, seL4_ASIDPoolBits), pool = new_slot(),
                     space = new_slot();
                word address = new_page_address(), left = 0;

                set_up_page();
                OK(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, of_pool, AT(pool)));
                OK(seL4_Untyped_Retype(own, seL4_ARM_VSpaceObject, 0, ROOT, 0, 0, space, 1));
                OK(seL4_ARM_ASIDPool_Assign(pool, space));
                fill_space(space, &code, tables);
                start_in(space, core, ep);
                goes_on();
                OK(seL4_CNode_Delete(AT(pool)));
                word then = get(page);
                OK(seL4_CNode_Revoke(AT(own)));
                OK(seL4_Untyped_Retype(own, seL4_ARM_SmallPageObject, 0, ROOT, 0, 0, space, 1));
                OK(map_at(space, address, seL4_AllRights, seL4_ARM_Default_VMAttributes));
                seL4_MessageInfo_t info = seL4_Recv(ep, &badge, new_reply());
                EQ(seL4_MessageInfo_get_label(info), seL4_Fault_VMFault);
                turns_elsewhere();
                EQ(get(page), then);
                for (word i = 0; i < 512; i++)
                        left |= ((volatile word *)address)[i];
                EQ(left, 0);
                OK(seL4_CNode_Delete(AT(h.tcb)));
        }
}

/* A running thread is given another space: its next store is there. */
TEST(smp_space_of_a_running_thread, "SMP-42")
{
        word ep = new_endpoint(), space[2], code, tables[4];
        volatile word *shown[2];

        for (word i = 0; i < 2; i++) {
                set_up_page();
                shown[i] = page;
                space[i] = make_space(&code, tables);
        }
        page = shown[0];
        start_in(space[0], 2, ep);
        for (word i = 0; i < 10; i++) {
                page = shown[i % 2];
                OK(seL4_TCB_SetSpace(h.tcb, ep, ROOT, 0, space[i % 2], 0));
                word then = get(shown[1 - i % 2]);
                goes_on();
                EQ(get(shown[1 - i % 2]), then);
        }
}

/* A core that idles holds no space: the memory of its last one is cleared and given away while it sleeps. */
TEST(smp_space_of_an_idle_core_is_deleted, "SMP-44")
{
        word ep = new_endpoint(), code, tables[4], space;

        set_up_page();
        space = make_space(&code, tables);
        start_in(space, 2, ep);
        goes_on();
        OK(seL4_TCB_Suspend(h.tcb));
        sleep_us(3000);
        delete_space(space);
        OK(seL4_TCB_Resume(h.tcb));
        word badge;
        seL4_MessageInfo_t info = seL4_Recv(ep, &badge, new_reply());
        EQ(seL4_MessageInfo_get_label(info), seL4_Fault_VMFault);
}

/* A table taken out under the writer. */
TEST(smp_table_unmapped_under_a_thread, "SMP-43")
{
        word ep = new_endpoint(), code, tables[4], space, badge;

        set_up_page();
        space = make_space(&code, tables);
        start_in(space, 3, ep);
        goes_on();
        OK(seL4_ARM_PageTable_Unmap(tables[TABLES - 1]));
        word then = get(page);
        seL4_MessageInfo_t info = seL4_Recv(ep, &badge, new_reply());
        EQ(seL4_MessageInfo_get_label(info), seL4_Fault_VMFault);
        EQ(get(page), then);
}

static volatile word parcel[64], wrong;

static void takes_parcels(word ns, word rounds)
{
        for (word i = 1; i <= rounds; i++) {
                seL4_Wait(ns & 0xffffffff, NULL);
                for (word k = 0; k < 64; k++)
                        wrong += parcel[k] != i; /* plain reads */
                seL4_Signal(ns >> 32);
        }
}

static void sends_parcels(word ns, word rounds)
{
        for (word i = 1; i <= rounds; i++) {
                for (word k = 0; k < 64; k++)
                        parcel[k] = i;
                seL4_Signal(ns & 0xffffffff);
                seL4_Wait(ns >> 32, NULL);
        }
}

TEST(smp_what_was_written_before_a_signal_is_seen, "SMP-47")
{
        word ns = new_notification();

        ns |= new_notification() << 32;
        wrong = 0;
        spawn_on(&h, 1, EQUAL, takes_parcels, ns, PARCELS);
        spawn_on(&other, 3, EQUAL, sends_parcels, ns, PARCELS);
        UNTIL(get(&h.done) && get(&other.done));
        EQ(wrong, 0);
}

/* What a thread has used is known while it runs, and one whose registers are read all the time still ends after its budget. */
TEST(smp_time_of_a_running_thread, "SMP-50 SMP-51")
{
        seL4_UserContext c;
        word used = 0, last;

        helper_make(&h, EQUAL);
        OK(seL4_SchedControl_ConfigureFlags(control_of(1), h.sc, 50000, 60000000, 0, 0, 0));
        helper_start(&h, counts, (word)&h, 0);
        CHECK(moves(&h));
        for (word i = 0; i < 5; i++) {
                sleep_us(1000);
                seL4_SchedContext_Consumed_t t = seL4_SchedContext_Consumed(h.sc);
                EQ(t.error, seL4_NoError);
                used += t.consumed;
        }
        CHECK(used > 1000);
        word turn = 0;
        do {
                last = get(&h.step);
                OK(registers_read(&h, &c, 0));
                sleep_us(1000);
                CHECK(turn++ < TURNS);
        } while (get(&h.step) != last);
        used += seL4_SchedContext_Consumed(h.sc).consumed;
        CHECK(used >= 49000);
#ifndef SMP_LONG /* a host that takes a processor away in the middle makes it overrun */
        CHECK(used < 56000);
#endif
}

/* A loop of Yield on every core: each makes progress. */
TEST(smp_yield_loops_on_every_core, "SMP-55")
{
        static struct helper y[CORES];

        for (word core = 0; core < CORES; core++)
                spawn_on(&y[core], core, EQUAL, yields, (word)&y[core], 0);
        for (word i = 0; i < 5; i++)
                for (word core = 0; core < CORES; core++)
                        CHECK(moves(&y[core]));
}

/* Threads that enter the kernel all the time are deleted, and their memory becomes the next one. */
TEST(smp_yielders_are_deleted, "SMP-56")
{
        word untyped[2] = {new_object(seL4_UntypedObject, seL4_TCBBits), new_object(seL4_UntypedObject, 9)};

        helper_make(&h, EQUAL);
        for (word i = 0; i < 100 * STRESS; i++) {
                OK(seL4_CNode_Delete(AT(h.tcb)));
                OK(seL4_CNode_Delete(AT(h.sc)));
                OK(seL4_Untyped_Retype(untyped[0], seL4_TCBObject, 0, ROOT, 0, 0, h.tcb, 1));
                OK(seL4_Untyped_Retype(untyped[1], seL4_SchedContextObject, 9, ROOT, 0, 0, h.sc, 1));
                OK(seL4_TCB_Configure(h.tcb, ROOT, 0, VSPACE, 0, h.buffer, h.frame));
                OK(place(h.sc, 1 + i % 3));
                OK(seL4_TCB_SetSchedParams(h.tcb, seL4_CapInitThreadTCB, 255, EQUAL, h.sc, seL4_CapNull));
                helper_start(&h, yields, (word)&h, 0);
                if (i % 8 == 0)
                        CHECK(moves(&h));
        }
}

static void pongs(word ns, word helper)
{
        struct helper *own = (struct helper *)helper;

        for (;;) {
                seL4_Wait(ns & 0xffffffff, NULL);
                put(&own->step, own->step + 1);
                seL4_Signal(ns >> 32);
        }
}

static volatile word revoked_at;

static void revokes_much(word untyped, word slots)
{
        for (;;) {
                seL4_Untyped_Retype(untyped, seL4_CapTableObject, 12, ROOT, 0, 0, slots, 1);
                seL4_CNode_Revoke(AT(untyped));
                put(&revoked_at, revoked_at + 1);
        }
}

/* Long operations on core 1 do not keep two threads of cores 2 and 3 from talking. */
TEST(smp_a_long_revoke_lets_others_in, "SMP-54")
{
        word one = new_notification(), two = new_notification(), untyped = new_object(seL4_UntypedObject, 18);
        static struct helper r;

        revoked_at = 0;
        spawn_on(&r, 1, EQUAL, revokes_much, untyped, new_slot());
        spawn_on(&h, 2, EQUAL, pongs, one | two << 32, (word)&h);
        spawn_on(&other, 3, EQUAL, pongs, two | one << 32, (word)&other);
        seL4_Signal(one);
        for (word i = 0; i < 5; i++) {
                CHECK(moves(&h));
                word before = get(&revoked_at);
                UNTIL(get(&revoked_at) != before);
        }
}
