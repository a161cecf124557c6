/* SPDX-License-Identifier: BSD-2-Clause */
/* Message queues with names: order by priorities, waiting with and without a timeout, poll, notification, what ends with a name and with a
 * process, and what is refused.  Through the calls themselves: one of the C libraries wants a slash before each name. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MS = 1000000, MOST = 4, BYTES = 64, CLOSE_RANGE = 436 };

#define ASKED(call) (errno = 0, show_number(#call, (long)(call)))

struct attributes {
        long flags, most, bytes, count, unused[4];
};

static char name[32];

static int open_queue(int flags, long most, long bytes)
{
        struct attributes a = {.most = most, .bytes = bytes};

        return (int)syscall(SYS_mq_open, name, flags, 0600, most ? &a : NULL);
}

static long send_to(int q, const char *text, unsigned priority)
{
        return syscall(SYS_mq_timedsend, q, text, strlen(text), priority, NULL);
}

static void receive(int q)
{
        char text[8192];
        unsigned priority = 0;
        long n = syscall(SYS_mq_timedreceive, q, text, sizeof(text), &priority, NULL);

        if (n < 0)
                printf("error %d\n", errno);
        else
                printf("%.*s, %u\n", (int)n, text, priority);
}

static void state(int q)
{
        struct attributes a;

        if (syscall(SYS_mq_getsetattr, q, NULL, &a))
                printf("error %d\n", errno);
        else
                printf("%ld of %ld, %ld bytes, %s\n", a.count, a.most, a.bytes,
                       a.flags & O_NONBLOCK ? "does not block" : "blocks");
}

static void order(void)
{
        int q = open_queue(O_CREAT | O_EXCL | O_RDWR | O_NONBLOCK, MOST, BYTES);

        puts("-- order");
        ASKED(fcntl(q, F_GETFD) == FD_CLOEXEC);
        state(q);
        ASKED(send_to(q, "second", 5));
        ASKED(send_to(q, "last", 0));
        ASKED(send_to(q, "third", 5));
        ASKED(send_to(q, "first", 32767));
        ASKED(send_to(q, "too many", 1));
        state(q);
        for (int i = 0; i < MOST + 1; i++)
                receive(q);
        ASKED(send_to(q, "", 3));
        receive(q);
        ASKED(close(q));
}

static void names(void)
{
        int q, again;

        puts("-- names");
        ASKED(open_queue(O_CREAT | O_EXCL | O_RDWR, MOST, BYTES));
        q = open_queue(O_RDWR | O_NONBLOCK, 0, 0);
        again = open_queue(O_CREAT | O_RDONLY, 7, 7);
        state(again);
        ASKED(send_to(q, "through another", 1));
        receive(again);
        ASKED(send_to(again, "x", 1));
        ASKED(syscall(SYS_mq_unlink, name));
        ASKED(syscall(SYS_mq_unlink, name));
        ASKED(open_queue(O_RDWR, 0, 0));
        ASKED(send_to(q, "without a name", 1));
        receive(again);
        close(q);
        q = open_queue(O_CREAT | O_WRONLY | O_NONBLOCK, 2, 8);
        state(q);
        receive(q);
        ASKED(send_to(q, "123456789", 1));
        ASKED(send_to(q, "12345678", 1));
        close(q);
        close(again);
        q = open_queue(O_RDWR, 0, 0);
        state(q);
        receive(q);
        close(q);
        ASKED(syscall(SYS_mq_unlink, name));
        q = open_queue(O_CREAT | O_RDWR, 0, 0);
        state(q);
        close(q);
        ASKED(syscall(SYS_mq_unlink, name));
}

static void nothing(int signal)
{
        (void)signal;
}

static void waiting(void)
{
        int q = open_queue(O_CREAT | O_RDWR, 1, BYTES), pid, status;
        struct timespec end;
        char text[BYTES];

        puts("-- waiting");
        pid = fork();
        if (!pid)
                _exit(syscall(SYS_mq_timedreceive, q, text, BYTES, NULL, NULL) != 8 ||
                      send_to(q, "answer", 2) || send_to(q, "waits for room", 2));
        until_it_waits(pid);
        ASKED(send_to(q, "question", 1));
        until_it_waits(pid); /* for room now: the message has made it runnable at once */
        receive(q);
        waitpid(pid, &status, 0);
        show_end("the other one", status);
        receive(q);
        clock_gettime(CLOCK_REALTIME, &end);
        end.tv_nsec += 30 * MS;
        end.tv_sec += end.tv_nsec / 1000000000;
        end.tv_nsec %= 1000000000;
        ASKED(syscall(SYS_mq_timedreceive, q, text, BYTES, NULL, &end));
        ASKED(syscall(SYS_mq_timedreceive, q, text, BYTES, NULL, &(struct timespec){0, 0}));
        ASKED(send_to(q, "full", 1));
        ASKED(syscall(SYS_mq_timedsend, q, "more", 4, 1, &end));
        ASKED(syscall(SYS_mq_timedreceive, q, text, BYTES, NULL, &(struct timespec){0, 0}));
        sigaction(SIGALRM, &(struct sigaction){.sa_handler = nothing}, NULL);
        ASKED(RUNG(syscall(SYS_mq_timedreceive, q, text, BYTES, NULL, NULL)));
        close(q);
        syscall(SYS_mq_unlink, name);
}

