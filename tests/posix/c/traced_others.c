/* SPDX-License-Identifier: BSD-2-Clause */
/* ptrace: children, threads and programs of a tracee, those that were running already, and the end of a tracer. */
#define _GNU_SOURCE
#include "tracing.h"

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

static const char *self;

/* --- events --- */

static void makes_others(void)
{
        int pid = fork(), status;

        if (!pid)
                _exit(5);
        waitpid(pid, &status, 0);
        pid = (int)syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0L, 0L, 0L, 0L);
        if (!pid)
                _exit(6);
        waitpid(pid, &status, 0);
        _exit(WEXITSTATUS(status));
}

static void follow(int pid)
{
        int first = pid, got, status, child = 0;

        while ((got = waitpid(child ? child : pid, &status, __WALL)) > 0) {
                unsigned long message = 0;
                int event = status >> 16;

                if (got == child) { /* it ends before its parent goes on */
                        if (WIFSTOPPED(status)) {
                                printf("child: stopped by %d, event %d\n", WSTOPSIG(status), event);
                                trace(PTRACE_GETEVENTMSG, got, 0, (long)&message);
                                if (event == EXIT)
                                        printf("child: status %lu\n", message);
                                go(PTRACE_CONT, got, 0);
                        } else {
                                show_end("child", status);
                                child = 0;
                                go(PTRACE_CONT, pid, 0);
                        }
                        continue;
                }
                if (!WIFSTOPPED(status)) {
                        show_end("parent", status);
                        return;
                }
                trace(PTRACE_GETEVENTMSG, got, 0, (long)&message);
                printf("parent: stopped by %d, event %d, message %s\n", WSTOPSIG(status), event,
                       event == EXIT   ? (message == 6 << 8 ? "status" : "another status")
                       : event == EXEC ? (message == (unsigned long)first ? "itself" : "another")
                       : message > 0 && message != (unsigned long)first ? "a child"
                                                                        : "none");
                if (event == FORK || event == VFORK)
                        child = (int)message;
                else
                        go(PTRACE_CONT, got, WSTOPSIG(status) == SIGCHLD ? SIGCHLD : 0);
        }
}

static void events(void)
{
        int all = 1 << FORK | 1 << VFORK | 1 << CLONE | 1 << EXEC | 1 << VFORK_DONE | 1 << EXIT;
        int pid = traced(makes_others);

        puts("-- events");
        heard("first", pid);
        show_number("options", trace(PTRACE_SETOPTIONS, pid, 0, all));
        go(PTRACE_CONT, pid, 0);
        follow(pid);
}

static void runs_another(void)
{
        execl(self, self, "child", NULL);
        _exit(99);
}

static void programs(void)
{
        int pid = traced(runs_another), status;

        puts("-- programs");
        heard("first", pid);
        go(PTRACE_CONT, pid, 0);
        heard("a new program", pid);
        tell_info(pid);
        go(PTRACE_CONT, pid, 0);
        heard("end", pid);
        pid = traced(runs_another);
        heard("first", pid);
        trace(PTRACE_SETOPTIONS, pid, 0, GOOD | 1 << EXEC | 1 << EXIT);
        do {
                go(PTRACE_SYSCALL, pid, 0);
                waitpid(pid, &status, 0);
        } while (WIFSTOPPED(status) && status >> 16 == 0);
        printf("a new program: event %d\n", status >> 16);
        go(PTRACE_SYSCALL, pid, 0);
        heard("the end of its call", pid);
        tell_call(pid);
        go(PTRACE_CONT, pid, 0);
        heard("its end", pid);
        go(PTRACE_CONT, pid, 0);
        heard("end", pid);
        pid = traced(waits_for_ever);
        heard("first", pid);
        trace(PTRACE_SETOPTIONS, pid, 0, 1 << EXIT);
        go(PTRACE_CONT, pid, SIGTERM);
        heard("about to die", pid);
        go(PTRACE_CONT, pid, 0);
        heard("end", pid);
}

/* --- others --- */

static void attached(void)
{
        unsigned long message;
        int pid;

        puts("-- attached");
        pid = fork();
        if (!pid)
                waits_for_ever();
        until_it_waits(pid);
        show_number("attach", trace(PTRACE_ATTACH, pid, 0, 0));
        heard("stop", pid);
        go(PTRACE_CONT, pid, SIGSTOP);
        heard("with its group", pid);
        show_number("no info", trace(PTRACE_GETSIGINFO, pid, 0, (long)&message));
        show_number("detach", trace(PTRACE_DETACH, pid, 0, 0));
        kill(pid, SIGCONT);
        show_number("seize", trace(SEIZE, pid, 0, 0));
        show_number("it runs", trace(PTRACE_CONT, pid, 0, 0));
        show_number("interrupt", trace(INTERRUPT, pid, 0, 0));
        heard("stop", pid);
        tell_info(pid);
        go(PTRACE_CONT, pid, 0);
        kill(pid, SIGSTOP);
        heard("a signal", pid);
        go(PTRACE_CONT, pid, SIGSTOP);
        heard("with its group", pid);
        show_number("listen", trace(LISTEN, pid, 0, 0));
        show_number("it listens", trace(PTRACE_CONT, pid, 0, 0));
        kill(pid, SIGCONT);
        heard("it is to go on", pid);
        go(PTRACE_CONT, pid, 0);
        heard("by that", pid);
        show_number("detach with a signal", trace(PTRACE_DETACH, pid, 0, SIGTERM));
        heard("end", pid);
}

static void *ends_soon(void *unused)
{
        syscall(SYS_getuid);
        return unused;
}

