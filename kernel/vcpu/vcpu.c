/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual processors: association, registers, and who is in the machine.  Owns core->vcpu, core->guest and
 * core->entered_last. */
#include "vcpu/vcpu.h"
#include "arch/arch.h"
#include "core/platform.h"
#include "sched/cores.h"

_Static_assert(sizeof(struct vcpu) <= 1 << VCPU_BITS, "public size");
_Static_assert(offsetof(struct thread, vcpu) == THREAD_VCPU_AT, "arch/ finds it without knowing threads");

static const word SCTLR_FRESH = 0x34d58820; /* MMU and caches off */

void vcpu_init(struct vcpu *v)
{
        v->reg[VCPU_SCTLR] = SCTLR_FRESH;
        v->interface.control = 1;
}

/* The resident VCPU stops being active; native threads get back the registers that they need. */
static void disable(struct core *core)
{
        if (!core->guest)
                return;
        core->guest->interface.control = platform.guest.disable();
        arch_guest_disable(core->guest);
        core->guest = NULL;
}

/* The TLB tells guests apart by the ASID of their space only (a VMID to the machine), and each of a guest's processors has translations of
 * its own.  So those go that another one may have left on this core.  Of spaces whose ASIDs end alike the last one is remembered. */
static void forget_others(struct core *core, const struct vcpu *v)
{
        word asid = core->space >> 48, who = (word)v << 16 | asid;
        word *latest = &core->entered_last[asid % SPACES_ENTERED];

        if (*latest == who)
                return;
        *latest = who;
        arch_guest_forget();
}

static void load(struct core *core, struct vcpu *v)
{
        arch_guest_load(v);
        platform.guest.load(&v->interface);
        core->vcpu = v;
        forget_others(core, v);
}

static void enable(struct core *core, struct vcpu *v)
{
        arch_guest_enable(v);
        platform.guest.enable(v->interface.control);
        core->guest = v;
        if (core->guest_timer_open != v->timer_masked)
                return;
        core->guest_timer_open = !v->timer_masked;
        (v->timer_masked ? platform.irq.mask : platform.irq.unmask)(platform.guest_timer_irq);
}

/* No VCPU is resident in the machine from now on. */
static void store(struct core *core)
{
        disable(core);
        if (core->vcpu) {
                platform.guest.store(&core->vcpu->interface);
                arch_guest_store(core->vcpu);
        }
        core->vcpu = NULL;
}

/* Carried out by the core whose machine has it (door_ask). */
static void give_up(word unused)
{
        (void)unused;
        store(this_core());
}

__attribute__((noinline, cold)) void vcpu_fetch_elsewhere(struct vcpu *v)
{
        for (word n = 0; n < kernel.cores; n++) {
                const struct core *core = kernel.peer[n];

                if (core->vcpu != v || n == this_core()->number)
                        continue;
                if (core->guest == v)
                        cores_stop(v->thread);
                door_ask(n, give_up, 0);
        }
}

void vcpu_switch(struct thread *t)
{
        struct core *core = this_core();
        struct vcpu *v = t ? t->vcpu : NULL;

        if (v == core->guest)
                return;
        disable(core);
        if (!v)
                return;
        if (core->vcpu != v) {
                vcpu_fetch(v);
                store(core);
                load(core, v);
        }
        enable(core, v);
}

void vcpu_leave(struct vcpu *v)
{
        vcpu_fetch(v);
        if (this_core()->vcpu == v)
                store(this_core());
}

void vcpu_unbind(struct vcpu *v)
{
        struct thread *t = v->thread;

        vcpu_leave(v);
        if (!t)
                return;
        v->thread = NULL;
        t->vcpu = NULL;
        t->context.spsr = spsr_filtered(t->context.spsr);
        this_core()->reload = true;
}

__attribute__((noinline, cold)) void vcpu_bind(struct vcpu *v, struct thread *t)
{
        cores_stop(t);
        if (t->vcpu)
                vcpu_unbind(t->vcpu);
        vcpu_unbind(v);
        v->thread = t;
        t->vcpu = v;
        this_core()->reload = true;
}

void vcpu_retire(struct vcpu *v)
{
        vcpu_unbind(v);
        for (word n = 0; n < kernel.cores * SPACES_ENTERED; n++) {
                struct core *core = several_cores() ? kernel.peer[n / SPACES_ENTERED] : this_core();
                word *latest = &core->entered_last[n % SPACES_ENTERED];

                if (*latest >> 16 == ((word)v & ones(48)))
                        *latest = 0; /* the next VCPU may have this address */
        }
}

static bool is_in_machine(const struct vcpu *v, word n)
{
        const struct core *core = this_core();

        return core->guest == v || (core->vcpu == v && n >= VCPU_RANGE_FIRST && n <= VCPU_RANGE_LAST);
}

word vcpu_read(const struct vcpu *v, word n)
{
        return is_in_machine(v, n) ? arch_guest_read(n) : v->reg[n];
}

void vcpu_write(struct vcpu *v, word n, word value)
{
        v->reg[n] = value;
        if (is_in_machine(v, n))
                arch_guest_write(n, value);
}

/* A guest that acknowledges its own event continues at once. */
void vcpu_acknowledge(struct vcpu *v)
{
        struct core *core = this_core();

        v->timer_masked = false;
        if (core->guest == v && !core->guest_timer_open) {
                core->guest_timer_open = true;
                platform.irq.unmask(platform.guest_timer_irq);
        }
}

bool vcpu_inject(struct vcpu *v, struct virtual_interrupt i)
{
        bool resident = this_core()->vcpu == v;
        word *stored = &v->interface.list[i.index];

        if (resident)
                *stored = platform.guest.list_read(i.index);
        if (platform.guest.is_active(*stored))
                return false;
        *stored = platform.guest.list_pending(i.number, i.priority, i.group);
        if (resident)
                platform.guest.list_write(i.index, *stored);
        return true;
}
