/* SPDX-License-Identifier: BSD-2-Clause */
/* Who hears by a signal what happens to an open file: owners, O_ASYNC, leases; compared with Linux compiled for this machine. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 0x3fffffff, CLOSED = 900 };

#ifndef F_SETSIG
enum { F_SETSIG = 10, F_GETSIG };
#endif

static volatile sig_atomic_t heard, code, about;
static void *bad;

static void note(int signal, siginfo_t *info, void *context)
{
        (void)context;
        heard = signal;
        code = info->si_code;
        about = info->si_fd;
}

static void listen_to(int signal)
{
        struct sigaction a = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};

        sigaction(signal, &a, NULL);
}

/* What came since the last time. */
static void show_heard(const char *what)
{
        if (heard)
                printf("%s: signal %d, code %d\n", what, heard, code);
        else
                printf("%s: nothing\n", what);
        fflush(stdout);
        heard = 0;
}

static void owners(void)
{
        int end[2], number = 0;
        struct f_owner_ex owner = {F_OWNER_TID, 0};

        pipe(end);
        ASK(fcntl(end[0], F_GETOWN));
        ASK(fcntl(end[0], F_SETOWN, NOBODY));
        ASK(fcntl(end[0], F_SETOWN, -NOBODY));
        ASK(fcntl(end[0], F_SETOWN, INT_MIN));
        ASK(fcntl(CLOSED, F_SETOWN, 0));
        ASK(fcntl(end[0], F_SETOWN, getpid()));
        printf("me: %d\n", fcntl(end[0], F_GETOWN) == getpid());
        ASK(fcntl(end[0], F_GETOWN_EX, &owner));
        printf("a process: %d %d\n", owner.type == F_OWNER_PID, owner.pid == getpid());
        owner = (struct f_owner_ex){F_OWNER_TID, (int)syscall(SYS_gettid)};
        ASK(fcntl(end[0], F_SETOWN_EX, &owner));
        owner.pid = 0;
        ASK(fcntl(end[0], F_GETOWN_EX, &owner));
        printf("a thread: %d %d\n", owner.type == F_OWNER_TID, owner.pid == getpid());
        owner.type = 3;
        ASK(fcntl(end[0], F_SETOWN_EX, &owner));
        owner = (struct f_owner_ex){F_OWNER_PGRP, NOBODY};
        ASK(fcntl(end[0], F_SETOWN_EX, &owner));
        ASK(syscall(SYS_fcntl, end[0], F_SETOWN_EX, bad));
        ASK(syscall(SYS_fcntl, end[0], F_GETOWN_EX, bad));
        ASK(fcntl(end[0], F_SETOWN, 0));
        printf("nobody: %d\n", fcntl(end[0], F_GETOWN));
        ASK(fcntl(end[0], F_GETSIG));
        ASK(fcntl(end[0], F_SETSIG, SIGUSR1));
        printf("signal %d\n", fcntl(end[0], F_GETSIG) == SIGUSR1);
        ASK(fcntl(end[0], F_SETSIG, 65));
        ASK(fcntl(end[0], F_SETSIG, -1));
        ASK(ioctl(end[0], FIOSETOWN, &number));
        ASK(ioctl(end[0], FIOASYNC, bad));
        ASK(fcntl(end[0], 77));
        close(end[0]);
        close(end[1]);
}

/* Both ways to turn it on, both directions, and a signal of its own, which says which file it is about. */
static void pipes(void)
{
        int end[2], on = 1;
        char text[4096];

        pipe2(end, O_NONBLOCK);
        ASK(fcntl(end[0], F_SETFL, O_ASYNC | O_NONBLOCK));
        printf("flags %o\n", fcntl(end[0], F_GETFL) & (O_ASYNC | O_NONBLOCK));
        write(end[1], "x", 1);
        show_heard("without an owner");
        fcntl(end[0], F_SETOWN, getpid());
        write(end[1], "x", 1);
        show_heard("readable");
        fcntl(end[0], F_SETSIG, SIGUSR1);
        write(end[1], "x", 1);
        printf("the file: %d\n", about == end[0]);
        show_heard("with its own signal");
        fcntl(end[0], F_SETFL, O_NONBLOCK);
        write(end[1], "x", 1);
        show_heard("turned off");
        while (write(end[1], text, sizeof(text)) > 0)
                ;
        fcntl(end[1], F_SETOWN, getpid());
        fcntl(end[1], F_SETSIG, SIGUSR2);
        ASK(ioctl(end[1], FIOASYNC, &on));
        while (read(end[0], text, sizeof(text)) > 0)
                ;
        show_heard("writable");
        close(end[0]);
        show_heard("nobody reads");
        close(end[1]);
}

static void sockets(void)
{
        int end[2], flags, number = getpid();

        socketpair(AF_UNIX, SOCK_STREAM, 0, end);
        ASK(ioctl(end[0], SIOCSPGRP, &number));
        number = 0;
        ASK(ioctl(end[0], SIOCGPGRP, &number));
        printf("me: %d\n", number == getpid());
        ASK(ioctl(end[0], SIOCSPGRP, bad));
        flags = fcntl(end[0], F_GETFL);
        ASK(fcntl(end[0], F_SETFL, flags | O_ASYNC));
        write(end[1], "x", 1);
        show_heard("a socket is readable");
        close(end[1]);
        show_heard("and its other end goes");
        close(end[0]);
}

