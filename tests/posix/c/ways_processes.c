/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes, their traits and signals: what each kind of such a call does, and its refusals. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

enum { STACK = 65536 };
#ifndef CLONE_PIDFD
enum { CLONE_PIDFD = 0x1000 };
#endif

struct arguments {
        unsigned long long flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
                set_tid_size, cgroup;
};

static void *bad;
static volatile int count, last;
static char stack[STACK] __attribute__((aligned(16)));

static void caught(int signal, siginfo_t *info, void *context)
{
        (void)context;
        count++;
        last = info->si_code;
        if (signal < 0)
                puts("what?");
}

static void handle(int signal, int flags)
{
        struct sigaction a = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO | flags};

        sigaction(signal, &a, NULL);
}

static int nothing(void *argument)
{
        (void)argument;
        return 5;
}

#define CLONED(flags, at) cloned(#flags, clone(nothing, at, flags, NULL, NULL, NULL, NULL))
static void cloned(const char *what, int pid)
{
        int status = 0;

        show_number(what, pid > 0 ? 1 : pid);
        if (pid > 0 && waitpid(pid, &status, __WALL) == pid)
                show_end(what, status);
}

static void clones(void)
{
        struct arguments c = {.exit_signal = SIGCHLD};
        char *top = stack + STACK;

        signal(SIGUSR1, SIG_IGN);

        CLONED(CLONE_THREAD | CLONE_VM, top);
        CLONED(CLONE_SIGHAND, top);
        CLONED(CLONE_THREAD | CLONE_SIGHAND, top);
        CLONED(CLONE_FS | CLONE_NEWNS, top);
        CLONED(CLONE_PIDFD | CLONE_DETACHED, top);
        CLONED(CLONE_VM | CLONE_VFORK | SIGCHLD, top);
        CLONED(CLONE_FILES | CLONE_FS | SIGCHLD, top);
        CLONED(CLONE_VM | CLONE_SIGHAND | SIGCHLD, top);
        CLONED(CLONE_PARENT_SETTID | CLONE_PIDFD, top);
        CLONED(SIGUSR1, top);
        CLONED(0, top);
        CLONED((int)(CLONE_IO | CLONE_SYSVSEM | CLONE_UNTRACED | SIGCHLD), top);
        ASK(syscall(SYS_clone3, NULL, sizeof(c)));
        ASK(syscall(SYS_clone3, bad, sizeof(c)));
        ASK(syscall(SYS_clone3, &c, 8));
        ASK(syscall(SYS_clone3, &c, 5000));
        c.exit_signal = 200;
        ASK(syscall(SYS_clone3, &c, sizeof(c)));
        c.exit_signal = SIGCHLD;
        c.flags = CLONE_DETACHED;
        ASK(syscall(SYS_clone3, &c, sizeof(c)));
        c.flags = 1;
        ASK(syscall(SYS_clone3, &c, sizeof(c)));
        c.flags = CLONE_SIGHAND;
        ASK(syscall(SYS_clone3, &c, sizeof(c)));
        c.flags = 0;
        c.stack_size = 100;
        ASK(syscall(SYS_clone3, &c, sizeof(c)));
        c.stack_size = 0;
        c.stack = (unsigned long)stack;
        ASK(syscall(SYS_clone3, &c, sizeof(c)));
        c.stack = 0;
        c.set_tid = (unsigned long)stack;
        ASK(syscall(SYS_clone3, &c, sizeof(c)));
        c.set_tid = 0;
}

static void execs(void)
{
        char *none[] = {NULL}, *one[] = {"x", NULL};
        int f = open("text", O_WRONLY | O_CREAT, 0755);

        close(f);
        ASK(execve("text", one, none));
        mkdir("dir", 0755);
        ASK(execve("dir", one, none));
        ASK(execve("nothing", one, none));
        ASK(execve("", one, none));
        ASK(execve(bad, one, none));
        ASK(syscall(SYS_execve, "text", bad, none));
        ASK(syscall(SYS_execve, "text", one, bad));
        chmod("text", 0644);
        ASK(execve("text", one, none));
        f = open("script", O_WRONLY | O_CREAT, 0755);
        if (write(f, "#!nothing\n", 10) != 10)
                puts("not written");
        close(f);
        ASK(execve("script", one, none));
        f = open("script", O_WRONLY | O_TRUNC);
        if (write(f, "#!\n", 3) != 3)
                puts("not written");
        close(f);
        ASK(execve("script", one, none));
        ASK(syscall(SYS_execveat, AT_FDCWD, "text", one, none, 0x77));
        ASK(syscall(SYS_execveat, 900, "text", one, none, 0));
        symlink("text", "link");
        ASK(syscall(SYS_execveat, AT_FDCWD, "link", one, none, AT_SYMLINK_NOFOLLOW));
}

