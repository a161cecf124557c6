/* SPDX-License-Identifier: BSD-2-Clause */
/* Arguments of 32 bits whose registers hold something else in their upper halves: each call answers as it does without that. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
        A = 1,
        B = 2,
        C = 4,
        D = 8,
        E = 16,
        F = 32,
        MAKES = 64 /* a descriptor, which is closed */,
        NUMBERS = 6
};

static char *page;
static int file, pair[2], events;
static unsigned same, others;

static long answer(long number, const long a[NUMBERS], unsigned how)
{
        long got = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);

        if (got < 0)
                return -errno;
        if (!(how & MAKES))
                return got;
        close((int)got);
        return 0;
}

/* `narrow`: which arguments have 32 bits. */
static void both(const char *name, long number, unsigned narrow, const long given[NUMBERS])
{
        long filled[NUMBERS], plain = answer(number, given, narrow), other;

        for (unsigned i = 0; i < NUMBERS; i++)
                filled[i] = narrow >> i & 1 ? (long)((uint32_t)given[i] | 0x5a5a5a5aull << 32) : given[i];
        other = answer(number, filled, narrow);
        if (plain != other)
                printf("%s answers %ld, and %ld with something above its arguments\n", name, plain, other);
        *(plain == other ? &same : &others) += 1;
}

#define BOTH(name, narrow, ...) both(#name, SYS_##name, narrow, (const long[NUMBERS]){__VA_ARGS__})

static void files(void)
{
        long at = (long)page, path = (long)"/tmp/widths", none = (long)"/tmp/widths.none";

        BOTH(dup, A | MAKES, file);
        BOTH(dup3, A | B | C | MAKES, file, 77, O_CLOEXEC);
        BOTH(fcntl, A | B, file, F_GETFD);
        BOTH(fcntl, A | B | C | MAKES, file, F_DUPFD, 80);
        BOTH(fcntl, A | B | C | MAKES, file, F_DUPFD_CLOEXEC, 80);
        BOTH(fcntl, A | B | C, file, F_SETFL, O_RDWR);
        BOTH(write, A, file, at, 3);
        BOTH(pwrite64, A, file, at, 3, 0);
        BOTH(lseek, A | C, file, 2, SEEK_SET);
        BOTH(read, A, file, at, 0);
        BOTH(pread64, A, file, at, 3, 0);
        BOTH(preadv2, A | F, file, at, 0, 0, 0, 0);
        BOTH(fstat, A, file, at);
        BOTH(fstatfs, A, file, at);
        BOTH(ftruncate, A, file, 3);
        BOTH(fallocate, A | B, file, 0, 0, 3);
        BOTH(fsync, A, file);
        BOTH(flock, A | B, file, 8 /* LOCK_UN */);
        BOTH(fchmod, A | B, file, 0600);
        BOTH(fchown, A | B | C, file, -1, -1);
        BOTH(fchownat, A | C | D | E, AT_FDCWD, path, -1, -1, AT_SYMLINK_NOFOLLOW);
        BOTH(fchmodat, A | C, AT_FDCWD, path, 0600);
        BOTH(openat, A | C | D | MAKES, AT_FDCWD, path, O_RDWR | O_CREAT, 0600);
        BOTH(openat, A | C | D, AT_FDCWD, none, O_RDONLY, 0);
        BOTH(faccessat, A | C, AT_FDCWD, path, R_OK);
        BOTH(newfstatat, A | D, AT_FDCWD, path, at, AT_SYMLINK_NOFOLLOW);
        BOTH(statx, A | C | D, AT_FDCWD, path, 0, 0x200, at);
        BOTH(utimensat, A | D, AT_FDCWD, path, 0, 0);
        BOTH(readlinkat, A | D, AT_FDCWD, path, at, 10);
        BOTH(unlinkat, A | C, AT_FDCWD, none, AT_REMOVEDIR);
        BOTH(mkdirat, A | C, AT_FDCWD, path, 0700);
        BOTH(mknodat, A | C | D, AT_FDCWD, path, S_IFREG | 0600, 0);
        BOTH(renameat2, A | C | E, AT_FDCWD, none, AT_FDCWD, path, 1);
        BOTH(linkat, A | C | E, AT_FDCWD, none, AT_FDCWD, path, 0);
        BOTH(sendfile, A | B, file, file, 0, 0);
        BOTH(copy_file_range, A | C | F, file, 0, file, 0, 0, 0);
        BOTH(fadvise64, A | D, file, 0, 0, POSIX_FADV_NORMAL);
        BOTH(getdents64, A | C, file, at, 100);
        BOTH(fchdir, A, file);
        BOTH(ioctl, A | B, file, 0x5401, at);
        BOTH(umask, A, 022);
        BOTH(memfd_create, B | MAKES, (long)"widths", 1);
        BOTH(getrandom, C, at, 4, 1);
}

