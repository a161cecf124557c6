/* SPDX-License-Identifier: BSD-2-Clause */
/* Making processes; see process.h.  What the program finds on its stack is in image.c,
 * how it becomes another one in process_exec.c.
 *
 * This does not use lib/program/threads and lib/program/process: they load everything at once and lay out stack and IPC buffer themselves.
 * Here pages appear when they are touched, fork copies registers, and a CSpace of three capabilities that never change needs no records. */
#include "os/process/process.h"
#include "base/text.h"
#include "caps/fp.h"
#include "os/core/refusals.h"
#include "os/core/trace.h"
#include "os/process/driver.h"
#include "os/process/family.h"
#include "os/process/filters.h"
#include "os/process/image.h"
#include "os/process/keys.h"
#include "os/process/limits.h"
#include "os/process/machine.h"
#include "os/process/process_parts.h"
#include "os/process/signals/signal.h"
#include "os/process/spread.h"
#include "os/process/tracee.h"
#include "os/process/vdso.h"
#include "sos/clock.h"
#include "tessera/extensions.h"

enum { SC_BITS = 8, TCB_REGISTERS = 2 };

static struct process_endpoints endpoints;

void process_init(const struct process_endpoints *e)
{
        endpoints = *e;
}

static seL4_Word slot_bits(const struct process *p)
{
        return p->machine ? (seL4_Word)MACHINE_SLOT_BITS : (seL4_Word)PROCESS_SLOT_BITS;
}

static bool mint_into(struct process *p, seL4_Word slot, seL4_CPtr endpoint)
{
        seL4_CapRights_t rights = seL4_CapRights_new(1, 0, 0, 1); /* write, and be answered */

        return !seL4_CNode_Mint(p->kernel.cnode.cap, slot, slot_bits(p), root_cspace.root_cnode, endpoint,
                                seL4_WordBits, rights, task_badge(p));
}

static bool make_cspace(struct process *p)
{
        return object_make(&p->kernel.cnode, seL4_CapTableObject, slot_bits(p)) &&
               mint_into(p, SOS_SLOT_SERVER, endpoints.server);
}

static bool make_driver_cspace(struct process *p)
{
        return object_make(&p->kernel.cnode, seL4_CapTableObject, PROCESS_SLOT_BITS) &&
               driver_equip(p->driver, p);
}

static bool make_buffer(struct process *p)
{
        struct region r = {.start = PROCESS_BUFFER,
                           .end = PROCESS_BUFFER + PAGE,
                           .access = SPACE_READ | SPACE_WRITE,
                           .kind = REGION_BUFFER};

        return space_add(p->space, r) && space_fault(p->space, PROCESS_BUFFER, SPACE_WRITE) == SPACE_OK;
}

/* Faults and exhausted budgets come to the server under the process's fault badge. */
static bool connect_faults(struct process *p)
{
        const struct process_endpoints *e = &endpoints;
        seL4_CapRights_t rights = seL4_CapRights_new(1, 0, 0, 1);
        seL4_CPtr slot = cspace_alloc_slot(&root_cspace);
        bool done = slot != seL4_CapNull &&
                    !cspace_mint(&root_cspace, slot, &root_cspace, e->server, rights,
                                 BADGE_FAULT | task_badge(p)) &&
                    !seL4_TCB_SetSchedParams(p->kernel.tcb.cap, seL4_CapInitThreadTCB, 0, p->time.priority,
                                             p->kernel.sc.cap, slot) &&
                    (!p->kind.tell_budget || !seL4_TCB_SetTimeoutEndpoint(p->kernel.tcb.cap, slot));

        cspace_discard(&root_cspace, slot);
        return done;
}

bool task_set_turn(const struct process *p)
{
        return !seL4_SchedControl_ConfigureFlags(core_control(p->cpu.core), p->kernel.sc.cap,
                                                 p->time.budget_us, p->time.period_us, 0, (seL4_Word)p->pid,
                                                 0);
}

