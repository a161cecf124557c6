/* SPDX-License-Identifier: BSD-2-Clause */
/* fork, exec, wait, pipes between processes.  processes SELF: how this program is started; with more words it is the one that
 * was started. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { ROUNDS = 5000, CHILDREN = 10 };

static const char *self;
static char *volatile nowhere = (char *)8;

static void wait_end(const char *what, pid_t pid)
{
        int status = 0;
        pid_t ended = waitpid(pid, &status, 0);

        if (ended != pid)
                printf("%s: %s\n", what, strerror(errno));
        else
                show_end(what, status);
}

static void ends(void)
{
        static volatile int value = 1;
        siginfo_t ended;
        pid_t pid = fork();

        if (pid == 0) {
                value = 2;
                _exit(value + 1);
        }
        wait_end("exit code", pid);
        printf("own copy %d\n", value);
        pid = fork();
        if (pid == 0)
                _exit(0x1234);
        wait_end("only 8 bits", pid);
        pid = fork();
        if (pid == 0)
                abort();
        wait_end("abort", pid);
        pid = fork();
        if (pid == 0)
                *(volatile char *)nowhere = 1;
        wait_end("bad address", pid);
        pid = fork();
        if (pid == 0)
                for (;;)
                        pause();
        printf("still there: %d\n", waitpid(pid, NULL, WNOHANG));
        tell("kill", kill(pid, SIGKILL));
        wait_end("killed", pid);
        pid = fork();
        if (pid == 0)
                _exit(0);
        tell("it has ended", waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOWAIT));
        tell("kill what has ended", kill(pid, SIGKILL));
        wait_end("it", pid);
        tell("nobody to wait for", wait(NULL));
        tell("not a child", waitpid(1, NULL, 0));
        tell("kill nobody", kill(30000, SIGTERM));
        tell("ask for myself", kill(getpid(), 0));
        tell("a bad signal", kill(getpid(), 1000));
        printf("parent: %d\n", getppid() > 0);
}

static void executing(void)
{
        char *words[] = {"other", "child", "two words", "", NULL},
             *environment[] = {"COLOUR=green", "EMPTY=", NULL};
        pid_t pid = vfork();

        if (pid == 0) {
                execve(self, words, environment);
                _exit(99);
        }
        wait_end("exec", pid);
        tell("exec what is missing", execve("/tmp/none", words, environment));
        tell("exec a directory", execve("/tmp", words, environment));
        tell("exec from nowhere", execve(nowhere, words, environment));
        pid = fork();
        if (pid == 0) {
                setenv("COLOUR", "red", 1);
                execl(self, self, "child", "by list", (char *)NULL);
                _exit(99);
        }
        wait_end("execl", pid);
}

static int run_child(int count, char **word)
{
        printf("child with %d words: %s|%s|, colour %s, empty %s\n", count, word[2],
               count > 3 ? word[3] : "-", getenv("COLOUR"), getenv("EMPTY") ? getenv("EMPTY") : "-");
        return 17;
}

static void pipes(void)
{
        char buffer[1000];
        long total = 0, sum = 0, n;
        int end[2];
        pid_t pid;

        tell("pipe", pipe(end));
        pid = fork();
        if (pid == 0) {
                close(end[0]);
                for (int i = 0; i < ROUNDS; i++)
                        dprintf(end[1], "%d\n", i);
                _exit(0);
        }
        close(end[1]);
        while ((n = read(end[0], buffer, sizeof(buffer))) > 0) {
                for (long i = 0; i < n; i++)
                        sum += buffer[i];
                total += n;
        }
        printf("through the pipe: %ld bytes, sum %ld\n", total, sum);
        close(end[0]);
        wait_end("writer", pid);
        pipe(end);
        pid = fork();
        if (pid == 0) {
                close(end[0]);
                for (;;)
                        write(end[1], "x", 1);
        }
        close(end[1]);
        read(end[0], buffer, 1);
        close(end[0]);
        wait_end("a writer whom nobody reads", pid);
}

static void on_alarm(int number)
{
        (void)number;
}

/* A write is complete, however slowly somebody reads; only a signal ends it early, and then it returns what it has written. */
static void large_pieces(void)
{
        enum { SIZE = 200000, HEAD = 1000 };
        static char bytes[SIZE];
        struct sigaction a = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
        struct itimerval soon = {{0, 200000}, {0, 200000}}, never = {0};
        int end[2];
        pid_t pid;

        tell("pipe", pipe(end));
        pid = fork();
        if (pid == 0) {
                close(end[1]);
                usleep(50000);
                while (read(end[0], bytes, HEAD) > 0)
                        ;
                _exit(0);
        }
        close(end[0]);
        show("a large write", write(end[1], bytes, SIZE));
        close(end[1]);
        wait_end("its reader", pid);
        pipe(end);
        sigaction(SIGALRM, &a, NULL);
        setitimer(ITIMER_REAL, &soon, NULL);
        show("a write that a signal ends", write(end[1], bytes, SIZE));
        setitimer(ITIMER_REAL, &never, NULL);
        close(end[0]);
        close(end[1]);
        pipe2(end, O_NONBLOCK);
        show("what fits", write(end[1], bytes, SIZE));
        show("some of it", read(end[0], bytes, HEAD));
        tell("a small piece that does not fit is not torn", write(end[1], bytes, 2 * HEAD));
        close(end[0]);
        close(end[1]);
}

