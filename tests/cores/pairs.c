/* SPDX-License-Identifier: BSD-2-Clause */
/* Two operations at once, depth first (see explore.h).  A run is described by its switches: at which choice, to which core. */
#include "tests/cores/explore.h"
#include "tests/lib/test.h"

#include <string.h>

#include <stdio.h>

enum { SWITCHES = 3, CHOICES = 4000, ORDERS = 6, BOTH = 3, OF_ENTRIES = 2, MORE = 64 };

static struct {
        word count, at[SWITCHES], to[SWITCHES]; /* the switches of this run */
        word choices;                           /* so far */
        uint8_t able[CHOICES], last[CHOICES];   /* of this run */
} run;

static const struct world works = {work_make, work_ask, work_hold_server, work_digest, operation_name};
const struct world *explore_world = &works;

static word follow(word able, word last)
{
        word n = run.choices++;

        CHECK(n < CHOICES);
        run.able[n] = (uint8_t)able;
        run.last[n] = (uint8_t)last;
        for (word i = 0; i < run.count; i++) {
                if (run.at[i] == n && able >> run.to[i] & 1)
                        return run.to[i];
        }
        return able >> last & 1 ? last : (word)__builtin_ctzl(able);
}

static word result(enum operation first, enum operation second, word (*choice)(word able, word last))
{
        explore_world->make();
        run.choices = 0;
        explore_world->ask(0, first);
        explore_world->ask(1, second);
        machine_choice = choice;
        machine_run();
        machine_choice = NULL;
        machine_check();
        return explore_world->digest();
}

/* A call and its answer are two steps, or a receive and what is sent then.  All six orders of two and two: one operation is over before the
 * other one begins; or the second steps of both wait, and come in either order. */
static word in_order(enum operation first, enum operation second, word number)
{
        enum operation o[2] = {first, second};
        word who = number & 1, waiting = number >> 1;

        run.count = 0;
        explore_world->make();
        explore_world->hold(waiting ? BOTH : 0);
        explore_world->ask(who, o[who]);
        machine_run();
        explore_world->ask(!who, o[!who]);
        machine_run();
        if (waiting) {
                explore_world->hold(1u << (waiting == 1 ? who : !who));
                machine_run();
        }
        explore_world->hold(0);
        machine_run();
        machine_check();
        return explore_world->digest();
}

static bool is_one_of(word got, const word order[ORDERS])
{
        for (word i = 0; i < ORDERS; i++) {
                if (got == order[i])
                        return true;
        }
        return false;
}

static struct {
        enum operation operation[2];
        word order[ORDERS];     /* the allowed results */
        word more[MORE], known; /* and those that only other orders of whole entries give, so far */
        word tried, most, skip, seed;
} pair;

/* Each entry is over before the next one begins; which core begins one is chosen. */
static word follow_entries(word able, word last)
{
        if (machine_is_between())
                return follow(able, last);
        return able >> last & 1 ? last : (word)__builtin_ctzl(able);
}

/* Whole entries give this result with at most `bound` switches more. */
static bool entries_give(word got, word bound)
{
        uint8_t able[CHOICES], last[CHOICES];
        bool found = result(pair.operation[0], pair.operation[1], follow_entries) == got;
        word n = run.choices;

        memcpy(able, run.able, n);
        memcpy(last, run.last, n);
        for (word at = run.count ? run.at[run.count - 1] + 1 : 0; !found && bound > 0 && at < n; at++) {
                for (word to = 0; !found && to < MACHINE_CORES; to++) {
                        if (!(able[at] >> to & 1) || to == last[at])
                                continue;
                        run.at[run.count] = at;
                        run.to[run.count++] = to;
                        found = entries_give(got, bound - 1);
                        run.count--;
                }
        }
        return found;
}

/* An operation that is more than two steps, as time that passes is one on each core, has results that none of the six orders gives.  These
 * are looked for among the orders of whole entries. */
static bool is_of_entries(word got)
{
        static typeof(run) before;
        bool found = false;

        for (word i = 0; i < pair.known; i++) {
                if (pair.more[i] == got)
                        return true;
        }
        before = run;
        run.count = 0;
        for (word bound = 1; !found && bound <= OF_ENTRIES; bound++)
                found = entries_give(got, bound);
        run = before;
        if (found && pair.known < MORE)
                pair.more[pair.known++] = got;
        return found;
}

static void try(void)
{
        word got = result(pair.operation[0], pair.operation[1], follow);

        pair.tried++;
        if (is_one_of(got, pair.order) || is_of_entries(got))
                return;
        fprintf(stderr, "%s and %s at once, switches", explore_world->name[pair.operation[0]],
                explore_world->name[pair.operation[1]]);
        for (word i = 0; i < run.count; i++)
                fprintf(stderr, " %lu:%lu", run.at[i], run.to[i]);
        fprintf(stderr, "\n");
        CHECK(!"the result of one of the two orders");
}

/* One of `skip` is taken: which ones depends on the seed. */
static bool is_taken(void)
{
        pair.seed = pair.seed * 6364136223846793005 + 1442695040888963407;
        return (pair.seed >> 33) % pair.skip == 0;
}

