/* SPDX-License-Identifier: BSD-2-Clause */
/* What threads and processes on several cores have in common: locks, memory, code, barriers, pipes. */
#include "parts.h"

/* --- memory --- */

enum { THREADS = 4, ADDED = 300 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long total, passed_on;
static atomic_long atomic_total;

static void *add(void *unused)
{
        for (long i = 0; i < ADDED * rounds; i++) {
                pthread_mutex_lock(&lock);
                total++;
                pthread_mutex_unlock(&lock);
                atomic_total++;
        }
        return unused;
}

/* Each passes on to the next, by a condition. */
static void *pass_on(void *argument)
{
        long me = (long)argument;

        pthread_mutex_lock(&lock);
        for (long i = 0; i < 10 * rounds; i++) {
                while (passed_on % THREADS != me)
                        pthread_cond_wait(&changed, &lock);
                passed_on++;
                pthread_cond_broadcast(&changed);
        }
        pthread_mutex_unlock(&lock);
        return NULL;
}

static void four(void *(*what)(void *))
{
        pthread_t t[THREADS];

        for (long i = 0; i < THREADS; i++)
                MUST(!pthread_create(&t[i], NULL, what, (void *)i));
        for (int i = 0; i < THREADS; i++)
                pthread_join(t[i], NULL);
}

static void locks(void)
{
        four(add);
        MUST(total == THREADS * ADDED * rounds && atomic_total == total);
        four(pass_on);
        MUST(passed_on == THREADS * 10 * rounds);
}

/* Pages come, are copied after a fork, lose rights and go while others use them. */
static void *touch(void *argument)
{
        enum { PAGES = 64 };
        long me = (long)argument;

        for (long i = 0; i < 4 * rounds; i++) {
                char *p =
                        mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

                MUST(p != MAP_FAILED);
                for (int j = 0; j < PAGES; j++)
                        p[4096 * j] += (char)(me + j);
                MUST(!mprotect(p, PAGES * 4096, PROT_READ));
                for (int j = 0; j < PAGES; j++)
                        MUST(p[4096 * j] == (char)(me + j));
                munmap(p, PAGES * 4096);
        }
        return NULL;
}

static atomic_long *copied;
static atomic_int enough;

/* Words that only grow: a copy of them that fork makes beside their writer is one of some moment, page by page. */
static void *write_all(void *unused)
{
        for (long i = 1; !enough; i++) {
                for (int j = 0; j < 16; j++)
                        copied[512 * j] = i;
        }
        return unused;
}

static void forks(void)
{
        pthread_t t;
        int status;

        copied = mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        enough = 0;
        pthread_create(&t, NULL, write_all, NULL);
        for (int i = 0; i < 8 * rounds; i++) {
                int child = fork();

                if (!child) {
                        long before[16];

                        for (int j = 0; j < 16; j++)
                                before[j] = copied[512 * j];
                        sched_yield();
                        for (int j = 0; j < 16; j++)
                                MUST(copied[512 * j] == before[j]); /* nobody writes the copy */
                        _exit(0);
                }
                MUST(child > 0 && waitpid(child, &status, 0) == child && status == 0);
        }
        enough = 1;
        pthread_join(t, NULL);
        for (int j = 1; j < 16; j++)
                MUST(copied[512 * j] == copied[0]); /* no write was lost */
}

static void memory(void)
{
        four(touch);
        forks();
}

/* What is unmapped or made read-only under a writer of another core stops it at once. */
static void *write_on(void *at)
{
        for (volatile long *word = at;; ++*word)
                ;
        return NULL;
}

static void rights(void)
{
        for (int i = 0; i < 4 * rounds; i++) {
                int status, child = fork();

                if (!child) {
                        long *word =
                                mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                        pthread_t t;

                        pthread_create(&t, NULL, write_on, word);
                        until_it_moves(word);
                        if (i % 2)
                                munmap(word, 4096);
                        else
                                mprotect(word, 4096, PROT_READ);
                        pthread_join(t, NULL);
                }
                MUST(waitpid(child, &status, 0) == child && WTERMSIG(status) == SIGSEGV);
        }
}

/* Code that one thread writes, and another one runs as soon as it is there. */
static void *(*volatile code)(void);

static void *run_code(void *unused)
{
        while (!code)
                ;
        return code() == (void *)42 ? unused : (void *)1;
}

static void codes(void)
{
        static const uint32_t answer[] = {0xd2800540, 0xd65f03c0}; /* mov x0, 42; ret */

        for (int i = 0; i < 5 * rounds; i++) {
                void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                     *result;
                pthread_t t;

                code = NULL;
                pthread_create(&t, NULL, run_code, NULL);
                memcpy(p, answer, sizeof(answer));
                MUST(!mprotect(p, 4096, PROT_READ | PROT_EXEC));
                __builtin___clear_cache(p, (char *)p + 4096);
                code = (void *(*)(void))p;
                pthread_join(t, &result);
                MUST(!result);
                munmap(p, 4096);
        }
}

/* --- barriers --- */

/* Threads that compute on all cores pass a barrier, and go on.  That they pass it is not seen: no emulator holds a store back for as
 * long as a call takes. */
static void membarriers(void)
{
        enum { ALL = 1, OWN_EXPEDITED = 8, REGISTER_OWN = 16, COMPUTING = 4 };
        static long count[8 * COMPUTING];
        pthread_t t;

        MUST(syscall(SYS_membarrier, OWN_EXPEDITED, 0) == -1 && errno == EPERM);
        MUST(syscall(SYS_membarrier, REGISTER_OWN, 0) == 0);
        for (int i = 0; i < COMPUTING; i++)
                MUST(!pthread_create(&t, NULL, compute, &count[8 * i]));
        for (int i = 0; i < 5 * rounds; i++) {
                MUST(syscall(SYS_membarrier, i % 2 ? ALL : OWN_EXPEDITED, 0) == 0);
                for (int j = 0; j < COMPUTING; j++)
                        until_it_moves(&count[8 * j]);
        }
}

/* --- pipes --- */

enum { RING = 6 };

/* One of a ring of processes: what comes from the one before is passed on, one more. */
static void member(int in, int out)
{
        for (long n; read(in, &n, sizeof(n)) == sizeof(n);) {
                n++;
                MUST(write(out, &n, sizeof(n)) == sizeof(n));
        }
        exit(1);
}

static void pipes(void)
{
        int ends[RING][2], child[RING];

        for (int i = 0; i < RING; i++)
                MUST(!pipe(ends[i]));
        for (int i = 1; i < RING; i++) {
                if (!(child[i] = fork()))
                        member(ends[i][0], ends[(i + 1) % RING][1]);
        }
        for (long i = 0, n = 0; i < 20 * rounds; i++) {
                MUST(write(ends[1][1], &n, sizeof(n)) == sizeof(n));
                MUST(read(ends[0][0], &n, sizeof(n)) == sizeof(n));
                MUST(n == (i + 1) * (RING - 1));
        }
        for (int i = 1; i < RING; i++) {
                kill(child[i], SIGKILL);
                MUST(waitpid(child[i], NULL, 0) == child[i]);
        }
}

int main(int count, char **word)
{
        static const struct part parts[] = {{"locks", locks},
                                            {"memory", memory},
                                            {"rights", rights},
                                            {"codes", codes},
                                            {"membarriers", membarriers},
                                            {"pipes", pipes},
                                            {0}};

        run_parts(count, word, parts);
        return 0;
}
