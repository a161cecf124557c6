/* SPDX-License-Identifier: BSD-2-Clause */
/* Every register of a program, over everything that copies a context: fork, vfork, exec, a handler and its frame, another
 * stack for handlers.  contexts SELF: how this program is started; with a word "new" it is the one
 * that was started. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

extern char **environ;

struct registers {
        uint64_t x[31], flags, fpcr, fpsr, v[64];
};

/* Loads all of them except sp and the thread pointer, makes a system call, and stores what they are after it. */
void with_registers(const struct registers *in, struct registers *out);

/* clang-format off */
#define EACH_V ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n"
/* clang-format on */

__asm__(".text\n"
        ".balign 16\n"
        "with_registers:\n"
        "stp x29, x30, [sp, #-192]!\n"
        "stp x19, x20, [sp, #16]\n"
        "stp x21, x22, [sp, #32]\n"
        "stp x23, x24, [sp, #48]\n"
        "stp x25, x26, [sp, #64]\n"
        "stp x27, x28, [sp, #80]\n"
        "stp d8, d9, [sp, #96]\n"
        "stp d10, d11, [sp, #112]\n"
        "stp d12, d13, [sp, #128]\n"
        "stp d14, d15, [sp, #144]\n"
        "str x1, [sp, #160]\n"
        "mov x30, x0\n"
        "ldr x9, [x30, #248]\n"
        "msr nzcv, x9\n"
        "ldp x9, x10, [x30, #256]\n"
        "msr fpcr, x9\n"
        "msr fpsr, x10\n"
        "add x9, x30, #272\n" EACH_V "ldr q\\n, [x9, #16 * \\n]\n.endr\n"
        "ldp x0, x1, [x30]\n"
        ".irp n, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28\n"
        "ldr x\\n, [x30, #8 * \\n]\n"
        ".endr\n"
        ".irp n, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29\n"
        "ldr x\\n, [x30, #8 * \\n]\n"
        ".endr\n"
        "ldr x30, [x30, #240]\n"
        "svc #0\n"
        "stp x0, x1, [sp, #168]\n"
        "ldr x0, [sp, #160]\n"
        ".irp n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, "
        "27, 28, 29, 30\n"
        "str x\\n, [x0, #8 * \\n]\n"
        ".endr\n"
        "ldp x1, x2, [sp, #168]\n"
        "stp x1, x2, [x0]\n"
        "mrs x1, nzcv\n"
        "str x1, [x0, #248]\n"
        "mrs x1, fpcr\n"
        "mrs x2, fpsr\n"
        "stp x1, x2, [x0, #256]\n"
        "add x1, x0, #272\n" EACH_V "str q\\n, [x1, #16 * \\n]\n.endr\n"
        "msr fpcr, xzr\n"
        "ldp x19, x20, [sp, #16]\n"
        "ldp x21, x22, [sp, #32]\n"
        "ldp x23, x24, [sp, #48]\n"
        "ldp x25, x26, [sp, #64]\n"
        "ldp x27, x28, [sp, #80]\n"
        "ldp d8, d9, [sp, #96]\n"
        "ldp d10, d11, [sp, #112]\n"
        "ldp d12, d13, [sp, #128]\n"
        "ldp d14, d15, [sp, #144]\n"
        "ldp x29, x30, [sp], #192\n"
        "ret\n");

enum { ROUND_UP = 0x400000, INEXACT = 0x10, CARRY = 0x20000000 };

static struct registers in, out;
static volatile int handled;
static sigjmp_buf back;

/* Distinct values; then the call. */
static void prepare(uint64_t number, uint64_t a, uint64_t b)
{
        for (int i = 0; i < 31; i++)
                in.x[i] = 0x1000 + (uint64_t)i;
        for (int i = 0; i < 64; i++)
                in.v[i] = 0x4000000000000000 + (uint64_t)i;
        in.flags = CARRY;
        in.fpcr = ROUND_UP;
        in.fpsr = INEXACT;
        in.x[8] = number;
        in.x[0] = a;
        in.x[1] = b;
        in.x[2] = in.x[3] = in.x[4] = 0;
}

