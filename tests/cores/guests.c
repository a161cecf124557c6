/* SPDX-License-Identifier: BSD-2-Clause */
/* See guests.h. */
#include "tests/cores/guests.h"
#include "arch/host/host.h"
#include "arch/host/host_cores.h"
#include "chain/binding.h"
#include "core/guest.h"
#include "core/platform.h"
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tests/lib/test.h"
#include "tests/lib/user.h"
#include "thread/registers.h"
#include "trap/exception.h"

#include <string.h>

enum {
        BUDGET = 10000,
        DEPTH = 64,
        LOW = 90,
        EQUAL = 100,
        HIGH = 110,
        PC = 0x10000,
        OTHER_PC = 0x20000,
        TPIDR = VCPU_VMPIDR - 1
};
enum { SET_TCB = 55, INJECT, READ_REGISTER, WRITE_REGISTER, ACKNOWLEDGE }; /* labels of a VCPU */
enum { CLASS_WFX = 1, TIMER_ON = 1, PENDING_IRQ = 40, WRITTEN = 0x700, BY_ITSELF = 7, FIRST = 0x100 };
enum { HOME = 3, OTHER_HOME = 0, GUESTS = 2, VCPUS = 3 };

enum slots {
        FAULTS,
        BELL,
        VCPU,
        GUEST = VCPU + VCPUS,
        CALLER = GUEST + GUESTS * USER_THREAD_SLOTS,
        SLOTS = CALLER + 2 * USER_THREAD_SLOTS
};

static struct {
        word slot, control;
        struct thread *guest[GUESTS], *caller[CALLERS];
        struct vcpu *vcpu[VCPUS];
        struct job job[CALLERS];
        bool held;
} g;

static word at(enum slots slot)
{
        return g.slot + slot;
}

/* --- the machine before any operation */

static struct thread *thread_on(word core, enum slots slot, word priority)
{
        struct thread *t = user_thread_on(core, at(slot), priority, BUDGET, BUDGET);

        CHECK_EQUAL(user_set_time(at(slot), at(slot) + 1, priority, at(FAULTS)), 0);
        return t;
}

static void invoke(word vcpu, word label, word length, word a, word b, word cap)
{
        CHECK_EQUAL(user_invoke(at(VCPU) + vcpu, &(struct message){.label = label,
                                                                   .length = length,
                                                                   .word = {a, b},
                                                                   .caps = cap != 0,
                                                                   .cap = {cap}}),
                    0);
}

static void make_guest(word n, word core, word priority)
{
        word tcb = GUEST + n * USER_THREAD_SLOTS;

        g.guest[n] = thread_on(core, tcb, priority);
        invoke(n, SET_TCB, 0, 0, 0, at(tcb));
        invoke(n, INJECT, 1, PENDING_IRQ + n, 0, 0);
}

/* The user level of core 0. */
static void root(void)
{
        g.slot = user_bootinfo()->empty.start;
        g.control = user_bootinfo()->sched_control.start;
        CHECK(user_bootinfo()->empty.end - g.slot > SLOTS);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_ENDPOINT, 0, at(FAULTS), 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, at(BELL), 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_VCPU, 0, at(VCPU), VCPUS), 0);
        for (word n = 0; n < VCPUS; n++) {
                g.vcpu[n] = cap_object(user_cap(at(VCPU) + n));
                for (word r = 1; r < VCPU_CNTV_CTL; r++)
                        invoke(n, WRITE_REGISTER, 2, r, FIRST * (n + 1) + r, 0);
        }
        make_guest(0, HOME, HIGH);
        make_guest(1, OTHER_HOME, EQUAL);
        for (word me = 0; me < CALLERS; me++) {
                g.caller[me] = thread_on(1 + me, CALLER + me * USER_THREAD_SLOTS, EQUAL);
                CHECK_EQUAL(user_start(at(CALLER) + me * USER_THREAD_SLOTS, PC), 0);
        }
        for (word n = 0; n < GUESTS; n++)
                CHECK_EQUAL(user_start(at(GUEST) + n * USER_THREAD_SLOTS, PC), 0);
        user_step_back(LOW); /* the other guest runs */
}

static void make(void)
{
        word (*choice)(word able, word last) = machine_choice;

        memset(&g, 0, sizeof(g));
        machine_hypervisor = 40;
        machine_choice = NULL;
        machine_make(root);
        machine_hypervisor = 0;
        machine_run();
        machine_check();
        CHECK(kernel.peer[HOME]->guest == g.vcpu[0] && kernel.peer[OTHER_HOME]->guest == g.vcpu[1]);
        machine_choice = choice;
        machine_steps = 0;
}

/* --- what is asked for */

static struct message about(word label, word length, word a, word b, word cap)
{
        return (struct message){
                .label = label, .length = length, .word = {a, b}, .caps = cap != 0, .cap = {cap}};
}

