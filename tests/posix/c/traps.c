/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions that trap become signals: a failed check ends the program, and a handler may continue where it likes.  (That the
 * stack pointer is aligned is checked by processors, but not by the emulator.) */
#define _GNU_SOURCE
#include "ask.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

static void handle(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
        struct sigaction a = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};

        sigaction(signal, &a, NULL);
}

static void on_trap(int signal, siginfo_t *info, void *context)
{
        ucontext_t *u = context;

        /* the emulator of programs has another code for SIGILL than Linux, which says ILL_ILLOPC */
        printf("signal %d code %d at its pc %d\n", signal,
               signal == SIGILL ? info->si_code > 0 : info->si_code,
               (uint64_t)info->si_addr == u->uc_mcontext.pc);
        u->uc_mcontext.pc += 4;
}

static void breakpoint(void)
{
        __asm__ volatile("brk #1");
}

static void undefined(void)
{
        __asm__ volatile(".word 0");
}

static void privileged(void)
{
        __asm__ volatile("msr vbar_el1, x0");
}

/* A failed check of gcc and clang. */
static void checked(void)
{
        __asm__ volatile("brk #1000");
        printf("the check was passed\n");
        fflush(stdout);
}

static void misaligned_pc(void)
{
        __asm__ volatile("adr x9, .+2\n br x9" ::: "x9");
}

static void in_child(const char *what, void (*run)(void))
{
        int status, pid = fork();

        if (pid == 0) {
                run();
                _exit(0);
        }
        waitpid(pid, &status, 0);
        show_end(what, status);
}

int main(void)
{
        setvbuf(stdout, NULL, _IONBF, 0);
        in_child("brk", breakpoint);
        in_child("udf", undefined);
        in_child("msr", privileged);
        in_child("a failed check", checked);
        in_child("pc", misaligned_pc);
        handle(SIGTRAP, on_trap, 0);
        handle(SIGILL, on_trap, 0);
        breakpoint();
        undefined();
        privileged();
        in_child("handled", breakpoint);
        signal(SIGTRAP, SIG_IGN);
        in_child("an ignored one is deadly", breakpoint);
        signal(SIGILL, SIG_DFL);
        return 0;
}
