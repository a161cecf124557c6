/* SPDX-License-Identifier: BSD-2-Clause */
/* See service.h. */
#include "os/core/service.h"

enum { STACK_BYTES = 32 << 10 };

static struct service *services[SERVICES];
static unsigned service_count;

struct service *service_entry(unsigned i)
{
        return i < service_count ? services[i] : NULL;
}

bool service_make(struct service *s, seL4_CPtr endpoint)
{
        if (service_count == SERVICES || cspace_create_one_level(&root_cspace, &s->cspace))
                return false;
        s->config.cspace = &s->cspace;
        s->config.stack_bytes = STACK_BYTES;
        if (s->config.period == 0)
                s->config.budget = s->config.period = SERVICE_SLICE_US;
        s->config.suspended = true;
        s->config.fault_ep = endpoint;
        s->config.fault_badge = BADGE_SERVICE | service_count;
        s->thread = thread_create_ex(&s->config);
        if (s->thread)
                services[service_count++] = s;
        return s->thread;
}

bool service_give(struct service *s, seL4_Word slot, seL4_CPtr cap, seL4_CapRights_t rights, seL4_Word badge)
{
        if (cspace_alloc_slot(&s->cspace) != slot)
                return false;
        return badge ? !cspace_mint(&s->cspace, slot, &root_cspace, cap, rights, badge)
                     : !cspace_copy(&s->cspace, slot, &root_cspace, cap, rights);
}
