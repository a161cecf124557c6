/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors of processes: from pidfd_open, clone and clone3; waiting for them in every way, signals and copies of descriptors through
 * them; and the other options of clone3. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
        SEND_SIGNAL = 424,
        OPEN = 434,
        CLONE3 = 435,
        GETFD = 438,
        BY_DESCRIPTOR = 3,
        CLEAR_HANDLERS = 32,

};

#define BY_DESCRIPTOR ((idtype_t)3)
/* The value, or the number of the error. */
#define ASKED(call) (errno = 0, show_number(#call, (long)(call)))

struct arguments {
        uint64_t flags, pidfd, child_id, parent_id, end_signal, stack, stack_size, thread_pointer, ids,
                ids_count, group;
};

static long clone3(struct arguments *a, size_t size)
{
        return syscall(CLONE3, a, size);
}

static int child_that_waits(void)
{
        int pid = fork();

        if (!pid) {
                for (;;)
                        pause();
        }
        return pid;
}

static int readable(int fd, int ms)
{
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int n = poll(&p, 1, ms);

        return n == 1 ? p.revents : n;
}

static void opened(void)
{
        int pid = child_that_waits(), fd = (int)syscall(OPEN, pid, 0), status;
        siginfo_t info = {0};
        char byte;

        puts("-- opened");
        ASKED(fd >= 0);
        ASKED(fcntl(fd, F_GETFD) == FD_CLOEXEC);
        ASKED(readable(fd, 0));
        ASKED(syscall(SEND_SIGNAL, fd, 0, NULL, 0));
        ASKED(waitid(BY_DESCRIPTOR, (id_t)fd, &info, WEXITED | WNOHANG));
        ASKED(info.si_pid);
        ASKED(syscall(SEND_SIGNAL, fd, SIGTERM, NULL, 0));
        ASKED(readable(fd, -1) == POLLIN);
        ASKED(waitid(BY_DESCRIPTOR, (id_t)fd, &info, WEXITED | WNOWAIT));
        ASKED(info.si_pid == pid);
        ASKED(info.si_code == CLD_KILLED);
        ASKED(info.si_status);
        ASKED(syscall(SEND_SIGNAL, fd, 0, NULL, 0));
        ASKED(read(fd, &byte, 1));
        ASKED(write(fd, &byte, 1));
        ASKED(waitid(BY_DESCRIPTOR, (id_t)fd, &info, WEXITED));
        ASKED(waitid(BY_DESCRIPTOR, (id_t)fd, &info, WEXITED));
        ASKED(readable(fd, 0) & POLLIN);
        ASKED(syscall(SEND_SIGNAL, fd, 0, NULL, 0));
        ASKED(syscall(GETFD, fd, 0, 0));
        ASKED(close(fd));
        ASKED(syscall(OPEN, pid, 0));
        ASKED(waitpid(pid, &status, 0));
}

static void refused(void)
{
        int pid = child_that_waits(), fd = (int)syscall(OPEN, pid, 0);
        siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};

        puts("-- refused");
        ASKED(syscall(OPEN, 0, 0));
        ASKED(syscall(OPEN, -1, 0));
        ASKED(syscall(OPEN, pid, 1));
        ASKED(syscall(OPEN, 0x7fffff00, 0));
        ASKED(syscall(SEND_SIGNAL, 0, SIGTERM, NULL, 0));
        ASKED(syscall(SEND_SIGNAL, 999, SIGTERM, NULL, 0));
        ASKED(syscall(SEND_SIGNAL, fd, SIGTERM, NULL, 64));
        ASKED(syscall(SEND_SIGNAL, fd, 65, NULL, 0));
        ASKED(syscall(SEND_SIGNAL, fd, SIGTERM, &info, 0));
        info.si_code = 0;
        ASKED(syscall(SEND_SIGNAL, fd, SIGUSR1, &info, 0));
        info.si_code = SI_TKILL;
        ASKED(syscall(SEND_SIGNAL, fd, SIGUSR1, &info, 0));
        ASKED(syscall(SEND_SIGNAL, fd, SIGUSR1, (void *)8, 0));
        ASKED(syscall(GETFD, fd, 0, 1));
        ASKED(syscall(GETFD, fd, 999, 0));
        ASKED(syscall(GETFD, 0, 0, 0));
        ASKED(waitid(BY_DESCRIPTOR, 0, &info, WEXITED));
        ASKED(waitid(BY_DESCRIPTOR, 999, &info, WEXITED));
        ASKED(waitid(BY_DESCRIPTOR, (id_t)-1, &info, WEXITED));
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        close(fd);
}

static void told(int signal, siginfo_t *info, void *context)
{
        (void)context;
        printf("signal %d code %d value %d\n", signal, info->si_code, info->si_value.sival_int);
}

