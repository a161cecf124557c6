/* SPDX-License-Identifier: BSD-2-Clause */
/* Calling on another stack, and the end after a fatal log line. */
#include <sel4/start.h>
#include <utils/util.h>

#ifdef __aarch64__

/* x0 the new stack, x1 the function, x2 its argument; x19 keeps the old stack over the call. */
__asm__(".text\n"
        ".globl utils_run_on_stack\n"
        ".type utils_run_on_stack, %function\n"
        "utils_run_on_stack:\n"
        "        stp x29, x30, [sp, #-32]!\n"
        "        str x19, [sp, #16]\n"
        "        mov x29, sp\n"
        "        mov x19, sp\n"
        "        mov sp, x0\n"
        "        mov x0, x2\n"
        "        blr x1\n"
        "        mov sp, x19\n"
        "        ldr x19, [sp, #16]\n"
        "        ldp x29, x30, [sp], #32\n"
        "        ret\n"
        ".size utils_run_on_stack, . - utils_run_on_stack\n");

enum { EXIT_ABORTED = 134 };

_Noreturn void zf_log_abort(void)
{
        start_exit(EXIT_ABORTED);
}

#endif
