/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations on threads that run on another core (spec smp.md 5, 11). */
#include "smp.h"

static struct helper h, other;
static volatile word calls_made;

/* Suspend, Unbind, deletion of context and thread, ReadRegisters that suspends: no step is made afterwards. */
TEST(smp_stopped_is_stopped, "SMP-34")
{
        seL4_UserContext c;

        for (word way = 0; way < 5; way++) {
                spawn_on(&h, 3, EQUAL, counts, (word)&h, 0);
                CHECK(moves(&h));
                if (way == 0)
                        OK(seL4_TCB_Suspend(h.tcb));
                else if (way == 1)
                        OK(seL4_SchedContext_Unbind(h.sc));
                else if (way == 2)
                        OK(seL4_CNode_Delete(AT(h.sc)));
                else if (way == 3)
                        OK(seL4_CNode_Delete(AT(h.tcb)));
                else
                        OK(registers_read(&h, &c, 1));
                CHECK(rests(&h));
        }
}

TEST(smp_unbound_and_bound_elsewhere, "SMP-34 SMP-19")
{
        spawn_on(&h, 3, EQUAL, counts, (word)&h, 0);
        CHECK(moves(&h));
        OK(seL4_SchedContext_UnbindObject(h.sc, h.tcb));
        CHECK(rests(&h));
        OK(place(h.sc, 2));
        OK(seL4_SchedContext_Bind(h.sc, h.tcb));
        CHECK(moves(&h));
        EQ(affinity(h.tcb), on_debug_kernel() ? 2 : 0);
}

/* `counts` does not change x0, pc is within it, and the thread continues. */
TEST(smp_registers_of_a_running_thread, "SMP-35")
{
        seL4_UserContext c;

        spawn_on(&h, 3, EQUAL, counts, (word)&h, 0);
        CHECK(moves(&h));
        for (word i = 0; i < 50; i++) {
                OK(registers_read(&h, &c, 0));
                CHECK(c.pc >= (word)counts && c.pc < (word)counts + 256);
        }
        CHECK(moves(&h));
}

static void counts_down(word helper, word unused)
{
        struct helper *own = (struct helper *)helper;

        (void)unused;
        for (;;)
                put(&own->step, own->step - 1);
}

TEST(smp_registers_of_a_running_thread_are_written, "SMP-36")
{
        seL4_UserContext c;

        spawn_on(&h, 3, EQUAL, counts, (word)&h, 0);
        CHECK(moves(&h));
        OK(registers_read(&h, &c, 0));
        c.pc = (word)counts_down;
        c.x0 = (word)&h;
        OK(seL4_TCB_WriteRegisters(h.tcb, 0, 0, sizeof c / sizeof(word), &c));
        put(&h.step, 1ul << 40);
        UNTIL(get(&h.step) < (1ul << 40));
}

TEST(smp_priority_of_a_running_thread, "SMP-37")
{
        spawn_on(&h, 3, ABOVE, counts, (word)&h, 0);
        spawn_on(&other, 3, EQUAL, counts, (word)&other, 0);
        CHECK(moves(&h));
        EQ(other.step, 0);
        OK(seL4_TCB_SetPriority(h.tcb, seL4_CapInitThreadTCB, BELOW));
        CHECK(moves(&other));
        CHECK(rests(&h));
        OK(seL4_TCB_SetPriority(h.tcb, seL4_CapInitThreadTCB, ABOVE));
        CHECK(moves(&h));
        CHECK(rests(&other));
}

static void signals_for_ever(word n, word helper)
{
        struct helper *own = (struct helper *)helper;

        for (;;) {
                put(&own->step, own->step + 1);
                seL4_Signal(n);
                put(&calls_made, own->step);
        }
}

/* Suspended at any moment, even when it has just entered: each call is made once. */
TEST(smp_suspended_while_it_enters, "SMP-38")
{
        word n = new_notification();

        spawn_on(&h, 3, EQUAL, signals_for_ever, n, (word)&h);
        for (word i = 0; i < 300 * STRESS; i++) {
                OK(seL4_TCB_Suspend(h.tcb));
                word step = get(&h.step), made = get(&calls_made);
                CHECK(step == made || step == made + 1);
                OK(seL4_TCB_Resume(h.tcb));
                if (i % 32 == 0)
                        CHECK(moves(&h));
        }
}

