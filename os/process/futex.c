/* SPDX-License-Identifier: BSD-2-Clause */
/* See futex.h. */
#include "os/process/futex.h"
#include "base/text.h"
#include "os/core/pace.h"
#include "os/memory/swap.h"

enum { BUCKETS = 512, ROBUST_PIECE = 32, ROBUST_MAX = 2048 };

static struct wait_queue buckets[BUCKETS];

static struct wait_queue *bucket(const struct futex_key *key)
{
        uint64_t mixed = ((uintptr_t)key->object + key->place) * 0x9e3779b97f4a7c15ull;

        return &buckets[mixed >> 32 & (BUCKETS - 1)];
}

bool futex_key(struct process *p, seL4_Word va, bool own, struct futex_key *key)
{
        const struct region *r = own ? NULL : space_find(p->space, va);

        *key = (struct futex_key){p->space, va};
        if (r && r->kind == REGION_SHARED)
                *key = (struct futex_key){r->share, va - r->file_start};
        if (r && r->kind == REGION_MAPPED)
                *key = (struct futex_key){r->node, r->file_offset + (va - r->file_start)};
        return own || r;
}

void futex_wait_at(struct process *p, const struct futex_key *key, uint32_t bits)
{
        p->call.futex.key = *key;
        p->call.futex.bits = bits;
        wait_at(&p->call.waiter, bucket(key));
}

void futex_wait_lock(struct process *p, const struct futex_key *key, struct process *owner)
{
        p->call.futex.owner = owner->pid;
        owner->end.awaited = true;
        futex_wait_at(p, key, FUTEX_ANY);
}

static bool waits_for(struct waiter *w, const struct futex_key *key, uint32_t bits)
{
        const struct call *c = &process_of_waiter(w)->call;

        return c->futex.key.object == key->object && c->futex.key.place == key->place && c->futex.bits & bits;
}

/* --- several words --- */

static struct many {
        struct process *waiter;
        unsigned count;
        struct futex_key key[FUTEX_WORDS_MAX];
} many[FUTEX_MANY];
static unsigned many_end; /* behind the last record that was ever used */

/* Does that thread's call still wait with it? */
static bool still_waits(const struct many *m)
{
        return m->waiter && m->waiter->state == PROCESS_WAITING && !m->waiter->call.faulting &&
               !m->waiter->call.futex.woken && m->waiter->call.futex.many == m - many + 1;
}

bool futex_wait_many(struct process *p, const struct futex_key *keys, unsigned count)
{
        struct many *m = many;

        if (p->call.futex.many)
                return true;
        while (m < many + many_end && still_waits(m))
                m++;
        if (m == many + FUTEX_MANY)
                return false;
        many_end += m == many + many_end;
        m->waiter = p;
        m->count = count;
        memcpy(m->key, keys, count * sizeof(*keys));
        p->call.futex.many = (uint8_t)(m - many + 1);
        return true;
}

/* The next word with that key, from *at on; NULL: there is none. */
static struct many *next_many(const struct futex_key *key, struct many *m, unsigned *at)
{
        for (; m < many + many_end; m++, *at = 0) {
                if (!still_waits(m))
                        continue;
                for (; *at < m->count; ++*at) {
                        if (m->key[*at].object == key->object && m->key[*at].place == key->place)
                                return m;
                }
        }
        return NULL;
}

static long wake_many(const struct futex_key *key, long most)
{
        unsigned at = 0;
        long count = 0;

        for (struct many *m = many; count < most && (m = next_many(key, m, &at)); count++) {
                m->waiter->call.futex.woken = true;
                m->waiter->call.futex.which = (uint8_t)at;
                wait_ring(&m->waiter->call.waiter);
        }
        return count;
}

static long move_many(const struct futex_key *from, const struct futex_key *to, long most)
{
        unsigned at = 0;
        long count = 0;

        for (struct many *m = many; count < most && (m = next_many(from, m, &at)); count++, at++)
                m->key[at] = *to;
        return count;
}

long futex_wake(const struct futex_key *key, long most, uint32_t bits)
{
        struct wait_queue *q = bucket(key);
        struct waiter *w = wait_first(q), *behind;
        long count = 0;

        for (; w && (count == 0 || count < most); w = behind) {
                behind = wait_behind(w, q);
                if (!waits_for(w, key, bits))
                        continue;
                process_of_waiter(w)->call.futex.woken = true;
                wait_ring(w);
                count++;
        }
        if (!count && most < 1)
                most = 1;
        return count + wake_many(key, most - count);
}

long futex_move(const struct futex_key *from, const struct futex_key *to, long most)
{
        struct wait_queue *q = bucket(from);
        struct waiter *w = wait_first(q), *behind, *last = wait_last(q);
        long count = 0;

        for (; w && count < most; w = behind) {
                behind = w == last
                                 ? NULL
                                 : wait_behind(w, q); /* those that are moved may come behind the last one */
                if (!waits_for(w, from, FUTEX_ANY))
                        continue;
                wait_leave(w);
                futex_wait_at(process_of_waiter(w), to, process_of_waiter(w)->call.futex.bits);
                count++;
        }
        return count + move_many(from, to, most - count);
}

int futex_hand_over(const struct futex_key *key)
{
        struct wait_queue *q = bucket(key);
        struct process *next = NULL;

        for (struct waiter *w = wait_first(q), *behind; w; w = behind) {
                struct process *p = process_of_waiter(w);

                behind = wait_behind(w, q);
                if (!p->call.futex.owner || !waits_for(w, key, FUTEX_ANY))
                        continue;
                if (next) {
                        p->call.futex.owner = next->pid;
                        next->end.awaited = true;
                } else {
                        next = p;
                        p->call.whole = true; /* it has the lock, whatever comes before it looks */
                        wait_ring(w);
                }
        }
        return next ? next->pid : 0;
}

