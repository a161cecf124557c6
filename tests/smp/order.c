/* SPDX-License-Identifier: BSD-2-Clause */
/* Code that another core wrote, time that another core accounts for, and cores that sleep (spec smp.md 6 to 8). */
#include "smp.h"

static struct helper h, other;
static volatile word first, last, resumed;

/* Each round runs the code at `address`, on behalf of whoever signals, and keeps what it returns. */
static void runs(word address, word n)
{
        for (;;) {
                seL4_Wait(n & 0xffffffff, NULL);
                put(&last, ((word(*)(void))address)());
                seL4_Signal(n >> 32);
        }
}

TEST(smp_code_written_on_one_core_runs_on_another, "SMP-46")
{
        word n = new_notification(), answer = new_notification(), address, frame = map_new_page(&address);
        word view = copied(frame, seL4_AllRights), code = new_page_address();

        OK(map_at(view, code, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        for (word core = 1; core < CORES; core++) {
                spawn_on(&h, core, EQUAL, runs, code, n | answer << 32);
                for (word i = 0; i < 50; i++) {
                        ((volatile unsigned *)address)[0] = 0xd2800000u | (unsigned)(core * 100 + i)
                                                                                  << 5; /* mov x0, # */
                        ((volatile unsigned *)address)[1] = 0xd65f03c0u;                /* ret */
                        OK(seL4_ARM_Page_Unify_Instruction(frame, 0, 64));
                        seL4_Signal(n);
                        seL4_Wait(answer, NULL);
                        EQ(get(&last), core * 100 + i);
                }
                OK(seL4_CNode_Delete(AT(h.tcb)));
        }
}

/* When it first ran, and when it continued after a pause. */
static void watches_the_clock(word gap, word unused)
{
        word now = now_us();

        (void)unused;
        put(&first, now);
        for (put(&last, now);; put(&last, now)) {
                now = now_us();
                if (now - last > gap)
                        put(&resumed, now);
        }
}

enum { BUDGET = 1000, PERIOD = 20000 };

/* A context is used up, and given to its thread again from this core a moment later: how late the other core releases the thread. */
static word lateness(word moment)
{
        enum { GAP = 5000 };

        put(&first, 0);
        put(&resumed, 0);
        helper_make(&h, ABOVE);
        OK(seL4_SchedControl_ConfigureFlags(control_of(1), h.sc, BUDGET, PERIOD, 0, 0, 0));
        helper_start(&h, watches_the_clock, GAP, 0);
        UNTIL(get(&first) != 0);
        sleep_us(2 * BUDGET + moment); /* it is used up now */
        OK(seL4_SchedContext_Unbind(h.sc));
        OK(seL4_SchedContext_Bind(h.sc, h.tcb));
        UNTIL(get(&resumed) != 0);
        OK(seL4_CNode_Delete(AT(h.tcb)));
        CHECK(resumed - first >= PERIOD - 1);
        return resumed - first <= PERIOD ? 0 : resumed - first - PERIOD;
}

/* The core that waits for nothing, or runs something else, releases the thread when its budget is due.  The emulator lets one processor
 * after the other run, 20 ms each: what is late by such turns is its doing, so at some of the moments nothing must be late at all. */
TEST(smp_a_remote_release_is_on_time, "SMP-49")
{
        enum { LATE = 500, SEVERAL_TURNS = 12 * 20000, MOMENTS = 16, APART = 37 };
        word least = ~(word)0, most = 0;

        most = lateness(0);
#ifndef SMP_LONG /* where time is counted in instructions */
        CHECK(most <= LATE);
#endif
        helper_make(&other, EQUAL);
        OK(seL4_SchedControl_ConfigureFlags(control_of(1), other.sc, 60000000, 60000000, 0, 0, 0));
        helper_start(&other, counts, (word)&other, 0);
        CHECK(moves(&other));
        for (word n = 0; n < MOMENTS; n++) {
                word late = lateness(n * APART);

                least = late < least ? late : least;
                most = late > most ? late : most;
        }
#ifndef SMP_LONG
        CHECK(least <= LATE);
        CHECK(most <= SEVERAL_TURNS);
#endif
}

struct reading {
        word before, after, used;
};

static struct reading read_used(word sc)
{
        struct reading r = {.before = now_us()};
        seL4_SchedContext_Consumed_t t = seL4_SchedContext_Consumed(sc);

        r.used = t.consumed;
        r.after = now_us();
        return r;
}

/* The thread `c` and the test have core 0 to themselves.  What the test has used in its turn is not charged yet, so it gives way. */
static struct reading read_used_here(const struct helper *c)
{
        word before = now_us();

        seL4_Yield();
        struct reading r = read_used(c->sc);

        r.used += seL4_SchedContext_Consumed(seL4_CapInitThreadSC).consumed;
        r.before = before;
        return r;
}

static void used_is_what_passed(struct reading from, struct reading to)
{
        enum { ROUNDING = 4 };

        CHECK(to.used + ROUNDING >= to.before - from.after);
        CHECK(to.used <= to.after - from.before + ROUNDING);
}

/* Four threads that yield but never wait, one a core: what they use, with what the test uses on core 0, is the time that passes. */
TEST(smp_used_time_is_all_the_time_of_all_cores, "SMP-52")
{
        enum { MOMENTS = 16, APART = 370 };
        static struct helper c[CORES];
        struct reading from[CORES];

        for (word core = 0; core < CORES; core++) {
                helper_make(&c[core], EQUAL);
                OK(place(c[core].sc, core));
                helper_start(&c[core], yields, (word)&c[core], 0);
        }
        for (word core = 0; core < CORES; core++)
                CHECK(moves(&c[core]));
        for (word core = 1; core < CORES; core++)
                from[core] = read_used(c[core].sc);
        from[0] = read_used_here(&c[0]);
        for (word moment = 0; moment < MOMENTS; moment++) {
                sleep_us(20000 + moment * APART); /* some of them just when a slice ends elsewhere */
                for (word core = 0; core < CORES; core++) {
                        struct reading to = core ? read_used(c[core].sc) : read_used_here(&c[0]);

                        used_is_what_passed(from[core], to);
                        from[core] = to;
                }
        }
}

enum way { SIGNAL, RECEIVE, SEND, REPLY, RESUME, BIND, PARAMETERS, WRITE_REGISTERS, MORE_BUDGET, WAYS };

static void waits_for(word way, word object)
{
        word badge;

        if (way == SIGNAL)
                seL4_Wait(object, &badge);
        else if (way == RECEIVE)
                seL4_Send(object, seL4_MessageInfo_new(0, 0, 0, 0));
        else if (way == SEND)
                seL4_Recv(object & 0xffffffff, &badge, object >> 32);
        else if (way == REPLY)
                seL4_Call(object, seL4_MessageInfo_new(0, 0, 0, 0));
        counts((word)&h, 0);
}

/* A thread on `core` that does not run, for the reason that `way` takes away, and nothing else on that core. */
static void hold(word way, word core, word object)
{
        helper_make(&h, EQUAL);
        if (way == MORE_BUDGET)
                OK(seL4_SchedControl_ConfigureFlags(control_of(core), h.sc, 100, 60000000, 0, 0, 0));
        else
                OK(place(h.sc, core));
        helper_start(&h, waits_for, way, object);
        sleep_us(2000);
        if (way == RESUME || way == WRITE_REGISTERS)
                OK(seL4_TCB_Suspend(h.tcb));
        if (way == BIND || way == PARAMETERS)
                OK(seL4_SchedContext_Unbind(h.sc));
        sleep_us(2000);
}

static void release(word way, word core, word object)
{
        seL4_UserContext c = {.pc = (word)counts, .x0 = (word)&h, .sp = h.stack_top};
        word badge, reply = new_reply();

        if (way == SIGNAL)
                seL4_Signal(object);
        else if (way == SEND)
                seL4_NBSend(object & 0xffffffff, seL4_MessageInfo_new(0, 0, 0, 0));
        else if (way == RECEIVE || way == REPLY)
                seL4_Recv(object, &badge, reply);
        if (way == REPLY)
                seL4_Send(reply, seL4_MessageInfo_new(0, 0, 0, 0));
        else if (way == BIND)
                OK(seL4_SchedContext_Bind(h.sc, h.tcb));
        else if (way == PARAMETERS)
                OK(seL4_TCB_SetSchedParams(h.tcb, seL4_CapInitThreadTCB, 255, EQUAL, h.sc, 0));
        else if (way == WRITE_REGISTERS)
                OK(seL4_TCB_WriteRegisters(h.tcb, 1, 0, sizeof c / sizeof(word), &c));
        else if (way == MORE_BUDGET)
                OK(place(h.sc, core));
        else if (way == RESUME)
                OK(seL4_TCB_Resume(h.tcb));
}

/* Whatever makes a thread of an idle core runnable, that core wakes up: nothing else happens there. */
TEST(smp_an_idle_core_wakes_for_every_reason, "SMP-53")
{
        for (word way = 0; way < WAYS; way++)
                for (word core = 1; core < CORES; core++) {
                        word object = way == SIGNAL ? new_notification() : new_endpoint();

                        if (way == SEND)
                                object |= new_reply() << 32;
                        hold(way, core, object);
                        word before = get(&h.step);
                        release(way, core, object);
                        UNTIL(get(&h.step) != before);
                        OK(seL4_CNode_Delete(AT(h.tcb)));
                }
}