static void redirected(void)
{
        char text[100] = "";
        pid_t pid = fork();
        int file;

        if (pid == 0) {
                file = open("/tmp/c-out", O_CREAT | O_WRONLY | O_TRUNC, 0644);
                dup2(file, 1);
                close(file);
                execl(self, self, "child", "to a file", (char *)NULL);
                _exit(99);
        }
        wait_end("redirected", pid);
        file = open("/tmp/c-out", O_RDONLY);
        read(file, text, sizeof(text) - 1);
        printf("it wrote: %s", text);
        close(file);
        unlink("/tmp/c-out");
}

static void started(void)
{
        char *words[] = {(char *)self, "child", "spawned", NULL}, text[50] = "";
        pid_t pid = 0;
        int error;
        FILE *f;

        error = posix_spawn(&pid, self, NULL, NULL, words, environ);
        wait_end("it", pid);
        printf("posix_spawn: %d\n", error);
        printf("system: %d\n", WEXITSTATUS(system("exit 9")));
        f = popen("echo from a shell", "r");
        printf("popen: %s", fgets(text, sizeof(text), f));
        printf("pclose: %d\n", pclose(f));
}

static void usage(void)
{
        struct rusage u;
        volatile long work = 0;
        pid_t pid = fork();

        memset(&u, 255, sizeof(u));
        if (pid == 0) {
                while (work < 20000000)
                        work++;
                _exit(0);
        }
        printf("wait4: %d", wait4(pid, NULL, 0, &u) == pid);
        printf(" time %d\n", u.ru_utime.tv_sec >= 0 && u.ru_utime.tv_sec + u.ru_utime.tv_usec > 0);
        memset(&u, 255, sizeof(u));
        tell("getrusage", getrusage(RUSAGE_SELF, &u));
        printf("%d\n", u.ru_utime.tv_usec >= 0);
        tell("of whom", getrusage(77, &u));
        tell("bad options", waitpid(-1, NULL, 0x100));
        tell("no such call", syscall(600));
}

static void many(void)
{
        pid_t pid[CHILDREN];
        int sum = 0, status;

        for (int i = 0; i < CHILDREN; i++) {
                pid[i] = fork();
                if (pid[i] == 0)
                        _exit(i);
        }
        while (wait(&status) > 0)
                sum += WEXITSTATUS(status);
        printf("%d children, sum %d\n", CHILDREN, sum);
}

int main(int count, char **word)
{
        setvbuf(stdout, NULL, _IONBF, 0);
        if (count > 1 && !strcmp(word[1], "child"))
                return run_child(count, word);
        self = word[1];
        printf("%d words, the last %s, an environment: %d\n", count, word[count - 1],
               environ && environ[0] != NULL);
        ends();
        executing();
        pipes();
        large_pieces();
        redirected();
        started();
        usage();
        many();
        fprintf(stderr, "the end\n");
        exit(3);
}
