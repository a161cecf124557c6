/* SPDX-License-Identifier: BSD-2-Clause */
/* What calls about processes, memory, signals, time and waiting return for wrong arguments; compared as refused_files.c is. */
#define _GNU_SOURCE
#include "ask.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CLOSED = 900, NOBODY = 0x3fffffff, PAGE = 4096, MASK = 8 };

static void *bad;
static char *memory;
static volatile int minus = -1;
static int file, only_read, only_write, directory, end[2], set, timer, event;
static long buffer[64];
static int words[64];

static void prepare(void)
{
        bad = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        memory = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        munmap(memory + 4 * PAGE, PAGE);
        file = open("file", O_RDWR | O_CREAT, 0644);
        only_read = open("file", O_RDONLY);
        only_write = open("file", O_WRONLY);
        directory = open(".", O_RDONLY);
        pipe(end);
        set = epoll_create1(0);
        timer = timerfd_create(CLOCK_MONOTONIC, 0);
        event = eventfd(0, EFD_NONBLOCK);
}

static void processes(void)
{
        int status;
        siginfo_t info;

        ASK(kill(getpid(), 65));
        ASK(kill(getpid(), -1));
        ASK(kill(NOBODY, 0));
        ASK(kill(-NOBODY, 0));
        ASK(kill(INT_MIN, 0));
        ASK(kill(getpid(), 0));
        ASK(syscall(SYS_tkill, -1, 0));
        ASK(syscall(SYS_tkill, NOBODY, 0));
        ASK(syscall(SYS_tkill, getpid(), 65));
        ASK(syscall(SYS_tgkill, -1, getpid(), 0));
        ASK(syscall(SYS_tgkill, getpid(), -1, 0));
        ASK(syscall(SYS_tgkill, getpid(), NOBODY, 0));
        ASK(syscall(SYS_tgkill, NOBODY, getpid(), 0));
        ASK(syscall(SYS_rt_sigqueueinfo, getpid(), 65, buffer));
        ASK(syscall(SYS_rt_sigqueueinfo, getpid(), 0, bad));
        ASK(syscall(SYS_rt_sigqueueinfo, NOBODY, 10, buffer));
        ASK(wait(&status));
        ASK(waitpid(-1, &status, 0x100));
        ASK(waitpid(NOBODY, &status, 0));
        ASK(waitpid(-NOBODY, &status, 0));
        ASK(waitpid(INT_MIN, &status, 0));
        ASK(waitid(P_ALL, 0, &info, 0));
        ASK(waitid(P_ALL, 0, &info, WNOHANG));
        ASK(waitid(P_ALL, 0, &info, WEXITED));
        ASK(waitid(P_PID, 0, &info, WEXITED));
        ASK(waitid(P_PID, NOBODY, &info, WEXITED));
        ASK(waitid(77, 0, &info, WEXITED));
        ASK(waitid(P_ALL, 0, &info, WEXITED | 0x100));
}

static void groups_and_limits(void)
{
        struct rlimit limit = {5, 4};
        struct rusage usage;

        ASK(getpgid(NOBODY));
        ASK(getpgid(-99));
        ASK(getsid(NOBODY));
        ASK(getsid(-1));
        ASK(setpgid(0, -1));
        ASK(setpgid(NOBODY, 0));
        ASK(setpgid(-1, 0));
        ASK(setpgid(0, NOBODY));
        ASK(setpgid(getppid(), 0));
        ASK(getpriority(77, 0));
        ASK(getpriority(PRIO_PROCESS, NOBODY));
        ASK(getpriority(PRIO_PGRP, NOBODY));
        ASK(setpriority(77, 0, 0));
        ASK(setpriority(PRIO_PROCESS, NOBODY, 0));
        ASK(setpriority(PRIO_PROCESS, 0, 0));
        ASK(getrlimit(RLIMIT_NOFILE, bad));
        ASK(syscall(SYS_getrlimit, 77, buffer));
        ASK(setrlimit(RLIMIT_NOFILE, &limit));
        ASK(syscall(SYS_setrlimit, RLIMIT_NOFILE, bad));
        ASK(syscall(SYS_setrlimit, 77, &limit));
        ASK(syscall(SYS_prlimit64, NOBODY, RLIMIT_NOFILE, NULL, buffer));
        ASK(syscall(SYS_prlimit64, 0, 77, NULL, buffer));
        ASK(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, bad, NULL));
        ASK(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, bad));
        ASK(getrusage(77, &usage));
        ASK(getrusage(-2, &usage));
        ASK(syscall(SYS_getrusage, RUSAGE_SELF, bad));
}

