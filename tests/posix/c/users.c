/* SPDX-License-Identifier: BSD-2-Clause */
/* Users and groups: what a process may become, and what it may do to others and to the system then. Run as root; each
 * part is a child, which is somebody else afterwards. */
#define _GNU_SOURCE
#include "users.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>

static void line(const char *name)
{
        char text[200];
        FILE *f = fopen("/proc/self/status", "r");

        while (f && fgets(text, sizeof(text), f)) {
                if (!strncmp(text, name, strlen(name)))
                        fputs(text, stdout);
        }
        if (f)
                fclose(f);
}

static void who(void)
{
        uid_t u[3];
        gid_t g[3];

        getresuid(&u[0], &u[1], &u[2]);
        getresgid(&g[0], &g[1], &g[2]);
        printf("user %d %d %d %d, group %d %d %d %d; %d %d %d %d\n", u[0], u[1], u[2], setfsuid(-1), g[0],
               g[1], g[2], setfsgid(-1), getuid(), geteuid(), getgid(), getegid());
        line("CapEff");
        line("CapPrm");
        fflush(stdout);
}

/* The calls themselves: a C library would have all threads do it. */
#define SET(name, ...)                                                                                       \
        do {                                                                                                 \
                errno = 0;                                                                                   \
                show_number(#name " " #__VA_ARGS__, syscall(SYS_##name, __VA_ARGS__));                       \
                who();                                                                                       \
        } while (0)

static void set_users(void)
{
        SET(setuid, -1);
        SET(setresuid, 1, 2, 3);
        SET(setuid, 4);
        SET(setuid, 3);
        SET(setuid, 1);
        SET(setreuid, 3, -1);
        SET(setreuid, -1, 2);
        SET(setreuid, 2, 1);
        SET(setreuid, 1, 2);
        SET(setresuid, 0, -1, -1);
        SET(setresuid, -1, 1, 2);
        SET(setfsuid, 9);
        SET(setfsuid, 2);
        SET(setresgid, 7, -1, -1);
        SET(setgid, 7);
}

static void set_groups(void)
{
        SET(setresgid, 1, 2, 3);
        SET(setresuid, 1, 1, 1);
        SET(setgid, 4);
        SET(setgid, 3);
        SET(setregid, 3, 1);
        SET(setregid, 3, -1);
        SET(setregid, 1, 3);
        SET(setresgid, -1, 2, -1);
        SET(setresgid, -1, 1, -1);
        SET(setfsgid, 5);
        SET(setfsgid, 3);
}

/* Effective and saved users come and go, and capabilities with them. */
static void come_back(void)
{
        SET(setresuid, -1, 5, -1);
        SET(setresuid, -1, 0, -1);
        SET(setreuid, 5, 5);
        SET(setuid, 0);
}

static void file_user(void)
{
        SET(setfsuid, 5);
        SET(setfsuid, 0);
}

static void keep(void)
{
        ASK(prctl(PR_SET_KEEPCAPS, 2));
        ASK(prctl(PR_SET_KEEPCAPS, 1));
        ASK(prctl(PR_GET_KEEPCAPS));
        SET(setresuid, 5, 5, 5);
        SET(setuid, 0);
}

static void further(void)
{
        gid_t list[40] = {TEAM, 501, 502}, back[40] = {0};

        ASK(syscall(SYS_setgroups, 65537, list));
        ASK(syscall(SYS_setgroups, 3, 0));
        ASK(syscall(SYS_setgroups, 3, list));
        show_number("groups", syscall(SYS_getgroups, 0, 0));
        ASK(syscall(SYS_getgroups, 2, back));
        ASK(syscall(SYS_getgroups, -1, back));
        show_number("groups", syscall(SYS_getgroups, 40, back));
        printf("%d %d %d\n", back[0], back[1], back[2]);
        line("Groups");
        SET(setresuid, 5, 5, 5);
        ASK(syscall(SYS_setgroups, 0, list));
        show_number("groups", syscall(SYS_getgroups, 0, 0));
}

struct head {
        unsigned version;
        int pid;
};
struct sets {
        unsigned effective, permitted, inheritable;
};

static void capabilities(void)
{
        struct head h = {0x20080522, 0};
        struct sets s[2] = {{0}};

        ASK(syscall(SYS_capget, &h, s));
        printf("%x %x %x, %x %x %x\n", s[0].effective, s[0].permitted, s[0].inheritable, s[1].effective,
               s[1].permitted, s[1].inheritable);
        s[0].inheritable = 3;
        ASK(syscall(SYS_capset, &h, s));
        ASK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 2, 0, 0));
        ASK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 1, 0, 0));
        ASK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 1, 0, 0));
        ASK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, 1, 0, 0));
        ASK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 1, 0, 0));
        ASK(prctl(PR_CAPBSET_READ, 12, 0, 0, 0));
        ASK(prctl(PR_CAPBSET_DROP, 12, 0, 0, 0));
        ASK(prctl(PR_CAPBSET_READ, 12, 0, 0, 0));
        ASK(prctl(PR_CAPBSET_DROP, 60, 0, 0, 0));
        h.pid = 1;
        ASK(syscall(SYS_capset, &h, s));
        h.pid = 0;
        s[0].effective &= ~(1u << 8);
        ASK(syscall(SYS_capset, &h, s));
        who();
        s[0].inheritable = 1 << 12;
        ASK(syscall(SYS_capset, &h, s));
        s[0].inheritable = 1;
        s[0].permitted = 1 << 7 | 1 << 5;
        ASK(syscall(SYS_capset, &h, s));
        s[0].effective = 1 << 5;
        s[1] = (struct sets){0};
        ASK(syscall(SYS_capset, &h, s));
        who();
        line("CapInh");
        line("CapBnd");
        line("CapAmb");
        s[0].permitted = 7;
        ASK(syscall(SYS_capset, &h, s));
        ASK(prctl(PR_CAPBSET_DROP, 13, 0, 0, 0));
        ASK(setpriority(PRIO_PROCESS, 0, -5));
}

