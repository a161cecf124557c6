/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting: poll, select and epoll in all their modes, counters, timers and signals as files, children that stop, continue and end. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static long milliseconds(void)
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void put(int fd)
{
        if (write(fd, "x", 1) != 1)
                perror("write");
}

static void drain(int fd)
{
        char bytes[64];

        if (read(fd, bytes, sizeof(bytes)) < 1)
                perror("read");
}

static void *put_later(void *fd)
{
        usleep(20000);
        put(*(int *)fd);
        return NULL;
}

static void polls(void)
{
        int a[2], b[2];
        struct pollfd p[4];
        pthread_t t;
        long from;

        if (pipe(a) || pipe(b))
                return;
        p[0] = (struct pollfd){a[0], POLLIN, 0};
        p[1] = (struct pollfd){b[0], POLLIN, 0};
        p[2] = (struct pollfd){a[1], POLLOUT | POLLIN, 0};
        p[3] = (struct pollfd){-1, POLLIN, 99};
        show_number("poll: one can be written to", poll(p, 4, -1));
        show_number("poll: and how", p[2].revents);
        show_number("poll: nobody asks", p[3].revents);
        pthread_create(&t, NULL, put_later, &b[1]);
        show_number("poll: another thread writes", poll(p, 2, 5000));
        show_number("poll: how", p[1].revents);
        pthread_join(t, NULL);
        from = milliseconds();
        show_number("poll: time", poll(p, 1, 30));
        show_number("poll: it took that", milliseconds() - from >= 30);
        close(b[1]);
        show_number("poll: the other end has gone", poll(&p[1], 1, -1));
        show_number("poll: how", p[1].revents);
        drain(b[0]);
        poll(&p[1], 1, -1);
        show_number("poll: then", p[1].revents);
        close(a[0]);
        poll(&p[2], 1, -1);
        show_number("poll: nobody reads", p[2].revents);
        p[0].fd = 700;
        poll(p, 1, -1);
        show_number("poll: not open", p[0].revents);
        close(a[1]);
        close(b[0]);
}

static void selects(void)
{
        struct timeval time = {0, 20000};
        int a[2];
        fd_set in, out;

        if (pipe(a))
                return;
        FD_ZERO(&in);
        FD_ZERO(&out);
        FD_SET(a[0], &in);
        show_number("select: nothing yet", select(a[0] + 1, &in, NULL, NULL, &time));
        show_number("select: no member", FD_ISSET(a[0], &in));
        put(a[1]);
        FD_SET(a[0], &in);
        FD_SET(a[1], &out);
        show_number("select: both", select(a[1] + 1, &in, &out, NULL, NULL));
        close(a[0]);
        FD_SET(a[0], &in);
        show_number("select: closed", select(a[0] + 1, &in, NULL, NULL, NULL));
        close(a[1]);
}

static long wait_epoll(int set, int time)
{
        struct epoll_event e[4];
        int n = epoll_wait(set, e, 4, time);
        long sum = n;

        for (int i = 0; i < n; i++)
                sum = sum * 1000 + (long)e[i].events + (long)e[i].data.u32;
        return sum;
}

