/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions whose answer is put together from all threads, regions or timers of a process, and what else could grow with them; as
 * hostile.c: burdens SIZE [PART]: so many, up to the limits; without a size there are few, and Linux returns the same. */
#define _GNU_SOURCE
#include "ask.h"
#include "sized.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static long bytes_of(const char *path)
{
        static char text[1 << 14];
        int f = open(path, O_RDONLY);
        long bytes = read(f, text, sizeof(text));

        close(f);
        return bytes;
}

/* --- time of many threads --- */

static int door;

static void *wait_at_door(void *unused)
{
        syscall(SYS_futex, &door, 0 /* wait */, 0, NULL, NULL, 0);
        return unused;
}

static void make_threads(int n)
{
        static pthread_t thread[1000];
        pthread_attr_t small;

        pthread_attr_init(&small);
        pthread_attr_setstacksize(&small, 1 << 16);
        for (int i = 0; i < n && !pthread_create(&thread[i], &small, wait_at_door, NULL);)
                i++;
        usleep(10000);
}

static void ask_times(void)
{
        struct rusage usage;
        struct tms tms;
        struct timespec now;
        struct itimerval far = {.it_value = {1000, 0}};
        struct itimerspec far_too = {.it_value = {1000, 0}};
        struct rlimit limit = {1000, RLIM_INFINITY};
        timer_t timer;

        tell("getrusage", getrusage(RUSAGE_SELF, &usage));
        tell("times", times(&tms));
        tell("time of the process", clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now));
        tell("setitimer", setitimer(ITIMER_PROF, &far, NULL));
        tell("getitimer", getitimer(ITIMER_PROF, &far));
        printf("it is far: %d\n", far.it_value.tv_sec > 990);
        tell("timer_create", timer_create(CLOCK_PROCESS_CPUTIME_ID, NULL, &timer));
        tell("timer_settime", timer_settime(timer, 0, &far_too, NULL));
        tell("timer_gettime", timer_gettime(timer, &far_too));
        printf("it is far: %d\n", far_too.it_value.tv_sec > 990);
        tell("setrlimit", syscall(SYS_setrlimit, RLIMIT_CPU, &limit)); /* the libraries make another call */
}

/* In a group of its own: its threads, and nobody else, are meant. */
static void of_threads(void)
{
        setpgid(0, 0);
        make_threads(at_most(900));
        ask_times();
        tell("setpriority", setpriority(PRIO_PGRP, 0, 5));
        show_number("getpriority", getpriority(PRIO_PGRP, 0));
        show_number("of the thread", getpriority(PRIO_PROCESS, 0));
        tell("stat", bytes_of("/proc/stat"));
        tell("uptime", bytes_of("/proc/uptime"));
        tell("loadavg", bytes_of("/proc/loadavg"));
        tell("its own stat", bytes_of("/proc/self/stat"));
        if (size > FEW)
                tell("threads", bytes_of("/proc/threads"));
}

static void of_threads_that_run(void)
{
        struct itimerval soon = {.it_value = {0, 20000}};
        volatile unsigned long n = 0;

        make_threads(at_most(900));
        setitimer(ITIMER_VIRTUAL, &soon, NULL);
        for (;;)
                n++;
}

static void burden_times(void)
{
        in_child("with many threads", of_threads);
        in_child("it runs until its timer ends it", of_threads_that_run);
}

/* --- sizes of many regions --- */

static unsigned long size_by_maps(void)
{
        unsigned long start, end, sum = 0;
        char line[300];
        FILE *f = fopen("/proc/self/maps", "r");

        while (fgets(line, sizeof(line), f)) {
                if (sscanf(line, "%lx-%lx", &start, &end) == 2 && !strstr(line, "[v"))
                        sum += end - start;
        }
        fclose(f);
        return sum;
}

static unsigned long size_by_statm(void)
{
        unsigned long pages = 0;
        FILE *f = fopen("/proc/self/statm", "r");

        if (fscanf(f, "%lu", &pages) != 1)
                pages = 0;
        fclose(f);
        return pages * PAGE;
}

/* The number is kept, and must be that of the list: both grow by the same. */
static void check_size(const char *what)
{
        static unsigned long before;
        unsigned long by_maps = size_by_maps(), by_statm = size_by_statm();

        if (!before)
                before = by_maps - by_statm;
        printf("%s: %d\n", what, by_maps - by_statm == before);
}

static void check_size_in_child(void)
{
        check_size("in a child");
}

