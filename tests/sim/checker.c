/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole-state checker and the simulated TLB find what is wrong: each case breaks one invariant by hand and then
 * expects the next check to fail. */
#include "chain/binding.h"
#include "chain/reply.h"
#include "core/guest.h"
#include "ipc/endpoint.h"
#include "mem/retype.h"
#include "sched/sched.h"
#include "tests/lib/poison.h"
#include "tests/sim/scenarios.h"
#include "thread/ready.h"
#include "time/sched_context.h"
#include "vm/asid.h"

#include <setjmp.h>

enum { ENDPOINT = FREE, NOTIFICATION, REPLY, MEMORY_SLOT, FRAME, THREAD, OTHER = THREAD + USER_THREAD_SLOTS };

static jmp_buf found;

static void note_failure(const char *why)
{
        (void)why;
        longjmp(found, 1);
}

/* A machine with a thread that is ready and one that waits at the endpoint. */
static void machine(void)
{
        small_machine();
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_ENDPOINT, 0, ENDPOINT, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, NOTIFICATION, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_REPLY, 0, REPLY, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, 14, MEMORY_SLOT, 1), 0);
        CHECK_EQUAL(user_retype(MEMORY_SLOT, OBJECT_SMALL_PAGE, 0, FRAME, 1), 0);
        user_thread(THREAD, 255, 10000, 10000);
        user_thread(OTHER, 100, 10000, 20000);
        CHECK_EQUAL(user_start(THREAD, 0x10000), 0);
        CHECK_EQUAL(user_start(OTHER, 0x20000), 0);
        user_send(USER_YIELD, 0, &(struct message){0});
        user_receive(USER_RECV, ENDPOINT, REPLY);
        sim_check();
}

static struct slot *slot_at(word n)
{
        return &cnode_slots(user_cap(SLOT_INIT_CNODE))[n];
}

static struct thread *thread_at(word n)
{
        return cap_object(user_cap(n));
}

static void expect_found(void)
{
        sim.fail = note_failure;
        if (setjmp(found) == 0) {
                sim_check();
                CHECK(!"the checker saw it");
        }
}

static void cut_list(void)
{
        machine();
        slot_at(ENDPOINT)->prev = NULL;
        expect_found();
}

static void stray_word_in_an_empty_slot(void)
{
        machine();
        slot_at(FREE + 50)->link = SLOT_ORIGINAL;
        expect_found();
}

static void overlapping_objects(void)
{
        machine();
        word at = cap_object_paddr(user_cap(ENDPOINT));

        slot_at(FRAME)->cap = cap_frame(align_down(at, PAGE_BITS), 0, RIGHT_READ | RIGHT_WRITE, false);
        expect_found();
}

static void watermark_below_a_child(void)
{
        machine();
        slot_at(MEMORY_SLOT)->cap.b -= bit(PAGE_BITS);
        expect_found();
}

static void dirty_free_memory(void)
{
        machine();
        struct cap *c = &slot_at(MEMORY_SLOT)->cap;

        *c = untyped_with_clear(*c, c->b + 1024, ENDPOINT_BITS);
        *(word *)window(untyped_base(*c) + c->b + 64) = 1;
        expect_found();
}

static void ready_but_not_queued(void)
{
        machine();
        ready_remove(thread_at(OTHER));
        expect_found();
}

static void wrong_priority_in_a_queue(void)
{
        machine();
        thread_at(OTHER)->priority++;
        expect_found();
}

static void waiting_elsewhere(void)
{
        machine();
        thread_at(THREAD)->state = LISTENING;
        expect_found();
}

static void one_sided_binding(void)
{
        machine();
        struct notification *n = cap_object(user_cap(NOTIFICATION));

        n->bound = thread_at(OTHER);
        expect_found();
}

static void time_of_two_threads(void)
{
        machine();
        thread_at(OTHER)->sc = thread_at(THREAD)->sc;
        expect_found();
}

static void lost_budget(void)
{
        machine();
        sc_head(thread_at(OTHER)->sc)->amount--;
        expect_found();
}

static void reply_of_nobody(void)
{
        machine();
        ((struct reply *)cap_object(user_cap(REPLY)))->thread = thread_at(OTHER);
        expect_found();
}

static void page_without_a_frame(void)
{
        machine();
        word *root = asid_root(1), *table = root;

        for (word level = 0; level < 3; level++)
                table = window(table[level < 2 ? 0 : 2] & ones(48) & ~ones(PAGE_BITS));
        table[100] = table[0];
        expect_found();
}

