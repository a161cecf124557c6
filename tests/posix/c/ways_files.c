/* SPDX-License-Identifier: BSD-2-Clause */
/* Files and descriptors: what kinds of calls that tests of Linux try do beyond their refusals. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

enum { PAGE = 4096, OFD_GETLK = 36, OFD_SETLK };
#ifndef EPOLLWAKEUP
enum { EPOLLWAKEUP = 1 << 29 };
#endif

static char buffer[4 * PAGE];
static int file;
static volatile int count;

static void caught(int signal)
{
        (void)signal;
        count++;
}

static void fill(const char *text)
{
        if (ftruncate(file, 0) || pwrite(file, text, strlen(text), 0) < 0)
                puts("not filled");
        lseek(file, 0, SEEK_SET);
}

static void content(void)
{
        char text[60] = "";
        long n = pread(file, text, 50, 0);

        for (long i = 0; i < n; i++)
                text[i] = text[i] ? text[i] : '.';
        printf("%ld bytes: %s\n", n, text);
}

static long moved(long call, struct iovec v[2], long at, int flags)
{
        return syscall(call, file, v, 2, at, 0, flags);
}

/* preadv2 and pwritev2: high priority, written through, data only, at once, at the end. */
static void flagged(void)
{
        static const int flag[] = {0, 1, 2, 4, 8, 16, 3, 0x12, (int)0x80000000};
        struct iovec v[2] = {{buffer, 3}, {buffer + 8, 2}};

        for (unsigned i = 0; i < sizeof(flag) / sizeof(*flag); i++) {
                char text[40];

                fill("0123456789");
                memcpy(buffer, "abcdefghijkl", 12);
                snprintf(text, sizeof(text), "read, flags %x", (unsigned)flag[i]);
                errno = 0;
                show_number(text, moved(SYS_preadv2, v, 1, flag[i]));
                memcpy(buffer, "abcdefghijkl", 12);
                snprintf(text, sizeof(text), "write, flags %x", (unsigned)flag[i]);
                show_number(text, moved(SYS_pwritev2, v, 1, flag[i]));
                content();
                show_number(text, moved(SYS_pwritev2, v, -1, flag[i]));
                printf("at %ld\n", (long)lseek(file, 0, SEEK_CUR));
                content();
        }
}

static void allocate(const char *text, int mode, long start, long bytes)
{
        struct stat s;

        errno = 0;
        show_number(text, fallocate(file, mode, start, bytes));
        fstat(file, &s);
        printf("%ld bytes\n", (long)s.st_size);
}

/* Kinds of fallocate. */
static void room(void)
{
        fill("0123456789");
        allocate("more", 0, 8, 12);
        content();
        allocate("kept", FALLOC_FL_KEEP_SIZE, 30, 12);
        allocate("hole", FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 2, 3);
        content();
        allocate("hole, size not kept", FALLOC_FL_PUNCH_HOLE, 2, 3);
        memset(buffer, 'a', sizeof(buffer));
        if (ftruncate(file, 0) || pwrite(file, buffer, sizeof(buffer), 0) < 0)
                puts("not written");
        allocate("hole", FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, PAGE, 2 * PAGE);
        printf("data %ld, hole %ld\n", (long)lseek(file, PAGE, SEEK_DATA), (long)lseek(file, 0, SEEK_HOLE));
}

/* What is set of a file's flags, whose numbers differ among machines. */
static void show_flags(int f)
{
        int now = fcntl(f, F_GETFL);

        printf("direct %d, written through %d, data only %d, times stay %d, told %d, at the end %d, terminal "
               "%d\n",
               (now & O_DIRECT) != 0, (now & O_SYNC) == O_SYNC, (now & O_DSYNC) != 0, (now & O_NOATIME) != 0,
               (now & O_ASYNC) != 0, (now & O_APPEND) != 0, (now & O_NOCTTY) != 0);
}

