/* SPDX-License-Identifier: BSD-2-Clause */
/* See writers.h. */
#include "tests/serial/writers.h"
#include "os/core/console.h"
#include "tests/lib/test.h"
#include "tests/serial/machine.h"

#include <string.h>

/* Two programs print, and the server one line of its own, each in nine letters of its own; one program reads. */
enum { WRITERS = 3, OWN = 2, LETTERS = 9, TEXT = 700, OWN_TEXT = 1100, GOT = 8192 };

static struct {
        struct waiter waiter[WRITERS], reader;
        unsigned done[WRITERS];
        char got[GOT];
        size_t length;
} programs;

static const char lines[] = "one line\nand\nanother one, which is longer\n";

static unsigned length_of(unsigned i)
{
        return i == OWN ? OWN_TEXT : TEXT;
}

static char letter(unsigned writer, unsigned place)
{
        return (char)('@' + writer * LETTERS + place % LETTERS);
}

/* --- programs --- */

static void write_step(unsigned i)
{
        char text[OWN_TEXT];
        unsigned n = length_of(i) - programs.done[i];

        if (n == 0)
                return;
        if (i != OWN && !console_has_room()) {
                CHECK(wait_at(&programs.waiter[i], console_queue(true)));
                return;
        }
        n = i == OWN || n < CONSOLE_STEP ? n : CONSOLE_STEP;
        for (unsigned k = 0; k < n; k++)
                text[k] = letter(i, programs.done[i] + k);
        console_write(text, n);
        programs.done[i] += n;
        wait_ring(&programs.waiter[i]);
}

static void read_step(void)
{
        long n = console_take(programs.got + programs.length, GOT - programs.length);

        if (n == CONSOLE_EMPTY) {
                CHECK(wait_at(&programs.reader, console_queue(false)));
                return;
        }
        CHECK(n > 0);
        programs.length += (size_t)n;
        wait_ring(&programs.reader);
}

static void try(struct waiter *w)
{
        if (w == &programs.reader)
                read_step();
        else
                write_step((unsigned)(w - programs.waiter));
}

/* --- a run --- */

static void begin(const struct plan *plan, const char *typed)
{
        memset(&programs, 0, sizeof(programs));
        machine_begins(plan, console_hear, try, typed);
        machine.pieces = 5;
}

static void start_all(void)
{
        wait_ring(&programs.reader);
        for (unsigned i = 0; i < WRITERS; i++)
                wait_ring(&programs.waiter[i]);
}

/* What one writer has printed is its text, as far as it is out.  The end of the server's own line, which waits in the server, overtakes
 * what is in the ring of a driver that hangs. */
static bool printed_all(unsigned writer)
{
        unsigned n = 0;

        for (size_t i = 0; i < machine.length; i++) {
                unsigned at = (unsigned)(machine.printed[i] - letter(writer, 0));

                if (at >= LETTERS)
                        continue;
                if (writer != OWN || !machine.plan.hangs_at)
                        CHECK_EQUAL(machine.printed[i], letter(writer, n));
                n++;
        }
        return n == length_of(writer);
}

static bool all_is_done(const char *typed)
{
        bool all = programs.length == strlen(typed) && !memcmp(programs.got, typed, programs.length);

        for (unsigned i = 0; i < WRITERS; i++)
                all &= printed_all(i) && !programs.waiter[i].places;
        return all;
}

/* The whole of it, with so many looks at the clock. */
static void run(const struct plan *plan, unsigned waits)
{
        begin(plan, lines);
        start_all();
        CHECK(machine_runs());
        while (waits-- > 0 && !all_is_done(lines) && machine_waits())
                CHECK(machine_runs());
        if (!all_is_done(lines))
                test_fail(__FILE__, __LINE__,
                          "not all is done: %u steps before %u, %u before %u, ended before turn %u, hangs at "
                          "%u; done %u %u %u, read %lu",
                          plan->run[0].steps, plan->run[0].at, plan->run[1].steps, plan->run[1].at,
                          plan->kill_at, plan->hangs_at, programs.done[0], programs.done[1], programs.done[2],
                          programs.length);
}

static const unsigned bursts[] = {1, 2, 3, 4, 7, 12, 40};
enum { BURSTS = sizeof(bursts) / sizeof(*bursts) };

