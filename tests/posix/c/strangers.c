/* SPDX-License-Identifier: BSD-2-Clause */
/* What one user may do with processes and objects of another one: signals, priorities, limits, looking into them, /proc, keys of System V,
 * and what only some capability allows. */
#define _GNU_SOURCE
#include "strangers.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>

enum { KILL_ = 1 << 5, SYS_NICE = 1 << 23, SYS_RESOURCE = 1 << 24, PTRACE = 1 << 19, KEYS = 0x5e55 };

static int target; /* a process of somebody */
static int message, semaphore, segment, message_group;
static volatile int told;
static volatile siginfo_t cause;

static int sleeper(unsigned user)
{
        int pipes[2], child;
        char byte;

        if (pipe(pipes))
                return -1;
        child = fork();
        if (child)
                return read(pipes[0], &byte, 1) == 1 ? child : -1;
        signal(SIGUSR1, SIG_IGN);
        signal(SIGCONT, SIG_DFL);
        become(user);
        prctl(PR_SET_DUMPABLE, 1);
        if (write(pipes[1], "x", 1) != 1)
                _exit(1);
        for (;;)
                pause();
}

static void show_file(const char *name, int flags)
{
        char path[80];
        int f;

        snprintf(path, sizeof(path), "/proc/%d/%s", target, name);
        f = open(path, flags);
        printf("    %s: %d\n", name, f < 0 ? errno : 0);
        close(f);
}

static void show_link(const char *name)
{
        char path[80], text[200];

        snprintf(path, sizeof(path), "/proc/%d/%s", target, name);
        printf("    %s: %d", name, readlink(path, text, sizeof(text)) < 0 ? errno : 0);
        printf(" %d\n", open(path, O_RDONLY | O_PATH) < 0 ? errno : 0);
}

static void looks(void)
{
        static const char *const files[] = {"status",  "stat", "cmdline", "comm",
                                            "environ", "maps", "smaps",   "limits"};
        char path[80];
        struct stat s;

        for (unsigned i = 0; i < sizeof(files) / sizeof(*files); i++)
                show_file(files[i], O_RDONLY);
        show_file("oom_score_adj", O_RDWR);
        show_file("fd", O_RDONLY | O_DIRECTORY);
        show_file("task", O_RDONLY | O_DIRECTORY);
        show_link("exe");
        show_link("cwd");
        show_link("fd/0");
        snprintf(path, sizeof(path), "/proc/%d", target);
        if (!stat(path, &s))
                printf("    of %d, %d: %o\n", (int)s.st_uid, (int)s.st_gid, s.st_mode);
}

static void signals(void)
{
        show_number("signal 0", kill(target, 0));
        show_number("a signal", kill(target, SIGUSR1));
        show_number("to its thread", syscall(SYS_tgkill, target, target, SIGUSR1));
        show_number("queued", sigqueue(target, SIGUSR1, (union sigval){.sival_int = 1}));
        show_number("to go on", kill(target, SIGCONT));
        show_number("to its group", kill(-getpgid(target), 0));
        show_number("by descriptor", syscall(424, syscall(434, target, 0), SIGUSR1, NULL, 0));
}

static void priorities(void)
{
        struct rlimit limit = {0};
        struct sched_param none = {0};
        cpu_set_t set;

        CPU_ZERO(&set);
        CPU_SET(0, &set);
        show_number("priority", setpriority(PRIO_PROCESS, (id_t)target, 5));
        show_number("better", setpriority(PRIO_PROCESS, (id_t)target, 4));
        show_number("own", setpriority(PRIO_PROCESS, 0, 3));
        show_number("own, better", setpriority(PRIO_PROCESS, 0, -3));
        show_number("all of the user", setpriority(PRIO_USER, SOMEBODY, 7));
        show_number("of nobody", setpriority(PRIO_USER, 4711, 7));
        show_number("seen", getpriority(PRIO_PROCESS, (id_t)target));
        show_number("processors", sched_setaffinity(target, sizeof(set), &set));
        show_number("transfers", syscall(SYS_ioprio_set, 1, target, 2 << 13 | 4));
        show_number("in real time", syscall(SYS_ioprio_set, 1, 0, 1 << 13 | 4));
        show_number("limits", prlimit(target, RLIMIT_CORE, NULL, &limit));
        show_number("set", prlimit(target, RLIMIT_CORE, &limit, NULL));
        show_number("class", syscall(SYS_sched_setscheduler, 0, 0, &none));
        getrlimit(RLIMIT_FSIZE, &limit);
        limit.rlim_max = 1000000;
        limit.rlim_cur = 1000000;
        show_number("less", setrlimit(RLIMIT_FSIZE, &limit));
        limit.rlim_max++;
        show_number("more", setrlimit(RLIMIT_FSIZE, &limit));
}

