/* SPDX-License-Identifier: BSD-2-Clause */
/* An invocation from the caller's registers to its outcome and back (spec objects.md 2.1, abi.md 4).
 *
 * A request is read once, before anything happens; user data is not looked at again.  While it is performed the caller
 * is RESTARTING, so that whatever stops it makes it repeat the call; if it still is at the end, the call is complete.
 */
#include "debug/refusals.h"
#include "invoke/invocations.h"
#include "irq/irq.h"
#include "sched/sched.h"
#include "time/preempt.h"
#include "trace/trace.h"
#include "trap/receive.h"
#include "trap/syscall.h"

/* The extra caps.  REFUSED: the lookup of the one at the address *bad failed.  AGAIN: lookups took long, and an interrupt
 * waits; nothing has happened yet. */
static enum outcome find_extras(struct request *r, struct lookup_fault *f, word *bad)
{
        for (word i = 0; i < r->extras; i++) {
                *bad = r->buffer[BUFFER_CAPS + i];
                if (!lookup_cap(r->caller->slot[TCB_CSPACE].cap, *bad, &r->extra[i], f))
                        return REFUSED;
                if (preempt_unkept(0))
                        return AGAIN;
        }
        return DONE;
}

void request_finish(struct request *r, enum outcome outcome)
{
        struct thread *t = r->caller;

        if (outcome == REFUSED && refusals_told(t))
                refusal_tell(r);
        if (outcome == AGAIN) {
                sched_preempted();
                irq_handle();
                return;
        }
        if (t->state != RESTARTING)
                return;
        t->state = RUNNING;
        if (!r->call || outcome == BLOCKED)
                return;
        for (word i = 0; outcome == REFUSED && i < r->why.length; i++)
                request_answer(r, i, r->why.detail[i]);
        request_end(r, outcome == REFUSED ? r->why.error : 0);
}

bool request_perform(struct thread *t, word cptr, enum send_mode mode, struct receive *then)
{
        struct request r; /* filled field by field: clearing it all would cost more than some system calls */
        struct lookup_fault f;
        struct slot *slot;
        word bad = cptr;
        enum outcome outcome = REFUSED;

        r.call = mode == MODE_CALL;
        r.blocking = mode == MODE_CALL || mode == MODE_SEND;
        r.first = mode == MODE_FIRST;
        if (lookup_cap(t->slot[TCB_CSPACE].cap, cptr, &slot, &f)) {
                request_read(&r, t, slot, slot->cap, t->context.x[REG_INFO]);
                r.buffer = thread_buffer_readable(t);
                if (!r.buffer) {
                        r.extras = 0;
                        r.length = min_word(r.length, MESSAGE_REGISTERS);
                }
                outcome = find_extras(&r, &f, &bad);
        }
        if (outcome == REFUSED) {
                if (refusals_told(t))
                        refusal_tell_lookup(t, bad, r.blocking);
                if (r.blocking)
                        raise_cap_fault(t, bad, false, f);
                return true;
        }
        t->state = RESTARTING;
        trace(TESSERA_TRACE_INVOKE, t, cap_kind(r.cap), cap_address(r.cap), r.label);
        if (outcome == DONE && r.first)
                outcome = receive_find_ahead(&r, then);
        if (outcome == DONE)
                outcome = r.first ? invocation_perform_first(&r) : invocation_perform(&r);
        request_finish(&r, outcome);
        return outcome != AGAIN;
}
