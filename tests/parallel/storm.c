/* SPDX-License-Identifier: BSD-2-Clause */
/* storm SECONDS [SEED]: processes that fork, begin other programs, make threads, pass words through pipes, lock, move between cores, change
 * memory and are ended at any moment, on all cores.  Everything that can be wrong is looked at; prints what was done, and `storm ok`. */
#include "parts.h"

enum { WORKERS = 6, ADDERS = 3, PAGES = 16 };

enum kind { FORKS, PROGRAMS, THREADS, PIPES, KILLS, MOVES, KINDS };
static const char *const names[KINDS] = {"forks", "programs", "threads", "pipes", "kills", "moves"};

static atomic_long *done; /* of each kind, by all workers */
static uint64_t state;

static unsigned any(unsigned below)
{
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        return (unsigned)(state >> 33) % below;
}

static int ended(int child)
{
        int status;

        MUST(child > 0 && waitpid(child, &status, 0) == child);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void forks(void)
{
        char *p = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        char mark = (char)any(100);
        int child;

        MUST(p != MAP_FAILED);
        for (int i = 0; i < PAGES; i++)
                p[i * 4096] = (char)(mark + i);
        if (!(child = fork())) {
                for (int i = 0; i < PAGES; i++)
                        p[i * 4096]++;
                _exit(p[(PAGES - 1) * 4096] == (char)(mark + PAGES) ? 3 : 4);
        }
        MUST(ended(child) == 3);
        for (int i = 0; i < PAGES; i++)
                MUST(p[i * 4096] == (char)(mark + i));
        munmap(p, PAGES * 4096);
}

static void programs(void)
{
        int child = fork();

        if (!child) {
                execl("/bin/busybox", "sh", "-c", "exit 9", NULL);
                _exit(1);
        }
        MUST(ended(child) == 9);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long total;

static void *add(void *unused)
{
        for (int i = 0; i < 50; i++) {
                pthread_mutex_lock(&lock);
                total++;
                pthread_mutex_unlock(&lock);
        }
        return unused;
}

static void threads(void)
{
        pthread_t t[ADDERS];

        total = 0;
        for (int i = 0; i < ADDERS; i++)
                MUST(!pthread_create(&t[i], NULL, add, NULL));
        for (int i = 0; i < ADDERS; i++)
                MUST(!pthread_join(t[i], NULL));
        MUST(total == ADDERS * 50);
}

/* More than a pipe holds, there and back. */
static void pipes(void)
{
        static char block[4096];
        int there[2], back[2], child;
        long left = 20 * sizeof(block), n, sum = 0;

        MUST(!pipe(there) && !pipe(back));
        if (!(child = fork())) {
                close(there[1]);
                while ((n = read(there[0], block, sizeof(block))) > 0)
                        sum += n;
                MUST(write(back[1], &sum, sizeof(sum)) == sizeof(sum));
                _exit(0);
        }
        close(there[0]);
        for (; left > 0; left -= n)
                MUST((n = write(there[1], block, sizeof(block))) > 0);
        close(there[1]);
        MUST(read(back[0], &sum, sizeof(sum)) == sizeof(sum) && sum == 20 * sizeof(block));
        close(back[0]);
        close(back[1]);
        MUST(ended(child) == 0);
}

/* A child with threads that compute is ended while it begins, computes or makes more. */
static void kills(void)
{
        volatile long *count = shared(4096);
        int child = fork();

        if (!child) {
                pthread_t t;

                for (int i = 0; i < 4; i++)
                        pthread_create(&t, NULL, compute, (void *)&count[8 * i]);
                compute((void *)&count[64]);
        }
        if (any(3))
                rest(any(20));
        MUST(!kill(child, any(2) ? SIGKILL : SIGTERM));
        MUST(ended(child) < 0);
        MUST(stands(&count[0]));
        munmap((void *)count, 4096);
}

static void moves(void)
{
        for (int i = 0; i < 8; i++) {
                int core = (int)any((unsigned)cores());

                MUST(!be_on(core) && where() == core);
        }
        MUST(!syscall(SYS_sched_setaffinity, 0, 8, &(uint64_t){0xff}));
}

static void work(double until)
{
        static void (*const what[KINDS])(void) = {forks, programs, threads, pipes, kills, moves};

        while (now_ns(CLOCK_MONOTONIC) < until) {
                enum kind kind = any(KINDS);

                what[kind]();
                atomic_fetch_add(&done[kind], 1);
        }
}

int main(int count, char **word)
{
        double until = now_ns(CLOCK_MONOTONIC) + (count > 1 ? atof(word[1]) : 1) * 1e9;
        int worker[WORKERS], wrong = 0;

        done = shared(4096);
        for (int i = 0; i < WORKERS; i++) {
                state = (uint64_t)(count > 2 ? atol(word[2]) : 1) * WORKERS + (uint64_t)i;
                if (!(worker[i] = fork())) {
                        work(until);
                        exit(0);
                }
        }
        for (int i = 0; i < WORKERS; i++)
                wrong += ended(worker[i]) != 0;
        for (int i = 0; i < KINDS; i++)
                printf("%ld %s%s", done[i], names[i], i < KINDS - 1 ? ", " : "\n");
        printf("storm %s\n", wrong ? "FAILED" : "ok");
        return wrong;
}
