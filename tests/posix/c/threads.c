/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads of one process: locks, conditions, barriers, joining, cancelling, signals to one of them, and what fork,
 * exec and exit do beside others.  Output depends on no order. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 8, ROUNDS = 2000, MANY = 16 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long count;
static char *volatile nowhere = (char *)8;
static _Thread_local long own = 7;

static void say(const char *what, long value)
{
        printf("%s %ld\n", what, value);
        fflush(stdout);
}

static void *add(void *argument)
{
        for (int i = 0; i < ROUNDS; i++) {
                pthread_mutex_lock(&lock);
                count++;
                own++;
                pthread_mutex_unlock(&lock);
        }
        return (void *)(own + (long)argument);
}

static void locks(void)
{
        pthread_t t[THREADS];
        long sum = 0;

        for (long i = 0; i < THREADS; i++)
                pthread_create(&t[i], NULL, add, (void *)i);
        for (int i = 0; i < THREADS; i++) {
                void *result;

                pthread_join(t[i], &result);
                sum += (long)result;
        }
        say("locks: counted", count);
        say("locks: results", sum);
        say("locks: own", own);
}

/* Two threads take turns. */
static int ball;

static void *play(void *argument)
{
        int me = (int)(long)argument;

        for (int i = 0; i < ROUNDS; i++) {
                pthread_mutex_lock(&lock);
                while (ball % 2 != me)
                        pthread_cond_wait(&changed, &lock);
                ball++;
                pthread_cond_signal(&changed);
                pthread_mutex_unlock(&lock);
        }
        return NULL;
}

static void conditions(void)
{
        pthread_t t[2];
        struct timespec at;

        for (long i = 0; i < 2; i++)
                pthread_create(&t[i], NULL, play, (void *)i);
        for (int i = 0; i < 2; i++)
                pthread_join(t[i], NULL);
        say("conditions: passes", ball);
        clock_gettime(CLOCK_REALTIME, &at);
        at.tv_nsec += 20000000;
        at.tv_sec += at.tv_nsec / 1000000000;
        at.tv_nsec %= 1000000000;
        pthread_mutex_lock(&lock);
        say("conditions: nobody", pthread_cond_timedwait(&changed, &lock, &at));
        pthread_mutex_unlock(&lock);
}

static pthread_barrier_t barrier;
static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
static sem_t items;
static int last, shared[2], torn;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void first(void)
{
        __atomic_fetch_add(&last, 1000, __ATOMIC_SEQ_CST);
}

static void *meet(void *argument)
{
        for (int i = 0; i < 50; i++) {
                if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
                        __atomic_fetch_add(&last, 1, __ATOMIC_SEQ_CST);
                if ((long)argument % 4 == 0) {
                        pthread_rwlock_wrlock(&rw);
                        shared[0]++;
                        sched_yield();
                        shared[1]++;
                        pthread_rwlock_unlock(&rw);
                } else {
                        pthread_rwlock_rdlock(&rw);
                        torn += shared[0] != shared[1];
                        pthread_rwlock_unlock(&rw);
                }
                pthread_once(&once, first);
                sem_post(&items);
        }
        return NULL;
}

static void meetings(void)
{
        pthread_t t[THREADS];
        int value;

        pthread_barrier_init(&barrier, NULL, THREADS);
        sem_init(&items, 0, 0);
        for (long i = 0; i < THREADS; i++)
                pthread_create(&t[i], NULL, meet, (void *)i);
        for (int i = 0; i < THREADS * 50; i++)
                sem_wait(&items);
        for (int i = 0; i < THREADS; i++)
                pthread_join(t[i], NULL);
        sem_getvalue(&items, &value);
        say("meetings: last ones", last);
        say("meetings: written", shared[0] + shared[1]);
        say("meetings: torn", torn);
        say("meetings: items left", value);
}

static void *nothing(void *argument)
{
        return argument;
}

/* Stacks are unmapped by those who join. */
static void many(void)
{
        pthread_t t[MANY];
        long sum = 0;

        for (int round = 0; round < 30; round++) {
                for (long i = 0; i < MANY; i++)
                        sum += pthread_create(&t[i], NULL, nothing, (void *)i) != 0;
                for (int i = 0; i < MANY; i++) {
                        void *result;

                        pthread_join(t[i], &result);
                        sum += (long)result;
                }
        }
        say("many: sum", sum);
}

static void cleaned(void *argument)
{
        (*(int *)argument)++;
}

static void *wait_for_ever(void *argument)
{
        pthread_cleanup_push(cleaned, argument);
        for (;;)
                pause();
        pthread_cleanup_pop(0);
        return NULL;
}

static void *turn_for_ever(void *argument)
{
        pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
        sem_post(argument);
        for (;;)
                ;
        return NULL;
}

static void cancels(void)
{
        int cleanups = 0;
        pthread_t t;
        void *result;

        pthread_create(&t, NULL, wait_for_ever, &cleanups);
        usleep(10000);
        say("cancels: waiting", pthread_cancel(t));
        pthread_join(t, &result);
        say("cancels: result", result == PTHREAD_CANCELED);
        say("cancels: cleanups", cleanups);
        pthread_create(&t, NULL, turn_for_ever, &items);
        sem_wait(&items);
        say("cancels: running", pthread_cancel(t));
        pthread_join(t, &result);
        say("cancels: result", result == PTHREAD_CANCELED);
}

static volatile pid_t handled_by;
static sem_t ready, handled;

static void note(int signal, siginfo_t *info, void *context)
{
        (void)context;
        handled_by = (pid_t)syscall(SYS_gettid);
        if (info->si_pid != getpid())
                handled_by = -signal;
        sem_post(&handled);
}

