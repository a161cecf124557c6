/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs that run the headers' code on the host: a function takes the place of the kernel, records the registers and
 * the IPC buffer of each call, and answers as told.  main() ends with check_end(). */
#pragma once

#include <sel4/legacy.h>
#include <sel4/sel4.h>
#include <sel4/sel4_arch/mapping.h>

#include <stdio.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

LIBSEL4_THREAD_LOCAL seL4_IPCBuffer *__sel4_ipc_buffer;
#ifdef CONFIG_KERNEL_INVOCATION_REPORT_ERROR_IPC
char __sel4_print_error;
#endif

static seL4_IPCBuffer buffer;
static unsigned long checks, wrong;

static struct {
        seL4_Word in[9];       /* x0-x8 of the last call */
        seL4_IPCBuffer buffer; /* as it was at that time */
        unsigned calls;
        seL4_Word out[6]; /* what x0-x5 become */
        seL4_Word out_msg[seL4_MsgMaxLength];
        int deliver; /* 0: no register changes */
} kernel;

void tessera_host_trap(seL4_Word *regs); /* on AArch64 the headers do not declare it */
void tessera_host_trap(seL4_Word *regs)
{
        memcpy(kernel.in, regs, sizeof kernel.in);
        kernel.buffer = buffer;
        kernel.calls++;
        if (!kernel.deliver)
                return;
        memcpy(regs, kernel.out, sizeof kernel.out);
        memcpy(buffer.msg + 4, kernel.out_msg + 4, sizeof kernel.out_msg - 4 * sizeof(seL4_Word));
}

static void check_at(int line, const char *what, seL4_Word found, seL4_Word expected)
{
        checks++;
        if (found == expected)
                return;
        wrong++;
        printf("error: line %d: %s is %#lx, expected %#lx\n", line, what, found, expected);
}

#define CHECK(found, expected) check_at(__LINE__, #found, (seL4_Word)(found), (seL4_Word)(expected))

/* A fresh IPC buffer with a pattern, and a kernel that answers with the words 0xa0.. after label and length. */
__attribute__((unused)) static void fresh(int deliver, seL4_Word label, seL4_Word length)
{
        memset(&kernel, 0, sizeof kernel);
        seL4_SetIPCBuffer(&buffer);
        for (int i = 0; i < seL4_MsgMaxLength; i++) {
                buffer.msg[i] = 0x5000u + (seL4_Word)i;
                kernel.out_msg[i] = 0xa0u + (seL4_Word)i;
        }
        kernel.deliver = deliver;
        kernel.out[0] = 0xbadbe;
        kernel.out[1] = label << 12 | length;
        for (int i = 0; i < 4; i++)
                kernel.out[2 + i] = 0xa0u + (seL4_Word)i;
}

static int check_end(void)
{
        printf("checks %lu\n", checks);
        return wrong != 0;
}
