/* SPDX-License-Identifier: BSD-2-Clause */
/* Many of everything, one after the other and at once.  masses FORKS THREADS MAPPINGS; without numbers there are few.  It starts itself
 * for exec, which ends at once. */
#define _GNU_SOURCE
#include "ask.h"

#include <pthread.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>

extern char **environ;

/* Each third is a fork that ends, a fork that runs a program, and a vfork that does. */
static void test_processes(const char *self, int count)
{
        char *const arguments[] = {(char *)self, (char *)"ends", NULL};
        int good = 0;

        for (int i = 0; i < count; i++) {
                int status = -1, child;

                if (i % 3 == 2) {
                        if (posix_spawn(&child, self, NULL, NULL, arguments, environ))
                                child = -1;
                } else {
                        child = fork();
                        if (child == 0 && i % 3 == 1)
                                execv(self, arguments);
                        if (child == 0)
                                _exit(7);
                }
                if (child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
                    WEXITSTATUS(status) == 7)
                        good++;
                else
                        printf("process %d: error %d, status %x\n", i, errno, status);
        }
        printf("processes: %s\n", good == count ? "all" : "some are missing");
}

static pthread_barrier_t all;

static void *arrives(void *number)
{
        pthread_barrier_wait(&all);
        return number;
}

static void test_threads(int count)
{
        pthread_t *t = calloc((size_t)count, sizeof(*t));
        pthread_attr_t a;
        int made = 0, good = 0;

        pthread_attr_init(&a);
        pthread_attr_setstacksize(&a, 65536);
        pthread_barrier_init(&all, NULL, (unsigned)count + 1);
        while (made < count && !pthread_create(&t[made], &a, arrives, t + count - made))
                made++;
        if (made < count) {
                printf("thread %d cannot be made\n", made);
                exit(1);
        }
        pthread_barrier_wait(&all); /* all are there at once */
        for (int i = 0; i < count; i++) {
                void *result = NULL;

                pthread_join(t[i], &result);
                good += result == t + count - i;
        }
        printf("threads: %s\n", good == count ? "all" : "some are missing");
        free(t);
}

static void test_mappings(int count)
{
        enum { PAGE = 4096 };
        char **at = calloc((size_t)count, sizeof(*at)),
             *area = mmap(NULL, (size_t)count * 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        int good = 0;

        for (int i = 0; i < count; i++) { /* none is a neighbour of another */
                at[i] = mmap(area + (size_t)i * 2 * PAGE, PAGE, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
                if (at[i] == MAP_FAILED) {
                        printf("mapping %d: error %d\n", i, errno);
                        exit(1);
                }
                memcpy(at[i], &i, sizeof(i));
        }
        for (int i = 0; i < count; i++)
                good += !memcmp(at[i], &i, sizeof(i));
        printf("mappings: %s\n", good == count ? "all" : "some are wrong");
        munmap(area, (size_t)count * 2 * PAGE);
        free(at);
}

static int number(int argc, char **argv, int i, int few)
{
        return argc > i && atoi(argv[i]) > 0 ? atoi(argv[i]) : few;
}

int main(int argc, char **argv)
{
        if (argc > 1 && !strcmp(argv[1], "ends"))
                return 7;
        setvbuf(stdout, NULL, _IOLBF, 0);
        test_processes("/proc/self/exe", number(argc, argv, 1, 12));
        test_threads(number(argc, argv, 2, 30));
        test_mappings(number(argc, argv, 3, 100));
        return 0;
}
