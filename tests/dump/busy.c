/* SPDX-License-Identifier: BSD-2-Clause */
/* What the profiler is tried on besides: a program that lies anywhere (-static-pie), with more threads than fit in a small table, of
 * which the youngest computes.  The others wait. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

enum { THREADS = 100, STACK = 65536 };

static volatile uint64_t sum;

__attribute__((noinline)) static void burn(void)
{
        for (;;)
                sum += sum >> 1;
}

static void *work(void *computes)
{
        if (!computes)
                pause();
        printf("burning\n");
        fflush(stdout);
        burn();
        return NULL;
}

int main(void)
{
        pthread_attr_t small;
        pthread_t thread;

        pthread_attr_init(&small);
        pthread_attr_setstacksize(&small, STACK);
        for (int i = 1; i < THREADS; i++) {
                if (pthread_create(&thread, &small, work, i + 1 < THREADS ? NULL : &small))
                        return 1;
        }
        pause();
        return 0;
}