static struct message about_vcpu(enum guest_operation o, word me)
{
        switch (o) {
        case GO_BIND_OTHER:
                return about(SET_TCB, 0, 0, 0, at(GUEST) + USER_THREAD_SLOTS);
        case GO_BIND_SPARE:
                return about(SET_TCB, 0, 0, 0, at(GUEST));
        case GO_READ:
        case GO_READ_SHARED:
                return about(READ_REGISTER, 1, o == GO_READ ? TPIDR : VCPU_CPACR, 0, 0);
        case GO_WRITE:
        case GO_WRITE_SHARED:
                return about(WRITE_REGISTER, 2, o == GO_WRITE ? TPIDR : VCPU_CPACR, WRITTEN + me, 0);
        case GO_INJECT:
                return about(INJECT, 1, (PENDING_IRQ + 10 + me) | (word)1 << 32, 0, 0);
        default:
                return about(ACKNOWLEDGE, 1, HOST_GUEST_TIMER_IRQ, 0, 0);
        }
}

static struct message about_thread(enum guest_operation o, word me)
{
        switch (o) {
        case GO_MOVE:
        case GO_MOVE_OTHER:
                return (struct message){.label = LABEL_SCHED_CONTROL_CONFIGURE_FLAGS,
                                        .length = 5,
                                        .word = {BUDGET, BUDGET},
                                        .caps = 1,
                                        .cap = {at(GUEST) + (o == GO_MOVE_OTHER) * USER_THREAD_SLOTS + 1}};
        case GO_SUSPEND:
                return about(LABEL_TCB_SUSPEND, 0, 0, 0, 0);
        case GO_RESUME:
                return about(LABEL_TCB_RESUME, 0, 0, 0, 0);
        case GO_THREAD_READ:
                return about(LABEL_TCB_READ_REGISTERS, 2, me, 1, 0);
        case GO_THREAD_WRITE:
                return (struct message){.label = LABEL_TCB_WRITE_REGISTERS,
                                        .length = 3,
                                        .word = {0, 1, OTHER_PC + 0x1000 * me}};
        default:
                return about(LABEL_CNODE_DELETE, 2, o == GO_DELETE ? at(VCPU) : at(GUEST), DEPTH, 0);
        }
}

static word named(enum guest_operation o)
{
        if (o <= GO_ACKNOWLEDGE)
                return at(VCPU) + (o == GO_BIND_SPARE ? VCPUS - 1 : 0);
        if (o == GO_MOVE || o == GO_MOVE_OTHER)
                return g.control + (o == GO_MOVE ? OTHER_HOME : HOME);
        return o == GO_DELETE || o == GO_DELETE_THREAD ? SLOT_INIT_CNODE : at(GUEST);
}

/* --- what the guest does */

static void writes(struct job *job)
{
        host_guest_set(TPIDR, BY_ITSELF);
        job->state = JOB_DONE;
}

static void sets_timer(struct job *job)
{
        host_guest_set(VCPU_CNTV_CVAL, 0);
        host_guest_set(VCPU_CNTV_CTL, TIMER_ON);
        job->state = JOB_DONE;
}

static void ends(struct job *job)
{
        word list = host_guest_take();

        if (list < HOST_LISTS)
                host_guest_end(list);
        job->state = JOB_DONE;
}

/* It waits for an interrupt, until its handler has heard of that. */
static void traps(struct job *job)
{
        struct thread *t = job->thread;

        t->context.restart = t->context.pc;
        host_exception((word)CLASS_WFX << 26, 0);
        if (t->fault.type)
                job->state = JOB_DONE;
}

static void ask(word me, enum operation operation)
{
        static void (*const act[])(struct job * job) = {[GO_ITSELF_WRITES] = writes,
                                                        [GO_ITSELF_TRAPS] = traps,
                                                        [GO_ITSELF_SETS_TIMER] = sets_timer,
                                                        [GO_ITSELF_ENDS] = ends};
        enum guest_operation o = (enum guest_operation)operation;
        struct job *job = &g.job[me];

        *job = (struct job){.thread = g.guest[0]};
        if (o == GO_ITSELF_CALLS) {
                job->number = USER_SEND;
                job->cptr = at(BELL);
        } else if (o > GO_THREAD_WRITE) {
                job->act = act[o];
        } else {
                *job = (struct job){.thread = g.caller[me], .number = USER_CALL, .cptr = named(o)};
                job->message = o <= GO_ACKNOWLEDGE ? about_vcpu(o, me) : about_thread(o, me);
        }
        machine_ask(job);
}

/* What the guest has caused becomes a fault later: its lines wait. */
static void hold(word callers)
{
        bool held = callers;

        for (word n = 0; n < MACHINE_CORES && held != g.held; n++) {
                host_core_is(n);
                if (held || this_core()->guest_timer_open)
                        (held ? platform.irq.mask : platform.irq.unmask)(HOST_GUEST_TIMER_IRQ);
                (held ? platform.irq.mask : platform.irq.unmask)(HOST_MAINTENANCE_IRQ);
        }
        host_core_is(0);
        g.held = held;
}

/* --- the state after that */

static word mixed(word hash, word value)
{
        hash = (hash ^ value) * 0x9e3779b97f4a7c15;
        return hash ^ hash >> 29;
}

