/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits that are enforced: processor time, data, the stack of the next program; and how children and programs after exec inherit them. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MIB = 1 << 20, PAGE = 4096 };

static const char *self;

static void in_child(const char *what, void (*work)(void))
{
        int status, pid = fork();

        if (!pid) {
                work();
                _exit(0);
        }
        waitpid(pid, &status, 0);
        show_end(what, status);
}

static void limit(int which, rlim_t now, rlim_t most)
{
        if (setrlimit(which, &(struct rlimit){now, most}))
                perror("setrlimit");
}

static void told(int signal)
{
        _exit(signal == SIGXCPU ? 24 : 1);
}

static void spin(void)
{
        for (volatile unsigned long i = 0;; i++)
                ;
}

static void spins_and_hears(void)
{
        signal(SIGXCPU, told);
        limit(RLIMIT_CPU, 1, 10);
        spin();
}

static void spins_and_ends(void)
{
        limit(RLIMIT_CPU, 1, 10);
        spin();
}

/* The child's time begins at 0, and its limit is its parent's. */
static void spins_in_a_child(void)
{
        int status, pid;

        limit(RLIMIT_CPU, 1, 1);
        pid = fork();
        if (!pid)
                spin();
        waitpid(pid, &status, 0);
        _exit(WIFSIGNALED(status) ? WTERMSIG(status) : 1);
}

static void processor(void)
{
        puts("-- processor");
        in_child("it is told", spins_and_hears);
        in_child("or ends", spins_and_ends);
        in_child("at once at the higher one", spins_in_a_child);
}

static void try_to_map(const char *what, size_t bytes, int protection, int flags)
{
        void *p = mmap(NULL, bytes, protection, flags | MAP_ANONYMOUS, -1, 0);

        printf("%s: %d\n", what, p == MAP_FAILED ? errno : 0);
        if (p != MAP_FAILED)
                munmap(p, bytes);
}

static void maps_data(void)
{
        struct rlimit r;
        long top = syscall(SYS_brk, 0);

        limit(RLIMIT_DATA, 8 * MIB, RLIM_INFINITY);
        getrlimit(RLIMIT_DATA, &r);
        printf("%lu\n", (unsigned long)r.rlim_cur);
        try_to_map("a page", PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
        try_to_map("too much", 16 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE);
        try_to_map("as much to read", 16 * MIB, PROT_READ, MAP_PRIVATE);
        try_to_map("as much in common", 16 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED);
        printf("heap: %ld more\n", syscall(SYS_brk, top + PAGE) - top);
        printf("heap: %ld more\n", syscall(SYS_brk, top + 16 * MIB) - top);
        fflush(stdout);
}

/* A block per call, so that it uses stack and is not turned into a loop. */
static int deep(int kib)
{
        volatile char block[1024];

        block[0] = block[1023] = (char)kib;
        return kib <= 0 ? block[0] : deep(kib - 1) + block[1023];
}

static void runs_with_stack(const char *what, rlim_t bytes, const char *kib)
{
        int status, pid = fork();

        if (!pid) {
                limit(RLIMIT_STACK, bytes, RLIM_INFINITY);
                execl(self, self, "deep", kib, (char *)NULL);
                _exit(99);
        }
        waitpid(pid, &status, 0);
        show_end(what, status);
}

static void stack(void)
{
        puts("-- stack");
        runs_with_stack("a little of a little", MIB, "256");
        runs_with_stack("too much of a little", MIB, "2048");
        runs_with_stack("much of what is usual", 8 * MIB, "6000");
        runs_with_stack("more than is usual", 32 * MIB, "20000");
}

/* The lower one goes down and up again as far as the higher one lets it. */
static void kept(void)
{
        static const int which[] = {RLIMIT_CPU,   RLIMIT_FSIZE, RLIMIT_DATA,
                                    RLIMIT_STACK, RLIMIT_RSS,   RLIMIT_AS};

        puts("-- kept");
        for (unsigned i = 0; i < sizeof(which) / sizeof(*which); i++) {
                struct rlimit old, seen;

                TRY(getrlimit(which[i], &old));
                TRY(setrlimit(which[i], &(struct rlimit){1ul << 30, old.rlim_max}));
                TRY(getrlimit(which[i], &seen));
                printf("%d: %lu, %d\n", which[i], (unsigned long)seen.rlim_cur,
                       seen.rlim_max == old.rlim_max);
                TRY(setrlimit(which[i], &(struct rlimit){2, 1}));
                TRY(setrlimit(which[i], &old));
                TRY(getrlimit(which[i], &seen));
                printf("%d: %d\n", which[i], seen.rlim_cur == old.rlim_cur);
        }
        ASK(setrlimit(16, &(struct rlimit){1, 1}));
        ASK(getrlimit(-1, &(struct rlimit){1, 1}));
        ASK(prlimit(0, RLIMIT_CPU, NULL, NULL));
}

static void *rests(void *gate)
{
        pthread_mutex_lock(gate);
        pthread_mutex_unlock(gate);
        return NULL;
}

/* How many threads, then processes, can be made besides those that are there. */
static void fill(int threads, int counts[2])
{
        static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
        int end[2], made = 0, children = 0;
        pthread_t thread[32];

        if (pipe(end))
                puts("no pipe");
        pthread_mutex_lock(&gate);
        while (made < threads && !pthread_create(&thread[made], NULL, rests, &gate))
                made++;
        for (int pid; children < 32 && (pid = fork()) >= 0; children++) {
                char byte;

                if (pid)
                        continue;
                close(end[1]);
                _exit(read(end[0], &byte, 1) != 0);
        }
        counts[0] = made;
        counts[1] = children;
        close(end[1]);
        while (wait(NULL) > 0)
                ;
        pthread_mutex_unlock(&gate);
        for (int i = 0; i < made; i++)
                pthread_join(thread[i], NULL);
        close(end[0]);
}

/* Threads count as processes do; of a user that has nothing else on Linux, where root has no limit. */
static void tasks(void)
{
        struct rlimit old, limit;
        int counts[3][2];

        getrlimit(RLIMIT_NPROC, &old);
        limit = (struct rlimit){14, old.rlim_max};
        if (setuid(54321))
                errno = 0;
        TRY(setrlimit(RLIMIT_NPROC, &limit));
        fill(0, counts[0]);
        fill(32, counts[1]);
        fill(3, counts[2]);
        printf("some: %d, as many threads: %d, no process then: %d, together: %d\n",
               counts[0][1] > 4 && counts[0][1] < 14, counts[1][0] == counts[0][1], counts[1][1] == 0,
               counts[2][0] == 3 && counts[2][1] == counts[0][1] - 3);
}

int main(int count, char **words)
{
        setvbuf(stdout, NULL, _IONBF, 0);
        self = words[1];
        if (count > 2 && !strcmp(words[1], "deep")) {
                deep(atoi(words[2]));
                return 7;
        }
        processor();
        puts("-- data");
        in_child("data", maps_data);
        stack();
        kept();
        puts("-- tasks");
        in_child("tasks", tasks);
        return 0;
}
