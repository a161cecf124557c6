/* SPDX-License-Identifier: BSD-2-Clause */
/* See fuzz_machine.h. */
#include "tests/fuzz/fuzz_machine.h"
#include "cap/lookup.h"
#include "invoke/labels.h"
#include "mem/retype.h"
#include "time/sched_context.h"

#include <stdio.h>
#include <stdlib.h>

enum { MEMORY = 4 << 20, NODE_BITS = 3, DEPTH = 64, RIGHTS_RWG = 7, RIGHTS_W = 1, DOMAINS = 3 };
enum { LABEL_VCPU_SET_TCB = 55, MODE_EL1H = 0x3c5 };

static word memory_slot, sched_control_slot;

static void need(word error)
{
        if (error == 0)
                return;
        fprintf(stderr, "the fuzzer's machine cannot be made: error %lu\n", error);
        abort();
}

static void make(word type, word bits, word slot, word count)
{
        need(user_retype(memory_slot, type, bits, slot, count));
}

static void make_objects(void)
{
        make(OBJECT_ENDPOINT, 0, FUZZ_ENDPOINT, 2);
        make(OBJECT_NOTIFICATION, 0, FUZZ_NOTIFICATION, 2);
        make(OBJECT_REPLY, 0, FUZZ_REPLY, 3);
        make(OBJECT_CNODE, NODE_BITS, FUZZ_NODE, 2);
        make(OBJECT_UNTYPED, 14, FUZZ_UNTYPED, 1);
        make(OBJECT_UNTYPED, PAGE_BITS, FUZZ_UNTYPED_SMALL, 1);
        make(OBJECT_SMALL_PAGE, 0, FUZZ_FRAME, 1);
        make(OBJECT_PAGE_TABLE, 0, FUZZ_TABLE, 1);
        make(OBJECT_VSPACE, 0, FUZZ_VSPACE, 1);
        make(OBJECT_SCHED_CONTEXT, 8, FUZZ_SC, 1);
        need(user_mint(FUZZ_ENDPOINT, FUZZ_BADGED, RIGHTS_RWG, 5));
        need(user_mint(FUZZ_ENDPOINT_2, FUZZ_BADGED_2, RIGHTS_W, 6));
        need(user_mint(FUZZ_NOTIFICATION, FUZZ_SIGNAL, RIGHTS_RWG, 8));
        need(user_irq_handler(FUZZ_LINE, FUZZ_HANDLER));
        need(user_invoke(
                FUZZ_HANDLER,
                &(struct message){.label = LABEL_IRQ_SET_IRQ_HANDLER, .caps = 1, .cap = {FUZZ_SIGNAL}}));
        need(user_map_table(FUZZ_TABLE, FUZZ_VA));
        need(user_map(FUZZ_FRAME, FUZZ_VA, RIGHTS_RWG));
}

static word thread_slot(word i)
{
        return FUZZ_THREADS + i * USER_THREAD_SLOTS;
}

static void make_threads(void)
{
        for (word i = 0; i < 4; i++) {
                word slot = thread_slot(i), budget = 1000 * (i + 1), period = budget * (1 + i * 3 % 7);

                user_thread(slot, 100 + i, budget, period);
                need(user_invoke(slot, &(struct message){.label = LABEL_TCB_SET_MCPRIORITY,
                                                         .length = 1,
                                                         .word = {255},
                                                         .caps = 1,
                                                         .cap = {SLOT_INIT_TCB}}));
                need(user_start(slot, 0x10000 * (i + 1)));
        }
}

static void make_handlers(void)
{
        for (word i = 0; i < 4; i++) {
                need(user_set_time(thread_slot(i), thread_slot(i) + 1, 100 + i,
                                   i & 1 ? FUZZ_BADGED : FUZZ_ENDPOINT_2));
                need(user_invoke(thread_slot(i),
                                 &(struct message){.label = LABEL_TCB_SET_TIMEOUT_ENDPOINT,
                                                   .caps = 1,
                                                   .cap = {i & 2 ? FUZZ_BADGED : FUZZ_ENDPOINT}}));
        }
}

static void make_bindings(void)
{
        need(user_invoke(thread_slot(3), &(struct message){.label = LABEL_TCB_BIND_NOTIFICATION,
                                                           .caps = 1,
                                                           .cap = {FUZZ_NOTIFICATION}}));
        need(user_set_budget(FUZZ_SC, 2000, 20000, 3));
        need(user_invoke(FUZZ_SC, &(struct message){.label = LABEL_SCHED_CONTEXT_BIND,
                                                    .caps = 1,
                                                    .cap = {FUZZ_NOTIFICATION_2}}));
        need(user_invoke(
                thread_slot(2) + 1,
                &(struct message){.label = LABEL_SCHED_CONTEXT_BIND, .caps = 1, .cap = {FUZZ_NOTIFICATION}}));
}

/* The two threads of highest priority wait before the history begins. */
static void let_two_wait(void)
{
        for (word i = 0; i < 2 && sim_current(); i++)
                user_receive(USER_RECV, FUZZ_ENDPOINT + i, FUZZ_REPLY + i);
}

