/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels beyond the public interface.  On the IRQ control capability: whoever holds it owns the machine's lines, and
 * so may end it.  On a TCB: the FP registers, as far as the interface's own registers may be read and written.  With the
 * extension off, or firmware that refuses, the label is as unknown as any other. */
#include "arch/arch.h"
#include "core/state.h"
#include "invoke/invoke.h"
#include "tessera/extensions.h"
#include "thread/fpu.h"

_Static_assert(sizeof(struct fpu) == TESSERA_FP_WORDS * sizeof(word),
               "the words of the message are those of the state");

enum outcome invoke_extension(struct request *r)
{
        if (r->label == TESSERA_PowerOff && kernel.extensions & TESSERA_EXTENSION_POWER_OFF)
                arch_power_off(kernel.firmware_smc);
        return refuse_illegal(r);
}

static enum outcome read_fp(struct request *r, struct thread *t)
{
        const word *state = (const word *)&t->fpu;

        fpu_release(t);
        for (word i = 0; i < TESSERA_FP_WORDS; i++)
                request_answer(r, i, state[i]);
        return DONE;
}

static enum outcome write_fp(struct request *r, struct thread *t)
{
        word *state = (word *)&t->fpu;

        if (r->length < TESSERA_FP_WORDS)
                return refuse_truncated(r);
        fpu_release(t);
        for (word i = 0; i < TESSERA_FP_WORDS; i++)
                state[i] = request_word(r, i);
        return DONE;
}

enum outcome invoke_tcb_extension(struct request *r)
{
        struct thread *t = cap_object(r->cap);

        if (!(kernel.extensions & TESSERA_EXTENSION_FP_STATE) || t == r->caller)
                return refuse_illegal(r);
        switch (r->label) {
        case TESSERA_TCBReadFP:
                return read_fp(r, t);
        case TESSERA_TCBWriteFP:
                return write_fp(r, t);
        default:
                return refuse_illegal(r);
        }
}
