/* SPDX-License-Identifier: BSD-2-Clause */
/* Making and ending processes; see process.h.  What the program finds on its stack is in image.c.
 *
 * Not with lib/program/threads and lib/program/process: those load everything at once and lay out stack and IPC buffer themselves.  Here
 * pages come when they are touched, fork copies registers, and a CSpace of three capabilities that never change needs no
 * books. */
#include "os/process/process.h"
#include "base/text.h"
#include "os/process/fp.h"
#include "os/process/image.h"
#include "os/process/signal.h"
#include "sos/clock.h"
#include "tessera/extensions.h"

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

struct process *process_of_badge(seL4_Word badge)
{
        struct process *p = &processes.table[(badge >> BADGE_ENTRY_SHIFT) % PROCESSES];

        return p->state != PROCESS_FREE && p->pid == (int)(uint32_t)badge ? p : NULL;
}

static seL4_Word badge_of(const struct process *p)
{
        return (seL4_Word)(p - processes.table) << BADGE_ENTRY_SHIFT | (seL4_Word)p->pid;
}

bool process_lives(const struct process *p)
{
        return p->state == PROCESS_RUNNING || p->state == PROCESS_WAITING;
}

struct process *process_named(const char *name)
{
        struct process *found = NULL;

        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = &processes.table[i];

                if (process_lives(p) && !strcmp(p->name, name) && (!found || p->pid > found->pid))
                        found = p;
        }
        return found;
}

static struct process *free_entry(const struct process *parent)
{
        unsigned used = 0, relatives = 0;
        struct process *found = NULL;

        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = &processes.table[i];

                if (p->state == PROCESS_FREE) {
                        found = found ? found : p;
                        continue;
                }
                used++;
                relatives += parent && parent->family && p->family == parent->family;
        }
        if (parent && parent->family && (relatives >= parent->limit || used >= PROCESSES - PROCESS_RESERVE))
                return NULL;
        return found;
}

/* Whatever a family does, others find entries: it holds a part of the table at most, and not the last ones, which are for
 * what the first process starts itself.  Zombies count, and so do those whose parents have ended. */
static struct process *take_entry(const struct process *parent)
{
        struct process *p = free_entry(parent);

        if (p) {
                memset(p, 0, sizeof(*p));
                p->pid = ++processes.last_pid;
                p->family = !parent ? 0 : parent->family ? parent->family : p->pid;
                p->limit = parent ? parent->limit : PROCESS_FAMILY;
                p->directory = node_root();
                p->started_us = clock_us();
        }
        return p;
}

static bool mint_into(struct process *p, seL4_Word slot, seL4_CPtr endpoint)
{
        seL4_CapRights_t rights = seL4_CapRights_new(1, 0, 0, 1); /* write, and be answered */

        return !seL4_CNode_Mint(p->cnode.cap, slot, PROCESS_SLOT_BITS, root_cspace.root_cnode, endpoint,
                                seL4_WordBits, rights, badge_of(p));
}

static bool make_cspace(struct process *p, bool console)
{
        const struct process_endpoints *e = &processes.endpoint;

        return object_make(&p->cnode, seL4_CapTableObject, PROCESS_SLOT_BITS) &&
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
        seL4_CPtr slot = cspace_alloc_slot(&root_cspace);
        bool done = slot != seL4_CapNull &&
                    !cspace_mint(&root_cspace, slot, &root_cspace, e->server, rights,
                                 BADGE_FAULT | badge_of(p)) &&
                    !seL4_TCB_SetSchedParams(p->tcb.cap, seL4_CapInitThreadTCB, 0, p->priority, p->sc.cap,
                                             slot) &&
                    (!p->tell_budget || !seL4_TCB_SetTimeoutEndpoint(p->tcb.cap, slot));

        cspace_discard(&root_cspace, slot);
        return done;
}

/* Linux programs have no use for an IPC buffer. */
static bool make_thread(struct process *p)
{
        const struct process_endpoints *e = &processes.endpoint;
        seL4_CPtr buffer = p->foreign ? seL4_CapNull : space_page_cap(p->space, BUFFER_ADDRESS);
        seL4_Word guard = seL4_CNode_CapData_new(0, seL4_WordBits - PROCESS_SLOT_BITS).words[0];

        return object_make(&p->tcb, seL4_TCBObject, seL4_TCBBits) &&
               object_make(&p->sc, seL4_SchedContextObject, SC_BITS) &&
               !seL4_SchedControl_ConfigureFlags(e->sched_control, p->sc.cap, p->budget_us, p->period_us, 0,
                                                 (seL4_Word)p->pid, 0) &&
               !seL4_TCB_Configure(p->tcb.cap, p->cnode.cap, guard, p->space->vspace.root, seL4_NilData,
                                   buffer ? BUFFER_ADDRESS : 0, buffer) &&
               connect_faults(p);
}

