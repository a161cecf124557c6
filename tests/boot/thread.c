/* SPDX-License-Identifier: BSD-2-Clause */
/* The initial thread: its spaces, priorities, time and flags.
 *
 * shows: BOOT-3.7 BOOT-3.8 BOOT-3.9 BOOT-3.10 BOOT-3.11 BOOT-3.13 BOOT-4.1 BOOT-4.4
 */
#include "root.h"

enum {
        TCB = 1,
        ROOT = 2,
        VSPACE = 3,
        WRITE_REGISTERS = 3,
        SET_PRIORITY = 6,
        SET_SCHED_PARAMS = 8,
        SET_SPACE = 11,
        UNBIND_NOTIFICATION = 15,
        SET_FLAGS = 17,
        CNODE_COPY = 21,
        CONFIGURE_FLAGS = 33,
        OBJECT_TCB = 1,
        OBJECT_SC = 5,
        ILLEGAL_OPERATION = 3,
        RANGE_ERROR = 4,
        FAILED_LOOKUP = 6,
        GUARD_MISMATCH = 4,
        RET = 0xd65f03c0,
        FIRST_CAP = 122, /* of the extra caps, in words of the IPC buffer */
        SLICE_US = 5000,
        SLICES = 6,
        STACK_BYTES = 1024,
};

static void set_caps(const struct bootinfo *b, word first, word second, word third)
{
        word *caps = (word *)b->buffer + FIRST_CAP;

        caps[0] = first;
        caps[1] = second;
        caps[2] = third;
}

static void set_word(const struct bootinfo *b, word i, word value)
{
        ((word *)b->buffer)[1 + i] = value;
}

static void check_cspace(const struct bootinfo *b)
{
        word mr[4] = {(word)1 << 63, 64, 0, 0};

        check("an address outside the root CNode", call(ROOT, CNODE_DELETE, 0, 2, mr), FAILED_LOOKUP);
        check("is a guard mismatch", mr[1], GUARD_MISMATCH);
        check("in all 64 bits", mr[2], 64);
        check("with guard 0", mr[3], 0);
        check("of all bits that select no slot", ((word *)b->buffer)[1 + 4], 64 - b->cnode_bits);
}

/* Only a VSpace that has an ASID can be copied. */
static void check_vspace(const struct bootinfo *b)
{
        word mr[4] = {b->empty.end - 20, 64, VSPACE, 64};

        set_caps(b, ROOT, 0, 0);
        set_word(b, 4, 15);
        check("the VSpace has an ASID", call(ROOT, CNODE_COPY, 1, 5, mr), 0);
}

static void check_settings(const struct bootinfo *b)
{
        word mr[4] = {256, 0, 0, 0};

        set_caps(b, TCB, 0, 0);
        check("priority 256 is refused", call(TCB, SET_PRIORITY, 1, 1, mr), RANGE_ERROR);
        check("by its maximum", mr[1], 255);
        check("no notification is bound", call(TCB, UNBIND_NOTIFICATION, 0, 0, mr), ILLEGAL_OPERATION);
        mr[0] = mr[1] = 0;
        check("flags are readable", call(TCB, SET_FLAGS, 0, 2, mr), 0);
        check("flags", mr[0], 0);
        mr[0] = 50, mr[1] = 100, mr[2] = 1, mr[3] = 0;
        set_word(b, 4, 0);
        set_caps(b, INIT_SC, 0, 0);
        check("no extra refills in the scheduling context",
              call(b->sched_control.start, CONFIGURE_FLAGS, 1, 5, mr), RANGE_ERROR);
        check("for it has 2^7 bytes", mr[1], 0);
}

static volatile uint32_t code_in_data[4] __attribute__((aligned(64))) = {RET};

static void run_code(volatile uint32_t *code)
{
        __asm__ volatile("dc cvau, %0\n dsb ish\n ic ivau, %0\n dsb ish\n isb" : : "r"(code) : "memory");
        ((void (*)(void))(word)code)();
}

