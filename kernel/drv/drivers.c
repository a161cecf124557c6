/* SPDX-License-Identifier: BSD-2-Clause */
/* Which driver serves which device of the hand-over. */
#include "drv/drivers.h"
#include "core/state.h"

enum { TIMER_IRQ = 27, FRAME = 0x1000, GICV3_DIST = 0x10000, GICV3_REDIST = 0x100000 };

static const struct driver consoles[] = {
        {"arm,pl011", pl011_probe},
        {NULL, NULL},
};

static const struct driver controllers[] = {
        {"arm,cortex-a15-gic", gicv2_probe},
        {"arm,gic-400", gicv2_probe},
        {"arm,gic-v3", gicv3_probe},
        {NULL, NULL},
};

/* Interrupt lines open to users where an interface promises a number other than what the controller has. */
static const struct {
        const char *machine;
        word irq_last;
} boards[] = {
        {"linux,dummy-virt", 159},
};

static bool same_string(const char *a, const char *b)
{
        while (*a != 0 && *a == *b)
                a++, b++;
        return *a == *b;
}

static bool probe_with(const struct driver *rows, const struct handover_device *d)
{
        for (; rows->compatible != NULL; rows++) {
                if (same_string(rows->compatible, d->compatible)) {
                        rows->probe(d);
                        return true;
                }
        }
        return false;
}

/* The first device of a kind; with `flags`, the first that has them. */
static bool probe_first(const struct driver *rows, const struct handover *h, uint32_t flags)
{
        for (word i = 0; i < h->device_count; i++) {
                if ((h->device[i].flags & flags) == flags && probe_with(rows, &h->device[i]))
                        return true;
        }
        return false;
}

static void limit_lines(const struct handover *h)
{
        for (word i = 0; i < h->device_count; i++) {
                for (word b = 0; b < sizeof(boards) / sizeof(boards[0]); b++) {
                        if (same_string(boards[b].machine, h->device[i].compatible))
                                platform.irq_last = min_word(platform.irq_last, boards[b].irq_last);
                }
        }
        platform.irq_last = min_word(platform.irq_last, IRQ_LINES - 1);
}

bool drivers_probe(const struct handover *h)
{
        platform.timer_irq = h->timer_irq ? h->timer_irq : TIMER_IRQ;
        if (!probe_first(consoles, h, HANDOVER_CONSOLE))
                probe_first(consoles, h, 0);
        if (!probe_first(controllers, h, 0))
                return false;
        limit_lines(h);
        return true;
}

static struct handover_range at_most(struct handover_range r, word size)
{
        return (struct handover_range){r.start, r.start + min_word(size, r.end - r.start)};
}

/* Users get what the device tree counts to the controller beyond the registers that exist. */
word drivers_withheld(const struct handover *h, struct handover_range *range)
{
        for (word i = 0; i < h->device_count; i++) {
                const struct handover_device *d = &h->device[i];

                for (const struct driver *row = controllers; row->compatible != NULL; row++) {
                        bool v3 = row->probe == gicv3_probe;

                        if (!same_string(row->compatible, d->compatible))
                                continue;
                        range[0] = at_most(d->reg[0], v3 ? GICV3_DIST : FRAME);
                        range[1] = at_most(d->reg[1], v3 ? GICV3_REDIST : FRAME);
                        return 2;
                }
        }
        return 0;
}
