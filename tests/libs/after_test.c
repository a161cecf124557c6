/* SPDX-License-Identifier: BSD-2-Clause */
/* Sentences of the headers with "stays", "never" and "only", each checked after the event (docs/sweeps.md lists them). */
#include "libs.h"

#include <badge/badge.h>
#include <caps/caps.h>
#include <fault/fault.h>
#include <frames/frame_table.h>
#include <process/process.h>
#include <reply/reply.h>
#include <shm/shm.h>
#include <sync/sync.h>
#include <threads/threads.h>

enum { PAGE = 4096, TICKS = 2000000, BADGES = 100000 };

static const seL4_Word place = 0x20000000;
static volatile unsigned runs;

static seL4_CPtr new_object(seL4_Word type)
{
        seL4_CPtr cap;

        CHECK(ut_new_object(&cspace, &cap, type, 0));
        return cap;
}

static void touch(void *arg)
{
        (void)arg;
        for (;;) {
                runs++;
                *(volatile seL4_Word *)place = 1;
        }
}

static void receive_from_nothing(void *arg)
{
        seL4_Word badge;

        (void)arg;
        for (;;) {
                runs++;
                (void)seL4_Recv(0xffff0, &badge, 0xffff1);
        }
}

static thread_t *faulty(thread_main_f *entry, seL4_CPtr ep, seL4_Word badge)
{
        thread_config_t config = thread_defaults("faulty", entry, NULL);

        config.prio = 160; /* it would run at once if it could */
        config.fault_ep = ep;
        config.fault_badge = badge;
        return thread_create_ex(&config);
}

static struct fault receive(seL4_CPtr ep, seL4_CPtr reply)
{
        seL4_Word badge = 0;
        seL4_MessageInfo_t info = seL4_NBRecv(ep, &badge, reply);

        return badge ? fault_decode(info, badge, reply) : (struct fault){0};
}

/* fault.h: "the thread stays stopped until somebody resumes its TCB", whatever is received afterwards and however often. */
static void stays_stopped(thread_main_f *entry, enum fault_kind kind)
{
        seL4_CPtr ep = new_object(seL4_EndpointObject), reply = new_object(seL4_ReplyObject);
        thread_t *thread, *other;
        struct fault fault;

        runs = 0;
        thread = faulty(entry, ep, 21);
        CHECK_EQUAL(runs, 1);
        fault = receive(ep, reply);
        CHECK_EQUAL(fault.kind, kind);
        CHECK_EQUAL(fault_kill(&fault), 0);
        CHECK_EQUAL(fault_kill(&fault), seL4_InvalidArgument);
        CHECK_EQUAL(fault_resume(&fault, NULL), seL4_InvalidArgument);
        CHECK_EQUAL(fault_skip(&fault, thread->tcb), seL4_InvalidArgument);
        CHECK_EQUAL(libs_reports(), 2);
        native_relax(TICKS);
        CHECK_EQUAL(runs, 1);
        other = faulty(entry, ep, 22); /* the same reply object serves the next one */
        CHECK_EQUAL(runs, 2);
        fault = receive(ep, reply);
        CHECK_EQUAL(fault.badge, 22);
        CHECK_EQUAL(fault_resume(&fault, NULL), 0);
        CHECK_EQUAL(runs, 2); /* the instruction, not the loop, runs again */
        fault = receive(ep, reply);
        CHECK_EQUAL(fault.badge, 22);
        CHECK_EQUAL(fault_kill(&fault), 0);
        for (unsigned i = 0; i < 5; i++) {
                native_relax(TICKS);
                CHECK_EQUAL(receive(ep, reply).kind, FAULT_NONE);
        }
        CHECK_EQUAL(runs, 2);
        CHECK_EQUAL(seL4_TCB_Resume(thread->tcb), 0); /* somebody did */
        CHECK_EQUAL(receive(ep, reply).badge, 21);
        thread_destroy(thread);
        thread_destroy(other);
}

static void killed_threads(const seL4_BootInfo *bi)
{
        libs_start_threads(bi);
        stays_stopped(touch, FAULT_MEMORY);
        stays_stopped(receive_from_nothing, FAULT_CAPABILITY);
        libs_audit();
}

