/* SPDX-License-Identifier: BSD-2-Clause */
/* Single step and watchpoints of a thread (TESSERA_TCBSetDebug): who may set them, and that they are in the machine while that thread runs
 * and never while another does. */
#include "core/context.h"
#include "host.h"
#include "invoke/labels.h"
#include "ipc/fault.h"
#include "mem/retype.h"
#include "tessera/extensions.h"
#include "tests/sim/scenarios.h"
#include "thread/thread.h"
#include "time/clock.h"

enum {
        ENDPOINT = FREE,
        HANDLER,
        REPLY,
        SEEN,
        OTHER = SEEN + USER_THREAD_SLOTS,
        PC = 0x10000,
        ADDRESS = 0x5000,
        STORES_OF_A_WORD = TESSERA_WATCH_STORES | 0x0f00,
        CLASS_STEP = 0x32,
        CLASS_WATCHPOINT = 0x34,
        ERROR_ALIGNMENT = 5,
};
static const word SPSR_STEP = 1 << 21;
static struct thread *root, *seen, *other;

static word set_debug(word tcb, word length, word step, word address, word control)
{
        return user_invoke(tcb, &(struct message){.label = TESSERA_TCBSetDebug,
                                                  .length = length,
                                                  .word = {step, address, control}});
}

static void machine(void)
{
        root = small_machine();
        kernel.extensions = TESSERA_EXTENSION_DEBUG;
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_ENDPOINT, 0, ENDPOINT, 2), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_REPLY, 0, REPLY, 1), 0);
        seen = user_thread(SEEN, 110, 10000, 10000);
        other = user_thread(OTHER, 110, 10000, 10000);
}

static bool in_the_machine(void)
{
        return host_debug_registers()->watch[0].control != 0 || host_debug_registers()->step != STEP_OFF;
}

/* The running thread has its own settings. */
static void holds(const struct thread *running)
{
        CHECK(sim_current() == running);
        CHECK_EQUAL(in_the_machine(), running == seen);
}

static void both_run(void)
{
        CHECK_EQUAL(user_set_time(SEEN, SEEN + 1, 110, HANDLER), 0);
        CHECK_EQUAL(user_start(SEEN, PC), 0);
        CHECK_EQUAL(user_start(OTHER, PC), 0);
        CHECK(user_step_back(100) != root);
        if (sim_current() != seen)
                CHECK(user_send(USER_YIELD, 0, &(struct message){0}) == seen);
}

static void only_with_the_extension_and_sense(void)
{
        enum { TOP = 64 - 1 };

        machine();
        kernel.extensions = TESSERA_EXTENSION_FP_STATE;
        CHECK_EQUAL(set_debug(SEEN, 1, 0, 0, 0), ERROR_ILLEGAL);
        kernel.extensions = TESSERA_EXTENSION_DEBUG;
        CHECK_EQUAL(set_debug(SLOT_INIT_TCB, 1, 0, 0, 0), ERROR_ILLEGAL);
        CHECK_EQUAL(set_debug(SEEN, 0, 0, 0, 0), ERROR_TRUNCATED);
        CHECK_EQUAL(set_debug(SEEN, 2, 0, 0, 0), ERROR_TRUNCATED);
        CHECK_EQUAL(set_debug(SEEN, 1, 2, 0, 0), ERROR_INVALID_ARGUMENT);
        CHECK_EQUAL(set_debug(SEEN, 3, 0, (word)1 << TOP, STORES_OF_A_WORD), ERROR_INVALID_ARGUMENT);
        CHECK_EQUAL(user_word(0), 1);
        CHECK_EQUAL(set_debug(SEEN, 3, 0, ADDRESS, TESSERA_WATCH_STORES), ERROR_INVALID_ARGUMENT);
        CHECK_EQUAL(user_word(0), 2);
        CHECK_EQUAL(set_debug(SEEN, 3, 0, ADDRESS, STORES_OF_A_WORD | 4), ERROR_INVALID_ARGUMENT);
        CHECK_EQUAL(set_debug(SEEN, 3, 0, ADDRESS + 4, STORES_OF_A_WORD), ERROR_ALIGNMENT);
        CHECK_EQUAL(set_debug(SEEN, 1 + 2 * (WATCHPOINTS + 1), 0, 0, 0), ERROR_RANGE);
        CHECK(!(seen->flags & THREAD_DEBUGGED));
        CHECK_EQUAL(set_debug(SEEN, 3, 0, ADDRESS, STORES_OF_A_WORD), 0);
        CHECK_EQUAL(user_word(0), WATCHPOINTS);
        CHECK(seen->flags & THREAD_DEBUGGED && !in_the_machine());
        CHECK_EQUAL(set_debug(SEEN, 1, 0, 0, 0), 0);
        CHECK(!(seen->flags & THREAD_DEBUGGED));
}

