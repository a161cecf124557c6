/* SPDX-License-Identifier: BSD-2-Clause */
/* ptrace: where a tracee stops, what its tracer may ask and change there, and how it goes on.  Only what is the same on every machine
 * and for each C library. */
#define _GNU_SOURCE
#include "tracing.h"

#include <time.h>

static volatile int noted;
static volatile long word = 1234567;
static const long constant = 1234567; /* in a page that all processes of this program have */
static const long *volatile common = &constant;

static void note(int signal)
{
        noted = signal;
}

/* --- the first steps --- */

static void exits(void)
{
        _exit(word == 7654321 && *common == 765432 ? 7 : *common == 765432 ? 9 : 3);
}

static void begin(void)
{
        int pid = traced(exits);
        long seen = 0;

        puts("-- begin");
        heard("first", pid);
        show_number("peek", trace(PTRACE_PEEKDATA, pid, (long)&word, (long)&seen));
        show_number("peeked", seen);
        show_number("peek nothing", trace(PTRACE_PEEKDATA, pid, 16, (long)&seen));
        show_number("peek to nowhere", trace(PTRACE_PEEKTEXT, pid, (long)&word, 16));
        show_number("poke", trace(PTRACE_POKEDATA, pid, (long)&word, 7654321));
        show_number("own word", word);
        show_number("poke what all have", trace(PTRACE_POKETEXT, pid, (long)&constant, 765432));
        show_number("own", *common);
        show_number("poke nothing", trace(PTRACE_POKEDATA, pid, 16, 1));
        show_number("poke text", trace(PTRACE_POKETEXT, pid, (long)&exits, *(long *)(uintptr_t)&exits));
        show_number("no such signal", trace(PTRACE_CONT, pid, 0, 65));
        show_number("no such request", trace(0x4299, pid, 0, 0));
        show_number("not seized", trace(INTERRUPT, pid, 0, 0));
        go(PTRACE_CONT, pid, 0);
        heard("end", pid);
        show_number("gone", trace(PTRACE_CONT, pid, 0, 0));
        pid = traced(exits);
        heard("another one", pid);
        go(PTRACE_CONT, pid, 0);
        heard("has its own", pid);
}

static void refused(void)
{
        int pid, status;

        puts("-- refused");
        pid = fork();
        if (!pid)
                waits_for_ever();
        show_number("nobody", trace(PTRACE_ATTACH, 0x3ffff0, 0, 0));
        show_number("oneself", trace(PTRACE_ATTACH, getpid(), 0, 0));
        show_number("not a tracee", trace(PTRACE_CONT, pid, 0, 0));
        show_number("seize with an address", trace(SEIZE, pid, 8, 0));
        show_number("seize with options that are none", trace(SEIZE, pid, 0, 1 << 30));
        show_number("attach", trace(PTRACE_ATTACH, pid, 0, 0));
        show_number("once more", trace(PTRACE_ATTACH, pid, 0, 0));
        heard("stop", pid);
        show_number("options that are none", trace(PTRACE_SETOPTIONS, pid, 0, 1 << 30));
        show_number("nothing has stopped", waitpid(pid, &status, __WALL | WNOHANG));
        show_number("kill", trace(PTRACE_KILL, pid, 0, 0));
        heard("end", pid);
}

/* --- signals --- */

static void signals_itself(void)
{
        signal(SIGUSR1, note);
        signal(SIGUSR2, SIG_IGN);
        signal_self(SIGUSR1);
        if (noted)
                _exit(20);
        signal_self(SIGUSR2);
        signal_self(SIGUSR1);
        _exit(noted);
}

static void signals(void)
{
        int pid = traced(signals_itself);
        uint64_t mask = 0;
        siginfo_t info = {0};

        puts("-- signals");
        heard("first", pid);
        tell_info(pid);
        show_number("mask", trace(GET_MASK, pid, 8, (long)&mask));
        show_number("mask of another size", trace(GET_MASK, pid, 4, (long)&mask));
        go(PTRACE_CONT, pid, 0);
        heard("one that does not arrive", pid);
        go(PTRACE_CONT, pid, 0);
        heard("one that is ignored", pid);
        go(PTRACE_CONT, pid, SIGUSR2);
        heard("one that arrives", pid);
        trace(PTRACE_GETSIGINFO, pid, 0, (long)&info);
        info.si_code = SI_QUEUE;
        show_number("set info", trace(PTRACE_SETSIGINFO, pid, 0, (long)&info));
        tell_info(pid);
        mask = 1ull << (SIGHUP - 1);
        show_number("set mask", trace(SET_MASK, pid, 8, (long)&mask));
        kill(pid, SIGHUP);
        go(PTRACE_CONT, pid, SIGUSR1);
        heard("end", pid);
        pid = traced(signals_itself);
        heard("first", pid);
        go(PTRACE_CONT, pid, SIGTERM);
        heard("another one instead", pid);
        pid = traced(waits_for_ever);
        heard("first", pid);
        kill(pid, SIGKILL);
        heard("killed where it had stopped", pid);
}