static void waits(void)
{
        struct pollfd one = {file, POLLIN, 0};
        struct timespec none = {0};
        struct epoll_event e = {.events = EPOLLIN};
        uint32_t word = 7;

        BOTH(ppoll, B, (long)&one, 1, (long)&none, 0, 8);
        BOTH(pselect6, A, 0, 0, 0, 0, (long)&none, 0);
        BOTH(epoll_create1, A | MAKES, EPOLL_CLOEXEC);
        BOTH(epoll_ctl, A | B | C, events, EPOLL_CTL_DEL, pair[0], (long)&e);
        BOTH(epoll_pwait, A | C | D, events, (long)&e, 1, 0, 0, 8);
        BOTH(eventfd2, A | B | MAKES, 3, 0);
        BOTH(timerfd_create, A | B | MAKES, CLOCK_MONOTONIC, 0);
        BOTH(signalfd4, A | D | MAKES, -1, (long)page, 8, 0);
        BOTH(inotify_init1, A | MAKES, 0);
        BOTH(futex, B | C | F, (long)&word, 9 /* FUTEX_WAIT_BITSET */, 8, 0, 0, -1);
        BOTH(futex, B | C, (long)&word, 1 /* FUTEX_WAKE */, 1);
        BOTH(clock_gettime, A, CLOCK_REALTIME, (long)page);
        BOTH(clock_getres, A, CLOCK_MONOTONIC, 0);
        BOTH(clock_nanosleep, A | B, CLOCK_MONOTONIC, 0, (long)&none, 0);
        BOTH(getitimer, A, 0, (long)page);
        BOTH(wait4, A | C, -1, 0, WNOHANG, 0);
        BOTH(waitid, A | B | D, P_ALL, 0, (long)page, WEXITED | WNOHANG, 0);
}

static void processes(void)
{
        memset(page, 0, 128);
        BOTH(kill, A | B, getpid(), 0);
        BOTH(tgkill, A | B | C, getpid(), getpid(), 0);
        BOTH(rt_sigprocmask, A, SIG_BLOCK, (long)page, 0, 8);
        BOTH(rt_sigaction, A, SIGUSR1, 0, 0, 8);
        BOTH(getpgid, A, 0);
        BOTH(setpgid, A | B, getpid(), -1);
        BOTH(getpriority, A | B, PRIO_PROCESS, 0);
        BOTH(setpriority, A | B | C, PRIO_PROCESS, 0, 0);
        BOTH(getrlimit, A, RLIMIT_NOFILE, (long)page);
        BOTH(prlimit64, A | B, 0, RLIMIT_NOFILE, 0, (long)page);
        BOTH(getrusage, A, RUSAGE_SELF, (long)page);
        BOTH(setresuid, A | B | C, -1, -1, -1);
        BOTH(setregid, A | B, -1, -1);
        BOTH(sched_getscheduler, A, 0);
        BOTH(sched_get_priority_max, A, 1);
        BOTH(prctl, A, 3 /* PR_GET_DUMPABLE */, 0, 0, 0, 0);
        BOTH(personality, A, -1);
        BOTH(mmap, E, 0, 4096, PROT_READ, MAP_PRIVATE, 1000, 0);
        BOTH(madvise, C, (long)page, 4096, MADV_NORMAL);
        BOTH(msync, C, (long)page, 4096, MS_ASYNC);
        BOTH(mlock2, C, (long)page, 4096, 0);
}

static void messages(void)
{
        BOTH(socket, A | B | C | MAKES, AF_UNIX, SOCK_STREAM, 0);
        BOTH(socketpair, A | B | C, AF_UNIX, SOCK_STREAM, 77, (long)page);
        BOTH(sendto, A | D | F, pair[0], (long)page, 1, MSG_DONTWAIT, 0, 0);
        BOTH(recvfrom, A | D, pair[1], (long)page, 1, MSG_DONTWAIT, 0, 0);
        BOTH(getsockopt, A | B | C, pair[0], SOL_SOCKET, SO_TYPE, 0, 0);
        BOTH(listen, A | B, pair[0], 1);
        BOTH(getsockname, A, pair[0], 0, 0);
        BOTH(semget, A | B | C, 0x7e55, 1, 0);
        BOTH(shmget, A | C, 0x7e55, 4096, 0);
        BOTH(msgget, A | B, 0x7e55, 0);
        BOTH(msgsnd, A | D, -1, (long)page, 1, 0);
        BOTH(mq_open, B | C, (long)"widths", O_RDONLY, 0, 0);
        BOTH(shutdown, A | B, pair[0], SHUT_RDWR);
}

int main(void)
{
        page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        file = open("/tmp/widths", O_RDWR | O_CREAT | O_TRUNC, 0600);
        events = epoll_create1(0);
        socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
        files();
        waits();
        processes();
        messages();
        printf("%u calls answer the same, %u do not\n", same, others);
        unlink("/tmp/widths");
        return 0;
}
