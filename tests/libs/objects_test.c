/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects as values, shared memory, synchronisation, undoing (P-17, P-19, P-21). */
#include "libs.h"

#include <object/object.h>
#include <shm/shm.h>
#include <string.h>
#include <sync/sync.h>
#include <threads/threads.h>
#include <undo/undo.h>

static void start(const seL4_BootInfo *bi)
{
        libs_start(bi);
        threads_start(&cspace, bi->schedcontrol.start, seL4_CapInitThreadTCB, true);
        CHECK_EQUAL(seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 150), 0);
}

static void values(const seL4_BootInfo *bi)
{
        struct libs_balance before;
        kobj_t ep;
        seL4_CPtr copy;
        char text[96];

        libs_start(bi);
        before = libs_balance();
        CHECK_EQUAL(kobj_new(&ep, &cspace, seL4_EndpointObject, 0), 0);
        CHECK_EQUAL(ep.bits, seL4_EndpointBits);
        CHECK(strstr(object_explain(kobj_paddr(&ep), text, sizeof(text)), "an object lives there"));
        copy = cspace_alloc_slot(&cspace);
        CHECK_EQUAL(cspace_copy(&cspace, copy, &cspace, ep.cptr, seL4_AllRights), 0);
        CHECK_EQUAL(kobj_free(&ep), UT_IN_USE); /* the copy keeps it */
        CHECK_EQUAL(libs_reports(), 1);
        CHECK_EQUAL(cspace_delete_and_free(&cspace, copy), 0);
        CHECK_EQUAL(kobj_free(&ep), UT_OK);
        CHECK_EQUAL(kobj_free(&ep), UT_NOT_USED);
        CHECK_EQUAL(libs_reports(), 1);
        libs_inject(1, 1);
        CHECK_EQUAL(kobj_new(&ep, &cspace, seL4_TCBObject, 0), (unsigned long)-1);
        libs_inject(0, 0);
        libs_reports();
        libs_check_balance(before);
        CHECK(strstr(object_explain(1, text, sizeof(text)), "device") || strstr(text, "nobody"));
        libs_audit();
}

/* A piece that was used behind the library's back: the failure names it. */
static void overlap(const seL4_BootInfo *bi)
{
        seL4_CPtr stolen, cap;
        ut_t *piece;
        char text[96];

        libs_start(bi);
        piece = ut_alloc(seL4_TCBBits, NULL);
        stolen = cspace_alloc_slot(&cspace);
        CHECK_EQUAL(cspace_untyped_retype(&cspace, piece->cap, stolen, seL4_TCBObject, 0), 0);
        CHECK_EQUAL(ut_free_checked(piece), UT_IN_USE);
        CHECK_EQUAL(libs_reports(), 1);
        CHECK_EQUAL(cspace_delete(&cspace, stolen), 0);
        ut_free(piece);
        CHECK_EQUAL(cspace_untyped_retype(&cspace, piece->cap, stolen, seL4_TCBObject, 0), 0); /* too late */
        CHECK(!ut_new_object(&cspace, &cap, seL4_TCBObject, 0));
        CHECK_EQUAL(libs_reports(),
                    2); /* refused, with the owner; and the piece is in use when it is put back */
        CHECK(strstr(object_explain(ut_paddr(piece), text, sizeof(text)), "an object lives there"));
        CHECK_EQUAL(cspace_delete_and_free(&cspace, stolen), 0);
        ut_free(piece);
        libs_audit();
}

static int undone[UNDO_MAX + 1], undone_count;

static void note(void *what)
{
        undone[undone_count++] = (int)(uintptr_t)what;
}

static void undoing(const seL4_BootInfo *bi)
{
        struct undo undo = {0};

        (void)bi;
        for (uintptr_t i = 0; i < UNDO_MAX; i++)
                CHECK(undo_push(&undo, note, (void *)i));
        CHECK(!undo_push(&undo, note, (void *)99));
        CHECK_EQUAL(undone_count, 1);
        CHECK_EQUAL(undone[0], 99);
        CHECK_EQUAL(undo_all(&undo), (unsigned long)-1);
        CHECK_EQUAL(undone_count, UNDO_MAX + 1);
        CHECK_EQUAL(undone[1], UNDO_MAX - 1); /* last first */
        CHECK_EQUAL(undone[UNDO_MAX], 0);
        CHECK(undo_push(&undo, note, NULL));
        undo_forget(&undo);
        CHECK_EQUAL(undo_all(&undo), (unsigned long)-1);
        CHECK_EQUAL(undone_count, UNDO_MAX + 1);
}

static void shared(const seL4_BootInfo *bi)
{
        static vspace_t other;
        struct libs_balance before;
        struct shm shm;
        seL4_Word at;

        libs_start(bi);
        CHECK_EQUAL(vspace_create(&other, &cspace), 0);
        before = libs_balance();
        CHECK_EQUAL(shm_create(&shm, 5000), 0);
        CHECK_EQUAL(shm.pages, 2);
        at = shm_map(&shm, &other, 0x500000, VSPACE_R);
        CHECK_EQUAL(at, 0x500000);
        CHECK(shm_map(&shm, &other, 0, VSPACE_RW));
        CHECK(!shm_map(&shm, &other, 0x501000, VSPACE_R)); /* taken */
        CHECK_EQUAL(shm.views, 2);
        CHECK_EQUAL(vspace_lookup(&other, 0x501000).paddr,
                    vspace_lookup(&vspace, (seL4_Word)shm.memory + 4096).paddr);
        CHECK_EQUAL(shm_leave(&other), 2);
        CHECK_EQUAL(shm_unmap(&shm, &other), seL4_InvalidArgument);
        CHECK(shm_map(&shm, &other, 0, VSPACE_R));
        CHECK(shm_map(&shm, &vspace, 0, VSPACE_R));
        CHECK_EQUAL(shm_unmap(&shm, &vspace), 0);
        shm_destroy(&shm);
        CHECK_EQUAL(other.pages, 0);
        for (unsigned seed = 1; seed < 20; seed++) {
                libs_inject(4, seed);
                if (!shm_create(&shm, 20000)) {
                        (void)shm_map(&shm, &other, 0, VSPACE_RW);
                        libs_inject(0, 0);
                        shm_destroy(&shm);
                }
                libs_inject(0, 0);
        }
        libs_check_balance(before);
        libs_audit();
        libs_audit_space(&other);
}