/* How many of the registers are not what `wanted` says; x0 is the result of the call. */
static int differences(const struct registers *wanted)
{
        int wrong = 0;

        for (int i = 1; i < 31; i++)
                wrong += out.x[i] != wanted->x[i];
        for (int i = 0; i < 64; i++)
                wrong += out.v[i] != wanted->v[i];
        return wrong + (out.flags != wanted->flags) + (out.fpcr != wanted->fpcr) + (out.fpsr != wanted->fpsr);
}

static uint64_t thread_pointer(void)
{
        uint64_t value;

        __asm__("mrs %0, tpidr_el0" : "=r"(value));
        return value;
}

/* The child of fork has them all, and so has its parent. */
static void over_fork(void)
{
        uint64_t tp = thread_pointer();
        sigset_t mask, seen;
        int status;

        sigemptyset(&mask);
        sigaddset(&mask, SIGUSR2);
        sigprocmask(SIG_BLOCK, &mask, NULL);
        prepare(SYS_clone, SIGCHLD, 0);
        with_registers(&in, &out);
        if (out.x[0] == 0) {
                sigprocmask(SIG_BLOCK, NULL, &seen);
                _exit(differences(&in) + (thread_pointer() != tp) + !sigismember(&seen, SIGUSR2));
        }
        wait(&status);
        sigprocmask(SIG_UNBLOCK, &mask, NULL);
        printf("parent: %d registers differ\n", differences(&in));
        show_end("child", status);
}

/* The same with variables of C, which are in registers that calls preserve. */
static void over_fork_in_c(void)
{
        volatile double two = 2;
        double a = two * 1.5, b = two * 2.5, c = two * 3.5;
        int pid = fork();

        if (pid)
                wait(NULL);
        printf("%s: %g %g %g\n", pid ? "parent" : "child", a, b, c);
        if (!pid)
                _exit(0);
}

/* The new program begins with clean ones, the mask stays. */
static void over_exec(const char *self)
{
        sigset_t mask;
        int status, pid;

        sigemptyset(&mask);
        sigaddset(&mask, SIGUSR2);
        pid = fork();
        if (pid == 0) {
                sigprocmask(SIG_BLOCK, &mask, NULL);
                __asm__ volatile("msr fpcr, %0" ::"r"((uint64_t)ROUND_UP));
                execl(self, "contexts", "new", (char *)NULL);
                _exit(99);
        }
        waitpid(pid, &status, 0);
        show_end("after exec", status);
}

static int in_new_program(void)
{
        uint64_t fpcr, fpsr;
        sigset_t seen;

        __asm__("mrs %0, fpcr\n mrs %1, fpsr" : "=r"(fpcr), "=r"(fpsr));
        sigprocmask(SIG_BLOCK, NULL, &seen);
        return (fpcr != 0) + !sigismember(&seen, SIGUSR2) * 2;
}

static struct fpsimd_context *fp_of(ucontext_t *u)
{
        struct _aarch64_ctx *c = (struct _aarch64_ctx *)u->uc_mcontext.__reserved;

        while (c->magic && c->magic != FPSIMD_MAGIC)
                c = (struct _aarch64_ctx *)((char *)c + c->size);
        return c->magic ? (struct fpsimd_context *)c : NULL;
}

