/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests on the simulated machine (spec el2.md 2 to 8, 15.4; host_guest.c is their hardware): whose registers are in the machine, events of
 * timer and interrupt interface, and every way in which a guest ends, in every state of its VCPU. */
#include "tests/sim/guests.h"
#include "core/guest.h"
#include "core/platform.h"
#include "invoke/labels.h"
#include "ipc/message.h"
#include "mem/retype.h"

enum { VM_FAULT = 6, MAINTENANCE, VCPU_FAULT, TIMER_EVENT, UNKNOWN_SYSCALL = 2 };
enum {
        EL1H = 0x3c5,
        FRESH = 0x34d58820,
        PC = 0x10000,
        FOREVER = 1 << 20,
        FIRST_VALUE = 0x1000,
        SECOND_VALUE = 0x2000
};

static struct thread *monitor, *guest, *other;

static word invoke(word cptr, word label, word extra)
{
        return user_invoke(cptr, &(struct message){.label = label, .caps = extra != 0, .cap = {extra}});
}

static word call(word cptr, word label, word a, word b)
{
        return user_invoke(cptr, &(struct message){.label = label, .length = 2, .word = {a, b}});
}

static word read_of(word vcpu, word n)
{
        CHECK_EQUAL(call(vcpu, READ, n, 0), 0);
        return user_word(0);
}

void guest_start(word tcb)
{
        CHECK_EQUAL(user_invoke(tcb, &(struct message){.label = LABEL_TCB_WRITE_REGISTERS,
                                                       .length = 5,
                                                       .word = {1, 3, PC, 0, EL1H}}),
                    0);
}

static struct thread *make_guest(word slot, word vcpu)
{
        struct thread *t = user_thread(slot, 100, 10000, 10000);

        CHECK_EQUAL(user_set_time(slot, slot + 1, 100, ENDPOINT), 0);
        CHECK_EQUAL(invoke(vcpu, SET_TCB, slot), 0);
        return t;
}

/* A monitor that waits, and two guests of one priority, the first of which runs. */
static void two_guests(void)
{
        static const struct {
                word type, slot, count;
        } made[] = {{OBJECT_ENDPOINT, ENDPOINT, 1}, {OBJECT_REPLY, REPLY, 1}, {OBJECT_VCPU, VCPU, 2}};

        machine_at_el2(40);
        for (word i = 0; i < sizeof(made) / sizeof(made[0]); i++)
                CHECK_EQUAL(user_retype(user_memory(), made[i].type, 0, made[i].slot, made[i].count), 0);
        monitor = user_thread(MONITOR, 120, 10000, 10000);
        guest = make_guest(GUEST, VCPU);
        other = make_guest(OTHER, OTHER_VCPU);
        guest_start(OTHER);
        guest_start(GUEST); /* who is resumed later runs first */
        CHECK_EQUAL(user_start(MONITOR, PC), 0);
        CHECK(user_step_back(110) == monitor);
        CHECK(user_receive(USER_RECV, ENDPOINT, REPLY) != monitor);
        CHECK(user_step_back(10) == guest);
        CHECK(host_guest_runs());
}

struct thread *guest_answer(void)
{
        user_load(sim_current(), USER_REPLY_RECV, ENDPOINT, &(struct message){0});
        sim_current()->context.x[REG_REPLY] = REPLY;
        return sim_syscall();
}

static void told(word label, word first)
{
        CHECK(sim_current() == monitor && !host_guest_runs());
        CHECK_EQUAL(info_label(monitor->context.x[REG_INFO]), label);
        CHECK_EQUAL(monitor->context.x[REG_MESSAGE], first);
}

/* The guest that runs lets the other one run. */
static void turn(const struct thread *next)
{
        CHECK(user_send(USER_YIELD, 0, &(struct message){0}) == next);
        CHECK(host_guest_runs());
}

static void fill(word value)
{
        for (word n = 0; n < VCPU_REGISTERS; n++)
                host_guest_set(n, n == VCPU_CNTV_CTL ? 0 : value + n);
}

struct thread *running_guest(void)
{
        two_guests();
        return guest;
}

static void has(word value)
{
        for (word n = 0; n < VCPU_REGISTERS; n++)
                CHECK_EQUAL(host_guest_register(n), n == VCPU_CNTV_CTL ? 0 : value + n);
}

