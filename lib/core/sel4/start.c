/* SPDX-License-Identifier: BSD-2-Clause */
/* The C part of program start: thread-local storage, IPC buffer, constructors, main. */
#include <sel4/report.h>
#include <sel4/start.h>
#include <sel4/tls.h>
#include <sel4/tls_size.h>

#ifdef __aarch64__

enum {
        AUX_IPC_BUFFER = 67,
};

int main(int argc, char **argv);
_Noreturn void start_program(const seL4_BootInfo *bi, seL4_Word *stack, void *block);
char *start_block(const seL4_BootInfo *bi, char *stack);

typedef void constructor(void);
extern constructor *__init_array_start[] __attribute__((weak, visibility("hidden")));
extern constructor *__init_array_end[] __attribute__((weak, visibility("hidden")));

static const seL4_BootInfo *bootinfo;
static const seL4_Word *auxiliary;
static struct start_arguments arguments;
static void (*exit_handler)(int code);

const seL4_BootInfo *start_bootinfo(void)
{
        return bootinfo;
}

seL4_Word start_auxv(seL4_Word type, seL4_Word otherwise)
{
        for (const seL4_Word *pair = auxiliary; pair && pair[0]; pair += 2) {
                if (pair[0] == type)
                        return pair[1];
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
        if (exit_handler)
                exit_handler(code);
        report("program ended with code %d", code);
        for (;;) {
                if (bootinfo)
                        (void)seL4_TCB_Suspend(seL4_CapInitThreadTCB);
                else
                        __builtin_trap();
        }
}

/* argc, argv with its NULL, environment with its NULL, auxiliary vector. */
static void read_stack(seL4_Word *stack)
{
        seL4_Word *p = stack + 1 + stack[0] + 1;

        arguments = (struct start_arguments){(int)stack[0], (char **)(stack + 1), (char **)p, NULL};
        while (*p)
                p++;
        auxiliary = p + 1;
        arguments.auxiliary = auxiliary;
}

/* A root task is started with an empty stack. */
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
        for (constructor **c = __init_array_start; c < __init_array_end; c++)
                (*c)();
}

/* mkimage refuses such a program; this is for programs started in another way.  No report lines work yet: a debug kernel prints this line,
 * and a release kernel, which has no such system call, stops the thread at the first character. */
static _Noreturn void refuse_block(void)
{
#ifdef CONFIG_PRINTING
        for (const char *c =
                     "the root task's thread-local data does not fit its first stack: see START_STACK\n";
             *c; c++) {
                seL4_DebugPutChar(*c);
        }
#endif
        __builtin_trap();
}

/* The lowest address of the thread-local storage below `stack`; frames go on below it. */
char *start_block(const seL4_BootInfo *bi, char *stack)
{
        size_t bytes = tls_size();

        if (bi && (bytes > start_stack_bytes || start_stack_bytes - bytes < TLS_STACK_LEFT))
                refuse_block();
        return stack - bytes;
}

_Noreturn void start_program(const seL4_BootInfo *bi, seL4_Word *stack, void *block)
{
        seL4_IPCBuffer *buffer;

        bootinfo = bi;
        if (bi)
                root_arguments(bi);
        else
                read_stack(stack);
        buffer = bi ? bi->ipcBuffer : (seL4_IPCBuffer *)start_auxv(AUX_IPC_BUFFER, 0);
        tls_enter(tls_write(block, buffer));
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