static void change_regions(char *a, int n)
{
        enum { MOST = 9 };
        unsigned seed = 5;

        for (int i = 0; i < 400; i++) {
                char *at = a + (size_t)(rand_r(&seed) % (n - MOST)) * PAGE;
                size_t bytes = (size_t)(1 + rand_r(&seed) % MOST) * PAGE;

                switch (rand_r(&seed) % 5) {
                case 0:
                        munmap(at, bytes);
                        break;
                case 1:
                        mprotect(at, bytes, PROT_READ);
                        break;
                case 2:
                        mremap(at, PAGE, bytes, MREMAP_MAYMOVE);
                        break;
                case 3:
                        madvise(at, bytes, MADV_DONTNEED);
                        break;
                default:
                        mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                             0);
                }
        }
}

/* Memory that may be written counts for RLIMIT_DATA, whoever made it such. */
static void limit_data(void)
{
        struct rlimit none = {0, RLIM_INFINITY}, all = {RLIM_INFINITY, RLIM_INFINITY};

        setrlimit(RLIMIT_AS, &none);
        show_number("no memory",
                    mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
        setrlimit(RLIMIT_AS, &all);
        tell("memory",
             mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
}

/* What a file in memory takes, and where it has holes. */
static void look_at_file(void)
{
        static char mib[256 * PAGE];
        int f = open("/tmp/burdens", O_RDWR | O_CREAT | O_TRUNC, 0600), n = at_most(250);
        struct stat s;

        for (int i = 0; i < n; i++)
                write(f, mib, sizeof(mib));
        ftruncate(f, (off_t)(n + 1000) * (off_t)sizeof(mib));
        tell("fstat", fstat(f, &s));
        printf("all of it: %d\n", s.st_blocks == (blkcnt_t)n * (blkcnt_t)sizeof(mib) / 512);
        printf("a hole behind it: %d\n", lseek(f, 0, SEEK_HOLE) == (off_t)n * (off_t)sizeof(mib));
        tell("no data behind it", lseek(f, (off_t)n * (off_t)sizeof(mib), SEEK_DATA));
        close(f);
        unlink("/tmp/burdens");
}

static void burden_sizes(void)
{
        int n = at_most(8000);
        size_t bytes = (size_t)n * PAGE;
        char *a = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        check_size("at first");
        for (int i = 1; i < n; i += 2)
                mprotect(a + (size_t)i * PAGE, PAGE, PROT_READ | PROT_WRITE);
        check_size("in many regions");
        for (int i = 1; i < n; i += 2)
                a[(size_t)i * PAGE] = 1;
        tell("stat", bytes_of("/proc/self/stat"));
        tell("statm", bytes_of("/proc/self/statm"));
        tell("status", bytes_of("/proc/self/status"));
        limit_data();
        in_child("a child", check_size_in_child);
        change_regions(a, n);
        check_size("after changes");
        munmap(a, bytes);
        check_size("after they have gone");
        free(malloc(1 << 20));
        brk((char *)sbrk(0) + 5 * PAGE);
        check_size("with a larger heap");
        look_at_file();
}

/* --- what is due at the same moment --- */

static struct timespec soon(void)
{
        struct timespec at;

        clock_gettime(CLOCK_MONOTONIC, &at);
        at.tv_sec += size > FEW ? 2 : 1;
        return at;
}

static void due_timers(void)
{
        struct itimerspec when = {.it_value = soon()};
        struct timespec none = {0, 0};
        siginfo_t info;
        sigset_t all;
        int n = at_most(500), came = 0;
        long sum = 0;

        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, NULL);
        for (int i = 0; i < n; i++) {
                struct sigevent e = {
                        .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = i};
                timer_t t;

                timer_create(CLOCK_MONOTONIC, &e, &t);
                timer_settime(t, TIMER_ABSTIME, &when, NULL);
        }
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when.it_value, NULL);
        while (sigtimedwait(&all, &info, came < n ? &(struct timespec){30, 0} : &none) > 0) {
                came++;
                sum += info.si_value.sival_int;
        }
        printf("timers at once: %d\n", came == n && sum == (long)n * (n - 1) / 2);
}

static void due_descriptors(void)
{
        static struct pollfd polls[1000];
        struct itimerspec when;
        int n = 0, most = at_most(900), due = 0;

        more_descriptors();
        when = (struct itimerspec){.it_value = soon()};
        for (; n < most && (polls[n].fd = timerfd_create(CLOCK_MONOTONIC, 0)) >= 0; n++) {
                polls[n].events = POLLIN;
                timerfd_settime(polls[n].fd, TFD_TIMER_ABSTIME, &when, NULL);
        }
        while (due < n && poll(polls, (nfds_t)n, -1) > 0) {
                due = 0;
                for (int i = 0; i < n; i++)
                        due += polls[i].revents != 0;
        }
        printf("descriptors at once: %d\n", due == most);
        tell("closed", syscall(436, 3, ~0u, 0));
}

