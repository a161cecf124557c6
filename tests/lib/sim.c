/* SPDX-License-Identifier: BSD-2-Clause */
/* See sim.h.  When no thread can run, the kernel waits in arch_wait; the way back from there is a long jump, and the next
 * entry finds the kernel with no current thread, as an interrupt out of idle does. */
#include "tests/lib/sim.h"
#include "arch/arch.h"
#include "arch/host/face.h"
#include "arch/host/host_cores.h"
#include "chain/binding.h"
#include "chain/reply.h"
#include "debug/check.h"
#include "tests/lib/kernel_view.h"
#include "tests/lib/poison.h"
#include "trap/trap.h"
#include "vcpu/vcpu.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INTERRUPTS_IN_A_ROW = 10000, HYPERCALL = 0x5a000000 };

struct sim_settings sim = {.cost = SIM_COST_DEFAULT};

static jmp_buf idle;

static _Noreturn void fail(const char *why)
{
        if (sim.fail)
                sim.fail(why);
        fprintf(stderr, "%s\n%s\n", why, host_console_text());
        abort();
}

static void on_idle(void)
{
        longjmp(idle, 1);
}

static void on_halt(void)
{
        fail("the kernel halted");
}

static void on_stale(word asid, word va)
{
        char text[80];

        snprintf(text, sizeof(text), "stale translation of ASID %lu at %lx", asid, va);
        fail(text);
}

void sim_check(void)
{
        check_everything();
        host_tlb_check(view_root_of_asid);
        poison_dead_objects();
}

struct thread *sim_current(void)
{
        return this_core()->current;
}

/* The way out at EL2 (arch/aarch64/entry/el2_entry.S): the machine belongs to the guest, or to native threads. */
static void leave_machine(void)
{
        const struct thread *t = sim_current();

        if (hypervisor_face() && t && t->vcpu != this_core()->guest)
                vcpu_switch(sim_current());
}

/* The short way out (resume in entry.S) loads x0 to x18 and x30; with the rest, and who owns the machine, it leaves what came in. */
static void resume(const struct context *c, const struct context *in)
{
        enum { FIRST_KEPT = 19, KEPT = 11 }; /* x19 to x29 */

        if (!sim_current() || c != &sim_current()->context)
                fail("the short way out, for another thread");
        if (memcmp(&c->x[FIRST_KEPT], &in->x[FIRST_KEPT], KEPT * sizeof(word)) != 0 || c->sp != in->sp ||
            c->pc != in->pc || c->spsr != in->spsr || c->tpidr != in->tpidr || c->tpidrro != in->tpidrro)
                fail("the short way out, with registers that it does not load");
        if (sim_current()->vcpu != this_core()->guest)
                fail("the short way out, for who has another machine now");
}

/* What an entry returned; `in`: the registers as they came in. */
static void leave_as(const struct context *out, const struct context *in)
{
        if ((word)out & 1)
                resume((const struct context *)((word)out - 1), in);
        leave_machine();
}

/* Hardware takes a pending interrupt before the first instruction of user level. */
static void take_interrupts(void)
{
        leave_machine();
        for (word i = 0; host_interrupt_waits(); i++) {
                struct thread *t = sim_current();
                struct context in = {0};

                if (i == INTERRUPTS_IN_A_ROW)
                        fail("interrupts never end");
                if (t) {
                        t->context.restart = t->context.pc;
                        in = t->context;
                }
                host_advance(sim.cost);
                leave_as((hypervisor_face() ? trap_interrupt_el2 : host_interrupt)(), &in);
        }
}

static word mixed(word hash, word value)
{
        return (hash ^ value) * 0x100000001b3;
}

static word context_digest(word hash, const struct context *c)
{
        for (word i = 0; i < sizeof(*c) / sizeof(word); i++)
                hash = mixed(hash, ((const word *)c)[i]);
        return hash;
}

/* A digest of the state of threads, what they hold, and the order in which they wait, but not of charged time: paths through a call
 * that read the clock at other moments have the same digest. */
