/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces of stage 2 on the simulated machine (spec el2.md 6, 15.4): levels, rights, bounds; what the TLB must forget when guests
 * take turns (smp.md 17.5); and the interrupts that the kernel keeps. */
#include "core/guest.h"
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tests/sim/guests.h"

static word map_in(word frame, word space, word va, word rights)
{
        return user_invoke(frame, &(struct message){.label = LABEL_PAGE_MAP,
                                                    .length = 3,
                                                    .word = {va, rights, 1},
                                                    .caps = 1,
                                                    .cap = {space}});
}

static word map_table(word table, word va)
{
        return user_invoke(table, &(struct message){.label = LABEL_PAGE_TABLE_MAP,
                                                    .length = 2,
                                                    .word = {va, 1},
                                                    .caps = 1,
                                                    .cap = {SLOT_INIT_VSPACE}});
}

enum { FRAME = FREE, TABLES };

/* As many tables as the interface requires; rights; and addresses beyond the end of the space. */
static void a_space(word bits, word tables)
{
        static const word level[] = {39, 30, 21};
        word va = bit(bits) - bit(21), paddr;

        machine_at_el2(bits);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_SMALL_PAGE, 0, FRAME, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_PAGE_TABLE, 0, TABLES, tables + 1), 0);
        for (word i = 0; i < tables; i++) {
                CHECK_EQUAL(map_in(FRAME, SLOT_INIT_VSPACE, va, 3), ERROR_LOOKUP);
                CHECK_EQUAL(user_word(2), level[i + 3 - tables]);
                CHECK_EQUAL(map_table(TABLES + i, va), 0);
        }
        CHECK_EQUAL(map_table(TABLES + tables, va), ERROR_DELETE_FIRST);
        CHECK_EQUAL(map_table(TABLES + tables, bit(bits)), ERROR_INVALID_ARGUMENT);
        CHECK_EQUAL(map_in(FRAME, SLOT_INIT_VSPACE, va, 3), 0);
        CHECK(host_translate(va, HOST_WRITE).ok && host_translate(va, HOST_FETCH).ok);
        CHECK_EQUAL(map_in(FRAME, SLOT_INIT_VSPACE, va, 2), 0); /* read only */
        CHECK(host_translate(va, HOST_READ).ok);
        CHECK_EQUAL(host_translate(va, HOST_WRITE).syndrome & 0x3f, 0xf);
        CHECK_EQUAL(map_in(FRAME, SLOT_INIT_VSPACE, va, 0), 0); /* none: not executable either */
        CHECK(!host_translate(va, HOST_READ).ok && !host_translate(va, HOST_FETCH).ok);
        CHECK_EQUAL(map_in(FRAME, SLOT_INIT_VSPACE, va, 3), 0);
        CHECK(sim_touch(va, HOST_READ, &paddr));
        CHECK_EQUAL(user_invoke(TABLES + tables - 1, &(struct message){.label = LABEL_PAGE_TABLE_UNMAP}),
                    0); /* and the TLB forgets the page */
        CHECK_EQUAL(host_translate(va, HOST_READ).syndrome & 0x3f, 6);
        CHECK_EQUAL(host_translate(bit(bits), HOST_READ).syndrome, 0x92000000);
}

static void spaces_of_40_bits(void)
{
        a_space(40, 2);
}

static void spaces_of_44_bits(void)
{
        a_space(44, 3);
}

/* Two guests take turns; how often something is forgotten. */
static word forgotten_in(word turns)
{
        word before = host_guest_forgets();

        for (word i = 0; i < turns; i++) {
                user_send(USER_YIELD, 0, &(struct message){0});
                CHECK(host_guest_runs());
        }
        return host_guest_forgets() - before;
}

static void move_to_a_space_of_its_own(word tcb)
{
        struct message assign = {.label = LABEL_ASID_POOL_ASSIGN, .caps = 1, .cap = {SPACE}};
        struct message set = {.label = LABEL_TCB_SET_SPACE, .length = 2, .caps = 3};

        set.cap[0] = ENDPOINT, set.cap[1] = SLOT_INIT_CNODE, set.cap[2] = SPACE;
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_VSPACE, 0, SPACE, 1), 0);
        CHECK_EQUAL(user_invoke(SLOT_INIT_ASID_POOL, &assign), 0);
        CHECK_EQUAL(user_invoke(tcb, &set), 0);
}

/* The one that runs waits for an interrupt, which its monitor is told. */
static void leave_guests(void)
{
        CHECK(!sim_exception(0x07e00000, 0)->vcpu);
}

/* A VCPU in the memory of the one before. */
static void new_processor(word memory, word vcpu)
{
        user_delete(vcpu);
        CHECK_EQUAL(user_retype(memory, OBJECT_VCPU, 0, vcpu, 1), 0);
        CHECK_EQUAL(user_invoke(vcpu, &(struct message){.label = SET_TCB, .caps = 1, .cap = {GUEST}}), 0);
        guest_start(GUEST);
}

static void a_new_processor_finds_nothing_old(void)
{
        running_guest();
        leave_guests();
        CHECK_EQUAL(user_delete(OTHER), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, VCPU_BITS, SPACE, 1), 0);
        for (word i = 0; i < 3; i++) {
                word forgets = host_guest_forgets();

                new_processor(SPACE, SPACE + 1);
                CHECK(guest_answer()->vcpu);
                CHECK_EQUAL(host_guest_forgets() - forgets, 1);
                CHECK_EQUAL(forgotten_in(3), 0);
                leave_guests();
        }
}

/* Processors of one guest, in one space, do not find each other's translations in the TLB, nor those of a processor that is gone; those of
 * different guests keep theirs. */
static void translations_are_of_one_processor(void)
{
        word forgets;

        running_guest();
        CHECK_EQUAL(forgotten_in(5), 5);
        leave_guests();
        move_to_a_space_of_its_own(OTHER);
        forgets = host_guest_forgets();
        CHECK(guest_answer()->vcpu);
        /* The one that has moved is in another space now; then the other, since it was not the last one in the old space. */
        CHECK_EQUAL(host_guest_forgets() - forgets, 1);
        CHECK_EQUAL(forgotten_in(6), 1);
}

static void lines_of_the_kernel_at_el2(void)
{
        machine_at_el2(40);
        for (word irq = 24; irq <= 28; irq++)
                CHECK_EQUAL(user_irq_handler(irq, FREE + irq),
                            irq >= 25 && irq <= 27 ? ERROR_REVOKE_FIRST : 0);
}

const struct test guest_space_tests[] = {
        {"spaces_of_40_bits", spaces_of_40_bits},
        {"spaces_of_44_bits", spaces_of_44_bits},
        {"translations_are_of_one_processor", translations_are_of_one_processor},
        {"a_new_processor_finds_nothing_old", a_new_processor_finds_nothing_old},
        {"lines_of_the_kernel_at_el2", lines_of_the_kernel_at_el2},
};
const word guest_space_test_count = sizeof(guest_space_tests) / sizeof(guest_space_tests[0]);
