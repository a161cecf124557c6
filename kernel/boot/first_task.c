/* SPDX-License-Identifier: BSD-2-Clause */
/* The initial thread: its fixed caps, its registers, its time. */
#include "arch/arch.h"
#include "boot/boot.h"
#include "cap/derive.h"
#include "chain/donation.h"
#include "chain/life.h"
#include "core/state.h"
#include "thread/thread.h"
#include "time/clock.h"
#include "time/sched_context.h"
#include "vm/asid.h"
#include "vm/pte.h"
#include "vm/space.h"

enum { TIME_SLICE_US = 5000, PRIORITY_MAX = PRIORITIES - 1, SC_REFILLS = 2 };

static void provide_at(struct boot *b, word slot, struct cap cap)
{
        slot_fill(&b->slots[slot], cap);
}

void task_caps(struct boot *b)
{
        word radix = b->h.options.cnode_bits;

        asid_pool_add(window(b->at.pool), 0);
        asid_bind(BOOT_ASID, window(b->at.vspace));
        provide_at(b, SLOT_INIT_TCB, cap_for_object(CAP_TCB, window(b->at.tcb), 0, 0));
        provide_at(b, SLOT_INIT_CNODE, cap_cnode(b->slots, radix, 0, 64 - radix));
        provide_at(b, SLOT_INIT_VSPACE,
                   cap_for_object(CAP_VSPACE, window(b->at.vspace), pte_root_bits() - PAGE_BITS, BOOT_ASID));
        provide_at(b, SLOT_IRQ_CONTROL, cap_make(CAP_IRQ_CONTROL, 0, 0, 0));
        provide_at(b, SLOT_ASID_CONTROL, cap_make(CAP_ASID_CONTROL, 0, 0, 0));
        provide_at(b, SLOT_INIT_ASID_POOL, cap_for_object(CAP_ASID_POOL, window(b->at.pool), 0, 0));
        provide_at(b, SLOT_DOMAIN, cap_make(CAP_DOMAIN, 0, 0, 0));
        if ((b->h.options.exports & HANDOVER_EXPORT_SMC) && kernel.firmware_smc)
                provide_at(b, SLOT_SMC, cap_make(CAP_SMC, 0, 0, 0));
        provide_at(b, SLOT_INIT_SC,
                   cap_for_object(CAP_SCHED_CONTEXT, window(b->at.sc), SCHED_CONTEXT_BITS_MIN, 0));
}

/* The thread holds copies of three of its own caps, as any thread does after Configure. */
static void fill_kernel_slots(struct boot *b, struct thread *t)
{
        struct slot *cnode = &b->slots[SLOT_INIT_CNODE], *vspace = &b->slots[SLOT_INIT_VSPACE];
        struct slot *buffer = &b->slots[SLOT_INIT_BUFFER];

        slot_insert_derived(&t->slot[TCB_CSPACE], cnode->cap, cnode);
        slot_insert_derived(&t->slot[TCB_VSPACE], vspace->cap, vspace);
        slot_insert_derived(&t->slot[TCB_BUFFER], cap_mapped(buffer->cap, 0, 0), buffer);
}

void task_start(struct boot *b)
{
        struct thread *t = window(b->at.tcb);
        struct sched_context *sc = window(b->at.sc);

        thread_init(t);
        fill_kernel_slots(b, t);
        thread_set_buffer(t, b->user.buffer);
        space_forget(t);
        t->priority = PRIORITY_MAX;
        t->mcp = PRIORITY_MAX;
        t->context.x[0] = b->user.info;
        t->context.pc = b->h.root_entry_va;
        t->context.restart = b->h.root_entry_va;
        if (DEBUG_BUILD)
                thread_set_name(t, "rootserver");

        sc_refill_fresh(sc, SC_REFILLS, ticks_from_us(TIME_SLICE_US), 0, this_core()->now);
        sc_bind_thread(sc, t);
        thread_resume(t);
}
