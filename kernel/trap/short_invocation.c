/* SPDX-License-Identifier: BSD-2-Clause */
/* Call of a kernel object: the request without what only other calls need (see short.h, request.c). */
#include "arch/arch.h"
#include "core/panic.h"
#include "invoke/invocations.h"
#include "time/clock.h"
#include "trap/leave.h"
#include "trap/syscall.h"

/* The extra caps in a CSpace whose root is a whole CNode that resolves them all; false: it does not. */
static inline bool find_near_extras(struct request *r)
{
        const struct slot *cspace = &r->caller->slot[TCB_CSPACE];
        word radix = cnode_radix(cspace->cap), guard = cnode_guard(cspace->cap) << radix;

        if (r->extras == 0)
                return true;
        word index = r->buffer[BUFFER_CAPS] ^ guard;
        for (word i = 0;; index = r->buffer[BUFFER_CAPS + i] ^ guard) {
                if (index >> radix)
                        return false;
                r->extra[i] = &cnode_slots(cspace->cap)[index];
                if (++i == r->extras)
                        return true;
        }
}

/* Not part of trap_call, which needs no stack frame. */
__attribute__((noinline)) struct context *short_invocation(struct thread *t, struct slot *slot, word info)
{
        struct core *core = this_core();
        struct request r;

        clock_account();
        r.call = true;
        r.blocking = true;
        r.first = false;
        request_read(&r, t, slot, info);
        if (core->now >= core->gate || !find_near_extras(&r))
                return long_way(t, SYS_CALL);
        t->state = RESTARTING;
        enum outcome outcome = invocation_perform(&r);
        if (outcome != DONE || t->state != RESTARTING) {
                request_finish(&r, outcome);
                return leave();
        }
        t->state = RUNNING;
        request_end(&r, 0);
        if (core->marks || core->woken)
                return leave();
        ASSERT(t->sc == core->charged && t->space == core->space && fpu_fits(core, t));
        return arch_resume(&t->context);
}