/* To oneself, with what one says; one's own file is no child's. */
static void oneself(void)
{
        int fd = (int)syscall(OPEN, getpid(), O_NONBLOCK);
        siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};
        struct sigaction a = {.sa_sigaction = told, .sa_flags = SA_SIGINFO};

        puts("-- oneself");
        sigaction(SIGUSR1, &a, NULL);
        info.si_value.sival_int = 77;
        ASKED(syscall(SEND_SIGNAL, fd, SIGUSR1, &info, 0));
        ASKED(syscall(SEND_SIGNAL, fd, SIGUSR1, NULL, 0));
        ASKED(waitid(BY_DESCRIPTOR, (id_t)fd, &info, WEXITED));
        ASKED(readable(fd, 0));
        close(fd);
}

static void never_blocks(void)
{
        int pid = child_that_waits(), fd = (int)syscall(OPEN, pid, O_NONBLOCK);
        siginfo_t info = {0};

        puts("-- never blocks");
        ASKED(waitid(BY_DESCRIPTOR, (id_t)fd, &info, WEXITED));
        ASKED(waitid(BY_DESCRIPTOR, (id_t)fd, &info, WEXITED | WNOHANG));
        kill(pid, SIGKILL);
        ASKED(readable(fd, -1) == POLLIN);
        ASKED(waitid(BY_DESCRIPTOR, (id_t)fd, &info, WEXITED));
        ASKED(info.si_pid == pid);
        close(fd);
}

/* A set reports the end of many, each once in edge-triggered mode. */
static void in_a_set(void)
{
        enum { MANY = 5 };
        int set = epoll_create1(0), pids[MANY], fds[MANY], seen = 0;
        struct epoll_event e[MANY];

        puts("-- in a set");
        for (int i = 0; i < MANY; i++) {
                pids[i] = child_that_waits();
                fds[i] = (int)syscall(OPEN, pids[i], 0);
                e[0] = (struct epoll_event){.events = EPOLLIN | (i % 2 ? EPOLLET : 0),
                                            .data.u32 = (uint32_t)i};
                ASKED(epoll_ctl(set, EPOLL_CTL_ADD, fds[i], &e[0]));
        }
        ASKED(epoll_wait(set, e, MANY, 0));
        for (int i = 0; i < MANY; i++)
                kill(pids[i], SIGKILL);
        for (int i = 0; i < MANY; i++)
                readable(fds[i], -1);
        while (seen < MANY)
                seen += epoll_wait(set, e, MANY, -1);
        ASKED(epoll_wait(set, e, MANY, 0));
        for (int i = 0; i < MANY; i++) {
                waitpid(pids[i], NULL, 0);
                close(fds[i]);
        }
        ASKED(epoll_wait(set, e, MANY, 0));
        close(set);
}

/* A descriptor of a child's, which the parent never had. */
static void taken(void)
{
        int ready[2], pid, fd, copy;
        char text[8] = {0};

        puts("-- taken from another");
        if (pipe(ready))
                return;
        pid = fork();
        if (!pid) {
                int own = memfd_create("own", 0);

                dup2(own, 100);
                if (write(100, "inside", 6) == 6 && write(ready[1], "x", 1) == 1)
                        pause();
                _exit(1);
        }
        fd = (int)syscall(OPEN, pid, 0);
        ASKED(read(ready[0], text, 1));
        copy = (int)syscall(GETFD, fd, 100, 0);
        ASKED(copy >= 0);
        ASKED(fcntl(copy, F_GETFD) == FD_CLOEXEC);
        ASKED(pread(copy, text, 6, 0));
        puts(text);
        kill(pid, SIGKILL);
        readable(fd, -1);
        ASKED(syscall(GETFD, fd, 100, 0));
        waitpid(pid, NULL, 0);
        ASKED(pread(copy, text, 6, 0));
        close(copy);
        close(fd);
        close(ready[0]);
        close(ready[1]);
}

static void by_clone(void)
{
        int fd = -1, other = -1, status;
        long pid;

        puts("-- by clone");
        pid = syscall(SYS_clone, (long)CLONE_PIDFD | SIGCHLD, 0, &fd, 0, 0);
        if (!pid)
                _exit(fcntl(fd, F_GETFD) >= 0);
        ASKED(pid > 0);
        ASKED(fcntl(fd, F_GETFD) == FD_CLOEXEC);
        ASKED(readable(fd, -1) == POLLIN);
        ASKED(waitpid((int)pid, &status, 0) == pid);
        ASKED(WEXITSTATUS(status));
        close(fd);
        ASKED(syscall(SYS_clone, (long)CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD, 0, &other, 0, 0));
        ASKED(syscall(SYS_clone, (long)CLONE_PIDFD | CLONE_DETACHED | SIGCHLD, 0, &other, 0, 0));
}

static int shared, wakes;

static int on_a_stack(void *unused)
{
        (void)unused;
        shared = 42;
        return 9;
}

