/* SPDX-License-Identifier: BSD-2-Clause */
/* ptrace: registers of a tracee on AArch64, its system call, and single steps. */
#define _GNU_SOURCE
#include "tracing.h"

#include <sys/uio.h>

enum { GENERAL = 1, FLOATING = 2, TLS = 0x401, CALL = 0x404, STEPS = 5 };

struct general {
        uint64_t x[31], sp, pc, state;
};

struct floating {
        uint64_t v[64];
        uint32_t fpsr, fpcr, pad[2];
};

static long set(int request, int pid, int kind, void *data, size_t size)
{
        struct iovec v = {data, size};
        long result = trace(request, pid, kind, (long)&v);

        return result < 0 ? -errno : (long)v.iov_len;
}

static struct general get(int pid)
{
        struct general g = {0};

        set(PTRACE_GETREGSET, pid, GENERAL, &g, sizeof(g));
        return g;
}

/* x3 is known at the first stop; x4, d5 and the thread pointer come back as its tracer has left them. */
static void stops_twice(void)
{
        long x4, result;
        double d5;

        __asm__ volatile("mov x3, #77\n fmov d5, #2.5\n mov x4, #1\n brk #0\n"
                         "mov %0, x4\n fmov %d1, d5"
                         : "=r"(x4), "=w"(d5)
                         :
                         : "x3", "x4", "v5");
        result = x4 == 4444 && d5 == 8.0;
        _exit(result ? 21 : 1);
}

static void registers(void)
{
        int pid = traced(stops_twice);
        struct floating f = {0};
        struct general g = {0};
        uint64_t tls = 0;
        siginfo_t info = {0};
        double eight = 8.0;

        puts("-- registers");
        heard("first", pid);
        go(PTRACE_CONT, pid, 0);
        heard("brk", pid);
        trace(PTRACE_GETSIGINFO, pid, 0, (long)&info);
        show_number("all", set(PTRACE_GETREGSET, pid, GENERAL, &g, sizeof(g)));
        printf("signal %d, code %d, at pc: %d, x3 %lu, x4 %lu\n", info.si_signo, info.si_code,
               (uint64_t)info.si_addr == g.pc, (unsigned long)g.x[3], (unsigned long)g.x[4]);
        show_number("the first ones", set(PTRACE_GETREGSET, pid, GENERAL, &g, 80));
        show_number("more than there are", set(PTRACE_GETREGSET, pid, GENERAL, &g, 400) == 272);
        show_number("no whole number of words", set(PTRACE_GETREGSET, pid, GENERAL, &g, 81));
        show_number("no such set", set(PTRACE_GETREGSET, pid, 0x999, &g, 80));
        show_number("floating point", set(PTRACE_GETREGSET, pid, FLOATING, &f, sizeof(f)));
        printf("d5 is 2.5: %d\n", f.v[10] == 0x4004000000000000);
        memcpy(&f.v[10], &eight, sizeof(eight));
        show_number("set", set(PTRACE_SETREGSET, pid, FLOATING, &f, sizeof(f)));
        show_number("thread pointer", set(PTRACE_GETREGSET, pid, TLS, &tls, sizeof(tls)));
        printf("it has one: %d\n", tls != 0);
        g.x[4] = 4444;
        g.pc += 4;
        show_number("set", set(PTRACE_SETREGSET, pid, GENERAL, &g, sizeof(g)));
        go(PTRACE_CONT, pid, 0);
        heard("end", pid);
}

/* --- calls --- */

static void asks_three_times(void)
{
        long a = syscall(SYS_dup3, -1L, 5L, 0L), b = syscall(SYS_dup3, -1L, 6L, 0L), c = 0;

        c = syscall(SYS_dup3, 700L, 7L, 0L);
        _exit(a == 4242 && b == 0 && c == 7 ? 22 : 2);
}

/* To its next stop before a call, or its end. */
static int to_call(int pid)
{
        struct call_info i = {0};
        int status;

        do {
                go(PTRACE_SYSCALL, pid, 0);
                waitpid(pid, &status, 0);
                if (!WIFSTOPPED(status))
                        return 0;
                trace(GET_CALL, pid, sizeof(i), (long)&i);
        } while (i.kind != 1 || i.entry.number != SYS_dup3);
        return 1;
}

static void changed(void)
{
        int pid = traced(asks_three_times), call = 0;
        struct general g;

        puts("-- changed calls");
        heard("first", pid);
        trace(PTRACE_SETOPTIONS, pid, 0, GOOD);
        to_call(pid);
        g = get(pid);
        show_number("call", set(PTRACE_GETREGSET, pid, CALL, &call, sizeof(call)));
        printf("call %d, x8 %d, x1 %d, x7 %d\n", call, (int)g.x[8], (int)g.x[1], (int)g.x[7]);
        call = -1; /* none */
        show_number("set", set(PTRACE_SETREGSET, pid, CALL, &call, sizeof(call)));
        g.x[0] = 4242;
        set(PTRACE_SETREGSET, pid, GENERAL, &g, sizeof(g));
        go(PTRACE_SYSCALL, pid, 0);
        heard("behind none", pid);
        printf("x0 %d, x7 %d\n", (int)get(pid).x[0], (int)get(pid).x[7]);
        to_call(pid);
        call = SYS_umask; /* of 0, which sets what the second one then returns */
        g = get(pid);
        g.x[0] = 0;
        set(PTRACE_SETREGSET, pid, CALL, &call, sizeof(call));
        set(PTRACE_SETREGSET, pid, GENERAL, &g, sizeof(g));
        go(PTRACE_SYSCALL, pid, 0);
        heard("another call", pid);
        g = get(pid);
        g.x[0] = 0;
        set(PTRACE_SETREGSET, pid, GENERAL, &g, sizeof(g));
        to_call(pid);
        g = get(pid);
        g.x[0] = 1; /* an argument that is good */
        set(PTRACE_SETREGSET, pid, GENERAL, &g, sizeof(g));
        go(PTRACE_CONT, pid, 0);
        heard("end", pid);
}

