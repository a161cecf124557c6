/* SPDX-License-Identifier: BSD-2-Clause */
/* Robust locks: of a thread that ends, of a process that is killed at any moment, and of one that goes on as another program. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

/* It dies with the lock, asleep or in its turn. */
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

/* Another program in the place of the one that has the lock: it lives, but the lock is nobody's.  0: whoever wants it is told. */
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
}

int main(int argc, char **argv)
{
        if (argc > 1 && !strcmp(argv[1], "wait"))
                return (int)read(0, &(char){0}, 1);
        robust(argv[1]);
        return 0;
}
