/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of virtual processors on the host core (spec el2.md 3): each check at the value before its bound and at the bound, in the order in
 * which they are made, and what is said.  tests/el2/vcpu.c asks the same of the machine; this one also judges changes of the kernel
 * (tools/mutate).
 */
#include "core/guest.h"
#include "core/platform.h"
#include "mem/retype.h"
#include "tests/sim/scenarios.h"

enum { SET_TCB = 55, INJECT, READ, WRITE, ACKNOWLEDGE };
enum { VCPU = FREE, NOTIFICATION, THREAD, OTHER_THREAD = THREAD + USER_THREAD_SLOTS };
enum { VIRQS = 1024, LEVELS = 32, GROUPS = 2 };

static void one_vcpu(void)
{
        machine_at_el2(40);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_VCPU, 0, VCPU, 1), 0);
}

static word call(word label, word length, word a, word b)
{
        return user_invoke(VCPU, &(struct message){.label = label, .length = length, .word = {a, b}});
}

static word set_tcb(word cptr)
{
        return user_invoke(VCPU, &(struct message){.label = SET_TCB, .caps = 1, .cap = {cptr}});
}

static void is_range(word error, word last)
{
        CHECK_EQUAL(error, ERROR_RANGE);
        CHECK_EQUAL(user_word(0), 0);
        CHECK_EQUAL(user_word(1), last);
}

static void is_argument(word error, word n)
{
        CHECK_EQUAL(error, ERROR_INVALID_ARGUMENT);
        CHECK_EQUAL(user_word(0), n);
}

static void other_labels_are_refused(void)
{
        one_vcpu();
        CHECK_EQUAL(call(0, 2, 0, 0), ERROR_ILLEGAL);
        CHECK_EQUAL(call(SET_TCB - 1, 2, 0, 0), ERROR_ILLEGAL);
        CHECK_EQUAL(call(ACKNOWLEDGE + 1, 2, 0, 0), ERROR_ILLEGAL);
}

static void registers_have_bounds(void)
{
        one_vcpu();
        CHECK_EQUAL(call(READ, 0, 0, 0), ERROR_TRUNCATED);
        CHECK_EQUAL(call(WRITE, 0, 0, 0), ERROR_TRUNCATED);
        CHECK_EQUAL(call(WRITE, 1, 0, 0), ERROR_TRUNCATED);
        is_argument(call(READ, 1, VCPU_REGISTERS, 0), 1);
        is_argument(call(WRITE, 2, VCPU_REGISTERS, 0), 1);
        is_argument(call(READ, 1, bit(32), 0), 1);
        is_argument(call(WRITE, 2, bit(32), 0), 1);
        for (word n = 0; n < VCPU_REGISTERS; n++)
                CHECK_EQUAL(call(WRITE, 2, n, ~n), 0);
        for (word n = 0; n < VCPU_REGISTERS; n++) {
                CHECK_EQUAL(call(READ, 1, n, 0), 0);
                CHECK_EQUAL(user_word(0), ~n);
        }
}

static void a_thread_is_wanted(void)
{
        one_vcpu();
        CHECK_EQUAL(call(SET_TCB, 0, 0, 0), ERROR_TRUNCATED);
        CHECK_EQUAL(set_tcb(NOTIFICATION), ERROR_ILLEGAL); /* an empty slot */
        CHECK_EQUAL(set_tcb(SLOT_INIT_CNODE), ERROR_ILLEGAL);
        CHECK_EQUAL(set_tcb(VCPU), ERROR_ILLEGAL);
        struct thread *t = user_thread(THREAD, 100, 10000, 10000);
        struct thread *u = user_thread(OTHER_THREAD, 100, 10000, 10000);
        CHECK_EQUAL(set_tcb(THREAD), 0);
        CHECK(t->vcpu && t->vcpu->thread == t);
        CHECK_EQUAL(set_tcb(THREAD), 0);
        CHECK(t->vcpu && t->vcpu->thread == t);
        CHECK_EQUAL(set_tcb(OTHER_THREAD), 0);
        CHECK(!t->vcpu && u->vcpu && u->vcpu->thread == u);
}