/* --- steps --- */

static void few_instructions(void)
{
        __asm__ volatile("brk #0\n nop\n nop\n mov x8, %0\n mov x0, #0\n svc #0\n nop\n nop" ::"i"(SYS_getuid)
                         : "x0", "x8", "memory");
        _exit(23);
}

static void steps(void)
{
        int pid = traced(few_instructions);
        struct general g;
        uint64_t from;
        siginfo_t info = {0};

        puts("-- steps");
        heard("first", pid);
        go(PTRACE_CONT, pid, 0);
        heard("brk", pid);
        g = get(pid);
        g.pc += 4;
        set(PTRACE_SETREGSET, pid, GENERAL, &g, sizeof(g));
        from = g.pc;
        for (int i = 0; i < STEPS; i++) {
                go(PTRACE_SINGLESTEP, pid, 0);
                heard("step", pid);
                trace(PTRACE_GETSIGINFO, pid, 0, (long)&info);
                printf("instructions %ld, signal %d\n", (long)(get(pid).pc - from) / 4, info.si_signo);
        }
        go(PTRACE_CONT, pid, 0);
        heard("end", pid);
}

/* A call that waits, from which its tracer lets the program do something else, and then go back. */
static volatile int was_called;

static void is_called(void)
{
        was_called = 1;
        __asm__ volatile("brk #0");
}

static int pipes[2];

static void waits_in_read(void)
{
        char byte;

        _exit(read(pipes[0], &byte, 1) == 1 && byte == 'x' && was_called ? 24 : 3);
}

static long text_at(int pid, uint64_t pc)
{
        long word = 0;

        trace(PTRACE_PEEKTEXT, pid, (long)pc, (long)&word);
        return word;
}

static void called(void)
{
        struct general g, other;
        int pid, call = SYS_getuid;

        puts("-- called in a call");
        if (pipe(pipes))
                return;
        pid = traced(waits_in_read);
        heard("first", pid);
        go(PTRACE_CONT, pid, 0);
        until_it_waits(pid);
        kill(pid, SIGUSR1);
        heard("a signal", pid);
        show_number("no call to change", set(PTRACE_SETREGSET, pid, CALL, &call, sizeof(call)));
        go(PTRACE_CONT, pid, 0);
        until_it_waits(pid);
        kill(pid, SIGUSR1);
        heard("a signal", pid);
        other = g = get(pid);
        printf("before the call: x8 %d, pc at svc: %d\n", (int)g.x[8],
               (uint32_t)text_at(pid, g.pc) == 0xd4000001u);
        other.pc = (uint64_t)(uintptr_t)&is_called;
        other.sp = (other.sp - 256) & ~15ul;
        set(PTRACE_SETREGSET, pid, GENERAL, &other, sizeof(other));
        go(PTRACE_CONT, pid, 0);
        heard("what it was let do", pid);
        set(PTRACE_SETREGSET, pid, GENERAL, &g, sizeof(g));
        go(PTRACE_CONT, pid, 0);
        until_it_waits(pid);
        show_number("write", write(pipes[1], "x", 1));
        heard("end", pid);
}

/* A call that has done a part of its work, or the next one, becomes another, which begins from nothing. */
static void writes_more_than_fits(void)
{
        static char bytes[200000];

        for (;;)
                if (write(pipes[1], bytes, sizeof(bytes)) < 0)
                        _exit(4);
}

static void half_done(void)
{
        enum { NOWHERE = 0x10000, BYTES = 0x1000, MAY_MOVE = 1 };
        int pid, call = SYS_mremap;
        struct general g;

        puts("-- half done");
        if (pipe(pipes))
                return;
        pid = traced(writes_more_than_fits);
        heard("first", pid);
        trace(PTRACE_SETOPTIONS, pid, 0, GOOD);
        go(PTRACE_CONT, pid, 0);
        until_it_waits(pid);
        kill(pid, SIGUSR1);
        heard("a signal", pid);
        go(PTRACE_SYSCALL, pid, 0);
        heard("a call", pid);
        g = get(pid);
        g.x[0] = NOWHERE;
        g.x[1] = BYTES;
        g.x[2] = 2 * BYTES;
        g.x[3] = MAY_MOVE;
        show_number("set", set(PTRACE_SETREGSET, pid, CALL, &call, sizeof(call)));
        show_number("set", set(PTRACE_SETREGSET, pid, GENERAL, &g, sizeof(g)));
        go(PTRACE_SYSCALL, pid, 0);
        heard("its end", pid);
        printf("x0 %d\n", (int)get(pid).x[0]);
        kill(pid, SIGKILL);
        heard("end", pid);
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        registers();
        changed();
        steps();
        called();
        half_done();
        return 0;
}