static void facts(void)
{
        ASK(syscall(SYS_times, bad));
        ASK(syscall(SYS_uname, bad));
        ASK(syscall(SYS_sysinfo, bad));
        ASK(syscall(SYS_getcpu, bad, NULL, NULL));
        ASK(syscall(SYS_sethostname, "x", -1));
        ASK(syscall(SYS_sethostname, bad, 3));
        ASK(syscall(SYS_setdomainname, "x", -1));
        ASK(syscall(SYS_getrandom, bad, 5, 0));
        ASK(syscall(SYS_getrandom, buffer, 5, 0x80));
        ASK(syscall(SYS_getrandom, buffer, 5, 6));
        ASK(syscall(SYS_set_robust_list, buffer, 23));
        ASK(syscall(SYS_get_robust_list, 0, bad, buffer));
        ASK(syscall(SYS_get_robust_list, NOBODY, buffer, buffer));
        ASK(syscall(SYS_getgroups, -1, buffer));
        ASK(syscall(SYS_setgroups, -1, buffer));
        ASK(syscall(SYS_setgroups, 70000, buffer));
        ASK(syscall(SYS_getresuid, bad, buffer, buffer));
        ASK(syscall(SYS_getresgid, buffer, bad, buffer));
        ASK(setuid(-1));
        ASK(setgid(-1));
        ASK(syscall(SYS_unshare, 0x1));
        ASK(syscall(SYS_personality, 0xffffffffu));
        ASK(syscall(SYS_capget, bad, buffer));
        ASK(syscall(SYS_membarrier, 0x7777, 0, 0));
        ASK(syscall(SYS_membarrier, 0, 1, 0));
}

static void names(void)
{
        ASK(prctl(7777, 0, 0, 0, 0));
        ASK(prctl(PR_SET_NAME, bad, 0, 0, 0));
        ASK(prctl(PR_GET_NAME, bad, 0, 0, 0));
        ASK(prctl(PR_SET_PDEATHSIG, 99, 0, 0, 0));
        ASK(prctl(PR_SET_PDEATHSIG, 10, 0, 0, 0));
        ASK(prctl(PR_GET_PDEATHSIG, words, 0, 0, 0));
        printf("that is %d\n", *words);
        ASK(prctl(PR_GET_PDEATHSIG, bad, 0, 0, 0));
        ASK(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0));
        ASK(prctl(PR_SET_DUMPABLE, 7, 0, 0, 0));
        ASK(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
        ASK(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
        ASK(prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0));
        ASK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
        ASK(prctl(PR_GET_CHILD_SUBREAPER, words, 0, 0, 0));
        printf("that is %d\n", *words);
        ASK(prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0));
        ASK(prctl(PR_SET_TIMERSLACK, 70000, 0, 0, 0));
        printf("slack: %d\n", prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0));
        ASK(prctl(PR_SET_TIMERSLACK, 0, 0, 0, 0));
        printf("slack: %d\n", prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0));
        ASK(prctl(PR_SET_KEEPCAPS, 7, 0, 0, 0));
        ASK(prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0));
}

