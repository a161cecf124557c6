/* SPDX-License-Identifier: BSD-2-Clause */
/* Starting on several cores (spec smp.md 10).  Owns kernel.cores, kernel.peer, kernel.multicore and core->number.
 *
 * The first core boots alone.  The others have come as far as secondary_start, where each waits for one word in the loader's
 * record, which lies in memory that is given to nobody; they go on one after the other, so this code, too, runs on one core at a time.
 */
#include "arch/arch.h"
#include "boot/boot.h"
#include "console/log.h"
#include "core/home.h"
#include "core/platform.h"
#include "core/state.h"
#include "door/door.h"
#include "door/lines.h"
#include "drv/drivers.h"
#include "irq/irq.h"
#include "sched/cores.h"
#include "sched/domain.h"
#include "time/clock.h"

_Static_assert((int)CORES_MAX == (int)HANDOVER_CORES_MAX, "the loader starts as many as the kernel can have");

void boot_core(struct handover *h, word row);

static uint32_t state_of(const struct handover_core *row)
{
        return __atomic_load_n(&row->state, __ATOMIC_ACQUIRE);
}

static void set_state(struct handover_core *row, enum handover_core_state state)
{
        __atomic_store_n(&row->state, state, __ATOMIC_RELEASE);
        arch_tell_cores();
}

static void wait_for(const struct handover_core *row, enum handover_core_state state)
{
        while (state_of(row) != state)
                arch_doze_unless(&row->state, state);
}

/* The first row is ours. */
__attribute__((cold)) void cores_plan(const struct boot *b)
{
        word n = 1;

        kernel.multicore = b->h.options.cores > 1;
        kernel.peer[0] = kernel.multicore ? window(b->h.core[0].page) : this_core();
        for (word i = 1; i < b->h.core_count; i++) {
                if (b->h.core[i].state == HANDOVER_CORE_HERE)
                        kernel.peer[n++] = window(b->h.core[i].page);
        }
        kernel.cores = n;
        if (kernel.multicore && n < b->h.options.cores)
                print_debug("Tessera: %lu cores of the %lu that the image asks for\n", n,
                            (word)b->h.options.cores);
}

/* The private lines of a core that the kernel uses: those by which other cores ring, and those that are its own on the first core, which
 * comes first: timer, and at EL2 what guests cause. */
static void keep_own_lines(word number)
{
        word first = number == 0 ? 0 : IRQ_OF_OTHERS + (number - 1) * IRQ_PRIVATE;

        for (word line = 0; line < IRQ_PRIVATE; line++) {
                if (platform.irq.own_lines >> line & 1 || kernel.irq_state[line] == IRQ_KERNEL)
                        kernel.irq_state[first + line] = IRQ_KERNEL;
        }
}

/* Guests' timer is off until one runs. */
static void open_own_lines(void)
{
        for (word line = 0; line < IRQ_PRIVATE; line++) {
                if (kernel.irq_state[line] == IRQ_KERNEL)
                        platform.irq.unmask(line);
        }
        this_core()->guest_timer_open = true;
}

__attribute__((cold)) void cores_go(const struct boot *b)
{
        word n = 1;

        if (!kernel.multicore)
                return;
        if (!platform.irq.share)
                boot_stop("the image is for several cores, and they cannot be told apart with this interrupt "
                          "controller");
        door_start();
        for (word number = 0; number < kernel.cores; number++) {
                struct core *core = kernel.peer[number];

                keep_own_lines(number);
                core->home = home_for(number, core->traces);
        }
        open_own_lines();
        for (word i = 1; i < b->h.core_count; i++) {
                struct handover_core *row = &b->record->core[i];
                if (b->h.core[i].state != HANDOVER_CORE_HERE)
                        continue;
                struct core *core = kernel.peer[n];

                core->number = n++;
                set_state(row, HANDOVER_CORE_GO);
                wait_for(row, HANDOVER_CORE_RUNS);
        }
        lines_share();
}

/* Another core, with an empty stack; it leaves by the door when it is its turn, and finds nothing to do. */
__attribute__((cold)) void boot_core(struct handover *h, word row)
{
        struct handover_core *own = &h->core[row];
        uint32_t before = __atomic_exchange_n(&own->state, HANDOVER_CORE_HERE, __ATOMIC_ACQ_REL);

        if (before != HANDOVER_CORE_STARTED)
                arch_halt(); /* too late */
        wait_for(own, HANDOVER_CORE_GO);
        arch_start(h->options.exports, h->user_pt_root);
        platform.irq.start_own();
        if (hypervisor_face())
                platform.guest.disable();
        clock_start_core();
        domain_start_core();
        open_own_lines();
        uint32_t number = door_queue();
        door_tell(AT_DOOR);
        set_state(own, HANDOVER_CORE_RUNS);
        door_await(number);
        door_tell(AT_USER);
        clock_account();
}
