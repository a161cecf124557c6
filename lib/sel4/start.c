/* SPDX-License-Identifier: BSD-2-Clause */
/* The C part of program start: thread-local storage, IPC buffer, constructors, main. */
#include <sel4/report.h>
#include <sel4/start.h>
#include <sel4/tls.h>

#ifdef __aarch64__

enum {
        TLS_BYTES = 4096,
        AUX_IPC_BUFFER = 67,
};

int main(int argc, char **argv);
_Noreturn void start_program(const seL4_BootInfo *bi, seL4_Word *stack);

typedef void constructor(void);
extern constructor *__init_array_start[] __attribute__((weak, visibility("hidden")));
extern constructor *__init_array_end[] __attribute__((weak, visibility("hidden")));

static const seL4_BootInfo *bootinfo;
static const seL4_Word *auxiliary;
static char first_tls[TLS_BYTES] __attribute__((aligned(64)));
static void (*exit_handler)(int code);

const seL4_BootInfo *start_bootinfo(void)
{
        return bootinfo;
}

seL4_Word start_auxv(seL4_Word type, seL4_Word otherwise)
{
        for (const seL4_Word *pair = auxiliary; pair && pair[0]; pair += 2) {
                if (pair[0] == type) {
                        return pair[1];
                }
        }
        return otherwise;
}

void start_on_exit(void (*handler)(int code))
{
        exit_handler = handler;
}

_Noreturn void start_exit(int code)
{
        if (exit_handler) {
                exit_handler(code);
        }
        report("program ended with code %d", code);
        for (;;) {
                if (bootinfo) {
                        (void)seL4_TCB_Suspend(seL4_CapInitThreadTCB);
                } else {
                        __builtin_trap();
                }
        }
}

/* argc, argv with its NULL, environment with its NULL, auxiliary vector. */
static void find_auxiliary(const seL4_Word *stack)
{
        const seL4_Word *p = stack + 1 + stack[0] + 1;

        while (*p) {
                p++;
        }
        auxiliary = p + 1;
}

static void construct(void)
{
        for (constructor **c = __init_array_start; c < __init_array_end; c++) {
                (*c)();
        }
}

_Noreturn void start_program(const seL4_BootInfo *bi, seL4_Word *stack)
{
        static char name[] = "rootserver";
        static char *root_arguments[] = {name, NULL};
        seL4_IPCBuffer *buffer;

        bootinfo = bi;
        if (!bi) {
                find_auxiliary(stack);
        }
        buffer = bi ? bi->ipcBuffer : (seL4_IPCBuffer *)start_auxv(AUX_IPC_BUFFER, 0);
        if (tls_size() > sizeof(first_tls)) {
                __builtin_trap();
        }
        tls_enter(tls_write(first_tls, buffer));
        construct();
        start_exit(bi ? main(1, root_arguments) : main((int)stack[0], (char **)(stack + 1)));
}

#ifdef CONFIG_PRINTING
static void put(char c)
{
        seL4_DebugPutChar(c);
}

void start_report_to_kernel(void)
{
        report_to(put);
}
#endif

#endif