static volatile int got, from_user;

static void caught(int signal, siginfo_t *info, void *context)
{
        (void)signal;
        (void)context;
        got++;
        from_user = (int)info->si_uid;
}

static void others(void)
{
        int root = getppid(), status, child, session;
        struct rlimit r;

        be(SOMEBODY, SOMEBODY);
        session = fork();
        if (!session) {
                pause();
                _exit(0);
        }
        ASK(kill(root, 0));
        ASK(kill(root, SIGCONT));
        ASK(syscall(SYS_tkill, root, SIGTERM));
        ASK(syscall(SYS_tgkill, root, root, SIGTERM));
        ASK(kill(1, SIGTERM));
        ASK(kill(session, SIGTERM));
        waitpid(session, &status, 0);
        show_end("child", status);
        ASK(getpriority(PRIO_PROCESS, root) == -1 ? -1 : 0);
        ASK(setpriority(PRIO_PROCESS, root, 5));
        ASK(setpriority(PRIO_PROCESS, 0, 5));
        ASK(setpriority(PRIO_PROCESS, 0, 4));
        ASK(setpriority(PRIO_USER, 0, 6));
        ASK(setpriority(PRIO_USER, 4711, 6));
        ASK(sched_setaffinity(root, sizeof(cpu_set_t), &(cpu_set_t){{1}}));
        ASK(ptrace(PTRACE_ATTACH, root, 0, 0));
        ASK(process_vm_readv(root, &(struct iovec){&status, 4}, 1, &(struct iovec){&status, 4}, 1, 0));
        ASK(prlimit(root, RLIMIT_CORE, NULL, &r));
        ASK(getrlimit(RLIMIT_CORE, &r));
        r.rlim_cur = r.rlim_max = 4096;
        ASK(setrlimit(RLIMIT_CORE, &r));
        r.rlim_max = 8192;
        ASK(setrlimit(RLIMIT_CORE, &r));
        child = fork();
        if (!child) {
                struct sigaction a = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};

                sigaction(SIGUSR1, &a, NULL);
                kill(getpid(), SIGUSR1);
                printf("got %d from %d\n", got, from_user);
                fflush(stdout);
                _exit(0);
        }
        waitpid(child, &status, 0);
}