static void *listen(void *argument)
{
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGUSR1);
        pthread_sigmask(argument ? SIG_UNBLOCK : SIG_BLOCK, &set, NULL);
        sem_post(&ready);
        while (sem_wait(argument ? (sem_t *)argument : &items))
                ;
        return (void *)syscall(SYS_gettid);
}

static void signals(void)
{
        struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO | SA_RESTART};
        sigset_t set, old;
        sem_t end;
        pthread_t deaf, open;
        void *tid;
        siginfo_t info;
        pid_t first_by, second_by;
        int signal;

        sem_init(&end, 0, 0);
        sem_init(&items, 0, 0);
        sem_init(&ready, 0, 0);
        sem_init(&handled, 0, 0);
        sigaction(SIGUSR1, &action, NULL);
        sigemptyset(&set);
        sigaddset(&set, SIGUSR1);
        pthread_sigmask(SIG_BLOCK, &set, &old);
        pthread_create(&deaf, NULL, listen, NULL);
        pthread_create(&open, NULL, listen, &end);
        sem_wait(&ready);
        sem_wait(&ready);
        kill(getpid(), SIGUSR1);
        sem_wait(&handled);
        first_by = handled_by;
        pthread_kill(open, SIGUSR1);
        sem_wait(&handled);
        second_by = handled_by;
        sem_post(&end);
        sem_post(&items);
        pthread_join(open, &tid);
        say("signals: the process's, by the one that does not block it", first_by == (pid_t)(long)tid);
        say("signals: the thread's", second_by == (pid_t)(long)tid);
        pthread_join(deaf, NULL);
        pthread_kill(pthread_self(), SIGUSR1);
        sigpending(&set);
        say("signals: pending", sigismember(&set, SIGUSR1));
        sigemptyset(&set);
        sigaddset(&set, SIGUSR1);
        say("signals: taken", sigwait(&set, &signal) == 0 && signal == SIGUSR1);
        sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 42});
        say("signals: with a value",
            sigwaitinfo(&set, &info) == SIGUSR1 && info.si_code == SI_QUEUE ? info.si_value.sival_int : -1);
        say("signals: none comes",
            sigtimedwait(&set, NULL, &(struct timespec){.tv_nsec = 1000000}) == -1 && errno == EAGAIN);
        pthread_sigmask(SIG_SETMASK, &old, NULL);
        say("signals: to nobody", syscall(SYS_tgkill, getpid(), 999999, SIGUSR1) == -1 ? errno : 0);
        say("signals: to another process's", syscall(SYS_tgkill, 1, getpid(), 0) == -1 ? errno : 0);
}

static void *fork_here(void *argument)
{
        pid_t child = fork();
        int status;

        if (child == 0)
                _exit(syscall(SYS_gettid) == getpid() ? 3 : 4);
        waitpid(child, &status, 0);
        *(int *)argument = WEXITSTATUS(status);
        return NULL;
}

static void *turn(void *argument)
{
        while (!__atomic_load_n((int *)argument, __ATOMIC_RELAXED))
                ;
        return NULL;
}

static void *leave(void *argument)
{
        (void)argument;
        usleep(5000);
        exit(5);
}

static void *run(void *argument)
{
        char *words[] = {argument, "again", NULL};

        execv(argument, words);
        _exit(10);
}

static void *late(void *argument)
{
        usleep(20000);
        (void)argument;
        _exit(6);
}

static int status_of(pid_t child)
{
        int status;

        waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void processes(char *self)
{
        int status = 0, stop = 0;
        pthread_t t, busy;
        pid_t child;
        char *words[] = {"missing", NULL};

        fflush(stdout);
        pthread_create(&busy, NULL, turn, &stop);
        pthread_create(&t, NULL, fork_here, &status);
        pthread_join(t, NULL);
        say("processes: a child of a thread", status);
        stop = 1;
        pthread_join(busy, NULL);
        child = fork();
        if (child == 0) {
                pthread_create(&t, NULL, leave, NULL);
                for (;;)
                        pause();
        }
        say("processes: exit ends all threads", status_of(child));
        child = fork();
        if (child == 0) {
                pthread_create(&t, NULL, turn, &stop);
                pthread_create(&t, NULL, run, self);
                for (;;)
                        pause();
        }
        say("processes: exec ends all others", status_of(child));
        child = fork();
        if (child == 0) {
                pthread_create(&t, NULL, late, NULL);
                pthread_exit(NULL);
        }
        say("processes: the first thread may end", status_of(child));
        child = fork();
        if (child == 0) {
                pthread_create(&t, NULL, turn, &(int){0});
                *nowhere = 1;
        }
        say("processes: a fault ends all", status_of(child));
        say("processes: no such program", posix_spawn(&child, "/bin/missing", NULL, NULL, words, NULL));
}

static void *read_pipe(void *argument)
{
        char byte = 0;

        return (void *)(long)(read(*(int *)argument, &byte, 1) == 1 ? byte : -1);
}

static void blocking(void)
{
        int end[2];
        pthread_t t;
        void *result;

        if (pipe(end))
                return;
        pthread_create(&t, NULL, read_pipe, &end[0]);
        usleep(10000);
        say("blocking: the other goes on", write(end[1], "A", 1));
        pthread_join(t, &result);
        say("blocking: what it read", (long)result);
}

int main(int argc, char **argv)
{
        if (argc > 1 && !strcmp(argv[1], "again"))
                return syscall(SYS_gettid) == getpid() ? 9 : 8;
        locks();
        conditions();
        meetings();
        many();
        cancels();
        signals();
        blocking();
        processes(argv[1]);
        return 0;
}