/* What a program may say about itself; those that only a privileged one may are left out. */
static void traits(void)
{
        static const int option[] = {0,  5,  6,  9,  10, 11, 12, 13, 14, 19, 20, 23, 27, 31,
                                     32, 35, 39, 43, 44, 47, 50, 51, 54, 60, 61, 69, 100};
        static const unsigned long value[] = {0, 1, 2, 1000};

        for (unsigned i = 0; i < sizeof(option) / sizeof(*option); i++) {
                for (unsigned v = 0; v < 4; v++) {
                        char text[40];

                        snprintf(text, sizeof(text), "prctl %d, %lu", option[i], value[v]);
                        errno = 0;
                        ask_tell(text, prctl(option[i], value[v], 0, 0, 0));
                }
        }
        ASK(prctl(PR_SET_TIMING, PR_TIMING_TIMESTAMP, 0, 0, 0));
        ASK(prctl(PR_CAPBSET_READ, 5, 0, 0, 0));
        ASK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 5, 0, 0));
        ASK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
        ASK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 5, 0, 0));
        ASK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, 5, 0, 0));
        ASK(prctl(PR_CAP_AMBIENT, 77, 5, 0, 0));
}

static void personas(void)
{
        static const unsigned long persona[] = {0,
                                                1 | 0x04000000,
                                                1 | 0x4000000,
                                                2 | 0x4000000,
                                                3 | 0x4000000 | 0x1000000,
                                                4 | 0x4000000,
                                                6 | 0x4000000 | 0x1000000,
                                                7,
                                                9 | 0x4000000,
                                                0xa | 0x4000000,
                                                0xb | 0x4000000,
                                                0xc,
                                                0xd | 0x4000000,
                                                0xe,
                                                0x0040000,
                                                0x0100000,
                                                0x0200000,
                                                0x0400000,
                                                0x0800000,
                                                0x1000000,
                                                0x2000000,
                                                0x4000000,
                                                0x8000000,
                                                0x0020000,
                                                0};

        for (unsigned i = 0; i < sizeof(persona) / sizeof(*persona); i++) {
                struct utsname u;
                int status, before = personality((unsigned)persona[i]);

                printf("%lx: before %x, then %x", persona[i], (unsigned)before,
                       (unsigned)personality(0xffffffff));
                fflush(stdout);
                if (!fork())
                        exit(personality(0xffffffff) == (int)persona[i]);
                wait(&status);
                uname(&u);
                printf(", child %d, %s\n", WEXITSTATUS(status),
                       strncmp(u.release, "2.6.", 4) ? "new" : "old");
        }
}

/* One that is pending, as the system says it. */
static long taken(const sigset_t *set, siginfo_t *info)
{
        const struct timespec no = {0, 0};

        return syscall(SYS_rt_sigtimedwait, set, info, &no, 8);
}