static void schedules(void)
{
        struct sched_param zero = {.sched_priority = 0}, one = {.sched_priority = 1},
                           much = {.sched_priority = 1000};

        ASK(syscall(SYS_sched_setscheduler, 0, 77, &zero));
        ASK(syscall(SYS_sched_setscheduler, NOBODY, SCHED_OTHER, &zero));
        ASK(syscall(SYS_sched_setscheduler, -1, SCHED_OTHER, &zero));
        ASK(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, NULL));
        ASK(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, bad));
        ASK(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &one));
        ASK(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &much));
        ASK(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &zero));
        ASK(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &zero));
        ASK(syscall(SYS_sched_getscheduler, NOBODY));
        ASK(syscall(SYS_sched_getscheduler, -1));
        ASK(syscall(SYS_sched_getparam, NOBODY, &zero));
        ASK(syscall(SYS_sched_getparam, -1, &zero));
        ASK(syscall(SYS_sched_getparam, 0, NULL));
        ASK(syscall(SYS_sched_getparam, 0, bad));
        ASK(syscall(SYS_sched_setparam, NOBODY, &zero));
        ASK(syscall(SYS_sched_setparam, -1, &zero));
        ASK(syscall(SYS_sched_setparam, 0, NULL));
        ASK(syscall(SYS_sched_setparam, 0, bad));
        ASK(syscall(SYS_sched_setparam, 0, &one));
        ASK(syscall(SYS_sched_setparam, 0, &zero));
        ASK(sched_get_priority_max(77));
        ASK(sched_get_priority_min(77));
        ASK(sched_get_priority_max(SCHED_FIFO));
        ASK(syscall(SYS_sched_rr_get_interval, -1, buffer));
        ASK(syscall(SYS_sched_rr_get_interval, NOBODY, buffer));
        ASK(syscall(SYS_sched_rr_get_interval, 0, bad));
        ASK(syscall(SYS_sched_rr_get_interval, 0, buffer));
}

static void affinities(void)
{
        cpu_set_t cpus;

        CPU_ZERO(&cpus);
        ASK(syscall(SYS_sched_setaffinity, 0, sizeof(cpus), &cpus));
        ASK(syscall(SYS_sched_setaffinity, 0, sizeof(cpus), bad));
        ASK(syscall(SYS_sched_setaffinity, NOBODY, sizeof(cpus), &cpus));
        ASK(syscall(SYS_sched_getaffinity, NOBODY, sizeof(cpus), &cpus));
        ASK(syscall(SYS_sched_getaffinity, 0, 0, &cpus));
        ASK(syscall(SYS_sched_getaffinity, 0, sizeof(cpus), bad));
        ASK(syscall(SYS_sched_setaffinity, 0, 0, &cpus));
        ASK(syscall(SYS_sched_setaffinity, 0, sizeof(cpus), &(uint64_t){0}));
        ASK(syscall(SYS_sched_setaffinity, 0, 1, &(uint64_t){0xff00}));
        ASK(syscall(SYS_sched_setaffinity, 0, sizeof(cpus), &(uint64_t){1ull << 60}));
        ASK(syscall(SYS_sched_setaffinity, 0, 1, &(uint64_t){0xff01}));
        ASK(syscall(SYS_sched_setaffinity, NOBODY, sizeof(cpus), bad));
        ASK(syscall(SYS_sched_getaffinity, NOBODY, 0, &cpus));
        ASK(syscall(SYS_sched_getaffinity, 0, 4, &cpus));
        ASK(syscall(SYS_sched_getaffinity, 0, 12, &cpus));
}

