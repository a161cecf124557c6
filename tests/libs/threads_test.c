/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: create, run, join, destroy, faults, time, and that nothing stays behind. */
#include "libs.h"

#include <threads/threads.h>

static void start(const seL4_BootInfo *bi)
{
        libs_start(bi);
        threads_start(&cspace, bi->schedcontrol.start, seL4_CapInitThreadTCB, true);
        CHECK_EQUAL(seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 150), 0);
}

static volatile unsigned long sum;

static void add(void *arg)
{
        CHECK(thread_current());
        sum += (unsigned long)arg;
}

static void run_and_join(const seL4_BootInfo *bi)
{
        struct libs_balance before;
        thread_config_t config;

        start(bi);
        CHECK(!thread_current());
        before = libs_balance();
        config = thread_defaults("adder", add, (void *)7);
        for (int i = 0; i < 10; i++) {
                thread_t *t = thread_create_ex(&config);

                CHECK(t);
                CHECK_EQUAL(thread_join(t), 0);
                CHECK_EQUAL(sum, 7 * (i + 1));
                thread_destroy(t);
        }
        CHECK(!thread_first());
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

const struct libs_case threads_cases[] = {
        {"threads: run and join", run_and_join, 0, false},
};
LIBS_COUNT(threads_cases);
