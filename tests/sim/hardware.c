/* SPDX-License-Identifier: BSD-2-Clause */
/* State of the machine: FPU registers that stay with their thread, lines that nobody owns. */
#include "arch/arch.h"
#include "core/platform.h"
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tessera/extensions.h"
#include "tests/sim/scenarios.h"
#include "thread/fpu.h"

enum {
        FIRST = FREE,
        SECOND = FIRST + USER_THREAD_SLOTS,
        PC = 0x10000,
        NO_FPU = 0x1fe00000,
        HANDLER = SECOND + USER_THREAD_SLOTS,
        GATE
};

/* In the middle, at the edge of what half of a controller has, and the last one. */
static const word tried_lines[] = {55, 511, 512, 1019};
enum { TRIED_LINES = sizeof(tried_lines) / sizeof(tried_lines[0]) };

static struct thread *first, *second;

/* Two threads of one priority, the first one running. */
static void two_threads(void)
{
        small_machine();

        first = user_thread(FIRST, 100, 1000, 1000);
        second = user_thread(SECOND, 100, 1000, 1000);
        CHECK_EQUAL(user_start(SECOND, PC), 0);
        CHECK_EQUAL(user_start(FIRST, PC), 0);
        CHECK(user_step_back(10) == first);
}

static struct thread *yield(void)
{
        return user_send(USER_YIELD, 0, &(struct message){0});
}

static void fpu_registers_stay_with_their_thread(void)
{
        two_threads();
        CHECK(!host_fpu_is_on());
        CHECK(sim_exception(NO_FPU, 0) == first);
        CHECK(host_fpu_is_on());
        CHECK_EQUAL(host_fpu()->v[7], 0);
        host_fpu()->v[7] = 111;
        CHECK(yield() == second);
        CHECK(!host_fpu_is_on());
        CHECK(sim_exception(NO_FPU, 0) == second);
        CHECK_EQUAL(host_fpu()->v[7], 0);
        host_fpu()->v[7] = 222;
        CHECK(yield() == first);
        CHECK(!host_fpu_is_on());
        CHECK(sim_exception(NO_FPU, 0) == first);
        CHECK_EQUAL(host_fpu()->v[7], 111);
        CHECK(yield() == second && !host_fpu_is_on());
        CHECK(sim_exception(NO_FPU, 0) == second);
        CHECK_EQUAL(host_fpu()->v[7], 222);
}

/* Both trap in turn, so often that they no longer need to; the second one runs. */
static void both_trap(void)
{
        for (word i = 0; i < FPU_TRAPS; i++) {
                CHECK(!host_fpu_is_on());
                CHECK(sim_exception(NO_FPU, 0) == first);
                host_fpu()->v[7] = 111;
                CHECK(yield() == second);
                CHECK(!host_fpu_is_on());
                CHECK(sim_exception(NO_FPU, 0) == second);
                host_fpu()->v[7] = 222;
                if (i < FPU_TRAPS - 1)
                        CHECK(yield() == first);
        }
}

/* A thread that trapped several times gets them at once; then it has to trap again, and its values are kept. */
static void fpu_is_given_at_once_some_times(void)
{
        two_threads();
        both_trap();
        for (word i = 0; i < FPU_TURNS; i++) {
                CHECK(yield() == first && host_fpu_is_on());
                CHECK_EQUAL(host_fpu()->v[7], 111);
                CHECK(yield() == second && host_fpu_is_on());
                CHECK_EQUAL(host_fpu()->v[7], 222);
        }
        CHECK(yield() == first && !host_fpu_is_on());
        CHECK(this_core()->fpu_owner == second);
        CHECK(yield() == second && host_fpu_is_on());
        CHECK(yield() == first && !host_fpu_is_on());
        CHECK(sim_exception(NO_FPU, 0) == first && host_fpu_is_on());
        CHECK_EQUAL(host_fpu()->v[7], 111);
        CHECK(yield() == second && !host_fpu_is_on());
        CHECK(sim_exception(NO_FPU, 0) == second && host_fpu_is_on());
        CHECK_EQUAL(host_fpu()->v[7], 222);
}