void process_start(struct process *p)
{
        seL4_TCB_Resume(p->tcb.cap);
}

/* It does not run yet. */
static bool set_registers(struct process *p, const seL4_UserContext *registers, seL4_Word count)
{
        seL4_UserContext copy = *registers;

        seL4_Word flag = TESSERA_TCBFlag_svcFaults; /* ignored by a kernel whose image has no extensions */

        if (p->foreign && !(seL4_TCB_SetFlags(p->tcb.cap, 0, flag).flags & flag))
                return false;
        return !seL4_TCB_WriteRegisters(p->tcb.cap, false, 0, count, &copy);
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

static void close_files(struct process *p)
{
        for (int i = 0; i < PROCESS_FILES; i++) {
                if (p->file[i])
                        file_close(p->file[i]);
                p->file[i] = NULL;
        }
        node_close(p->directory);
}

static bool open_console(struct process *p)
{
        struct node *console = node_find(node_root(), "/dev/console");

        node_open(p->directory);
        p->file[0] = file_open(console, O_RDWR);
        if (!p->file[0])
                return false;
        for (int i = 1; i < 3; i++) {
                p->file[i] = p->file[0];
                file_share(p->file[0]);
        }
        return true;
}

static struct region signal_code_region(void)
{
        return (struct region){.start = SIGNAL_CODE,
                               .end = SIGNAL_CODE + PAGE,
                               .access = SPACE_READ | SPACE_EXECUTE,
                               .kind = REGION_BUFFER,
                               .file = signal_code,
                               .file_start = SIGNAL_CODE,
                               .file_size = (seL4_Word)(signal_code_end - signal_code)};
}

/* Space, objects and registers for the image; 0 or SOS_E*. */
static int load(struct process *p, const struct process_plan *plan)
{
        seL4_UserContext registers = {0};
        struct image_entry entry;
        int error;

        p->space = space_create();
        if (!p->space)
                return SOS_ENOMEM;
        error = image_load(p->space, plan, BUFFER_ADDRESS, &entry);
        if (error)
                return error;
        registers.pc = entry.pc;
        registers.sp = entry.sp;
        p->foreign = !entry.native;
        if (p->foreign && !space_add(p->space, signal_code_region()))
                return SOS_ENOEXEC;
        if (!make_buffer(p) || !make_cspace(p, plan->serial) || !make_thread(p))
                return SOS_ENOMEM;
        return set_registers(p, &registers, TCB_REGISTERS) ? 0 : SOS_ENOEXEC;
}

static void rename_process(struct process *p, const char *name)
{
        for (const char *s = name; *s; s++) {
                if (*s == '/' && s[1])
                        name = s + 1;
        }
        string_cut(p->name, name, sizeof(p->name)); /* for people: its beginning will do */
}

int process_make(const struct process_plan *plan)
{
        struct process *p = take_entry(process_find(plan->parent ? plan->parent : plan->maker));
        int error;

        if (!p)
                return -SOS_EAGAIN;
        rename_process(p, plan->name);
        p->priority = plan->priority;
        p->budget_us = plan->budget_us;
        p->period_us = plan->period_us;
        p->parent = plan->parent;
        p->group = plan->group ? plan->group : p->pid;
        p->tell_budget = plan->tell_budget;
        p->serial = plan->serial;
        error = open_console(p) ? load(p, plan) : SOS_ENOMEM;
        if (error) {
                free_objects(p);
                close_files(p);
                return -error;
        }
        p->state = PROCESS_RUNNING;
        process_start(p);
        return p->pid;
}

/* The new program gets new objects; the old ones go only when that worked. */
int process_exec(struct process *p, const struct process_plan *plan)
{
        struct object tcb = p->tcb, sc = p->sc, cnode = p->cnode;
        struct space *space = p->space;
        bool foreign = p->foreign;
        int error;

        p->tcb = p->sc = p->cnode = (struct object){0};
        p->space = NULL;
        error = load(p, plan);
        if (error) {
                free_objects(p);
                p->tcb = tcb;
                p->sc = sc;
                p->cnode = cnode;
                p->space = space;
                p->foreign = foreign;
                return -error;
        }
        p->consumed_us += seL4_SchedContext_Consumed(sc.cap).consumed;
        p->old[0] = tcb;
        p->old[1] = sc;
        p->old[2] = cnode;
        p->call.space = space;
        signals_for_exec(&p->signals);
        rename_process(p, plan->name);
        for (int i = 0; i < PROCESS_FILES; i++) {
                if (p->file[i] && p->close_on_exec[i]) {
                        file_close(p->file[i]);
                        p->file[i] = NULL;
                }
        }
        return 0;
}

void process_free_old(struct process *p)
{
        for (int i = 0; i < 3; i++)
                object_free(&p->old[i]);
}

static void share_files(const struct process *from, struct process *to)
{
        memcpy(to->file, from->file, sizeof(to->file));
        memcpy(to->close_on_exec, from->close_on_exec, sizeof(to->close_on_exec));
        for (int i = 0; i < PROCESS_FILES; i++) {
                if (to->file[i])
                        file_share(to->file[i]);
        }
        to->directory = from->directory;
        node_open(to->directory);
}

static bool copy_thread(struct process *from, struct process *to, const struct process_fork *how)
{
        seL4_UserContext registers;
        struct fp_state fp;

        if (!make_cspace(to, false) || !make_thread(to))
                return false;
        if (!fp_read(from->tcb.cap, &fp) || !fp_write(to->tcb.cap, &fp))
                return false;
        if (seL4_TCB_ReadRegisters(from->tcb.cap, false, 0, sizeof(registers) / sizeof(seL4_Word),
                                   &registers))
                return false;
        registers.pc = from->call.pc + 4;
        registers.x0 = 0;
        if (how->sp)
                registers.sp = how->sp;
        if (how->thread_pointer)
                registers.tpidr_el0 = how->tp;
        return set_registers(to, &registers, sizeof(registers) / sizeof(seL4_Word));
}

bool process_may_fork(const struct process *p)
{
        return free_entry(p);
}

int process_fork(struct process *p, const struct process_fork *how)
{
        struct process *child = take_entry(p);

        if (!child)
                return -SOS_EAGAIN;
        memcpy(child->name, p->name, sizeof(child->name));
        child->priority = p->priority;
        child->budget_us = p->budget_us;
        child->period_us = p->period_us;
        child->parent = p->pid;
        child->foreign = p->foreign;
        child->group = p->group;
        signals_for_fork(&child->signals, &p->signals);
        share_files(p, child);
        child->space = how->same_space ? space_use(p->space) : p->call.space;
        if (!copy_thread(p, child, how)) {
                if (!how->same_space)
                        child->space = NULL;
                free_objects(child);
                close_files(child);
                return -SOS_ENOMEM;
        }
        if (!how->same_space)
                p->call.space = NULL;
        child->state = PROCESS_RUNNING;
        process_start(child);
        return child->pid;
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

void process_stop(struct process *p, int code)
{
        p->consumed_us = process_consumed(p);
        seL4_TCB_Suspend(p->tcb.cap);
        wait_leave(&p->call.waiter);
        alarm_set(&p->call.deadline, NULL, 0);
        alarm_set(&p->signals.alarm, NULL, 0);
        p->exit_code = code;
        p->state = PROCESS_ENDING;
}

/* What it had besides memory. */
static void give_back(struct process *p)
{
        object_free(&p->tcb);
        object_free(&p->sc);
        object_free(&p->cnode);
        process_free_old(p);
        close_files(p);
        p->directory = NULL;
}

/* One piece of its memory; and of what it was just making or ending. */
static bool end_memory(struct process *p)
{
        struct space **s = p->call.space ? &p->call.space : &p->space;

        if (*s && !space_end_some(*s))
                return false;
        *s = NULL;
        return !p->space;
}

bool process_end_some(struct process *p)
{
        if (p->directory) {
                give_back(p);
                return false;
        }
        if (!end_memory(p))
                return false;
        p->state = PROCESS_ZOMBIE;
        wait_wake(&p->ended);
        orphan_children(p->pid);
        if (!p->parent)
                process_forget(p);
        return true;
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