static void kinds_of_leases(void)
{
        int reads = open("leased", O_RDONLY | O_CREAT, 0600), both, end[2], directory = open(".", O_RDONLY);

        pipe(end);
        ASK(fcntl(reads, F_GETLEASE));
        printf("none: %d\n", fcntl(reads, F_GETLEASE) == F_UNLCK);
        ASK(fcntl(reads, F_SETLEASE, F_UNLCK));
        ASK(fcntl(reads, F_SETLEASE, 7));
        ASK(fcntl(reads, F_SETLEASE, -1));
        ASK(fcntl(end[0], F_SETLEASE, F_RDLCK));
        ASK(fcntl(directory, F_SETLEASE, F_RDLCK));
        ASK(fcntl(CLOSED, F_SETLEASE, F_RDLCK));
        ASK(fcntl(reads, F_SETLEASE, F_RDLCK));
        printf("for reading: %d, the owner %d\n", fcntl(reads, F_GETLEASE) == F_RDLCK,
               fcntl(reads, F_GETOWN) == getpid());
        ASK(fcntl(reads, F_SETLEASE, F_WRLCK));
        printf("for writing: %d\n", fcntl(reads, F_GETLEASE) == F_WRLCK);
        ASK(fcntl(reads, F_SETLEASE, F_UNLCK));
        both = open("leased", O_RDWR);
        ASK(fcntl(reads, F_SETLEASE, F_RDLCK));
        ASK(fcntl(both, F_SETLEASE, F_RDLCK));
        ASK(fcntl(both, F_SETLEASE, F_WRLCK));
        close(reads);
        ASK(fcntl(both, F_SETLEASE, F_RDLCK));
        ASK(fcntl(both, F_SETLEASE, F_WRLCK));
        ASK(fcntl(both, F_SETLEASE, F_RDLCK));
        close(both);
        reads = open("leased", O_RDONLY);
        printf("gone with the file: %d\n", fcntl(reads, F_GETLEASE) == F_UNLCK);
        close(reads);
        close(end[0]);
        close(end[1]);
        close(directory);
}

/* A child opens, cuts or names the file; the holder hears of it and lets go. */
static void breaks(const char *what, int type, int flags, int left)
{
        int file = open("leased", O_RDONLY), status;
        sigset_t set;
        pid_t child;

        sigemptyset(&set);
        sigaddset(&set, SIGIO);
        sigprocmask(SIG_BLOCK, &set, NULL);
        show_number("a lease", fcntl(file, F_SETLEASE, type));
        fflush(stdout);
        child = fork();
        if (!child) {
                close(file); /* it is the parent's, too */
                if (flags == -1)
                        _exit(truncate("leased", 0) ? errno : 0);
                _exit(open("leased", flags) < 0 ? errno : 0);
        }
        if (flags == -1 || !(flags & O_NONBLOCK)) {
                printf("heard %d\n", sigwaitinfo(&set, NULL) == SIGIO);
                printf("it is to be %d\n", fcntl(file, F_GETLEASE));
                show_number("let go", fcntl(file, F_SETLEASE, left));
        }
        waitpid(child, &status, 0);
        show_end(what, status);
        printf("now it is %d\n", fcntl(file, F_GETLEASE));
        close(file);
        if (flags != -1 && flags & O_NONBLOCK)
                printf("heard %d\n", sigwaitinfo(&set, NULL) == SIGIO);
        sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* One who may do what he wants beside a lease is not waited for, and nobody hears. */
static void passes(void)
{
        int file = open("leased", O_RDONLY), other;

        heard = 0;
        show_number("a lease", fcntl(file, F_SETLEASE, F_RDLCK));
        other = open("leased", O_RDONLY);
        show_heard("another one reads");
        close(other);
        other = open("leased", O_PATH);
        show_heard("a place only");
        close(other);
        ASK(open("leased", O_WRONLY | O_NONBLOCK));
        show_heard("one who would not wait");
        close(file);
}

int main(void)
{
        bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        mkdir("/tmp/leases", 0700);
        chdir("/tmp/leases");
        listen_to(SIGIO);
        listen_to(SIGUSR1);
        listen_to(SIGUSR2);
        owners();
        pipes();
        sockets();
        kinds_of_leases();
        breaks("read over write", F_WRLCK, O_RDONLY, F_RDLCK);
        breaks("read over write, all let go", F_WRLCK, O_RDONLY, F_UNLCK);
        breaks("write over write", F_WRLCK, O_WRONLY, F_UNLCK);
        breaks("write over read", F_RDLCK, O_RDWR, F_UNLCK);
        breaks("cut by name", F_WRLCK, -1, F_UNLCK);
        breaks("without waiting", F_WRLCK, O_RDONLY | O_NONBLOCK, F_UNLCK);
        passes();
        return 0;
}