static void epolls(void)
{
        struct epoll_event e = {.events = EPOLLIN, .data = {.u32 = 7}};
        int set = epoll_create1(EPOLL_CLOEXEC), outer = epoll_create1(0), a[2], copy;
        pthread_t t;

        if (pipe(a))
                return;
        show_number("epoll: add", epoll_ctl(set, EPOLL_CTL_ADD, a[0], &e));
        show_number("epoll: again", epoll_ctl(set, EPOLL_CTL_ADD, a[0], &e));
        show_number("epoll: not a member", epoll_ctl(set, EPOLL_CTL_MOD, a[1], &e));
        show_number("epoll: itself", epoll_ctl(set, EPOLL_CTL_ADD, set, &e));
        show_number("epoll: no set", epoll_ctl(a[0], EPOLL_CTL_ADD, a[1], &e));
        show_number("epoll: not open", epoll_ctl(set, EPOLL_CTL_ADD, 700, &e));
        show_number("epoll: no room", epoll_wait(set, &e, 0, 0));
        show_number("epoll: nothing", wait_epoll(set, 0));
        put(a[1]);
        show_number("epoll: level", wait_epoll(set, -1));
        show_number("epoll: still", wait_epoll(set, -1));
        e.events = EPOLLIN | EPOLLET;
        epoll_ctl(set, EPOLL_CTL_MOD, a[0], &e);
        show_number("epoll: edge", wait_epoll(set, -1));
        show_number("epoll: not again", wait_epoll(set, 0));
        put(a[1]);
        show_number("epoll: a new one", wait_epoll(set, 0));
        show_number("epoll: not again", wait_epoll(set, 0));
        e.events = EPOLLIN | EPOLLONESHOT;
        epoll_ctl(set, EPOLL_CTL_MOD, a[0], &e);
        show_number("epoll: once", wait_epoll(set, -1));
        put(a[1]);
        show_number("epoll: not again", wait_epoll(set, 0));
        epoll_ctl(set, EPOLL_CTL_MOD, a[0], &e);
        show_number("epoll: armed again", wait_epoll(set, 0));
        drain(a[0]);
        e.events = EPOLLIN;
        epoll_ctl(set, EPOLL_CTL_MOD, a[0], &e);
        pthread_create(&t, NULL, put_later, &a[1]);
        show_number("epoll: another thread", wait_epoll(set, 5000));
        pthread_join(t, NULL);
        e.data.u32 = 9;
        show_number("epoll: a set in a set", epoll_ctl(outer, EPOLL_CTL_ADD, set, &e));
        show_number("epoll: is ready", wait_epoll(outer, -1));
        show_number("epoll: no circle", epoll_ctl(set, EPOLL_CTL_ADD, outer, &e));
        drain(a[0]);
        show_number("epoll: is not", wait_epoll(outer, 10));
        copy = dup(a[0]);
        close(a[0]);
        put(a[1]);
        show_number("epoll: a closed number, an open file", wait_epoll(set, 0));
        close(copy);
        show_number("epoll: closed for good", wait_epoll(set, 0));
        close(a[1]);
        close(set);
        close(outer);
}

/* Where there is room for one event, one is reported, and no other is lost. */
static void half_a_buffer(void)
{
        char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        struct epoll_event e = {.events = EPOLLIN | EPOLLET},
                           *last = (struct epoll_event *)(void *)(pages + 4096) - 1;
        int set = epoll_create1(0), a = eventfd(1, 0), b = eventfd(1, 0);

        munmap(pages + 4096, 4096);
        epoll_ctl(set, EPOLL_CTL_ADD, a, &e);
        epoll_ctl(set, EPOLL_CTL_ADD, b, &e);
        show_number("epoll: room for one", epoll_wait(set, last, 2, 0));
        show_number("epoll: the other one", epoll_wait(set, last, 2, 0));
        show_number("epoll: none is left", epoll_wait(set, last, 2, 0));
        close(set), close(a), close(b);
        munmap(pages, 4096);
}

static void counters(void)
{
        int n = eventfd(3, EFD_NONBLOCK), s = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
        uint64_t value = 4;
        struct pollfd p = {n, POLLIN | POLLOUT, 0};

        show_number("counter: write", write(n, &value, 8));
        show_number("counter: short", write(n, &value, 4));
        poll(&p, 1, 0);
        show_number("counter: ready", p.revents);
        show_number("counter: read", read(n, &value, 8));
        show_number("counter: was", (long)value);
        show_number("counter: empty", read(n, &value, 8));
        value = UINT64_MAX - 1;
        show_number("counter: full", write(n, &value, 8));
        poll(&p, 1, 0);
        show_number("counter: ready", p.revents);
        value = 1;
        show_number("counter: no more", write(n, &value, 8));
        value = UINT64_MAX;
        show_number("counter: never", write(n, &value, 8));
        show_number("semaphore: one", read(s, &value, 8) + (long)value);
        show_number("semaphore: two", read(s, &value, 8) + (long)value);
        show_number("semaphore: three", read(s, &value, 8));
        show_number("counter: bad flags", eventfd(0, 0x10000));
        close(n);
        close(s);
}