/* Not to a thread that may not use them. */
static void fpu_is_not_given_to_whom_it_is_forbidden(void)
{
        two_threads();
        both_trap();
        first->flags |= THREAD_FPU_DISABLED;
        first->fpu_turns = 0;
        CHECK(yield() == first && !host_fpu_is_on());
        CHECK(this_core()->fpu_owner == second);
}

/* A thread that used the FPU last and comes back finds it open. */
static void fpu_stays_open_for_its_owner(void)
{
        two_threads();
        CHECK(sim_exception(NO_FPU, 0) == first);
        host_fpu()->v[0] = 5;
        CHECK(yield() == second);
        CHECK(yield() == first);
        CHECK(host_fpu_is_on());
        CHECK_EQUAL(host_fpu()->v[0], 5);
}

/* A thread that owns the registers and then forbids itself to use them: they are closed at once, and stay so through calls that
 * are done the short path, which once halted the debug kernel. */
static void fpu_forbidden_to_its_owner(void)
{
        struct thread *root = small_machine();

        CHECK(sim_exception(NO_FPU, 0) == root && host_fpu_is_on());
        root->fpu_turns = FPU_TURNS;
        CHECK_EQUAL(user_invoke(SLOT_INIT_TCB, &(struct message){.label = LABEL_TCB_SET_FLAGS,
                                                                 .length = 2,
                                                                 .word = {0, THREAD_FPU_DISABLED}}),
                    0);
        CHECK(this_core()->fpu_owner == root && !host_fpu_is_on());
        CHECK_EQUAL(root->fpu_turns, 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, FREE, 1), 0);
        CHECK(user_send(USER_CALL, FREE, &(struct message){0}) == root && !host_fpu_is_on());
}

/* The memory of a dead thread may become anything: nothing is saved there any more. */
static void fpu_forgets_a_dead_thread(void)
{
        struct thread *root = small_machine();

        first = user_thread(FIRST, 255, 1000, 1000);
        CHECK(sim_exception(NO_FPU, 0) == root);
        CHECK(this_core()->fpu_owner == root);
        this_core()->fpu_owner = first;
        CHECK_EQUAL(user_delete(FIRST), 0);
        CHECK(this_core()->fpu_owner == NULL);
        CHECK(sim_exception(NO_FPU, 0) == root);
        second = user_thread(SECOND, 100, 1000, 1000);
        CHECK_EQUAL(user_delete(SECOND), 0);
        CHECK(this_core()->fpu_owner == root);
}

/* The extension sees and sets the registers of a thread, whether they are in the machine or not; without it, and for the
 * caller's own thread, the label is unknown. */
static void fpu_registers_can_be_read_and_written(void)
{
        struct thread *root = small_machine();
        struct message get = {.label = TESSERA_TCBReadFP}, set = {.label = TESSERA_TCBWriteFP, .length = 8};

        first = user_thread(FIRST, 100, 1000, 1000);
        CHECK_EQUAL(user_invoke(FIRST, &get), ERROR_ILLEGAL);
        kernel.extensions = TESSERA_EXTENSION_FP_STATE;
        CHECK_EQUAL(user_invoke(SLOT_INIT_TCB, &get), ERROR_ILLEGAL);
        CHECK_EQUAL(user_invoke(FIRST, &set), ERROR_TRUNCATED);
        this_core()->fpu_owner = first;
        arch_fpu_enable(true);
        host_fpu()->v[1] = 77;
        host_fpu()->v[63] = 78;
        host_fpu()->fpsr = 5;
        CHECK_EQUAL(user_invoke(FIRST, &get), 0);
        CHECK(this_core()->current == root && this_core()->fpu_owner == NULL && !host_fpu_is_on());
        CHECK(user_word(1) == 77 && user_word(63) == 78 && user_word(65) == 5);
        set.length = TESSERA_FP_WORDS;
        set.word[0] = 11;
        CHECK_EQUAL(user_invoke(FIRST, &set), 0);
        CHECK(first->fpu.v[0] == 11 && first->fpu.v[63] == 78 && first->fpu.fpsr == 5);
}

