/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for many files at once; as hostile.c: waits SIZE [PART]: so many, up to the limits; without a size there are few, and Linux
 * returns the same. */
#define _GNU_SOURCE
#include "ask.h"
#include "sized.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

/* --- many different files are waited for --- */

static int last_end;

static void *write_later(void *unused)
{
        usleep(200000);
        write(last_end, "x", 1);
        return unused;
}

static void wait_for_pipes(void)
{
        static struct pollfd polls[1000];
        pthread_t thread;
        int n = 0, most = at_most(500), ends[2];

        more_descriptors();
        for (; n < most && !pipe(ends); n++)
                polls[n] = (struct pollfd){.fd = ends[0], .events = POLLIN};
        last_end = ends[1];
        pthread_create(&thread, NULL, write_later, NULL);
        show_number("one of many pipes", poll(polls, (nfds_t)n, 5000));
        printf("the last one: %d\n", polls[n - 1].revents == POLLIN);
        pthread_join(thread, NULL);
}

/* Nothing comes: nobody looks. */
static void wait_in_vain(void)
{
        static struct pollfd polls[1000];
        int n = 0, most = at_most(500), ends[2];

        more_descriptors();
        for (; n < most && !pipe(ends); n++) {
                polls[2 * n] = (struct pollfd){.fd = ends[0], .events = POLLIN};
                polls[2 * n + 1] = (struct pollfd){.fd = ends[1], .events = 0};
        }
        show_number("none of many pipes", poll(polls, (nfds_t)(2 * n), size > FEW ? 2000 : 20));
}

/* Two that wait stand in queues of records that are used again. */
static void *wait_for_one(void *f)
{
        struct pollfd one = {.fd = *(int *)f, .events = POLLIN};

        return (void *)(long)poll(&one, 1, -1);
}

static void nothing(int signal)
{
        (void)signal;
}

static void close_waited_for(void)
{
        int old = eventfd(0, 0), new;
        pthread_t first, second;
        void *result;

        alarm(60); /* the second one may never wake */
        signal(SIGUSR1, nothing);
        pthread_create(&first, NULL, wait_for_one, &old);
        usleep(100000);
        close(old);
        new = eventfd(0, 0);
        pthread_create(&second, NULL, wait_for_one, &new);
        usleep(100000);
        pthread_kill(first, SIGUSR1);
        usleep(100000);
        eventfd_write(new, 1);
        pthread_join(second, &result);
        show_number("the second one is woken", (long)result);
}

static void part_pipes(void)
{
        in_child("many ends of pipes, in vain", wait_in_vain);
        in_child("pipes", wait_for_pipes);
        in_child("closed while somebody waits", close_waited_for);
}

/* --- who waits for many files does not look at them --- */

static int counters[1000], counters_made;

static void rest_in_poll(void)
{
        static struct pollfd polls[1000];

        for (int i = 0; i < counters_made; i++)
                polls[i] = (struct pollfd){.fd = counters[i], .events = POLLIN};
        show_number("poll", poll(polls, (nfds_t)counters_made, -1));
        printf("the last one: %d\n", polls[counters_made - 1].revents == POLLIN);
}

static void rest_in_select(void)
{
        int last = counters[counters_made - 1];
        fd_set set;

        FD_ZERO(&set);
        for (int i = 0; i < counters_made; i++)
                FD_SET(counters[i], &set);
        show_number("select", select(last + 1, &set, NULL, NULL, NULL));
        printf("the last one: %d\n", FD_ISSET(last, &set) != 0);
}

static void rest_in_set(void)
{
        int set = epoll_create1(0);
        struct epoll_event e;

        for (int i = 0; i < counters_made; i++) {
                e = (struct epoll_event){.events = EPOLLIN, .data.u32 = (uint32_t)i};
                epoll_ctl(set, EPOLL_CTL_ADD, counters[i], &e);
        }
        show_number("epoll", epoll_wait(set, &e, 1, -1));
        printf("the last one: %d\n", e.data.u32 == (uint32_t)counters_made - 1);
}

/* The server has worked for poll, select or epoll since it was told to forget, in a while. */
static bool somebody_looks(void)
{
        static char text[1 << 13];
        int f = open("/proc/server", O_RDWR);
        long bytes = write(f, "\n", 1);

        close(f);
        usleep(200000);
        f = open("/proc/server", O_RDONLY);
        bytes = read(f, text, sizeof(text) - 1);
        text[bytes > 0 ? bytes : 0] = 0;
        close(f);
        return strstr(text, "linux 73 ") || strstr(text, "linux 72 ") || strstr(text, "linux 22 ");
}

static void in_turn(void (*wait_for_all)(void))
{
        int tries = 0, status, pid = fork();

        if (pid == 0) {
                wait_for_all();
                _exit(0);
        }
        usleep(50000);
        while (tries < 100 && somebody_looks())
                tries++;
        printf("it rests: %d\n", tries < 100);
        eventfd_write(counters[counters_made - 1], 1);
        waitpid(pid, &status, 0);
        show_end("it is woken", status);
        eventfd_read(counters[counters_made - 1], &(eventfd_t){0});
}

static void part_rests(void)
{
        int n = at_most(1000);

        more_descriptors();
        while (counters_made < n && (counters[counters_made] = eventfd(0, 0)) >= 0)
                counters_made++;
        printf("all were made: %d\n", counters_made == n);
        in_turn(rest_in_poll);
        in_turn(rest_in_select);
        in_turn(rest_in_set);
        for (int i = 0; i < counters_made; i++)
                close(counters[i]);
}

static const struct part parts[] = {{"pipes", part_pipes}, {"rests", part_rests}};

int main(int count, char **argument)
{
        return run_parts(parts, sizeof(parts) / sizeof(*parts), "/bin/waits-musl", count, argument);
}