static void each_has_its_registers(void)
{
        two_guests();
        for (word n = 0; n < VCPU_REGISTERS; n++)
                CHECK_EQUAL(host_guest_register(n), n == 0 ? FRESH : 0);
        fill(FIRST_VALUE);
        turn(other);
        fill(SECOND_VALUE);
        for (word i = 0; i < 1000; i++) {
                turn(guest);
                has(FIRST_VALUE);
                turn(other);
                has(SECOND_VALUE);
        }
        sim_exception(0x07e00000, 0); /* WFI */
        told(VCPU_FAULT, 0x07e00000);
        for (word n = 0; n < VCPU_REGISTERS; n++) {
                CHECK_EQUAL(read_of(VCPU, n), n == VCPU_CNTV_CTL ? 0 : FIRST_VALUE + n);        /* stored */
                CHECK_EQUAL(read_of(OTHER_VCPU, n), n == VCPU_CNTV_CTL ? 0 : SECOND_VALUE + n); /* resident */
        }
        for (word n = 0; n < VCPU_REGISTERS; n++)
                CHECK_EQUAL(call(OTHER_VCPU, WRITE, n, n == VCPU_CNTV_CTL ? 0 : FIRST_VALUE + n), 0);
        CHECK(guest_answer() == other);
        has(FIRST_VALUE);
        turn(guest);
        has(FIRST_VALUE);
}

/* Native threads find no values of a guest in the registers that matter to them. */
static void native_threads_find_their_own(void)
{
        two_guests();
        fill(FIRST_VALUE);
        sim_exception(0x07e00000, 0);
        CHECK(sim_current() == monitor);
        CHECK_EQUAL(host_guest_register(VCPU_SCTLR), 0);
        CHECK_EQUAL(host_guest_register(VCPU_CPACR), 0);
        CHECK_EQUAL(host_guest_register(VCPU_CNTV_CVAL), 0);
        CHECK_EQUAL(host_guest_register(VCPU_CNTKCTL), 0);
}

static void expire(void)
{
        host_guest_set(VCPU_CNTV_CVAL, 1);
        host_guest_set(VCPU_CNTV_CTL, 1);
        sim_interrupt();
}

static void the_timer_is_told_once(void)
{
        two_guests();
        expire();
        told(TIMER_EVENT, HOST_GUEST_TIMER_IRQ);
        CHECK(guest_answer() == guest);
        CHECK(sim_interrupt() == guest); /* still due, and not acknowledged */
        turn(other);
        expire(); /* its own */
        told(TIMER_EVENT, HOST_GUEST_TIMER_IRQ);
        CHECK_EQUAL(call(VCPU, ACKNOWLEDGE, HOST_GUEST_TIMER_IRQ, 0), 0);
        CHECK(guest_answer() == other);
        user_send(USER_YIELD, 0, &(struct message){0}); /* to the first, whose timer is still due */
        told(TIMER_EVENT, HOST_GUEST_TIMER_IRQ);
}

/* By the guest that runs. */
static void acknowledge(word vcpu)
{
        user_send(USER_CALL, vcpu,
                  &(struct message){.label = ACKNOWLEDGE, .length = 1, .word = {HOST_GUEST_TIMER_IRQ}});
}

/* Who acknowledges its own event, not that of another one, and still has it, is interrupted at once. */
static void a_guest_acknowledges_its_own(void)
{
        two_guests();
        expire();
        told(TIMER_EVENT, HOST_GUEST_TIMER_IRQ);
        CHECK(guest_answer() == guest);
        acknowledge(OTHER_VCPU);
        CHECK(sim_interrupt() == guest);
        acknowledge(VCPU);
        sim_interrupt();
        told(TIMER_EVENT, HOST_GUEST_TIMER_IRQ);
}

/* Who acknowledged its own event closes the line again for one that has not. */
static void an_acknowledgement_is_of_one_guest(void)
{
        two_guests();
        expire();
        told(TIMER_EVENT, HOST_GUEST_TIMER_IRQ);
        CHECK(guest_answer() == guest);
        turn(other);
        expire();
        told(TIMER_EVENT, HOST_GUEST_TIMER_IRQ);
        CHECK(guest_answer() == other);
        host_guest_set(VCPU_CNTV_CTL, 0);
        acknowledge(OTHER_VCPU);
        CHECK(!host_line_is_masked(HOST_GUEST_TIMER_IRQ));
        turn(guest); /* still due */
        CHECK(host_line_is_masked(HOST_GUEST_TIMER_IRQ));
        CHECK(sim_interrupt() == guest);
}

/* Nobody is told while the guest does not run, and nothing is lost. */
static void an_event_waits_for_its_guest(void)
{
        two_guests();
        host_guest_set(VCPU_CNTV_CVAL, 1);
        host_guest_set(VCPU_CNTV_CTL, 1);
        sim.hold_interrupts = true;
        user_send(USER_YIELD, 0, &(struct message){0});
        sim.hold_interrupts = false;
        CHECK(sim_interrupt() == other);
        CHECK(!host_guest_timer_due());
        user_send(USER_YIELD, 0, &(struct message){0});
        told(TIMER_EVENT, HOST_GUEST_TIMER_IRQ);
}

static word inject(word vcpu, word number, word list)
{
        return call(vcpu, INJECT, number | list << 32, 0);
}

