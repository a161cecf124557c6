/* SPDX-License-Identifier: BSD-2-Clause */
/* Robust locks: of a thread that ends, of a process that is killed at any moment, and of one that continues as another program. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void say(const char *what, long value)
{
        printf("%s %ld\n", what, value);
        fflush(stdout);
}

static void *lock_and_end(void *argument)
{
        pthread_mutex_lock(argument);
        return NULL;
}

enum { DEATHS = 30, TURN = 4000 };

static void spin(int steps)
{
        for (volatile int i = 0; i < steps; i++)
                ;
}

/* It dies holding the lock, asleep or running. */
static void die_with(pthread_mutex_t *m, int end, int random)
{
        pthread_mutex_lock(m);
        if (write(end, "x", 1) != 1)
                _exit(1);
        if (random & 1)
                usleep((useconds_t)(random / 2 % TURN));
        else
                spin(random / 2 % (100 * TURN));
        raise(SIGKILL);
}

/* 0: whoever takes the lock meanwhile gets an error. */
static int death(pthread_mutex_t *m, int random)
{
        int end[2], status, error;
        char byte;
        pid_t child;

        if (pipe(end))
                return 1;
        child = fork();
        if (child == 0)
                die_with(m, end[1], random);
        error = child < 0 || read(end[0], &byte, 1) != 1;
        if (random & 2)
                spin(random / 4 % (100 * TURN));
        error |= pthread_mutex_lock(m) != EOWNERDEAD;
        error |= waitpid(child, &status, 0) != child || !WIFSIGNALED(status);
        error |= pthread_mutex_consistent(m) || pthread_mutex_unlock(m);
        close(end[0]);
        close(end[1]);
        return error;
}

/* Another program in the place of the one that has the lock: it lives, but the lock is nobody's.  0: whoever wants it gets EOWNERDEAD. */
static int another_program(pthread_mutex_t *m, char *self)
{
        struct timespec late;
        int end[2], locked[2], status, error;
        char byte, *words[] = {self, "wait", NULL};
        pid_t child;

        if (pipe(end) || pipe(locked))
                return 1;
        child = fork();
        if (child == 0) {
                pthread_mutex_lock(m);
                dup2(end[0], 0);
                close(end[1]);
                error = write(locked[1], "x", 1) != 1;
                execv(self, words);
                _exit(error);
        }
        error = child < 0 || read(locked[0], &byte, 1) != 1;
        clock_gettime(CLOCK_REALTIME, &late);
        late.tv_sec += 20;
        error |= pthread_mutex_timedlock(m, &late) != EOWNERDEAD;
        error |= pthread_mutex_consistent(m) || pthread_mutex_unlock(m);
        error |= waitpid(child, &status, WNOHANG) != 0;
        close(end[1]);
        error |= waitpid(child, &status, 0) != child || status;
        close(end[0]);
        close(locked[0]);
        close(locked[1]);
        return error;
}

/* --- after a list without an end --- */

enum { LOCKS = 2 };

static pthread_mutex_t *locks_of(int file)
{
        return mmap(NULL, LOCKS * sizeof(pthread_mutex_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
}

/* It ends with all locks of the file. */
static int hold(int file)
{
        for (int i = 0; i < LOCKS; i++)
                pthread_mutex_lock(&locks_of(file)[i]);
        return 0;
}

static void begin_without_end(char *self, char *file)
{
        static long entry[2], head[3] = {(long)entry, sizeof(long), 0};
        char *words[] = {self, "hold", file, NULL};

        entry[0] = (long)entry;
        syscall(SYS_set_robust_list, head, sizeof(head));
        execv(self, words);
        _exit(1);
}

/* What an earlier program left does not count: all locks of the next one are told.  The number of those that are. */
static int told_after(const pthread_mutexattr_t *how, char *self)
{
        char path[] = "/tmp/robust.XXXXXX", number[16];
        int file = mkstemp(path), told = 0;
        pthread_mutex_t *m;
        pid_t child;

        if (unlink(path) || ftruncate(file, 4096))
                return -1;
        m = locks_of(file);
        for (int i = 0; i < LOCKS; i++)
                pthread_mutex_init(&m[i], how);
        snprintf(number, sizeof(number), "%d", file);
        child = fork();
        if (child == 0)
                begin_without_end(self, number);
        waitpid(child, NULL, 0);
        for (int i = 0; i < LOCKS; i++)
                told += pthread_mutex_trylock(&m[i]) == EOWNERDEAD;
        close(file);
        return told;
}

static void robust(char *self)
{
        pthread_mutex_t *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        pthread_mutexattr_t how;
        pthread_t t;
        int error, wrong = 0;

        pthread_mutexattr_init(&how);
        pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
        pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
        pthread_mutex_init(m, &how);
        pthread_create(&t, NULL, lock_and_end, m);
        pthread_join(t, NULL);
        error = pthread_mutex_lock(m);
        say("robust: a thread has died", error == EOWNERDEAD);
        pthread_mutex_consistent(m);
        pthread_mutex_unlock(m);
        for (int i = 0; i < DEATHS; i++)
                wrong += death(m, rand());
        say("robust: wrong where a process has died", wrong);
        say("robust: wrong where another program has begun", another_program(m, self));
        say("robust: free", pthread_mutex_trylock(m));
        say("robust: told after a list without an end", told_after(&how, self));
}

int main(int argc, char **argv)
{
        if (argc > 1 && !strcmp(argv[1], "wait"))
                return (int)read(0, &(char){0}, 1);
        if (argc > 2 && !strcmp(argv[1], "hold"))
                return hold(atoi(argv[2]));
        robust(argv[1]);
        return 0;
}
