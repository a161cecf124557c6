/* SPDX-License-Identifier: BSD-2-Clause */
/* The call about words of memory; the waiting itself is in process/futex.h, locks are in futex_locks.c. */
#include "os/process/futex.h"
#include "os/calls/linux/posix.h"
#include "sos/clock.h"

enum {
        WAIT = 0,
        WAKE = 1,
        REQUEUE = 3,
        CMP_REQUEUE = 4,
        WAKE_OP = 5,
        WAIT_BITSET = 9,
        WAKE_BITSET = 10,
        LOCK = 6,
        UNLOCK = 7,
        TRY_LOCK = 8,
        LOCK_BY_CLOCK = 13,
        PRIVATE = 128,
        CLOCK_REALTIME = 256,
};

/* The arguments of a call. */
struct futex_call {
        seL4_Word va, other;
        uint32_t value, third;
        bool own, date;
        struct futex_key key, other_key;
};

static long read_word(struct process *p, seL4_Word va, uint32_t *word)
{
        if (va % sizeof(*word))
                return -SOS_EINVAL;
        return space_read(p->space, va, word, sizeof(*word)) ? 0 : -SOS_EFAULT;
}

static bool is_over(const struct call *c)
{
        return c->end_us && clock_us() >= c->end_us;
}

/* Why it need not wait; 0: it waits. */
static long no_wait(struct process *p, const struct futex_call *f, bool until)
{
        struct call *c = &p->call;
        uint32_t word = 0;
        long error =
                c->argument[3] && !c->end_us ? posix_deadline(p, c->argument[3], until, until && f->date) : 0;

        if (error)
                return error;
        if (c->futex.key.object && is_over(c))
                return -SOS_ETIMEDOUT;
        error = read_word(p, f->va, &word);
        if (error || word != f->value)
                return error ? error : -SOS_EAGAIN;
        return is_over(c) ? -SOS_ETIMEDOUT : 0;
}

static long wait(struct process *p, struct futex_call *f, bool until, uint32_t bits)
{
        struct call *c = &p->call;
        long error;

        if (c->futex.woken)
                return 0;
        error = bits ? no_wait(p, f, until) : -SOS_EINVAL;
        if (error)
                return error;
        futex_wait_at(p, &f->key, bits);
        return c->end_us ? call_until(p, c->end_us) : call_waits(p, NULL);
}

static long requeue(struct process *p, const struct futex_call *f, bool compare)
{
        int wake = (int)f->value, move = (int)p->call.argument[3];
        uint32_t word = 0;
        long error = compare ? read_word(p, f->va, &word) : 0, woken = 0;

        if (wake < 0 || move < 0)
                return -SOS_EINVAL;
        if (error || (compare && word != f->third))
                return error ? error : -SOS_EAGAIN;
        if (wake)
                woken = futex_wake(&f->key, wake, FUTEX_ANY);
        return woken + futex_move(&f->key, &f->other_key, move);
}

/* The operation on the other word, encoded in the last argument: what is done, what is compared, and both operands. */
struct word_op {
        unsigned what, compare;
        int operand, against;
};

static struct word_op decode(uint32_t code)
{
        struct word_op o = {.what = code >> 28 & 7,
                            .compare = code >> 24 & 15,
                            .operand = (int)(code << 8) >> 20,
                            .against = (int)(code << 20) >> 20};

        if (code >> 31)
                o.operand = 1 << (o.operand & 31);
        return o;
}

static uint32_t changed(const struct word_op *o, uint32_t old)
{
        uint32_t operand = (uint32_t)o->operand;

        switch (o->what) {
        case 0:
                return operand;
        case 1:
                return old + operand;
        case 2:
                return old | operand;
        case 3:
                return old & ~operand;
        default:
                return old ^ operand;
        }
}

static bool holds(const struct word_op *o, int old)
{
        switch (o->compare) {
        case 0:
                return old == o->against;
        case 1:
                return old != o->against;
        case 2:
                return old < o->against;
        case 3:
                return old <= o->against;
        case 4:
                return old > o->against;
        default:
                return old >= o->against;
        }
}

