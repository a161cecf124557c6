/* SPDX-License-Identifier: BSD-2-Clause */
/* See machine.h. */
#include "base/text.h"
#include "os/core/cores.h"
#include "os/device/board.h"
#include "os/device/timer.h"
#include "os/process/driver.h"
#include "os/process/machine_parts.h"
#include "os/process/wire.h"
#include <device/device.h>

enum {
        MONITOR_PRIORITY = 105, /* above what the shell starts, below the shell */
        FIRST_ALARM = TIMER_DRIVER + DRIVERS,
        SLICE_US = 10000,
        MONITOR_US = 8000, /* of each slice: a guest that takes its monitor over leaves some to programs */
        TABLES_BITS = seL4_PageTableBits + 1,
        PIECE = 1 << MACHINE_PIECE_BITS,
        SHARED_PAGES = (sizeof(struct machine_page) + PAGE - 1) / PAGE,
};

static struct {
        struct machine machine[MACHINES];
        struct machine_endpoints e;
        unsigned gic;
        uintptr_t interface;
} machines;

static unsigned number_of(const struct machine *m)
{
        return (unsigned)(m - machines.machine);
}

/* Does the kernel have virtual processors?  A number of the interface that this program is compiled for. */
static bool has_machines(void)
{
        return (unsigned)seL4_ARM_VCPUObject < (unsigned)seL4_ObjectTypeCount;
}

void machines_init(const struct machine_endpoints *e)
{
        machines.e = *e;
        machines.gic = has_machines() ? board_gic(&machines.interface) : 0;
        if (machines.gic)
                wires_init(machines.e.wake, e->network);
}

struct machine *machine_of(unsigned long number)
{
        return number < MACHINES && machines.machine[number].pid ? &machines.machine[number] : NULL;
}

void machine_wake(unsigned long number)
{
        seL4_Signal(machines.e.wake[number]);
}

struct process *machine_process(unsigned long number)
{
        struct machine *m = machine_of(number);

        return m ? process_find(m->pid) : NULL;
}

/* --- what it holds --- */

static bool make_guest_space(struct machine *m)
{
        if (vspace_create(&m->space, &root_cspace)) {
                m->space.root = seL4_CapNull;
                return false;
        }
        if (machines.gic == 2)
                m->interface = vspace_map_device(&m->space, machines.interface, PAGE, MACHINE_GICV) != 0;
        return machines.gic != 2 || m->interface;
}

static bool make_page(struct machine *m)
{
        m->page = vspace_new_pages(&root_vspace, 0, SHARED_PAGES, VSPACE_RW);
        return m->page;
}

static bool make_objects(struct machine *m)
{
        return object_make(&m->faults, seL4_EndpointObject, seL4_EndpointBits) &&
               object_make(&m->empty, seL4_CapTableObject, MACHINE_EMPTY_BITS) &&
               (m->tables = ut_alloc(TABLES_BITS, &root_cspace)) != NULL && make_page(m) &&
               make_guest_space(m);
}

static void free_objects(struct machine *m)
{
        machine_free_processors(m);
        object_free(&m->empty);
        object_free(&m->faults);
        if (m->tables)
                ut_free(m->tables);
        m->tables = NULL;
        if (m->interface)
                vspace_unmap_device(&m->space, MACHINE_GICV, PAGE);
        m->interface = false;
        if (m->space.root)
                vspace_destroy(&m->space);
        m->space.root = seL4_CapNull;
        if (m->page)
                vspace_free_pages(&root_vspace, m->page, SHARED_PAGES);
        m->page = NULL;
        while (m->pieces > 0)
                ut_free(m->piece[--m->pieces]);
}

bool machine_give(const struct process *p, seL4_Word slot, seL4_CPtr cap)
{
        return !seL4_CNode_Copy(p->kernel.cnode.cap, slot, MACHINE_SLOT_BITS, root_cspace.root_cnode, cap,
                                seL4_WordBits, seL4_AllRights);
}

bool machine_equip(struct machine *m, struct process *p)
{
        const struct {
                seL4_Word slot;
                seL4_CPtr cap;
        } gifts[] = {
                {MACHINE_CSPACE, p->kernel.cnode.cap},
                {MACHINE_OWN_SPACE, p->space->vspace.root},
                {MACHINE_GUEST_SPACE, m->space.root},
                {MACHINE_FAULTS, m->faults.cap},
                {MACHINE_SIGNALS, machines.e.signals[number_of(m)]},
                {MACHINE_TABLES, m->tables->cap},
        };

        for (unsigned i = 0; i < sizeof(gifts) / sizeof(gifts[0]); i++) {
                if (!machine_give(p, gifts[i].slot, gifts[i].cap))
                        return false;
        }
        m->page->server.gic = machines.gic;
        return wire_equip_monitor(number_of(m), p, MACHINE_SLOT_BITS, &m->page->server.network) &&
               !seL4_TCB_BindNotification(p->kernel.tcb.cap, machines.e.signals[number_of(m)]) &&
               !vspace_share(&root_vspace, m->page, SHARED_PAGES, &p->space->vspace, MACHINE_SHARED,
                             VSPACE_RW, NULL);
}

/* It has a capability to itself, and would live on with that. */
void machine_release(const struct process *p)
{
        if (p->machine && p->kernel.cnode.cap)
                seL4_CNode_Revoke(root_cspace.root_cnode, p->kernel.cnode.cap, seL4_WordBits);
}

