/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory model of AArch64 as a machine: memory is one (a write is seen by all others at once), and each thread begins its
 * instructions in order, across guessed branches, and lets them take effect in any order that the model does not forbid.
 *
 * What must wait for what is the model's "ordered before" (Arm ARM B2.3): dependencies (dob), atomics (aob), barriers (bob), and order
 * at one location.  The rules are in `waits_for`, each with its name there.
 */
#include "state.h"

#include <string.h>

static const struct instruction *at(const struct program *p, const struct state *s, unsigned t, unsigned i)
{
        return &p->code[t][s->thread[t].at[i].pc];
}

static bool is_memory(const struct instruction *n)
{
        return n->op == LOAD || n->op == STORE;
}

static bool is_wait(const struct instruction *n)
{
        return n->op == WAIT_INTERRUPT || n->op == WAIT_EVENT;
}

static uint8_t kind(const struct instruction *n)
{
        return n->op == LOAD ? READS : n->op == STORE ? WRITES : EFFECTS;
}

/* The value of a register before instruction `i` of those begun; false: it is not known yet. */
static bool value_of(const struct program *p, const struct state *s, unsigned t, unsigned i, uint8_t reg,
                     uint8_t *value)
{
        if (reg == NO_REGISTER) {
                *value = 0;
                return true;
        }
        while (i-- > 0) {
                const struct instruction *n = at(p, s, t, i);
                if (n->op == LOAD && n->reg == reg) {
                        *value = s->thread[t].at[i].value;
                        return s->thread[t].at[i].done;
                }
        }
        *value = s->thread[t].reg[reg];
        return true;
}

static bool data_of(const struct program *p, const struct state *s, unsigned t, unsigned i, uint8_t *value)
{
        const struct instruction *n = at(p, s, t, i);

        if (!value_of(p, s, t, i, n->reg, value))
                return false;
        *value = (uint8_t)(n->how == '+'           ? *value + n->constant
                           : n->how == '|'         ? *value | n->constant
                           : n->how == '&'         ? *value & ~n->constant
                           : n->reg == NO_REGISTER ? n->constant
                                                   : *value);
        return true;
}

static bool address_known(const struct program *p, const struct state *s, unsigned t, unsigned i)
{
        uint8_t value;

        return value_of(p, s, t, i, at(p, s, t, i)->address, &value);
}

/* Access `b` waits for the access `a` before it, which has had no effect yet, because of what the two are. */
static bool access_waits(const struct instruction *a, const struct instruction *b, bool early)
{
        bool same = a->location == b->location;

        if (a->op == LOAD && a->acquire)
                return true; /* bob: [A|Q]; po */
        if (b->op == STORE && b->release)
                return true; /* bob: po; [L] */
        if (a->op == STORE && a->release && b->op == LOAD && b->acquire && !b->weak)
                return true; /* bob: [L]; po; [A] */
        if (a->exclusive && b->exclusive)
                return true; /* a pair ends before the next one; aob: rmw */
        if (b->op == STORE)
                return same; /* CoRW, CoWW */
        return same && a->op == LOAD && (!early || b->exclusive);
}

static bool waits_for(const struct program *p, const struct state *s, unsigned t, unsigned k, unsigned i,
                      bool early)
{
        const struct instruction *a = at(p, s, t, k), *b = at(p, s, t, i);

        if (is_memory(a) && b->op == STORE && !address_known(p, s, t, k))
                return true; /* dob: addr; po; [W] */
        if (s->thread[t].at[k].done)
                return false;
        if (a->op == FENCE)
                return a->after & kind(b); /* bob */
        if (a->op == ISB)
                return b->op == LOAD; /* dob: ctrl; [ISB]; po; [R] */
        if (a->op == BRANCH)
                return b->op != LOAD; /* dob: ctrl; [W] */
        if (is_wait(a))
                return true; /* what the architecture's own examples of waiting rely on (Arm ARM K14.3, spin locks with WFE) */
        return is_memory(a) && is_memory(b) && access_waits(a, b, early);
}

/* The latest store before load `i` to its location that is not in memory yet; -1: none. */
static int pending_store(const struct program *p, const struct state *s, unsigned t, unsigned i)
{
        uint8_t location = at(p, s, t, i)->location;

        for (int k = (int)i - 1; k >= 0; k--) {
                const struct instruction *n = at(p, s, t, (unsigned)k);
                if (n->op == STORE && n->location == location && !s->thread[t].at[k].done)
                        return k;
        }
        return -1;
}

/* A load after this one has read an older value than memory has now. */
static bool overtaken(const struct program *p, const struct state *s, unsigned t, unsigned i)
{
        const struct thread_state *th = &s->thread[t];

        for (unsigned k = i + 1; k < th->count; k++) {
                const struct instruction *n = at(p, s, t, k);
                if (n->op == LOAD && n->location == at(p, s, t, i)->location && th->at[k].done &&
                    th->at[k].stale)
                        return true;
        }
        return false;
}

