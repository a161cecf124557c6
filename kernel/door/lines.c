/* SPDX-License-Identifier: BSD-2-Clause */
/* Private lines of several cores, above whatever controller there is (spec smp.md 2).
 *
 * The controller's driver knows the lines of the core that it runs on.  A number from IRQ_OF_OTHERS on means a line of another
 * core, and what is to be done to one is done by that core (door_ask), so that it is complete on return with any controller.
 */
#include "door/lines.h"
#include "core/platform.h"
#include "core/state.h"
#include "door/door.h"

static struct irq_controller own; /* of this core's lines; constant after boot */

static word number_of(word line, word core)
{
        return core == 0 ? line : IRQ_OF_OTHERS + (core - 1) * IRQ_PRIVATE + line;
}

/* A line that the kernel uses on every core: each means its own. */
static bool is_kernels(word irq)
{
        return kernel.irq_state[irq] == IRQ_KERNEL;
}

static word core_of_line(word irq)
{
        if (irq >= IRQ_OF_OTHERS)
                return (irq - IRQ_OF_OTHERS) / IRQ_PRIVATE + 1;
        return irq < IRQ_PRIVATE && !is_kernels(irq) ? 0 : this_core()->number;
}

static word line_of(word irq)
{
        return irq >= IRQ_OF_OTHERS ? irq % IRQ_PRIVATE : irq;
}

static void on_its_core(word irq, void (*errand)(word line))
{
        word core = core_of_line(irq);

        if (core == this_core()->number)
                errand(line_of(irq));
        else
                door_ask(core, errand, line_of(irq));
}

static word claim(void)
{
        word irq = own.claim();

        return irq < IRQ_PRIVATE && !is_kernels(irq) ? number_of(irq, this_core()->number) : irq;
}

static void mask(word irq)
{
        on_its_core(irq, own.mask);
}

static void unmask(word irq)
{
        on_its_core(irq, own.unmask);
}

static void forget(word irq)
{
        on_its_core(irq, own.forget);
}

static void acknowledge(word irq)
{
        on_its_core(irq, own.acknowledge);
}

/* A claimed line is one of this core; those of the kernel keep the number that they have on every core. */
static void finish(word irq)
{
        own.finish(line_of(irq));
}

static void deliver(word irq)
{
        own.deliver(line_of(irq));
}

static void be_edge(word line)
{
        own.set_edge(line, true);
}

static void be_level(word line)
{
        own.set_edge(line, false);
}

static void set_edge(word irq, bool edge)
{
        on_its_core(irq, edge ? be_edge : be_level);
}

static bool is_secure(word irq)
{
        return irq < IRQ_LINES && own.is_secure(irq);
}

__attribute__((cold)) void lines_share(void)
{
        platform.irq.share();
        own = platform.irq;
        platform.irq.claim = claim;
        platform.irq.mask = mask;
        platform.irq.unmask = unmask;
        platform.irq.forget = forget;
        platform.irq.acknowledge = acknowledge;
        platform.irq.finish = finish;
        platform.irq.deliver = deliver;
        if (own.set_edge)
                platform.irq.set_edge = set_edge;
        if (own.is_secure)
                platform.irq.is_secure = is_secure;
}
