/* SPDX-License-Identifier: BSD-2-Clause */
/* Where threads and processes of a Linux program run, that they run at once, and how those that compute on another core are stopped. */
#include "parts.h"

/* --- two threads that compute --- */

static struct pair {
        atomic_int ready;
        int core; /* of both; -1: where they are put */
        double used[2];
} pair;

/* For a time of many slices, without a call: which part of it it had a processor. */
static void *compute_long(void *argument)
{
        enum { LONG_MS = 300 };
        long me = (long)argument;
        double used, since;

        if (pair.core >= 0)
                MUST(be_on(pair.core) == 0);
        pair.ready++;
        while (pair.ready < 2)
                ;
        used = now_ns(CLOCK_THREAD_CPUTIME_ID);
        since = now_ns(CLOCK_MONOTONIC);
        while (now_ns(CLOCK_MONOTONIC) - since < LONG_MS * 1e6)
                ;
        used = now_ns(CLOCK_THREAD_CPUTIME_ID) - used;
        pair.used[me] = used / (now_ns(CLOCK_MONOTONIC) - since);
        return NULL;
}

/* Of the two, the smaller part. */
static double used_by_two(int core)
{
        pthread_t t[2];

        pair = (struct pair){.core = core};
        for (long i = 0; i < 2; i++)
                MUST(!pthread_create(&t[i], NULL, compute_long, (void *)i));
        for (int i = 0; i < 2; i++)
                pthread_join(t[i], NULL);
        return pair.used[0] < pair.used[1] ? pair.used[0] : pair.used[1];
}

/* Two that answer each other in memory, without a call. */
static struct {
        int core;
        atomic_long turn;
        atomic_bool over;
} talk;

static void *answer(void *argument)
{
        long me = (long)argument;

        if (talk.core >= 0)
                MUST(be_on(talk.core) == 0);
        while (!talk.over) {
                if (talk.turn % 2 == me)
                        talk.turn++;
        }
        return NULL;
}

static long answers_of_two(int core)
{
        pthread_t t[2];

        talk.core = core;
        talk.turn = 0;
        talk.over = false;
        for (long i = 0; i < 2; i++)
                MUST(!pthread_create(&t[i], NULL, answer, (void *)i));
        rest(300);
        talk.over = true;
        for (int i = 0; i < 2; i++)
                pthread_join(t[i], NULL);
        return talk.turn;
}

/* Of two on one core, the one that ends first has had half of it, and each answer of one to the other takes the rest of a slice; two that
 * are put somewhere run at once, if only for some of the time, when a machine has fewer processors than it shows, and not each time, when
 * others use them.  Two that are put on one core never do. */
static void at_once(void)
{
        enum { TRIES = 20 };
        double half = used_by_two(1 % cores());
        long same = answers_of_two(1 % cores()), apart = answers_of_two(-1);

        for (int i = 1; i < TRIES && cores() > 1 && apart < 10 * same; i++)
                apart = answers_of_two(-1);
        if (half > 0.6 || apart < 10 * same)
                printf("on one core the lesser had %.2f, and there were %ld answers; on two %ld\n", half,
                       same, apart);
        MUST(half <= 0.6 && (cores() == 1 || apart >= 10 * same));
}

/* --- affinity --- */

static void affinity(void)
{
        uint64_t mask = 0, all = (1u << cores()) - 1;
        uint8_t bytes[128] = {0};
        char line[256];
        FILE *f;

        MUST(syscall(SYS_sched_getaffinity, 0, sizeof(mask), &mask) == 8 && mask == all);
        MUST(syscall(SYS_sched_getaffinity, 0, sizeof(bytes), bytes) == 8 && bytes[0] == all);
        for (int i = 0; i < cores(); i++) {
                MUST(be_on(i) == 0 && where() == i);
                MUST(syscall(SYS_sched_getaffinity, 0, 8, &mask) == 8 && mask == (uint64_t)1 << i);
        }
        f = fopen("/proc/self/status", "r");
        while (fgets(line, sizeof(line), f)) {
                if (!strncmp(line, "Cpus_allowed_list:", 18))
                        MUST(atoi(line + 18) == cores() - 1);
        }
        fclose(f);
        if (!fork()) { /* which is inherited */
                MUST(where() == cores() - 1);
                _exit(7);
        }
        MUST(wait(&(int){0}) > 0);
        mask = 0xffffffffffffffff; /* what does not exist does no harm */
        MUST(syscall(SYS_sched_setaffinity, 0, 8, &mask) == 0);
        MUST(syscall(SYS_sched_getaffinity, 0, 8, &mask) == 8 && mask == all);
        mask = 1;
        MUST(syscall(SYS_sched_setaffinity, 0, 1, &mask) == 0 && where() == 0);
        mask = 1ull << 40;
        MUST(syscall(SYS_sched_setaffinity, 0, 8, &mask) == -1 && errno == EINVAL && where() == 0);
        mask = all;
        MUST(syscall(SYS_sched_setaffinity, 0, 8, &mask) == 0);
}