/* Reads what was interrupted, and changes each register in the frame; its own use of them does not matter. */
static void on_change(int signal, siginfo_t *info, void *context)
{
        ucontext_t *u = context;
        struct fpsimd_context *fp = fp_of(u);
        uint64_t v[64];
        int wrong = 0;

        handled++;
        printf("handler: signal %d, record of %d bytes\n", signal, fp ? (int)fp->head.size : -1);
        for (int i = 1; i < 31; i++)
                wrong += u->uc_mcontext.regs[i] != in.x[i];
        if (fp) {
                memcpy(v, fp->vregs, sizeof(v));
                for (int i = 0; i < 64; i++)
                        wrong += v[i] != in.v[i];
        }
        printf("registers that are not seen: %d\n", wrong);
        if (!fp)
                return;
        printf("fpcr %x fpsr %x flags %lx\n", fp->fpcr, fp->fpsr, (long)u->uc_mcontext.pstate >> 28);
        for (int i = 1; i < 31; i++)
                u->uc_mcontext.regs[i] += 100;
        for (int i = 0; i < 64; i++)
                v[i] += 100;
        memcpy(fp->vregs, v, sizeof(v));
        fp->fpcr = 0;
        fp->fpsr = 1;
        u->uc_mcontext.pstate ^= 0xf0000000;
        __asm__ volatile("movi v0.16b, #7\n movi v9.16b, #7\n movi v31.16b, #7\n msr fpcr, xzr" ::
                                 : "v0", "v9", "v31");
        (void)info;
}

static void handle(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
        struct sigaction a = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};

        sigaction(signal, &a, NULL);
}

/* On the system under test, not in the emulator of programs? */
static int here(void)
{
        struct utsname u;

        uname(&u);
        return !strcmp(u.nodename, "tessera");
}

static void over_handler(void)
{
        struct registers wanted;

        handle(SIGUSR1, on_change, 0);
        prepare(SYS_kill, (uint64_t)getpid(), SIGUSR1);
        with_registers(&in, &out);
        wanted = in;
        for (int i = 1; i < 31; i++)
                wanted.x[i] += 100;
        for (int i = 0; i < 64; i++)
                wanted.v[i] += 100;
        if (!here())
                memcpy(wanted.v, out.v,
                       sizeof(wanted.v)); /* the emulator of programs does not take them from the frame */
        wanted.flags ^= 0xf0000000;
        wanted.fpcr = 0;
        wanted.fpsr = 1;
        printf("handled %d, result %ld, %d registers differ from what the handler wrote\n", handled,
               (long)out.x[0], differences(&wanted));
}

/* --- calls beside signals --- */

static void on_tick(int signal)
{
        (void)signal;
        handled++;
}

/* Signals come at any moment, also between a call and its result. */
static void beside_signals(void)
{
        enum { SIGNALS = 300 };
        struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
        int wrong = 0;

        handled = 0;
        signal(SIGALRM, on_tick);
        setitimer(ITIMER_REAL, &often, NULL);
        while (handled < SIGNALS) {
                prepare(SYS_getppid, 0, 0);
                with_registers(&in, &out);
                wrong += differences(&in) + (out.x[0] != (uint64_t)getppid());
        }
        setitimer(ITIMER_REAL, &never, NULL);
        printf("beside signals: %d registers differ\n", wrong);
}

/* --- a child that uses its parent's memory until it runs another program --- */

static void on_alarm(int signal)
{
        (void)signal;
        handled++;
}

static int child_of(int (*run)(void *), void *argument)
{
        static _Alignas(16) char child_stack[16384];

        return clone(run, child_stack + sizeof(child_stack), CLONE_VM | CLONE_VFORK | SIGCHLD, argument);
}

static int in_common_memory(void *written)
{
        for (int i = 0; i < 5; i++)
                usleep(10000);
        *(volatile int *)written = 3;
        return 3;
}

static int told_to_end(void *unused)
{
        (void)unused;
        kill(getpid(), SIGKILL);
        return 0;
}

static int tells_parent(void *unused)
{
        (void)unused;
        kill(getppid(), SIGTERM);
        usleep(1000);
        return 0;
}

