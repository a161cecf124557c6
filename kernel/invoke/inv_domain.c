/* SPDX-License-Identifier: BSD-2-Clause */
/* Domain invocations (spec objects.md 10, scheduling.md 14). */
#include "core/state.h"
#include "invoke/invoke.h"
#include "invoke/labels.h"
#include "thread/domain.h"
#include "thread/sched.h"

static enum outcome set(struct request *r)
{
        if (r->length < 1)
                return refuse_truncated(r);
        word domain = request_word(r, 0);
        if (domain >= kernel.domains)
                return refuse_argument(r, 0);
        if (r->extras < 1)
                return refuse_truncated(r);
        if (cap_kind(r->extra[0]->cap) != CAP_TCB)
                return refuse_argument(r, 1);
        sched_set_domain(cap_object(r->extra[0]->cap), domain);
        return DONE;
}

static enum outcome configure(struct request *r)
{
        if (r->length < 3)
                return refuse_truncated(r);
        word index = request_word(r, 0), domain = request_word(r, 1), duration = request_word(r, 2);
        if (index >= kernel.schedule_length - 1)
                return refuse_range(r, 0, kernel.schedule_length - 2);
        if (domain >= kernel.domains)
                return refuse_range(r, 0, kernel.domains - 1);
        if (duration > ones(DOMAIN_DURATION_BITS))
                return refuse_argument(r, 2);
        if (duration == 0 && domain != 0)
                return refuse_argument(r, 1);
        if (duration == 0 && index == kernel.schedule_start)
                return refuse_argument(r, 2);
        kernel.schedule[index] = (struct domain_slot){domain, duration};
        return DONE;
}

static enum outcome set_start(struct request *r)
{
        if (r->length < 1)
                return refuse_truncated(r);
        word index = request_word(r, 0);
        if (index >= kernel.schedule_length)
                return refuse_range(r, 0, kernel.schedule_length - 1);
        if (kernel.schedule[index].duration == 0)
                return refuse_argument(r, 0);
        kernel.schedule_start = index;
        domain_enter(index);
        return DONE;
}

enum outcome invoke_domain(struct request *r)
{
        switch (r->label) {
        case LABEL_DOMAIN_SET_SET:
                return set(r);
        case LABEL_DOMAIN_SCHEDULE_CONFIGURE:
                return configure(r);
        case LABEL_DOMAIN_SCHEDULE_SET_START:
                return set_start(r);
        default:
                return refuse_illegal(r);
        }
}
