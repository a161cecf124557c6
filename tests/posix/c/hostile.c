/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls whose work could grow with something that a program can make many of: regions, descriptors, threads, processes, names,
 * strings, locks, timers.  hostile SIZE [PART]: so many of each, up to the limits, and what the calls return; without a size there are
 * few, and Linux returns the same. */
#define _GNU_SOURCE
#include "ask.h"
#include "sized.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void run_true(void)
{
        execl(self, self, "true", (char *)NULL);
        _exit(1);
}

/* --- regions --- */

/* Every second page may be written. */
static char *split(int regions)
{
        char *a = mmap(NULL, (size_t)regions * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        for (int i = 1; i < regions; i += 2)
                mprotect(a + (size_t)i * PAGE, PAGE, PROT_READ | PROT_WRITE);
        return a;
}

static void read_maps(void)
{
        static char text[1 << 16];
        int f = open("/proc/self/maps", O_RDONLY);
        long bytes, all = 0;

        while ((bytes = read(f, text, sizeof(text))) > 0)
                all += bytes;
        tell("the end of the maps", pread(f, text, 10, all > 100 ? all - 100 : 0) == 10 ? 0 : -1);
        tell("behind it", pread(f, text, 10, all + 1000000));
        close(f);
}

static void regions(void)
{
        int n = at_most(8000);
        size_t bytes = (size_t)n * PAGE;
        unsigned char *present = malloc((size_t)n);
        char *a = split(n);

        tell("mincore over regions", mincore(a, bytes, present));
        tell("msync over regions", msync(a, bytes, MS_SYNC));
        tell("madvise over regions", madvise(a, bytes, MADV_DONTNEED));
        tell("one region more",
             mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
        tell("heap", syscall(SYS_brk, (char *)syscall(SYS_brk, 0) + PAGE));
        read_maps();
        in_child("fork and exit with regions", NULL);
        in_child("exec with regions", run_true);
        tell("mprotect over regions", mprotect(a, bytes, PROT_READ));
        munmap(a, bytes);
        a = split(n);
        tell("mprotect to others", mprotect(a, bytes, PROT_READ | PROT_WRITE));
        munmap(a, bytes);
        a = split(n);
        tell("mmap over regions",
             mmap(a, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED);
        munmap(a, bytes);
        tell("munmap of regions", munmap(split(n), bytes));
}

/* Every second page of a file. */
static void file_regions(void)
{
        int n = at_most(4000), f = open("/tmp/hostile", O_RDWR | O_CREAT | O_TRUNC, 0600);
        char *a = mmap(NULL, (size_t)n * 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        ftruncate(f, PAGE);
        for (int i = 0; i < n; i++)
                mmap(a + (size_t)i * 2 * PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, f, 0);
        tell("files are mapped", msync(a, PAGE, MS_SYNC));
        tell("cut below regions", ftruncate(f, 1));
        in_child("fork and exit with files", NULL);
        close(f);
        unlink("/tmp/hostile");
        tell("munmap of files", munmap(a, (size_t)n * 2 * PAGE));
}

/* --- descriptors --- */

static void watch(const int *f, int n)
{
        struct pollfd *polls = calloc((size_t)n, sizeof(*polls));
        struct epoll_event e = {.events = EPOLLIN}, ready[64];
        int epoll = epoll_create1(0);
        fd_set set;
        struct timeval none = {0, 0};

        FD_ZERO(&set);
        for (int i = 0; i < n; i++) {
                polls[i] = (struct pollfd){.fd = f[i], .events = POLLIN};
                if (f[i] < FD_SETSIZE)
                        FD_SET(f[i], &set);
                epoll_ctl(epoll, EPOLL_CTL_ADD, f[i], &e);
        }
        tell("poll", poll(polls, (nfds_t)n, 0));
        tell("poll for a while", poll(polls, (nfds_t)n, 10));
        tell("select", select(FD_SETSIZE < n ? FD_SETSIZE : n, &set, NULL, NULL, &none));
        tell("epoll", epoll_wait(epoll, ready, 64, 0));
        tell("epoll for a while", epoll_wait(epoll, ready, 64, 10));
        close(epoll);
        free(polls);
}

static void descriptors(void)
{
        struct rlimit limit;
        int ends[2], f[1024], n = 0, most = at_most(1000);

        getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = limit.rlim_max < 1024 ? limit.rlim_max : 1024;
        setrlimit(RLIMIT_NOFILE, &limit);
        pipe(ends);
        while (n < most && (f[n] = dup(ends[0])) >= 0)
                n++;
        watch(f, n);
        in_child("fork and exit with descriptors", NULL);
        in_child("exec with descriptors", run_true);
        tell("close_range", syscall(436, 3, ~0u, 0));
}

/* Sets of sets: each of five contains all descriptors of the next one, so that many paths lead to the last.  Linux refuses so many. */
static void sets(void)
{
        enum { SETS = 5 };
        int most = size > FEW ? SETS : 3;
        struct epoll_event e = {.events = EPOLLIN}, ready;
        struct pollfd polls[20];
        int set[SETS], ends[2], f, n = size > FEW ? at_most(1000) / SETS : 1;

        pipe(ends);
        for (int i = most; i-- > 0;) {
                set[i] = epoll_create1(0);
                for (int k = 0; k < n && (f = dup(i == most - 1 ? ends[0] : set[i + 1])) >= 0; k++)
                        epoll_ctl(set[i], EPOLL_CTL_ADD, f, &e);
        }
        tell("a set of sets", epoll_wait(set[0], &ready, 1, 0));
        tell("for a while", epoll_wait(set[0], &ready, 1, 10));
        for (int i = 0; i < 20; i++)
                polls[i] = (struct pollfd){.fd = set[0], .events = POLLIN};
        tell("some of them", poll(polls, 20, 10) == 0);
        tell("sets in a circle", epoll_ctl(set[most - 1], EPOLL_CTL_ADD, set[0], &e));
        write(ends[1], "x", 1);
        printf("it is ready: %d %d\n", poll(polls, 20, 10), epoll_wait(set[0], &ready, 1, 0));
        tell("all of them are closed", syscall(436, 3, ~0u, 0));
}

/* The innermost of a chain is the outermost of another one when it is in no set any more: they were closed, or it was taken out. */
static void chains_after_another(void)
{
        enum { DEEP = 4 };
        struct epoll_event e = {.events = EPOLLIN};
        int inner = epoll_create1(0), below = epoll_create1(0), set[DEEP];

        epoll_ctl(below, EPOLL_CTL_ADD, epoll_create1(0), &e);
        for (int closed = 0; closed < 2; closed++) {
                for (int i = DEEP; i-- > 0;) {
                        set[i] = epoll_create1(0);
                        if (i < DEEP - 1)
                                epoll_ctl(set[i], EPOLL_CTL_ADD, set[i + 1], &e);
                }
                tell("one more below", epoll_ctl(set[DEEP - 1], EPOLL_CTL_ADD, inner, &e));
                tell("two more", epoll_ctl(inner, EPOLL_CTL_ADD, below, &e));
                if (!closed)
                        epoll_ctl(set[DEEP - 1], EPOLL_CTL_DEL, inner, NULL);
                for (int i = 0; i < DEEP; i++)
                        close(set[i]);
                tell("two below it when it is free", epoll_ctl(inner, EPOLL_CTL_ADD, below, &e));
                epoll_ctl(inner, EPOLL_CTL_DEL, below, NULL);
        }
        syscall(436, 3, ~0u, 0);
}

/* One in the other, the outermost first: Linux does not accept such a depth. */
static void chain_of_sets(void)
{
        struct epoll_event e = {.events = EPOLLIN};
        int n = at_most(900), outer = epoll_create1(0);
        struct pollfd first = {.fd = outer, .events = POLLIN};

        for (int i = 1; i < n; i++) {
                int inner = epoll_create1(0);

                epoll_ctl(outer, EPOLL_CTL_ADD, inner, &e);
                outer = inner;
        }
        tell("a chain of sets", poll(&first, 1, 10));
        tell("it is closed", syscall(436, 3, ~0u, 0));
        chains_after_another();
}

static void locks(void)
{
        int n = at_most(2000), f = open("/tmp/hostile", O_RDWR | O_CREAT | O_TRUNC, 0600);

        for (int i = 0; i < n; i++) {
                struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = i * 2, .l_len = 1};

                if (fcntl(f, F_SETLK, &l) < 0)
                        break;
        }
        tell("closed with locks", close(f));
        unlink("/tmp/hostile");
}

/* --- threads and processes --- */

static int door, others;
static volatile int started;

static void *wait_at_door(void *unused)
{
        (void)unused;
        __atomic_add_fetch(&started, 1, __ATOMIC_SEQ_CST);
        syscall(SYS_futex, &door, 0 /* wait */, 0, NULL, NULL, 0);
        return NULL;
}

static int make_threads(pthread_t *thread, int n)
{
        pthread_attr_t small;
        int made = 0;

        pthread_attr_init(&small);
        pthread_attr_setstacksize(&small, 1 << 16);
        while (made < n && !pthread_create(&thread[made], &small, wait_at_door, NULL))
                made++;
        while (started < made)
                usleep(1000);
        usleep(10000);
        return made;
}

static void end_with_threads(void)
{
        static pthread_t thread[1000];

        make_threads(thread, at_most(900));
        exit(0);
}

static void exec_with_threads(void)
{
        static pthread_t thread[1000];

        make_threads(thread, at_most(900));
        run_true();
}

static void threads(void)
{
        static pthread_t thread[1000];
        int n = make_threads(thread, at_most(900));

        tell("requeue", syscall(SYS_futex, &door, 3 /* requeue */, 0, (long)INT_MAX, &others, 0));
        tell("wake", syscall(SYS_futex, &others, 1 /* wake */, INT_MAX, NULL, NULL, 0));
        for (int i = 0; i < n; i++)
                pthread_join(thread[i], NULL);
        started = 0;
        in_child("exit with threads", end_with_threads);
        in_child("exec with threads", exec_with_threads);
}

static void processes(void)
{
        int n = at_most(50), group = 0;

        for (int i = 0; i < n; i++) {
                int pid = fork();

                if (pid == 0) {
                        setpgid(0, group);
                        pause();
                }
                if (pid < 0)
                        break;
                group = group ? group : pid;
                setpgid(pid, group);
        }
        tell("stop them", kill(-group, SIGSTOP));
        tell("let them go on", kill(-group, SIGCONT));
        tell("kill them", kill(-group, SIGKILL));
        while (wait(NULL) > 0)
                ;
        tell("all have gone", kill(-group, 0));
}

static void signals(void)
{
        union sigval value = {.sival_int = 1};
        sigset_t all;
        int n = 0;

        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, NULL);
        while (n < at_most(2000) && !sigqueue(getpid(), SIGRTMIN, value))
                n++;
        while (n-- > 0)
                sigwaitinfo(&all, NULL);
        sigprocmask(SIG_UNBLOCK, &all, NULL);
        for (timer_t t; n < at_most(2000); n++) {
                struct itimerspec soon = {{0, 1000000}, {0, 1000000}};
                struct sigevent none = {.sigev_notify = SIGEV_NONE};

                if (timer_create(CLOCK_MONOTONIC, &none, &t) < 0)
                        break;
                timer_settime(t, 0, &soon, NULL);
        }
        usleep(5000);
        in_child("fork with timers", NULL);
}

/* --- names and strings --- */

static void names(void)
{
        static char name[PATH_MAX], buffer[1 << 16];
        int n = at_most(600), d;

        mkdir("/tmp/hostile", 0700);
        for (int i = 0; i < n; i++) {
                snprintf(name, sizeof(name), "/tmp/hostile/a-name-of-some-length-%d", i);
                close(open(name, O_WRONLY | O_CREAT, 0600));
        }
        d = open("/tmp/hostile", O_RDONLY | O_DIRECTORY);
        while (syscall(SYS_getdents64, d, buffer, sizeof(buffer)) > 0)
                ;
        close(d);
        tell("rename with names below", rename("/tmp/hostile", "/tmp/hostile2"));
        tell("a directory that is not empty", rmdir("/tmp/hostile2"));
        for (int i = 0; i < n; i++) {
                snprintf(name, sizeof(name), "/tmp/hostile2/a-name-of-some-length-%d", i);
                unlink(name);
        }
        tell("an empty one", rmdir("/tmp/hostile2"));
        if (size > FEW)
                sync();
}

enum { CHAIN = 38 };

static const char *link_name(int i)
{
        static char name[64];

        snprintf(name, sizeof(name), "/tmp/hostile-%d", i);
        return name;
}

/* Links to links, each by a path with so many detours. */
static void chain_of_links(int links, int detours)
{
        char text[2000];

        for (int i = 0; i < links; i++) {
                text[0] = '\0';
                for (int j = 0; j < detours; j++)
                        strcat(text, "/tmp/../.");
                strcat(text, link_name(i + 1));
                unlink(link_name(i));
                symlink(text, link_name(i));
        }
}

/* The longest chain does not lead to its end here: a walk is bounded (docs/limits.md).  So what is said of it is not told. */
static void links(void)
{
        chain_of_links(9, at_most(35));
        tell("a long way to nothing", access(link_name(0), R_OK));
        symlink(link_name(9), link_name(9));
        tell("and in a circle", access(link_name(0), R_OK));
        chain_of_links(CHAIN, at_most(190));
        access(link_name(0), R_OK);
        for (int i = 0; i <= CHAIN; i++)
                unlink(link_name(i));
}

static char **words(int n, int length)
{
        char **word = calloc((size_t)n + 3, sizeof(*word)), *text = malloc((size_t)length + 1);

        memset(text, 'w', (size_t)length);
        text[length] = '\0';
        word[0] = (char *)self;
        word[1] = "true";
        for (int i = 0; i < n; i++)
                word[2 + i] = text;
        return word;
}

static void run_with_words(void)
{
        execve(self, words(at_most(15000), 2), words(at_most(15000), 2));
        _exit(1);
}

static void run_with_long_words(void)
{
        execve(self, words(1, at_most(3000) * 40), words(1, at_most(3000) * 40));
        _exit(1);
}

/* --- bytes --- */

static void bytes(void)
{
        static char much[1 << 20];
        static struct iovec vector[1024], bytes[1024];
        int pair[2], zero = open("/dev/zero", O_RDONLY), random = open("/dev/urandom", O_RDONLY),
                     f = open("/tmp/hostile", O_RDWR | O_CREAT | O_TRUNC, 0600);
        struct msghdr m = {.msg_iov = vector, .msg_iovlen = (size_t)at_most(1024)};

        for (int i = 0; i < 1024; i++)
                vector[i] = (struct iovec){much, size > FEW ? sizeof(much) : 10};
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair);
        tell("vectors to a socket", sendmsg(pair[0], &m, 0));
        tell("and from it", recvmsg(pair[1], &m, 0));
        for (int i = 0; i < 1024; i++)
                bytes[i] = (struct iovec){much + i, 1};
        if (size > FEW) /* which user-mode emulation lacks */
                tell("vectors of a process",
                     syscall(SYS_process_vm_readv, getpid(), bytes, 1024l, bytes, 1024l, 0));
        tell("vectors of zeros", readv(zero, vector, at_most(64)));
        tell("vectors by chance", readv(random, vector, at_most(8)));
        for (long i = 0; i < at_most(1000); i++)
                pwrite(f, much, 1, i * 30000);
        tell("a file with holes is cut", ftruncate(f, 0));
        tell("and made long", ftruncate(f, at_most(30) << 20));
        unlink("/tmp/hostile");
        close(f);
}

static void strings(void)
{
        in_child("many words", run_with_words);
        in_child("long words", run_with_long_words);
}

static const struct part parts[] = {
        {"regions", regions}, {"files", file_regions},  {"descriptors", descriptors},
        {"sets", sets},       {"chain", chain_of_sets}, {"locks", locks},
        {"threads", threads}, {"processes", processes}, {"signals", signals},
        {"names", names},     {"links", links},         {"strings", strings},
        {"bytes", bytes},
};

int main(int count, char **argument)
{
        return run_parts(parts, sizeof(parts) / sizeof(*parts), "/bin/hostile-musl", count, argument);
}
