#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# QEMU 7.2 (Debian bookworm, qemu-user-static 1:7.2+dfsg-7+deb12u18+b3, AArch64): of a signal's frame, the vector registers are not taken back.
#
# A handler changes x9 and v8 in its ucontext.  At its return x9 has the new value and v8 the old one; on Linux both have the new one
# (the frame that the handler gets is written completely, so that looking at it tells nothing).  Programs that emulate instructions in a
# handler (SIGILL, SIGFPE) give wrong numbers here without a sign.
# Seen: "x9 9, v8 0".
# Exit status: 0 as seen, 1 it behaves otherwise now, 2 it could not be tried.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && apt-get -qq download qemu-user-static=1:7.2+dfsg-7+deb12u18+b3 && dpkg -x *.deb .) || exit 2
QEMU=$folder/usr/bin/qemu-aarch64-static
command -v aarch64-linux-gnu-gcc >/dev/null || { echo "gcc-aarch64-linux-gnu is missing"; exit 2; }
cat >"$folder/program.c" <<'END'
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

static void change(int signal, siginfo_t *info, void *context)
{
        mcontext_t *m = &((ucontext_t *)context)->uc_mcontext;
        struct fpsimd_context *f = (void *)m->__reserved;

        if (f->head.magic == FPSIMD_MAGIC)
                f->vregs[8] = 9;
        m->regs[9] = 9;
}

int main(void)
{
        struct sigaction action = {.sa_sigaction = change, .sa_flags = SA_SIGINFO};
        long own = getpid(), done = sigaction(SIGUSR1, &action, NULL);
        register long number __asm__("x8") = SYS_kill, x0 __asm__("x0") = own, x1 __asm__("x1") = SIGUSR1;
        unsigned long v8, x9;

        __asm__ volatile("movi v8.2d, #0\n mov x9, #0\n svc #0\n fmov %1, d8\n mov %2, x9"
                         : "+r"(x0), "=r"(v8), "=r"(x9)
                         : "r"(number), "r"(x1)
                         : "memory", "v8", "x9");
        printf("x9 %lu, v8 %lu\n", x9, v8);
        return (int)done;
}
END
aarch64-linux-gnu-gcc -static "$folder/program.c" -o "$folder/program" || exit 2
out=$("$QEMU" "$folder/program")
"$QEMU" --version | head -n 1
echo "$out"
[ "$out" = "x9 9, v8 0" ]
