/* SPDX-License-Identifier: BSD-2-Clause */
/* Other cores, for an image that is built for several: their maps, and how they are started (spec smp.md 10).
 *
 * Each gets pages of its own in place of the kernel's first ones, and a map with them there (abi/handover.h).  They begin
 * at core_begin (secondary.S), in a page that is mapped one to one for that moment.  All of it belongs to the kernel for good, so a core
 * that comes up when nobody waits for it any more does no harm.
 */
#include <string.h>

#include "loader/loader.h"

enum {
        TABLES_EACH = 4,  /* of a map like the first core's */
        OWN_PAGES = 8,    /* at most */
        TABLES_BEGIN = 5, /* the page of core_begin and its map */
        PATIENCE_SECONDS = 3,
};

#define PSCI_CPU_ON 0xc4000003u

extern const unsigned char core_begin[], core_table[], core_end[];

/* As core_begin reads it. */
struct core_table {
        uint64_t mair, tcr, identity, entry,
                record; /* identity: the root of that map; 0 at EL2, whose one root has it */
        struct {
                uint64_t mpidr, root;
        } core[HANDOVER_CORES_MAX];
};

static uint64_t begin; /* the page of core_begin */

uint64_t cores_bytes(const struct handover *h)
{
        return h->core_count ? (h->core_count * (TABLES_EACH + OWN_PAGES) + TABLES_BEGIN) * PAGE : 0;
}

/* The page in which other cores begin, mapped one to one: at EL2 in the kernel's own map, which removes it, like the gate's (el2.c). */
static struct core_table *make_begin(struct space *space)
{
        struct space identity = *space;

        begin = space_page(&identity);
        memcpy(pointer_to(begin), core_begin, (size_t)(core_end - core_begin));
        if (!space->el2)
                identity.root = space_page(&identity);
        map_segment(&identity, (struct handover_range){begin, begin + PAGE}, begin, 5);
        space->next = identity.next;
        struct core_table *table = pointer_to(begin + address_of(core_table) - address_of(core_begin));
        table->identity = space->el2 ? 0 : identity.root;
        return table;
}

/* How the other cores translate: as this one does when it enters the kernel. */
static void set_controls(struct core_table *table, bool el2)
{
        if (el2) {
                table->mair = el2_controls().mair;
                table->tcr = el2_controls().tcr;
                return;
        }
        __asm__("mrs %0, mair_el1" : "=r"(table->mair));
        __asm__("mrs %0, tcr_el1" : "=r"(table->tcr));
        table->tcr &= ~(1ull << 23); /* as kernel_enter does: the upper half exists */
}

void cores_prepare(struct space *space, struct handover *h, uint64_t kernel, uint64_t record)
{
        const struct handover_face *face = face_of(kernel);
        uint64_t own = face->own_end - face->own, root = space->root;
        uint64_t down = space->el2 ? EL2_DOWN : 0, va = IMAGE_BASE - down + face->own;
        struct core_table *table;

        if (h->core_count == 0)
                return;
        if (own > OWN_PAGES * PAGE)
                stop("the kernel has more pages for each core than this loader knows");
        table = make_begin(space);
        set_controls(table, space->el2);
        table->entry = IMAGE_BASE - down + face->secondary;
        table->record = WINDOW_BASE - down + record;
        h->core[0].page = kernel + face->own_end - PAGE;
        for (uint64_t i = 0; i < HANDOVER_CORES_MAX; i++)
                table->core[i].mpidr = ~0ull;
        for (uint64_t i = 1; i < h->core_count; i++) {
                uint64_t pages = space_page(space);

                for (uint64_t n = PAGE; n < own; n += PAGE)
                        space_page(space);
                h->core[i].page = pages + own - PAGE;
                table->core[i].mpidr = h->core[i].mpidr;
                map_own_pages(space, root, (struct handover_range){va, va + own}, pages);
                table->core[i].root = space->root;
        }
        space->root = root;
}

/* Other cores read it with their caches off. */
static void to_memory(uint64_t start, uint64_t end)
{
        for (uint64_t line = round_down(start, 16); line < end; line += 16)
                __asm__ volatile("dc civac, %0" ::"r"(line) : "memory");
        __asm__ volatile("dsb sy" ::: "memory");
}

static uint64_t ticks(void)
{
        uint64_t now;

        __asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(now)::"memory");
        return now;
}

/* It is in the kernel, or must never enter it. */
static bool arrives(struct handover_core *core)
{
        uint64_t hertz, start = ticks();

        __asm__("mrs %0, cntfrq_el0" : "=r"(hertz));
        while (__atomic_load_n(&core->state, __ATOMIC_ACQUIRE) == HANDOVER_CORE_STARTED &&
               ticks() - start < PATIENCE_SECONDS * hertz)
                __asm__ volatile("yield");
        return __atomic_exchange_n(&core->state, HANDOVER_CORE_LATE, __ATOMIC_ACQ_REL) == HANDOVER_CORE_HERE;
}

/* Returns whether it was told to start. */
static bool tell(const struct handover_core *core, uint64_t at)
{
        int64_t error;

        if (at != 0) {
                *(volatile uint64_t *)pointer_to(at) = begin;
                to_memory(at, at + 8);
                __asm__ volatile("sev");
                return true;
        }
        if (power_way() == CONDUIT_NONE) {
                say("loader: core 0x%lx is not started: the device tree names no firmware to ask.\n",
                    core->mpidr);
                return false;
        }
        error = psci_call(PSCI_CPU_ON, power_way() == CONDUIT_SMC, core->mpidr, begin);
        if (error != 0)
                say("loader: core 0x%lx is not started: firmware returns %ld.\n", core->mpidr, error);
        return error == 0;
}

static bool start(struct handover_core *core, uint64_t at)
{
        if (!tell(core, at))
                return false;
        if (arrives(core)) {
                __atomic_store_n(&core->state, HANDOVER_CORE_HERE, __ATOMIC_RELEASE);
                return true;
        }
        say("loader: core 0x%lx was started but did not come up: it is left out.\n", core->mpidr);
        return false;
}

void cores_start(struct handover *out)
{
        uint64_t wanted = out->options.cores, running = 1;

        if (out->core_count == 0)
                return;
        to_memory(begin, begin + PAGE);
        for (uint64_t i = 1; i < out->core_count; i++) {
                if (running < wanted && start(&out->core[i], core_release(i)))
                        running++;
                else
                        out->core[i].state = HANDOVER_CORE_LATE;
        }
        say("  cores  %lu", running);
        if (running < wanted)
                say(" of the %lu that the image is made for", wanted);
        say("\n");
}