/* Whatever cannot be done here faults, and then nothing more is printed. */
static void check_image(const struct bootinfo *b)
{
        volatile char *text = (volatile char *)__executable_start;
        volatile uint32_t *last = (volatile uint32_t *)((word)b + 2 * PAGE - 4);
        char first = *text;

        *text = (char)~first;
        check("code is writable", *text == (char)~first, 1);
        *text = first;
        run_code(code_in_data);
        check("data is executable", code_in_data[0], RET);
        if (b->extra_length == 0 || b->extra_length > PAGE - 4)
                last = (volatile uint32_t *)((word)b + PAGE + (round_up(b->extra_length, 12)) - 4);
        *last = RET;
        run_code(last);
        check("extra bootinfo is writable and executable", *last, RET);
        *last = 0;
}

/* --- the time slice: a second thread of the same priority takes turns with us --- */

static volatile word turns;
static char other_stack[STACK_BYTES] __attribute__((aligned(16)));

static _Noreturn void other_thread(void)
{
        for (;;)
                turns++;
}

static word make(const struct bootinfo *b, word type, word bits, word slot)
{
        word mr[4] = {type, bits, 0, 0}, i = b->untyped.end - b->untyped.start - 1;

        while (b->list[i].device || b->list[i].bits < 12)
                i--;
        set_caps(b, ROOT, 0, 0);
        set_word(b, 4, slot);
        set_word(b, 5, 1);
        check("an object is made", call(b->untyped.start + i, UNTYPED_RETYPE, 1, 6, mr), 0);
        return slot;
}

static void start_other(const struct bootinfo *b)
{
        word tcb = make(b, OBJECT_TCB, 0, b->empty.end - 21), sc = make(b, OBJECT_SC, 8, b->empty.end - 22);
        word mr[4] = {SLICE_US, SLICE_US, 0, 0};

        set_word(b, 4, 0);
        set_caps(b, sc, 0, 0);
        check("its time", call(b->sched_control.start, CONFIGURE_FLAGS, 1, 5, mr), 0);
        mr[0] = mr[1] = 0;
        set_caps(b, 0, ROOT, VSPACE);
        check("its spaces", call(tcb, SET_SPACE, 3, 2, mr), 0);
        mr[0] = mr[1] = 255;
        set_caps(b, TCB, sc, 0);
        check("its priority", call(tcb, SET_SCHED_PARAMS, 3, 2, mr), 0);
        mr[0] = 1, mr[1] = 2, mr[2] = (word)other_thread, mr[3] = (word)other_stack + STACK_BYTES;
        check("its start", call(tcb, WRITE_REGISTERS, 0, 4, mr), 0);
}

static word microseconds(void)
{
        word ticks, hz;

        __asm__ volatile("isb\n mrs %0, cntvct_el0\n mrs %1, cntfrq_el0" : "=r"(ticks), "=r"(hz));
        hz = TREE_HERTZ ? TREE_HERTZ : hz; /* what the device tree says is right */
        return ticks * 1000 / (hz / 1000);
}

/* The shortest of several: the other thread's work may make one longer. */
static void check_slice(const struct bootinfo *b)
{
        word shortest = ~(word)0;

        start_other(b);
        for (int i = 0; i < SLICES; i++) {
                word seen = turns, from;

                while (turns == seen)
                        ;
                seen = turns;
                from = microseconds();
                while (turns == seen)
                        ;
                /* We were stopped at the end of a slice, and read the clock one slice of the other thread later. */
                word both = microseconds() - from;
                if (i > 0 && both < shortest)
                        shortest = both;
        }
        check("two slices take 10 ms and not less", shortest >= 2 * SLICE_US - 100, 1);
        check("nor much more", shortest < 2 * SLICE_US + 200, 1);
}

void check_thread(const struct bootinfo *b)
{
        check_cspace(b);
        check_vspace(b);
        check_settings(b);
        check_image(b);
        if (EXPORTS)
                check_slice(b);
}
