/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the kernel's dispatch table. */
#include "cap/derive.h"
#include "cap/kind.h"
#include "chain/donation.h"
#include "chain/life.h"
#include "chain/reply.h"
#include "invoke/invoke.h"
#include "ipc/endpoint.h"
#include "ipc/notification.h"
#include "irq/irq.h"
#include "sched/cores.h"
#include "time/sched_context.h"
#include "vcpu/vcpu.h"
#include "vm/kinds_vm.h"

static enum outcome derive_never(const struct slot *from, struct cap *c, struct refusal *why)
{
        (void)from, (void)c;
        return refuse(why, REFUSE_ILLEGAL, 0, 0, 0);
}

static enum outcome derive_untyped(const struct slot *from, struct cap *c, struct refusal *why)
{
        (void)c;
        return slot_has_child(from) ? refuse(why, REFUSE_REVOKE_FIRST, 0, 0, 0) : DONE;
}

static struct cap retire_endpoint(struct cap c, bool last)
{
        return last ? endpoint_retire(cap_object(c)) : cap_null();
}

static struct cap retire_notification(struct cap c, bool last)
{
        return last ? notification_retire(cap_object(c)) : cap_null();
}

static struct cap retire_reply(struct cap c, bool last)
{
        if (last)
                reply_retire(cap_object(c));
        return cap_null();
}

static struct cap retire_cnode(struct cap c, bool last)
{
        return last ? cap_zombie(cnode_slots(c), cnode_radix(c), bit(cnode_radix(c))) : cap_null();
}

static struct cap retire_tcb(struct cap c, bool last)
{
        struct thread *t = cap_object(c);

        if (!last)
                return cap_null();
        cores_stop(t);
        if (t->vcpu)
                vcpu_unbind(t->vcpu);
        thread_retire(t);
        return cap_zombie(cap_object(c), 0, TCB_SLOTS);
}

static struct cap retire_vcpu(struct cap c, bool last)
{
        if (last)
                vcpu_retire(cap_object(c));
        return cap_null();
}

static struct cap retire_sched_context(struct cap c, bool last)
{
        struct sched_context *s = cap_object(c);

        if (last && s->thread)
                cores_stop(s->thread);
        if (last)
                sc_retire(s);
        return cap_null();
}

static struct cap retire_irq_handler(struct cap c, bool last)
{
        if (last)
                irq_retire(irq_line(c));
        return cap_null();
}

static struct slot *kept_for_irq(struct cap c)
{
        return &kernel.irq[irq_line(c)];
}

/* Containers are emptied by cap/remove.c, which asks only for queues. */
static struct cap retire_zombie(struct cap c, bool last)
{
        (void)last;
        return queue_retire(c);
}

/* A kind without a row has nothing to do in any of them. */
const struct kind kinds[CAP_KINDS] = {
        [CAP_FRAME] = {NULL, derive_frame, retire_frame, NULL},
        [CAP_UNTYPED] = {NULL, derive_untyped, NULL, NULL},
        [CAP_PAGE_TABLE] = {NULL, derive_page_table, retire_page_table, NULL},
        [CAP_ENDPOINT] = {invoke_endpoint, NULL, retire_endpoint, NULL},
        [CAP_NOTIFICATION] = {invoke_notification, NULL, retire_notification, NULL},
        [CAP_REPLY] = {invoke_reply, NULL, retire_reply, NULL},
        [CAP_VSPACE] = {NULL, derive_vspace, retire_vspace, NULL},
        [CAP_CNODE] = {NULL, NULL, retire_cnode, NULL},
        [CAP_TCB] = {invoke_tcb_extension, NULL, retire_tcb, NULL},
        [CAP_ASID_POOL] = {NULL, NULL, retire_asid_pool, NULL},
        [CAP_IRQ_CONTROL] = {invoke_extension, derive_never, NULL, NULL},
        [CAP_VCPU] = {invoke_vcpu, NULL, retire_vcpu, NULL},
        [CAP_IRQ_HANDLER] = {NULL, NULL, retire_irq_handler, kept_for_irq},
        [CAP_ZOMBIE] = {NULL, derive_never, retire_zombie, NULL},
        [CAP_SCHED_CONTEXT] = {NULL, NULL, retire_sched_context, NULL},
        [CAP_SGI_SIGNAL] = {invoke_sgi, NULL, NULL, NULL},
};