/* fault.h: fault_resume "stops it after FAULT_SAME_MAX times". */
static void stopped_by_the_limit(const seL4_BootInfo *bi)
{
        struct fault_history history = {0};
        seL4_CPtr ep, reply;
        struct fault fault;
        int err = 0;

        libs_start_threads(bi);
        ep = new_object(seL4_EndpointObject);
        reply = new_object(seL4_ReplyObject);
        CHECK(faulty(touch, ep, 21));
        for (unsigned i = 0; i <= FAULT_SAME_MAX; i++) {
                fault = receive(ep, reply);
                CHECK_EQUAL(fault.kind, FAULT_MEMORY);
                err = fault_resume(&fault, &history);
                CHECK_EQUAL(err, i < FAULT_SAME_MAX ? 0 : seL4_IllegalOperation);
        }
        for (unsigned i = 0; i < 5; i++) {
                native_relax(TICKS);
                CHECK_EQUAL(receive(ep, reply).kind, FAULT_NONE);
        }
        CHECK_EQUAL(libs_reports(), 1);
}

static bool came_back;

static void call(void *ep)
{
        (void)seL4_Call((seL4_CPtr)ep, seL4_MessageInfo_new(0, 0, 0, 0));
        came_back = true;
}

static thread_t *caller(seL4_CPtr ep, seL4_CPtr *badged)
{
        thread_config_t config;

        *badged = cspace_alloc_slot(&cspace);
        CHECK_EQUAL(endpoint_mint(&cspace, *badged, &cspace, ep, ENDPOINT_CLIENT, 8), 0);
        config = thread_defaults("caller", call, (void *)*badged);
        config.prio = 160;
        return thread_create_ex(&config);
}

/* reply.h: "Callers that still wait stay inactive", and "a caller that lives on is never answered". */
static void unanswered_callers(const seL4_BootInfo *bi)
{
        struct reply_pool pool;
        struct reply handle;
        seL4_CPtr ep, copy;
        seL4_Word badge;
        thread_t *left, *cancelled;

        libs_start_threads(bi);
        ep = new_object(seL4_EndpointObject);
        CHECK_EQUAL(reply_start(&pool, &cspace, 2), 0);
        cancelled = caller(ep, &copy);
        (void)seL4_Recv(ep, &badge, reply_ready(&pool));
        (void)reply_take(&pool, badge, 0);
        CHECK_EQUAL(reply_cancel_client(&pool, badge), 1);
        for (unsigned i = 0; i < 5; i++) { /* its object serves others now */
                thread_t *other = caller(ep, &copy);

                (void)seL4_Recv(ep, &badge, reply_ready(&pool));
                handle = reply_take(&pool, badge, 0);
                CHECK_EQUAL(reply_answer(&pool, handle, seL4_MessageInfo_new(0, 0, 0, 0)), 0);
                CHECK(came_back && other->finished && !cancelled->finished);
                came_back = false;
        }
        left = caller(ep, &copy);
        (void)seL4_Recv(ep, &badge, reply_ready(&pool));
        (void)reply_take(&pool, badge, 0);
        reply_end(&pool);
        CHECK_EQUAL(libs_reports(), 1);
        native_relax(TICKS);
        CHECK(!came_back && !left->finished && !cancelled->finished);
        libs_audit();
}

/* vspace.h: "The capability stays the caller's", "`frame` ..., which stays untouched; unmapping deletes the copy". */
static void frames_of_the_caller(const seL4_BootInfo *bi)
{
        seL4_CPtr frame;
        seL4_Word word;

        libs_start(bi);
        frame = new_object(seL4_ARM_SmallPageObject);
        CHECK_EQUAL(vspace_map(&vspace, frame, place, seL4_PageBits, VSPACE_RW), 0);
        *(volatile seL4_Word *)place = 77;
        CHECK_EQUAL(vspace_map_copy(&vspace, frame, place + PAGE, VSPACE_R), 0);
        word = cspace_used_slots(&cspace);
        CHECK_EQUAL(vspace_unmap(&vspace, place + PAGE, 1), 0);
        CHECK_EQUAL(cspace_used_slots(&cspace), word - 1);
        CHECK_EQUAL(*(volatile seL4_Word *)place, 77);
        CHECK_EQUAL(vspace_unmap(&vspace, place, 1), 0);
        CHECK(cspace_is_occupied(&cspace, frame));
        CHECK_EQUAL(vspace_map(&vspace, frame, place, seL4_PageBits, VSPACE_RW), 0);
        CHECK_EQUAL(*(volatile seL4_Word *)place, 77);
        libs_audit();
}

