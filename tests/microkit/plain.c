/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task that prints the size of its CNode on the debug kernel, and waits on the other one. */
#include <sel4/sel4.h>

__thread seL4_IPCBuffer *__sel4_ipc_buffer;
void hello(seL4_BootInfo *info);
static volatile unsigned long initialised = 0x5ca1ab1e, zero;

static void say(const char *text)
{
#ifndef TESSERA_RELEASE
        while (*text)
                seL4_DebugPutChar(*text++);
#else
        (void)text;
#endif
}

void hello(seL4_BootInfo *info)
{
        char bits[] = "2^00 slots\n";

        bits[2] = (char)('0' + info->initThreadCNodeSizeBits / 10);
        bits[3] = (char)('0' + info->initThreadCNodeSizeBits % 10);
        say("plain: ");
        say(initialised == 0x5ca1ab1e && zero == 0 ? bits : "damaged\n");
        for (;;)
                ;
}