/* Linux programs have no use for an IPC buffer. */
static bool make_thread(struct process *p)
{
        seL4_CPtr buffer = p->kind.foreign ? seL4_CapNull : space_page_cap(p->space, PROCESS_BUFFER);
        seL4_Word guard = seL4_CNode_CapData_new(0, seL4_WordBits - slot_bits(p->leader)).words[0];
        seL4_CPtr cnode = p->leader->kernel.cnode.cap;

        return object_make(&p->kernel.tcb, seL4_TCBObject, seL4_TCBBits) &&
               object_make(&p->kernel.sc, seL4_SchedContextObject, SC_BITS) && task_set_turn(p) &&
               !seL4_TCB_Configure(p->kernel.tcb.cap, cnode, guard, p->space->vspace.root, seL4_NilData,
                                   buffer ? PROCESS_BUFFER : 0, buffer) &&
               connect_faults(p);
}

void process_start(struct process *p)
{
        trace_known(p->kernel.tcb.cap, p->name, p->pid);
        refusals_name(p->kernel.tcb.cap, p->name, p->pid);
        p->job.halted = process_halts(p);
        if (!p->job.halted)
                seL4_TCB_Resume(p->kernel.tcb.cap);
}

/* It does not run yet. */
static bool set_registers(struct process *p, const seL4_UserContext *registers, seL4_Word count)
{
        seL4_UserContext copy = *registers;

        seL4_Word flag = TESSERA_TCBFlag_svcFaults; /* ignored by a kernel whose image has no extensions */

        if (p->kind.foreign && !(seL4_TCB_SetFlags(p->kernel.tcb.cap, 0, flag).flags & flag))
                return false;
        return !seL4_TCB_WriteRegisters(p->kernel.tcb.cap, false, 0, count, &copy);
}

void task_free_thread(struct process *p)
{
        object_free(&p->kernel.tcb);
        object_free(&p->kernel.sc);
}

void task_free_objects(struct process *p)
{
        task_free_thread(p);
        machine_release(p);
        object_free(&p->kernel.cnode);
        if (p->space)
                space_destroy(p->space);
        p->space = NULL;
}

/* Undo a process that could not be completed. */
static void undo(struct process *p)
{
        task_free_objects(p);
        while (!descriptors_drop_some(p->files))
                ;
        place_drop(p->place);
        handlers_drop(p->handlers);
        task_leave(p);
}

static bool open_console(struct process *p, struct file *input)
{
        struct node *console = node_find(node_root(), "/dev/console");
        struct file *f = p->files ? file_open(console, O_RDWR) : NULL;

        if (!f)
                return false;
        for (seL4_Word i = 0; i < 3; i++) {
                descriptor_set(p->files, i, i || !input ? f : input, false);
                file_share(i || !input ? f : input);
        }
        file_close(f);
        return true;
}

static bool make_common(struct process *p, struct file *input)
{
        p->files = descriptors_make();
        p->place = place_make();
        p->handlers = handlers_make();
        return open_console(p, input) && p->place && p->handlers;
}

static bool make_kernel_objects(struct process *p, const struct process_plan *plan)
{
        if (!make_buffer(p) || !(plan->driver ? make_driver_cspace(p) : make_cspace(p)) || !make_thread(p))
                return false;
        return plan->driver ? space_fix(p->space) : !p->machine || machine_equip(p->machine, p);
}

/* Space, objects and registers for the image; 0 or -SOS_E*. */
int task_load(struct process *p, const struct process_plan *plan)
{
        seL4_UserContext registers = {0};
        struct image_entry entry;
        int error;

        p->space = space_create();
        if (!p->space)
                return -SOS_ENOMEM;
        error = image_load(p->space, plan, &entry);
        if (error)
                return error;
        registers.pc = entry.pc;
        registers.sp = entry.sp;
        p->kind.foreign = !entry.native;
        if (p->kind.foreign && !vdso_add(p->space))
                return -SOS_ENOEXEC;
        if (!make_kernel_objects(p, plan))
                return -SOS_ENOMEM;
        return set_registers(p, &registers, TCB_REGISTERS) ? 0 : -SOS_ENOEXEC;
}