static struct semaphore units;
static struct mutex mutex;
static struct condition condition;
static struct once once;
static unsigned inside, most, rounds, ready, actions;

static void critical(void *unused)
{
        (void)unused;
        for (int i = 0; i < 20; i++) {
                mutex_lock(&mutex);
                mutex_lock(&mutex); /* again */
                most = ++inside > most ? inside : most;
                seL4_Yield();
                inside--;
                rounds++;
                mutex_unlock(&mutex);
                mutex_unlock(&mutex);
        }
}

static void take_units(void *unused)
{
        (void)unused;
        semaphore_wait(&units);
        rounds++;
}

static void wait_until_ready(void *unused)
{
        (void)unused;
        mutex_lock(&mutex);
        while (!ready)
                condition_wait(&condition, &mutex);
        rounds++;
        mutex_unlock(&mutex);
}

static void act(void)
{
        seL4_Yield();
        actions++;
}

static void act_once(void *unused)
{
        (void)unused;
        once_do(&once, act);
        CHECK_EQUAL(actions, 1);
}

enum { TEAM = 4 };

static thread_t *team[TEAM];

static void send_team(thread_main_f *work, uint8_t prio)
{
        thread_config_t config = thread_defaults("member", work, NULL);

        rounds = 0;
        config.prio = prio;
        for (int i = 0; i < TEAM; i++) {
                team[i] = thread_create_ex(&config);
                CHECK(team[i]);
        }
}

static void await_team(void)
{
        for (int i = 0; i < TEAM; i++) {
                CHECK_EQUAL(thread_join(team[i]), 0);
                thread_destroy(team[i]);
        }
}

static void synchronisation(const seL4_BootInfo *bi)
{
        struct libs_balance before;

        start(bi);
        before = libs_balance();
        CHECK(!semaphore_open(&units, &cspace, 1) && !mutex_open(&mutex, &cspace) &&
              !condition_open(&condition, &cspace) && !once_open(&once, &cspace));
        send_team(critical, 150);
        await_team();
        CHECK_EQUAL(most, 1);
        CHECK_EQUAL(rounds, TEAM * 20);

        send_team(take_units, 160); /* one goes through, three wait */
        CHECK_EQUAL(rounds, 1);
        CHECK(!semaphore_try(&units));
        for (unsigned i = 2; i <= TEAM; i++) {
                semaphore_post(&units);
                CHECK_EQUAL(rounds, i);
        }
        await_team();
        semaphore_post(&units);
        CHECK(semaphore_try(&units) && !semaphore_try(&units));

        send_team(wait_until_ready, 160);
        CHECK_EQUAL(rounds, 0);
        mutex_lock(&mutex);
        condition_signal(&condition); /* woken, but not ready: waits again */
        mutex_unlock(&mutex);
        CHECK_EQUAL(rounds, 0);
        mutex_lock(&mutex);
        ready = 1;
        condition_broadcast(&condition);
        mutex_unlock(&mutex);
        await_team();
        CHECK_EQUAL(rounds, TEAM);

        send_team(act_once, 150);
        await_team();
        CHECK_EQUAL(actions, 1);
        CHECK_EQUAL(libs_reports(), 0);
        mutex_unlock(&mutex);
        CHECK_EQUAL(libs_reports(), 1);
        semaphore_close(&units);
        mutex_close(&mutex);
        condition_close(&condition);
        once_close(&once);
        libs_check_balance(before);
        libs_audit();
}

/* Two wake-ups that reach the notification as one, before either waiter sleeps. */
static void two_posts_as_one(const seL4_BootInfo *bi)
{
        start(bi);
        CHECK_EQUAL(semaphore_open(&units, &cspace, 0), 0);
        send_team(take_units, 160);
        CHECK_EQUAL(rounds, 0);
        for (int i = 0; i < TEAM; i++) { /* as if each had been stopped before its Wait */
                CHECK_EQUAL(thread_suspend(team[i]), 0);
        }
        for (int i = 0; i < TEAM; i++)
                semaphore_post(&units);
        for (int i = 0; i < TEAM; i++)
                CHECK_EQUAL(thread_resume(team[i]), 0);
        await_team();
        CHECK_EQUAL(rounds, TEAM);
        semaphore_close(&units);
        libs_audit();
}

const struct libs_case objects_cases[] = {
        {"object: as a value", values, 0, false},
        {"object: memory that somebody else uses is named", overlap, 0, false},
        {"undo: last first, and no more than fit", undoing, 0, false},
        {"shm: every view is tracked", shared, 0, false},
        {"sync: mutex, semaphore, condition, once", synchronisation, 0, false},
        {"sync: two wake-ups as one", two_posts_as_one, 0, false},
};
LIBS_COUNT(objects_cases);
