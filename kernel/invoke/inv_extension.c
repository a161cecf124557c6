/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels beyond the public interface.  On the IRQ control capability: whoever holds it owns the machine's lines, and
 * so may end it.  On a TCB: the FP registers, under the same conditions as the public register calls.  With the extension off, or if
 * firmware refuses, the label counts as unknown. */
#include "arch/arch.h"
#include "core/state.h"
#include "invoke/invoke.h"
#include "layout.h"
#include "sched/cores.h"
#include "tessera/dump.h"
#include "tessera/extensions.h"
#include "thread/fpu.h"
#include "trace/trace.h"

_Static_assert(sizeof(struct fpu) == TESSERA_FP_WORDS * sizeof(word),
               "the words of the message are those of the state");

/* The caller names the frame.  Its memory stays a frame; the trace loses it only with the last cap. */
static enum outcome start_trace(struct request *r)
{
        struct cap c = r->extra[0]->cap;
        if (trace_runs())
                return refuse_delete_first(r);
        if (cap_kind(c) != CAP_FRAME || frame_is_device(c))
                return refuse_capability(r, 1);
        trace_start(window(cap_address(c)), bit(frame_bits(c)));
        this_core()->trace.left_to = r->caller;
        r->caller->flags |= THREAD_TRACED;
        return DONE;
}

static enum outcome name_object(struct request *r)
{
        word text[3];

        if (r->length < 3)
                return refuse_truncated(r);
        for (word i = 0; i < 3; i++)
                text[i] = request_word(r, i);
        return trace_name(cap_address(r->extra[0]->cap), text) ? DONE : refuse_plainly(r, REFUSE_MEMORY);
}

static enum outcome identify(struct request *r)
{
        struct cap c = r->extra[0]->cap;

        request_answer(r, 0, cap_address(c));
        request_answer(r, 1, cap_kind(c));
        return DONE;
}

static enum outcome stop_trace(void)
{
        trace_stop();
        return DONE;
}

static enum outcome invoke_trace(struct request *r)
{
        bool about = r->label != TESSERA_TraceStop;
        if (about && r->extras < 1)
                return refuse_truncated(r);
        if (!trace_runs() && (r->label == TESSERA_TraceStop || r->label == TESSERA_TraceName))
                return refuse_illegal(r);
        switch (r->label) {
        case TESSERA_TraceStart:
                return start_trace(r);
        case TESSERA_TraceStop:
                return stop_trace();
        case TESSERA_TraceName:
                return name_object(r);
        default:
                return identify(r);
        }
}

static enum outcome report_refusals(struct request *r)
{
        word mode = r->length ? request_word(r, 0) : 0;

        if (r->length < 1)
                return refuse_truncated(r);
        if (mode > TESSERA_REFUSALS_ALL)
                return refuse_range(r, TESSERA_REFUSALS_NONE, TESSERA_REFUSALS_ALL);
        kernel.tells_refusals = mode != TESSERA_REFUSALS_NONE;
        kernel.refusals_but = mode == TESSERA_REFUSALS_OTHERS ? r->caller : NULL;
        return DONE;
}

enum outcome invoke_extension(struct request *r)
{
        if (DEBUG_BUILD && r->label == TESSERA_ReportRefusals &&
            kernel.extensions & TESSERA_EXTENSION_REFUSALS)
                return report_refusals(r);
        if (r->label == TESSERA_PowerOff && kernel.extensions & TESSERA_EXTENSION_POWER_OFF)
                arch_power_off(kernel.firmware_smc);
        if (r->label >= TESSERA_TraceStart && r->label <= TESSERA_Identify &&
            kernel.extensions & TESSERA_EXTENSION_TRACE)
                return invoke_trace(r);
        if ((r->label == TESSERA_DumpSlots || r->label == TESSERA_DumpObject) &&
            kernel.extensions & TESSERA_EXTENSION_DUMP)
                return invoke_dump(r);
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
        cores_stop(t);
        switch (r->label) {
        case TESSERA_TCBReadFP:
                return read_fp(r, t);
        case TESSERA_TCBWriteFP:
                return write_fp(r, t);
        default:
                return refuse_illegal(r);
        }
}

/* The public call of firmware (spec el2.md 12): a cap with a badge allows that one function.  Firmware decides how long it takes. */
enum outcome smc_call(struct request *r)
{
        word x[FIRMWARE_WORDS];

        for (word i = 0; i < FIRMWARE_WORDS; i++)
                x[i] = request_word(r, i);
        if (smc_function(r->cap) != 0 && smc_function(r->cap) != x[0])
                return refuse_illegal(r);
        arch_firmware_call(x);
        for (word i = 0; i < FIRMWARE_WORDS; i++)
                request_answer(r, i, x[i]);
        return DONE;
}