static void timers(void)
{
        struct itimerspec set = {{0, 10000000}, {0, 500000000}}, now, off = {0};
        int t = timerfd_create(CLOCK_MONOTONIC, 0), n = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
        struct pollfd p = {t, POLLIN, 0};
        uint64_t count = 0;
        long from = milliseconds();

        show_number("timer: set", timerfd_settime(t, 0, &set, NULL));
        timerfd_gettime(t, &now);
        show_number("timer: some time is left",
                    now.it_value.tv_nsec > 0 && now.it_value.tv_nsec <= 500000000);
        show_number("timer: interval", now.it_interval.tv_nsec);
        show_number("timer: not yet", poll(&p, 1, 0));
        show_number("timer: poll", poll(&p, 1, -1));
        show_number("timer: read", read(t, &count, 8));
        show_number("timer: took so long", milliseconds() - from >= 500);
        show_number("timer: at least once", count >= 1);
        usleep(35000);
        show_number("timer: read", read(t, &count, 8));
        show_number("timer: several times", count >= 3);
        show_number("timer: off", timerfd_settime(t, 0, &off, &now));
        show_number("timer: nothing", read(n, &count, 8));
        clock_gettime(CLOCK_REALTIME, &set.it_value);
        set.it_interval.tv_nsec = 0;
        timerfd_settime(n, TFD_TIMER_ABSTIME, &set, NULL);
        show_number("timer: past", read(n, &count, 8) + (long)count);
        set.it_value.tv_nsec = 1000000000;
        show_number("timer: no time", timerfd_settime(n, 0, &set, NULL));
        show_number("timer: no clock", timerfd_create(77, 0));
        close(t);
        close(n);
}

static volatile sig_atomic_t ticks;

static void tick(int signal)
{
        (void)signal;
        ticks++;
}

static void interrupted(void)
{
        struct itimerval once = {{0, 0}, {0, 20000}};
        struct sigaction action = {.sa_handler = tick, .sa_flags = SA_RESTART};
        int set = epoll_create1(0), a[2];
        struct epoll_event e;
        struct pollfd p;
        sigset_t none, alarm;

        if (pipe(a))
                return;
        p = (struct pollfd){a[0], POLLIN, 0};
        sigaction(SIGALRM, &action, NULL);
        show_number("interrupted: poll", RUNG(poll(&p, 1, -1)));
        show_number("interrupted: epoll", RUNG(epoll_wait(set, &e, 1, -1)));
        show_number("interrupted: select", RUNG(select(0, NULL, NULL, NULL, NULL)));
        show_number("interrupted: so often", ticks >= 3);
        ticks = 0;
        sigemptyset(&none);
        sigemptyset(&alarm);
        sigaddset(&alarm, SIGALRM);
        sigprocmask(SIG_BLOCK, &alarm, NULL);
        setitimer(ITIMER_REAL, &once, NULL);
        usleep(30000);
        show_number("interrupted: not while blocked", ticks);
        show_number("interrupted: ppoll with another mask", ppoll(&p, 1, NULL, &none));
        show_number("interrupted: in all", ticks);
        sigprocmask(SIG_UNBLOCK, &alarm, NULL);
        close(set);
        close(a[0]);
        close(a[1]);
}