/* --- the end of a thread --- */

/* The lock of a thread that has ended is marked as having no owner. */
static bool release(struct process *t, seL4_Word va, bool pending)
{
        struct futex_key key;
        uint32_t *word, old;
        void *data;

        if (va % sizeof(*word))
                return true;
        if (space_touch(t->space, va, SPACE_WRITE, &data) != SPACE_OK)
                return !swap_awaited();
        word = data;
        old = __atomic_load_n(word, __ATOMIC_RELAXED);
        if (!old && pending && futex_key(t, va, false, &key))
                futex_wake(&key, 1, FUTEX_ANY);
        do {
                if ((old & FUTEX_OWNER) != (uint32_t)t->pid)
                        return true;
        } while (!__atomic_compare_exchange_n(word, &old, (old & FUTEX_WAITERS) | FUTEX_OWNER_DIED, false,
                                              __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
        if (old & FUTEX_WAITERS && futex_key(t, va, false, &key))
                futex_wake(&key, 1, FUTEX_ANY);
        return true;
}

/* The list that the program keeps: its head is the first entry, how far behind an entry its word lies, and an entry that was
 * just being entered or left. */
struct robust_head {
        seL4_Word first;
        int64_t offset;
        seL4_Word pending;
};

/* One entry; false when a page must come first.  What cannot be read is the end of the list. */
static bool release_next(struct process *t, const struct robust_head *head)
{
        seL4_Word entry = t->end.robust_at, next;

        if (!space_read(t->space, entry & ~1ul, &next, sizeof(next))) {
                if (swap_awaited())
                        return false;
                next = t->end.robust;
        }
        if (entry != head->pending && !release(t, (entry & ~1ul) + (seL4_Word)head->offset, false))
                return false;
        t->end.robust_at = ++t->end.robust_count < ROBUST_MAX ? next : t->end.robust;
        return true;
}

static bool release_some(struct process *t)
{
        struct robust_head head;

        if (!space_read(t->space, t->end.robust, &head, sizeof(head)))
                return !swap_awaited();
        if (!t->end.robust_at)
                t->end.robust_at = head.first;
        for (unsigned i = 0; t->end.robust_at != t->end.robust; i++) {
                if (i == ROBUST_PIECE || (i && pace_is_over()) || !release_next(t, &head))
                        return false;
        }
        return !head.pending || release(t, (head.pending & ~1ul) + (seL4_Word)head.offset, true);
}

/* The lock that `w` waits for, and which the thread that ends has, goes to the first of those who wait.  False: its page must come
 * first. */
static bool pass_on(const struct process *t, struct process *w)
{
        const struct call *c = &w->call;
        uint32_t *word, old;
        void *data;

        if (space_touch(w->space, c->argument[0], SPACE_WRITE, &data) != SPACE_OK) {
                if (swap_awaited())
                        return false;
                wait_ring(&w->call.waiter); /* it will see for itself */
                return true;
        }
        word = data;
        old = __atomic_load_n(word, __ATOMIC_RELAXED);
        if ((old & FUTEX_OWNER) != (uint32_t)t->pid)
                wait_ring(&w->call.waiter);
        else
                __atomic_store_n(word,
                                 (uint32_t)futex_hand_over(&c->futex.key) | FUTEX_WAITERS | FUTEX_OWNER_DIED,
                                 __ATOMIC_SEQ_CST);
        return true;
}

/* Locks that others wait for, which it need not have in its list. */
static bool pass_locks_on(struct process *t)
{
        for (unsigned i = 0; t->end.awaited && i < BUCKETS; i++) {
                struct waiter *w = wait_first(&buckets[i]), *behind;

                for (; w; w = behind) {
                        struct process *p = process_of_waiter(w);

                        behind = wait_behind(w, &buckets[i]);
                        if (p->call.futex.owner != t->pid)
                                continue;
                        if (!pass_on(t, p) || pace_is_over())
                                return false;
                        behind = wait_first(&buckets[i]); /* it and others may have left */
                }
        }
        t->end.awaited = false;
        return true;
}

/* Who waits for its end hears of it; false: a page must come first. */
static bool tell_end(struct process *t)
{
        static const uint32_t none;
        bool alone = t->leader->ring.threads == 1 && t->space && t->space->users == 1;
        struct futex_key key;

        if (!t->space || !t->end.clear_tid || alone)
                return true;
        if (!space_write(t->space, t->end.clear_tid, &none, sizeof(none)) && swap_awaited())
                return false;
        if (futex_key(t, t->end.clear_tid, false, &key))
                futex_wake(&key, 1, FUTEX_ANY);
        return true;
}

bool futex_thread_ends(struct process *t)
{
        swap_listen();
        if (t->space && t->end.robust && !release_some(t))
                return false;
        t->end.robust = t->end.robust_at = 0;
        t->end.robust_count = 0; /* the next program has a list of its own */
        if (!pass_locks_on(t) || !tell_end(t))
                return false;
        t->end.clear_tid = 0;
        return true;
}

bool futex_program_ends(struct process *t, struct space *old)
{
        struct space *own = t->space;
        bool all;

        t->space = old;
        all = futex_thread_ends(t);
        t->space = own;
        return all;
}
