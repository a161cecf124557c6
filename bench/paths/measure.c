/* SPDX-License-Identifier: BSD-2-Clause */
/* See bench.h: collecting readings. */
#include "bench.h"

enum { ENABLE = 1, RESET_CYCLES = 1 << 2, MOST = 4 * ROUNDS };
static const word CYCLE_COUNTER = 1ul << 31;

static word samples[MOST], n_samples;
static word from[MOST], n_from, to[MOST], n_to;
static word readings; /* what two readings cost */

void counting(void)
{
        word two[2];

        if (on_counting)
                on_counting();
        __asm__ volatile("msr pmcr_el0, %0\n\tmsr pmcntenset_el0, %1\n\tisb"
                         :
                         : "r"((word)(ENABLE | RESET_CYCLES)), "r"(CYCLE_COUNTER));
        read_twice(two);
        readings = two[1] - two[0];
        n_samples = n_from = n_to = 0;
}

static void add(word *list, word *n, word value)
{
        CHECK(*n < MOST);
        list[(*n)++] = value;
}

void sample(word instructions)
{
        add(samples, &n_samples, instructions);
}

void begun(word reading)
{
        add(from, &n_from, reading);
}

void ended(word reading)
{
        add(to, &n_to, reading);
}

/* Each end belongs to the last beginning before it, if there is no other end between them. */
static void pair(void)
{
        word i = 0;

        for (word j = 0; j < n_to; j++) {
                while (i + 1 < n_from && from[i + 1] < to[j])
                        i++;
                if (i < n_from && from[i] < to[j] && (!j || to[j - 1] < from[i]))
                        sample(to[j] - from[i] - readings);
        }
        n_from = n_to = 0;
}

static void sort(word *list, word n)
{
        for (word i = 1; i < n; i++) {
                for (word j = i; j && list[j - 1] > list[j]; j--) {
                        word swap = list[j];

                        list[j] = list[j - 1];
                        list[j - 1] = swap;
                }
        }
}

void value(const char *name, word number)
{
        say("value %s %lu\n", name, number);
}

void cost(const char *name, word divisor)
{
        word warm, n;

        if (n_from)
                pair();
        CHECK(n_samples);
        warm = n_samples > 2 * WARM ? WARM : n_samples > 1;
        n = n_samples - warm;
        sort(samples + warm, n);
        __asm__ volatile("movz xzr, #1");
        say("cost %s %lu %lu\n", name, samples[warm + n / 2], divisor);
        n_samples = 0;
}

void make_call(const struct call *c)
{
        word regs[REGISTERS] = {c->x0, c->info, 1, 2, 3, 4, c->x6, (word)c->number, c->x8}, reading[2];

        c->how(regs, reading);
        if (c->how == raw_begin || c->how == raw_both)
                begun(reading[0]);
        if (c->how == raw_end || c->how == raw_both)
                ended(reading[1]);
}
