/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process learns about itself and its relatives: timers on the time it uses, sessions and groups, niceness, the signal when its
 * parent ends, who adopts its orphans, locked pages. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t virtual, profile, ended;

static void count(int signal)
{
        virtual += signal == SIGVTALRM;
        profile += signal == SIGPROF;
        ended += signal == SIGUSR1;
}

static long used_ms(void)
{
        struct timespec t;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
        return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void work(void)
{
        for (volatile int i = 0; i < 1000000; i++)
                ;
}

static void used(void)
{
        enum { PATIENCE_MS = 60000 };
        struct itimerval v = {{0, 10000}, {0, 10000}}, left;

        signal(SIGVTALRM, count);
        signal(SIGPROF, count);
        show_number("on what is used", setitimer(ITIMER_VIRTUAL, &v, NULL));
        v.it_interval.tv_usec = 0;
        v.it_value.tv_usec = 20000;
        show_number("once", setitimer(ITIMER_PROF, &v, NULL));
        while ((virtual < 3 || !profile) && used_ms() < PATIENCE_MS)
                work();
        getitimer(ITIMER_PROF, &left);
        printf("many %d, one %d, over %d\n", virtual >= 3, (int)profile,
               left.it_value.tv_sec == 0 && left.it_value.tv_usec == 0);
        v.it_value.tv_usec = 0;
        show_number("stopped", setitimer(ITIMER_VIRTUAL, &v, &left));
        printf("every %ld\n", (long)left.it_interval.tv_usec);
        virtual = 0;
        for (long start = used_ms(); used_ms() - start < 40;)
                work();
        printf("no more: %d\n", (int)virtual);
}

/* In a child of its own, whose status is the result. */
static int child(int (*what)(void))
{
        int status;
        pid_t pid = fork();

        if (pid == 0)
                _exit(what());
        waitpid(pid, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int new_session(void)
{
        pid_t elsewhere = getppid(), pid; /* it leads a group of the session before, see main() */
        int status;

        if (getsid(0) == getpid() || setsid() != getpid())
                return 1;
        if (getsid(0) != getpid() || getpgrp() != getpid() || setsid() != -1 || errno != EPERM)
                return 2;
        if (setpgid(0, 0) != -1 || errno != EPERM) /* it leads the session */
                return 3;
        pid = fork();
        if (pid == 0)
                _exit(getsid(0) == getppid() && !setpgid(0, 0) && getpgrp() == getpid() &&
                      setpgid(0, elsewhere) == -1 && errno == EPERM && !setpgid(0, getppid()));
        waitpid(pid, &status, 0);
        return WEXITSTATUS(status) ? 0 : 4;
}

static int base; /* how nice the program was started */

static int nice_child(void)
{
        errno = 0;
        if (getpriority(PRIO_PROCESS, 0) != base + 3 || errno || nice(2) != base + 5)
                return 1;
        return setpriority(PRIO_PROCESS, 0, 100) || getpriority(PRIO_PROCESS, 0) != 19 ? 2 : 0;
}

static int nicer(void)
{
        base = getpriority(PRIO_PROCESS, 0);
        if (base > 14 || setpriority(PRIO_PROCESS, 0, base + 3))
                return 10;
        return child(nice_child) * 20 + (getpriority(PRIO_PROCESS, 0) != base + 3);
}

/* The child of a process that ends is told of it, and becomes a child of this one. */
static int orphan(void)
{
        int ready[2], status;
        char c;
        pid_t middle, grand = 0;

        if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) || pipe(ready))
                return 1;
        middle = fork();
        if (middle == 0) {
                sigset_t set;

                sigemptyset(&set);
                sigaddset(&set, SIGUSR1);
                sigprocmask(SIG_BLOCK, &set, NULL);
                if (fork() == 0) {
                        int got;

                        prctl(PR_SET_PDEATHSIG, SIGUSR1, 0, 0, 0);
                        write(ready[1], "x", 1);
                        sigwait(&set, &got);
                        _exit(got == SIGUSR1 && getppid() != 1 ? 33 : 44);
                }
                read(ready[0], &c, 1);
                _exit(7);
        }
        if (waitpid(middle, &status, 0) != middle || WEXITSTATUS(status) != 7)
                return 2;
        grand = wait(&status);
        return grand > 0 && grand != middle && WEXITSTATUS(status) == 33 ? 0 : 3;
}

static int grows(void)
{
        int f = memfd_create("more", 0);

        return ftruncate(f, 5001);
}

/* The size that files and memory may have. */
static int bounded(void)
{
        struct rlimit r = {5000, 20000};
        char bytes[4096] = "";
        int f = memfd_create("bounded", 0);

        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &r) || getrlimit(RLIMIT_FSIZE, &r) || r.rlim_cur != 5000 ||
            r.rlim_max != 20000)
                return 1;
        if (write(f, bytes, 4096) != 4096 || write(f, bytes, 4096) != 904 || write(f, bytes, 1) != -1 ||
            errno != EFBIG)
                return 2;
        if (ftruncate(f, 5001) != -1 || errno != EFBIG || ftruncate(f, 5000))
                return 3;
        signal(SIGXFSZ, SIG_DFL);
        if (child(grows) != -SIGXFSZ)
                return 4;
        r.rlim_cur = r.rlim_max = 512 << 20;
        if (setrlimit(RLIMIT_AS, &r))
                return 5;
        if (mmap(NULL, 600 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ||
            errno != ENOMEM)
                return 6;
        return mmap(NULL, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 7 : 0;
}

static void pages(void)
{
        enum { PAGE = 4096, PAGES = 10 };
        unsigned char there[PAGES];
        char *memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        int count = 0;

        show_number("locked", mlock(memory + PAGE + 5, 3 * PAGE));
        show_number("mincore", mincore(memory, PAGES * PAGE, there));
        for (int i = 0; i < PAGES; i++)
                count += there[i] & 1;
        printf("pages that are there: %d\n", count);
        show_number("unlocked", munlock(memory, PAGES * PAGE));
        show_number("all", mlockall(MCL_CURRENT));
        show_number("none", munlockall());
        munmap(memory, PAGES * PAGE);
}

int main(void)
{
        setvbuf(stdout, NULL, _IONBF, 0);
        signal(SIGUSR1, count);
        show_number("a group of its own", setpgid(0, 0));
        used();
        printf("a session: %d\n", child(new_session));
        printf("nice: %d\n", child(nicer));
        printf("an orphan: %d\n", child(orphan));
        printf("bounded: %d\n", child(bounded));
        pages();
        show_number("a barrier without registering", syscall(SYS_membarrier, 8, 0, 0));
        show_number("registering", syscall(SYS_membarrier, 16, 0, 0));
        show_number("a barrier", syscall(SYS_membarrier, 8, 0, 0));
        show_number("descriptors of its own", unshare(CLONE_FILES | CLONE_FS));
        return 0;
}
