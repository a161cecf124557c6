/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task that uses the API alone, with options and an archive of its build system. */
#include <autoconf.h>
#include <sel4/sel4.h>

__thread seL4_IPCBuffer *__sel4_ipc_buffer;
static __thread int threads_own = 7;

extern char _hello_archive[], _hello_archive_end[];
void root(seL4_BootInfo *info);
void __assert_fail(const char *what, const char *file, int line, const char *function);

static void say(const char *text)
{
#ifdef CONFIG_PRINTING
        while (*text)
                seL4_DebugPutChar(*text++);
#else
        (void)text;
#endif
}

void __assert_fail(const char *what, const char *file, int line, const char *function)
{
        (void)file, (void)line, (void)function;
        say(what);
        for (;;)
                ;
}

void root(seL4_BootInfo *info)
{
        seL4_SetIPCBuffer(info->ipcBuffer);
        say("rootserver: hello " CONFIG_HELLO_NAME);
#ifdef CONFIG_HELLO_POLITE
        say(", please");
#endif
#if defined(CONFIG_HELLO_TONE_CALM) && !defined(CONFIG_HELLO_TONE_LOUD)
        say(", " CONFIG_HELLO_TONE);
#endif
        say(threads_own == 7 && _hello_archive[0] == '0' && _hello_archive_end - _hello_archive > 110
                    ? ", archive\n"
                    : ", nothing\n");
        seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}