static int ready(int q)
{
        struct pollfd p = {.fd = q, .events = POLLIN | POLLOUT};

        poll(&p, 1, 0);
        return p.revents;
}

static void polled(void)
{
        int q = open_queue(O_CREAT | O_RDWR, 1, BYTES), pid;
        struct pollfd p = {.fd = q, .events = POLLIN};

        puts("-- polled");
        printf("%#x\n", ready(q));
        pid = fork();
        if (!pid) {
                usleep(20 * 1000);
                _exit(send_to(q, "wakes", 1) < 0);
        }
        ASKED(poll(&p, 1, -1));
        printf("%#x\n", ready(q));
        receive(q);
        waitpid(pid, NULL, 0);
        printf("%#x\n", ready(q));
        close(q);
        syscall(SYS_mq_unlink, name);
}

static volatile int told, told_value, told_code, told_by;

static void on_message(int signal, siginfo_t *info, void *context)
{
        (void)signal;
        (void)context;
        told++;
        told_value = info->si_value.sival_int;
        told_code = info->si_code;
        told_by = info->si_pid;
}

/* What a read tells: bytes of all messages, and who is told; the number of the process depends on the run. */
static void text_of(void)
{
        char text[128] = "", *pid;
        int q = open_queue(O_RDONLY, 0, 0);
        long n = read(q, text, sizeof(text) - 1);

        pid = strstr(text, "NOTIFY_PID:");
        if (n < 0 || !pid)
                printf("%ld, error %d\n", n, errno);
        else
                printf("%ld, %.*s%s\n", n, (int)(pid - text), text,
                       atoi(pid + 11) == getpid() ? "myself" : pid + 11);
        close(q);
}

static void as_text(void)
{
        int q = open_queue(O_CREAT | O_RDWR, MOST, BYTES);
        struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1},
                        none = {.sigev_notify = SIGEV_NONE};
        char some[16] = "";

        puts("-- a queue as a text");
        text_of();
        ASKED(syscall(SYS_mq_notify, q, &none));
        text_of();
        ASKED(syscall(SYS_mq_notify, q, NULL));
        ASKED(syscall(SYS_mq_notify, q, &e));
        text_of();
        ASKED(syscall(SYS_mq_notify, q, NULL));
        ASKED(send_to(q, "one", 1));
        ASKED(send_to(q, "seven", 1));
        text_of();
        ASKED(read(q, some, 9));
        printf("%s|\n", some);
        ASKED(read(q, some, 5));
        printf("%.5s|\n", some);
        ASKED(write(q, some, 5));
        receive(q);
        receive(q);
        close(q);
        ASKED(syscall(SYS_mq_unlink, name));
}