/* On a stack of its own, in the caller's memory, like vfork: glibc's and musl's wrapper of clone says the same. */
static void by_clone3(void)
{
        int fd = -1, status, parent_id = 0;
        int *child_id = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        struct arguments a = {.flags = CLONE_PIDFD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID,
                              .pidfd = (uintptr_t)&fd,
                              .parent_id = (uintptr_t)&parent_id,
                              .child_id = (uintptr_t)child_id,
                              .end_signal = SIGCHLD};
        char *stack;
        long pid;

        puts("-- by clone3");
        pid = clone3(&a, sizeof(a));
        if (!pid)
                _exit(7);
        ASKED(parent_id == pid);
        ASKED(readable(fd, -1) == POLLIN);
        ASKED(*child_id == pid);
        ASKED(waitpid((int)pid, &status, 0) == pid);
        ASKED(WEXITSTATUS(status));
        close(fd);
        a = (struct arguments){.flags = CLONE_VFORK, .end_signal = SIGCHLD};
        pid = clone3(&a, 64);
        if (!pid)
                _exit(8);
        ASKED(waitpid((int)pid, &status, 0) == pid);
        ASKED(WEXITSTATUS(status));
        stack = malloc(65536);
        pid = clone(on_a_stack, stack + 65536, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
        ASKED(waitpid((int)pid, &status, 0) == pid);
        ASKED(WEXITSTATUS(status));
        ASKED(shared);
        free(stack);
        munmap(child_id, 4096);
}

static void count(int signal)
{
        (void)signal;
        wakes++;
}

/* Handled signals have their default action in the child, ignored ones stay ignored. */
static void handlers_go(void)
{
        struct arguments a = {.flags = 1ull << CLEAR_HANDLERS, .end_signal = SIGCHLD};
        struct sigaction seen;
        int status;
        long pid;

        puts("-- handlers");
        signal(SIGUSR1, count);
        signal(SIGUSR2, SIG_IGN);
        pid = clone3(&a, sizeof(a));
        if (!pid) {
                sigaction(SIGUSR2, NULL, &seen);
                if (seen.sa_handler != SIG_IGN)
                        _exit(1);
                kill(getpid(), SIGUSR2);
                kill(getpid(), SIGUSR1);
                _exit(2);
        }
        ASKED(waitpid((int)pid, &status, 0) == pid);
        show_end("the child", status);
        raise(SIGUSR1);
        ASKED(wakes);
        signal(SIGUSR1, SIG_DFL);
        signal(SIGUSR2, SIG_DFL);
}

static void refused_arguments(void)
{
        static const struct arguments bad[] = {
                {.flags = SIGCHLD},
                {.flags = CLONE_DETACHED, .end_signal = SIGCHLD},
                {.flags = 1ull << 63, .end_signal = SIGCHLD},
                {.end_signal = 65},
                {.end_signal = 0x100 + SIGCHLD},
                {.flags = CLONE_SIGHAND, .end_signal = SIGCHLD},
                {.flags = CLONE_THREAD, .end_signal = 0},
                {.flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM, .end_signal = SIGCHLD},
                {.flags = CLONE_PARENT, .end_signal = SIGCHLD},
                {.flags = CLONE_SIGHAND | CLONE_VM | 1ull << CLEAR_HANDLERS, .end_signal = SIGCHLD},
                {.end_signal = SIGCHLD, .stack = 65536},
                {.end_signal = SIGCHLD, .stack_size = 65536},
                {.end_signal = SIGCHLD, .ids_count = 1},
                {.end_signal = SIGCHLD, .ids = 65536, .ids_count = 33},
        };
        static char page[4096 + 8];

        puts("-- refused arguments");
        for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
                struct arguments a = bad[i];

                printf("%u ", i);
                ASKED(clone3(&a, sizeof(a)));
        }
        ASKED(clone3((void *)page, 63));
        ASKED(clone3((void *)page, 4097));
        page[100] = 1;
        ASKED(clone3((void *)page, 101));
        ASKED(clone3(NULL, 88));
        ASKED(clone3((void *)8, 88));
}

/* The directory of a process in /proc serves for signals, and for nothing else. */
static void by_directory(void)
{
        int self = open("/proc/self", O_RDONLY | O_DIRECTORY), all = open("/proc", O_RDONLY | O_DIRECTORY);
        int other = open("/proc/self/fd", O_RDONLY | O_DIRECTORY), path = open("/proc/self", O_PATH), child;
        char name[40];
        pid_t pid;

        puts("-- by its directory");
        pid = fork();
        if (!pid) {
                pause();
                _exit(0);
        }
        snprintf(name, sizeof(name), "/proc/%d", pid);
        child = open(name, O_RDONLY | O_DIRECTORY);
        ASKED(syscall(SEND_SIGNAL, self, 0, NULL, 0));
        ASKED(syscall(SEND_SIGNAL, all, 0, NULL, 0));
        ASKED(syscall(SEND_SIGNAL, other, 0, NULL, 0));
        ASKED(syscall(SEND_SIGNAL, path, 0, NULL, 0));
        ASKED(syscall(SEND_SIGNAL, child, SIGKILL, NULL, 0));
        waitpid(pid, NULL, 0);
        ASKED(syscall(SEND_SIGNAL, child, 0, NULL, 0));
        ASKED(syscall(GETFD, child, 0, 0));
}

int main(void)
{
        setvbuf(stdout, NULL, _IONBF, 0);
        opened();
        refused();
        oneself();
        never_blocks();
        in_a_set();
        taken();
        by_clone();
        by_clone3();
        handlers_go();
        refused_arguments();
        by_directory();
        return 0;
}
