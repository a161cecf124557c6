/* SPDX-License-Identifier: BSD-2-Clause */
/* See wire.h. */
#include "os/process/wire.h"
#include "base/text.h"
#include "sos/driver.h"
#include "sos/wire.h"

enum { PAGES = sizeof(struct wire) / PAGE };
_Static_assert(sizeof(struct wire) % PAGE == 0, "a wire is whole pages");

static struct {
        const seL4_CPtr *monitor;
        seL4_CPtr network;
        struct wire *wire[MACHINES];
} wires;

void wires_init(const seL4_CPtr *monitor, seL4_CPtr network)
{
        wires.monitor = monitor;
        wires.network = network;
}

/* All or none. */
static bool make_wires(void)
{
        for (unsigned i = 0; i < MACHINES; i++) {
                if (!wires.wire[i])
                        wires.wire[i] = vspace_new_pages(&root_vspace, 0, PAGES, VSPACE_RW);
                if (!wires.wire[i])
                        return false;
        }
        return true;
}

static void begin(unsigned number)
{
        __atomic_add_fetch(&wires.wire[number]->epoch, 1, __ATOMIC_RELEASE);
        seL4_Signal(wires.monitor[number]);
}

unsigned wires_begin(void)
{
        if (!wires.monitor || !make_wires())
                return 0;
        for (unsigned i = 0; i < MACHINES; i++)
                begin(i);
        return MACHINES;
}

static bool show(const struct wire *w, const struct process *p, seL4_Word at)
{
        return !vspace_share(&root_vspace, w, PAGES, &p->space->vspace, at, VSPACE_RW, NULL);
}

static bool give(const struct process *p, seL4_Word slot, seL4_Word bits, seL4_CPtr cap)
{
        return !seL4_CNode_Copy(p->kernel.cnode.cap, slot, bits, root_cspace.root_cnode, cap, seL4_WordBits,
                                seL4_CapRights_new(0, 0, 0, 1));
}

bool wires_equip_network(const struct process *p)
{
        for (unsigned i = 0; i < MACHINES && wires.wire[MACHINES - 1]; i++) {
                if (!show(wires.wire[i], p, WIRE_AT + i * sizeof(struct wire)) ||
                    !give(p, DRIVER_GUESTS + i, PROCESS_SLOT_BITS, wires.monitor[i]))
                        return false;
        }
        return true;
}

bool wire_equip_monitor(unsigned number, const struct process *p, seL4_Word slot_bits, uint32_t *there)
{
        struct wire *w = wires.wire[number];

        *there = w != NULL;
        if (!w)
                return true;
        memset(w->out, 0, sizeof(w->out));
        memset(w->in, 0, sizeof(w->in));
        begin(number);
        return show(w, p, WIRE_AT) && !seL4_CNode_Mint(p->kernel.cnode.cap, MACHINE_NETWORK, slot_bits,
                                                       root_cspace.root_cnode, wires.network, seL4_WordBits,
                                                       seL4_CapRights_new(0, 0, 0, 1), DRIVER_BADGE_GUEST);
}

void wire_end(unsigned number)
{
        if (wires.wire[number])
                begin(number);
}
