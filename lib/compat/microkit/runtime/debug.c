/* SPDX-License-Identifier: BSD-2-Clause */
/* Debug output and the end of a domain that found a mistake. */
#include <microkit.h>

void microkit_dbg_putc(int c)
{
#ifdef CONFIG_PRINTING
        seL4_DebugPutChar((char)c);
#else
        (void)c;
#endif
}

void microkit_dbg_puts(const char *s)
{
        while (*s != '\0')
                microkit_dbg_putc(*s++);
}

void microkit_dbg_put32(seL4_Uint32 x)
{
        char digits[11];
        char *at = digits + sizeof(digits) - 1;

        *at = '\0';
        do {
                *--at = (char)('0' + x % 10);
                x /= 10;
        } while (x != 0);
        microkit_dbg_puts(at);
}

void microkit_dbg_put8(seL4_Uint8 x)
{
        microkit_dbg_put32(x);
}

void microkit_internal_crash(seL4_Error error)
{
        *(volatile int *)(seL4_Word)error = 0;
        for (;;)
                ;
}

void __assert_fail(const char *text, const char *file, int line, const char *function);

__attribute__((weak)) void __assert_fail(const char *text, const char *file, int line, const char *function)
{
        microkit_dbg_puts(microkit_name);
        microkit_dbg_puts(": assertion failed: ");
        microkit_dbg_puts(text);
        microkit_dbg_puts(", ");
        microkit_dbg_puts(file);
        microkit_dbg_puts(":");
        microkit_dbg_put32((seL4_Uint32)line);
        microkit_dbg_puts(" ");
        microkit_dbg_puts(function);
        microkit_dbg_puts("\n");
        microkit_internal_crash(seL4_NoError);
}
