/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads of the root task that serve: own CSpace with just the capabilities they need, own stack between unmapped
 * pages, own scheduling context.  They live as long as the system. */
#pragma once

#include <stdbool.h>

#include <sel4/sel4.h>

enum {
        SERVICE_SLOT_BITS = 6,
        SERVICE_SLOTS = 1 << SERVICE_SLOT_BITS,
        SERVICES = 8,
        SERVICE_SLICE_US = 10000
};

struct service {
        const char *name;
        void (*run)(void *argument);
        void *argument;
        seL4_Word priority;
        seL4_CPtr tcb, sc, cnode;
        unsigned long consumed_us;
};

/* Make the thread's objects; false when memory is out.  It does not run yet: first give it capabilities. */
bool service_make(struct service *s, seL4_CPtr sched_control);

/* Copy a capability of ours, with these rights and badge, to `slot` of the service. */
bool service_give(struct service *s, seL4_Word slot, seL4_CPtr cap, seL4_CapRights_t rights, seL4_Word badge);

/* Start it. */
bool service_start(struct service *s);

/* Service number i, NULL behind the last; the root thread itself is not among them. */
struct service *service_entry(unsigned i);