static word digest(void)
{
        word hash = 0;

        for (struct thread *t = kernel.threads; t; t = t->all_next) {
                bool waits = t->state == SENDING || t->state == RECEIVING || t->state == LISTENING;

                hash = context_digest(hash, &t->context);
                hash = mixed(hash,
                             t->state | (word)t->priority << 8 | (word)t->mcp << 16 | (word)t->domain << 24);
                hash = mixed(hash, (word)t->in_ready << 1 | t->in_release);
                hash = mixed(hash, (word)t->sc ^ (word)t->bound << 1);
                hash = mixed(hash, (word)t->reply ^ (word)t->yielding_to << 1);
                hash = mixed(hash, t->fault.type);
                if (waits)
                        hash = mixed(mixed(hash, (word)t->waiting_at), (word)waitq_next(t));
                if (t->in_ready)
                        hash = mixed(hash, (word)t->link.next);
                if (t->sc)
                        hash = mixed(mixed(hash, (word)t->sc->reply), (word)t->sc->thread);
                if (t->bound)
                        hash = mixed(hash, t->bound->flags << 1 | t->bound->raised);
                if (t->reply)
                        hash = mixed(hash, (word)t->reply->lends ^ (word)t->reply->below << 1 ^
                                                   (word)t->reply->above << 2);
        }
        return mixed(hash, this_core()->domain);
}

static void trace(const char *what)
{
        const struct thread *t = sim_current();

        if (!sim.trace)
                return;
        fprintf(stderr, "%-9s %lx state %d pc %lx:", what, (word)t & 0xffffff, t ? t->state : 0,
                t ? t->context.pc : 0);
        for (word i = 0; t && i < 9; i++)
                fprintf(stderr, " %lx", t->context.x[i]);
        fprintf(stderr, " all %lx\n", digest());
}

static struct thread *after_entry(void)
{
        trace("  then");
        leave_machine();
        if (!sim.no_checks)
                sim_check();
        return sim_current();
}

struct thread *sim_boot(const struct host_options *options)
{
        host_work_cost(0);
        poison_reset();
        host_idle_hook = on_idle;
        host_halt_hook = on_halt;
        host_stale_hook = on_stale;
        if (setjmp(idle) == 0)
                host_boot(options);
        view_root_node();
        return after_entry();
}

struct thread *sim_syscall(void)
{
        struct context *c = &sim_current()->context, in;

        c->restart = c->pc;
        c->pc += 4;
        in = *c;
        trace("svc");
        host_advance(sim.cost);
        if (setjmp(idle) == 0) {
                leave_as(this_core()->guest ? trap_exception_el2(HYPERCALL, 0) : host_syscall(), &in);
                if (!sim.hold_interrupts)
                        take_interrupts();
        }
        return after_entry();
}

struct thread *sim_exception(word syndrome, word address)
{
        struct context *c = &sim_current()->context, in;

        c->restart = c->pc;
        in = *c;
        trace("exception");
        host_advance(sim.cost);
        if (setjmp(idle) == 0) {
                leave_as((hypervisor_face() ? trap_exception_el2 : host_exception)(syndrome, address), &in);
                if (!sim.hold_interrupts)
                        take_interrupts();
        }
        return after_entry();
}

bool sim_touch(word va, enum host_access how, word *paddr)
{
        struct host_translation t = host_translate(va, how);

        if (t.ok && paddr)
                *paddr = t.paddr;
        if (!t.ok)
                sim_exception(t.syndrome, va);
        return t.ok;
}

struct thread *sim_pass(word ticks)
{
        host_advance(ticks);
        if (setjmp(idle) == 0)
                take_interrupts();
        return after_entry();
}

struct thread *sim_interrupt(void)
{
        return sim_pass(0);
}

struct thread *sim_wait(void)
{
        return host_advance_to_deadline() ? sim_pass(0) : NULL;
}
