/* SPDX-License-Identifier: BSD-2-Clause */
/* seccomp: a filter has a tracer told of a call, which may become another one, or none. */
#define _GNU_SOURCE
#include "filters.h"
#include "tracing.h"

#include <sys/uio.h>

static void is_told(void)
{
        privileges_off();
        PUT(0, LOAD(nr), IF(SYS_getsid, SECCOMP_RET_TRACE | 77), IF(SYS_getpgid, SECCOMP_RET_TRACE | 78),
            RETURN(SECCOMP_RET_ALLOW));
        ASK(syscall(SYS_getsid, 0));
        ASK(syscall(SYS_getpgid, 0));
        fflush(stdout);
}

static void tracer(void)
{
        int pid = traced(is_told);
        unsigned long message = 0;

        heard("begins", pid);
        ASK(trace(PTRACE_SETOPTIONS, pid, 0, 1 << 7));
        go(PTRACE_CONT, pid, 0);
        heard("first call", pid);
        trace(PTRACE_GETEVENTMSG, pid, 0, (long)&message);
        printf("message %lu\n", message);
        go(PTRACE_SYSCALL, pid, 0);
        heard("its end", pid);
        go(PTRACE_SYSCALL, pid, 0);
        heard("the next", pid); /* a write, or the call: lines are kept until then */
        while (1) {
                int status;

                go(PTRACE_CONT, pid, 0);
                waitpid(pid, &status, 0);
                if (!WIFSTOPPED(status)) {
                        show_end("tracee", status);
                        return;
                }
                printf("event %d\n", status >> 16);
        }
}

/* The tracer makes another call of the one that its filter has told of, or none. */
static void changes(int number)
{
        int pid = traced(is_told);
        struct iovec call = {&number, sizeof(number)};

        heard("begins", pid);
        trace(PTRACE_SETOPTIONS, pid, 0, 1 << 7);
        go(PTRACE_CONT, pid, 0);
        heard("first call", pid);
        show_number("changed", trace(PTRACE_SETREGSET, pid, 0x404, (long)&call));
        go(PTRACE_CONT, pid, 0);
        heard("second call", pid);
        go(PTRACE_DETACH, pid, 0);
        heard("end", pid);
}

int main(void)
{
        setvbuf(stdout, NULL, _IOFBF, 8192);
        tracer();
        changes(-1);
        changes(SYS_getpid);
        return 0;
}
