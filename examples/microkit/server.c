/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs on its callers' time: label 0 takes a character that was typed, 1 prints the characters in the message. */
#include <microkit.h>

#include "ring.h"

enum { CLIENT = 2, DRIVER = 3, TAKE = 0, PRINT = 1 };

uintptr_t ring;

void init(void)
{
}

void notified(microkit_channel ch)
{
        (void)ch;
}

microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
        struct rings *r = (struct rings *)ring;
        seL4_Word count = 0;
        char c;

        if (ch != CLIENT)
                return microkit_msginfo_new(1, 0);
        if (microkit_msginfo_get_label(msginfo) == TAKE) {
                while (count < 60 && ring_get(&r->in, &c))
                        microkit_mr_set((seL4_Uint8)count++, (seL4_Word)c);
                return microkit_msginfo_new(0, (seL4_Uint16)count);
        }
        while (count < microkit_msginfo_get_count(msginfo) &&
               ring_put(&r->out, (char)microkit_mr_get((seL4_Uint8)count)))
                count++;
        microkit_notify(DRIVER);
        microkit_mr_set(0, count);
        return microkit_msginfo_new(0, 1);
}
