/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for each other: semaphores, mutexes, condition variables, once.
 *
 * For threads of one address space and one CSpace.  Each has a notification object for threads that must wait; a thread that need not wait
 * makes no kernel call.  A notification remembers one signal only, so wake-ups are counted beside it (`grants`): none is
 * lost when two come before a waiter has gone to sleep.
 *
 * Waiters are served in the order in which the kernel serves them; a lower priority holds up a higher one for as long as it
 * keeps a mutex (no inheritance): keep them short, or let a server of the highest priority do the work.
 *
 * Results: 0, or -1 for out of memory or slots.
 */
#pragma once

#include <cspace/cspace.h>
#include <sel4/sel4.h>
#include <stdbool.h>
#include <ut/ut.h>

struct semaphore {
        int count;       /* below 0: that many wait */
        unsigned grants; /* wake-ups that nobody has taken yet */
        seL4_CPtr notification;
        ut_t *ut;
        cspace_t *cspace;
};

/* `count` units at the start (1: binary).  0, or -1 without memory. */
int semaphore_open(struct semaphore *semaphore, cspace_t *cspace, unsigned count);
void semaphore_close(struct semaphore *semaphore);
void semaphore_wait(struct semaphore *semaphore);
bool semaphore_try(struct semaphore *semaphore); /* never waits */
void semaphore_post(struct semaphore *semaphore);

struct mutex {
        struct semaphore semaphore;
        const void *owner; /* IPC buffer of the thread that holds it */
        unsigned depth;    /* a thread may lock a mutex that it already holds */
};

int mutex_open(struct mutex *mutex, cspace_t *cspace);
void mutex_close(struct mutex *mutex);
void mutex_lock(struct mutex *mutex);
bool mutex_try(struct mutex *mutex);

/* Refused and reported unless the calling thread has it. */
void mutex_unlock(struct mutex *mutex);

struct condition {
        struct semaphore semaphore;
        unsigned waiting;
};

int condition_open(struct condition *condition, cspace_t *cspace);
void condition_close(struct condition *condition);

/* All with the mutex locked (once).  Waiting unlocks it and locks it again; look at what was waited for afterwards, because it may
 * have changed once more. */
void condition_wait(struct condition *condition, struct mutex *mutex);
void condition_signal(struct condition *condition);
void condition_broadcast(struct condition *condition);

struct once {
        struct mutex mutex;
        bool done;
};

int once_open(struct once *once, cspace_t *cspace);
void once_close(struct once *once);

/* The first call runs `action`; all return after it has been run. */
void once_do(struct once *once, void (*action)(void));
