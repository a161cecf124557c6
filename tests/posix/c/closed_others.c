/* SPDX-License-Identifier: BSD-2-Clause */
/* As closed.c: counters, timers, sets, queues, requests and locks, and what ends such a call. */
#define _GNU_SOURCE
#include "closed.h"
#include "requests.h"

#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>

/* --- events --- */

static long work_count(void)
{
        uint64_t n;

        return read(own, &n, sizeof(n)) == sizeof(n) ? (long)n : -1;
}

static long work_set(void)
{
        struct epoll_event e;

        return epoll_wait(own, &e, 1, 10000);
}

static long work_queue(void)
{
        return mq_receive((mqd_t)own, bytes, sizeof(bytes), NULL);
}

static long work_notices(void)
{
        return read(own, bytes, 100) > 0;
}

static void events(void)
{
        const struct itimerspec soon = {{0, 0}, {0, 300000000}};
        struct epoll_event e = {.events = EPOLLIN};
        int ends[2];

        own = eventfd(0, 0);
        far = dup(own);
        begin(work_count);
        become_other(own, 0);
        write(far, &(uint64_t){7}, 8);
        end("read of a counter");
        show_other(0);
        close(own);
        close(far);
        own = timerfd_create(CLOCK_MONOTONIC, 0);
        timerfd_settime(own, 0, &soon, NULL);
        begin(work_count);
        close(own);
        end("read of a timer");
        own = epoll_create1(0);
        pipe(ends);
        epoll_ctl(own, EPOLL_CTL_ADD, ends[0], &e);
        begin(work_set);
        close(own);
        write(ends[1], "x", 1);
        end("epoll_wait");
        own = inotify_init();
        inotify_add_watch(own, "/tmp", IN_CREATE);
        begin(work_notices);
        close(own);
        close(open("/tmp/new", O_CREAT | O_RDWR, 0600));
        end("read of notices");
        close(ends[0]);
        close(ends[1]);
}

static aio_context_t context;

static long work_submit(void)
{
        struct iocb request = {.aio_lio_opcode = IOCB_CMD_PREAD,
                               .aio_fildes = (unsigned)own,
                               .aio_buf = (uintptr_t)bytes,
                               .aio_nbytes = 8};
        struct iocb *list = &request;

        return syscall(SYS_io_submit, context, 1, &list);
}

static void requests(void)
{
        struct io_event e = {0};

        syscall(SYS_io_setup, 1, &context);
        open_pipe();
        replaced_under("io_submit", work_submit);
        show_number("io_getevents", syscall(SYS_io_getevents, context, 1, 1, &e, NULL));
        printf("read: %lld\n", (long long)e.res);
        syscall(SYS_io_destroy, context);
}

static void queues(void)
{
        struct mq_attr a = {.mq_maxmsg = 2, .mq_msgsize = 8};
        mqd_t to;

        own = (int)mq_open("/closed", O_RDWR | O_CREAT, 0600, &a);
        to = mq_open("/closed", O_WRONLY);
        begin(work_queue);
        close(own);
        mq_send(to, "four", 4, 0);
        end("mq_receive");
        mq_close(to);
        mq_unlink("/closed");
}

/* --- locks --- */

static struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

static long work_flock(void)
{
        return flock(own, LOCK_EX);
}

static long work_lock(void)
{
        return fcntl(own, F_SETLKW, &whole);
}

static long work_own_lock(void)
{
        return fcntl(own, F_OFD_SETLKW, &whole);
}

static void unlock(int descriptor)
{
        struct flock none = {.l_type = F_UNLCK, .l_whence = SEEK_SET};

        flock(descriptor, LOCK_UN);
        fcntl(descriptor, F_OFD_SETLK, &none);
}

/* Another open file has the lock, until the descriptor is closed; what the call gets goes with the file. */
static void lock_under(const char *what, long (*work)(void))
{
        own = open("/tmp/locked", O_RDWR | O_CREAT, 0600);
        far = open("/tmp/locked", O_RDWR);
        third = open("/tmp/locked", O_RDWR);
        flock(far, LOCK_EX);
        fcntl(far, F_OFD_SETLK, &whole);
        begin(work);
        close(own);
        unlock(far);
        end(what);
        show_number("flock by another", flock(third, LOCK_EX | LOCK_NB));
        show_number("a lock by another", fcntl(third, F_OFD_SETLK, &whole));
        close(far);
        close(third);
}

/* --- signals, ends --- */

static void hear(int signal)
{
        (void)signal;
}

/* A call that is restarted looks again. */
static void restarted(void)
{
        struct sigaction a = {.sa_handler = hear, .sa_flags = SA_RESTART};

        sigaction(SIGUSR1, &a, NULL);
        open_pipe();
        begin(work_read);
        close(own);
        pthread_kill(waiter.thread, SIGUSR1);
        end("a read that a signal restarts");
        show_number("its pipe", write(far, "abc", 3));
        close(far);
        a.sa_flags = 0;
        sigaction(SIGUSR1, &a, NULL);
        open_pipe();
        begin(work_read);
        close(own);
        pthread_kill(waiter.thread, SIGUSR1);
        end("a read that a signal ends");
        show_number("its pipe", write(far, "abc", 3));
        close(far);
}

/* The file goes with the process that waits for it. */
static void killed(void)
{
        int status, pid, ready[2];

        open_pipe();
        pipe(ready);
        pid = fork();
        if (!pid) {
                close(far);
                begin(work_read);
                close(own);
                write(ready[1], "x", 1);
                pause();
        }
        close(own);
        read(ready[0], bytes, 1);
        show_number("while it waits", write(far, "a", 1) == 1 || errno == EPIPE);
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        show_end("it", status);
        show_number("after its end", write(far, "a", 1));
        close(far);
        close(ready[0]);
        close(ready[1]);
}

static int share(void *unused)
{
        (void)unused;
        until_it_waits(getppid());
        close(own);
        write(far, "abc", 3);
        return 0;
}

/* Another process has the same descriptors. */
static void common(void)
{
        static char stack[65536];
        int status, pid;

        open_pipe();
        pid = clone(share, stack + sizeof(stack), CLONE_FILES | SIGCHLD, NULL);
        show_number("read beside a process with the same descriptors", work_read());
        waitpid(pid, &status, 0);
        show_number("its pipe", write(far, "abc", 3));
        close(far);
}

int main(void)
{
        signal(SIGPIPE, SIG_IGN);
        events();
        queues();
        requests();
        lock_under("flock", work_flock);
        lock_under("F_SETLKW", work_lock);
        lock_under("F_OFD_SETLKW", work_own_lock);
        restarted();
        killed();
        common();
        unlink("/tmp/new");
        unlink("/tmp/locked");
        return 0;
}
