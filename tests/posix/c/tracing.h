/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of ptrace have in common. */
#pragma once

#include "ask.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

enum {
        SEIZE = 0x4206,
        INTERRUPT = 0x4207,
        LISTEN = 0x4208,
        PEEK_INFO = 0x4209,
        GET_MASK = 0x420a,
        SET_MASK = 0x420b,
        GET_CALL = 0x420e,
        GOOD = 1,
        FORK = 1,
        VFORK,
        CLONE,
        EXEC,
        VFORK_DONE,
        EXIT,
        KILL = 1 << 20
};

/* Past the C library, which may block all signals around one that it raises. */
static inline void signal_self(int signal)
{
        syscall(SYS_tgkill, getpid(), (int)syscall(SYS_gettid), signal);
}

static inline long trace(int request, int pid, long address, long data)
{
        errno = 0;
        return syscall(SYS_ptrace, (long)request, (long)pid, address, data);
}

/* What a tracer hears, without numbers of processes. */
static inline int heard(const char *what, int pid)
{
        int status = 0, got = waitpid(pid, &status, __WALL);

        if (got < 0)
                printf("%s: error %d\n", what, errno);
        else if (WIFSTOPPED(status))
                printf("%s: stopped by %d, event %d\n", what, WSTOPSIG(status), status >> 16);
        else
                show_end(what, status);
        fflush(stdout);
        return status;
}

static inline int traced(void (*what)(void))
{
        int pid = fork();

        if (!pid) {
                trace(PTRACE_TRACEME, 0, 0, 0);
                signal_self(SIGSTOP);
                what();
                _exit(0);
        }
        return pid;
}

static inline void go(int request, int pid, int signal)
{
        long result = trace(request, pid, 0, signal);

        if (result < 0)
                printf("request %d: error %d\n", request, errno);
}

static inline void waits_for_ever(void)
{
        for (;;)
                pause();
}

static inline void tell_info(int pid)
{
        siginfo_t info = {0};

        show_number("info", trace(PTRACE_GETSIGINFO, pid, 0, (long)&info));
        printf("signal %d, code %d, from it: %d\n", info.si_signo, info.si_code, info.si_pid == pid);
}

struct call_info {
        uint8_t kind, pad[3];
        uint32_t machine;
        uint64_t pc, sp;
        union {
                struct {
                        uint64_t number, argument[6];
                } entry;
                struct {
                        int64_t result;
                        uint8_t is_error;
                } exit;
        };
};

static inline void tell_call(int pid)
{
        struct call_info i = {0};
        unsigned long message = 0;
        long size = trace(GET_CALL, pid, sizeof(i), (long)&i);

        trace(PTRACE_GETEVENTMSG, pid, 0, (long)&message);
        printf("  size %ld, message %lu: ", size, message);
        if (i.kind == 1)
                printf("call %s(%ld, %ld)\n",
                       i.entry.number == SYS_dup3         ? "dup3"
                       : i.entry.number == SYS_getuid     ? "getuid"
                       : i.entry.number == SYS_nanosleep  ? "nanosleep"
                       : i.entry.number == SYS_exit_group ? "exit_group"
                                                          : "another",
                       i.entry.number == SYS_dup3 ? (long)i.entry.argument[0] : 0,
                       i.entry.number == SYS_dup3 ? (long)i.entry.argument[1] : 0);
        else if (i.kind == 2)
                printf("result %ld, error %d\n", (long)i.exit.result, i.exit.is_error);
        else
                puts("none");
}