static void asid_of_nobody(void)
{
        machine();
        kernel.asid_pool[0]->root[5] = window(cap_address(user_cap(FRAME)));
        expect_found();
}

static void line_without_handler(void)
{
        machine();
        kernel.irq_state[77] = 1;
        expect_found();
}

static void stale_translation(void)
{
        machine();
        CHECK(host_translate(0x400000, HOST_READ).ok);
        word *table = asid_root(1);

        for (word level = 0; level < 3; level++)
                table = window(table[level < 2 ? 0 : 2] & ones(48) & ~ones(PAGE_BITS));
        slot_at(user_bootinfo()->image_frames.start)->cap.b = 0;
        table[0] = 0;
        expect_found();
}

enum { VCPU = OTHER + USER_THREAD_SLOTS, SET_TCB = 55 };

/* A machine at EL2 whose running thread is a guest. */
static struct thread *guest_machine(void)
{
        machine_at_el2(40);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_VCPU, 0, VCPU, 2), 0);
        user_thread(THREAD, 100, 10000, 10000);
        CHECK_EQUAL(user_invoke(VCPU, &(struct message){.label = SET_TCB, .caps = 1, .cap = {THREAD}}), 0);
        CHECK_EQUAL(user_start(THREAD, 0x10000), 0);
        CHECK(user_step_back(10) == thread_at(THREAD) && host_guest_runs());
        return sim_current();
}

static void guest_with_anothers_vcpu(void)
{
        struct thread *t = guest_machine();

        t->vcpu = cap_object(user_cap(VCPU + 1));
        this_core()->guest = this_core()->vcpu = t->vcpu;
        expect_found();
}

static void vcpu_of_nobody(void)
{
        struct thread *t = guest_machine();

        t->vcpu = NULL;
        this_core()->guest = NULL;
        expect_found();
}

static void mode_of_the_kernel(void)
{
        guest_machine()->context.spsr = 0x3c9;
        expect_found();
}

static void guest_that_is_not_in_the_machine(void)
{
        guest_machine();
        this_core()->vcpu = cap_object(user_cap(VCPU + 1));
        expect_found();
}

static void timer_open_though_it_was_told(void)
{
        guest_machine()->vcpu->timer_masked = true;
        expect_found();
}

static void dead_objects_are_out_of_bounds(void)
{
        machine();
        const void *object = cap_object(user_cap(NOTIFICATION));

        CHECK(!poison_covers(object));
        CHECK_EQUAL(user_delete(NOTIFICATION), 0);
        CHECK_EQUAL(poison_covers(object), POISON_WORKS);
        CHECK_EQUAL(user_revoke(user_memory()), 0);
        CHECK_EQUAL(poison_covers(object), POISON_WORKS);
        /* All of it is retyped into objects, so it is cleared. */
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_CNODE,
                                untyped_bits(user_cap(user_memory())) - SLOT_BITS, NOTIFICATION, 1),
                    0);
        CHECK(!poison_covers(object));
}

const struct test checker_tests[] = {
        {"dead_objects_are_out_of_bounds", dead_objects_are_out_of_bounds},
        {"checker_cut_list", cut_list},
        {"checker_stray_word_in_an_empty_slot", stray_word_in_an_empty_slot},
        {"checker_overlapping_objects", overlapping_objects},
        {"checker_watermark_below_a_child", watermark_below_a_child},
        {"checker_dirty_free_memory", dirty_free_memory},
        {"checker_ready_but_not_queued", ready_but_not_queued},
        {"checker_wrong_priority_in_a_queue", wrong_priority_in_a_queue},
        {"checker_waiting_elsewhere", waiting_elsewhere},
        {"checker_one_sided_binding", one_sided_binding},
        {"checker_time_of_two_threads", time_of_two_threads},
        {"checker_lost_budget", lost_budget},
        {"checker_reply_of_nobody", reply_of_nobody},
        {"checker_page_without_a_frame", page_without_a_frame},
        {"checker_asid_of_nobody", asid_of_nobody},
        {"checker_line_without_handler", line_without_handler},
        {"checker_stale_translation", stale_translation},
        {"checker_guest_with_anothers_vcpu", guest_with_anothers_vcpu},
        {"checker_vcpu_of_nobody", vcpu_of_nobody},
        {"checker_mode_of_the_kernel", mode_of_the_kernel},
        {"checker_guest_that_is_not_in_the_machine", guest_that_is_not_in_the_machine},
        {"checker_timer_open_though_it_was_told", timer_open_though_it_was_told},
};
const word checker_test_count = sizeof(checker_tests) / sizeof(checker_tests[0]);