/* --- its life --- */

static struct machine *free_row(void)
{
        for (unsigned i = 0; i < MACHINES; i++) {
                if (!machines.machine[i].pid && !machines.machine[i].name[0])
                        return &machines.machine[i];
        }
        for (unsigned i = 0; i < MACHINES; i++) {
                if (!machines.machine[i].pid)
                        return &machines.machine[i];
        }
        return NULL;
}

static struct machine *named(const char *name)
{
        for (unsigned i = 0; i < MACHINES; i++) {
                if (!strcmp(machines.machine[i].name, name))
                        return &machines.machine[i];
        }
        return NULL;
}

static int start(struct machine *m, const struct machine_start *what, int maker)
{
        char arguments[MACHINE_NAME_MAX + SOS_ARGUMENTS_MAX];
        size_t used = strlen(what->name) + 1;
        struct process_plan plan = {
                .name = what->name,
                .program = node_find(node_root(), "/drv/vmm"),
                .arguments = arguments,
                .argument_count = 1,
                .argument_bytes = used + what->argument_bytes,
                .priority = MONITOR_PRIORITY,
                .budget_us = MONITOR_US,
                .period_us = SLICE_US,
                .maker = maker,
                .machine = m,
                .cores = cores_of_server("vmm"),
        };

        memcpy(arguments, what->name, used);
        memcpy(arguments + used, what->arguments, what->argument_bytes);
        for (unsigned long i = 0; i < what->argument_bytes; i++)
                plan.argument_count += what->arguments[i] == '\0';
        return plan.program ? process_make(&plan) : -SOS_ENOENT;
}

/* From the start, or again. */
static int begin(struct machine *m)
{
        int pid = make_objects(m) ? start(m, &m->what, m->maker) : -SOS_ENOMEM;

        m->pid = pid > 0 ? pid : 0;
        if (pid < 0)
                free_objects(m);
        return pid;
}

int machine_start(const struct machine_start *what, int maker)
{
        struct machine *m = named(what->name);
        int pid;

        if (!machines.gic)
                return -SOS_ENODEV;
        if (m && m->pid)
                return -SOS_EEXIST;
        m = m ? m : free_row();
        if (!m)
                return -SOS_ENFILE;
        *m = (struct machine){.what = *what, .maker = maker};
        memcpy(m->name, what->name, sizeof(m->name));
        pid = begin(m);
        return pid < 0 ? pid : (int)number_of(m);
}

void machine_ended(struct machine *m)
{
        bool again = m->page->state == MACHINE_AGAIN;

        memcpy(m->message, m->page->message, sizeof(m->message));
        m->message[sizeof(m->message) - 1] = '\0';
        m->exits = m->page->exits;
        m->pid = 0;
        timer_wake_at(FIRST_ALARM + number_of(m), 0);
        wire_end(number_of(m));
        free_objects(m);
        if (again)
                begin(m);
}

/* RAM that the kernel keeps for guests is device memory to those who look for RAM. */
static ut_t *kept_piece(void)
{
        uintptr_t start, at;
        size_t bytes;
        ut_t *piece, *found;

        for (unsigned i = 0; board_memory(i, &start, &bytes); i++) {
                for (at = (start + PIECE - 1) & -(uintptr_t)PIECE; at + PIECE <= start + bytes; at += PIECE) {
                        found = ut_find(at);
                        piece = found && found->device ? ut_alloc_at(at, MACHINE_PIECE_BITS, &root_cspace)
                                                       : NULL;
                        if (piece)
                                return piece;
                }
        }
        return NULL;
}

int machine_alarm(const struct process *p, uint64_t us)
{
        if (p->machine)
                timer_wake_apart(FIRST_ALARM + number_of(p->machine), us);
        return p->machine ? 0 : -SOS_EPERM;
}

int machine_take(struct process *p, unsigned long pieces)
{
        struct machine *m = p->machine;

        if (!m)
                return -SOS_EPERM;
        if (pieces > MACHINE_PIECES - m->pieces)
                return -SOS_ENOMEM;
        while (pieces-- > 0) {
                ut_t *piece = kept_piece();

                piece = piece ? piece : ut_alloc(MACHINE_PIECE_BITS, &root_cspace);
                if (!piece)
                        return -SOS_ENOMEM;
                m->piece[m->pieces] = piece;
                if (!machine_give(p, MACHINE_MEMORY + m->pieces++, piece->cap))
                        return -SOS_ENOMEM;
        }
        return 0;
}

/* --- for those who look at it --- */

bool machine_facts(unsigned long number, struct machine_facts *facts)
{
        const struct machine *m;
        const struct machine_page *page;

        if (number >= MACHINES)
                return false;
        m = &machines.machine[number];
        page = m->page;
        *facts = (struct machine_facts){
                .pid = (uint32_t)m->pid, .processors = m->processors, .bytes = (uint64_t)m->pieces * PIECE};
        memcpy(facts->name, m->name, sizeof(facts->name));
        memcpy(facts->message, m->message, sizeof(facts->message));
        facts->gic = machines.gic;
        facts->state = m->name[0] ? MACHINE_ENDED : MACHINE_OFF;
        facts->exits = m->exits;
        if (m->pid) {
                facts->state = page->state;
                facts->exits = page->exits;
                facts->attached = page->server.attached;
        }
        return true;
}