static void notified(void)
{
        int q = open_queue(O_CREAT | O_RDWR, MOST, BYTES), pid, status;
        struct sigevent e = {
                .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value = {.sival_int = 42}};
        struct sigevent none = {.sigev_notify = SIGEV_NONE}, bad = {.sigev_notify = 77},
                        worse = {.sigev_signo = 65};

        puts("-- told of messages");
        sigaction(SIGUSR1, &(struct sigaction){.sa_sigaction = on_message, .sa_flags = SA_SIGINFO}, NULL);
        ASKED(syscall(SYS_mq_notify, q, &e));
        ASKED(syscall(SYS_mq_notify, q, &e));
        pid = fork();
        if (!pid)
                _exit(syscall(SYS_mq_notify, q, &e) == 0 || errno != EBUSY);
        waitpid(pid, &status, 0);
        show_end("nobody else", status);
        ASKED(send_to(q, "one", 1));
        printf("%d %d %d %d\n", told, told_value, told_code == SI_MESGQ, told_by == getpid());
        ASKED(send_to(q, "two", 1));
        ASKED(syscall(SYS_mq_notify, q, &e));
        ASKED(send_to(q, "the queue was not empty", 1));
        printf("%d\n", told);
        receive(q);
        receive(q);
        receive(q);
        ASKED(syscall(SYS_mq_notify, q, NULL));
        ASKED(syscall(SYS_mq_notify, q, NULL));
        ASKED(send_to(q, "nobody is told", 1));
        receive(q);
        printf("%d\n", told);
        ASKED(syscall(SYS_mq_notify, q, &none));
        ASKED(syscall(SYS_mq_notify, q, &e));
        ASKED(send_to(q, "not by a signal", 1));
        receive(q);
        ASKED(syscall(SYS_mq_notify, q, &e));
        pid = fork();
        if (!pid) {
                char text[BYTES];

                _exit((int)syscall(SYS_mq_timedreceive, q, text, BYTES, NULL, NULL));
        }
        until_it_waits(pid);
        ASKED(send_to(q, "for somebody who waits", 1));
        waitpid(pid, &status, 0);
        show_end("somebody who waits", status);
        printf("%d\n", told);
        close(open_queue(O_RDWR, 0, 0));
        ASKED(send_to(q, "closed", 1));
        printf("%d\n", told);
        receive(q);
        ASKED(syscall(SYS_mq_notify, q, &bad));
        ASKED(syscall(SYS_mq_notify, q, &worse));
        ASKED(syscall(SYS_mq_notify, 0, &e));
        ASKED(syscall(SYS_mq_notify, 999, NULL));
        ASKED(syscall(SYS_mq_notify, q, (void *)8));
        close(q);
        syscall(SYS_mq_unlink, name);
}

/* Whoever lets go of a queue is not told of messages: by closing it in any way, or by another program. */
static void let_go(const char *self)
{
        struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
        int q = open_queue(O_CREAT | O_RDWR, MOST, BYTES), other, status, pid;

        puts("-- let go");
        told = 0;
        other = open_queue(O_RDWR, 0, 0);
        ASKED(syscall(SYS_mq_notify, q, &e));
        ASKED(syscall(CLOSE_RANGE, other, other, 0));
        ASKED(send_to(q, "one", 1));
        receive(q);
        other = open_queue(O_RDWR, 0, 0);
        ASKED(syscall(SYS_mq_notify, q, &e));
        ASKED(dup2(1, other) == other);
        ASKED(send_to(q, "two", 1));
        receive(q);
        printf("%d\n", told);
        close(other);
        pid = fork();
        if (!pid) {
                syscall(SYS_mq_notify, q, &e);
                execl(self, self, "sends", name, (char *)NULL);
                _exit(99);
        }
        waitpid(pid, &status, 0);
        show_end("another program", status);
        receive(q);
        close(q);
        syscall(SYS_mq_unlink, name);
}

/* A program that the signal would end. */
static int sends(const char *to)
{
        int q;

        snprintf(name, sizeof(name), "%s", to);
        q = open_queue(O_RDWR, 0, 0);
        return send_to(q, "three", 1) ? 1 : 5;
}