/* shm.h: shm_unmap takes away "every mapping there", and no other. */
static void every_view(const seL4_BootInfo *bi)
{
        static vspace_t other, third;
        struct shm shm;
        seL4_Word at[3];

        libs_start(bi);
        CHECK_EQUAL(vspace_create(&other, &cspace), 0);
        CHECK_EQUAL(vspace_create(&third, &cspace), 0);
        CHECK_EQUAL(shm_create(&shm, PAGE), 0);
        at[0] = shm_map(&shm, &other, 0, VSPACE_R);
        at[1] = shm_map(&shm, &other, 0, VSPACE_RW);
        at[2] = shm_map(&shm, &third, 0, VSPACE_R);
        CHECK_EQUAL(shm_unmap(&shm, &other), 0);
        CHECK_EQUAL(vspace_lookup(&other, at[0]).kind, VSPACE_EMPTY);
        CHECK_EQUAL(vspace_lookup(&other, at[1]).kind, VSPACE_EMPTY);
        CHECK_EQUAL(vspace_lookup(&third, at[2]).kind, VSPACE_PAGE);
        CHECK_EQUAL(shm.views, 1);
        *(volatile seL4_Word *)shm.memory = 5;
}

/* frame_table.h: "a call of the kernel only for frames that come from ut or go back to it". */
static void frames_without_calls(const seL4_BootInfo *bi)
{
        frame_ref_t frame[FRAME_SURPLUS / 2];
        unsigned long before;

        libs_start(bi);
        frame_table_init(&cspace, seL4_CapInitThreadVSpace);
        for (unsigned round = 0; round < 3; round++) {
                before = libs_calls();
                for (unsigned i = 0; i < FRAME_SURPLUS / 2; i++) {
                        frame[i] = alloc_frame();
                        CHECK(frame[i] != NULL_FRAME);
                }
                for (unsigned i = 0; i < FRAME_SURPLUS / 2; i++)
                        free_frame(frame[i]);
                CHECK(round ? libs_calls() == before : libs_calls() > before);
        }
}

/* sync.h: "who need not wait makes no kernel call"; semaphore_try "never waits". */
static void locks_without_calls(const seL4_BootInfo *bi)
{
        struct semaphore units;
        struct mutex mutex;
        unsigned long before;

        libs_start_threads(bi);
        CHECK_EQUAL(semaphore_open(&units, &cspace, 1), 0);
        CHECK_EQUAL(mutex_open(&mutex, &cspace), 0);
        before = libs_calls();
        semaphore_wait(&units);
        CHECK(!semaphore_try(&units));
        semaphore_post(&units);
        CHECK(semaphore_try(&units));
        mutex_lock(&mutex);
        CHECK(mutex_try(&mutex));
        mutex_unlock(&mutex);
        mutex_unlock(&mutex);
        CHECK_EQUAL(libs_calls(), before);
}

/* badge.h: "Bit 63 is never set", "0 is never given out", and no badge is given out twice in a long row. */
static void badges_in_a_row(const seL4_BootInfo *bi)
{
        static struct badges badges;
        seL4_Word badge, before = 0;

        libs_start(bi);
        badge_start(&badges);
        for (unsigned i = 0; i < BADGES / LIBS_SHORTER; i++) {
                badge = badge_new(&badges, &badges);
                CHECK(badge && !(badge & BADGE_NOTIFICATION) && badge != before);
                CHECK(!badge_owner(&badges, before));
                CHECK_EQUAL(badge_free(&badges, badge), 0);
                before = badge;
        }
}

const struct libs_case after_cases[] = {
        {"after: a killed thread stays stopped", killed_threads, 0, false},
        {"after: so does one that fault_resume gave up", stopped_by_the_limit, 0, false},
        {"after: callers without an answer stay inactive", unanswered_callers, 0, false},
        {"after: frames of the caller stay the caller's", frames_of_the_caller, 0, false},
        {"after: every view of an address space is gone", every_view, 0, false},
        {"after: frames in stock cost no kernel call", frames_without_calls, 0, false},
        {"after: free locks cost no kernel call", locks_without_calls, 0, false},
        {"after: badges are never 0, a notification's, or stale", badges_in_a_row, 0, true},
};
LIBS_COUNT(after_cases);
