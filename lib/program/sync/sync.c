/* SPDX-License-Identifier: BSD-2-Clause */
/* Semaphores, and the rest over them. */
#include <object/object.h>
#include <sel4/report.h>
#include <sync/sync.h>

int semaphore_open(struct semaphore *semaphore, cspace_t *cspace, unsigned count)
{
        *semaphore = (struct semaphore){.count = (int)count, .cspace = cspace};
        semaphore->ut = ut_new_object(cspace, &semaphore->notification, seL4_NotificationObject, 0);
        return semaphore->ut ? 0 : -1;
}

void semaphore_close(struct semaphore *semaphore)
{
        if (semaphore->ut)
                ut_free_object(semaphore->cspace, semaphore->notification, semaphore->ut);
        *semaphore = (struct semaphore){0};
}

/* Take a unit if one is available. */
static bool take_grant(struct semaphore *semaphore)
{
        unsigned grants = __atomic_load_n(&semaphore->grants, __ATOMIC_ACQUIRE);

        while (grants) {
                if (__atomic_compare_exchange_n(&semaphore->grants, &grants, grants - 1, false,
                                                __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
                        return true;
                }
        }
        return false;
}

void semaphore_wait(struct semaphore *semaphore)
{
        seL4_Word badge;

        if (__atomic_fetch_sub(&semaphore->count, 1, __ATOMIC_ACQ_REL) > 0)
                return;
        do {
                seL4_Wait(semaphore->notification, &badge);
        } while (!take_grant(semaphore));
        if (__atomic_load_n(&semaphore->grants, __ATOMIC_ACQUIRE)) {
                seL4_Signal(semaphore->notification); /* two came as one: pass the other on */
        }
}

bool semaphore_try(struct semaphore *semaphore)
{
        int count = __atomic_load_n(&semaphore->count, __ATOMIC_ACQUIRE);

        while (count > 0) {
                if (__atomic_compare_exchange_n(&semaphore->count, &count, count - 1, false, __ATOMIC_ACQ_REL,
                                                __ATOMIC_ACQUIRE)) {
                        return true;
                }
        }
        return false;
}

void semaphore_post(struct semaphore *semaphore)
{
        if (__atomic_fetch_add(&semaphore->count, 1, __ATOMIC_ACQ_REL) < 0) {
                __atomic_fetch_add(&semaphore->grants, 1, __ATOMIC_ACQ_REL);
                seL4_Signal(semaphore->notification);
        }
}

int mutex_open(struct mutex *mutex, cspace_t *cspace)
{
        *mutex = (struct mutex){0};
        return semaphore_open(&mutex->semaphore, cspace, 1);
}

void mutex_close(struct mutex *mutex)
{
        semaphore_close(&mutex->semaphore);
}

/* Only the owner itself can see its own mark here, so a plain comparison is safe. */
static bool is_ours(const struct mutex *mutex)
{
        return __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED) == (const void *)seL4_GetIPCBuffer();
}

static void enter(struct mutex *mutex)
{
        __atomic_store_n(&mutex->owner, (const void *)seL4_GetIPCBuffer(), __ATOMIC_RELAXED);
        mutex->depth++;
}

void mutex_lock(struct mutex *mutex)
{
        if (!is_ours(mutex))
                semaphore_wait(&mutex->semaphore);
        enter(mutex);
}

bool mutex_try(struct mutex *mutex)
{
        bool ok = is_ours(mutex) || semaphore_try(&mutex->semaphore);

        if (ok)
                enter(mutex);
        return ok;
}

void mutex_unlock(struct mutex *mutex)
{
        if (!is_ours(mutex)) {
                report("mutex_unlock: another thread has it, or none");
                return;
        }
        if (--mutex->depth == 0) {
                __atomic_store_n(&mutex->owner, NULL, __ATOMIC_RELAXED);
                semaphore_post(&mutex->semaphore);
        }
}

int condition_open(struct condition *condition, cspace_t *cspace)
{
        condition->waiting = 0;
        return semaphore_open(&condition->semaphore, cspace, 0);
}

void condition_close(struct condition *condition)
{
        semaphore_close(&condition->semaphore);
}

void condition_wait(struct condition *condition, struct mutex *mutex)
{
        condition->waiting++;
        mutex_unlock(mutex);
        semaphore_wait(&condition->semaphore);
        mutex_lock(mutex);
}

void condition_signal(struct condition *condition)
{
        if (condition->waiting) {
                condition->waiting--;
                semaphore_post(&condition->semaphore);
        }
}

void condition_broadcast(struct condition *condition)
{
        while (condition->waiting)
                condition_signal(condition);
}

int once_open(struct once *once, cspace_t *cspace)
{
        once->done = false;
        return mutex_open(&once->mutex, cspace);
}

void once_close(struct once *once)
{
        mutex_close(&once->mutex);
}

void once_do(struct once *once, void (*action)(void))
{
        if (__atomic_load_n(&once->done, __ATOMIC_ACQUIRE))
                return;
        mutex_lock(&once->mutex);
        if (!once->done) {
                action();
                __atomic_store_n(&once->done, true, __ATOMIC_RELEASE);
        }
        mutex_unlock(&once->mutex);
}
