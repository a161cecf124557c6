/* SPDX-License-Identifier: BSD-2-Clause */
/* Timers that send signals: once, repeatedly, to one thread, to nobody; how often one was missed; what is refused. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MS = 1000000 };

static volatile int count, value, code;

static void on_signal(int signal, siginfo_t *info, void *context)
{
        (void)signal;
        (void)context;
        count++;
        value = info->si_value.sival_int;
        code = info->si_code;
}

static struct itimerspec in(long first_ms, long interval_ms)
{
        struct itimerspec t = {.it_value = {first_ms / 1000, first_ms % 1000 * MS},
                               .it_interval = {interval_ms / 1000, interval_ms % 1000 * MS}};

        return t;
}

static void once(void)
{
        struct sigevent e = {
                .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value = {.sival_int = 42}};
        struct itimerspec t = in(200, 0), left;
        timer_t timer;

        puts("-- once");
        TRY(timer_create(CLOCK_MONOTONIC, &e, &timer));
        TRY(timer_gettime(timer, &left));
        TRY(left.it_value.tv_sec + left.it_value.tv_nsec);
        TRY(timer_settime(timer, 0, &t, NULL));
        TRY(timer_gettime(timer, &left));
        TRY(left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 200 * MS);
        while (!count)
                usleep(1000);
        TRY(count);
        TRY(value);
        TRY(code == SI_TIMER);
        TRY(timer_gettime(timer, &left));
        TRY(left.it_value.tv_sec + left.it_value.tv_nsec);
        TRY(timer_delete(timer));
        TRY(syscall(SYS_timer_delete, 0));
}

static void repeated(void)
{
        struct itimerspec t = in(5, 5), now;
        sigset_t set;
        timer_t timer;
        int signal;

        puts("-- again and again");
        sigemptyset(&set);
        sigaddset(&set, SIGALRM);
        sigprocmask(SIG_BLOCK, &set, NULL);
        TRY(timer_create(CLOCK_REALTIME, NULL, &timer));
        TRY(timer_settime(timer, 0, &t, NULL));
        usleep(100 * 1000);
        TRY(sigwait(&set, &signal));
        TRY(signal == SIGALRM);
        usleep(20 * 1000); /* another one is pending, but was not taken */
        TRY(timer_getoverrun(timer) > 15);
        TRY(timer_settime(timer, 0, &(struct itimerspec){0}, &now));
        TRY(now.it_interval.tv_nsec == 5 * MS);
        TRY(timer_delete(timer));
        clock_gettime(CLOCK_REALTIME, &t.it_value);
        t.it_value.tv_sec -= 1;
        t.it_interval.tv_nsec = 0;
        TRY(timer_create(CLOCK_REALTIME, NULL, &timer));
        TRY(timer_settime(timer, TIMER_ABSTIME, &t, NULL));
        TRY(sigwait(&set, &signal));
        TRY(timer_delete(timer));
}

static void others(void)
{
        struct sigevent nobody = {.sigev_notify = SIGEV_NONE};
        struct itimerspec t = in(1000, 0), left;
        timer_t timer;
        int status;

        puts("-- to nobody, and after fork");
        TRY(timer_create(CLOCK_MONOTONIC, &nobody, &timer));
        TRY(timer_settime(timer, 0, &t, NULL));
        fflush(stdout);
        if (fork() == 0)
                _exit(timer_gettime(timer, &left) == -1 && errno == EINVAL);
        wait(&status);
        TRY(WEXITSTATUS(status));
        TRY(timer_delete(timer));
}

static void spin(int until)
{
        for (volatile long i = 0; count < until; i++)
                ;
}

static long used_ms(clockid_t clock)
{
        struct timespec t = {0};

        clock_gettime(clock, &t);
        return t.tv_sec * 1000 + t.tv_nsec / MS;
}

/* Timers on the time that the process or the thread uses: they do not expire while these sleep. */
static void used(clockid_t clock)
{
        struct sigevent e = {
                .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value = {.sival_int = 7}};
        struct itimerspec t = in(30, 0), left, absolute = in(1, 0);
        long from;
        int seen;
        timer_t timer;

        puts("-- of what is used");
        count = 0;
        TRY(clock_getres(clock, NULL));
        TRY(timer_create(clock, &e, &timer));
        TRY(timer_settime(timer, 0, &t, NULL));
        usleep(60 * 1000);
        TRY(count);
        from = used_ms(clock);
        spin(1);
        TRY(used_ms(clock) - from >= 15);
        TRY(value);
        TRY(code == SI_TIMER);
        TRY(timer_gettime(timer, &left));
        TRY(left.it_value.tv_nsec);
        t = in(10, 10);
        TRY(timer_settime(timer, 0, &t, NULL));
        spin(5);
        TRY(timer_gettime(timer, &left));
        TRY(left.it_interval.tv_nsec == 10 * MS && left.it_value.tv_nsec > 0 &&
            left.it_value.tv_nsec <= 10 * MS);
        seen = count;
        TRY(timer_settime(timer, TIMER_ABSTIME, &absolute, &left)); /* that is over */
        spin(seen + 1);
        TRY(timer_delete(timer));
        count = 0;
}

static void refused(void)
{
        struct sigevent bad = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 100};
        struct itimerspec t = in(10, 0);
        timer_t timer;

        puts("-- refused");
        TRY(timer_create(99, NULL, &timer));
        TRY(timer_create(CLOCK_MONOTONIC, &bad, &timer));
        bad.sigev_notify = 77;
        bad.sigev_signo = SIGUSR1;
        TRY(timer_create(CLOCK_MONOTONIC, &bad, &timer));
        TRY(syscall(SYS_timer_create, CLOCK_MONOTONIC, 8, &timer));
        TRY(syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, 8));
        TRY(timer_create(CLOCK_MONOTONIC, NULL, &timer));
        t.it_value.tv_nsec = 1000 * MS;
        TRY(timer_settime(timer, 0, &t, NULL));
        TRY(syscall(SYS_timer_settime, 0, 0, NULL, NULL));
        TRY(syscall(SYS_timer_gettime, 77, &t));
        TRY(syscall(SYS_timer_getoverrun, 77));
        TRY(timer_delete(timer));
}

int main(void)
{
        struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
        struct timespec now;
        clockid_t clock;

        sigaction(SIGUSR1, &action, NULL);
        once();
        repeated();
        others();
        used(CLOCK_PROCESS_CPUTIME_ID);
        used(CLOCK_THREAD_CPUTIME_ID);
        TRY(clock_getcpuclockid(0, &clock));
        used(clock);
        TRY(clock_getcpuclockid(getpid(), &clock));
        TRY(clock_gettime(clock, &now));
        TRY(clock_gettime((clockid_t)(~(unsigned)getpid() << 3 | 3), &now));
        TRY(clock_gettime((clockid_t)(~0x7fffffu << 3 | 2), &now));
        refused();
        return 0;
}
