/* SPDX-License-Identifier: BSD-2-Clause */
/* Every preemptible operation (objects.md 15.1) with an interrupt at each of its preemption points in turn, and with one
 * at all of them: the machine ends, byte for byte, as after the undisturbed run.
 *
 * Points look for interrupts when enough work was done; here the kernel checks at every one, and the
 * interrupt comes at the first check, the second, and so on until the operation ends before.  No time passes, so nothing
 * else may differ; what the interrupted thread itself executed is left out of the comparison.
 */
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tests/sim/long_operations.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { POINTS_MAX = 1000, RAM = 8 << 20, DEPTH = 64, EVERY = -1, NEVER = 0, ENTRIES_MAX = 1000 };

static word stops;

/* The kernel's variables and all of memory, with what belongs to the interrupted thread's own course taken out. */
struct picture {
        struct kernel kernel;
        uint8_t ram[RAM];
};

static void take_picture(struct picture *p)
{
        memcpy(&p->kernel, &kernel, sizeof(kernel));
        /* Through the file: the mapped bytes of dead objects are out of bounds. */
        CHECK_EQUAL(pread(host_memory_file(), p->ram, RAM, 0), RAM);
        p->kernel.core[0].work = 0;
        p->kernel.trace = (struct trace){0}; /* which records the interrupts */
        p->kernel.core[0].left_to = NULL;
        p->kernel.core[0].entered = false;
        memset(p->ram + (paddr_of(long_root) - HOST_BASE), 0, sizeof(long_root->context));
}

/* What a cache operation covered, as one range. */
static word told_start, told_end;

static void note_cache(enum host_cache how, const void *start, word size)
{
        if (how == HOST_CACHE_CLEAN_INVALIDATE || how == HOST_CACHE_INVALIDATE)
                return;
        if (told_end != paddr_of(start))
                told_start = paddr_of(start);
        told_end = paddr_of(start) + size;
}

static void machine(const struct operation *o)
{
        host_console_clear();
        sim.cost = 0;
        long_root = sim_boot(&(struct host_options){.memory = RAM, .cnode_bits = 8});
        sim.no_checks = true;
        CHECK_EQUAL(user_irq_handler(LONG_LINE, LONG_HANDLER), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, LONG_ARENA_BITS, LONG_ARENA, 1), 0);
        o->prepare();
        sim.no_checks = false;
        sim_check();
}

/* The invocation until it is done; its unit `at` meets an interrupt (or EVERY one, or NEVER). */
static void run(const struct operation *o, int at)
{
        machine(o);
        this_core()->patience = 0;
        word svc = long_root->context.pc;

        told_start = told_end = 0;
        host_cache_hook = note_cache;
        for (stops = 0; stops < ENTRIES_MAX; stops++) {
                user_load(long_root, USER_CALL, o->cptr, &o->message);
                host_raise_at(LONG_LINE, at == EVERY ? 1 : stops == 0 ? (word)at : NEVER);
                sim.hold_interrupts = true;
                sim_syscall();
                sim.hold_interrupts = false;
                sim_interrupt();
                CHECK(sim_current() == long_root);
                if (long_root->context.pc != svc)
                        break;
                CHECK_EQUAL(user_invoke(LONG_HANDLER, &(struct message){.label = LABEL_IRQ_ACK_IRQ}), 0);
                long_root->context.pc = svc;
        }
        host_cache_hook = NULL;
        CHECK_EQUAL(info_label(long_root->context.x[REG_INFO]), 0);
        CHECK_EQUAL(user_invoke(LONG_HANDLER, &(struct message){.label = LABEL_IRQ_ACK_IRQ}), 0);
}

static struct picture *calm, *disturbed;
static word calm_start, calm_end;

static void same_picture(const struct operation *o, int at)
{
        take_picture(disturbed);
        /* No line twice, none left out. */
        CHECK_EQUAL(told_start, calm_start);
        CHECK_EQUAL(told_end, calm_end);
        if (memcmp(calm, disturbed, sizeof(*calm)) == 0)
                return;
        if (memcmp(&calm->kernel, &disturbed->kernel, sizeof(kernel)) != 0)
                test_fail(o->name, at, "the kernel's variables differ after an interrupt at point %d", at);
        for (word i = 0; i < RAM; i++)
                if (calm->ram[i] != disturbed->ram[i])
                        test_fail(o->name, at, "memory at %lx differs after an interrupt at point %d",
                                  HOST_BASE + i, at);
}

static void each_point(const struct operation *o)
{
        int at = 1;

        run(o, NEVER);
        CHECK_EQUAL(stops, 0);
        take_picture(calm);
        calm_start = told_start;
        calm_end = told_end;
        for (; at < POINTS_MAX; at++) {
                run(o, at);
                same_picture(o, at);
                if (stops == 0)
                        break;
                CHECK_EQUAL(stops, 1);
        }
        if ((word)at - 1 < o->stops_at_least)
                test_fail(o->name, at, "only %d preemption points", at - 1);
        run(o, EVERY);
        same_picture(o, EVERY);
        CHECK_EQUAL(stops, at - 1);
}

static void an_interrupt_at_each_point(void)
{
        calm = aligned_alloc(_Alignof(struct picture), sizeof(*calm));
        disturbed = aligned_alloc(_Alignof(struct picture), sizeof(*disturbed));
        for (word i = 0; i < long_operation_count; i++)
                each_point(&long_operations[i]);
        free(calm);
        free(disturbed);
}

const struct test preemption_each_tests[] = {
        {"an_interrupt_at_each_preemption_point", an_interrupt_at_each_point},
};
const word preemption_each_test_count = 1;
