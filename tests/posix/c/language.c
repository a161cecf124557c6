/* SPDX-License-Identifier: BSD-2-Clause */
/* What the C library does without the system: formats, sorting, numbers, jumps, thread-local storage, deep stacks. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { NUMBERS = 1000, DEPTH = 100, LARGE = 200000 };

static _Thread_local int own = 41, fresh[100];
static jmp_buf back;
static int constructed, order;

static __attribute__((constructor)) void construct(void)
{
        constructed = ++order;
}

static void at_end(void)
{
        printf("at exit\n");
        fflush(stdout);
}

static void formats(void)
{
        int a, n;
        double d;
        char word[20], text[8];
        const char *volatile longer = "longer than eight";

        printf("%d %5d|%-5d|%05d %x %#o %lld %zu %c %s %.3s %%\n", -1, 42, 42, 42, 255, 8, 1ll << 62,
               sizeof(long), 'c', "text", "abcdef");
        printf("%f %.10f %e %g %g %a\n", 1.5, 1.0 / 3, 12345.678, 1e-5, 1e100, 0.1);
        printf("%Lf %g %g %g\n", 2.5L, INFINITY, -INFINITY, DBL_MIN);
        n = sscanf("17 2.5 word", "%d %lf %19s", &a, &d, word);
        printf("%d: %d %g %s\n", n, a, d, word);
        n = snprintf(text, sizeof(text), "%s", longer);
        printf("%d %s\n", n, text);
        printf("%ld %lu %g\n", strtol("-0x1f", NULL, 16), strtoul("777", NULL, 8), strtod("6.02e23", NULL));
        fprintf(stderr, "to the other stream\n");
}

static int compare(const void *a, const void *b)
{
        const uint32_t *x = a, *y = b;

        return (*x > *y) - (*x < *y);
}

static void sorting(void)
{
        static uint32_t number[NUMBERS];
        uint32_t state = 1, wanted = 0;
        int in_order = 1;

        for (int i = 0; i < NUMBERS; i++)
                number[i] = state = state * 1664525 + 1013904223;
        qsort(number, NUMBERS, sizeof(*number), compare);
        for (int i = 1; i < NUMBERS; i++)
                in_order &= number[i - 1] <= number[i];
        wanted = number[NUMBERS / 3];
        printf("sorted %d, found %d\n", in_order,
               (int)((uint32_t *)bsearch(&wanted, number, NUMBERS, sizeof(*number), compare) - number));
        srand(1);
        state = (uint32_t)rand();
        srand(1);
        printf("rand repeats: %d\n", state == (uint32_t)rand());
}

static void floating(void)
{
        volatile double x = 2, sum = 0;
        volatile float f = 16777216.f;

        for (int i = 1; i <= 1000; i++)
                sum += 1.0 / i / i;
        printf("%.15g %.15g %.15g %.15g\n", sqrt(x), sin(x), exp(x), sum);
        printf("%g %d %.6g\n", (double)(f + 1), (int)lround(2.5), pow(1.0001, 10000));
}

static int jump(int level)
{
        if (level == 0)
                longjmp(back, 7);
        return level < 0 ? 0 : jump(level - 1) + 1;
}

static long deep(int level)
{
        volatile char large[LARGE / DEPTH * 30];

        large[0] = large[sizeof(large) - 1] = (char)level;
        return level == 0 ? 0 : deep(level - 1) + (large[sizeof(large) - 1] == (char)level);
}

static void large_array(void)
{
        volatile char array[LARGE * 10];

        for (size_t i = 0; i < sizeof(array); i += 4096)
                array[i] = 1;
        printf("large array %d\n", array[4096 * 10]);
}

static void clocks(void)
{
        struct timespec start, end, pause = {0, 20000000};
        time_t day = 86400 * 365;
        char text[40];
        long ms;

        clock_gettime(CLOCK_MONOTONIC, &start);
        printf("nanosleep %d\n", nanosleep(&pause, NULL));
        clock_gettime(CLOCK_MONOTONIC, &end);
        ms = (end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000;
        printf("slept long enough: %d\n", ms >= 20 && ms < 3000);
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", gmtime(&day));
        printf("%s\n", text);
        printf("resolution %d\n",
               clock_getres(CLOCK_MONOTONIC, &pause) == 0 && pause.tv_sec == 0 && pause.tv_nsec > 0);
        printf("no such clock %d\n", clock_gettime(99, &start));
        printf("clock counts: %d, time is one: %d\n", clock() != (clock_t)-1, time(NULL) >= start.tv_sec);
}

int main(int count, char **word)
{
        static volatile int again;

        setvbuf(stdout, NULL, _IONBF, 0);
        printf("%d %d %s %s\n", count, constructed, count > 1 ? word[1] : "", count > 2 ? word[2] : "");
        formats();
        sorting();
        floating();
        if (setjmp(back) == 0)
                jump(20);
        else
                printf("jumped %d\n", ++again);
        own++;
        printf("thread-local %d %d\n", own, fresh[99]);
        printf("deep %ld\n", deep(DEPTH));
        large_array();
        clocks();
        atexit(at_end);
        return 42;
}
