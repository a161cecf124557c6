/* SPDX-License-Identifier: BSD-2-Clause */
/* gdbserver [ADDRESS]:PORT PROGRAM [ARGUMENT...] | gdbserver [ADDRESS]:PORT --attach PID: wait for gdb there (`target remote`), and let it
 * debug that program.  One connection; when it ends, an attached program continues, and one that was started ends.  See stub.h. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stub.h"

static struct packets packets;
static struct target target;

static void child(int signal)
{
        (void)signal; /* it interrupts ppoll */
}

static int usage(void)
{
        fputs("usage: gdbserver [ADDRESS]:PORT PROGRAM [ARGUMENT...]\n       gdbserver [ADDRESS]:PORT "
              "--attach PID\n",
              stderr);
        return 2;
}

static int fail(const char *what)
{
        fprintf(stderr, "gdbserver: %s: %s\n", what, strerror(errno));
        return 1;
}

/* The next event: of the program, bytes from gdb, or the end of its connection (false). */
static bool wait_for(struct debug_event *e, char *bytes, size_t size, ssize_t *n)
{
        struct pollfd fd = {.fd = packets.fd, .events = POLLIN};
        sigset_t none;

        sigemptyset(&none);
        for (;;) {
                *n = 0;
                if (target.lives && target_ask(DEBUG_EVENT, target.pid, (long)e, 0, 0) == 1)
                        return true;
                if (packets.fd < 0 && !target.lives)
                        return false;
                if (ppoll(&fd, 1, NULL, &none) <= 0)
                        continue;
                *n = read(packets.fd, bytes, size);
                e->kind = DEBUG_NOTHING;
                return *n > 0;
        }
}

/* A program that was started stops at its first instruction before gdb is let in; false: it never got there. */
static bool begins(void)
{
        struct debug_event e;
        char none;
        ssize_t n;
        int end = 0;

        packets.fd = -1;
        return !target.started ||
               (wait_for(&e, &none, 0, &n) && e.kind == DEBUG_PROGRAM && run_event(&target, &e, &end));
}

enum { PORT_MOST = 65535 };

/* A number from 1 to `most`; 0: it is none. */
static long number_of(const char *text, long most)
{
        char *rest;
        long number = isdigit((unsigned char)*text) ? strtol(text, &rest, 10) : 0;

        return number && !*rest && number <= most ? number : 0;
}

static int listen_at(const char *text)
{
        const char *port = strrchr(text, ':');
        struct sockaddr_in at = {.sin_family = AF_INET};
        int s, on = 1, fd;

        at.sin_port = htons((unsigned short)number_of(port + 1, PORT_MOST));
        s = socket(AF_INET, SOCK_STREAM, 0);
        setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
        if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof(at)) || listen(s, 1))
                return -1;
        printf("gdbserver: %s is stopped; waiting for gdb at port %s\n",
               target.started ? "the program" : "the process", port + 1);
        fflush(stdout);
        do
                fd = accept(s, NULL, NULL);
        while (fd < 0 && errno == EINTR);
        close(s);
        return fd;
}

static void let_go(enum after after)
{
        if (!target.lives)
                return;
        if (after == AFTER_KILL)
                kill(target.pid, SIGKILL);
        target_ask(DEBUG_DETACH, target.pid, 0, 0, 0);
        if (target.started && after == AFTER_KILL)
                waitpid(target.pid, NULL, 0);
}

/* True while gdb is being served. */
static bool obey(enum heard heard, bool *runs, enum after *after)
{
        if (heard == HEARD_BREAK && *runs) {
                run_stop(&target);
                tell_stop(&packets, &target);
                *runs = false;
        }
        if (heard != HEARD_PACKET || *runs)
                return true;
        *after = command(&packets, &target);
        *runs = *after == AFTER_RUNS;
        return *after == AFTER_GO_ON || *after == AFTER_RUNS;
}

static void serve(void)
{
        enum after after = target.started ? AFTER_KILL : AFTER_DETACH, asked;
        struct debug_event e;
        char bytes[PACKET];
        bool runs = false;
        ssize_t n;
        int end;

        while (wait_for(&e, bytes, sizeof(bytes), &n)) {
                if (e.kind != DEBUG_NOTHING) {
                        if (!run_event(&target, &e, &end))
                                continue;
                        if (target.lives)
                                tell_stop(&packets, &target);
                        else
                                tell_end(&packets, end);
                        runs = false;
                        if (!target.lives)
                                return;
                }
                for (ssize_t i = 0; i < n; i++) {
                        if (!obey(packet_hear(&packets, (unsigned char)bytes[i]), &runs, &asked)) {
                                let_go(asked);
                                return;
                        }
                }
        }
        let_go(after);
}

/* SIGCHLD, which announces events, comes only while we wait. */
static void take_signals(void)
{
        sigset_t set;

        sigaction(SIGCHLD, &(struct sigaction){.sa_handler = child}, NULL);
        signal(SIGPIPE, SIG_IGN);
        sigemptyset(&set);
        sigaddset(&set, SIGCHLD);
        sigprocmask(SIG_BLOCK, &set, NULL);
}

static bool are_right(int count, char **word, bool attach)
{
        const char *port = count >= 3 ? strrchr(word[1], ':') : NULL;

        return port && number_of(port + 1, PORT_MOST) &&
               (!attach || (count == 4 && number_of(word[3], INT_MAX)));
}

int main(int count, char **word)
{
        bool attach = count >= 3 && !strcmp(word[2], "--attach");

        if (!are_right(count, word, attach))
                return usage();
        take_signals();
        if (!(attach ? target_attach(&target, (int)number_of(word[3], INT_MAX))
                     : target_start(&target, word + 2)))
                return fail(word[attach ? 3 : 2]);
        if (!begins())
                return 1;
        packets.fd = listen_at(word[1]);
        if (packets.fd < 0) {
                let_go(target.started ? AFTER_KILL : AFTER_DETACH);
                return fail(word[1]);
        }
        serve();
        return 0;
}
