/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel on several cores of the simulated machine: interleavings of pairs of operations, and random runs.
 *
 * Usage: cores                         a few of each, seconds
 *        cores pair FIRST SECOND [BOUND]   one pair, all its interleavings
 *        cores pairs BOUND MOST SEED   every pair
 *        cores guests BOUND MOST SEED  every pair of operations on virtual processors
 *        cores walk SEED STEPS
 */
#include "core/home.h"
#include "tests/cores/guests.h"
#include "tests/lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
        word bound, most, seed, stride, steps;
} size = {1, 60, 1, 23, 40000};

static word operation_of(const char *name)
{
        for (word i = 0; i < OPERATIONS; i++) {
                if (!strcmp(operation_name[i], name))
                        return i;
        }
        fprintf(stderr, "cores: no operation '%s'\n", name);
        exit(2);
}

static word number(const char *text)
{
        return strtoul(text, NULL, 0);
}

/* Nothing is bound, time is, the table is in its place, and the page is not where the second caller wants it. */
static bool is_refused(enum operation o, word me)
{
        return o == DO_UNBIND || o == DO_GIVE_TIME || o == DO_MAP_TABLE || (o == DO_MAP && me == 1);
}

/* Each operation alone comes to its end, and does what it is for. */
static void alone(void)
{
        for (word me = 0; me < CALLERS; me++) {
                for (word o = 0; o < OPERATIONS; o++) {
                        work_make();
                        work_ask(me, o);
                        machine_run();
                        machine_check();
                        CHECK(work_is_done(me));
                        CHECK((work_answer(me) != 0) == is_refused(o, me));
                }
        }
}

static void pairs(void)
{
        word tried = 0, n = 0;

        for (word pair = size.seed % size.stride; pair < OPERATIONS * OPERATIONS; pair += size.stride, n++)
                tried += explore_pair(pair / OPERATIONS, pair % OPERATIONS, size.bound, size.most,
                                      size.seed + pair);
        printf("     %lu pairs, %lu interleavings\n", n, tried);
}

/* With one switch more, fewer of each. */
static void pairs_deeper(void)
{
        size.bound++;
        size.most /= 3;
        size.seed += size.stride / 2;
        pairs();
}

/* Those that go past the door, and what touches the same from the other core: each place for a switch. */
static void pairs_past_the_door(void)
{
        static const enum operation pair[][2] = {{DO_NEAR_CALL, DO_NEAR_CALL},
                                                 {DO_NEAR_CALL, DO_FAR_CALL},
                                                 {DO_FAR_CALL, DO_NEAR_CALL},
                                                 {DO_NEAR_CALL, DO_STOP_NEAR},
                                                 {DO_STOP_NEAR, DO_NEAR_CALL},
                                                 {DO_YIELD, DO_STOP_NEAR},
                                                 {DO_FAR_POLL, DO_NEAR_POLL},
                                                 {DO_FAR_POLL, DO_NEAR_SIGNAL},
                                                 {DO_NEAR_SIGNAL, DO_FAR_POLL},
                                                 {DO_NEAR_RECV, DO_NEAR_RECV},
                                                 {DO_NEAR_RECV, DO_FAR_REPLY},
                                                 {DO_FAR_REPLY, DO_NEAR_RECV},
                                                 {DO_NEAR_RECV, DO_FAR_RECV},
                                                 {DO_FAR_RECV, DO_NEAR_RECV},
                                                 {DO_TIME, DO_NEAR_RECV},
                                                 {DO_TIME, DO_STOP_SLEEPER},
                                                 {DO_WAKE, DO_STOP_SLEEPER},
                                                 {DO_WAKE, DO_NEAR_CALL},
                                                 {DO_WAKE_TWO, DO_NEAR_CALL},
                                                 {DO_WAKE_TWO, DO_STOP_SLEEPER},
                                                 {DO_NEAR_SEND, DO_NEAR_SEND},
                                                 {DO_NEAR_SEND, DO_FAR_RECV},
                                                 {DO_FAR_RECV, DO_NEAR_SEND},
                                                 {DO_NEAR_NBSEND, DO_FAR_RECV},
                                                 {DO_FAR_RECV, DO_NEAR_NBSEND},
                                                 {DO_NEAR_ASK, DO_FAR_RECV},
                                                 {DO_NEAR_ASK, DO_FAR_REPLY},
                                                 {DO_SET_TIME, DO_TIME},
                                                 {DO_TIME, DO_TIME}};
        word tried = 0;

        for (word i = 0; i < sizeof(pair) / sizeof(pair[0]); i++)
                tried += explore_pair(pair[i][0], pair[i][1], 1, ~(word)0 >> 32, size.seed);
        tried += explore_waiting(DO_NEAR_RECV, DO_FAR_REPLY, 200);
        tried += explore_waiting(DO_NEAR_RECV, DO_FAR_RECV, 200);
        printf("     %lu interleavings\n", tried);
}