/* How files are opened. */
static void opened(void)
{
        struct stat s;
        int f;

        f = open("file", O_RDWR | O_DIRECT);
        show_number("direct", f > 0);
        printf("flags %d\n", (fcntl(f, F_GETFL) & O_DIRECT) != 0);
        close(f);
        f = open("file", O_RDWR | O_SYNC | O_NOATIME | O_ASYNC | O_APPEND | O_NOCTTY);
        show_number("many", f > 0);
        show_flags(f);
        ASK(fcntl(f, F_SETFL, O_NOATIME));
        show_flags(f);
        close(f);
        f = open("file", O_RDWR | O_DSYNC);
        show_flags(f);
        close(f);
        f = open(".", O_TMPFILE | O_RDWR, 0600);
        show_number("nameless", f > 0);
        fstat(f, &s);
        printf("mode %o, links %d\n", s.st_mode, (int)s.st_nlink);
        close(f);
}

/* A process without room for more descriptors. */
static void none_left(void)
{
        struct rlimit old, few;
        sigset_t set;
        int end[2];

        sigemptyset(&set);
        getrlimit(RLIMIT_NOFILE, &old);
        few = old;
        few.rlim_cur = (rlim_t)dup(0);
        close((int)few.rlim_cur);
        setrlimit(RLIMIT_NOFILE, &few);
        ASK(open("file", O_RDONLY));
        ASK(open("new", O_RDONLY | O_CREAT, 0600));
        ASK(access("new", F_OK));
        ASK(dup(0));
        ASK(fcntl(0, F_DUPFD, 0));
        ASK(fcntl(0, F_DUPFD, 5000));
        ASK(dup2(0, 5000));
        ASK(pipe(end));
        ASK(socket(AF_UNIX, SOCK_STREAM, 0));
        ASK(socketpair(AF_UNIX, SOCK_STREAM, 0, end));
        ASK(epoll_create1(0));
        ASK(eventfd(0, 0));
        ASK(signalfd(-1, &set, 0));
        ASK(timerfd_create(CLOCK_MONOTONIC, 0));
        ASK(inotify_init());
        ASK(memfd_create("x", 0));
        ASK(syscall(SYS_pidfd_open, getpid(), 0));
        setrlimit(RLIMIT_NOFILE, &old);
}

static void owners(void)
{
        struct f_owner_ex o = {F_OWNER_PID, getpid()};
        struct flock l = {.l_type = F_WRLCK};
        int end[2], other = open("file", O_RDWR);

        if (pipe(end))
                puts("no pipe");
        ASK(fcntl(end[0], F_SETOWN_EX, &o));
        ASK(fcntl(end[0], F_GETOWN) == getpid());
        o.type = 77;
        ASK(fcntl(end[0], F_SETOWN_EX, &o));
        ASK(fcntl(end[0], F_SETOWN_EX, NULL));
        ASK(fcntl(end[0], F_GETOWN_EX, NULL));
        ASK(fcntl(end[0], F_SETOWN, -getpgrp()));
        ASK(fcntl(end[0], F_GETOWN_EX, &o));
        printf("type %d, mine %d\n", o.type, o.pid == getpgrp());
        ASK(fcntl(end[0], F_SETOWN, 0x3fffffff));
        ASK(fcntl(end[0], F_SETSIG, 100));
        ASK(fcntl(end[0], F_SETSIG, SIGUSR1));
        ASK(fcntl(end[0], F_GETSIG));
        ASK(fcntl(file, OFD_SETLK, &l));
        ASK(fcntl(other, OFD_SETLK, &l));
        ASK(fcntl(other, OFD_GETLK, &l));
        printf("type %d, pid %d\n", l.l_type, l.l_pid);
        l.l_pid = 5;
        ASK(fcntl(file, OFD_SETLK, &l));
        close(other);
        ASK(fcntl(end[1], F_SETPIPE_SZ, 5000));
        ASK(fcntl(end[1], F_GETPIPE_SZ) == 8192);
        memset(buffer, 'x', 8192);
        ASK(write(end[1], buffer, 8192));
        ASK(fcntl(end[1], F_SETPIPE_SZ, 4096));
}