static void attributes(void)
{
        ASK(syscall(SYS_sched_getattr, 0, NULL, 48, 0));
        ASK(syscall(SYS_sched_getattr, 0, words, 47, 0));
        ASK(syscall(SYS_sched_getattr, 0, words, 48, 1));
        ASK(syscall(SYS_sched_getattr, NOBODY, buffer, 48, 0));
        ASK(syscall(SYS_sched_getattr, 0, words, 48, 0));
        printf("size %d, policy %d\n", words[0], words[1]);
        ASK(syscall(SYS_sched_setattr, 0, words, 0));
        ASK(syscall(SYS_sched_setattr, 0, NULL, 0));
        ASK(syscall(SYS_sched_setattr, NOBODY, buffer, 0));
        ASK(syscall(SYS_sched_setattr, 0, words, 1000));
        words[1] = 77;
        ASK(syscall(SYS_sched_setattr, 0, words, 0));
        ASK(syscall(SYS_ioprio_get, 77, 0));
        ASK(syscall(SYS_ioprio_get, 1, NOBODY));
        ASK(syscall(SYS_ioprio_set, 77, 0, 0));
}

static void maps(void)
{
        enum { PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS };

#define MAPPED(x) ((void *)(x) == MAP_FAILED ? -1l : 1l)
        ASK(MAPPED(mmap(NULL, 0, PROT_READ, PRIVATE, -1, 0)));
        ASK(MAPPED(mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0)));
        ASK(MAPPED(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0)));
        ASK(MAPPED(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, CLOSED, 0)));
        ASK(MAPPED(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, file, 1)));
        ASK(MAPPED(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, only_write, 0)));
        ASK(MAPPED(mmap(NULL, PAGE, PROT_WRITE, MAP_PRIVATE, only_write, 0)));
        ASK(MAPPED(mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED, only_read, 0)));
        ASK(MAPPED(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, directory, 0)));
        ASK(MAPPED(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, end[0], 0)));
        ASK(MAPPED(mmap((void *)1, PAGE, PROT_READ, PRIVATE | MAP_FIXED, -1, 0)));
        ASK(MAPPED(mmap(NULL, (size_t)minus, PROT_READ, PRIVATE, -1, 0)));
        ASK(MAPPED(mmap(NULL, 0x7fffffffffff0000ul, PROT_READ, PRIVATE, -1, 0)));
        ASK(MAPPED(mmap(memory, PAGE, PROT_READ, PRIVATE | MAP_FIXED_NOREPLACE, -1, 0)));
        ASK(munmap(memory + 1, PAGE));
        ASK(munmap(memory, 0));
        ASK(munmap((void *)-PAGE, PAGE));
        ASK(syscall(SYS_mprotect, memory + 1, PAGE, PROT_READ));
        ASK(mprotect(memory + 4 * PAGE, PAGE, PROT_READ));
        ASK(mprotect(memory, PAGE, 0x100));
        ASK(mprotect(memory, 0, PROT_READ));
        ASK(MAPPED(mremap(memory + 1, PAGE, PAGE, 0)));
        ASK(MAPPED(mremap(memory + 4 * PAGE, PAGE, 2 * PAGE, 0)));
        ASK(MAPPED(mremap(memory, PAGE, 0, 0)));
        ASK(MAPPED(mremap(memory, PAGE, PAGE, 0x80)));
        ASK(MAPPED(mremap(memory, PAGE, PAGE, MREMAP_FIXED, memory + 8 * PAGE)));
        ASK(MAPPED(mremap(memory, 4 * PAGE, 6 * PAGE, 0)));
        ASK(msync(memory + 1, PAGE, MS_SYNC));
        ASK(msync(memory, PAGE, MS_SYNC | MS_ASYNC));
        ASK(msync(memory, PAGE, 0x80));
        ASK(msync(memory + 4 * PAGE, PAGE, MS_SYNC));
        ASK(msync(memory, PAGE, MS_SYNC));
        ASK(madvise(memory + 1, PAGE, MADV_NORMAL));
        ASK(madvise(memory, PAGE, 7777));
        ASK(madvise(memory + 4 * PAGE, PAGE, MADV_NORMAL));
        ASK(madvise(memory + 4 * PAGE, PAGE, MADV_DONTNEED));
        ASK(madvise(memory, (size_t)minus, MADV_NORMAL));
        ASK(madvise(memory, 0, MADV_NORMAL));
        ASK(mincore(memory + 1, PAGE, (void *)buffer));
        ASK(mincore(memory, PAGE, bad));
        ASK(mincore(memory + 4 * PAGE, PAGE, (void *)buffer));
        ASK(mlock(memory + 4 * PAGE, PAGE));
        ASK(mlock(memory, PAGE));
        ASK(munlock(memory, PAGE));
        ASK(munlock(memory + 4 * PAGE, PAGE));
        ASK(mlockall(0));
        ASK(mlockall(0x77));
        ASK(mlockall(MCL_ONFAULT));
        ASK(munlockall());
        ASK(syscall(SYS_mlock2, memory, PAGE, 0x77));
        ASK(syscall(SYS_memfd_create, "x", 0x800));
        ASK(syscall(SYS_memfd_create, bad, 0));
}

