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
static struct start_arguments arguments;
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

struct start_arguments start_arguments(void)
{
        return arguments;
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
static void read_stack(seL4_Word *stack)
{
        seL4_Word *p = stack + 1 + stack[0] + 1;

        arguments = (struct start_arguments){(int)stack[0], (char **)(stack + 1), (char **)p, NULL};
        while (*p) {
                p++;
        }
        auxiliary = p + 1;
        arguments.auxiliary = auxiliary;
}

/* A root task is started without a stack that tells anything. */
static void root_arguments(const seL4_BootInfo *bi)
{
        enum { AUX_BOOT_INFO = 64 };
        static char name[] = "rootserver";
        static char setting[] = "seL4=1";
        static char *argv[] = {name, NULL};
        static char *envp[] = {setting, NULL};
        static seL4_Word pairs[6] = {AUX_BOOT_INFO, 0, AUX_IPC_BUFFER};

        pairs[1] = (seL4_Word)bi;
        pairs[3] = (seL4_Word)bi->ipcBuffer;
        arguments = (struct start_arguments){1, argv, envp, pairs};
}

static void construct(void)
{
        for (constructor **c = __init_array_start; c < __init_array_end; c++) {
                (*c)();
        }
}

_Noreturn void start_program(const seL4_BootInfo *bi, seL4_Word *stack)
{
        seL4_IPCBuffer *buffer;

        bootinfo = bi;
        if (bi) {
                root_arguments(bi);
        } else {
                read_stack(stack);
        }
        buffer = bi ? bi->ipcBuffer : (seL4_IPCBuffer *)start_auxv(AUX_IPC_BUFFER, 0);
        if (tls_size() > sizeof(first_tls)) {
                __builtin_trap();
        }
        tls_enter(tls_write(first_tls, buffer));
        construct();
        start_exit(main(arguments.argc, arguments.argv));
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
