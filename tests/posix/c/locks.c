/* SPDX-License-Identifier: BSD-2-Clause */
/* Locks that are words of memory (FUTEX_LOCK_PI), by themselves and as mutexes: handed over in order, also by threads that end. */
#define _GNU_SOURCE
#include "ask.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

enum { LOCK = 6, UNLOCK = 7, TRY_LOCK = 8, LOCK_BY_CLOCK = 13, PRIVATE = 128, BY_DATE = 256 };
static const uint32_t WAITERS = 1u << 31, OWNER_DIED = 1 << 30, OWNER = (1 << 30) - 1;

static long futex(uint32_t *word, int operation, const struct timespec *until)
{
        return syscall(SYS_futex, word, operation, 0, until, NULL, 0);
}

static uint32_t self(void)
{
        return (uint32_t)syscall(SYS_gettid);
}

static struct timespec in_ms(clockid_t clock, long ms)
{
        struct timespec t;

        clock_gettime(clock, &t);
        t.tv_nsec += ms * 1000000 + 1000000000; /* which may be before now */
        t.tv_sec += t.tv_nsec / 1000000000 - 1;
        t.tv_nsec %= 1000000000;
        return t;
}

static void show_word(const char *what, uint32_t word)
{
        printf("%s:%s%s %s\n", what, word & WAITERS ? " waiters" : "", word & OWNER_DIED ? " died" : "",
               (word & OWNER) == self() ? "mine"
               : word & OWNER           ? "another's"
                                        : "nobody's");
}

/* --- one thread --- */

static void test_alone(void)
{
        static uint32_t word, *volatile nowhere = (uint32_t *)8;
        struct timespec past = in_ms(CLOCK_REALTIME, -10), bad = {0, 1000000000};

        ASK(futex(&word, LOCK, NULL));
        show_word("locked", word);
        ASK(futex(&word, LOCK, NULL));
        ASK(futex(&word, TRY_LOCK, NULL));
        ASK(futex(&word, UNLOCK, NULL));
        show_word("unlocked", word);
        ASK(futex(&word, UNLOCK, NULL));
        ASK(futex(&word, TRY_LOCK | PRIVATE, NULL));
        ASK(futex(&word, UNLOCK | PRIVATE, NULL));
        ASK(futex(&word, LOCK | BY_DATE, NULL));
        ASK(futex(&word, LOCK, &bad));
        word = OWNER_DIED;
        ASK(futex(&word, LOCK, &past));
        show_word("of one that died", word);
        ASK(futex(&word, UNLOCK, NULL));
        word = 0x3ffffff0; /* no such thread */
        ASK(futex(&word, LOCK, NULL));
        ASK(futex(&word, UNLOCK, NULL));
        ASK(futex((uint32_t *)((char *)&word + 2), LOCK, NULL));
        ASK(futex(nowhere, LOCK, NULL));
        ASK(futex(nowhere, UNLOCK, NULL));
}

/* --- several --- */

static uint32_t lock;
static int order[8], orders;
static volatile uint32_t stands; /* who is about to stand in line */

static void *stands_in_line(void *number)
{
        long result;

        stands = self();
        result = futex(&lock, LOCK | PRIVATE, NULL);
        order[orders++] = (int)(intptr_t)number;
        if (result || (lock & OWNER) != self())
                printf("thread %d: error %d\n", (int)(intptr_t)number, errno);
        futex(&lock, UNLOCK | PRIVATE, NULL);
        return NULL;
}