static void falls(void)
{
        volatile int *volatile nothing = (volatile int *)16;

        signal(SIGSEGV, note);
        *nothing = 1;
}

static void faults(void)
{
        int pid = traced(falls);
        siginfo_t info = {0};

        puts("-- faults");
        heard("first", pid);
        go(PTRACE_CONT, pid, 0);
        heard("a fault", pid);
        trace(PTRACE_GETSIGINFO, pid, 0, (long)&info);
        printf("code %d at %ld\n", info.si_code, (long)info.si_addr);
        go(PTRACE_CONT, pid, 0);
        heard("the same again", pid);
        go(PTRACE_CONT, pid, SIGSEGV);
        heard("behind its handler", pid);
        go(PTRACE_CONT, pid, SIGILL);
        heard("end", pid);
}

/* --- calls --- */

static void calls_some(void)
{
        syscall(SYS_dup3, -5L, 77L, 0L);
        syscall(SYS_getuid);
        _exit(4);
}

static void calls(void)
{
        int pid = traced(calls_some), status;

        puts("-- calls");
        heard("first", pid);
        show_number("options", trace(PTRACE_SETOPTIONS, pid, 0, GOOD));
        tell_call(pid);
        do {
                go(PTRACE_SYSCALL, pid, 0);
                status = heard("call", pid);
                if (WIFSTOPPED(status))
                        tell_call(pid);
        } while (WIFSTOPPED(status));
        pid = traced(calls_some);
        heard("without an option", pid);
        go(PTRACE_SYSCALL, pid, 0);
        heard("call", pid);
        tell_call(pid);
        go(PTRACE_SYSCALL, pid, SIGUSR1);
        heard("its end, with a signal", pid);
        go(PTRACE_CONT, pid, 0);
        heard("the signal", pid);
        go(PTRACE_CONT, pid, SIGUSR1);
        heard("end", pid);
}

static void sleeps(void)
{
        struct timespec t = {1, 500000000}; /* on a busy machine, too, the signal comes before */

        signal(SIGUSR1, note);
        syscall(SYS_nanosleep, &t, NULL);
        _exit(noted ? noted : 2);
}

/* A call that waits and is interrupted: its tracer sees that it is to begin again, unless a handler comes between. */
static void interrupted(int signal)
{
        int pid = traced(sleeps), status;

        heard("first", pid);
        trace(PTRACE_SETOPTIONS, pid, 0, GOOD);
        do {
                struct call_info i = {0};

                go(PTRACE_SYSCALL, pid, 0);
                waitpid(pid, &status, 0);
                if (trace(GET_CALL, pid, sizeof(i), (long)&i) > 0 && i.kind == 1 &&
                    i.entry.number == SYS_nanosleep)
                        break;
        } while (WIFSTOPPED(status));
        go(PTRACE_SYSCALL, pid, 0);
        usleep(50000);
        kill(pid, SIGUSR1);
        heard("interrupted", pid);
        tell_call(pid);
        go(PTRACE_SYSCALL, pid, 0);
        heard("the signal", pid);
        go(PTRACE_CONT, pid, signal);
        heard("end", pid);
}

static void waited(void)
{
        int pid = traced(exits);
        siginfo_t info = {0};

        puts("-- waited");
        show_number("any stop", waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT));
        printf("code %d, status %d\n", info.si_code, info.si_status);
        show_number("once more", waitid(P_PID, (id_t)pid, &info, WEXITED));
        printf("code %d, status %d\n", info.si_code, info.si_status);
        go(PTRACE_CONT, pid, 0);
        show_number("its end", waitid(P_PID, (id_t)pid, &info, WEXITED));
        printf("code %d, status %d\n", info.si_code, info.si_status);
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        begin();
        refused();
        signals();
        faults();
        calls();
        puts("-- interrupted");
        interrupted(0);
        interrupted(SIGUSR1);
        waited();
        return 0;
}