static void signals(void)
{
        struct sigaction a = {.sa_handler = SIG_IGN};
        stack_t s = {.ss_sp = memory, .ss_size = 8, .ss_flags = 0};
        sigset_t none;
        struct timespec time = {-1, 0};

        sigemptyset(&none);
        ASK(sigaction(SIGKILL, &a, NULL));
        ASK(sigaction(SIGSTOP, &a, NULL));
        ASK(sigaction(0, &a, NULL));
        ASK(sigaction(-1, &a, NULL));
        ASK(sigaction(200, &a, NULL));
        ASK(syscall(SYS_rt_sigaction, 10, bad, NULL, MASK));
        ASK(syscall(SYS_rt_sigaction, 10, NULL, bad, MASK));
        ASK(syscall(SYS_rt_sigaction, 10, NULL, NULL, 7));
        ASK(syscall(SYS_rt_sigprocmask, 77, &none, NULL, MASK));
        ASK(syscall(SYS_rt_sigprocmask, 0, bad, NULL, MASK));
        ASK(syscall(SYS_rt_sigprocmask, 0, NULL, bad, MASK));
        ASK(syscall(SYS_rt_sigprocmask, 0, NULL, NULL, 7));
        ASK(syscall(SYS_rt_sigpending, bad, MASK));
        ASK(syscall(SYS_rt_sigpending, buffer, 9));
        ASK(syscall(SYS_rt_sigsuspend, bad, MASK));
        ASK(syscall(SYS_rt_sigsuspend, &none, 7));
        ASK(syscall(SYS_rt_sigtimedwait, bad, NULL, NULL, MASK));
        ASK(syscall(SYS_rt_sigtimedwait, &none, NULL, bad, MASK));
        ASK(syscall(SYS_rt_sigtimedwait, &none, NULL, &time, MASK));
        ASK(syscall(SYS_rt_sigtimedwait, &none, NULL, &time, 7));
        ASK(syscall(SYS_sigaltstack, &s, NULL));
        s.ss_flags = 77;
        ASK(syscall(SYS_sigaltstack, &s, NULL));
        ASK(syscall(SYS_sigaltstack, bad, NULL));
        ASK(syscall(SYS_sigaltstack, NULL, bad));
        ASK(signalfd(CLOSED, &none, 0));
        ASK(signalfd(file, &none, 0));
        ASK(signalfd(-1, &none, 0x777));
        ASK(syscall(SYS_signalfd4, -1, bad, MASK, 0));
        ASK(syscall(SYS_signalfd4, -1, &none, 7, 0));
}