/* All runs that extend the switches so far by one more. */
static void deepen(word bound)
{
        word n = run.choices, from = run.count ? run.at[run.count - 1] + 1 : 0;
        uint8_t able[CHOICES], last[CHOICES];

        memcpy(able, run.able, n);
        memcpy(last, run.last, n);
        for (word at = from; at < n && pair.tried < pair.most; at++) {
                for (word to = 0; to < MACHINE_CORES; to++) {
                        if (!(able[at] >> to & 1) || to == last[at])
                                continue;
                        if (run.count + 1 == bound && !is_taken())
                                continue;
                        run.at[run.count] = at;
                        run.to[run.count++] = to;
                        try();
                        if (run.count < bound)
                                deepen(bound);
                        run.count--;
                }
        }
}

word explore_pair(enum operation first, enum operation second, word bound, word most, word seed)
{
        CHECK(bound <= SWITCHES);
        pair.operation[0] = first;
        pair.operation[1] = second;
        for (word i = 0; i < ORDERS; i++)
                pair.order[i] = in_order(first, second, i);
        pair.known = pair.tried = 0;
        pair.most = most;
        pair.seed = seed;
        pair.skip = 1;
        run.count = 0;
        try();
        word runs = 1;
        for (word i = 0; i < bound; i++)
                runs = runs * 2 * run.choices / (i + 1);
        pair.skip = 1 + runs / most;
        if (bound > 0)
                deepen(bound);
        return pair.tried;
}

/* --- one core falls asleep at the door */

enum { INTO, BESIDE, OUT, END };
enum { FIRST = 1, SECOND = 2, THIRD = 3 }; /* cores of the callers, and of the subject */

static struct {
        word part, left; /* what is going on; choices that the second core still has */
} sleeper;

/* The `core` of a part goes on: the first one until that `is_in`; the next one for some steps; the last as far as it can; then anybody. */
static word in_parts(word able, word last, bool is_in, const word core[])
{
        if (sleeper.part == INTO && is_in)
                sleeper.part = BESIDE;
        if (sleeper.part == BESIDE && (!(able >> core[BESIDE] & 1) || sleeper.left-- == 0))
                sleeper.part = OUT;
        if (sleeper.part == OUT && !(able >> core[OUT] & 1))
                sleeper.part = END;
        if (sleeper.part == END)
                return able >> last & 1 ? last : (word)__builtin_ctzl(able);
        return core[sleeper.part];
}

/* The first caller comes in; the other one makes some steps towards the door, its sleep there, and the kernel; the first goes as far as it
 * can; then anybody. */
static word beside(word able, word last)
{
        static const word core[] = {[INTO] = FIRST, [BESIDE] = SECOND, [OUT] = FIRST};

        return in_parts(able, last, kernel.door.next != kernel.door.turn, core);
}

word explore_sleeper(enum operation first, enum operation second)
{
        word order[ORDERS], steps = 0;

        for (word i = 0; i < ORDERS; i++)
                order[i] = in_order(first, second, i);
        do {
                sleeper.part = INTO;
                sleeper.left = ++steps;
                CHECK(is_one_of(result(first, second, beside), order));
        } while (sleeper.left == ~(word)0);
        return steps;
}

/* --- a core is told again before it has come */

/* The first thread is made ready; its core makes some steps, the end of a period past the door among them; then the second one is. */
static word told_again(word able, word last)
{
        static const word core[] = {[INTO] = SECOND, [BESIDE] = FIRST, [OUT] = THIRD};

        return in_parts(able, last, !(able >> SECOND & 1), core);
}

word explore_told_again(void)
{
        word steps = 0;

        do {
                work_make();
                work_ask_late();
                sleeper.part = INTO;
                sleeper.left = ++steps;
                machine_choice = told_again;
                machine_run();
                machine_choice = NULL;
                machine_check();
                CHECK(work_late_runs());
        } while (sleeper.left == ~(word)0);
        return steps;
}

/* --- one waits while the other one is on its way */

/* The first caller makes some steps; the second one begins to wait, or goes as far as it can; then the same for the first. */
static word on_the_way(word able, word last)
{
        if (sleeper.part == INTO && sleeper.left-- == 0)
                sleeper.part = BESIDE;
        if (sleeper.part == BESIDE && (!(able >> SECOND & 1) || work_waits(SECOND - 1)))
                sleeper.part = OUT;
        if (sleeper.part != BESIDE && !(able >> FIRST & 1))
                sleeper.part = END;
        if (sleeper.part == END)
                return able >> last & 1 ? last : (word)__builtin_ctzl(able);
        return sleeper.part == BESIDE ? SECOND : FIRST;
}

word explore_waiting(enum operation first, enum operation second, word most)
{
        word order[ORDERS], steps = 0;

        for (word i = 0; i < ORDERS; i++)
                order[i] = in_order(first, second, i);
        while (steps < most) {
                sleeper.part = INTO;
                sleeper.left = steps++;
                CHECK(is_one_of(result(first, second, on_the_way), order));
        }
        return steps;
}