static void insides(void)
{
        char byte;
        struct iovec own = {&byte, 1}, its = {&target, 1};
        void *head;
        size_t size;

        show_number("traced", ptrace(PTRACE_SEIZE, target, NULL, NULL));
        ptrace(PTRACE_DETACH, target, NULL, NULL);
        show_number("read", process_vm_readv(target, &own, 1, &its, 1, 0));
        show_number("compared", syscall(SYS_kcmp, target, getpid(), 1, 0, 0) < 0 ? -1 : 0);
        show_number("a file", syscall(438, syscall(434, target, 0), 0, 0) < 0 ? -1 : 0);
        show_number("its locks", syscall(SYS_get_robust_list, target, &head, &size));
}

static void objects(void)
{
        struct msqid_ds q;
        struct shmid_ds s;
        struct {
                long type;
                char text[8];
        } m = {1, "text"};
        struct sembuf up = {0, 1, 0}, zero = {0, 0, IPC_NOWAIT};
        void *at;

        show_number("send", msgsnd(message, &m, 4, IPC_NOWAIT));
        show_number("receive", msgrcv(message, &m, 8, 0, IPC_NOWAIT));
        show_number("told", msgctl(message, IPC_STAT, &q));
        show_number("set", msgctl(message, IPC_SET, &q));
        show_number("in a group", msgctl(message_group, IPC_STAT, &q));
        show_number("send", msgsnd(message_group, &m, 4, IPC_NOWAIT));
        show_number("found", msgget(KEYS, 0) >= 0 ? 0 : -1);
        show_number("found to read", msgget(KEYS, 0400) >= 0 ? 0 : -1);
        show_number("raised", semop(semaphore, &up, 1));
        show_number("waited", semop(semaphore, &zero, 1));
        show_number("value", semctl(semaphore, 0, GETVAL) >= 0 ? 0 : -1);
        show_number("set", semctl(semaphore, 0, SETVAL, 0));
        at = shmat(segment, NULL, 0);
        show_number("mapped", at == (void *)-1 ? -1 : shmdt(at));
        at = shmat(segment, NULL, SHM_RDONLY);
        show_number("to read", at == (void *)-1 ? -1 : shmdt(at));
        show_number("told", shmctl(segment, IPC_STAT, &s));
        show_number("locked", shmctl(segment, SHM_LOCK, NULL));
        show_number("removed", shmctl(segment, IPC_RMID, NULL));
        show_number("removed", semctl(semaphore, 0, IPC_RMID));
        show_number("removed", msgctl(message, IPC_RMID, NULL));
}

static void privileges(void)
{
        struct timeval time = {0};
        struct timespec set = {0};

        show_number("name", sethostname("x", 1));
        show_number("domain", setdomainname("x", 1));
        show_number("time", settimeofday(&time, NULL));
        show_number("date", clock_settime(CLOCK_REALTIME, &set));
        show_number("more processes", syscall(SYS_unshare, 0x20000000));
        show_number("log", syscall(SYS_syslog, 8, NULL, 1));
        show_number("own time", getpriority(PRIO_PROCESS, 0) > 0);
}

static void all(void)
{
        looks();
        signals();
        priorities();
        insides();
        objects();
}

static void another(void)
{
        become(OTHER);
        all();
        privileges();
}

static void same(void)
{
        become(SOMEBODY);
        prctl(PR_SET_DUMPABLE, 1);
        all();
}

static void without(void)
{
        drop_effective(KILL_ | SYS_NICE | SYS_RESOURCE | PTRACE);
        signals();
        priorities();
        insides();
}

static void hear(int signal, siginfo_t *info, void *context)
{
        (void)signal;
        (void)context;
        cause = *info;
        told = 1;
}

static void cause_of(void)
{
        struct sigaction a = {.sa_sigaction = hear, .sa_flags = SA_SIGINFO};
        int child, status, pair[2];
        struct {
                int pid;
                unsigned user, group;
        } peer = {0};
        socklen_t length = sizeof(peer);
        siginfo_t end = {0};

        sigaction(SIGUSR2, &a, NULL);
        child = fork();
        if (!child) {
                syscall(SYS_setresuid, OTHER, 0, 0);
                kill(getppid(), SIGUSR2);
                _exit(3);
        }
        while (!told)
                usleep(1000);
        waitid(P_PID, (id_t)child, &end, WEXITED | WNOWAIT);
        wait(&status);
        printf("    sent by %d: user %d; ended: user %d\n", cause.si_pid == child, (int)cause.si_uid,
               (int)end.si_uid);
        become(SOMEBODY);
        socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
        getsockopt(pair[0], SOL_SOCKET, 17, &peer, &length);
        printf("    peer %d: %u %u\n", peer.pid == getpid(), peer.user, peer.group);
}

int main(void)
{
        target = sleeper(SOMEBODY);
        message = msgget(KEYS, IPC_CREAT | 0600);
        message_group = msgget(IPC_PRIVATE, IPC_CREAT | 0640);
        semaphore = semget(IPC_PRIVATE, 1, IPC_CREAT | 0604);
        segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0644);
        in_child("another user", another);
        in_child("the same", same);
        in_child("root without capabilities", without);
        in_child("as it is told", cause_of);
        in_child("root", all);
        kill(target, SIGKILL);
        msgctl(message_group, IPC_RMID, NULL);
        return 0;
}
