/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals: handlers in all situations, masks, what is interrupted and what restarts, groups, timers. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t count, last, nested, depth;
static void *volatile address;
static sigjmp_buf back;

static void on_signal(int signal)
{
        volatile double x = 1.5;

        count++;
        last = signal;
        x *= 3;
}

static void on_nested(int signal)
{
        if (++depth > nested)
                nested = depth;
        if (count++ < 3)
                raise(signal);
        depth--;
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
        (void)signal, (void)context;
        address = info->si_addr;
        siglongjmp(back, 1);
}

static void handle(int signal, void (*handler)(int), int flags)
{
        struct sigaction a = {.sa_handler = handler, .sa_flags = flags};

        sigaction(signal, &a, NULL);
}

static void after(long ms, long interval)
{
        struct itimerval t = {{0, interval * 1000}, {0, ms * 1000}};

        count = 0;
        setitimer(ITIMER_REAL, &t, NULL);
}

static void simple(void)
{
        struct sigaction old;

        handle(SIGUSR1, on_signal, 0);
        tell("to myself", kill(getpid(), SIGUSR1));
        printf("handled %d, signal %d\n", count, last);
        raise(SIGUSR1);
        printf("raised %d\n", count);
        sigaction(SIGUSR1, NULL, &old);
        printf("the old one is known: %d\n", old.sa_handler == on_signal);
        signal(SIGUSR2, SIG_IGN);
        raise(SIGUSR2);
        raise(SIGCHLD);
        raise(SIGWINCH);
        printf("ignored: still here, %d\n", count);
        handle(SIGUSR2, on_signal, SA_RESETHAND);
        raise(SIGUSR2);
        sigaction(SIGUSR2, NULL, &old);
        printf("only once: %d %d\n", count, old.sa_handler == SIG_DFL);
        count = 0;
        handle(SIGUSR1, on_nested, 0);
        raise(SIGUSR1);
        printf("one after the other: %d deep %d\n", count, nested);
        count = nested = 0;
        handle(SIGUSR1, on_nested, SA_NODEFER);
        raise(SIGUSR1);
        printf("one in the other: %d deep %d\n", count, nested);
        tell("kill has no handler", sigaction(SIGKILL, &(struct sigaction){.sa_handler = on_signal}, NULL));
        tell("no such signal", sigaction(99, NULL, &old));
}

static void masks(void)
{
        sigset_t set, old, none;

        handle(SIGUSR1, on_signal, 0);
        handle(SIGUSR2, on_signal, 0);
        count = 0;
        sigemptyset(&none);
        sigemptyset(&set);
        sigaddset(&set, SIGUSR1);
        tell("block", sigprocmask(SIG_BLOCK, &set, &old));
        raise(SIGUSR1);
        raise(SIGUSR1);
        sigpending(&set);
        printf("blocked: %d, pending %d\n", count, sigismember(&set, SIGUSR1));
        raise(SIGUSR2);
        printf("another comes: %d\n", count);
        errno = 0;
        printf("suspend: %d %s, handled %d\n", sigsuspend(&none), strerror(errno), count);
        sigprocmask(SIG_BLOCK, NULL, &set);
        printf("blocked again: %d\n", sigismember(&set, SIGUSR1));
        raise(SIGUSR1);
        tell("unblock", sigprocmask(SIG_SETMASK, &old, NULL));
        printf("now it came: %d\n", count);
        tell("a bad way", sigprocmask(77, &old, NULL));
}

/* The timer goes on, for on a busy machine the first alarm may come too early. */
static void interrupted(void)
{
        struct timespec pause = {5, 0}, rest = {0, 0};
        struct pollfd p = {.events = POLLIN};
        int end[2];
        char c = 0;

        pipe(end);
        p.fd = end[0];
        handle(SIGALRM, on_signal, 0);
        after(30, 100);
        tell("read", read(end[0], &c, 1));
        tell("nanosleep", nanosleep(&pause, &rest));
        printf("rest %d\n", rest.tv_sec <= 4 && rest.tv_sec + rest.tv_nsec > 0);
        tell("poll", poll(&p, 1, 5000));
        after(0, 0);
        if (fork() == 0) {
                usleep(500000);
                _exit(0);
        }
        after(30, 50);
        tell("wait", wait(NULL));
        printf("handled %d\n", count > 0);
        after(0, 0);
        wait(NULL);
        if (fork() == 0) {
                usleep(200000);
                write(end[1], "x", 1);
                _exit(0);
        }
        handle(SIGALRM, on_signal, SA_RESTART);
        after(20, 20);
        printf("read restarts: %zd", read(end[0], &c, 1));
        printf(" %c, handled %d\n", c, count > 0);
        after(0, 0);
        wait(NULL);
        close(end[0]), close(end[1]);
}

