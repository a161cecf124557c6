/* SPDX-License-Identifier: BSD-2-Clause */
/* Several cores as threads of the host (tests/cores/machine.h), with the real door and real races.  No two runs are the same.
 *
 * Jobs are handed to a core by `go`, and that it rests is told by `rest`; in the kernel nothing but the door orders what the cores do.
 */
#include "arch/host/host_cores.h"
#include "debug/check.h"
#include "tests/cores/machine.h"
#include "tests/lib/test.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

enum { MEMORY = 4 << 20 };

static struct {
        pthread_t thread[MACHINE_CORES];
        bool run;
        void (*root)(void);
        uint32_t go, rest[MACHINE_CORES], seen[MACHINE_CORES], activity, ended; /* atomic */
} m;

word (*machine_choice)(word able, word last);
word machine_steps;
static _Thread_local word me;

/* No core's stack is at the door when it ends: all of them rest at user level or idle. */
static void end_if_asked(void)
{
        if (__atomic_load_n(&m.ended, __ATOMIC_ACQUIRE))
                pthread_exit(NULL);
}

static void rests(bool so)
{
        __atomic_fetch_add(&m.activity, 1, __ATOMIC_ACQ_REL);
        __atomic_store_n(&m.rest[me], so, __ATOMIC_RELEASE);
}

/* No interrupt waits, and nothing was asked for since `*go`; whoever looks at the machine learns after how much that was seen. */
static bool is_quiet(const uint32_t *go)
{
        uint32_t now = __atomic_load_n(&m.activity, __ATOMIC_ACQUIRE);

        if (host_interrupt_waits() || (go && __atomic_load_n(&m.go, __ATOMIC_ACQUIRE) != *go))
                return false;
        __atomic_store_n(&m.seen[me], now, __ATOMIC_RELEASE);
        end_if_asked();
        sched_yield();
        return true;
}

static void on_pause(const uint32_t *at, uint32_t value, bool until)
{
        (void)value, (void)until;
        if (at) {
                sched_yield();
                return;
        }
        rests(true);
        while (is_quiet(NULL))
                ;
        rests(false);
}

static void rest(void)
{
        uint32_t seen = __atomic_load_n(&m.go, __ATOMIC_ACQUIRE);

        rests(true);
        while (is_quiet(&seen))
                ;
        rests(false);
}

static void live(void)
{
        for (;;) {
                struct thread *t = this_core()->current;
                struct job *job = machine_job_of(t);
                if (host_interrupt_waits()) {
                        t->context.restart = t->context.pc;
                        host_interrupt();
                } else if (job) {
                        machine_step(job);
                } else {
                        rest();
                }
        }
}

static uint32_t is_described;

static void *core(void *number)
{
        me = (word)number;
        host_core_is(me);
        if (me == 0) {
                sim_boot(&(struct host_options){.memory = MEMORY, .cnode_bits = 10, .cores = MACHINE_CORES});
                m.root();
        } else {
                while (!__atomic_load_n(&is_described, __ATOMIC_ACQUIRE))
                        sched_yield();
                host_core_start(me);
        }
        live();
        return NULL;
}

/* The first core has prepared the hand-over, and waits for the others. */
static void on_first_pause(const uint32_t *at, uint32_t value, bool until)
{
        __atomic_store_n(&is_described, 1, __ATOMIC_RELEASE);
        on_pause(at, value, until);
}

void machine_end(void)
{
        if (!m.run)
                return;
        __atomic_store_n(&m.ended, 1, __ATOMIC_RELEASE);
        for (word n = 0; n < MACHINE_CORES; n++)
                pthread_join(m.thread[n], NULL);
        __atomic_store_n(&m.ended, 0, __ATOMIC_RELAXED);
        m.run = false;
}

/* All rest, and have checked for interrupts since the last of them began to. */
static bool all_rest(uint32_t since)
{
        for (word n = 0; n < MACHINE_CORES; n++) {
                if (!__atomic_load_n(&m.rest[n], __ATOMIC_ACQUIRE) ||
                    __atomic_load_n(&m.seen[n], __ATOMIC_ACQUIRE) != since)
                        return false;
        }
        return true;
}

void machine_run(void)
{
        uint32_t before;

        __atomic_fetch_add(&m.go, 1, __ATOMIC_ACQ_REL);
        __atomic_fetch_add(&m.activity, 1, __ATOMIC_ACQ_REL);
        do {
                sched_yield();
                before = __atomic_load_n(&m.activity, __ATOMIC_ACQUIRE);
        } while (!all_rest(before) || __atomic_load_n(&m.activity, __ATOMIC_ACQUIRE) != before);
        machine_steps = before;
        host_core_is(0);
}

void machine_make(void (*root)(void))
{
        machine_end();
        machine_forget_jobs();
        m.run = true;
        m.root = root;
        is_described = 0;
        m.activity = 0;
        host_pause_hook = on_first_pause;
        sim = (struct sim_settings){.no_checks = true, .hold_interrupts = true};
        for (word n = 0; n < MACHINE_CORES; n++) {
                m.rest[n] = 0;
                if (pthread_create(&m.thread[n], NULL, core, (void *)n) != 0)
                        abort();
        }
        machine_run();
}

void machine_point(void)
{
}

void machine_check(void)
{
        CHECK(kernel.door.next == kernel.door.turn && kernel.door.asleep == 0);
        for (word n = 0; n < MACHINE_CORES; n++) {
                host_core_is(n);
                check_everything();
        }
        host_core_is(0);
}
