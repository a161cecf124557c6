/* SPDX-License-Identifier: BSD-2-Clause */
/* See fp.h. */
#include <caps/fp.h>

bool fp_read(seL4_CPtr tcb, struct fp_state *f)
{
        seL4_MessageInfo_t answer = seL4_Call(tcb, seL4_MessageInfo_new(TESSERA_TCBReadFP, 0, 0, 0));
        seL4_Word *word = (seL4_Word *)f;

        if (seL4_MessageInfo_get_label(answer) || seL4_MessageInfo_get_length(answer) < TESSERA_FP_WORDS)
                return false;
        for (int i = 0; i < TESSERA_FP_WORDS; i++)
                word[i] = seL4_GetMR(i);
        return true;
}

bool fp_write(seL4_CPtr tcb, const struct fp_state *f)
{
        const seL4_Word *word = (const seL4_Word *)f;

        for (int i = 0; i < TESSERA_FP_WORDS; i++)
                seL4_SetMR(i, word[i]);
        return !seL4_MessageInfo_get_label(
                seL4_Call(tcb, seL4_MessageInfo_new(TESSERA_TCBWriteFP, 0, 0, TESSERA_FP_WORDS)));
}
