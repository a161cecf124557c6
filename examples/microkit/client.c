/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints a greeting and then whatever is typed, in capitals. */
#include <microkit.h>

enum { DRIVER = 0, SERVER = 1, TAKE = 0, PRINT = 1 };

static void print(const char *text)
{
        seL4_Uint16 count = 0;

        for (; text[count] != '\0'; count++)
                microkit_mr_set((seL4_Uint8)count, (seL4_Word)text[count]);
        microkit_ppcall(SERVER, microkit_msginfo_new(PRINT, count));
}

void init(void)
{
        print("type, and it comes back in capitals\r\n");
}

void notified(microkit_channel ch)
{
        microkit_msginfo answer;
        seL4_Word count;

        if (ch != DRIVER)
                return;
        answer = microkit_ppcall(SERVER, microkit_msginfo_new(TAKE, 0));
        count = microkit_msginfo_get_count(answer);
        for (seL4_Word i = 0; i < count; i++) {
                seL4_Word c = microkit_mr_get((seL4_Uint8)i);

                microkit_mr_set((seL4_Uint8)i, c >= 'a' && c <= 'z' ? c - 32 : c);
        }
        microkit_ppcall(SERVER, microkit_msginfo_new(PRINT, (seL4_Uint16)count));
}
