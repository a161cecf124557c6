/* SPDX-License-Identifier: BSD-2-Clause */
/* Server threads of the root task: each has its own CSpace with just the capabilities it needs, own stack between unmapped
 * pages, own time.  They live as long as the system; a fault stops one, and the server reports it. */
#pragma once

#include "os/core/object.h"
#include <threads/threads.h>

enum { SERVICES = 8, SERVICE_SLICE_US = 10000 };

struct service {
        thread_config_t config; /* name, entry, argument and priority, before service_make */
        cspace_t cspace;
        thread_t *thread;
        unsigned long consumed_us;
};

/* Make the thread; false when out of memory.  It does not run yet: first give it capabilities, then thread_resume.  Its
 * faults come to `endpoint`, the badge is BADGE_SERVICE and its number. */
#define BADGE_SERVICE (1ull << 61)
bool service_make(struct service *s, seL4_CPtr endpoint);

/* Copy a capability of ours, with these rights and badge, to `slot` of the service; slots go up from 1. */
bool service_give(struct service *s, seL4_Word slot, seL4_CPtr cap, seL4_CapRights_t rights, seL4_Word badge);

/* Service number i, NULL behind the last; the root thread itself is not among them. */
struct service *service_entry(unsigned i);