void test_writers_at_one(void)
{
        unsigned moments;

        run(&(struct plan){0}, 0);
        moments = machine.moments;
        CHECK(moments > 100);
        for (unsigned at = 1; at <= moments; at++) {
                for (unsigned b = 0; b < BURSTS; b++)
                        run(&(struct plan){.run = {{at, bursts[b]}}}, 0);
        }
}

/* Moments that are near each other, because those are what one wait is made of. */
void test_writers_at_two(void)
{
        enum { NEAR = 12 };
        unsigned moments;

        run(&(struct plan){0}, 0);
        moments = machine.moments;
        for (unsigned at = 1; at <= moments; at++) {
                for (unsigned next = at + 1; next <= at + NEAR; next++) {
                        unsigned b = (at + next) % BURSTS;

                        run(&(struct plan){.run = {{at, bursts[b]}, {next, bursts[(b + next) % BURSTS]}}}, 0);
                }
        }
}

/* Somebody ends it, at any turn of the server and anywhere in its own steps: the next one goes on. */
void test_writers_ended(void)
{
        unsigned turns, moments;

        run(&(struct plan){0}, 0);
        turns = machine.turns;
        moments = machine.moments;
        for (unsigned turn = 1; turn <= turns; turn++) {
                for (unsigned at = 1; at <= moments; at += 5)
                        run(&(struct plan){.run = {{at, bursts[(at + turn) % BURSTS]}},
                                           .kill_at = turn,
                                           .kills = 1},
                            0);
        }
}

/* Keys that come later, when all is quiet. */
static void type_later(const char *keys)
{
        size_t before = programs.length, n = strlen(keys);

        machine.typed = keys;
        CHECK(machine_waits() && machine_runs());
        CHECK_EQUAL(programs.length, before + n);
        CHECK(!memcmp(programs.got + before, keys, n));
}

/* The same until none is restarted any more. */
void test_writers_gone(void)
{
        unsigned turns, moments, gone = 0;

        run(&(struct plan){0}, 0);
        turns = machine.turns;
        moments = machine.moments;
        for (unsigned turn = 1; turn <= turns; turn++) {
                for (unsigned at = 1; at <= moments; at += 9) {
                        run(&(struct plan){.run = {{at, bursts[(at + turn) % BURSTS]}},
                                           .kill_at = turn,
                                           .kills = ENDS_MAX},
                            3);
                        if (machine.there)
                                continue;
                        type_later("more\n");
                        type_later("and more\n");
                        gone++;
                }
        }
        CHECK(gone > turns);
}

/* It makes no step after so many, as each that follows it: the clock ends them, and then all goes on. */
void test_writers_hang(void)
{
        run(&(struct plan){0}, 0);
        for (unsigned at = 1; at < 60; at++)
                run(&(struct plan){.hangs_at = at}, 4 * ENDS_MAX);
}

/* Nobody reads at first, so that neither the server nor the driver has room for all.  Lines have an echo, for which the driver runs anyway;
 * what is read as it comes has none. */
void test_many_keys(void)
{
        enum { LINE = 40, LINES = 150 };
        static char typed[LINE * LINES + 1];
        unsigned moments = 100000;

        for (unsigned i = 0; i < LINE * LINES; i++)
                typed[i] = i % LINE == LINE - 1 ? '\n' : (char)('a' + i / LINE % 26);
        for (unsigned at = 0; at < moments; at += at < 100 ? 1 : 499) {
                begin(&(struct plan){.run = {{at, bursts[at % BURSTS]}}}, typed);
                console_raw(at % 2);
                CHECK(machine_runs() && *machine.typed);
                wait_ring(&programs.reader);
                CHECK(machine_runs());
                moments = machine.moments;
                CHECK_EQUAL(programs.length, strlen(typed));
                CHECK(!memcmp(programs.got, typed, programs.length));
        }
}

/* Who was told that there is no room, and asks later whether there was news, has not waited meanwhile. */
void test_room_is_news(void)
{
        uint64_t before;

        begin(&(struct plan){0}, "");
        for (; console_has_room(); machine.spins = 0)
                console_write("0123456789", 10);
        before = console_queue(true)->events;
        CHECK(machine_runs());
        CHECK(console_queue(true)->events > before && console_has_room());
        before = console_queue(true)->events;
        console_write("0123456789", 10);
        CHECK(machine_runs());
        CHECK_EQUAL(console_queue(true)->events, before);
}