static word of_thread(word hash, const struct thread *t)
{
        hash = mixed(hash,
                     t->state | (word)t->priority << 8 | (word)t->domain << 16 | (word)t->in_ready << 24);
        hash = mixed(mixed(hash, (word)t->sc), (word)t->vcpu);
        hash = mixed(mixed(hash, t->context.pc), t->context.spsr);
        hash = mixed(hash, t->fault.type ? t->fault.type << 32 | t->fault.user.number : 0);
        return mixed(hash, (word)(t == kernel.peer[t->domain]->current));
}

/* The core that has it in its machine; MACHINE_CORES: none. */
static word core_of_vcpu(const struct vcpu *v)
{
        word found = MACHINE_CORES;

        for (word n = 0; n < MACHINE_CORES; n++) {
                if (kernel.peer[n]->vcpu != v)
                        continue;
                CHECK(found == MACHINE_CORES);
                found = n;
        }
        return found;
}

/* Its registers, wherever they are. */
static word of_vcpu(word hash, struct vcpu *v)
{
        word core = core_of_vcpu(v);
        bool resident = core < MACHINE_CORES;

        host_core_is(resident ? core : 0);
        for (word n = 0; n < VCPU_REGISTERS; n++) {
                bool stays = n >= VCPU_RANGE_FIRST && n <= VCPU_RANGE_LAST;
                bool there = resident && (stays || this_core()->guest == v);
                hash = mixed(hash, there ? host_guest_register(n) : v->reg[n]);
        }
        for (word i = 0; i < HOST_LISTS; i++)
                hash = mixed(hash, resident ? host_guest_list(i) : v->interface.list[i]);
        host_core_is(0);
        return mixed(mixed(hash, (word)v->thread), v->timer_masked);
}

static word digest(void)
{
        word hash = 1;

        for (struct thread *t = kernel.threads; t; t = t->all_next)
                hash = of_thread(hash, t);
        for (word n = 0; n < VCPUS; n++) {
                if (cap_kind(user_cap(at(VCPU) + n)) == CAP_VCPU)
                        hash = of_vcpu(mixed(hash, n), g.vcpu[n]);
        }
        for (word s = 0; s < SLOTS; s++) {
                struct cap c = user_cap(at(s));
                word half[sizeof(c) / sizeof(word)];
                memcpy(half, &c, sizeof(c));
                hash = mixed(mixed(hash, half[0]), half[1]);
        }
        for (word me = 0; me < CALLERS; me++) {
                if (g.job[me].thread == g.caller[me])
                        hash = mixed(mixed(hash, g.job[me].answer), g.caller[me]->context.x[REG_MESSAGE]);
        }
        return mixed(hash, ((const struct notification *)cap_object(user_cap(at(BELL))))->raised);
}

static const char *const name[GUEST_OPERATIONS] = {
        "bind-other",   "bind-spare",    "read",         "read-shared",  "write",
        "write-shared", "inject",        "acknowledge",  "delete",       "delete-thread",
        "move",         "move-other",    "suspend",      "resume",       "thread-read",
        "thread-write", "itself-writes", "itself-calls", "itself-traps", "itself-sets-timer",
        "itself-ends"};

const struct world guests = {make, ask, hold, digest, name};

/* --- one after the other */

static word read_after(enum guest_operation o, enum guest_operation reads)
{
        make();
        if (o < GUEST_OPERATIONS) {
                ask(0, (enum operation)o);
                machine_run();
        }
        ask(1, (enum operation)reads);
        machine_run();
        machine_check();
        CHECK(g.job[1].state == JOB_DONE && g.job[1].answer == 0);
        return g.caller[1]->context.x[REG_MESSAGE];
}

/* Its fault, when it was moved before that could be reported. */
static word fault_after_move(enum guest_operation o)
{
        make();
        hold(3);
        ask(0, (enum operation)o);
        machine_run();
        ask(1, (enum operation)GO_MOVE);
        machine_run();
        hold(0);
        machine_run();
        machine_check();
        CHECK(g.guest[0]->domain == OTHER_HOME && g.guest[0]->state == SENDING);
        return g.guest[0]->fault.type;
}

void guests_one_by_one(void)
{
        CHECK_EQUAL(read_after(GUEST_OPERATIONS, GO_READ), FIRST + TPIDR);
        CHECK_EQUAL(read_after(GUEST_OPERATIONS, GO_READ_SHARED), FIRST + VCPU_CPACR);
        CHECK_EQUAL(read_after(GO_WRITE, GO_READ), WRITTEN);
        CHECK_EQUAL(read_after(GO_WRITE_SHARED, GO_READ_SHARED), WRITTEN);
        CHECK_EQUAL(read_after(GO_ITSELF_WRITES, GO_READ), BY_ITSELF);
        CHECK_EQUAL(read_after(GO_MOVE, GO_READ), FIRST + TPIDR);
        CHECK_EQUAL(fault_after_move(GO_ITSELF_SETS_TIMER), FAULT_VPPI_EVENT);
        CHECK_EQUAL(fault_after_move(GO_ITSELF_ENDS), FAULT_VGIC_MAINTENANCE);
}