/* The emulator of programs makes a copy instead. */
static void common_memory(void)
{
        struct itimerval soon = {{0, 0}, {0, 10000}};
        char *words[] = {"none", NULL};
        volatile int written = 0;
        int status, error;
        pid_t pid;

        error = posix_spawn(&pid, "/none", NULL, NULL, words, environ);
        if (!here() && error == 0) {
                waitpid(pid, &status, 0);
                error = ENOENT;
        }
        printf("a program that does not exist: %d %d\n", error, wait(&status));
        handled = 0;
        signal(SIGALRM, on_alarm);
        setitimer(ITIMER_REAL, &soon, NULL);
        pid = child_of(in_common_memory, (void *)&written);
        if (!here())
                written = in_common_memory((void *)&written);
        printf("the parent has waited: %d, with a signal: %d\n", written, handled);
        wait(&status);
        show_end("its child", status);
        child_of(told_to_end, NULL);
        wait(&status);
        show_end("killed", status);
        signal(SIGALRM, SIG_DFL);
        pid = fork();
        if (pid == 0) {
                if (here())
                        child_of(tells_parent, NULL);
                kill(getpid(), SIGTERM);
        }
        waitpid(pid, &status, 0);
        show_end("a parent that is told to end", status);
}

/* --- another stack for handlers --- */

enum { STACK = 65536 };
static char *stack;

static const char *state(void)
{
        stack_t now;

        sigaltstack(NULL, &now);
        return now.ss_flags & SS_ONSTACK ? "on it" : now.ss_flags & SS_DISABLE ? "none" : "off it";
}

static void on_stack(int signal, siginfo_t *info, void *context)
{
        ucontext_t *u = context;
        stack_t other = {.ss_sp = stack, .ss_size = STACK};
        char here;

        printf("handler: %s, inside %d, frame says %d %d\n", state(), &here > stack && &here < stack + STACK,
               u->uc_stack.ss_sp == stack, u->uc_stack.ss_flags);
        printf("to change it now: %d %s\n", sigaltstack(&other, NULL), strerror(errno));
        if (handled++ == 0)
                raise(signal); /* nested: below the existing frame */
        (void)info;
}

static void on_deep(int signal, siginfo_t *info, void *context)
{
        (void)signal, (void)info, (void)context;
        siglongjmp(back, 1);
}

static int __attribute__((noinline)) deep(volatile char *above)
{
        volatile char page[4096];

        page[0] = above[0];
        return page[0] == 77 ? 0 : deep(page) + page[1];
}

static void other_stack(void)
{
        stack_t s = {.ss_size = STACK}, old;
        char zero = 0;
        int status;

        stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        s.ss_sp = stack;
        printf("before: %s\n", state());
        s.ss_size = 100;
        printf("too small: %d %s\n", sigaltstack(&s, NULL), strerror(errno));
        s.ss_size = STACK;
        s.ss_flags = 64;
        printf("bad flags: %d %s\n", sigaltstack(&s, NULL), strerror(errno));
        s.ss_flags = 0;
        printf("set: %d, %s\n", sigaltstack(&s, &old), state());
        printf("the old one: %d\n", old.ss_flags);
        handled = 0;
        handle(SIGUSR1, on_stack, SA_ONSTACK | SA_NODEFER);
        raise(SIGUSR1);
        printf("after %d: %s\n", handled, state());
        handle(SIGUSR1, on_stack, SA_NODEFER);
        handled = 1;
        raise(SIGUSR1);
        handle(SIGSEGV, on_deep, SA_ONSTACK);
        if (sigsetjmp(back, 1) == 0)
                deep(&zero);
        printf("an overflow was handled: %s\n", state());
        if (fork() == 0)
                _exit(strcmp(state(), "off it") != 0);
        wait(&status);
        show_end("a child has it", status);
        s.ss_flags = SS_DISABLE;
        printf("none: %d, %s\n", sigaltstack(&s, NULL), state());
        signal(SIGSEGV, SIG_DFL);
}

int main(int words, char **word)
{
        setvbuf(stdout, NULL, _IONBF, 0);
        if (words > 1 && !strcmp(word[1], "new"))
                return in_new_program();
        over_fork();
        over_fork_in_c();
        over_exec(word[1]);
        over_handler();
        beside_signals();
        common_memory();
        other_stack();
        return 0;
}