static void makes_a_thread(void)
{
        pthread_t t;

        pthread_create(&t, NULL, ends_soon, NULL);
        pthread_join(t, NULL);
        signal_self(SIGSTOP);
        _exit(8);
}

static void threads(void)
{
        int pid = traced(makes_a_thread), other, status;
        unsigned long message = 0;

        puts("-- threads");
        heard("first", pid);
        show_number("options", trace(PTRACE_SETOPTIONS, pid, 0, 1 << CLONE));
        go(PTRACE_CONT, pid, 0);
        heard("a thread is made", pid);
        show_number("message", trace(PTRACE_GETEVENTMSG, pid, 0, (long)&message));
        other = (int)message;
        heard("the thread", other);
        go(PTRACE_CONT, other, 0);
        go(PTRACE_CONT, pid, 0);
        heard("the thread", other);
        heard("the process", pid);
        go(PTRACE_CONT, pid, 0);
        heard("the process", pid);
        show_number("nobody is left", waitpid(-1, &status, __WALL));
}

/* A thread makes its process another program while the first one has stopped for its tracer. */
static int starts[2];

static void *runs_another_soon(void *unused)
{
        char byte;

        if (read(starts[0], &byte, 1) == 1)
                runs_another();
        return unused;
}

static void stops_beside_it(void)
{
        pthread_t t;

        pthread_create(&t, NULL, runs_another_soon, NULL);
        signal_self(SIGSTOP);
        waits_for_ever();
}

static void thread_programs(void)
{
        int pid;

        puts("-- a thread's program");
        if (pipe(starts))
                return;
        pid = traced(stops_beside_it);
        heard("first", pid);
        go(PTRACE_CONT, pid, 0);
        heard("it stops", pid);
        show_number("the thread goes on", write(starts[1], "x", 1));
        heard("end", pid);
}

static int state_of(int pid, const char *key, int size)
{
        char name[40], line[200];
        int value = -1;
        FILE *f;

        snprintf(name, sizeof(name), "/proc/%d/status", pid);
        f = fopen(name, "r");
        while (f && fgets(line, sizeof(line), f)) {
                if (!strncmp(line, key, (size_t)size))
                        value = line[size + 1] >= 'A' ? line[size + 1] : atoi(line + size + 1);
        }
        if (f)
                fclose(f);
        return value;
}

/* A tracer ends: what it has traced goes on, or ends with it. */
static void lost(void)
{
        int status, tracee, tracer;

        puts("-- lost");
        for (int kill_it = 0; kill_it < 2; kill_it++) {
                tracee = fork();
                if (!tracee)
                        waits_for_ever();
                tracer = fork();
                if (!tracer) {
                        trace(SEIZE, tracee, 0, kill_it ? KILL : 0);
                        trace(INTERRUPT, tracee, 0, 0);
                        waitpid(tracee, &status, __WALL);
                        printf("state %c, traced by me: %d\n", state_of(tracee, "State:", 6),
                               state_of(tracee, "TracerPid:", 10) == getpid());
                        fflush(stdout);
                        _exit(0);
                }
                waitpid(tracer, &status, 0);
                if (!kill_it) {
                        until_it_waits(tracee);
                        printf("traced by %d\n", state_of(tracee, "TracerPid:", 10));
                        kill(tracee, SIGUSR2);
                }
                heard("what it has traced", tracee);
        }
}

/* The one that waits is not the parent: the parent hears later. */
static void not_the_parent(void)
{
        int status, tracee, tracer;

        puts("-- not the parent");
        tracee = fork();
        if (!tracee)
                waits_for_ever();
        tracer = fork();
        if (!tracer) {
                trace(SEIZE, tracee, 0, 0);
                trace(INTERRUPT, tracee, 0, 0);
                heard("its tracer", tracee);
                go(PTRACE_CONT, tracee, 0);
                kill(tracee, SIGKILL);
                heard("its tracer", tracee);
                heard("and no more", tracee);
                _exit(0);
        }
        waitpid(tracer, &status, 0);
        heard("its parent", tracee);
}

/* Each traces the next one, and all run: when the last one stops, its tracer gets a signal for which it stops, too, and so on. */
enum { CHAIN = 40, A_WHILE = 100000 };

static struct {
        volatile int pid[CHAIN], ready, running;
} * chained;

static void trace_one_another(void)
{
        int next = 0;

        for (int i = 0; i < CHAIN && !next; i++) {
                chained->pid[i] = getpid();
                next = i + 1 < CHAIN ? fork() : 0;
        }
        if (next)
                trace(SEIZE, next, 0, KILL);
        __atomic_add_fetch(&chained->ready, 1, __ATOMIC_SEQ_CST);
        while (chained->ready < CHAIN)
                usleep(A_WHILE);
        __atomic_add_fetch(&chained->running, 1, __ATOMIC_SEQ_CST);
        for (;;)
                __asm__ volatile("");
}

static void chain(void)
{
        int first;

        puts("-- a chain");
        chained = mmap(NULL, sizeof(*chained), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        first = fork();
        if (!first)
                trace_one_another();
        while (chained->running < CHAIN)
                usleep(A_WHILE);
        kill(chained->pid[CHAIN - 1], SIGUSR1);
        for (int i = CHAIN - 1; i > 0; i--) {
                while (state_of(chained->pid[i], "State:", 6) != 't')
                        usleep(A_WHILE);
        }
        kill(first, SIGKILL);
        heard("all have stopped, and end with the first", first);
}

int main(int count, char **arguments)
{
        self = arguments[1];
        if (count > 1 && !strcmp(arguments[1], "child"))
                return 11;
        setvbuf(stdout, NULL, _IOLBF, 0);
        events();
        programs();
        attached();
        threads();
        thread_programs();
        lost();
        not_the_parent();
        chain();
        return 0;
}
