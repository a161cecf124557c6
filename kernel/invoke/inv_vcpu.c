/* SPDX-License-Identifier: BSD-2-Clause */
/* Invoking virtual processors (spec el2.md 3).  Their labels are those of other kinds at EL1, so the table does not have them. */
#include "core/platform.h"
#include "invoke/invoke.h"
#include "vcpu/vcpu.h"

enum { VCPU_SET_TCB = 55, VCPU_INJECT_IRQ, VCPU_READ_REGISTER, VCPU_WRITE_REGISTER, VCPU_ACK_VPPI };
enum { VIRQ_LAST = 1023, PRIORITY_LAST = 31, GROUP_LAST = 1 };

static enum outcome set_tcb(struct request *r)
{
        if (r->extras < 1)
                return refuse_truncated(r);
        if (cap_kind(r->extra[0]->cap) != CAP_TCB)
                return refuse_illegal(r);
        vcpu_bind(cap_object(r->cap), cap_object(r->extra[0]->cap));
        return DONE;
}

static enum outcome inject(struct request *r)
{
        if (r->length < 1)
                return refuse_truncated(r);
        word w = request_word(r, 0);
        struct virtual_interrupt i = {w & 0xffff, w >> 16 & 0xff, w >> 24 & 0xff, w >> 32 & 0xff};

        if (i.number > VIRQ_LAST)
                return refuse_range(r, 0, VIRQ_LAST);
        if (i.priority > PRIORITY_LAST)
                return refuse_range(r, 0, PRIORITY_LAST);
        if (i.group > GROUP_LAST)
                return refuse_range(r, 0, GROUP_LAST);
        if (i.index >= platform.guest.lists)
                return refuse_range(r, 0, platform.guest.lists - 1);
        return vcpu_inject(cap_object(r->cap), i) ? DONE : refuse_delete_first(r);
}

static enum outcome read_register_of(struct request *r)
{
        if (r->length < 1)
                return refuse_truncated(r);
        word n = request_word(r, 0);
        if (n >= VCPU_REGISTERS)
                return refuse_argument(r, 1);
        request_answer(r, 0, vcpu_read(cap_object(r->cap), n));
        return DONE;
}

static enum outcome write_register_of(struct request *r)
{
        if (r->length < 2)
                return refuse_truncated(r);
        word n = request_word(r, 0);
        if (n >= VCPU_REGISTERS)
                return refuse_argument(r, 1);
        vcpu_write(cap_object(r->cap), n, request_word(r, 1));
        return DONE;
}

/* The line itself is opened when the guest runs next. */
static enum outcome acknowledge(struct request *r)
{
        struct vcpu *v = cap_object(r->cap);

        if (r->length < 1)
                return refuse_truncated(r);
        word irq = request_word(r, 0);
        if (irq > platform.irq_last)
                return refuse_range(r, 0, platform.irq_last);
        if (irq != platform.guest_timer_irq)
                return refuse_argument(r, 0);
        vcpu_acknowledge(v);
        return DONE;
}

enum outcome invoke_vcpu(struct request *r)
{
        switch (r->label) {
        case VCPU_SET_TCB:
                return set_tcb(r);
        case VCPU_INJECT_IRQ:
                return inject(r);
        case VCPU_READ_REGISTER:
                return read_register_of(r);
        case VCPU_WRITE_REGISTER:
                return write_register_of(r);
        case VCPU_ACK_VPPI:
                return acknowledge(r);
        default:
                return refuse_illegal(r);
        }
}