/* Servers without time: it is lent to them. */
static void take_time_of_waiters(void)
{
        for (word i = 0; i < 4; i++) {
                const struct thread *t = cap_object(user_cap(thread_slot(i)));

                if (t->state == RECEIVING && t->sc)
                        need(user_invoke(thread_slot(i) + 1,
                                         &(struct message){.label = LABEL_SCHED_CONTEXT_UNBIND_OBJECT,
                                                           .caps = 1,
                                                           .cap = {thread_slot(i)}}));
        }
}

/* The first and the third thread, in the middle of their work. */
static void make_guests(void)
{
        make(OBJECT_VCPU, 0, FUZZ_VCPU, 2);
        for (word i = 0; i < 2; i++) {
                struct thread *t = cap_object(user_cap(thread_slot(2 * i)));

                need(user_invoke(FUZZ_VCPU + i, &(struct message){.label = LABEL_VCPU_SET_TCB,
                                                                  .caps = 1,
                                                                  .cap = {thread_slot(2 * i)}}));
                t->context.spsr = MODE_EL1H;
        }
}

/* The interface that the environment asks for: 40 or 44, 0 is that of EL1. */
static word hypervisor(void)
{
        const char *text = getenv("FUZZ_EL2");

        return text ? strtoul(text, NULL, 10) : 0;
}

static void use_up(struct sched_context *s)
{
        if (sc_is_configured(s))
                sc_charge(s, sc_head(s)->amount);
}

static void make_sporadic(void)
{
        for (word i = 0; i < 4; i++) {
                struct sched_context *s = cap_object(user_cap(thread_slot(i) + 1));

                s->sporadic = 1;
        }
}

void fuzz_machine(word variant)
{
        sim.no_checks = true;
        host_console_clear();
        sim_boot(&(struct host_options){.memory = MEMORY,
                                        .cnode_bits = 8,
                                        .domains = variant & 1 ? DOMAINS : 1,
                                        .dtb_bytes = variant & 2 ? 5000 : 0,
                                        .hypervisor = hypervisor()});
        memory_slot = user_memory();
        sched_control_slot = user_bootinfo()->sched_control.start;
        make_objects();
        make_threads();
        if (hypervisor())
                make_guests();
        if (variant & 4)
                make_handlers();
        if (variant & 8)
                make_bindings();
        if (variant & 128)
                use_up(cap_object(user_cap(FUZZ_SC)));
        if (variant & 64)
                make_sporadic();
        if (variant & 16) /* stop at every preemption point that meets an interrupt */
                this_core()->patience = 0;
        sim.no_checks = false;
        sim_check();
        user_send(USER_CALL, SLOT_INIT_TCB,
                  &(struct message){.label = LABEL_TCB_SET_PRIORITY,
                                    .length = 1,
                                    .word = {102},
                                    .caps = 1,
                                    .cap = {SLOT_INIT_TCB}});
        if (variant & 16)
                let_two_wait();
        if ((variant & 48) == 48 && sim_current())
                take_time_of_waiters();
}

word fuzz_slot(word byte)
{
        word i = byte % FUZZ_SLOTS;

        if (i >= FUZZ_FIXED)
                return FUZZ_FIRST + i - FUZZ_FIXED;
        /* Unused fixed slots stand for boot caps without a fixed place. */
        if (i == 0)
                return memory_slot;
        if (i == 7)
                return FUZZ_FIXED; /* the first page table */
        if (i == 8)
                return memory_slot - 1;
        if (i == 12)
                return sched_control_slot;
        return i;
}

word fuzz_endpoint(word byte)
{
        static const uint8_t slot[] = {FUZZ_ENDPOINT, FUZZ_ENDPOINT_2, FUZZ_NOTIFICATION, FUZZ_NOTIFICATION_2,
                                       FUZZ_BADGED,   FUZZ_BADGED_2,   FUZZ_SIGNAL,       FUZZ_REPLY};

        return slot[byte % 8];
}

word fuzz_slot_where(word byte, word kind)
{
        for (word i = 0; i < FUZZ_SLOTS; i++) {
                word slot = fuzz_slot(byte + i), found = fuzz_kind(slot);

                if (found == kind || (kind == FUZZ_FULL && found != CAP_NULL))
                        return slot;
        }
        return fuzz_slot(byte);
}

struct cap fuzz_cap(word cptr)
{
        struct lookup_fault f;
        struct slot *s;

        return lookup_cap(sim_current()->slot[TCB_CSPACE].cap, cptr, &s, &f) ? s->cap : cap_null();
}

enum cap_kind fuzz_kind(word cptr)
{
        return cap_kind(fuzz_cap(cptr));
}

word fuzz_depth(word cptr)
{
        struct cap c = fuzz_cap(cptr);

        return cap_kind(c) == CAP_CNODE ? cnode_guard_bits(c) + cnode_radix(c) : 64;
}
