/* SPDX-License-Identifier: BSD-2-Clause */
/* Which driver serves which device of the hand-over. */
#include "drv/drivers.h"
#include "core/state.h"

enum { TIMER_IRQ = 27, FRAME = 0x1000, GICV3_DIST = 0x10000, GICV3_REDIST = 0x100000 };

static const struct driver controllers[] = {
        {"arm,gic-v3", gicv3_probe},
        {"arm,gic-400", gicv2_probe},
        {"arm,cortex-a15-gic", gicv2_probe},
        {"arm,cortex-a9-gic", gicv2_probe},
        {"arm,cortex-a7-gic", gicv2_probe},
        {"arm,pl390", gicv2_probe},
        {"arm,eb11mp-gic", gicv2_probe},
        {"arm,arm1176jzf-devchip-gic", gicv2_probe},
        {"arm,arm11mp-gic", gicv2_probe},
        {"arm,tc11mp-gic", gicv2_probe},
        {"qcom,msm-8660-qgic", gicv2_probe},
        {"qcom,msm-qgic2", gicv2_probe},
        {"brcm,bcm2836-l1-intc", bcm2836_probe},
        {NULL, NULL},
};

/* Controllers behind those. */
static const struct driver seconds[] = {
        {"brcm,bcm2836-armctrl-ic", bcm2836_probe_armctrl},
        {NULL, NULL},
};

/* Interrupt lines open to users, where the interface prescribes another number than the controller has. */
static const struct board {
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
                        if (hypervisor_face() && rows->probe == gicv2_probe)
                                vgic2_probe(d);
                        if (hypervisor_face() && rows->probe == gicv3_probe)
                                vgic3_probe(d);
                        return true;
                }
        }
        return false;
}

/* The first device of a kind. */
static bool probe_first(const struct driver *rows, const struct handover *h)
{
        for (word i = 0; i < h->device_count; i++) {
                if (probe_with(rows, &h->device[i]))
                        return true;
        }
        return false;
}

/* The first rule for one of the devices, NULL if there is none. */
static const struct board *rule_for(const struct handover *h)
{
        for (word i = 0; i < h->device_count; i++) {
                for (word b = 0; b < sizeof(boards) / sizeof(boards[0]); b++) {
                        if (same_string(boards[b].machine, h->device[i].compatible))
                                return &boards[b];
                }
        }
        return NULL;
}

static void limit_lines(const struct handover *h)
{
        const struct board *rule = rule_for(h);

        if (rule)
                platform.irq_last = min_word(platform.irq_last, rule->irq_last);
        platform.irq_last = min_word(platform.irq_last, IRQ_LINES - 1);
}

bool drivers_probe(const struct handover *h)
{
        platform.timer_irq = h->timer_irq ? h->timer_irq : TIMER_IRQ;
        platform.timer_hertz = h->timer_hertz;
        if (h->console.base)
                uart_probe(&h->console);
        if (!probe_first(controllers, h) || platform.irq.start == NULL)
                return false;
        probe_first(seconds, h);
        limit_lines(h);
        return true;
}

static struct handover_range at_most(struct handover_range r, word size)
{
        return (struct handover_range){r.start, r.start + min_word(size, r.end - r.start)};
}

/* What the device tree assigns to the controller beyond the registers that exist goes to users.  For QEMU's machine, the interface
 * prescribes how many redistributors are withheld. */
word drivers_withheld(const struct handover *h, struct handover_range *range)
{
        word count = 0;

        for (word i = 0; i < h->device_count; i++) {
                const struct handover_device *d = &h->device[i];

                for (const struct driver *row = controllers; row->compatible != NULL; row++) {
                        bool v3 = row->probe == gicv3_probe, v2 = row->probe == gicv2_probe;

                        if (!same_string(row->compatible, d->compatible))
                                continue;
                        range[count++] = at_most(d->reg[0], v3 ? GICV3_DIST : FRAME);
                        for (word r = 1; v3 && r <= d->regions && r < HANDOVER_REG_MAX; r++)
                                range[count++] = rule_for(h) ? at_most(d->reg[r], GICV3_REDIST) : d->reg[r];
                        if (v2)
                                range[count++] = gicv2_interface(d);
                        if (v2 && hypervisor_face())
                                range[count++] = at_most(d->reg[2], FRAME);
                        return count;
                }
        }
        return 0;
}