static void times_(void)
{
        struct timespec t = {0, 1000000000}, before = {-1, 0}, none = {0, 0};
        struct itimerspec wrong = {{0, 0}, {0, 1000000000}}, some = {{0, 0}, {5, 0}};
        struct itimerval v = {{0, 0}, {0, 1000000}};
        struct sigevent notify = {.sigev_notify = 77};
        timer_t id;

        ASK(syscall(SYS_nanosleep, &t, NULL));
        ASK(syscall(SYS_nanosleep, &before, NULL));
        ASK(syscall(SYS_nanosleep, bad, NULL));
        ASK(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &t, NULL));
        ASK(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &before, NULL));
        ASK(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, bad, NULL));
        ASK(syscall(SYS_clock_nanosleep, 77, 0, &none, NULL));
        ASK(syscall(SYS_clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &none, NULL));
        ASK(syscall(SYS_clock_gettime, 77, buffer));
        ASK(syscall(SYS_clock_gettime, CLOCK_REALTIME, bad));
        ASK(syscall(SYS_clock_getres, 77, buffer));
        ASK(syscall(SYS_clock_getres, CLOCK_REALTIME, bad));
        ASK(syscall(SYS_clock_getres, CLOCK_REALTIME, NULL));
        ASK(syscall(SYS_clock_settime, 77, &none));
        ASK(syscall(SYS_clock_settime, CLOCK_MONOTONIC, &none));
        ASK(syscall(SYS_clock_settime, CLOCK_REALTIME, bad));
        ASK(syscall(SYS_clock_settime, CLOCK_REALTIME, &t));
        ASK(syscall(SYS_clock_settime, CLOCK_REALTIME, &before));
        ASK(syscall(SYS_gettimeofday, bad, NULL));
        ASK(syscall(SYS_gettimeofday, NULL, NULL));
        ASK(syscall(SYS_settimeofday, bad, NULL));
        ASK(syscall(SYS_adjtimex, bad));
        ASK(syscall(SYS_getitimer, 77, buffer));
        ASK(syscall(SYS_getitimer, -1, buffer));
        ASK(syscall(SYS_getitimer, ITIMER_REAL, bad));
        ASK(syscall(SYS_getitimer, ITIMER_VIRTUAL, buffer));
        ASK(syscall(SYS_getitimer, ITIMER_PROF, buffer));
        ASK(syscall(SYS_setitimer, 77, &v, NULL));
        ASK(syscall(SYS_setitimer, ITIMER_REAL, &v, NULL));
        ASK(syscall(SYS_setitimer, ITIMER_REAL, bad, NULL));
        ASK(timerfd_create(77, 0));
        ASK(timerfd_create(CLOCK_MONOTONIC, 0x777));
        ASK(timerfd_settime(CLOSED, 0, &some, NULL));
        ASK(timerfd_settime(file, 0, &some, NULL));
        ASK(timerfd_settime(timer, 0, &wrong, NULL));
        ASK(syscall(SYS_timerfd_settime, timer, 0, bad, NULL));
        ASK(timerfd_settime(timer, 0x77, &some, NULL));
        ASK(syscall(SYS_timerfd_gettime, timer, bad));
        ASK(syscall(SYS_timerfd_gettime, CLOSED, buffer));
        ASK(syscall(SYS_timerfd_gettime, file, buffer));
        ASK(syscall(SYS_timer_create, 77, NULL, &id));
        ASK(syscall(SYS_timer_create, CLOCK_MONOTONIC, bad, &id));
        ASK(syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, bad));
        ASK(syscall(SYS_timer_create, CLOCK_MONOTONIC, &notify, &id));
        notify.sigev_notify = SIGEV_SIGNAL;
        notify.sigev_signo = 99;
        ASK(syscall(SYS_timer_create, CLOCK_MONOTONIC, &notify, &id));
        ASK(syscall(SYS_timer_settime, 12345, 0, &some, NULL));
        ASK(syscall(SYS_timer_gettime, 12345, buffer));
        ASK(syscall(SYS_timer_getoverrun, 12345));
        ASK(syscall(SYS_timer_delete, 12345));
}