void task_rename(struct process *p, const char *name)
{
        for (const char *s = name; *s; s++) {
                if (*s == '/' && s[1])
                        name = s + 1;
        }
        string_cut(p->name, name, sizeof(p->name)); /* only for display: it may be truncated */
}

int process_make(const struct process_plan *plan)
{
        int error, maker = plan->parent ? plan->parent : plan->maker;
        struct process *p = task_take_entry(process_find(maker), plan->group);

        if (!p)
                return -SOS_EAGAIN;
        if (plan->number)
                task_renumber(p, plan->number);
        task_rename(p, plan->name);
        p->time.priority = plan->priority;
        p->time.budget_us = plan->budget_us;
        p->time.period_us = plan->period_us;
        p->time.charged = plan->budget_us < plan->period_us && !plan->driver;
        p->cpu.set = (uint8_t)(plan->cores ? plan->cores : cores_all());
        p->cpu.core = (uint8_t)spread_core(p->cpu.set, process_find(plan->maker));
        p->parent = plan->parent;
        p->end.end_signal = SIGNAL_CHLD;
        p->kind.tell_budget = plan->tell_budget;
        p->kind.serial = plan->serial;
        p->driver = plan->driver;
        p->machine = plan->machine;
        error = make_common(p, plan->input) ? task_load(p, plan) : -SOS_ENOMEM;
        if (error) {
                undo(p);
                return error;
        }
        p->state = PROCESS_RUNNING;
        process_start(p);
        return p->pid;
}

void task_shares_files(struct process *from, struct process *to, const struct process_fork *how)
{
        from->files->users += how->same_files;
        from->call.files.shared |= how->same_files;
        to->call.files.shared = how->same_files;
}

static bool copy_common(struct process *from, struct process *to, const struct process_fork *how)
{
        to->files = how->same_files ? from->files : descriptors_copy(from->files);
        to->place = how->same_place ? from->place : place_copy(from->place);
        to->handlers = how->same_handlers ? from->handlers : handlers_copy(from->handlers);
        task_shares_files(from, to, how);
        from->place->users += how->same_place;
        from->handlers->users += how->same_handlers;
        return to->files && to->place && to->handlers;
}

bool task_copy_thread(struct process *from, struct process *to, const struct process_fork *how)
{
        seL4_UserContext registers;
        struct fp_state fp;

        if (!make_thread(to) || !fp_read(from->kernel.tcb.cap, &fp) || !fp_write(to->kernel.tcb.cap, &fp))
                return false;
        if (seL4_TCB_ReadRegisters(from->kernel.tcb.cap, false, 0, sizeof(registers) / sizeof(seL4_Word),
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
        return family_entry(p->leader, p->leader->group) != NULL;
}

int process_fork(struct process *p, const struct process_fork *how)
{
        struct process *child = task_take_entry(p->leader, p->leader->group);

        if (!child)
                return -SOS_EAGAIN;
        task_inherit(child, p);
        child->parent = p->leader->pid;
        child->end.end_signal = SIGNAL_CHLD;
        child->kind.foreign = p->kind.foreign;
        signals_for_fork(child, p, how->same_space);
        child->space = how->same_space ? space_use(p->space) : p->call.space;
        if (!copy_common(p, child, how) || !make_cspace(child) || !task_copy_thread(p, child, how)) {
                if (!how->same_space)
                        child->space = NULL;
                undo(child);
                return -SOS_ENOMEM;
        }
        if (!how->same_space)
                p->call.space = NULL;
        keys_inherit(child, p);
        filters_inherit(child, p);
        child->state = PROCESS_RUNNING;
        if (process_limit(child, LIMIT_CPU)->now != UINT64_MAX)
                limits_watch(child);
        return child->pid;
}
