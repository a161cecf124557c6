/* SPDX-License-Identifier: BSD-2-Clause */
/* What a thread holds: CSpace, VSpace, IPC buffer and fault handlers (spec objects.md 8.7 to 8.9, 8.12). */
#include "cap/derive.h"
#include "cap/remove.h"
#include "invoke/inv_tcb.h"
#include "ipc/fault.h"
#include "vcpu/vcpu.h"
#include "vm/space.h"

enum { IPC_BUFFER_BITS = 10 };

__attribute__((noinline)) void tcb_install(struct thread *t, word which, struct cap cap, struct slot *from)
{
        slot_delete_now(&t->slot[which]);
        if (which == TCB_VSPACE) {
                space_forget(t);
                if (rarely(t->vcpu != NULL))
                        vcpu_leave(t->vcpu);
        }
        if (!cap_is_null(cap))
                slot_insert_derived(&t->slot[which], cap, from);
}

enum outcome tcb_drop_handler(struct thread *t, word which)
{
        return slot_delete(&t->slot[which]);
}

bool tcb_accepts_handler(struct cap c)
{
        return cap_is_null(c) || fault_handler_is_valid(c);
}

static enum outcome check_buffer(struct request *r, word address, struct slot *from, struct cap *cap)
{
        *cap = cap_null();
        if (address == 0)
                return DONE;
        if (cap_derive(from, from->cap, cap, &r->why) != DONE)
                return REFUSED;
        if (cap_kind(*cap) != CAP_FRAME || frame_is_device(*cap))
                return refuse_illegal(r);
        if (!is_aligned(address, IPC_BUFFER_BITS))
                return refuse_alignment(r);
        return DONE;
}

static enum outcome check_cspace(struct request *r, struct thread *t, struct slot *from, struct cap *cap)
{
        const struct slot *held = &t->slot[TCB_CSPACE];
        word data = request_word(r, 0);
        struct cap c = from->cap;

        if (cap_kind(held->cap) == CAP_ZOMBIE || (cap_kind(held->cap) == CAP_CNODE && slot_is_last(held)))
                return refuse_illegal(r);
        if (data != 0)
                c = cap_with_data(c, data, true);
        if (cap_derive(from, c, cap, &r->why) != DONE)
                return REFUSED;
        return cap_kind(*cap) == CAP_CNODE ? DONE : refuse_illegal(r);
}

static enum outcome check_vspace(struct request *r, struct slot *from, struct cap *cap)
{
        if (cap_derive(from, from->cap, cap, &r->why) != DONE)
                return REFUSED;
        return cap_kind(*cap) == CAP_VSPACE && cap->b != 0 ? DONE : refuse_illegal(r);
}

static void install_buffer(struct thread *t, word address, struct cap cap, struct slot *from)
{
        tcb_install(t, TCB_BUFFER, cap, from);
        thread_set_buffer(t, address);
}

enum outcome tcb_configure(struct request *r)
{
        struct thread *t = tcb_of(r);
        struct cap cspace, vspace, buffer;

        word address = request_word(r, 2);
        if (check_buffer(r, address, r->extra[2], &buffer) != DONE ||
            check_cspace(r, t, r->extra[0], &cspace) != DONE || check_vspace(r, r->extra[1], &vspace) != DONE)
                return REFUSED;

        tcb_install(t, TCB_CSPACE, cspace, r->extra[0]);
        tcb_install(t, TCB_VSPACE, vspace, r->extra[1]);
        install_buffer(t, address, buffer, r->extra[2]);
        return DONE;
}

enum outcome tcb_set_space(struct request *r)
{
        struct thread *t = tcb_of(r);
        struct cap cspace, vspace;

        if (check_cspace(r, t, r->extra[1], &cspace) != DONE || check_vspace(r, r->extra[2], &vspace) != DONE)
                return REFUSED;
        struct cap handler = r->extra[0]->cap;
        if (!tcb_accepts_handler(handler))
                return refuse_capability(r, 1);

        if (tcb_drop_handler(t, TCB_FAULT_HANDLER) == AGAIN)
                return AGAIN;
        tcb_install(t, TCB_FAULT_HANDLER, handler, r->extra[0]);
        tcb_install(t, TCB_CSPACE, cspace, r->extra[1]);
        tcb_install(t, TCB_VSPACE, vspace, r->extra[2]);
        return DONE;
}

enum outcome tcb_set_ipc_buffer(struct request *r)
{
        struct thread *t = tcb_of(r);
        struct cap buffer;

        word address = request_word(r, 0);
        if (check_buffer(r, address, r->extra[0], &buffer) != DONE)
                return REFUSED;
        install_buffer(t, address, buffer, r->extra[0]);
        return DONE;
}

enum outcome tcb_set_timeout_endpoint(struct request *r)
{
        struct thread *t = tcb_of(r);
        struct cap handler = r->extra[0]->cap;
        if (!tcb_accepts_handler(handler))
                return refuse_capability(r, 1);
        if (tcb_drop_handler(t, TCB_TIMEOUT_HANDLER) == AGAIN)
                return AGAIN;
        tcb_install(t, TCB_TIMEOUT_HANDLER, handler, r->extra[0]);
        return DONE;
}
