/* SPDX-License-Identifier: BSD-2-Clause */
/* Call of a kernel object: the request, without the parts that only other calls need (see short.h, request.c). */
#include "arch/arch.h"
#include "core/panic.h"
#include "invoke/invocations.h"
#include "time/clock.h"
#include "trap/leave.h"
#include "trap/syscall.h"

/* Extra cap `i`, in a CSpace whose root is a whole CNode that resolves it; false: it does not. */
static inline bool find_near_extra(struct request *r, word i, word guard)
{
        struct cap root = r->caller->slot[TCB_CSPACE].cap;
        word index = r->buffer[BUFFER_CAPS + i] ^ guard;

        if (index >> cnode_radix(root))
                return false;
        r->extra[i] = &cnode_slots(root)[index];
        return true;
}

static inline bool find_near_extras(struct request *r, word n)
{
        struct cap root = r->caller->slot[TCB_CSPACE].cap;
        word guard = cnode_guard(root) << cnode_radix(root);

        if (n == 0)
                return true;
        if (!find_near_extra(r, 0, guard))
                return false;
        return n == 1 || (find_near_extra(r, 1, guard) && (n == 2 || find_near_extra(r, 2, guard)));
}

/* It was refused or stopped, or its caller does not simply go on. */
static __attribute__((noinline)) struct context *invocation_ends(struct request *r, enum outcome outcome)
{
        request_finish(r, outcome);
        return leave();
}

/* The extra caps in any other CSpace of few levels. */
static inline bool find_far_extras(struct request *r, word n)
{
        for (word i = 0; i < n; i++) {
                r->extra[i] = lookup_few(r->caller->slot[TCB_CSPACE].cap, r->buffer[BUFFER_CAPS + i]);
                if (!r->extra[i])
                        return false;
        }
        return true;
}

/* Both are separate functions, so that the code before them needs only one callee-saved register and leaves its arguments in place. */
static __attribute__((noinline)) struct context *leave_otherwise(void)
{
        return leave();
}

static __attribute__((noinline)) struct context *invoke_at_length(void)
{
        return long_way(this_core()->current, SYS_CALL);
}

static inline __attribute__((always_inline)) struct context *invoke(struct slot *slot, word info,
                                                                    struct thread *t, struct cap c, bool far)
{
        struct core *core = this_core();
        struct request request, *r = &request;

        clock_account();
        r->call = true;
        r->blocking = true;
        r->first = false;
        request_read(r, t, slot, c, info);
        if (core->now >= core->gate || !thread_knows_buffer(t) ||
            !(far ? find_far_extras : find_near_extras)(r, info_caps(info)))
                return invoke_at_length();
        t->state = RESTARTING;
        not_before(r);
        enum outcome outcome = invocation_perform_known(r, info_label(info), invocation_of(c, info));
        t = request.caller;
        if (outcome != DONE || t->state != RESTARTING)
                return invocation_ends(&request, outcome);
        t->state = RUNNING;
        request_end(&request, 0);
        if (core->marks | (word)core->woken)
                return leave_otherwise();
        ASSERT(t->sc == core->charged && t->space == core->space && fpu_fits(core, t));
        return arch_resume(&t->context);
}

/* Not part of trap_call, which needs no stack frame. */
__attribute__((noinline)) struct context *short_invocation(struct slot *slot, word info, struct thread *t,
                                                           struct cap c)
{
        return invoke(slot, info, t, c, false);
}

__attribute__((noinline)) struct context *far_invocation(struct slot *slot, word info, struct thread *t,
                                                         struct cap c)
{
        return invoke(slot, info, t, c, true);
}
