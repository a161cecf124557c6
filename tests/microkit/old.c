/* SPDX-License-Identifier: BSD-2-Clause */
/* A domain as a library before 2.3 builds it: the IPC buffer has a place in the image. */
#include <sel4/sel4.h>

char microkit_name[16], microkit_passive;
char __sel4_ipc_buffer_obj[4096] __attribute__((aligned(4096), section(".ipc")));
seL4_IPCBuffer *__sel4_ipc_buffer = (seL4_IPCBuffer *)__sel4_ipc_buffer_obj;

static void say(const char *text)
{
        for (int i = 0; i < 16 && text[i] != '\0'; i++)
                seL4_DebugPutChar(text[i]);
}

void __assert_fail(const char *a, const char *b, int c, const char *d);

void __assert_fail(const char *a, const char *b, int c, const char *d)
{
        (void)a, (void)b, (void)c, (void)d;
}

int main(void)
{
        seL4_Word sp;

        __asm__("mov %0, sp" : "=r"(sp));
        seL4_SetMR(5, 5);
        say(microkit_name);
        say(sp > 0x7fffffffe000 && seL4_GetMR(5) == 5 ? ": ok old\n" : ": FAIL old\n");
        for (;;)
                seL4_Yield();
}
