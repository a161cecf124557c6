/* SPDX-License-Identifier: BSD-2-Clause */
/* Every state that a litmus test can reach, once each; and whether from each of them the end can be reached, so that a thread that
 * waits for ever, in a loop or asleep, is found without a bound on how long it waits (all threads continue, none is favoured for ever).
 *
 * A state is recognised by 128 bits of its hash: with 10^7 states two of them are taken for one with a probability of 10^-25.
 */
#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct known {
        uint64_t high, low;
        uint32_t number; /* 1 + which */
};

struct edge {
        uint32_t from, to;
};

static struct {
        struct known *known;
        uint64_t capacity, states;
        struct edge *edge;
        uint64_t edges, edges_max;
        struct state *todo; /* with the number of each */
        uint32_t *todo_number;
        uint64_t todo_count, todo_max;
        uint8_t *end; /* by number: an end; later: the end can be reached */
        uint64_t end_max;
} all;

static void *grown(void *old, uint64_t count, size_t size)
{
        void *p = realloc(old, count * size);

        if (!p) {
                fprintf(stderr, "litmus: out of memory for %lu entries\n", (unsigned long)count);
                exit(2);
        }
        return p;
}

static uint64_t mix(uint64_t h, uint64_t word)
{
        h = (h ^ word) * 0x9e3779b97f4a7c15;
        return h ^ h >> 29;
}

static struct known hash(const struct state *s)
{
        struct known k = {.high = 1, .low = 2};
        uint64_t word = 0;

        for (unsigned i = 0; i < sizeof(*s); i += 8) {
                memcpy(&word, (const char *)s + i, sizeof(*s) - i < 8 ? sizeof(*s) - i : 8);
                k.high = mix(k.high, word);
                k.low = mix(k.low + 0x632be59bd9b4e019, word ^ k.high >> 32);
        }
        return k;
}

/* Where `k` is, or would be. */
static struct known *find(const struct known *k)
{
        for (uint64_t i = k->low;; i++) {
                struct known *at = &all.known[i & (all.capacity - 1)];
                if (!at->number || (at->high == k->high && at->low == k->low))
                        return at;
        }
}

static void double_known(void)
{
        struct known *old = all.known;
        uint64_t count = all.capacity;

        all.capacity *= 2;
        all.known = calloc(all.capacity, sizeof(*all.known));
        if (!all.known)
                grown(NULL, ~0ull >> 8, 1);
        for (uint64_t i = 0; i < count; i++) {
                if (old[i].number)
                        *find(&old[i]) = old[i];
        }
        free(old);
}

static void push(const struct state *s, uint32_t number)
{
        if (all.todo_count == all.todo_max) {
                all.todo_max = all.todo_max * 2 + 1024;
                all.todo = grown(all.todo, all.todo_max, sizeof(*all.todo));
                all.todo_number = grown(all.todo_number, all.todo_max, sizeof(*all.todo_number));
        }
        all.todo[all.todo_count] = *s;
        all.todo_number[all.todo_count++] = number;
}

static void add_edge(uint32_t from, uint32_t to)
{
        if (all.edges == all.edges_max) {
                all.edges_max = all.edges_max * 2 + 1024;
                all.edge = grown(all.edge, all.edges_max, sizeof(*all.edge));
        }
        all.edge[all.edges++] = (struct edge){from, to};
}

static bool holds(const struct clause *c, const struct state *s)
{
        for (unsigned i = 0; i < c->atoms; i++) {
                const struct atom *a = &c->atom[i];
                uint8_t value =
                        a->thread == THREADS ? s->memory[a->index] : s->thread[a->thread].reg[a->index];
                if ((value == a->value) != a->equal)
                        return false;
        }
        return true;
}

static uint8_t see_end(struct program *p, const struct state *s)
{
        if (!step_is_end(p, s))
                return 0;
        for (unsigned i = 0; i < p->clauses; i++)
                p->clause[i].seen |= holds(&p->clause[i], s);
        return 1;
}

static void reached(struct program *p, const struct state *s, uint32_t from)
{
        struct known k = hash(s), *at;

        if (all.states * 2 >= all.capacity)
                double_known();
        at = find(&k);
        if (!at->number) {
                k.number = (uint32_t)++all.states;
                *at = k;
                if (all.states >= all.end_max) {
                        all.end_max = all.end_max * 2 + 1024;
                        all.end = grown(all.end, all.end_max, 1);
                }
                all.end[k.number] = see_end(p, s);
                push(s, k.number);
        }
        if (from)
                add_edge(from, at->number);
}

/* `s` after a step of state `from`: in all ways to guess its pending branches. */
static void settle(struct program *p, struct state *s, uint32_t from)
{
        unsigned t = step_settle(p, s);
        struct state other;

        if (t == THREADS) {
                reached(p, s, from);
                return;
        }
        other = *s;
        step_guess(p, &other, t, true);
        settle(p, &other, from);
        step_guess(p, s, t, false);
        settle(p, s, from);
}

static void expand(struct program *p, const struct state *s, uint32_t number, bool early)
{
        for (unsigned t = 0; t < p->threads; t++) {
                for (unsigned i = 0; i < s->thread[t].count; i++) {
                        if (!step_may(p, s, t, i, early))
                                continue;
                        struct state next = *s;
                        step_do(p, &next, t, i);
                        settle(p, &next, number);
                }
        }
}

/* The edges by where they lead: those to `n` come from from[first[n]] up to from[first[n + 1]]. */
static void sort_edges(uint32_t *first, uint32_t *from)
{
        for (uint64_t i = 0; i < all.edges; i++)
                first[all.edge[i].to]++;
        for (uint64_t n = 1; n <= all.states; n++)
                first[n] += first[n - 1];
        first[all.states + 1] = (uint32_t)all.edges;
        for (uint64_t i = 0; i < all.edges; i++)
                from[--first[all.edge[i].to]] = all.edge[i].from;
}

/* From every state the end can be reached: backwards from the ends. */
static bool all_can_end(void)
{
        uint32_t *first = calloc(all.states + 2, sizeof(*first)),
                 *from = grown(NULL, all.edges + 1, sizeof(*from));
        uint32_t *list = grown(NULL, all.states + 1, sizeof(*list));
        uint64_t count = 0;

        sort_edges(first, from);
        for (uint32_t n = 1; n <= all.states; n++) {
                if (all.end[n])
                        list[count++] = n;
        }
        for (uint64_t i = 0; i < count; i++) {
                for (uint32_t e = first[list[i]]; e < first[list[i] + 1]; e++) {
                        if (!all.end[from[e]]) {
                                all.end[from[e]] = 1;
                                list[count++] = from[e];
                        }
                }
        }
        free(first), free(from), free(list);
        return count == all.states;
}

uint64_t explore(struct program *p, bool early, bool *stuck)
{
        struct state s = {0};

        all.capacity = 1 << 12;
        all.known = calloc(all.capacity, sizeof(*all.known));
        all.states = all.edges = 0;
        memcpy(s.memory, p->initial, sizeof(s.memory));
        settle(p, &s, 0);
        while (all.todo_count) {
                s = all.todo[--all.todo_count];
                expand(p, &s, all.todo_number[all.todo_count], early);
        }
        *stuck = !early && !all_can_end();
        free(all.known);
        return all.states;
}
