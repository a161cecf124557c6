/* SPDX-License-Identifier: BSD-2-Clause */
/* What the programs of this folder share: parts with a name, each in a process of its own, which prints `NAME ok`, or what was wrong.
 *
 * Nothing depends on how fast the machine is: time is compared with time of the same clock. */
#pragma once
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long rounds = 1; /* the second argument: more of everything */

#define MUST(what)                                                                                           \
        do {                                                                                                 \
                if (!(what)) {                                                                               \
                        printf("line %d: not so: %s (error %d)\n", __LINE__, #what, errno);                  \
                        exit(1);                                                                             \
                }                                                                                            \
        } while (0)

static inline void *shared(size_t size)
{
        void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

        MUST(p != MAP_FAILED);
        return p;
}

static inline double now_ns(clockid_t clock)
{
        struct timespec t;

        clock_gettime(clock, &t);
        return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline void rest(long ms)
{
        struct timespec t = {ms / 1000, ms % 1000 * 1000000};

        nanosleep(&t, NULL);
}

static inline int cores(void)
{
        return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

static inline int be_on(int core)
{
        cpu_set_t set;

        CPU_ZERO(&set);
        CPU_SET(core, &set);
        return sched_setaffinity(0, sizeof(set), &set);
}

static inline int where(void)
{
        unsigned core = 99, node = 99;

        MUST(syscall(SYS_getcpu, &core, &node, NULL) == 0 && node == 0);
        return (int)core;
}

static inline void *compute(void *at)
{
        for (volatile long *count = at;; ++*count)
                ;
        return NULL;
}

/* It has not moved while all that could move it had much time. */
static inline int stands(volatile long *count)
{
        long before = *count;

        rest(50);
        return *count == before;
}

static inline void until_it_moves(volatile long *count)
{
        for (long before = *count; *count == before;)
                rest(1);
}

struct part {
        const char *name;
        void (*run)(void);
};

/* All of them, or the one that is named. */
static inline void run_parts(int count, char **word, const struct part *parts)
{
        const char *only = count > 1 && strcmp(word[1], "all") ? word[1] : NULL;

        rounds = count > 2 ? atol(word[2]) : 1;
        for (; parts->name; parts++) {
                int status, child;

                if (only && strcmp(only, parts->name))
                        continue;
                fflush(stdout);
                if (!(child = fork())) {
                        parts->run();
                        exit(0);
                }
                MUST(waitpid(child, &status, 0) == child);
                printf("%s %s\n", parts->name, status ? "FAILED" : "ok");
        }
}
