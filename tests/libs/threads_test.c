/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: create, run, join, destroy, faults, time, and that nothing stays behind. */
#include "libs.h"

#include <string.h>
#include <threads/threads.h>

static seL4_CPtr new_object(seL4_Word type)
{
        seL4_CPtr cap;

        CHECK(ut_new_object(&cspace, &cap, type, 0));
        return cap;
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

        libs_start_threads(bi);
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

static void suspended_until_told(const seL4_BootInfo *bi)
{
        thread_config_t config;
        thread_t *t;

        libs_start_threads(bi);
        config = thread_defaults("late", add, (void *)1);
        config.suspended = true;
        config.prio = 200;
        t = thread_create_ex(&config);
        CHECK(t);
        CHECK(!t->finished);
        CHECK_EQUAL(thread_resume(t), 0);
        CHECK(t->finished); /* it has a higher priority */
        CHECK_EQUAL(sum, 1);
        thread_destroy(t);
        config.mcp = 0;
        config.suspended = false;
        t = thread_create_ex(&config);
        CHECK(t->finished);
        CHECK_EQUAL(thread_join(t), 0);
        CHECK_EQUAL(seL4_TCB_SetPriority(t->tcb, t->tcb, 1), seL4_RangeError); /* mcp 0 */
        thread_destroy(t);
        libs_audit();
}

static void fall_off(void *arg)
{
        *(volatile char *)arg = 1;
}

/* Both guard pages are unmapped, and the fault names the thread. */
static void guards(const seL4_BootInfo *bi)
{
        seL4_CPtr ep, reply;
        thread_config_t config;
        seL4_Word badge;

        libs_start_threads(bi);
        ep = new_object(seL4_EndpointObject);
        reply = new_object(seL4_ReplyObject);
        for (int high = 0; high < 2; high++) {
                thread_t *t;
                seL4_MessageInfo_t info;

                config = thread_defaults("clumsy", fall_off, NULL);
                config.suspended = true;
                config.fault_ep = ep;
                config.fault_badge = 55;
                t = thread_create_ex(&config);
                CHECK(t);
                t->arg = (void *)(high ? t->stack_top : t->stack - 1);
                CHECK_EQUAL(thread_resume(t), 0);
                info = seL4_Recv(ep, &badge, reply);
                CHECK_EQUAL(badge, 55);
                CHECK(seL4_isVMFault_tag(info));
                CHECK_EQUAL(seL4_GetMR(seL4_VMFault_Addr), (seL4_Word)t->arg);
                CHECK(!strcmp(thread_explain_fault((seL4_Word)t->arg),
                              high ? "stack underflow in thread clumsy" : "stack overflow in thread clumsy"));
                thread_destroy(t);
        }
        CHECK(!thread_explain_fault(0x1234));
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

static seL4_CPtr server;

static void serve(void *arg)
{
        seL4_CPtr reply = (seL4_CPtr)arg;
        seL4_Word badge;

        seL4_SetMR(0, 0);
        seL4_NBSendRecv(server, seL4_MessageInfo_new(0, 0, 0, 0), server, &badge, reply);
        for (;;) {
                seL4_SetMR(0, seL4_GetMR(0) + badge);
                seL4_ReplyRecv(server, seL4_MessageInfo_new(0, 0, 0, 1), &badge, reply);
        }
}

/* A server without time of its own runs on its clients'. */
static void passive_server(const seL4_BootInfo *bi)
{
        struct libs_balance before;
        thread_config_t config;
        seL4_CPtr client, reply;
        seL4_CPtr ready;
        ut_t *sc_ut;
        thread_t *t;

        libs_start_threads(bi);
        server = new_object(seL4_EndpointObject);
        reply = new_object(seL4_ReplyObject);
        client = cspace_alloc_slot(&cspace);
        CHECK_EQUAL(cspace_mint(&cspace, client, &cspace, server, seL4_CapRights_new(1, 0, 0, 1), 1000), 0);
        before = libs_balance();
        config = thread_defaults("server", serve, (void *)reply);
        config.passive = true;
        config.prio = 200;
        t = thread_create_ex(&config);
        CHECK(t);
        CHECK(!t->sched_context);
        CHECK_EQUAL(thread_time_used(t), 0);
        /* Lend it time until it waits for the first client. */
        sc_ut = ut_new_object(&cspace, &ready, seL4_SchedContextObject, seL4_MinSchedContextBits);
        CHECK_EQUAL(seL4_SchedControl_Configure(bi->schedcontrol.start, ready, 1000, 1000, 0, 0), 0);
        CHECK_EQUAL(seL4_SchedContext_Bind(ready, t->tcb), 0);
        CHECK_EQUAL(seL4_SchedContext_UnbindObject(ready, t->tcb), 0);
        for (seL4_Word i = 0; i < 3; i++) {
                seL4_SetMR(0, i);
                seL4_Call(client, seL4_MessageInfo_new(0, 0, 0, 1));
                CHECK_EQUAL(seL4_GetMR(0), i + 1000);
        }
        thread_destroy(t);
        CHECK_EQUAL(ut_free_object(&cspace, ready, sc_ut), UT_OK);
        libs_check_balance(before);
        libs_audit();
}

/* A program in another address space: on the host its pc is a function of this process, which must not touch memory that
 * the other space lacks; it makes one system call. */
static void visitor(void *arg)
{
        seL4_Word regs[9] = {(seL4_Word)arg, 0, 0, 0, 0, 0, 0, (seL4_Word)seL4_SysSend, 0};

        tessera_host_trap(regs);
        for (;;) {
                regs[0] = (seL4_Word)arg;
                regs[7] = (seL4_Word)seL4_SysWait;
                tessera_host_trap(regs);
        }
}

static void in_another_space(const seL4_BootInfo *bi)
{
        static vspace_t other;
        static cspace_t slots;
        struct libs_balance before;
        seL4_CPtr ntfn;
        seL4_Word badge = 0;

        libs_start_threads(bi);
        ntfn = new_object(seL4_NotificationObject);
        CHECK_EQUAL(vspace_create(&other, &cspace), 0);
        CHECK_EQUAL(vspace_destroy(&other), 0);
        before = libs_balance();
        for (int i = 0; i < 5; i++) {
                thread_config_t config = thread_defaults("visitor", visitor, (void *)1);
                thread_t *t;

                CHECK_EQUAL(vspace_create(&other, &cspace), 0);
                CHECK_EQUAL(cspace_create_one_level(&cspace, &slots), 0);
                CHECK_EQUAL(cspace_alloc_slot(&slots), 1);
                CHECK_EQUAL(cspace_mint(&slots, 1, &cspace, ntfn, seL4_AllRights, 77), 0);
                config.vspace = &other;
                config.cspace = &slots;
                config.stack_top = 0x90000000;
                config.ipc_buffer = 0xa0000000;
                t = thread_create_ex(&config);
                CHECK(t);
                CHECK_EQUAL(t->ipc_buffer_vaddr, 0xa0000000);
                CHECK_EQUAL(t->stack_top, 0x90000000);
                CHECK_EQUAL(vspace_lookup(&other, 0x90000000).kind, VSPACE_RESERVED);
                seL4_Wait(ntfn, &badge);
                CHECK_EQUAL(badge, 77);
                CHECK_EQUAL(vspace_audit(&other), 0);
                thread_destroy(t);
                CHECK_EQUAL(cspace_destroy_checked(&slots), CSPACE_NOERROR);
                CHECK_EQUAL(vspace_destroy(&other), 0);
        }
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

static void wrong_order_is_noticed(const seL4_BootInfo *bi)
{
        static vspace_t other;
        static cspace_t slots;
        struct libs_balance before;
        thread_config_t config;
        thread_t *t;

        libs_start_threads(bi);
        before = libs_balance();
        CHECK_EQUAL(vspace_create(&other, &cspace), 0);
        CHECK_EQUAL(cspace_create_one_level(&cspace, &slots), 0);
        config = thread_defaults("left", visitor, (void *)1);
        config.vspace = &other;
        config.cspace = &slots;
        config.suspended = true;
        t = thread_create_ex(&config);
        CHECK(t);
        CHECK_EQUAL(vspace_destroy(&other), seL4_RevokeFirst); /* the thread is still in it */
        CHECK_EQUAL(vspace_lookup(&other, t->ipc_buffer_vaddr).kind, VSPACE_PAGE);
        CHECK_EQUAL(cspace_destroy_checked(&slots), CSPACE_ERROR);
        libs_reports();
        thread_destroy(t);
        CHECK_EQUAL(cspace_destroy_checked(&slots), CSPACE_NOERROR);
        CHECK_EQUAL(vspace_destroy(&other), 0);
        thread_destroy(NULL);
        CHECK_EQUAL(libs_reports(), 1);
        config = thread_defaults("nothing", NULL, NULL);
        CHECK(!thread_create_ex(&config));
        CHECK_EQUAL(libs_reports(), 1);
        libs_check_balance(before);
        libs_audit();
}

static void burn(void *arg)
{
        for (;;) {
                native_relax(100000);
                sum++;
        }
        (void)arg;
}

static void time_is_limited_and_told(const seL4_BootInfo *bi)
{
        thread_config_t config;
        seL4_CPtr timeout, reply;
        seL4_Word badge;
        seL4_MessageInfo_t info;
        thread_t *t;

        libs_start_threads(bi);
        timeout = new_object(seL4_EndpointObject);
        reply = new_object(seL4_ReplyObject);
        config = thread_defaults("burner", burn, NULL);
        config.budget = 2000;
        config.period = 10000;
        config.sc_badge = 99;
        config.timeout_ep = timeout;
        t = thread_create_ex(&config);
        CHECK(t);
        info = seL4_Recv(timeout, &badge, reply);
        CHECK(seL4_isTimeoutFault_tag(info));
        CHECK_EQUAL(seL4_GetMR(0), 99);
        CHECK(thread_time_used(t) + seL4_GetMR(1) >= 2000);
        thread_destroy(t);
        libs_audit();
}

static void course_forms(const seL4_BootInfo *bi)
{
        struct libs_balance before;
        sos_thread_t *t;
        seL4_CPtr ep;

        libs_start_threads(bi);
        ep = new_object(seL4_EndpointObject);
        init_threads(ep, ep, bi->schedcontrol.start, bi->schedcontrol.end);
        before = libs_balance();
        t = spawn(add, (void *)3, 9, false);
        CHECK(t);
        CHECK(t->user_ep && t->badge == 9);
        CHECK_EQUAL(thread_join(t), 0);
        CHECK_EQUAL(sum, 3);
        CHECK_EQUAL(thread_suspend(t), 0);
        thread_destroy(t);
        t = thread_create(add, (void *)3, 9, false, 200, seL4_CapNull, false);
        CHECK(t && !t->finished);
        CHECK_EQUAL(thread_set_priority(t, 201), 0);
        CHECK_EQUAL(thread_resume(t), 0);
        CHECK(t->finished);
        thread_destroy(t);
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

static void many_threads_come_and_go(const seL4_BootInfo *bi)
{
        enum { ROUNDS = 100000 / LIBS_SHORTER, LIVE = 100 };
        static thread_t *live[LIVE];
        struct libs_balance before = {0};
        thread_config_t config;
        unsigned long calls = 0, alone = 0, crowded;

        libs_start_threads(bi);
        config = thread_defaults("brief", add, (void *)1);
        config.prio = 200;
        config.stack_bytes = THREAD_STACK_MIN;
        for (int i = 0; i < ROUNDS; i++) {
                thread_t *t = thread_create_ex(&config);

                CHECK(t && t->finished);
                thread_destroy(t);
                if (i == 10) {
                        before = libs_balance();
                        calls = libs_calls();
                }
                if (i == 1010)
                        alone = libs_calls() - calls;
        }
        CHECK_EQUAL(sum, ROUNDS);
        libs_check_balance(before);
        for (int i = 0; i < LIVE; i++) {
                live[i] = thread_create_ex(&config);
                CHECK(live[i]);
        }
        calls = libs_calls();
        for (int i = 0; i < 1000; i++) {
                thread_t *t = thread_create_ex(&config);

                CHECK(t);
                thread_destroy(t);
        }
        crowded = libs_calls() - calls;
        for (int i = 0; i < LIVE; i++)
                thread_destroy(live[i]);
        libs_note("     kernel calls per create and destroy: %lu.%03lu alone, %lu.%03lu among %d others",
                  alone / 1000, alone % 1000, crowded / 1000, crowded % 1000, LIVE);
        CHECK(crowded < alone + alone / 20);
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

const struct libs_case threads_cases[] = {
        {"threads: run and join", run_and_join, 0, false},
        {"threads: suspended until told", suspended_until_told, 0, false},
        {"threads: guards on both sides", guards, 0, false},
        {"threads: a passive server", passive_server, 0, false},
        {"threads: in another address space", in_another_space, 0, false},
        {"threads: the wrong order is noticed", wrong_order_is_noticed, 0, false},
        {"threads: time is limited and told", time_is_limited_and_told, 0, false},
        {"threads: the course's forms", course_forms, 0, false},
        {"threads: 100,000 come and go", many_threads_come_and_go, 0, true},
};
LIBS_COUNT(threads_cases);