static void refused(void)
{
        int q = open_queue(O_CREAT | O_RDWR, MOST, BYTES);
        static char longest[300], text[BYTES];
        struct attributes a = {.flags = O_APPEND};

        puts("-- refused");
        memset(longest, 'x', sizeof(longest) - 1);
        ASKED(syscall(SYS_mq_open, longest, O_RDWR, 0, NULL));
        ASKED(syscall(SYS_mq_open, "with/slash", O_CREAT | O_RDWR, 0600, NULL));
        ASKED(syscall(SYS_mq_open, "", O_RDWR, 0, NULL));
        ASKED(syscall(SYS_mq_open, ".", O_RDWR, 0, NULL));
        ASKED(syscall(SYS_mq_open, NULL, O_RDWR, 0, NULL));
        ASKED(syscall(SYS_mq_open, "missing", O_RDWR, 0, NULL));
        ASKED(syscall(SYS_mq_open, name, O_CREAT | O_EXCL | O_RDWR, 0600, NULL));
        ASKED(syscall(SYS_mq_open, name, 3, 0600, NULL));
        ASKED(syscall(SYS_mq_open, "bad", O_CREAT | O_RDWR, 0600, (void *)8));
        ASKED(syscall(SYS_mq_open, "bad", O_CREAT | O_RDWR, 0600,
                      &(struct attributes){.most = 0, .bytes = 1}));
        ASKED(syscall(SYS_mq_open, "bad", O_CREAT | O_RDWR, 0600,
                      &(struct attributes){.most = 1, .bytes = 0}));
        ASKED(syscall(SYS_mq_open, "bad", O_CREAT | O_RDWR, 0600,
                      &(struct attributes){.most = -1, .bytes = 1}));
        ASKED(syscall(SYS_mq_unlink, "missing"));
        ASKED(syscall(SYS_mq_unlink, longest));
        ASKED(syscall(SYS_mq_timedsend, q, text, BYTES + 1, 0, NULL));
        ASKED(syscall(SYS_mq_timedsend, q, text, 1, 32768, NULL));
        ASKED(syscall(SYS_mq_timedsend, q, text, 1, 0, &(struct timespec){0, -1}));
        ASKED(syscall(SYS_mq_timedsend, q, text, 1, 0, &(struct timespec){-1, 0}));
        ASKED(syscall(SYS_mq_timedsend, q, text, 1, 0, (void *)8));
        ASKED(syscall(SYS_mq_timedsend, 0, text, 1, 0, NULL));
        ASKED(syscall(SYS_mq_timedsend, 999, text, 1, 0, NULL));
        ASKED(syscall(SYS_mq_timedsend, q, (void *)8, 1, 0, NULL));
        ASKED(syscall(SYS_mq_timedreceive, q, text, BYTES - 1, NULL, NULL));
        ASKED(syscall(SYS_mq_timedreceive, 999, text, BYTES, NULL, NULL));
        ASKED(syscall(SYS_mq_getsetattr, q, &a, NULL));
        ASKED(syscall(SYS_mq_getsetattr, 0, NULL, &a));
        ASKED(syscall(SYS_mq_getsetattr, q, NULL, (void *)8));
        a.flags = O_NONBLOCK;
        ASKED(syscall(SYS_mq_getsetattr, q, &a, NULL));
        state(q);
        ASKED(write(q, "x", 1));
        close(q);
        ASKED(syscall(SYS_mq_unlink, name));
}

int main(int count, char **words)
{
        if (count > 2 && !strcmp(words[1], "sends"))
                return sends(words[2]);
        setvbuf(stdout, NULL, _IONBF, 0);
        snprintf(name, sizeof(name), "queue.%d", getpid());
        order();
        syscall(SYS_mq_unlink, name);
        names();
        waiting();
        polled();
        syscall(SYS_mq_unlink, name);
        as_text();
        notified();
        let_go(words[1]);
        refused();
        return 0;
}
