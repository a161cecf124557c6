/* SPDX-License-Identifier: BSD-2-Clause */
/* The program that tests/gdb debugs: three threads that count together, a child, registers and memory with known contents, a fault
 * at the end. */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 3, ROUNDS = 5 };

static volatile int wanted = 1;
static int counted;
static pthread_barrier_t all;
static void *volatile nowhere = (void *)16;
static volatile double three = 3.0, half = 0.5;

__attribute__((noinline)) static int add(int number, int round)
{
        __atomic_fetch_add(&counted, 1, __ATOMIC_SEQ_CST);
        return number * 100 + round;
}

static void *work(void *argument)
{
        int number = *(int *)argument, sum = 0;

        pthread_barrier_wait(&all);
        for (int i = 0; i < ROUNDS; i++) {
                sum += add(number, i);
                usleep(1000);
        }
        return (void *)(long)sum;
}

__attribute__((noinline)) static int shared(int x)
{
        return x + 1;
}

__attribute__((noinline)) static double scale(double x)
{
        __asm__ volatile("" : "+w"(x));
        return x * half;
}

/* A loop for a breakpoint that is met 1,000 times, and 10,000 single steps behind that. */
__attribute__((noinline)) static unsigned spin(unsigned n)
{
        unsigned x = 0;

        for (unsigned i = 0; i < n; i++)
                x = x * 3 + shared((int)i);
        return x;
}

static volatile int marks[3];
static volatile char text[20];

/* Memory that is written and read where a watchpoint may be. */
__attribute__((noinline)) static int mark(void)
{
        marks[0] = 7; /* beside the watched bytes */
        marks[1] = 1;
        marks[1]++;
        marks[2] = 8;
        text[13] = 'x';
        return marks[1] + text[13];
}

/* Waits for an interrupt, if the machine lets user level do that. */
__attribute__((noinline)) static void rest(void)
{
        __asm__ volatile("wfi");
}

static int child(void)
{
        int status, pid = fork();

        if (pid == 0)
                _exit(shared(41) == 42 ? 7 : 1);
        waitpid(pid, &status, 0);
        return WEXITSTATUS(status);
}

int main(int count, char **word)
{
        pthread_t threads[WORKERS];
        int numbers[WORKERS];

        bool waits = count > 1 && !strcmp(word[1], "wait"); /* which is in a file */

        if (waits && !freopen("/said", "w", stdout))
                return 1;
        printf("scaled %.2f, spun %u\n", scale(three), spin(4000));
        printf("child %d\n", child());
        printf("marked %d\n", mark());
        rest();
        pthread_barrier_init(&all, NULL, WORKERS);
        for (int i = 0; i < WORKERS; i++) {
                numbers[i] = i + 1;
                pthread_create(&threads[i], NULL, work, &numbers[i]);
        }
        for (int i = 0; i < WORKERS; i++)
                pthread_join(threads[i], NULL);
        printf("counted %d\n", counted);
        fflush(stdout);
        while (waits && wanted)
                usleep(10000);
        if (count > 1 && !strcmp(word[1], "crash"))
                memset(nowhere, 1, 1);
        return 3;
}