static void waits(void)
{
        struct epoll_event e = {.events = EPOLLIN}, found[2];
        struct timespec wrong = {0, -1};
        struct pollfd p = {.fd = CLOSED, .events = POLLIN};
        fd_set in;

        FD_ZERO(&in);
        FD_SET(end[0], &in);
        ASK(epoll_create1(0x777));
        ASK(epoll_ctl(CLOSED, EPOLL_CTL_ADD, end[0], &e));
        ASK(epoll_ctl(set, EPOLL_CTL_ADD, CLOSED, &e));
        ASK(epoll_ctl(file, EPOLL_CTL_ADD, end[0], &e));
        ASK(epoll_ctl(set, EPOLL_CTL_ADD, file, &e));
        ASK(epoll_ctl(set, EPOLL_CTL_ADD, directory, &e));
        ASK(epoll_ctl(set, EPOLL_CTL_ADD, set, &e));
        ASK(epoll_ctl(set, EPOLL_CTL_ADD, end[0], bad));
        ASK(epoll_ctl(set, 77, end[0], &e));
        ASK(epoll_ctl(set, EPOLL_CTL_DEL, end[0], &e));
        ASK(epoll_ctl(set, EPOLL_CTL_MOD, end[0], &e));
        ASK(epoll_ctl(set, EPOLL_CTL_ADD, end[0], &e));
        ASK(epoll_ctl(set, EPOLL_CTL_ADD, end[0], &e));
        ASK(epoll_wait(set, found, 0, 0));
        ASK(epoll_wait(set, found, minus, 0));
        ASK(epoll_wait(CLOSED, found, 2, 0));
        ASK(epoll_wait(file, found, 2, 0));
        ASK(epoll_wait(set, found, 2, 0));
        ASK(syscall(SYS_epoll_pwait, set, found, 2, 0, bad, MASK));
        ASK(syscall(SYS_epoll_pwait, set, found, 2, 0, buffer, 7));
        ASK(syscall(SYS_ppoll, bad, 1, NULL, NULL, MASK));
        ASK(syscall(SYS_ppoll, &p, 1, NULL, NULL, MASK));
        ASK(syscall(SYS_ppoll, &p, 1, &wrong, NULL, MASK));
        ASK(syscall(SYS_ppoll, &p, 1, bad, NULL, MASK));
        ASK(syscall(SYS_ppoll, &p, 1, NULL, bad, MASK));
        ASK(syscall(SYS_ppoll, &p, (unsigned)minus, NULL, NULL, MASK));
        ASK(syscall(SYS_pselect6, -1, NULL, NULL, NULL, NULL, NULL));
        ASK(syscall(SYS_pselect6, 20, bad, NULL, NULL, NULL, NULL));
        ASK(syscall(SYS_pselect6, 20, NULL, NULL, NULL, &wrong, NULL));
        ASK(syscall(SYS_pselect6, 20, NULL, NULL, NULL, bad, NULL));
        close(end[0]);
        ASK(syscall(SYS_pselect6, 20, &in, NULL, NULL, NULL, NULL));
        ASK(eventfd(0, 0x777));
        ASK(syscall(SYS_futex, bad, 0, 0, NULL, NULL, 0));
        ASK(syscall(SYS_futex, buffer, 0x77, 0, NULL, NULL, 0));
        ASK(syscall(SYS_futex, (char *)buffer + 1, 0, 0, NULL, NULL, 0));
        ASK(syscall(SYS_futex, buffer, 0, (int)buffer[0], &wrong, NULL, 0));
        ASK(syscall(SYS_futex, buffer, 0, (int)buffer[0] + 1, NULL, NULL, 0));
        ASK(syscall(SYS_futex, buffer, 9, (int)buffer[0], NULL, NULL, 0));
        ASK(syscall(SYS_futex, buffer, 3, -1, NULL, buffer, 0));
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        mkdir("/tmp/refused", 0755);
        chdir("/tmp/refused");
        prepare();
        processes();
        groups_and_limits();
        facts();
        names();
        schedules();
        affinities();
        attributes();
        maps();
        signals();
        times_();
        waits();
        return 0;
}
