/* SPDX-License-Identifier: BSD-2-Clause */
/* Priorities and scheduling parameters (spec objects.md 8.10, 8.11; scheduling.md 12). */
#include "chain/donation.h"
#include "invoke/inv_tcb.h"
#include "ipc/priority.h"
#include "sched/sched.h"
#include "time/sched_context.h"

/* Extra cap 0 is a TCB whose maximum controlled priority bounds `priority`. */
static enum outcome check_authority(struct request *r)
{
        return cap_kind(r->extra[0]->cap) == CAP_TCB ? DONE : refuse_capability(r, 1);
}

static enum outcome check_priority(struct request *r, word priority)
{
        const struct thread *authority = cap_object(r->extra[0]->cap);

        return priority > authority->mcp ? refuse_range(r, 0, authority->mcp) : DONE;
}

static enum outcome check_single(struct request *r)
{
        if (check_authority(r) != DONE)
                return REFUSED;
        return check_priority(r, request_word(r, 0));
}

enum outcome tcb_set_priority(struct request *r)
{
        struct thread *t = tcb_of(r);

        if (check_single(r) != DONE)
                return REFUSED;
        sched_set_priority(t, request_word(r, 0));
        return DONE;
}

enum outcome tcb_set_mcpriority(struct request *r)
{
        struct thread *t = tcb_of(r);

        if (check_single(r) != DONE)
                return REFUSED;
        t->mcp = (uint8_t)request_word(r, 0);
        return DONE;
}

/* SetSchedParams 5 to 7 */
static enum outcome check_sched_context(struct request *r, struct thread *t)
{
        struct cap c = r->extra[1]->cap;
        struct sched_context *s = cap_object(c);

        if (cap_is_null(c))
                return t == r->caller ? refuse_illegal(r) : DONE;
        if (cap_kind(c) != CAP_SCHED_CONTEXT)
                return refuse_capability(r, 2);
        if (t->sc != s && (t->sc || s->thread))
                return refuse_illegal(r);
        return thread_is_blocked(t) && !sc_is_usable(s) ? refuse_illegal(r) : DONE;
}

enum outcome tcb_set_sched_params(struct request *r)
{
        struct thread *t = tcb_of(r);
        word mcp = request_word(r, 0), priority = request_word(r, 1);
        if (check_authority(r) != DONE || check_priority(r, mcp) != DONE ||
            check_priority(r, priority) != DONE || check_sched_context(r, t) != DONE)
                return REFUSED;
        if (!tcb_accepts_handler(r->extra[2]->cap))
                return refuse_capability(r, 3);

        struct cap sc_cap = r->extra[1]->cap;
        if (tcb_drop_handler(t, TCB_FAULT_HANDLER) == AGAIN)
                return AGAIN;
        tcb_install(t, TCB_FAULT_HANDLER, r->extra[2]->cap, r->extra[2]);
        t->mcp = (uint8_t)mcp;
        sched_set_priority(t, priority);
        if (cap_is_null(sc_cap)) {
                if (t->sc)
                        sc_unbind_thread(t->sc);
        } else if (!t->sc) {
                sc_bind_thread(cap_object(sc_cap), t);
        }
        return DONE;
}