static bool load_may(const struct program *p, const struct state *s, unsigned t, unsigned i)
{
        const struct instruction *n = at(p, s, t, i);
        int from = pending_store(p, s, t, i);
        uint8_t value;

        if (from < 0)
                return !(n->exclusive && s->locked[n->location]) && !overtaken(p, s, t, i);
        /* aob: [range(rmw)]; rfi; [A|Q] */
        if (n->exclusive || n->watch || (n->acquire && at(p, s, t, (unsigned)from)->exclusive))
                return false;
        /* dob: (addr | data); rfi */
        return address_known(p, s, t, (unsigned)from) && data_of(p, s, t, (unsigned)from, &value);
}

static bool store_may(const struct program *p, const struct state *s, unsigned t, unsigned i)
{
        uint8_t owner = s->locked[at(p, s, t, i)->location], value;

        return (owner == 0 || owner == t + 1) && data_of(p, s, t, i, &value);
}

bool step_may(const struct program *p, const struct state *s, unsigned t, unsigned i, bool early)
{
        const struct instruction *n = at(p, s, t, i);

        if (s->thread[t].at[i].done || n->op == FENCE || n->op == ISB || n->op == BRANCH)
                return false;
        if (!address_known(p, s, t, i))
                return false;
        for (unsigned k = 0; k < i; k++) {
                if (waits_for(p, s, t, k, i, early))
                        return false;
        }
        if (n->op == LOAD)
                return load_may(p, s, t, i);
        if (n->op == STORE)
                return store_may(p, s, t, i);
        if (n->op == WAIT_INTERRUPT)
                return s->memory[n->location];
        return n->op != WAIT_EVENT || s->thread[t].event;
}

static void do_load(const struct program *p, struct state *s, unsigned t, unsigned i)
{
        const struct instruction *n = at(p, s, t, i);
        struct instance *x = &s->thread[t].at[i];
        int from = pending_store(p, s, t, i);

        if (from >= 0)
                data_of(p, s, t, (unsigned)from, &x->value);
        else
                x->value = s->memory[n->location];
        if (n->exclusive)
                s->locked[n->location] = (uint8_t)(t + 1);
        if (n->watch)
                s->thread[t].watched = (uint8_t)(n->location + 1);
}

/* Another thread has written `location`. */
static void hear(const struct program *p, struct state *s, unsigned t, uint8_t location)
{
        struct thread_state *th = &s->thread[t];

        if (th->watched == location + 1) {
                th->watched = 0;
                th->event = 1;
        }
        for (unsigned i = 0; i < th->count; i++) {
                const struct instruction *n = at(p, s, t, i);
                if (n->op == LOAD && n->location == location && th->at[i].done &&
                    pending_store(p, s, t, i) < 0)
                        th->at[i].stale = 1;
        }
}

static void do_store(const struct program *p, struct state *s, unsigned t, unsigned i)
{
        const struct instruction *n = at(p, s, t, i);

        data_of(p, s, t, i, &s->memory[n->location]);
        if (n->exclusive)
                s->locked[n->location] = 0;
        for (unsigned other = 0; other < p->threads; other++) {
                if (other != t)
                        hear(p, s, other, n->location);
        }
}

void step_do(const struct program *p, struct state *s, unsigned t, unsigned i)
{
        const struct instruction *n = at(p, s, t, i);

        if (n->op == LOAD)
                do_load(p, s, t, i);
        else if (n->op == STORE)
                do_store(p, s, t, i);
        else if (n->op == RING)
                s->memory[n->location] = 1;
        else if (n->op == WAIT_EVENT)
                s->thread[t].event = 0;
        for (unsigned other = 0; n->op == SEND_EVENT && other < p->threads; other++)
                s->thread[other].event = 1;
        s->thread[t].at[i].done = 1;
}

/* --- what is decided inside a thread */

static void drop_behind(const struct program *p, struct state *s, unsigned t, unsigned i)
{
        struct thread_state *th = &s->thread[t];

        for (unsigned k = i + 1; k < th->count; k++) {
                const struct instruction *n = at(p, s, t, k);
                if (n->op == LOAD && n->exclusive && th->at[k].done)
                        s->locked[n->location] = 0;
        }
        memset(&th->at[i + 1], 0, (th->count - i - 1) * sizeof(th->at[0]));
        th->count = (uint8_t)(i + 1);
}

static bool branch_way(const struct program *p, const struct state *s, unsigned t, unsigned i,
                       const struct instruction *n, bool *taken)
{
        uint8_t a, b;

        if (!value_of(p, s, t, i, n->reg, &a) || !value_of(p, s, t, i, n->other, &b))
                return false;
        if (n->how == '1' || n->how == '0')
                *taken = !(a & n->constant) == (n->how == '0');
        else
                *taken = (a == (n->other == NO_REGISTER ? n->constant : b)) == (n->how == '=');
        return true;
}