static void burden_due(void)
{
        in_child("signals", due_timers);
        in_child("descriptors", due_descriptors);
}

/* --- descriptors that close at exec, messages of sockets --- */

static void exec_marked(void)
{
        int n = at_most(1000);

        more_descriptors();
        for (int i = 0, ends[2]; i < n / 2; i++)
                pipe2(ends, O_CLOEXEC);
        execl(self, self, "true", (char *)NULL);
        _exit(1);
}

/* Each byte `apart` from the one before. */
static void many_messages(size_t apart)
{
        static struct mmsghdr all[1024];
        static struct iovec vector[1024];
        char *bytes = mmap(NULL, 1024 * apart, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        int pair[2], n = at_most(1024);

        for (size_t i = 0; i < 1024; i++)
                vector[i] = (struct iovec){bytes + i * apart, 1};
        for (int i = 0; i < n; i++)
                all[i].msg_hdr = (struct msghdr){.msg_iov = vector, .msg_iovlen = (size_t)at_most(1024)};
        socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair);
        tell("messages at once", sendmmsg(pair[0], all, (unsigned)n, 0));
        tell("received at once", recvmmsg(pair[1], all, (unsigned)n, MSG_DONTWAIT, NULL));
}

static void messages_of_a_page(void)
{
        many_messages(1);
}

static void messages_of_many_pages(void)
{
        many_messages(PAGE);
}

static void burden_passing(void)
{
        in_child("exec with marked descriptors", exec_marked);
        in_child("messages", messages_of_a_page);
        in_child("messages of many pages", messages_of_many_pages);
}

/* --- System V --- */

static void many_semaphores(void)
{
        static struct sembuf operations[500];
        static unsigned short values[500];
        int n = at_most(250), set = semget(IPC_PRIVATE, n, IPC_CREAT | 0600);

        for (int i = 0; i < n; i++)
                operations[i] =
                        (struct sembuf){.sem_num = (unsigned short)i, .sem_op = 1, .sem_flg = SEM_UNDO};
        tell("all of a set", semop(set, operations, (size_t)n));
        tell("their values", semctl(set, 0, GETALL, values));
        printf("one each: %d\n", values[n - 1] == 1);
        if (fork() == 0) {
                semop(set, operations, (size_t)n);
                _exit(0);
        }
        wait(NULL);
        semctl(set, 0, GETALL, values);
        printf("undone: %d\n", values[0] == 1 && values[n - 1] == 1);
        values[0] = 3;
        tell("all are set", semctl(set, 0, SETALL, values));
        tell("the set goes", semctl(set, 0, IPC_RMID));
}

static void many_of_queue(void)
{
        struct {
                long type;
                char text[8];
        } m = {0, "message"};
        int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600), n = 0;

        while (n < at_most(500)) {
                m.type = 1000 - n;
                if (msgsnd(queue, &m, sizeof(m.text), IPC_NOWAIT))
                        break;
                n++;
        }
        show_number("the lowest type", msgrcv(queue, &m, sizeof(m.text), -1000, 0));
        printf("it is the last one: %d\n", m.type == 1000 - (n - 1));
        tell("the queue goes with the others", msgctl(queue, IPC_RMID, NULL));
}

static void many_segments(void)
{
        int n = at_most(60), id[60], made = 0;
        size_t bytes = (size_t)at_most(1200) * PAGE;
        struct shmid_ds used;

        for (; made < n && (id[made] = shmget(IPC_PRIVATE, bytes, IPC_CREAT | 0600)) >= 0; made++) {
                char *a = shmat(id[made], NULL, 0);

                memset(a, 1, bytes);
        }
        tell("what they take", bytes_of("/proc/sysvipc/shm") > 0 ? 0 : -1);
        tell("all together", shmctl(0, SHM_INFO, &used) < 0 ? -1 : 0);
        for (int i = 0; i < made; i++)
                shmctl(id[i], IPC_RMID, NULL);
        printf("segments: %d\n", made == n);
}

static void burden_ipc(void)
{
        in_child("semaphores", many_semaphores);
        in_child("queues", many_of_queue);
        in_child("segments", many_segments);
}

static const struct part parts[] = {
        {"times", burden_times},     {"sizes", burden_sizes}, {"due", burden_due},
        {"passing", burden_passing}, {"ipc", burden_ipc},
};

int main(int count, char **argument)
{
        return run_parts(parts, sizeof(parts) / sizeof(*parts), "/bin/burdens-musl", count, argument);
}