/* All that a word of InjectIRQ says. */
static word inject(word number, word priority, word group, word list)
{
        return call(INJECT, 1, number | priority << 16 | group << 24 | list << 32, 0);
}

static void an_injection_is_checked_in_order(void)
{
        one_vcpu();
        CHECK_EQUAL(call(INJECT, 0, 0, 0), ERROR_TRUNCATED);
        is_range(inject(VIRQS, LEVELS, GROUPS, HOST_LISTS), VIRQS - 1);
        is_range(inject(VIRQS - 1, LEVELS, GROUPS, HOST_LISTS), LEVELS - 1);
        is_range(inject(VIRQS - 1, LEVELS - 1, GROUPS, HOST_LISTS), GROUPS - 1);
        is_range(inject(VIRQS - 1, LEVELS - 1, GROUPS - 1, HOST_LISTS), HOST_LISTS - 1);
        is_range(inject(0xffff, 0, 0, 0), VIRQS - 1);
        is_range(inject(0, 0xff, 0, 0), LEVELS - 1);
        is_range(inject(0, 0, 0xff, 0), GROUPS - 1);
        is_range(inject(0, 0, 0, 0xff), HOST_LISTS - 1);
        CHECK_EQUAL(inject(VIRQS - 1, LEVELS - 1, GROUPS - 1, HOST_LISTS - 1), 0);
        CHECK_EQUAL(inject(0, 0, 0, 0) | inject(7, 0, 0, 0), 0);
        CHECK_EQUAL(call(INJECT, 1, (word)0xffffff << 40, 0), 0);
}

/* What is written into a list register is what was asked for. */
static void an_injection_is_as_it_was_asked_for(void)
{
        struct thread *t;

        one_vcpu();
        t = user_thread(THREAD, 100, 10000, 10000);
        CHECK_EQUAL(set_tcb(THREAD), 0);
        CHECK_EQUAL(inject(0x155, 0x15, 1, 2), 0);
        CHECK_EQUAL(inject(0x2aa, 0xa, 0, 3), 0);
        CHECK_EQUAL(t->vcpu->interface.list[0] | t->vcpu->interface.list[1], 0);
        CHECK_EQUAL(t->vcpu->interface.list[2], platform.guest.list_pending(0x155, 0x15, 1));
        CHECK_EQUAL(t->vcpu->interface.list[3], platform.guest.list_pending(0x2aa, 0xa, 0));
}

static void one_line_can_be_acknowledged(void)
{
        one_vcpu();
        CHECK_EQUAL(call(ACKNOWLEDGE, 0, HOST_GUEST_TIMER_IRQ, 0), ERROR_TRUNCATED);
        is_range(call(ACKNOWLEDGE, 1, platform.irq_last + 1, 0), platform.irq_last);
        is_range(call(ACKNOWLEDGE, 1, bit(32) + HOST_GUEST_TIMER_IRQ, 0), platform.irq_last);
        is_argument(call(ACKNOWLEDGE, 1, platform.irq_last, 0), 0);
        is_argument(call(ACKNOWLEDGE, 1, HOST_GUEST_TIMER_IRQ - 1, 0), 0);
        CHECK_EQUAL(call(ACKNOWLEDGE, 1, HOST_GUEST_TIMER_IRQ, 0), 0);
}

const struct test guest_call_tests[] = {
        {"vcpu_other_labels_are_refused", other_labels_are_refused},
        {"vcpu_registers_have_bounds", registers_have_bounds},
        {"vcpu_a_thread_is_wanted", a_thread_is_wanted},
        {"vcpu_injection_is_checked_in_order", an_injection_is_checked_in_order},
        {"vcpu_injection_is_as_it_was_asked_for", an_injection_is_as_it_was_asked_for},
        {"vcpu_one_line_can_be_acknowledged", one_line_can_be_acknowledged},
};
const word guest_call_test_count = sizeof(guest_call_tests) / sizeof(guest_call_tests[0]);