/* The next one stands in line: it sleeps. */
static void await_next(void)
{
        char path[64], state = 0;

        while (!stands)
                usleep(1000);
        snprintf(path, sizeof(path), "/proc/self/task/%u/stat", stands);
        while (state != 'S') {
                FILE *f = fopen(path, "r");

                if (!f || fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
                        state = 0;
                if (f)
                        fclose(f);
                usleep(1000);
        }
        stands = 0;
}

static void test_order(void)
{
        pthread_t t[4];

        futex(&lock, LOCK | PRIVATE, NULL);
        for (int i = 0; i < 4; i++) {
                pthread_create(&t[i], NULL, stands_in_line, (void *)(intptr_t)i);
                await_next();
        }
        show_word("awaited", lock);
        futex(&lock, UNLOCK | PRIVATE, NULL);
        for (int i = 0; i < 4; i++)
                pthread_join(t[i], NULL);
        printf("in order: %d %d %d %d\n", order[0], order[1], order[2], order[3]);
        show_word("at the end", lock);
}

static void *holds(void *ms)
{
        futex(&lock, LOCK, NULL);
        usleep((useconds_t)(intptr_t)ms * 1000);
        return NULL; /* with the lock */
}

static void test_times(void)
{
        struct timespec soon;
        pthread_t t;

        pthread_create(&t, NULL, holds, (void *)400);
        while (!__atomic_load_n(&lock, __ATOMIC_SEQ_CST))
                usleep(1000);
        ASK(futex(&lock, TRY_LOCK, NULL));
        soon = in_ms(CLOCK_REALTIME, 30);
        ASK(futex(&lock, LOCK, &soon));
        soon = in_ms(CLOCK_MONOTONIC, 30);
        ASK(futex(&lock, LOCK_BY_CLOCK, &soon));
        soon = in_ms(CLOCK_REALTIME, 30);
        ASK(futex(&lock, LOCK_BY_CLOCK | BY_DATE, &soon));
        ASK(futex(&lock, UNLOCK, NULL));
        ASK(futex(&lock, LOCK, NULL)); /* it ends meanwhile */
        show_word("of one that has ended", lock);
        pthread_join(t, NULL);
        ASK(futex(&lock, UNLOCK, NULL));
        show_word("unlocked", lock);
}

static volatile int rung;

static void ring(int signal)
{
        rung += signal > 0;
}

static void *holds_while_it_rings(void *none)
{
        struct itimerval never = {{0, 0}, {0, 0}};

        futex(&lock, LOCK, NULL);
        while (rung < 3)
                usleep(1000);
        setitimer(ITIMER_REAL, &never, NULL);
        usleep(50000); /* it waits again */
        return none;
}

/* A handler runs, and then the call goes on. */
static void test_signal(void)
{
        struct sigaction a = {.sa_handler = ring};
        struct itimerval often = {{0, 30000}, {0, 30000}};
        sigset_t mask;
        pthread_t t;

        sigaction(SIGALRM, &a, NULL);
        sigemptyset(&mask);
        sigaddset(&mask, SIGALRM);
        pthread_sigmask(SIG_BLOCK, &mask, NULL);
        pthread_create(&t, NULL, holds_while_it_rings, NULL);
        while (!__atomic_load_n(&lock, __ATOMIC_SEQ_CST))
                usleep(1000);
        pthread_sigmask(SIG_UNBLOCK, &mask, NULL);
        setitimer(ITIMER_REAL, &often, NULL);
        ASK(futex(&lock, LOCK, NULL));
        show("handlers ran", rung >= 3);
        pthread_join(t, NULL);
        ASK(futex(&lock, UNLOCK, NULL));
}

/* Processes that map it at different places; one of them is killed with the lock. */
static void test_processes(void)
{
        uint32_t *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        int status, child = fork();

        if (!child) {
                word = mremap(word, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)0x50000000ul);
                futex(word, LOCK, NULL);
                pause();
                _exit(1);
        }
        while (!__atomic_load_n(word, __ATOMIC_SEQ_CST))
                usleep(1000);
        if (!fork()) {
                usleep(100000);
                kill(child, SIGKILL);
                _exit(0);
        }
        ASK(futex(word, LOCK, NULL));
        show_word("of one that was killed", *word);
        while (wait(&status) > 0)
                ;
        ASK(futex(word, UNLOCK, NULL));
}

/* --- as mutexes --- */

static pthread_mutex_t mutex;
static long counter;

static void *counts(void *none)
{
        for (int i = 0; i < 3000; i++) {
                pthread_mutex_lock(&mutex);
                counter++;
                if (i % 50 == 0)
                        sched_yield();
                pthread_mutex_unlock(&mutex);
        }
        return none;
}

static void *keeps(void *none)
{
        pthread_mutex_lock(&mutex);
        return none;
}

static void test_mutexes(int robust)
{
        pthread_mutexattr_t a;
        pthread_t t[6];

        pthread_mutexattr_init(&a);
        show_number("inherits", pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT));
        if (robust)
                pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
        pthread_mutexattr_settype(&a, PTHREAD_MUTEX_ERRORCHECK);
        show_number("mutex", pthread_mutex_init(&mutex, &a));
        counter = 0;
        for (int i = 0; i < 6; i++)
                pthread_create(&t[i], NULL, counts, NULL);
        for (int i = 0; i < 6; i++)
                pthread_join(t[i], NULL);
        show_number("counted", counter);
        show_number("lock", pthread_mutex_lock(&mutex));
        show_number("twice", pthread_mutex_lock(&mutex));
        show_number("unlock", pthread_mutex_unlock(&mutex));
        if (robust) {
                pthread_create(&t[0], NULL, keeps, NULL);
                pthread_join(t[0], NULL);
                show_number("owner died", pthread_mutex_lock(&mutex));
                show_number("made consistent", pthread_mutex_consistent(&mutex));
                show_number("unlock", pthread_mutex_unlock(&mutex));
                show_number("lock", pthread_mutex_trylock(&mutex));
                show_number("unlock", pthread_mutex_unlock(&mutex));
        }
        show_number("destroy", pthread_mutex_destroy(&mutex));
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        test_alone();
        test_order();
        test_times();
        test_signal();
        test_processes();
        test_mutexes(0);
        test_mutexes(1);
        return 0;
}