static void suspends(word tcb, word helper)
{
        struct helper *own = (struct helper *)helper;

        for (;;) {
                put(&own->step, own->step + 1);
                seL4_TCB_Suspend(tcb);
        }
}

/* Each suspends the other: one of them is stopped before its call, and repeats it when it is resumed. */
TEST(smp_mutual_suspend, "SMP-39")
{
        helper_make(&h, EQUAL);
        helper_make(&other, EQUAL);
        OK(place(h.sc, 1));
        OK(place(other.sc, 2));
        helper_start(&h, suspends, other.tcb, (word)&h);
        helper_start(&other, suspends, h.tcb, (word)&other);
        for (word i = 0; i < 100 * STRESS; i++) {
                word before = get(&h.step) + get(&other.step);

                UNTIL(get(&h.step) + get(&other.step) != before);
                OK(seL4_TCB_Resume(h.tcb));
                OK(seL4_TCB_Resume(other.tcb));
        }
}

static void revokes(word slot, word rounds)
{
        for (word i = 0; i < rounds; i++)
                seL4_CNode_Revoke(AT(slot));
}

static void calls_through(word ep, word slot)
{
        for (;;) {
                seL4_CNode_Mint(AT(slot), AT(ep), seL4_AllRights, 7);
                seL4_NBSend(slot, seL4_MessageInfo_new(0, 0, 0, 0));
                seL4_CNode_Delete(AT(slot));
        }
}

/* An endpoint is revoked on core 1 while core 2 makes and uses copies of it. */
TEST(smp_revoke_against_use, "SMP-40 SMP-41")
{
        word ep = new_endpoint();

        spawn_on(&other, 2, EQUAL, calls_through, ep, new_slot());
        spawn_on(&h, 1, EQUAL, revokes, ep, 3000 * STRESS);
        UNTIL(get(&h.done));
        OK(seL4_TCB_Suspend(other.tcb));
}

static void deletes_row(word first, word count)
{
        for (word i = 0; i < count; i++)
                seL4_CNode_Delete(AT(first + i));
}

TEST(smp_two_cores_delete_the_same_objects, "SMP-41")
{
        enum { OBJECTS = 40 };
        word first = new_slots(OBJECTS), untyped = new_object(seL4_UntypedObject, 18);

        OK(seL4_Untyped_Retype(untyped, seL4_TCBObject, 0, ROOT, 0, 0, first, OBJECTS / 2));
        OK(seL4_Untyped_Retype(untyped, seL4_CapTableObject, 4, ROOT, 0, 0, first + OBJECTS / 2,
                               OBJECTS / 2));
        spawn_on(&h, 1, EQUAL, deletes_row, first, OBJECTS);
        spawn_on(&other, 2, EQUAL, deletes_row, first, OBJECTS);
        UNTIL(get(&h.done) && get(&other.done));
        OK(seL4_Untyped_Retype(untyped, seL4_TCBObject, 0, ROOT, 0, 0, first,
                               OBJECTS / 2)); /* all of it is free */
}

static void reads_tls(word helper, word unused)
{
        struct helper *own = (struct helper *)helper;

        (void)unused;
        for (;;) {
                word tls;

                __asm__ volatile("mrs %0, tpidr_el0" : "=r"(tls));
                put(&own->step, tls);
        }
}

TEST(smp_tls_base_and_buffer_of_a_running_thread, "SMP-42")
{
        word address, frame;

        spawn_on(&h, 3, EQUAL, reads_tls, (word)&h, 0);
        UNTIL(get(&h.step) == h.tls);
        for (word i = 1; i < 20; i++) {
                OK(seL4_TCB_SetTLSBase(h.tcb, i << 12));
                UNTIL(get(&h.step) == i << 12);
        }
        frame = map_new_page(&address);
        OK(seL4_TCB_SetIPCBuffer(h.tcb, address, frame));
        OK(seL4_TCB_SetFlags(h.tcb, 0, seL4_TCBFlag_fpuDisabled).error);
        OK(seL4_TCB_SetFlags(h.tcb, seL4_TCBFlag_fpuDisabled, 0).error);
        OK(seL4_TCB_SetTLSBase(h.tcb, 77));
        UNTIL(get(&h.step) == 77);
}
