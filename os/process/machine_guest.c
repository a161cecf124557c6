/* SPDX-License-Identifier: BSD-2-Clause */
/* The processors of a guest, which come one by one when its monitor asks for them; see machine.h. */
#include "os/core/cores.h"
#include "os/process/machine_parts.h"
#include "os/process/spread.h"

enum { PRIORITY = 50, SLICE_US = 10000, SC_BITS = 8 };
enum { SHARED_SLICE_US = 250, SHARED_BESIDE_US = 2000 };

/* --- what one is made of --- */

/* Faults come to the monitor; the guest has no capabilities. */
static bool configure(const struct machine *m, unsigned number)
{
        const struct guest_processor *g = &m->processor[number];
        seL4_CPtr slot = cspace_alloc_slot(&root_cspace);
        seL4_Word guard = seL4_CNode_CapData_new(0, seL4_WordBits - MACHINE_EMPTY_BITS).words[0];
        bool done = slot &&
                    !cspace_mint(&root_cspace, slot, &root_cspace, m->faults.cap, seL4_AllRights,
                                 MACHINE_BADGE_FAULT | number) &&
                    !seL4_TCB_Configure(g->tcb.cap, m->empty.cap, guard, m->space.root, seL4_NilData, 0,
                                        seL4_CapNull) &&
                    !seL4_TCB_SetSchedParams(g->tcb.cap, seL4_CapInitThreadTCB, 0, PRIORITY, g->sc.cap, slot);

        cspace_discard(&root_cspace, slot);
        return done;
}

static bool make(struct guest_processor *g)
{
        return object_make(&g->tcb, seL4_TCBObject, seL4_TCBBits) &&
               object_make(&g->sc, seL4_SchedContextObject, SC_BITS) &&
               object_make(&g->reply, seL4_ReplyObject, seL4_ReplyBits) &&
               (g->vcpu = ut_alloc(seL4_VCPUBits, &root_cspace)) != NULL;
}

static bool give(const struct process *p, const struct guest_processor *g, unsigned number)
{
        return machine_give(p, MACHINE_SLOT(number, MACHINE_TCB), g->tcb.cap) &&
               machine_give(p, MACHINE_SLOT(number, MACHINE_REPLY), g->reply.cap) &&
               machine_give(p, MACHINE_SLOT(number, MACHINE_VCPU_MEMORY), g->vcpu->cap);
}

void machine_free_processors(struct machine *m)
{
        for (unsigned i = 0; i < MACHINE_PROCESSORS; i++) {
                struct guest_processor *g = &m->processor[i];

                object_free(&g->tcb);
                object_free(&g->sc);
                object_free(&g->reply);
                if (g->vcpu)
                        ut_free(g->vcpu);
                g->vcpu = NULL;
        }
        m->processors = 0;
        m->broken = m->paused = false;
}

/* --- where they are, and whether they run --- */

static bool shares(const struct machine *m)
{
        uint32_t used = 0;

        for (unsigned i = 0; i < m->processors; i++) {
                if (used >> m->core[i] & 1)
                        return true;
                used |= 1u << m->core[i];
        }
        return false;
}

/* One that waits for another one's doing, and spins, keeps it off a core that they share to the end of its slice: so those are short.  On a
 * machine with several cores each end of one passes the door, and on an emulator that is some time. */
static seL4_Time slice_us(const struct machine *m)
{
        return !shares(m) ? SLICE_US : cores_count() == 1 ? SHARED_SLICE_US : SHARED_BESIDE_US;
}

static bool place(const struct machine *m)
{
        seL4_Time slice = slice_us(m);
        bool done = true;

        for (unsigned i = 0; i < m->processors; i++)
                done = !seL4_SchedControl_ConfigureFlags(core_control(m->core[i]), m->processor[i].sc.cap,
                                                         slice, slice, 0, 0, 0) &&
                       done;
        return done;
}

bool machine_follows(struct process *monitor)
{
        struct machine *m = monitor->machine;

        spread_guest(monitor, m->core, 0, m->processors);
        return place(m);
}

unsigned machine_cores(const struct machine *m, const uint8_t **core)
{
        *core = m->core;
        return m->processors;
}

/* A thread without time keeps its fault or its answer.  To suspend it would lose a fault that nobody repeats: a timer that has fired, an
 * interrupt that has ended. */
static void pause(const struct guest_processor *g, bool pause)
{
        if (pause)
                seL4_SchedContext_Unbind(g->sc.cap);
        else
                seL4_SchedContext_Bind(g->sc.cap, g->tcb.cap);
}

void machine_pause(struct machine *m, bool now)
{
        for (unsigned i = 0; i < m->processors && now != m->paused; i++)
                pause(&m->processor[i], now);
        m->paused = now;
}

int machine_add(struct process *p)
{
        struct machine *m = p->machine;
        unsigned number = m ? m->processors : 0;

        if (!m)
                return -SOS_EPERM;
        if (m->broken || number == MACHINE_PROCESSORS)
                return -SOS_ENOMEM;
        spread_guest(p, m->core, number, number + 1);
        m->processors +=
                make(&m->processor[number]) && configure(m, number) && give(p, &m->processor[number], number);
        m->broken = m->processors == number || !place(m);
        if (m->broken)
                return -SOS_ENOMEM;
        if (m->paused)
                pause(&m->processor[number], true);
        return 0;
}