/* Another one is moved while it computes. */
static void moved(void)
{
        static volatile long count;
        cpu_set_t set;
        int tid = fork();

        if (!tid)
                compute((void *)&count);
        for (int i = 0; i < 4 * cores() * rounds; i++) {
                CPU_ZERO(&set);
                CPU_SET(i % cores(), &set);
                MUST(sched_setaffinity(tid, sizeof(set), &set) == 0);
        }
        kill(tid, SIGKILL);
        MUST(waitpid(tid, NULL, 0) == tid);
        MUST(sched_setaffinity(tid, sizeof(set), &set) == -1 && errno == ESRCH);
}

/* --- beginnings --- */

static volatile int number;

static int is_known(void *unused)
{
        (void)unused;
        return number != 0;
}

/* What clone says about a child has been done before the child begins, on whatever core. */
static void births(void)
{
        static char stack[65536] __attribute__((aligned(16)));

        for (int i = 0; i < 40 * rounds; i++) {
                int status, child;

                number = 0;
                child = clone(is_known, stack + sizeof(stack), CLONE_VM | CLONE_CHILD_SETTID | SIGCHLD, NULL,
                              NULL, NULL, (int *)&number);
                MUST(child > 0 && waitpid(child, &status, 0) == child);
                MUST(WIFEXITED(status) && WEXITSTATUS(status) == 1 && number == child);
        }
}

/* --- signals --- */

static volatile sig_atomic_t heard;

static void hear(int signal)
{
        heard = signal;
}

/* A child that computes is stopped, goes on, takes a signal, and is ended, wherever it runs. */
static void signals(void)
{
        volatile long *count = shared(4096);

        for (int i = 0; i < cores() * rounds; i++) {
                int status, child;

                count[1] = 0;
                if (!(child = fork())) {
                        MUST(be_on(i % cores()) == 0);
                        signal(SIGUSR1, hear);
                        for (;; ++*count)
                                count[1] = heard;
                }
                until_it_moves(count);
                kill(child, SIGSTOP);
                MUST(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
                MUST(stands(count));
                kill(child, SIGCONT);
                until_it_moves(count);
                kill(child, SIGUSR1);
                while (count[1] != SIGUSR1)
                        rest(1);
                until_it_moves(count);
                kill(child, SIGKILL);
                MUST(waitpid(child, &status, 0) == child && WTERMSIG(status) == SIGKILL);
                MUST(stands(count));
        }
}

/* A thread that computes without a call is interrupted often, by one on another core: no register is lost. */
static atomic_long interrupted;

static void count_signal(int signal)
{
        (void)signal;
        interrupted++;
}

static atomic_int enough;

static void *add_up(void *result)
{
        double sum = 0;
        long n = 0;

        for (; !enough; n++)
                sum += 1;
        *(long *)result = sum == (double)n ? n : -1;
        return NULL;
}

static void interrupts(void)
{
        pthread_t t[3];
        long result[3] = {0};

        signal(SIGUSR1, count_signal);
        enough = 0;
        for (int i = 0; i < 3; i++)
                pthread_create(&t[i], NULL, add_up, &result[i]);
        for (int i = 0; i < 30 * rounds; i++)
                pthread_kill(t[i % 3], SIGUSR1);
        enough = 1;
        for (int i = 0; i < 3; i++) {
                pthread_join(t[i], NULL);
                MUST(result[i] >= 0);
        }
        MUST(interrupted > 0);
}

/* --- ends --- */

/* Threads compute on every core; the process ends, or becomes another program: none of them is left. */
static void ends(void)
{
        volatile long *count = shared(4096);

        for (int i = 0; i < 3 * rounds; i++) {
                int status, child = fork();

                if (!child) {
                        pthread_t t;

                        for (int j = 0; j < 6; j++)
                                MUST(!pthread_create(&t, NULL, compute, (void *)&count[8 * j]));
                        for (int j = 0; j < 6; j++)
                                until_it_moves(&count[8 * j]);
                        if (i % 3 == 0)
                                _exit(5);
                        if (i % 3 == 1)
                                execl("/bin/busybox", "sh", "-c", "exit 5", NULL);
                        raise(SIGKILL);
                }
                MUST(waitpid(child, &status, 0) == child);
                MUST(i % 3 == 2 ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 5);
                for (int j = 0; j < 6; j++)
                        count[8 * j + 1] = count[8 * j];
                MUST(stands(&count[0]));
                for (int j = 0; j < 6; j++)
                        MUST(count[8 * j + 1] == count[8 * j]);
        }
}

int main(int count, char **word)
{
        static const struct part parts[] = {
                {"affinity", affinity}, {"at_once", at_once},       {"moved", moved}, {"births", births},
                {"signals", signals},   {"interrupts", interrupts}, {"ends", ends},   {0}};

        run_parts(count, word, parts);
        return 0;
}
