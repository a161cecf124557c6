/* SPDX-License-Identifier: BSD-2-Clause */
/* Program start on AArch64: from the first instruction to main.
 *
 * crt0 (start.S, start.c) gives a root task everything C code expects: a stack, thread-local storage with its
 * initial values, the IPC buffer behind __sel4_ipc_buffer, and constructors.  A program provides
 *
 *         int main(int argc, char **argv);         and asks start_bootinfo() for its capabilities
 *         START_STACK(256 * 1024);                 in one source file, if the first stack is to have another size
 *
 * The first stack holds the first thread's thread-local storage too, at its top.  mkimage refuses a root task in which that
 * would leave less than 16 KiB.
 *
 * A process started by a server enters at the same `_start` with a System V stack (argc, argv, envp, auxiliary
 * vector) in sp; start_bootinfo() is then NULL.  The C library is used for pure functions only; none of its
 * own start-up code runs.
 */
#pragma once

#include <sel4/sel4.h>
#include <stddef.h>

enum {
        START_STACK_BYTES = 64 * 1024, /* the root task's first stack, unless it says START_STACK */
};

extern char start_stack[];
extern const size_t start_stack_bytes;

/* `bytes`: a multiple of 16. */
#define START_STACK(bytes)                                                                                   \
        _Static_assert((bytes) % 16 == 0, "a stack is a multiple of 16 bytes");                              \
        __attribute__((aligned(16))) char start_stack[bytes];                                                \
        const size_t start_stack_bytes = (bytes)

/* The boot information of a root task; NULL in a process. */
const seL4_BootInfo *start_bootinfo(void);

/* The word behind `type` in the auxiliary vector, or `otherwise`. */
seL4_Word start_auxv(seL4_Word type, seL4_Word otherwise);

/* What the program was started with.  `auxiliary` are pairs of type and value, type 0 last. */
struct start_arguments {
        int argc;
        char **argv, **envp; /* NULL-terminated */
        const seL4_Word *auxiliary;
};

struct start_arguments start_arguments(void);

/* What happens when main returns or an assertion fails: `handler(code)` is called, and if it returns the thread stops for good.  The
 * default reports the code. */
void start_on_exit(void (*handler)(int code));
_Noreturn void start_exit(int code);

/* For programs linked with musl: give its functions that look at the locale (strerror, printf's %m, mbstowcs) the C
 * locale, in the calling thread and in those it creates afterwards.  The others work without. */
void start_use_libc(void);

/* Write report lines to the kernel's debug console.  Only for debug kernels: a release kernel answers the
 * system call with a fault. */
void start_report_to_kernel(void);
