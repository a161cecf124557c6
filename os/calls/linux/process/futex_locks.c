/* SPDX-License-Identifier: BSD-2-Clause */
/* Words that are locks (FUTEX_LOCK_PI and its kin): the word says which thread has it, and programs change it without a call when nobody
 * waits.  Who waits here has set FUTEX_WAITERS, so that the owner calls. */
#include "os/calls/linux/posix.h"
#include "os/process/futex.h"
#include "sos/clock.h"

static bool is_over(const struct call *c)
{
        return c->end_us && clock_us() >= c->end_us;
}

/* The word, in memory; -SOS_EFAULT: it cannot be written. */
static long word_at(struct process *p, seL4_Word va, uint32_t **word)
{
        void *data;

        if (space_touch(p->space, va, SPACE_WRITE, &data) != SPACE_OK)
                return -SOS_EFAULT;
        *word = data;
        return 0;
}

/* The lock as it was becomes ours, if it is nobody's or its owner is about to end; others may still wait for it when we have. */
static uint32_t as_ours(const struct process *p, uint32_t old)
{
        uint32_t others = p->call.futex.owner ? (uint32_t)FUTEX_WAITERS : old & (uint32_t)FUTEX_WAITERS;

        return (uint32_t)p->pid | others | (old & FUTEX_OWNER ? FUTEX_OWNER_DIED : old & FUTEX_OWNER_DIED);
}

/* Why it is not waited for; 0: it is. */
static long no_wait(const struct process *p, const struct process *owner, enum futex_until until)
{
        if (until == FUTEX_LOCK_NOW)
                return -SOS_EAGAIN;
        return !owner ? -SOS_ESRCH : is_over(&p->call) ? -SOS_ETIMEDOUT : 0;
}

/* One look at the word: the result, or CALL_NO_VALUE when it is somebody's and says that others wait; *owner: whose. */
static long take(struct process *p, uint32_t *word, enum futex_until until, struct process **owner)
{
        uint32_t old = __atomic_load_n(word, __ATOMIC_RELAXED), next;
        bool ours;

        do {
                long error = 0;

                if ((old & FUTEX_OWNER) == (uint32_t)p->pid)
                        return p->call.futex.owner ? 0
                                                   : -SOS_EDEADLK; /* it was handed over; or never given up */
                *owner = thread_find((int)(old & FUTEX_OWNER));
                ours = !(old & FUTEX_OWNER) || (*owner && !thread_lives(*owner));
                if (!ours)
                        error = no_wait(p, *owner, until);
                if (error)
                        return error;
                next = ours ? as_ours(p, old) : old | FUTEX_WAITERS;
        } while (!__atomic_compare_exchange_n(word, &old, next, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
        return ours ? 0 : CALL_NO_VALUE;
}

long posix_futex_lock(struct process *p, seL4_Word va, const struct futex_key *key, enum futex_until until)
{
        const struct call *c = &p->call;
        struct process *owner = NULL;
        uint32_t *word;
        long result = 0;

        if (until != FUTEX_LOCK_NOW && c->argument[3] && !c->end_us)
                result = posix_deadline(p, c->argument[3], true, until == FUTEX_LOCK_DATE);
        if (!result)
                result = word_at(p, va, &word);
        if (!result)
                result = take(p, word, until, &owner);
        if (result != CALL_NO_VALUE)
                return result;
        futex_wait_lock(p, key, owner);
        return c->end_us ? call_until(p, c->end_us) : call_waits(p, NULL);
}

long posix_futex_unlock(struct process *p, seL4_Word va, const struct futex_key *key)
{
        uint32_t *word, old, next;
        long error = word_at(p, va, &word);

        if (error)
                return error;
        old = __atomic_load_n(word, __ATOMIC_RELAXED);
        if ((old & FUTEX_OWNER) != (uint32_t)p->pid)
                return -SOS_EPERM;
        next = (uint32_t)futex_hand_over(key);
        __atomic_store_n(word, next ? next | FUTEX_WAITERS : 0, __ATOMIC_SEQ_CST);
        return 0;
}