static void signals(void)
{
        struct signalfd_siginfo info[2];
        sigset_t set;
        struct pollfd p;
        int fd;

        sigemptyset(&set);
        sigaddset(&set, SIGUSR2);
        sigaddset(&set, SIGRTMIN + 1);
        sigprocmask(SIG_BLOCK, &set, NULL);
        fd = signalfd(-1, &set, SFD_NONBLOCK);
        p = (struct pollfd){fd, POLLIN, 0};
        show_number("signalfd: none", read(fd, info, sizeof(info)));
        kill(getpid(), SIGUSR2);
        kill(getpid(), SIGUSR2);
        show_number("signalfd: poll", poll(&p, 1, -1));
        show_number("signalfd: one, as it is not queued", read(fd, info, sizeof(info)));
        show_number("signalfd: which", info[0].ssi_signo);
        show_number("signalfd: from", info[0].ssi_pid == (uint32_t)getpid());
        sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 5});
        sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 6});
        show_number("signalfd: both, as they are queued", read(fd, info, sizeof(info)));
        show_number("signalfd: values", info[0].ssi_int * 10 + info[1].ssi_int);
        close(fd);
}

static void children(void)
{
        siginfo_t info;
        int status = 0;
        pid_t child = fork();

        if (child == 0) {
                for (;;)
                        pause();
        }
        kill(child, SIGSTOP);
        show_number("children: stopped", waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status)
                                                 ? WSTOPSIG(status)
                                                 : -2);
        show_number("children: told once", waitpid(child, &status, WUNTRACED | WNOHANG));
        kill(child, SIGCONT);
        show_number("children: goes on",
                    waitpid(child, &status, WCONTINUED) == child && WIFCONTINUED(status));
        kill(child, SIGTERM);
        memset(&info, 0, sizeof(info));
        show_number("children: waitid", waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
        show_number("children: by a signal", info.si_code == CLD_KILLED ? info.si_status : -2);
        show_number("children: still there", waitid(P_ALL, 0, &info, WEXITED));
        show_number("children: whose", info.si_pid == child);
        show_number("children: none", waitid(P_ALL, 0, &info, WEXITED));
        show_number("children: no kind", waitid(99, 0, &info, WEXITED));
        show_number("children: nothing to wait for", waitid(P_ALL, 0, &info, 0));
        child = fork();
        if (child == 0) {
                raise(SIGSTOP);
                _exit(7);
        }
        show_number("children: stops itself",
                    waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
        usleep(1000);
        show_number("children: does not end", waitpid(child, &status, WNOHANG));
        kill(child, SIGCONT);
        show_number("children: ends",
                    waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -2);
        child = fork();
        if (child == 0) {
                for (volatile long i = 0;; i++)
                        ;
        }
        kill(child, SIGSTOP); /* SIGTSTP stops nobody whose process group has no shell to wake it */
        show_number("children: a running one stops",
                    waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status) ? WSTOPSIG(status)
                                                                                      : -2);
        kill(child, SIGKILL);
        show_number("children: and can be ended",
                    waitpid(child, &status, 0) == child && WIFSIGNALED(status) ? WTERMSIG(status) : -2);
}

/* Whose open of a FIFO a signal has ended does not have it, while the handler runs either. */
static volatile int *told;

static void computes(int signal)
{
        (void)signal;
        *told = 1;
        while (*told < 2)
                ;
}

static void fifo_left(void)
{
        char place[] = "/tmp/fifoXXXXXX";
        struct sigaction a = {.sa_handler = computes};
        int child, f, status;

        told = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (!mkdtemp(place) || chdir(place) || mkfifo("fifo", 0600))
                puts("not made");
        child = fork();
        if (!child) {
                sigaction(SIGUSR1, &a, NULL);
                f = open("fifo", O_RDONLY);
                show_number("interrupted: open of a FIFO", f);
                _exit(0);
        }
        until_it_waits(child);
        kill(child, SIGUSR1);
        while (!*told)
                usleep(1000);
        show_number("interrupted: no reader", f = open("fifo", O_WRONLY | O_NONBLOCK));
        *told = 2;
        close(f);
        waitpid(child, &status, 0);
        unlink("fifo");
        if (chdir("/"))
                puts("no root");
        rmdir(place);
}

int main(void)
{
        polls();
        selects();
        epolls();
        half_a_buffer();
        counters();
        timers();
        interrupted();
        fifo_left();
        signals();
        children();
        return 0;
}
