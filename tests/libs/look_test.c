/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking at threads: stacks, reasons not to run, CSpaces that grow under them. */
#include "libs.h"

#include <string.h>
#include <threads/threads.h>

static seL4_CPtr new_object(seL4_Word type)
{
        seL4_CPtr cap;

        CHECK(ut_new_object(&cspace, &cap, type, 0));
        return cap;
}

static void nothing(void *arg)
{
        (void)arg;
}

static void call_where_told(void *arg)
{
        seL4_SetMR(0, 0);
        for (seL4_CPtr ep = (seL4_CPtr)arg;; ep = seL4_GetMR(0))
                (void)seL4_Call(ep, seL4_MessageInfo_new(0, 0, 0, 1));
}

/* A thread lives on while its CSpace gets a second level. */
static void thread_in_a_growing_cspace(const seL4_BootInfo *bi)
{
        static cspace_t own;
        seL4_CPtr ep, reply, slot;
        thread_config_t config;
        seL4_Word badge;
        thread_t *t;

        libs_start_threads(bi);
        ep = new_object(seL4_EndpointObject);
        reply = new_object(seL4_ReplyObject);
        CHECK_EQUAL(cspace_create(&cspace, &own), 0);
        slot = cspace_alloc_slot(&own);
        CHECK_EQUAL(cspace_mint(&own, slot, &cspace, ep, seL4_AllRights, 1), 0);
        config = thread_defaults("caller", call_where_told, (void *)slot);
        config.cspace = &own;
        config.prio = 160;
        t = thread_create_ex(&config);
        (void)seL4_Recv(ep, &badge, reply);
        CHECK_EQUAL(badge, 1);
        while (!own.two_level) {
                slot = cspace_alloc_slot(&own);
                CHECK(slot);
        }
        CHECK_EQUAL(cspace_mint(&own, slot, &cspace, ep, seL4_AllRights, 9), 0);
        seL4_SetMR(0, slot);
        seL4_Send(reply, seL4_MessageInfo_new(0, 0, 0, 1));
        (void)seL4_Recv(ep, &badge, reply);
        CHECK_EQUAL(badge, 9); /* through slot 128 */
        thread_destroy(t);
        CHECK_EQUAL(cspace_destroy_checked(&own), CSPACE_NOERROR);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

/* P-9: the high-water mark, and no stack below a page. */
static void stack_use(const seL4_BootInfo *bi)
{
        thread_config_t config;
        thread_t *t;

        libs_start_threads(bi);
        config = thread_defaults("deep", nothing, NULL);
        config.suspended = true;
        config.stack_bytes = 8 * 4096;
        t = thread_create_ex(&config);
        CHECK_EQUAL(thread_stack_size(t), 8 * 4096);
        CHECK_EQUAL(thread_stack_used(t), 0);
        *(seL4_Word *)(t->stack_top - 96) = 1;
        CHECK_EQUAL(thread_stack_used(t), 96);
        *(seL4_Word *)(t->stack + 4096) = 1;
        CHECK_EQUAL(thread_stack_used(t), 7 * 4096);
        *(seL4_Word *)(t->stack + 4096) = 0; /* what is below stays known only as far as it was written */
        CHECK_EQUAL(thread_stack_used(t), 96);
        thread_destroy(t);
        config.stack_bytes = 100;
        CHECK(!thread_create_ex(&config));
        config.stack_bytes = ~0ul; /* rounded up it would be 0 */
        CHECK(!thread_create_ex(&config));
        CHECK_EQUAL(libs_reports(), 4);
        libs_audit();
}

static void check_view(thread_t *t, uint64_t elapsed, enum thread_why why, const char *want)
{
        struct thread_view view = thread_look(t, elapsed);
        char text[96];

        CHECK_EQUAL(view.why, why);
        if (strcmp(thread_view_text(t, &view, text, sizeof(text)), want))
                libs_note("%s", text);
        CHECK(!strcmp(text, want));
}

static void run_on(void *arg)
{
        while (!*(volatile bool *)arg)
                native_relax(100);
}

/* P-29: each reason not to run. */
static void why_not(const seL4_BootInfo *bi)
{
        static bool stop;
        thread_config_t config;
        thread_t *t;

        libs_start_threads(bi);
        config = thread_defaults("idler", nothing, NULL);
        config.suspended = true;
        t = thread_create_ex(&config);
        check_view(t, 1000, THREAD_SUSPENDED, "idler is suspended");
        CHECK_EQUAL(thread_resume(t), 0);
        CHECK_EQUAL(thread_look(t, 1000).why, THREAD_STARVED); /* we run, at a higher priority */
        CHECK_EQUAL(thread_join(t), 0);
        check_view(t, 1000, THREAD_FINISHED, "idler has finished");
        thread_destroy(t);
        config.passive = true;
        config.suspended = false;
        t = thread_create_ex(&config);
        check_view(t, 1000, THREAD_NO_TIME, "idler has no scheduling context");
        thread_destroy(t);
        config = thread_defaults("spender", run_on, &stop);
        config.prio = 200;
        config.budget = 1000;
        config.period = 10000;
        t = thread_create_ex(&config); /* back here when its budget is spent */
        check_view(t, 10000, THREAD_SPENT, "spender is out of budget: 1000 us of each 10000 us");
        thread_destroy(t);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

const struct libs_case look_cases[] = {
        {"threads: in a CSpace that grows", thread_in_a_growing_cspace, 0, false},
        {"threads: how deep a stack went", stack_use, 0, false},
        {"threads: why one does not run", why_not, 0, false},
};
LIBS_COUNT(look_cases);
