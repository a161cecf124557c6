/* SPDX-License-Identifier: BSD-2-Clause */
/* How calls scale that stay on their core: a client and a server on each of several cores, which are threads of this machine.
 *
 * Usage: scale CORES ROUNDS
 * For passive and for active servers: nanoseconds that a round trip takes with CORES pairs at once, each on the only busy core of a machine
 * in a process of its own, and each on a core of one machine; of several turns the best of each.  A turn counts if all pairs began
 * together, and none was kept from running, so what one costs the other is what cores of one machine share.  If this machine never runs
 * CORES threads at once, it says so, and nothing is measured.
 */
#include "arch/host/host.h"
#include "arch/host/host_cores.h"
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tests/cores/machine.h"
#include "tests/lib/test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
        TURNS = 15,    /* that count */
        PATIENCE = 10, /* seconds for them */
        OWN_BITS = 14, /* each pair has memory of its own: objects of different pairs are not neighbours */
        ENDPOINT = 1,
        REPLY,
        CLIENT,
        SERVER = CLIENT + USER_THREAD_SLOTS,
        SLOTS = SERVER + USER_THREAD_SLOTS,
        PRIORITY = 100,
        BUDGET = 10000,
        PC = 0x10000,
};

struct pair {
        _Alignas(256) word slot; /* the first of its own */
        struct thread *client, *server;
        struct job calls, serves;
        struct result *result;
};

/* Shared with the processes that do the work. */
static struct board {
        word turn, done, begun; /* which one it is; machines that have done it; pairs that have begun it */
        struct result {
                _Alignas(256) word from, took; /* ns */
                bool whole;                    /* it ran all that time */
        } result[MACHINE_CORES];
} * board;

static struct pair pair[MACHINE_CORES];
static struct thread *root;
static struct job taking;
static bool passive;
static word rounds, cores;

/* --- what core 0 prepares */

static struct thread *made(word core, word slot, word priority)
{
        struct thread *t = user_thread_on(core, slot, priority, BUDGET, BUDGET);

        CHECK_EQUAL(user_start(slot, PC), 0);
        return t;
}

static void prepare(void)
{
        root = this_core()->current;
        for (word n = 1; n < MACHINE_CORES; n++) {
                struct pair *p = &pair[n];
                p->slot = user_bootinfo()->empty.start + (n - 1) * SLOTS;
                CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, OWN_BITS, p->slot, 1), 0);
                CHECK_EQUAL(user_retype(p->slot, OBJECT_ENDPOINT, 0, p->slot + ENDPOINT, 1), 0);
                CHECK_EQUAL(user_retype(p->slot, OBJECT_REPLY, 0, p->slot + REPLY, 1), 0);
                p->client = made(n, p->slot + CLIENT, PRIORITY);
                p->server = made(n, p->slot + SERVER, PRIORITY + 1);
        }
}

/* --- round trips */

static void step(struct thread *t, enum user_call number, word cptr, word reply)
{
        static const struct message message = {.length = 1};
        struct context *c = &t->context;

        CHECK(this_core()->current == t);
        user_load(t, number, cptr, &message);
        if (number != USER_CALL)
                c->x[REG_REPLY] = reply;
        c->restart = c->pc;
        c->pc += 4;
        host_syscall();
}

static word time_of(clockid_t clock)
{
        struct timespec now;

        clock_gettime(clock, &now);
        return (word)now.tv_sec * 1000000000 + (word)now.tv_nsec;
}

static bool is_nearly(word part, word whole)
{
        return 100 * part >= 97 * whole;
}

static void round_trips(struct job *job)
{
        struct pair *p = &pair[this_core()->number];
        struct result *r = p->result;
        word used;

        __atomic_fetch_add(&board->begun, 1, __ATOMIC_ACQ_REL);
        while (__atomic_load_n(&board->begun, __ATOMIC_ACQUIRE) < cores)
                ;
        used = time_of(CLOCK_THREAD_CPUTIME_ID);
        r->from = time_of(CLOCK_MONOTONIC);
        for (word i = 0; i < rounds; i++) {
                step(p->client, USER_CALL, p->slot + ENDPOINT, 0);
                step(p->server, USER_REPLY_RECV, p->slot + ENDPOINT, p->slot + REPLY);
        }
        r->took = time_of(CLOCK_MONOTONIC) - r->from;
        r->whole = is_nearly(time_of(CLOCK_THREAD_CPUTIME_ID) - used, r->took);
        job->state = JOB_DONE;
}

/* One turn of the pairs on cores 1 to `busy`. */
static void turn(word busy)
{
        for (word n = 1; n <= busy; n++) {
                pair[n].calls = (struct job){.thread = pair[n].client, .act = round_trips};
                machine_ask(&pair[n].calls);
        }
        machine_run();
        for (word n = 1; n <= busy; n++)
                CHECK(pair[n].calls.state == JOB_DONE);
}