static void fpu_may_be_forbidden(void)
{
        struct thread *root = small_machine();

        first = user_thread(FIRST, 255, 1000, 1000);
        CHECK_EQUAL(user_invoke(FIRST,
                                &(struct message){.label = LABEL_TCB_SET_FLAGS, .length = 2, .word = {0, 1}}),
                    0);
        CHECK_EQUAL(user_word(0), 1);
        CHECK_EQUAL(user_start(FIRST, PC), 0);
        CHECK(yield() == first);
        CHECK(sim_exception(NO_FPU, 0) == root);
        CHECK_EQUAL(first->state, INACTIVE);
        CHECK_EQUAL(first->context.pc, PC);
}

static void a_line_of_nobody_is_silenced(void)
{
        for (unsigned i = 0; i < TRIED_LINES; i++) {
                struct thread *root = small_machine();

                platform.irq.unmask(tried_lines[i]);
                host_line_level(tried_lines[i], true);
                CHECK(sim_interrupt() == root);
                CHECK(host_line_is_masked(tried_lines[i]));
                CHECK(!host_interrupt_waits());
        }
}

/* A handler of that line that signals GATE, unmasked; its slot. */
static void get_line(word line)
{
        CHECK_EQUAL(
                user_invoke(SLOT_IRQ_CONTROL, &(struct message){.label = LABEL_IRQ_ISSUE_IRQ_HANDLER_TRIGGER,
                                                                .length = 4,
                                                                .word = {line, 1, HANDLER, 64},
                                                                .caps = 1,
                                                                .cap = {SLOT_INIT_CNODE}}),
                0);
        CHECK_EQUAL(
                user_invoke(HANDLER,
                            &(struct message){.label = LABEL_IRQ_SET_IRQ_HANDLER, .caps = 1, .cap = {GATE}}),
                0);
}

/* Deleted between delivery and acknowledgement, with one more pending: the next owner finds a line that nobody has used. */
static void a_line_is_forgotten_with_its_owner(void)
{
        for (word n = 0; n < 2 * TRIED_LINES; n++) {
                struct thread *root = small_machine();
                word line = tried_lines[n / 2], split = n % 2;

                host_lines_split(split);
                platform.irq_last = IRQ_LINES - 1;
                CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, GATE, 1), 0);
                get_line(line);
                host_raise(line);
                CHECK(sim_interrupt() == root);
                host_raise(line);
                CHECK(!host_line_is_idle(line));
                CHECK_EQUAL(user_delete(HANDLER), 0);
                CHECK(host_line_is_masked(line) && host_line_is_idle(line));
                CHECK(user_receive(USER_NBWAIT, GATE, 0) == root);
                get_line(line);
                CHECK(user_receive(USER_WAIT, GATE, 0) == NULL);
                host_raise(line);
                CHECK(sim_interrupt() == root);
        }
}

const struct test hardware_tests[] = {
        {"fpu_registers_stay_with_their_thread", fpu_registers_stay_with_their_thread},
        {"fpu_is_given_at_once_some_times", fpu_is_given_at_once_some_times},
        {"fpu_is_not_given_to_whom_it_is_forbidden", fpu_is_not_given_to_whom_it_is_forbidden},
        {"fpu_stays_open_for_its_owner", fpu_stays_open_for_its_owner},
        {"fpu_forbidden_to_its_owner", fpu_forbidden_to_its_owner},
        {"fpu_forgets_a_dead_thread", fpu_forgets_a_dead_thread},
        {"fpu_registers_can_be_read_and_written", fpu_registers_can_be_read_and_written},
        {"fpu_may_be_forbidden", fpu_may_be_forbidden},
        {"a_line_of_nobody_is_silenced", a_line_of_nobody_is_silenced},
        {"a_line_is_forgotten_with_its_owner", a_line_is_forgotten_with_its_owner},
};
const word hardware_test_count = sizeof(hardware_tests) / sizeof(hardware_tests[0]);
