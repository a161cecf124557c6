/* SPDX-License-Identifier: BSD-2-Clause */
/* keys COUNT line|raw [BLOCKED]: reads COUNT characters from the terminal, one by one, as lines or in raw mode, while BLOCKED other
 * processes wait for something that does not happen; marks for bench/plugin/path.c where it begins to wait and where it has one. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define MARK(number) __asm__ volatile("movz xzr, #" #number)

enum {
        MOST = 100,
        FAMILY = 108,   /* as large as a family of processes may become */
        LONG = 1000000, /* seconds */
};

/* Waits for something that does not happen, in one of five ways. */
static void block(int way, int empty)
{
        struct pollfd one = {.fd = empty, .events = POLLIN};
        fd_set set;
        char c;

        FD_ZERO(&set);
        FD_SET(empty, &set);
        switch (way) {
        case 0:
                read(empty, &c, 1);
                break;
        case 1:
                poll(&one, 1, -1);
                break;
        case 2:
                select(empty + 1, &set, NULL, NULL, NULL);
                break;
        case 3:
                sleep(LONG);
                break;
        default:
                pause();
        }
        _exit(1);
}

/* Starts the processes that wait; false if one of them cannot be started. */
static int begin(pid_t *child, int count)
{
        struct rlimit family = {.rlim_cur = FAMILY, .rlim_max = FAMILY};
        int never[2], ready[2];
        char c;

        if (setrlimit(RLIMIT_NPROC, &family) || pipe(never) || pipe(ready))
                return 0;
        for (int i = 0; i < count; i++) {
                child[i] = fork();
                if (child[i] < 0)
                        return 0;
                if (child[i] == 0) {
                        write(ready[1], "", 1);
                        block(i % 5, never[0]);
                }
                read(ready[0], &c, 1);
        }
        return 1;
}

static void end(const pid_t *child, int count)
{
        for (int i = 0; i < count && child[i] > 0; i++) {
                kill(child[i], SIGKILL);
                waitpid(child[i], NULL, 0);
        }
}

static void keys(int times)
{
        char c;

        write(1, "ready\n", 6);
        for (int i = 0; i < times; i++) {
                MARK(2);
                if (read(0, &c, 1) != 1)
                        break;
                MARK(3);
                write(1, "*\n", 2);
        }
}

int main(int count, char **argument)
{
        int times = count > 1 ? atoi(argument[1]) : 1, blocked = count > 3 ? atoi(argument[3]) : 0;
        pid_t child[MOST] = {0};
        struct termios before, t;

        if (blocked < 0 || blocked > MOST || !begin(child, blocked)) {
                printf("keys: cannot start %d processes, %d at most\nready\n", blocked, MOST);
                end(child, blocked);
                return 1;
        }
        tcgetattr(0, &before);
        t = before;
        if (count > 2 && !strcmp(argument[2], "raw"))
                t.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        tcsetattr(0, TCSANOW, &t);
        keys(times);
        tcsetattr(0, TCSANOW, &before);
        end(child, blocked);
        return 0;
}
