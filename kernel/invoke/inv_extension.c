/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels beyond the public interface.  On the IRQ control capability: whoever holds it owns the machine's lines, and
 * so may end it.  On a TCB: the FP registers, under the same conditions as the public register calls, and the core's means of
 * debugging.  With the extension off, or if firmware refuses, the label counts as unknown. */
#include "arch/arch.h"
#include "core/state.h"
#include "invoke/invoke.h"
#include "layout.h"
#include "sched/cores.h"
#include "tessera/dump.h"
#include "tessera/extensions.h"
#include "thread/debugged.h"
#include "thread/fpu.h"
#include "trace/trace.h"
#include "vm/space.h"

_Static_assert(sizeof(struct fpu) == TESSERA_FP_WORDS * sizeof(word),
               "the words of the message are those of the state");

/* Whoever runs on a core is no news, and takes no short path any more. */
static void trace_from_now(struct core *core)
{
        core->left_to = core->current;
        core->entered = false;
        if (core->current)
                core->current->flags |= THREAD_TRACED;
}

/* The caller names the frame.  Its memory stays a frame; the trace loses it only with the last cap. */
static enum outcome start_trace(struct request *r)
{
        struct cap c = r->extra[0]->cap;
        if (trace_runs())
                return refuse_delete_first(r);
        if (cap_kind(c) != CAP_FRAME || frame_is_device(c))
                return refuse_capability(r, 1);
        trace_start(window(cap_address(c)), bit(frame_bits(c)));
        for (word n = 0; n < kernel.cores; n++)
                trace_from_now(several_cores() ? kernel.peer[n] : this_core());
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

/* A pair of the message, as the machine's registers want it: for EL0 only. */
static enum outcome read_watch(struct request *r, struct debug_state *d, word i)
{
        enum { ENABLED = 1, EL0 = 2 << 1, ACCESS = 3, BYTES = 8, BYTES_SHIFT = 5 };
        word address = request_word(r, 1 + 2 * i), wanted = request_word(r, 2 + 2 * i);
        word bytes = (wanted & TESSERA_WATCH_BYTES) >> BYTES, access = wanted & ACCESS;

        if (wanted == 0)
                return DONE;
        if (wanted & ~(word)(TESSERA_WATCH_BYTES | ACCESS) || !bytes || !access)
                return refuse_argument(r, 2 + 2 * i);
        if (address > user_top())
                return refuse_argument(r, 1 + 2 * i);
        if (!is_aligned(address, 3))
                return refuse_alignment(r);
        d->watch[i].address = address;
        d->watch[i].control = ENABLED | EL0 | access << 3 | bytes << BYTES_SHIFT;
        return DONE;
}

static enum outcome set_debug(struct request *r, struct thread *t)
{
        word pairs = r->length / 2, has = min_word(arch_watchpoints(), WATCHPOINTS);
        struct debug_state d = {0};

        if (r->length % 2 == 0)
                return refuse_truncated(r);
        if (request_word(r, 0) > TESSERA_DEBUG_STEP)
                return refuse_argument(r, 0);
        if (pairs > has)
                return refuse_range(r, 0, has);
        for (word i = 0; i < pairs; i++) {
                if (read_watch(r, &d, i) != DONE)
                        return REFUSED;
        }
        d.step = request_word(r, 0) ? STEP_WANTED : STEP_OFF;
        debugged_set(t, &d);
        space_forget(t);
        request_answer(r, 0, has);
        return DONE;
}

enum outcome invoke_tcb_extension(struct request *r)
{
        struct thread *t = cap_object(r->cap);
        word needs = r->label == TESSERA_TCBSetDebug ? TESSERA_EXTENSION_DEBUG : TESSERA_EXTENSION_FP_STATE;

        if (!(kernel.extensions & needs) || t == r->caller)
                return refuse_illegal(r);
        cores_stop(t);
        switch (r->label) {
        case TESSERA_TCBReadFP:
                return read_fp(r, t);
        case TESSERA_TCBWriteFP:
                return write_fp(r, t);
        case TESSERA_TCBSetDebug:
                return set_debug(r, t);
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