static void running(void)
{
        volatile double sum = 0;
        double a = 1.25, b = 2.5, c = 3.75;
        long rounds = 0;

        handle(SIGALRM, on_signal, 0);
        after(10, 10);
        while (count < 5) {
                sum = a * 4 + b * 2 + c;
                rounds += sum != 13.75;
        }
        after(0, 0);
        printf("a busy program was interrupted: %d, wrong results %ld\n", 1, rounds);
        printf("alarm left none: %u, ", alarm(100));
        printf("and now: %d\n", alarm(0) > 98);
}

static void faults(void)
{
        struct sigaction a = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
        volatile char *volatile bad = (char *)0x1230;

        sigaction(SIGSEGV, &a, NULL);
        for (int i = 0; i < 3; i++) {
                if (sigsetjmp(back, 1) == 0)
                        *bad = 1;
                else
                        printf("fault at %p\n", address);
        }
        signal(SIGSEGV, SIG_DFL);
}

static int status_of(pid_t pid)
{
        int status;

        waitpid(pid, &status, 0);
        return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void defaults(void)
{
        static const int signals[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGILL, SIGUSR1,
                                      SIGALRM, SIGTERM, SIGKILL, 40};

        signal(SIGUSR1, SIG_DFL);
        signal(SIGUSR2, SIG_DFL);
        signal(SIGALRM, SIG_DFL);
        for (unsigned i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
                pid_t pid = fork();

                if (pid == 0) {
                        raise(signals[i]);
                        _exit(0);
                }
                printf("%d ", status_of(pid));
        }
        printf("\n");
        signal(SIGPIPE, SIG_IGN);
        int end[2];
        pipe(end);
        close(end[0]);
        tell("a pipe that nobody reads", write(end[1], "x", 1));
        close(end[1]);
}

static pid_t child(int group, int busy)
{
        pid_t pid = fork();

        if (pid == 0) {
                setpgid(0, group);
                while (busy) {
                }
                for (;;)
                        pause();
        }
        setpgid(pid, group);
        return pid;
}

static void groups(void)
{
        pid_t a = child(0, 0), b = child(a, 1), c = child(0, 1);

        printf("of one group: %d, mine: %d\n", getpgid(a) == a && getpgid(b) == a, getpgid(0) == getpgrp());
        tell("to a group", kill(-a, SIGTERM));
        printf("both ended: %d %d\n", status_of(a), status_of(b));
        printf("the third did not: %d\n", waitpid(c, NULL, WNOHANG));
        tell("wait for no such group", waitpid(-a, NULL, 0));
        kill(c, SIGUSR2);
        printf("busy, by its default: %d\n", status_of(c) < 0);
        tell("to no group", kill(-a, SIGTERM));
        tell("a group of nobody", setpgid(30000, 0));
        tell("a group below 0", setpgid(0, -1));
}

static void children(void)
{
        handle(SIGCHLD, on_signal, SA_RESTART);
        count = 0;
        for (int i = 0; i < 3; i++) {
                if (fork() == 0)
                        _exit(0);
                else
                        wait(NULL);
        }
        printf("told of children: %d\n", count > 0 && last == SIGCHLD);
        signal(SIGCHLD, SIG_IGN);
        if (fork() == 0)
                _exit(0);
        tell("no zombies wanted", wait(NULL));
        signal(SIGCHLD, SIG_DFL);
}

int main(int words, char **word)
{
        (void)words, (void)word;
        setvbuf(stdout, NULL, _IONBF, 0);
        simple();
        masks();
        interrupted();
        running();
        faults();
        defaults();
        groups();
        children();
        handle(SIGTERM, on_signal, 0);
        printf("last\n");
        raise(SIGKILL);
        return 0;
}
