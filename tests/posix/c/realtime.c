/* SPDX-License-Identifier: BSD-2-Clause */
/* Classes of threads: which one may be, what it is told to be, what its children are, and that one of real time runs before the others.
 * Run as root. */
#define _GNU_SOURCE
#include "users.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

enum { BATCH = 3, IDLE = 5, RESETS = 0x40000000, MS = 1000000 };

struct attributes {
        unsigned size, policy;
        unsigned long flags;
        int nice;
        unsigned priority;
        unsigned long runtime, deadline, period;
};

/* The calls themselves: one of the C libraries has none of them. */
static long set(int pid, int policy, int level)
{
        return syscall(SYS_sched_setscheduler, pid, policy, &level);
}

static void now(const char *what, int pid)
{
        struct attributes a = {0};
        int level = -1;
        long policy = syscall(SYS_sched_getscheduler, pid);

        syscall(SYS_sched_getparam, pid, &level);
        syscall(SYS_sched_getattr, pid, &a, sizeof(a), 0);
        printf("%s: policy %lx, level %d; %u, flags %lx, nice %d, level %u\n", what, policy, level, a.policy,
               a.flags, a.nice, a.priority);
        fflush(stdout);
}

static void classes(void)
{
        static const int policies[] = {SCHED_FIFO, SCHED_RR, BATCH, IDLE, SCHED_OTHER, 4, 6, 7, -1};
        struct timespec t;
        int level = 7;

        for (unsigned i = 0; i < sizeof(policies) / sizeof(*policies); i++) {
                printf("policy %d\n", policies[i]);
                ASK(set(0, policies[i], 5));
                ASK(set(0, policies[i], 0));
                ASK(set(0, policies[i], 100));
                ASK(set(0, policies[i], -1));
                now("now", 0);
                ASK(sched_get_priority_max(policies[i]));
                ASK(sched_get_priority_min(policies[i]));
        }
        ASK(syscall(SYS_sched_setparam, 0, &level));
        ASK(set(0, SCHED_RR, 9));
        ASK(syscall(SYS_sched_setparam, 0, &level));
        now("other level", 0);
        ASK(syscall(SYS_sched_rr_get_interval, 0, &t));
        printf("a turn: %d\n", t.tv_sec == 0 && t.tv_nsec > 0);
        ASK(set(0, SCHED_FIFO, 9));
        ASK(syscall(SYS_sched_rr_get_interval, 0, &t));
        printf("a turn: %d\n", t.tv_sec == 0 && t.tv_nsec > 0);
        ASK(set(4711, SCHED_FIFO, 9));
        ASK(set(-1, SCHED_FIFO, 9));
        ASK(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, NULL));
}

static void attributes(void)
{
        struct attributes a = {.size = sizeof(a), .policy = SCHED_RR, .priority = 20, .flags = 1};

        ASK(syscall(SYS_sched_setattr, 0, &a, 0));
        now("set", 0);
        a = (struct attributes){.size = sizeof(a), .policy = BATCH, .nice = 3};
        ASK(syscall(SYS_sched_setattr, 0, &a, 0));
        now("set", 0);
        a = (struct attributes){.size = sizeof(a), .policy = SCHED_FIFO};
        ASK(syscall(SYS_sched_setattr, 0, &a, 0));
        a = (struct attributes){.size = sizeof(a), .policy = SCHED_OTHER, .flags = 1ul << 40};
        ASK(syscall(SYS_sched_setattr, 0, &a, 0));
}

static void child(const char *what)
{
        int status, pid = fork();

        if (!pid) {
                now(what, 0);
                _exit(0);
        }
        waitpid(pid, &status, 0);
}

static void children(void)
{
        ASK(set(0, SCHED_FIFO, 30));
        child("its child");
        ASK(set(0, SCHED_FIFO | RESETS, 30));
        now("it", 0);
        child("its child");
        ASK(set(0, SCHED_OTHER | RESETS, 0));
        setpriority(PRIO_PROCESS, 0, -3);
        child("its child");
}

static void nobody(void)
{
        struct rlimit r = {10, 10};
        int root = getppid();

        setrlimit(RLIMIT_RTPRIO, &r);
        be(SOMEBODY, SOMEBODY);
        ASK(set(root, SCHED_OTHER, 0));
        ASK(set(0, SCHED_FIFO, 11));
        ASK(set(0, SCHED_FIFO, 10));
        ASK(set(0, SCHED_RR | RESETS, 4));
        ASK(set(0, SCHED_RR, 4));
        r.rlim_cur = 0;
        setrlimit(RLIMIT_RTPRIO, &r);
        ASK(set(0, SCHED_RR | RESETS, 5));
        ASK(set(0, SCHED_RR | RESETS, 3));
        ASK(set(0, SCHED_FIFO | RESETS, 3));
        ASK(set(0, SCHED_OTHER | RESETS, 0));
        ASK(set(0, SCHED_RR | RESETS, 1));
        now("at last", 0);
}

static long passed(const struct timespec *since)
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (t.tv_sec - since->tv_sec) * 1000 + (t.tv_nsec - since->tv_nsec) / MS;
}

/* Somebody counts, on the same processor: it does while an ordinary thread computes, and does not beside one of real time. */
static void counted(const char *what, volatile long *count)
{
        struct timespec begun;
        long before = *count;

        clock_gettime(CLOCK_MONOTONIC, &begun);
        while (passed(&begun) < 300)
                ;
        printf("%s: %s\n", what, *count == before ? "alone" : "not alone");
        fflush(stdout);
}

static void first(void)
{
        volatile long *count = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        unsigned long cpu = 1;
        int pid;

        syscall(SYS_sched_setaffinity, 0, sizeof(cpu), &cpu);
        pid = fork();
        if (!pid) {
                for (;;)
                        ++*count;
        }
        while (!*count)
                usleep(1000);
        counted("ordinary", count);
        set(0, SCHED_FIFO, 1);
        counted("of real time", count);
        set(0, SCHED_RR, 50);
        set(pid, SCHED_RR, 1);
        counted("beside a lower one", count);
        set(pid, SCHED_OTHER, 0);
        set(0, SCHED_OTHER, 0);
        counted("ordinary again", count);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        part("classes", classes);
        part("attributes", attributes);
        part("children", children);
        part("nobody", nobody);
        part("first", first);
        return 0;
}
