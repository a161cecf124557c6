/* SPDX-License-Identifier: BSD-2-Clause */
/* Making and ending processes; see process.h.  What the program finds on its stack is in image.c. */
#include "os/init/process.h"
#include "base/text.h"
#include "os/init/image.h"

enum { BUFFER_ADDRESS = 0xa0000000, SC_BITS = 8, TCB_REGISTERS = 2 };

static struct {
        struct process table[PROCESSES];
        struct process_endpoints endpoint;
        int last_pid;
} processes;

void process_init(const struct process_endpoints *e)
{
        processes.endpoint = *e;
}

struct process *process_entry(unsigned i)
{
        return &processes.table[i];
}

struct process *process_find(int pid)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = &processes.table[i];

                if (p->state != PROCESS_FREE && p->pid == pid)
                        return p;
        }
        return NULL;
}

struct process *process_named(const char *name)
{
        struct process *found = NULL;

        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = &processes.table[i];

                if ((p->state == PROCESS_RUNNING || p->state == PROCESS_WAITING) && !strcmp(p->name, name) &&
                    (!found || p->pid > found->pid))
                        found = p;
        }
        return found;
}

static struct process *take_entry(void)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = &processes.table[i];

                if (p->state != PROCESS_FREE)
                        continue;
                memset(p, 0, sizeof(*p));
                p->pid = ++processes.last_pid;
                return p;
        }
        return NULL;
}

static bool mint_into(struct process *p, seL4_Word slot, seL4_CPtr endpoint)
{
        seL4_CapRights_t rights = seL4_CapRights_new(1, 0, 0, 1); /* write, and be answered */

        return !seL4_CNode_Mint(p->cnode.cap, slot, PROCESS_SLOT_BITS, seL4_CapInitThreadCNode, endpoint,
                                seL4_WordBits, rights, (seL4_Word)p->pid);
}

static bool make_cspace(struct process *p, bool console)
{
        const struct process_endpoints *e = &processes.endpoint;

        return object_make(&p->cnode, seL4_CapTableObject, PROCESS_SLOT_BITS, SLOT_CNODE) &&
               mint_into(p, SOS_SLOT_SERVER, e->server) && mint_into(p, SOS_SLOT_TIMER, e->timer) &&
               (!console || mint_into(p, SOS_SLOT_SERIAL, e->serial));
}

static bool make_buffer(struct process *p)
{
        struct region r = {.start = BUFFER_ADDRESS,
                           .end = BUFFER_ADDRESS + PAGE,
                           .access = SPACE_READ | SPACE_WRITE,
                           .kind = REGION_BUFFER};

        return space_add(p->space, r) && space_fault(p->space, BUFFER_ADDRESS, SPACE_WRITE) == SPACE_OK;
}

/* Faults and exhausted budgets come to the server under the process's fault badge. */
static bool connect_faults(struct process *p)
{
        const struct process_endpoints *e = &processes.endpoint;
        seL4_CapRights_t rights = seL4_CapRights_new(1, 0, 0, 1);
        seL4_CPtr slot = slot_take(SLOT_ENDPOINT);
        bool done = slot != seL4_CapNull &&
                    !seL4_CNode_Mint(seL4_CapInitThreadCNode, slot, seL4_WordBits, seL4_CapInitThreadCNode,
                                     e->server, seL4_WordBits, rights, BADGE_FAULT | (seL4_Word)p->pid) &&
                    !seL4_TCB_SetSchedParams(p->tcb.cap, seL4_CapInitThreadTCB, 0, p->priority, p->sc.cap,
                                             slot) &&
                    (!p->tell_budget || !seL4_TCB_SetTimeoutEndpoint(p->tcb.cap, slot));

        slot_delete(slot);
        return done;
}

static bool make_thread(struct process *p)
{
        const struct process_endpoints *e = &processes.endpoint;
        seL4_Word guard = seL4_CNode_CapData_new(0, seL4_WordBits - PROCESS_SLOT_BITS).words[0];

        return object_make(&p->tcb, seL4_TCBObject, seL4_TCBBits, SLOT_TCB) &&
               object_make(&p->sc, seL4_SchedContextObject, SC_BITS, SLOT_SC) &&
               !seL4_SchedControl_ConfigureFlags(e->sched_control, p->sc.cap, p->budget_us, p->period_us, 0,
                                                 (seL4_Word)p->pid, 0) &&
               !seL4_TCB_Configure(p->tcb.cap, p->cnode.cap, guard, p->space->vspace.cap, seL4_NilData,
                                   BUFFER_ADDRESS, space_page_cap(p->space, BUFFER_ADDRESS)) &&
               connect_faults(p);
}

static bool start(struct process *p, seL4_Word pc, seL4_Word sp)
{
        seL4_UserContext registers = {.pc = pc, .sp = sp};

        return !seL4_TCB_WriteRegisters(p->tcb.cap, true, 0, TCB_REGISTERS, &registers);
}

static void free_objects(struct process *p)
{
        object_free(&p->tcb);
        object_free(&p->sc);
        object_free(&p->cnode);
        if (p->space)
                space_destroy(p->space);
        p->space = NULL;
}

int process_make(const struct process_plan *plan)
{
        struct process *p = take_entry();
        struct image_entry entry;
        int error = SOS_EAGAIN;

        if (!p)
                return -error;
        string_copy(p->name, plan->name, sizeof(p->name));
        p->priority = plan->priority;
        p->budget_us = plan->budget_us;
        p->period_us = plan->period_us;
        p->parent = plan->parent;
        p->tell_budget = plan->tell_budget;
        p->space = space_create();
        error = p->space ? image_load(p->space, plan, BUFFER_ADDRESS, &entry) : SOS_ENOMEM;
        if (!error && (!make_buffer(p) || !make_cspace(p, plan->console) || !make_thread(p) ||
                       !start(p, entry.pc, entry.sp)))
                error = SOS_ENOMEM;
        if (error) {
                free_objects(p);
                return -error;
        }
        p->state = PROCESS_RUNNING;
        return p->pid;
}

static void orphan_children(int pid)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = &processes.table[i];

                if (p->state == PROCESS_FREE || p->parent != pid)
                        continue;
                p->parent = 0;
                if (p->state == PROCESS_ZOMBIE)
                        process_forget(p);
        }
}

void process_end(struct process *p, int code)
{
        free_objects(p);
        p->exit_code = code;
        p->state = PROCESS_ZOMBIE;
        orphan_children(p->pid);
        if (!p->parent)
                process_forget(p);
}

void process_forget(struct process *p)
{
        p->state = PROCESS_FREE;
}

unsigned long process_consumed(struct process *p)
{
        seL4_SchedContext_Consumed_t used = seL4_SchedContext_Consumed(p->sc.cap);

        p->consumed_us += used.consumed;
        return p->consumed_us;
}