static void interrupts_stay_with_their_guest(void)
{
        two_guests();
        sim_exception(0x07e00000, 0);
        for (word i = 0; i < HOST_LISTS; i++)
                CHECK_EQUAL(inject(VCPU, 40 + i, i), 0);
        CHECK_EQUAL(inject(VCPU, 44, HOST_LISTS), ERROR_RANGE);
        CHECK(guest_answer() == guest);
        turn(other);
        CHECK_EQUAL(host_guest_take(), ~(word)0); /* none of them is the other's */
        turn(guest);
        CHECK_EQUAL(host_guest_take(), 0);
        CHECK_EQUAL(host_guest_take(), 1);
        turn(other);
        turn(guest);
        CHECK_EQUAL(host_guest_take(), 2);
        host_guest_end(1);
        host_guest_end(0);
        sim_interrupt();
        told(MAINTENANCE, 0); /* the lowest first */
        CHECK_EQUAL(inject(VCPU, 50, 2), ERROR_DELETE_FIRST);
        CHECK_EQUAL(inject(VCPU, 50, 3), 0); /* a pending one is replaced */
        CHECK(guest_answer() == monitor);
        told(MAINTENANCE, 1);
        CHECK(guest_answer() == guest);
        CHECK(!host_guest_maintenance_due());
        turn(other);
        sim_exception(0x07e00000, 0);
        CHECK_EQUAL(inject(VCPU, 50, 2), ERROR_DELETE_FIRST); /* even when it is stored */
        CHECK(guest_answer() == other);
        turn(guest);
        CHECK_EQUAL(host_guest_take(), 3);
        CHECK_EQUAL(host_guest_list(3) >> 16, 50);
}

/* An abort of stage 2 says the guest's physical address; HVC is a system call, and number 5 is unknown. */
static void what_a_guest_does_is_told(void)
{
        two_guests();
        sim_exception(0x93810005, 0x5000000000);
        told(VM_FAULT, PC);
        CHECK_EQUAL(monitor->context.x[REG_MESSAGE + 1], 0x5000000000);
        CHECK(guest_answer() == guest);
        turn(other);
        other->context.x[REG_SYSCALL] = 5;
        sim_syscall();
        CHECK_EQUAL(info_label(monitor->context.x[REG_INFO]), UNKNOWN_SYSCALL);
        CHECK_EQUAL(other->context.restart, PC); /* its first instruction */
}

/* --- whatever ends a guest, in each state of its VCPU: another one runs with its own registers, and all its objects can go */

enum { STORED, RESIDENT, ACTIVE, STATES };

static void delete_vcpu(void)
{
        CHECK_EQUAL(user_delete(VCPU), 0);
}

static void delete_thread(void)
{
        CHECK_EQUAL(user_delete(GUEST), 0);
}

static void suspend(void)
{
        CHECK_EQUAL(invoke(GUEST, LABEL_TCB_SUSPEND, 0), 0);
}

static void bind_elsewhere(void)
{
        CHECK_EQUAL(invoke(VCPU, SET_TCB, OTHER), 0);
        CHECK_EQUAL(invoke(OTHER_VCPU, SET_TCB, OTHER), 0);
}

static void bind_other(void)
{
        CHECK_EQUAL(invoke(OTHER_VCPU, SET_TCB, GUEST), 0);
        CHECK_EQUAL(invoke(OTHER_VCPU, SET_TCB, OTHER), 0);
        guest_start(OTHER);
}

static void take_time(void)
{
        invoke(GUEST + 1, LABEL_SCHED_CONTEXT_UNBIND, 0);
}

static void delete_time(void)
{
        CHECK_EQUAL(user_delete(GUEST + 1), 0);
}

static void (*const endings[])(void) = {delete_vcpu, delete_thread, suspend,    bind_elsewhere,
                                        bind_other,  take_time,     delete_time};

/* The guest runs and stops; then its VCPU is in that state, and somebody who may do everything runs. */
static void bring_into(word state)
{
        two_guests();
        fill(FIRST_VALUE);
        turn(other);
        fill(SECOND_VALUE);
        turn(guest);
        if (state == ACTIVE)
                return; /* it will do it to itself */
        if (state == STORED)
                turn(other);
        sim_exception(0x07e00000, 0);
        CHECK(sim_current() == monitor);
        CHECK((this_core()->vcpu == guest->vcpu) == (state == RESIDENT));
}

/* Lets the other guest run, whatever that takes; it has its registers. */
static void the_other_is_whole(void)
{
        for (word i = 0; i < 8 && sim_current() != other; i++) {
                if (sim_current() == monitor)
                        guest_answer();
                else if (sim_current() && sim_current()->vcpu)
                        user_send(USER_YIELD, 0, &(struct message){0});
                else
                        sim_pass(1000000);
        }
        if (sim_current() == other && other->vcpu && (other->context.spsr & 31) == 5)
                has(SECOND_VALUE);
}