/* The servers wait; and, as passive ones, have no time of their own. */
static void begin(void)
{
        machine_make(prepare);
        for (word n = 1; n < MACHINE_CORES; n++) {
                struct pair *p = &pair[n];
                p->serves = (struct job){.thread = p->server,
                                         .number = USER_RECV,
                                         .cptr = p->slot + ENDPOINT,
                                         .reply = p->slot + REPLY,
                                         .serves = true};
                machine_ask(&p->serves);
                machine_run();
                CHECK(p->server->state == RECEIVING);
                p->serves.state = JOB_DONE; /* the rest is done by round_trips */
                if (!passive)
                        continue;
                taking = (struct job){.thread = root,
                                      .number = USER_CALL,
                                      .cptr = p->slot + SERVER + 1,
                                      .message = {.label = LABEL_SCHED_CONTEXT_UNBIND}};
                machine_ask(&taking);
                machine_run();
                CHECK(taking.state == JOB_DONE && taking.answer == 0 && !p->server->sc);
        }
}

/* --- the processes */

static word first, busy; /* of this process: the first of its results, and how many of its cores work */

/* For ever: the first turn brings all home and fills the caches, and from then on nothing goes by the door. */
static void work(void)
{
        uint32_t doors = 0;

        begin();
        for (word n = 1; n <= busy; n++)
                pair[n].result = &board->result[first + n - 1];
        for (word turns = 0;; turns++) {
                while (__atomic_load_n(&board->turn, __ATOMIC_ACQUIRE) <= turns)
                        usleep(50);
                turn(busy);
                CHECK(turns == 0 || kernel.door.next == doors);
                doors = kernel.door.next;
                __atomic_fetch_add(&board->done, 1, __ATOMIC_ACQ_REL);
        }
}

/* The mean of what the pairs took, or ~0 if the turn does not count. */
static word mean(void)
{
        word sum = 0, early = ~0ul, late = 0;

        for (word n = 0; n < cores; n++) {
                const struct result *r = &board->result[n];
                if (!r->whole)
                        return ~0ul;
                sum += r->took / cores;
                early = min_word(early, r->from);
                late = max_word(late, r->from);
        }
        return is_nearly(sum, sum + late - early) ? sum : ~0ul;
}

/* The best of those turns that count; ~0 if none does. */
static word best(word machines)
{
        word least = ~0ul, counted = 0, end = time_of(CLOCK_MONOTONIC) + PATIENCE * 1000000000ul;

        for (word turns = 0; counted < TURNS && time_of(CLOCK_MONOTONIC) < end; turns++) {
                board->begun = 0;
                __atomic_store_n(&board->turn, turns + 1, __ATOMIC_RELEASE);
                while (__atomic_load_n(&board->done, __ATOMIC_ACQUIRE) < (turns + 1) * machines) {
                        CHECK(waitpid(-1, NULL, WNOHANG) == 0);
                        usleep(50);
                }
                if (turns == 0 || mean() == ~0ul)
                        continue;
                counted++;
                least = min_word(least, mean());
        }
        return least;
}

static word measure(word machines)
{
        pid_t worker[MACHINE_CORES];
        word took;

        *board = (struct board){0};
        fflush(stdout);
        for (word i = 0; i < machines; i++) {
                first = i;
                busy = cores / machines;
                worker[i] = fork();
                if (worker[i] == 0) {
                        prctl(PR_SET_PDEATHSIG, SIGKILL);
                        _exit(!test_holds(work));
                }
                CHECK(worker[i] > 0);
        }
        took = best(machines);
        for (word i = 0; i < machines; i++) {
                kill(worker[i], SIGKILL);
                waitpid(worker[i], NULL, 0);
        }
        return took;
}

static void compare(void)
{
        word apart = measure(cores), together = measure(1);

        if (apart == ~0ul || together == ~0ul) {
                printf("     this machine does not run %lu threads at once: nothing is measured\n", cores);
                return;
        }
        printf("     %s servers: of %lu pairs a round trip takes %.1f ns each in a machine of its own, %.1f "
               "ns each on a core of one: scales by %.3f\n",
               passive ? "passive" : "active", cores, (double)apart / (double)rounds,
               (double)together / (double)rounds, (double)apart / (double)together);
        CHECK(20 * apart >= 19 * together);
}

static void passive_servers(void)
{
        passive = true;
        compare();
}

static void active_servers(void)
{
        passive = false;
        compare();
}

int main(int count, char **arg)
{
        static const struct test tests[] = {{"passive servers", passive_servers},
                                            {"active servers", active_servers}};

        cores = count > 1 ? strtoul(arg[1], NULL, 0) : 2;
        rounds = count > 2 ? strtoul(arg[2], NULL, 0) : 20000;
        if (cores < 1 || cores >= MACHINE_CORES) {
                fprintf(stderr, "scale: from 1 to %d cores\n", MACHINE_CORES - 1);
                return 2;
        }
        board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (board == MAP_FAILED) {
                perror("scale");
                return 2;
        }
        return test_main(TEST_LIST(tests), NULL);
}