static long wake_op(struct process *p, const struct futex_call *f)
{
        struct word_op o = decode(f->third);
        uint32_t *word, old;
        void *data;
        long woken;

        if (o.what > 4 || o.compare > 5)
                return -SOS_ENOSYS;
        if (space_touch(p->space, f->other, SPACE_WRITE, &data) != SPACE_OK)
                return -SOS_EFAULT;
        word = data;
        old = __atomic_load_n(word, __ATOMIC_RELAXED);
        while (!__atomic_compare_exchange_n(word, &old, changed(&o, old), false, __ATOMIC_SEQ_CST,
                                            __ATOMIC_RELAXED))
                ;
        woken = futex_wake(&f->key, (int)f->value, FUTEX_ANY);
        if (holds(&o, (int)old))
                woken += futex_wake(&f->other_key, (int)p->call.argument[3], FUTEX_ANY);
        return woken;
}

static long keys(struct process *p, struct futex_call *f, bool two)
{
        if (f->va % sizeof(uint32_t) || (two && f->other % sizeof(uint32_t)))
                return -SOS_EINVAL;
        if (f->va >= SPACE_TOP || !futex_key(p, f->va, f->own, &f->key))
                return -SOS_EFAULT;
        return two && (f->other >= SPACE_TOP || !futex_key(p, f->other, f->own, &f->other_key)) ? -SOS_EFAULT
                                                                                                : 0;
}

static bool is_known(unsigned operation)
{
        return operation <= WAKE_BITSET && operation != 2 &&
               (operation <= WAKE_OP || operation >= WAIT_BITSET);
}

static bool is_lock(unsigned operation)
{
        return (operation >= LOCK && operation <= TRY_LOCK) || operation == LOCK_BY_CLOCK;
}

/* A lock is named by its first word, and its deadline is always a time of a clock. */
static long operate_lock(struct process *p, const struct futex_call *f, unsigned operation)
{
        switch (operation) {
        case UNLOCK:
                return posix_futex_unlock(p, f->va, &f->key);
        case TRY_LOCK:
                return posix_futex_lock(p, f->va, &f->key, FUTEX_LOCK_NOW);
        default:
                return posix_futex_lock(p, f->va, &f->key,
                                        operation == LOCK || f->date ? FUTEX_LOCK_DATE : FUTEX_LOCK_TIME);
        }
}

static long operate(struct process *p, struct futex_call *f, unsigned operation)
{
        switch (operation) {
        case WAIT:
                return wait(p, f, false, FUTEX_ANY);
        case WAIT_BITSET:
                return wait(p, f, true, f->third);
        case REQUEUE:
        case CMP_REQUEUE:
                return requeue(p, f, operation == CMP_REQUEUE);
        case WAKE_OP:
                return wake_op(p, f);
        case WAKE:
                return futex_wake(&f->key, (int)f->value, FUTEX_ANY);
        default:
                return f->third ? futex_wake(&f->key, (int)f->value, f->third) : -SOS_EINVAL;
        }
}

long posix_futex(struct process *p)
{
        const seL4_Word *a = p->call.argument;
        unsigned operation = (unsigned)a[1] & ~(unsigned)(PRIVATE | CLOCK_REALTIME);
        bool two = operation == REQUEUE || operation == CMP_REQUEUE || operation == WAKE_OP;
        struct futex_call f = {.va = a[0],
                               .other = a[4],
                               .value = (uint32_t)a[2],
                               .third = (uint32_t)a[5],
                               .own = a[1] & PRIVATE,
                               .date = a[1] & CLOCK_REALTIME};
        long error;

        if ((!is_known(operation) && !is_lock(operation)) ||
            (f.date && operation != WAIT_BITSET && operation != WAIT && operation != LOCK_BY_CLOCK))
                return -SOS_ENOSYS;
        error = keys(p, &f, two);
        if (error)
                return error;
        return is_lock(operation) ? operate_lock(p, &f, operation) : operate(p, &f, operation);
}

enum { ROBUST_BYTES = 24 };

long posix_set_robust_list(struct process *p)
{
        if (p->call.argument[1] != ROBUST_BYTES)
                return -SOS_EINVAL;
        p->end.robust = p->call.argument[0];
        return 0;
}

long posix_get_robust_list(struct process *p)
{
        int tid = (int)p->call.argument[0];
        const struct process *t = tid ? thread_find(tid) : p;
        seL4_Word bytes = ROBUST_BYTES;

        if (!t)
                return -SOS_ESRCH;
        if (!user_may_look(p, t, CAPABLE_TRACE))
                return -SOS_EPERM;
        return space_write(p->space, p->call.argument[1], &t->end.robust, sizeof(t->end.robust)) &&
                               space_write(p->space, p->call.argument[2], &bytes, sizeof(bytes))
                       ? 0
                       : -SOS_EFAULT;
}
