/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the kernel's dispatch table. */
#include "cap/kind.h"
#include "cap/derive.h"
#include "invoke/invoke.h"
#include "ipc/endpoint.h"
#include "ipc/notification.h"
#include "irq/irq.h"
#include "thread/reply.h"
#include "thread/sched_context.h"
#include "vm/kinds_vm.h"

static enum outcome derive_never(const struct slot *from, struct cap *c, struct refusal *why)
{
        (void)from, (void)c;
        return refuse(why, 3, 0, 0, 0);
}

static enum outcome derive_untyped(const struct slot *from, struct cap *c, struct refusal *why)
{
        (void)c;
        return slot_has_child(from) ? refuse(why, 9, 0, 0, 0) : DONE;
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
        if (!last)
                return cap_null();
        thread_retire(cap_object(c));
        return cap_zombie(cap_object(c), 0, TCB_SLOTS);
}

static struct cap retire_sched_context(struct cap c, bool last)
{
        if (last)
                sc_retire(cap_object(c));
        return cap_null();
}

static struct cap retire_irq_handler(struct cap c, bool last)
{
        if (last)
                irq_retire(c.b);
        return cap_null();
}

static struct slot *kept_for_irq(struct cap c)
{
        return &kernel.irq[c.b];
}

/* Containers are emptied by cap/remove.c, which asks only for queues. */
static struct cap retire_zombie(struct cap c, bool last)
{
        (void)last;
        return queue_retire(c);
}

const struct kind kinds[32] = {
        [CAP_NULL] = {.name = "empty"},
        [CAP_FRAME] = {"frame", NULL, derive_frame, retire_frame, NULL},
        [CAP_UNTYPED] = {"untyped", NULL, derive_untyped, NULL, NULL},
        [CAP_PAGE_TABLE] = {"page table", NULL, derive_page_table, retire_page_table, NULL},
        [CAP_ENDPOINT] = {"endpoint", invoke_endpoint, NULL, retire_endpoint, NULL},
        [CAP_NOTIFICATION] = {"notification", invoke_notification, NULL, retire_notification, NULL},
        [CAP_REPLY] = {"reply", invoke_reply, NULL, retire_reply, NULL},
        [CAP_VSPACE] = {"VSpace", NULL, derive_vspace, retire_vspace, NULL},
        [CAP_CNODE] = {"CNode", NULL, NULL, retire_cnode, NULL},
        [CAP_ASID_CONTROL] = {"ASID control", NULL, NULL, NULL, NULL},
        [CAP_TCB] = {"TCB", invoke_tcb_extension, NULL, retire_tcb, NULL},
        [CAP_ASID_POOL] = {"ASID pool", NULL, NULL, retire_asid_pool, NULL},
        [CAP_IRQ_CONTROL] = {"IRQ control", invoke_extension, derive_never, NULL, NULL},
        [CAP_IRQ_HANDLER] = {"IRQ handler", NULL, NULL, retire_irq_handler, kept_for_irq},
        [CAP_ZOMBIE] = {"zombie", NULL, derive_never, retire_zombie, NULL},
        [CAP_DOMAIN] = {"domain", NULL, NULL, NULL, NULL},
        [CAP_SCHED_CONTEXT] = {"sched context", NULL, NULL, retire_sched_context, NULL},
        [CAP_SCHED_CONTROL] = {"sched control", NULL, NULL, NULL, NULL},
        [CAP_SGI_SIGNAL] = {"SGI signal", invoke_sgi, NULL, NULL, NULL},
};