/* Only where the caller lives on does the call return. */
static void end_of_a_guest(void (*how)(void), word state)
{
        bring_into(state);
        how();
        the_other_is_whole();
        CHECK_EQUAL(sim_current() ? sim_current()->in_ready : 0, 0);
}

static void whatever_ends_a_guest(void)
{
        for (word state = STORED; state < ACTIVE; state++) {
                for (word i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
                        end_of_a_guest(endings[i], state);
        }
}

/* The active one by its own call; it may never come back from it. */
static void load_call(word cptr, word label, word extra)
{
        user_send(USER_CALL, cptr, &(struct message){.label = label, .caps = extra != 0, .cap = {extra}});
        the_other_is_whole();
}

static void load_delete(word slot)
{
        user_send(USER_CALL, SLOT_INIT_CNODE,
                  &(struct message){.label = LABEL_CNODE_DELETE, .length = 2, .word = {slot, 64}});
        the_other_is_whole();
}

static void a_guest_ends_itself(void)
{
        static const word deleted[] = {VCPU, GUEST, GUEST + 1};
        static const struct {
                word cptr, label, extra;
        } called[] = {{GUEST, LABEL_TCB_SUSPEND, 0},
                      {VCPU, SET_TCB, OTHER},
                      {OTHER_VCPU, SET_TCB, GUEST},
                      {VCPU, SET_TCB, GUEST}};

        for (word i = 0; i < sizeof(deleted) / sizeof(deleted[0]); i++) {
                bring_into(ACTIVE);
                load_delete(deleted[i]);
        }
        for (word i = 0; i < sizeof(called) / sizeof(called[0]); i++) {
                bring_into(ACTIVE);
                load_call(called[i].cptr, called[i].label, called[i].extra);
        }
}

/* A thread that binds a VCPU to itself comes back from that call as a guest; one that takes its own away, as a native thread at EL0. */
static void a_call_changes_what_its_caller_is(void)
{
        two_guests();
        sim_exception(0x07e00000, 0);
        CHECK(sim_current() == monitor);
        CHECK_EQUAL(user_delete(GUEST), 0); /* so the VCPU is nobody's */
        CHECK_EQUAL(invoke(VCPU, SET_TCB, MONITOR), 0);
        CHECK(host_guest_runs() && this_core()->guest == monitor->vcpu);
        CHECK_EQUAL(user_delete(VCPU), 0);
        CHECK(!host_guest_runs() && !monitor->vcpu);
        CHECK_EQUAL(monitor->context.spsr & 31, 0);
        CHECK_EQUAL(invoke(OTHER_VCPU, SET_TCB, MONITOR), 0);
        CHECK(host_guest_runs());
        CHECK_EQUAL(invoke(OTHER_VCPU, SET_TCB, OTHER), 0);
        CHECK(!host_guest_runs() && !monitor->vcpu);
}

/* A VCPU that is taken from its thread keeps what the guest wrote; its thread is a native one, of EL0, afterwards. */
static void a_vcpu_moves_with_its_state(void)
{
        two_guests();
        fill(FIRST_VALUE);
        sim_exception(0x07e00000, 0);
        CHECK_EQUAL(invoke(VCPU, SET_TCB, OTHER), 0);
        CHECK_EQUAL(guest->context.spsr & 31, 0);
        CHECK(!guest->vcpu && other->vcpu);
        guest_start(OTHER);
        guest_answer();
        for (word i = 0; i < 4 && sim_current() != other; i++)
                sim_pass(1000000);
        CHECK(sim_current() == other);
        has(FIRST_VALUE);
}

const struct test guest_tests[] = {
        {"each_guest_has_its_registers", each_has_its_registers},
        {"native_threads_find_their_own", native_threads_find_their_own},
        {"the_guests_timer_is_told_once", the_timer_is_told_once},
        {"a_guest_acknowledges_its_own", a_guest_acknowledges_its_own},
        {"an_acknowledgement_is_of_one_guest", an_acknowledgement_is_of_one_guest},
        {"an_event_waits_for_its_guest", an_event_waits_for_its_guest},
        {"interrupts_stay_with_their_guest", interrupts_stay_with_their_guest},
        {"what_a_guest_does_is_told", what_a_guest_does_is_told},
        {"whatever_ends_a_guest", whatever_ends_a_guest},
        {"a_guest_ends_itself", a_guest_ends_itself},
        {"a_call_changes_what_its_caller_is", a_call_changes_what_its_caller_is},
        {"a_vcpu_moves_with_its_state", a_vcpu_moves_with_its_state},
};
const word guest_test_count = sizeof(guest_tests) / sizeof(guest_tests[0]);