static void polls(void)
{
        struct epoll_event e = {.events = EPOLLIN}, found[3];
        struct pollfd p[3];
        int end[2], set = epoll_create1(0), set2 = epoll_create1(0);

        if (pipe(end))
                puts("no pipe");
        e.events = EPOLLIN | EPOLLEXCLUSIVE;
        ASK(epoll_ctl(set, EPOLL_CTL_ADD, end[0], &e));
        ASK(epoll_ctl(set, EPOLL_CTL_MOD, end[0], &e));
        e.events = EPOLLIN;
        ASK(epoll_ctl(set, EPOLL_CTL_MOD, end[0], &e));
        e.events = EPOLLIN | EPOLLEXCLUSIVE;
        ASK(epoll_ctl(set, EPOLL_CTL_ADD, set2, &e));
        e.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT;
        ASK(epoll_ctl(set, EPOLL_CTL_ADD, end[1], &e));
        e.events = EPOLLOUT | EPOLLWAKEUP;
        ASK(epoll_ctl(set, EPOLL_CTL_ADD, end[1], &e));
        show_number("ready", epoll_wait(set, found, 3, 0));
        close(end[1]);
        p[0] = (struct pollfd){end[0], POLLIN | POLLOUT, 0};
        p[1] = (struct pollfd){-1, POLLIN, 77};
        p[2] = (struct pollfd){800, POLLIN, 0};
        show_number("poll", poll(p, 3, 0));
        printf("%x %x %x\n", p[0].revents, p[1].revents, p[2].revents);
        show_number("hung up", epoll_wait(set, found, 3, 0));
        printf("%x\n", found[0].events);
}

/* What a new file or directory takes over from the one it is made in. */
static void inherits(void)
{
        struct stat s;
        struct statfs f;
        int fd;

        mkdir("group", 0755);
        chmod("group", 02775);
        mkdir("group/dir", 0755);
        stat("group/dir", &s);
        printf("mode %o\n", s.st_mode);
        fd = creat("group/file", 02755);
        fstat(fd, &s);
        printf("mode %o\n", s.st_mode);
        ASK(fchmod(fd, 07777));
        fstat(fd, &s);
        printf("mode %o\n", s.st_mode);
        ASK(fchown(fd, 0, 0));
        fstat(fd, &s);
        printf("mode %o\n", s.st_mode);
        fchmod(fd, 06711);
        ASK(write(fd, "x", 1));
        fstat(fd, &s);
        printf("mode %o\n", s.st_mode);
        close(fd);
        umask(0777);
        fd = creat("closed", 0777);
        fstat(fd, &s);
        printf("mode %o, mask %o\n", s.st_mode, umask(0100777));
        printf("mask %o\n", umask(022));
        ASK(statfs(".", &f));
        printf("names up to %ld\n", (long)f.f_namelen);
}

static void grows(void)
{
        struct rlimit old, few = {1000, RLIM_INFINITY};

        signal(SIGXFSZ, caught);
        getrlimit(RLIMIT_FSIZE, &old);
        few.rlim_max = old.rlim_max;
        fill("");
        setrlimit(RLIMIT_FSIZE, &few);
        show_number("part", pwrite(file, buffer, 100, 950));
        ASK(pwrite(file, buffer, 100, 1000));
        ASK(ftruncate(file, 1001));
        ASK(truncate("file", 2000));
        ASK(fallocate(file, 0, 0, 2000));
        ASK(ftruncate(file, 1000));
        printf("told %d\n", count);
        setrlimit(RLIMIT_FSIZE, &old);
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        mkdir("/tmp/ways_files", 0755);
        if (chdir("/tmp/ways_files"))
                puts("no place");
        unlink("group/file"); /* of the program that was linked with another library */
        unlink("closed");
        file = open("file", O_RDWR | O_CREAT | O_TRUNC, 0755);
        flagged();
        room();
        opened();
        none_left();
        owners();
        polls();
        inherits();
        grows();
        return 0;
}