/* Signals by letters, and what touches the same: each place for a switch, both ways round. */
static void pairs_of_letters(void)
{
        static const enum operation pair[][2] = {
                {DO_ALARM, DO_ALARM},        {DO_ALARM, DO_CHIME},        {DO_ALARM, DO_RING},
                {DO_ALARM, DO_FAR_LISTEN},   {DO_ALARM, DO_MOVE_EAR},     {DO_ALARM, DO_STOP_EAR},
                {DO_ALARM, DO_DELETE_ALARM}, {DO_ALARM, DO_REVOKE_ALARM}, {DO_ALARM, DO_TIME},
                {DO_ALARM, DO_COPY},         {DO_ALARM, DO_SUSPEND},      {DO_ALARM, DO_CALL},
                {DO_ALARM, DO_NEAR_CALL},    {DO_CHIME, DO_CHIME},        {DO_CHIME, DO_HOME_CHIME},
                {DO_CHIME, DO_HOME_POLL},    {DO_CHIME, DO_COPY},         {DO_CHIME, DO_TIME},
                {DO_RING, DO_RING},          {DO_RING, DO_UNBIND_EAR},    {DO_RING, DO_TIME},
                {DO_RING, DO_WAKE_TWO},      {DO_RING, DO_COPY},          {DO_RING, DO_HOME_POLL}};
        word tried = 0;

        for (word i = 0; i < sizeof(pair) / sizeof(pair[0]); i++) {
                tried += explore_pair(pair[i][0], pair[i][1], 1, ~(word)0 >> 32, size.seed);
                tried += explore_pair(pair[i][1], pair[i][0], 1, ~(word)0 >> 32, size.seed);
        }
        printf("     %lu interleavings\n", tried);
}

/* --- guests */

/* Operations on virtual processors, each with each. */
static void pairs_of_guests(void)
{
        word tried = 0, n = 0;

        guests_one_by_one();
        explore_world = &guests;
        for (word pair = size.seed % size.stride; pair < GUEST_OPERATIONS * GUEST_OPERATIONS;
             pair += size.stride, n++)
                tried += explore_pair(pair / GUEST_OPERATIONS, pair % GUEST_OPERATIONS, size.bound, size.most,
                                      size.seed + pair);
        printf("     %lu pairs, %lu interleavings\n", n, tried);
}

static const enum operation past[] = {DO_NEAR_CALL, DO_NEAR_SIGNAL, DO_NEAR_POLL,  DO_NEAR_RECV,   DO_YIELD,
                                      DO_WAKE,      DO_WAKE_TWO,    DO_NEAR_SEND,  DO_NEAR_NBSEND, DO_ALARM,
                                      DO_CHIME,     DO_RING,        DO_HOME_CHIME, DO_HOME_POLL};

static word turns_of(enum operation o, bool yields)
{
        work_make();
        if (yields)
                work_sleeper_yields();
        word before = kernel.door.turn;
        work_ask(0, o);
        machine_run();
        machine_check();
        CHECK(work_is_done(0));
        return kernel.door.turn - before;
}