static void signals(void)
{
        siginfo_t info;
        sigset_t set;
        int status;

        sigfillset(&set);
        sigprocmask(SIG_BLOCK, &set, NULL);
        handle(SIGUSR1, 0);
        for (int i = 0; i < 3; i++)
                kill(getpid(), SIGUSR1);
        ASK(taken(&set, &info));
        printf("code %d, mine %d\n", info.si_code, info.si_pid == getpid());
        ASK(taken(&set, &info));
        for (int i = 0; i < 3; i++)
                sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = i});
        sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 9});
        for (int i = 0; i < 5; i++) {
                info.si_value.sival_int = 0;
                ASK(taken(&set, &info));
                printf("code %d, value %d\n", info.si_code, info.si_value.sival_int);
        }
        syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1);
        ASK(taken(&set, &info));
        printf("code %d\n", info.si_code);
        memset(&info, 0, sizeof(info));
        info.si_code = SI_USER;
        ASK(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, &info));
        ASK(syscall(SYS_rt_sigqueueinfo, getppid(), 0, &info));
        info.si_code = SI_TKILL;
        ASK(syscall(SYS_rt_sigqueueinfo, getppid(), 0, &info));
        info.si_code = -60;
        ASK(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR1, &info));
        ASK(taken(&set, &info));
        printf("code %d\n", info.si_code);
        fflush(stdout);
        if (!fork()) {
                sigprocmask(SIG_UNBLOCK, &set, NULL);
                raise(SIGSTOP);
                exit(3);
        }
        ASK(waitid(P_ALL, 0, &info, WSTOPPED | WEXITED));
        printf("code %d, status %d, signal %d\n", info.si_code, info.si_status, info.si_signo);
        kill(info.si_pid, SIGCONT);
        ASK(waitid(P_PID, (id_t)info.si_pid, &info, WEXITED | WNOWAIT));
        ASK(waitid(P_PID, (id_t)info.si_pid, &info, WEXITED));
        printf("code %d, status %d\n", info.si_code, info.si_status);
        ASK(waitpid(-1, &status, 0));
        ASK(taken(&set, &info));
        printf("signal %d\n", info.si_signo);
        sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* No record is left for more signals of this kind; those of the system, and of kill, are pending without one. */
static void full(void)
{
        struct rlimit few = {20, 20};
        sigset_t set, pending;
        siginfo_t info;
        int sent = 0, got = 0;

        sigfillset(&set);
        sigprocmask(SIG_BLOCK, &set, NULL);
        setrlimit(RLIMIT_SIGPENDING, &few);
        while (sent < 2000 && sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = sent}) == 0)
                sent++;
        printf("refused with %d, some %d\n", errno, sent > 0 && sent < 2000);
        ASK(kill(getpid(), SIGRTMIN + 1));
        ASK(kill(getpid(), SIGUSR1));
        ASK(sigqueue(getpid(), SIGUSR2, (union sigval){.sival_int = 3}));
        sigpending(&pending);
        printf("pending %d %d %d\n", sigismember(&pending, SIGRTMIN + 1), sigismember(&pending, SIGUSR1),
               sigismember(&pending, SIGUSR2));
        sigdelset(&set, SIGRTMIN);
        for (int i = 0; i < 4; i++) {
                memset(&info, 0x77, sizeof(info));
                ASK(taken(&set, &info));
                printf("signal %d\n", info.si_signo > 31 && info.si_signo < 40 ? 32 : info.si_signo);
        }
        sigemptyset(&set);
        sigaddset(&set, SIGRTMIN);
        for (; taken(&set, &info) > 0; got++) {
                if (info.si_value.sival_int != got)
                        puts("another one");
        }
        printf("all of them %d\n", sent == got);
}

/* Effects of the flags of sigaction. */
static void flags(void)
{
        struct sigaction now;
        siginfo_t info;
        int status;

        handle(SIGUSR1, (int)SA_RESETHAND);
        count = 0;
        raise(SIGUSR1);
        sigaction(SIGUSR1, NULL, &now);
        printf("%d, then the default %d\n", count, now.sa_handler == SIG_DFL);
        handle(SIGCHLD, SA_NOCLDWAIT);
        if (!fork())
                exit(4);
        ASK(wait(&status));
        handle(SIGCHLD, SA_NOCLDSTOP | SA_RESTART);
        count = 0;
        if (!fork()) {
                raise(SIGSTOP);
                exit(6);
        }
        ASK(waitid(P_ALL, 0, &info, WSTOPPED));
        printf("told %d\n", count);
        kill(info.si_pid, SIGCONT);
        ASK(waitpid(info.si_pid, &status, 0));
        printf("told %d, code %d\n", count, last);
        signal(SIGCHLD, SIG_IGN);
        if (!fork())
                exit(4);
        ASK(wait(&status));
        signal(SIGCHLD, SIG_DFL);
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        mkdir("/tmp/ways_processes", 0755);
        if (chdir("/tmp/ways_processes"))
                puts("no place");
        unlink("text"); /* of the program that was linked with another library */
        unlink("script");
        unlink("link");
        bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        clones();
        execs();
        traits();
        personas();
        signals();
        flags();
        full();
        return 0;
}