static bool resolve(const struct program *p, struct state *s, unsigned t, unsigned i)
{
        const struct instruction *n = at(p, s, t, i);
        struct instance *x = &s->thread[t].at[i];
        bool taken;

        if (!branch_way(p, s, t, i, n, &taken))
                return false;
        x->done = 1;
        if (x->value != taken) {
                drop_behind(p, s, t, i);
                s->thread[t].pc = taken ? n->target : (uint8_t)(x->pc + 1);
        }
        x->value = 0;
        return true;
}

/* A fence is over when what it waits for is; an ISB when all branches before it are decided. */
static bool is_over(const struct program *p, const struct state *s, unsigned t, unsigned i)
{
        const struct instruction *n = at(p, s, t, i);

        for (unsigned k = 0; k < i; k++) {
                const struct instruction *a = at(p, s, t, k);
                bool counts = n->op == FENCE ? is_memory(a) && (n->before & kind(a)) : a->op == BRANCH;
                if (!s->thread[t].at[k].done && counts)
                        return false;
                if (n->op == ISB && is_memory(a) && !address_known(p, s, t, k))
                        return false;
        }
        return true;
}

static bool settle_one(const struct program *p, struct state *s, unsigned t, unsigned i)
{
        const struct instruction *n = at(p, s, t, i);

        if (s->thread[t].at[i].done)
                return false;
        if (n->op == BRANCH)
                return resolve(p, s, t, i);
        if ((n->op != FENCE && n->op != ISB) || !is_over(p, s, t, i))
                return false;
        s->thread[t].at[i].done = 1;
        return true;
}

/* Instructions that are done and have nothing before them end.  Registers that nobody will read are 0, so that states which differ only
 * in those are one. */
static void retire(const struct program *p, struct state *s, unsigned t)
{
        struct thread_state *th = &s->thread[t];

        while (th->count && th->at[0].done) {
                const struct instruction *n = at(p, s, t, 0);
                if (n->op == LOAD)
                        th->reg[n->reg] = th->at[0].value;
                memmove(&th->at[0], &th->at[1], sizeof(th->at) - sizeof(th->at[0]));
                memset(&th->at[WINDOW - 1], 0, sizeof(th->at[0]));
                th->count--;
        }
        for (unsigned r = 0; r < REGISTERS; r++) {
                if (!(p->live[t][th->count ? th->at[0].pc : th->pc] >> r & 1))
                        th->reg[r] = 0;
        }
}

static void begin(struct thread_state *th, uint8_t next, uint8_t value)
{
        th->at[th->count++] = (struct instance){.pc = th->pc, .value = value};
        th->pc = next;
}

static unsigned guesses(const struct program *p, const struct state *s, unsigned t)
{
        unsigned n = 0;

        for (unsigned i = 0; i < s->thread[t].count; i++)
                n += at(p, s, t, i)->op == BRANCH && !s->thread[t].at[i].done;
        return n;
}

/* Begins what can begin; true: the next is a branch to guess. */
static bool fetch(const struct program *p, struct state *s, unsigned t)
{
        struct thread_state *th = &s->thread[t];

        while (th->count < WINDOW && th->pc < p->length[t]) {
                const struct instruction *n = &p->code[t][th->pc];
                bool taken;
                if (n->op == JUMP)
                        th->pc = n->target;
                else if (n->op != BRANCH)
                        begin(th, (uint8_t)(th->pc + 1), 0);
                else if (branch_way(p, s, t, th->count, n, &taken))
                        th->pc = taken ? n->target : (uint8_t)(th->pc + 1);
                else
                        return guesses(p, s, t) < GUESSES;
        }
        return false;
}

unsigned step_settle(const struct program *p, struct state *s)
{
        for (unsigned t = 0; t < p->threads; t++) {
                bool guess;
                for (bool again = true; again;) {
                        again = false;
                        for (unsigned i = 0; i < s->thread[t].count; i++)
                                again |= settle_one(p, s, t, i);
                        retire(p, s, t);
                        uint8_t count = s->thread[t].count;
                        guess = fetch(p, s, t);
                        again |= s->thread[t].count != count;
                }
                if (guess)
                        return t;
        }
        return THREADS;
}

void step_guess(const struct program *p, struct state *s, unsigned t, bool taken)
{
        struct thread_state *th = &s->thread[t];

        begin(th, taken ? p->code[t][th->pc].target : (uint8_t)(th->pc + 1), taken);
}

bool step_is_end(const struct program *p, const struct state *s)
{
        for (unsigned t = 0; t < p->threads; t++) {
                if (s->thread[t].pc < p->length[t] || s->thread[t].count)
                        return false;
        }
        return true;
}
