/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread in a call that waits, whose descriptor another one closes, or makes another file of its number. */
#pragma once

#include "ask.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int own, far, third; /* the descriptor of the call; its other end; one more */
static int elsewhere[2];    /* a pipe whose ends the number gets */
static char bytes[2 * 65536];

/* --- a thread in a call --- */

static struct {
        pthread_t thread;
        long (*work)(void);
        long result;
        int error;
        volatile int number;
} waiter;

static inline void *run(void *unused)
{
        waiter.number = (int)syscall(SYS_gettid);
        errno = 0;
        waiter.result = waiter.work();
        waiter.error = errno;
        return unused;
}

static inline void begin(long (*work)(void))
{
        waiter.work = work;
        waiter.number = 0;
        pthread_create(&waiter.thread, NULL, run, NULL);
        while (!waiter.number)
                sched_yield();
        until_it_waits(waiter.number);
}

static inline void end(const char *what)
{
        pthread_join(waiter.thread, NULL);
        errno = waiter.error;
        show_number(what, waiter.result);
}

/* The number means an end of another pipe now, in which nothing may arrive and from which nothing may be taken. */
static inline void become_other(int descriptor, int side)
{
        pipe(elsewhere);
        if (!side)
                write(elsewhere[1], "wrong", 5);
        dup2(elsewhere[side], descriptor);
}

static inline void show_other(int side)
{
        struct pollfd p = {.fd = elsewhere[0], .events = POLLIN};

        printf("the other file is as it was: %d\n",
               side ? poll(&p, 1, 0) == 0 : read(elsewhere[0], bytes, 9) == 5);
        close(elsewhere[0]);
        close(elsewhere[1]);
}

static inline void two(int ends[2])
{
        own = ends[0];
        far = ends[1];
}

static inline void open_pipe(void)
{
        int ends[2];

        pipe(ends);
        two(ends);
}

static inline long work_read(void)
{
        return read(own, bytes, 8);
}

static inline void closed_under(const char *what, long (*work)(void))
{
        begin(work);
        close(own);
        show_number("written", write(far, "abc", 3));
        end(what);
        show_number("and now", write(far, "abc", 3));
        close(far);
}

static inline void replaced_under(const char *what, long (*work)(void))
{
        begin(work);
        become_other(own, 0);
        show_number("written", write(far, "abc", 3));
        end(what);
        show_other(0);
        close(own);
        close(far);
}
