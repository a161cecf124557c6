/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task that prints all of its bootinfo, and the headers of the chunks behind it, but not what these hold. */
#include <sel4/sel4.h>

static unsigned char stack[4096] __attribute__((used));

__asm__(".globl _start\n_start: adrp x1, stack + 4096\nadd sp, x1, :lo12:stack + 4096\nb run\n");

static void print(seL4_Word value)
{
        for (int bit = 60; bit >= 0; bit -= 4)
                seL4_DebugPutChar("0123456789abcdef"[value >> bit & 15]);
        seL4_DebugPutChar('\n');
}

__attribute__((used)) static void run(const seL4_BootInfo *info)
{
        const seL4_Word *word = (const seL4_Word *)info;
        const char *chunk = (const char *)info + seL4_BootInfoFrameSize, *end = chunk + info->extraLen;

        for (seL4_Word i = 0; i < seL4_BootInfoFrameSize / sizeof(seL4_Word); i++)
                print(word[i]);
        while (chunk < end) {
                const seL4_BootInfoHeader *head = (const seL4_BootInfoHeader *)chunk;

                print(head->id);
                print(head->len);
                chunk += head->len;
        }
        for (const char *end_line = "end\n"; *end_line; end_line++)
                seL4_DebugPutChar(*end_line);
        for (;;)
                seL4_Yield();
}
