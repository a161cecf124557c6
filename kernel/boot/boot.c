/* SPDX-License-Identifier: BSD-2-Clause */
/* From the loader's hand-over to the first thread: the order of the steps. */
#include "boot/boot.h"
#include "arch/arch.h"
#include "console/log.h"
#include "core/state.h"
#include "drv/drivers.h"
#include "irq/irq.h"
#include "sched/domain.h"
#include "time/clock.h"

_Static_assert((int)DOMAINS_MAX == (int)HANDOVER_DOMAINS_MAX, "mkimage promises what the kernel has");

void boot(struct handover *h);

_Noreturn void boot_stop(const char *why)
{
        print("\nTessera cannot start: %s\n", why);
        arch_halt();
}

struct slot *boot_provide(struct boot *b, struct cap cap)
{
        struct slot *s;

        if (b->next_slot == bit(b->h.options.cnode_bits))
                boot_stop("the root CNode is too small for the image and the memory of this machine");
        s = &b->slots[b->next_slot++];
        slot_fill(s, cap);
        return s;
}

static void start_interrupts(void)
{
        platform.irq.start();
        if (platform.irq.is_secure && platform.irq.is_secure(platform.timer_irq))
                boot_stop("the timer's interrupt belongs to the secure world");
        kernel.irq_state[platform.timer_irq] = IRQ_KERNEL;
        platform.irq.unmask(platform.timer_irq);
}

/* At EL2 two more lines are the kernel's: the guests' timer, and their virtual interrupt interface. */
static void keep_guest_lines(const struct handover *h)
{
        if (!hypervisor_face())
                return;
        platform.guest_timer_irq = h->guest_timer_irq;
        platform.maintenance_irq = h->maintenance_irq;
        kernel.irq_state[h->guest_timer_irq] = IRQ_KERNEL;
        kernel.irq_state[h->maintenance_irq] = IRQ_KERNEL;
        platform.irq.unmask(h->maintenance_irq);
}

/* Caps in the public order of slots. */
static void make_first_task(struct boot *b)
{
        b->info = window(b->at.info);
        b->slots = window(b->at.cnode);
        b->next_slot = SLOT_FIRST_FREE;
        task_caps(b);
        space_make(b);
        carve_untyped(b);
        bootinfo_fill(b);
        task_start(b);
}

/* Entered once, with an empty stack; the stack is abandoned on return to user level. */
void boot(struct handover *h)
{
        struct boot b;

        b.record = h;
        b.h = *h; /* the loader's memory becomes untyped */
        if (b.h.magic != HANDOVER_MAGIC || b.h.size != sizeof(b.h))
                boot_stop("the loader has another hand-over");
        if (!drivers_probe(&b.h))
                boot_stop("no known interrupt controller, or none that serves this core");
        kernel.hypervisor = b.h.options.hypervisor; /* the interface of the image: sizes and labels */
        if (hypervisor_face() != (kernel.hypervisor != 0))
                boot_stop("the loader has prepared another interface than the image asks for");
        cores_plan(&b);                                    /* how many, and where the page of each is */
        print_debug("Bootstrapping kernel\n");             /* from here on there is a console */
        arch_start(b.h.options.exports, b.h.user_pt_root); /* system registers, vectors */
        kernel.asid_bits = arch_asid_bits();               /* before the first VSpace gets a number */
        kernel.long_ways = b.h.options.long_ways;          /* before the first system call */
        bootinfo_extensions(&b); /* what the image asks for and this machine can do */
        space_plan(&b);          /* how many tables the image of the first task needs */
        carve_free(&b);          /* which memory is free */
        carve_place(&b);         /* where in it the first task's objects go */
        clock_start();           /* units of time, which budgets are measured in */
        if (b.h.options.domains < 1 || b.h.options.domains > DOMAINS_MAX)
                boot_stop("the image asks for a number of domains that this kernel does not have");
        domain_start(b.h.options.domains); /* one schedule entry: domain 0 for ever */
        start_interrupts();     /* the timer's line; the others stay masked until they are asked for */
        keep_guest_lines(&b.h); /* maintenance and virtual timer, for virtual processors */
        make_first_task(&b);    /* its caps, its space, the rest of memory, its thread */
        cores_go(&b);           /* the other cores are up before it runs */
        print_debug("Booting all finished, dropped to user space\n");
}