static void system_calls(void)
{
        struct timeval now;
        struct rlimit none = {0, 0};
        struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(80)};
        static char page[8192];
        int s = socket(AF_INET, SOCK_DGRAM, 0);

        gettimeofday(&now, NULL);
        be(SOMEBODY, SOMEBODY);
        ASK(sethostname("x", 1));
        ASK(setdomainname("x", 1));
        ASK(settimeofday(&now, NULL));
        ASK(clock_settime(CLOCK_REALTIME, &(struct timespec){5, 0}));
        ASK(chroot("/"));
        ASK(bind(s, (struct sockaddr *)&a, sizeof(a)));
        a.sin_port = htons(8080);
        ASK(bind(s, (struct sockaddr *)&a, sizeof(a)));
        ASK(mlock(page, sizeof(page)));
        ASK(munlock(page, sizeof(page)));
        ASK(setrlimit(RLIMIT_MEMLOCK, &none));
        ASK(mlock(page, sizeof(page)));
        ASK(mlockall(MCL_CURRENT));
}

struct attributes {
        long flags, most, bytes, count, unused[4];
};

static int open_queue(long most, long bytes)
{
        struct attributes a = {.most = most, .bytes = bytes};

        return (int)syscall(SYS_mq_open, "many", O_CREAT | O_RDWR, 0640, &a);
}

/* More and longer messages than everybody may have, for the one who may: by priority, and by age within one. */
static void many(void)
{
        enum { COUNT = 600, LONG = 1000 };
        static char text[LONG];
        int q = open_queue(COUNT, LONG), wrong = 0, turn = -1;
        unsigned priority, before = 32768;

        for (int i = 0; i < COUNT; i++) {
                memcpy(text, &i, sizeof(i));
                wrong += syscall(SYS_mq_timedsend, q, text, (size_t)(i % LONG + 4), (unsigned)(i * 7919) % 50,
                                 NULL) != 0;
        }
        for (int i = 0, number; i < COUNT; i++) {
                wrong += syscall(SYS_mq_timedreceive, q, text, LONG, &priority, NULL) < 4;
                memcpy(&number, text, sizeof(number));
                wrong += priority > before || (priority == before && number <= turn) ||
                         (unsigned)(number * 7919) % 50 != priority;
                before = priority;
                turn = number;
        }
        printf("%d, %d wrong\n", q > 0, wrong);
        close(q);
        syscall(SYS_mq_unlink, "many");
        q = open_queue(20, 16384);
        show_number("long", q > 0);
        close(q);
        syscall(SYS_mq_unlink, "many");
}

static void few(void)
{
        syscall(SYS_mq_open, "roots", O_CREAT | O_RDWR, 0644, NULL);
        be(SOMEBODY, SOMEBODY);
        show_number("more messages", open_queue(11, 8));
        show_number("more bytes", open_queue(1, 8193));
        show_number("as many", open_queue(10, 8192) > 0);
        ASK(syscall(SYS_mq_unlink, "many"));
        show_number("another's, to read", syscall(SYS_mq_open, "roots", O_RDONLY, 0, NULL) > 0);
        ASK(syscall(SYS_mq_open, "roots", O_RDWR, 0, NULL));
        ASK(syscall(SYS_mq_unlink, "roots"));
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        part("users", set_users);
        part("groups", set_groups);
        part("come back", come_back);
        part("file user", file_user);
        part("keep", keep);
        part("further", further);
        part("capabilities", capabilities);
        part("others", others);
        part("system", system_calls);
        part("many messages", many);
        part("few", few);
        ASK(syscall(SYS_mq_unlink, "roots"));
        return 0;
}