static void others_never_have_them(void)
{
        machine();
        CHECK_EQUAL(set_debug(SEEN, 3, 0, ADDRESS, STORES_OF_A_WORD), 0);
        both_run();
        for (int i = 0; i < 4; i++) {
                holds(seen);
                CHECK(user_send(USER_YIELD, 0, &(struct message){0}) == other);
                holds(other);
                CHECK(user_send(USER_YIELD, 0, &(struct message){0}) == seen);
        }
        CHECK(user_receive(USER_RECV, ENDPOINT, REPLY) == other);
        holds(other);
        for (int i = 0; i < 4; i++) { /* short paths, if there was none to watch */
                CHECK(user_send(USER_CALL, ENDPOINT, &(struct message){0}) == seen);
                holds(seen);
                CHECK(sim_interrupt() == seen);
                holds(seen);
                user_load(seen, USER_REPLY_RECV, ENDPOINT, &(struct message){0});
                seen->context.x[REG_REPLY] = REPLY;
                CHECK(sim_syscall() == other);
                holds(other);
        }
        CHECK(host_debug_registers()->step == STEP_OFF);
}

static void they_go_with_the_thread(void)
{
        machine();
        CHECK_EQUAL(set_debug(SEEN, 3, 0, ADDRESS, STORES_OF_A_WORD), 0);
        both_run();
        CHECK_EQUAL(host_debug_registers()->watch[0].address, ADDRESS);
        CHECK(sim_exception(0x92000046, 0x1234) == other); /* nobody is told of its fault yet */
        holds(other);
        CHECK(user_send(USER_YIELD, 0, &(struct message){0}) == other);
        holds(other);
}

/* It makes one step, whatever comes between, and a watchpoint reports where the access was. */
static void a_step_and_an_access_are_faults(void)
{
        machine();
        CHECK_EQUAL(set_debug(SEEN, 3, 1, ADDRESS, STORES_OF_A_WORD), 0);
        both_run();
        CHECK(seen->context.spsr & SPSR_STEP && host_debug_registers()->step != STEP_OFF);
        CHECK(user_send(USER_YIELD, 0, &(struct message){0}) == other);
        CHECK(!in_the_machine());
        seen->context.spsr &= ~SPSR_STEP; /* the machine: the instruction was carried out */
        CHECK(user_send(USER_YIELD, 0, &(struct message){0}) == seen);
        CHECK(!(seen->context.spsr & SPSR_STEP) && host_debug_registers()->step != STEP_OFF);
        CHECK(sim_exception((word)CLASS_STEP << 26, ADDRESS) == other);
        CHECK(seen->fault.type == FAULT_USER_EXCEPTION && seen->fault.user.number >> 26 == CLASS_STEP);
        CHECK(seen->fault.user.code == 0 && seen->debug.step == STEP_OFF);

        machine();
        CHECK_EQUAL(set_debug(SEEN, 3, 0, ADDRESS, STORES_OF_A_WORD), 0);
        both_run();
        CHECK(sim_exception((word)CLASS_WATCHPOINT << 26 | 0x62, ADDRESS + 4) == other);
        CHECK(seen->fault.user.number >> 26 == CLASS_WATCHPOINT && seen->fault.user.code == ADDRESS + 4);
}

const struct test debugged_tests[] = {
        {"debug_only_with_the_extension_and_sense", only_with_the_extension_and_sense},
        {"debug_registers_are_never_anothers", others_never_have_them},
        {"debug_registers_go_with_their_thread", they_go_with_the_thread},
        {"debug_steps_and_accesses_are_faults", a_step_and_an_access_are_faults},
};
const word debugged_test_count = sizeof(debugged_tests) / sizeof(debugged_tests[0]);