/* What is at home takes no turn at the door.  When slices end, core 3 does, which has one thread. */
static void turns_at_the_door(void)
{
        for (word i = 0; i < sizeof(past) / sizeof(past[0]); i++)
                CHECK_EQUAL(turns_of(past[i], false), 0);
        CHECK_EQUAL(turns_of(DO_NEAR_ASK, false), 1); /* the answer, through a reply object's cap */
        CHECK_EQUAL(turns_of(DO_TIME, false), 1);
        CHECK_EQUAL(turns_of(DO_WAKE, true), 1);
        CHECK_EQUAL(turns_of(DO_COPY, false), 1);
}

static word state_after(enum operation o, bool all_by_the_door)
{
        work_make();
        for (word n = 0; n < MACHINE_CORES && all_by_the_door; n++)
                kernel.peer[n]->home = HOME_NOWHERE;
        word before = kernel.door.turn;
        work_ask(0, o);
        machine_run();
        CHECK(!all_by_the_door || kernel.door.turn != before);
        return work_digest() * 3 + work_times();
}

/* Who runs, who is ready in which order, what was charged: as by the door. */
static void past_as_by_the_door(void)
{
        for (word i = 0; i < sizeof(past) / sizeof(past[0]); i++)
                CHECK_EQUAL(state_after(past[i], false), state_after(past[i], true));
        CHECK_EQUAL(state_after(DO_NEAR_ASK, false), state_after(DO_NEAR_ASK, true));
}

/* It is told while it has not come, but has chosen anew past the door. */
static void told_again(void)
{
        word places = explore_told_again();

        CHECK(places > 20); /* some of them past the door */
        printf("     %lu places\n", places);
}

/* Both go by the door, and the second would sleep there without end if it was not seen, or did not look. */
static void asleep_at_the_door(void)
{
        word places = explore_sleeper(DO_COPY, DO_COPY) + explore_sleeper(DO_SUSPEND, DO_SIGNAL);

        CHECK(places > 4 * 51); /* it looks that often before it sleeps */
        printf("     %lu places\n", places);
}

static void walk(void)
{
        printf("     seed %lu: %lu operations in %lu steps\n", size.seed, explore_walk(size.seed, size.steps),
               size.steps);
}

static const struct test tests[] = {{"pairs_of_operations", pairs},
                                    {"random_runs", walk},
                                    {"each_operation_alone", alone},
                                    {"pairs_with_two_switches", pairs_deeper},
                                    {"pairs_past_the_door", pairs_past_the_door},
                                    {"pairs_of_letters", pairs_of_letters},
                                    {"turns_at_the_door", turns_at_the_door},
                                    {"asleep_at_the_door", asleep_at_the_door},
                                    {"past_as_by_the_door", past_as_by_the_door},
                                    {"told_again", told_again},
                                    {"used_while_it_runs", work_read_used},
                                    {"pairs_of_guests", pairs_of_guests}};
enum { OF_GUESTS = 1 }; /* the last one */

int main(int count, char **arg)
{
        if (count >= 4 && !strcmp(arg[1], "pair")) {
                size.seed = operation_of(arg[2]) * OPERATIONS + operation_of(arg[3]);
                size.bound = count > 4 ? number(arg[4]) : 2;
                size.most = ~(word)0 >> 32;
                size.stride = OPERATIONS * OPERATIONS;
                return test_main(tests, 1, NULL);
        }
        if (count == 5 && (!strcmp(arg[1], "pairs") || !strcmp(arg[1], "guests"))) {
                size.bound = number(arg[2]), size.most = number(arg[3]), size.seed = number(arg[4]),
                size.stride = 1;
                if (arg[1][0] == 'g')
                        return test_main(tests + sizeof(tests) / sizeof(tests[0]) - OF_GUESTS, OF_GUESTS,
                                         NULL);
                return test_main(tests, 1, NULL);
        }
        if (count == 4 && !strcmp(arg[1], "walk")) {
                size.seed = number(arg[2]), size.steps = number(arg[3]);
                return test_main(tests + 1, 1, NULL);
        }
        return test_main(TEST_LIST(tests), count > 1 ? arg[1] : NULL);
}
