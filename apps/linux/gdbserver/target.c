/* SPDX-License-Identifier: BSD-2-Clause */
/* The debugged program, through the system's call for debuggers (sos/debug.h); see stub.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stub.h"

long target_ask(int request, long a, long b, long c, long d)
{
        return syscall(SOS_DEBUG, request, a, b, c, d);
}

/* It starts held at its first instruction: that is its first event. */
bool target_start(struct target *t, char **words)
{
        sigset_t none;

        t->started = true;
        t->pid = fork();
        if (t->pid == 0) {
                sigemptyset(&none);
                sigprocmask(SIG_SETMASK, &none, NULL);
                signal(SIGPIPE, SIG_DFL);
                if (target_ask(DEBUG_START, 0, 0, 0, 0)) {
                        perror("gdbserver: this system does not support debugging");
                        _exit(126);
                }
                execvp(words[0], words);
                fprintf(stderr, "gdbserver: %s: %s\n", words[0], strerror(errno));
                _exit(127);
        }
        t->current = t->general = t->pid;
        t->lives = t->pid > 0;
        return t->lives;
}

bool target_attach(struct target *t, int pid)
{
        t->pid = t->current = t->general = pid;
        t->lives = target_ask(DEBUG_ATTACH, pid, 0, 0, 0) == 0;
        t->stop = 0;
        return t->lives;
}

int target_threads(const struct target *t, int *numbers)
{
        long n = target_ask(DEBUG_THREADS, t->pid, (long)numbers, THREADS, 0);

        return n < 0 ? 0 : n > THREADS ? THREADS : (int)n;
}

bool target_has(const struct target *t, int thread)
{
        int numbers[THREADS], n = target_threads(t, numbers);

        for (int i = 0; i < n; i++) {
                if (numbers[i] == thread)
                        return true;
        }
        return false;
}

bool target_get(const struct target *t, int thread, struct debug_registers *r)
{
        return target_ask(DEBUG_GET, t->pid, thread, (long)r, 0) == 0;
}

long target_set(const struct target *t, int thread, const struct debug_registers *r)
{
        return target_ask(DEBUG_SET, t->pid, thread, (long)r, 0);
}

long target_read(const struct target *t, uint64_t address, void *to, size_t size)
{
        return target_ask(DEBUG_READ, t->pid, (long)address, (long)to, (long)size);
}

bool target_write(const struct target *t, uint64_t address, const void *from, size_t size)
{
        return target_ask(DEBUG_WRITE, t->pid, (long)address, (long)from, (long)size) == (long)size;
}

static const unsigned char numbers[][2] = {
        {SIGHUP, 1},   {SIGINT, 2},   {SIGQUIT, 3},  {SIGILL, 4},    {SIGTRAP, 5},  {SIGABRT, 6},
        {SIGFPE, 8},   {SIGKILL, 9},  {SIGBUS, 10},  {SIGSEGV, 11},  {SIGPIPE, 13}, {SIGALRM, 14},
        {SIGTERM, 15}, {SIGSTOP, 17}, {SIGTSTP, 18}, {SIGCONT, 19},  {SIGCHLD, 20}, {SIGTTIN, 21},
        {SIGTTOU, 22}, {SIGUSR1, 30}, {SIGUSR2, 31}, {SIGWINCH, 28}, {SIGURG, 16},  {SIGSYS, 12},
};

int signal_to_gdb(int signal)
{
        enum { UNKNOWN = 143 };

        for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
                if (numbers[i][0] == signal)
                        return numbers[i][1];
        }
        return signal ? UNKNOWN : 0;
}

int signal_from_gdb(int signal)
{
        for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
                if (numbers[i][1] == signal)
                        return numbers[i][0];
        }
        return 0;
}
