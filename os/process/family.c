/* SPDX-License-Identifier: BSD-2-Clause */
/* See family.h. */
#include "os/process/family.h"

/* What a family has of the table. */
struct family_use {
        unsigned used;         /* entries of the whole table */
        unsigned relatives;    /* of its family */
        unsigned companions;   /* of its family and group */
        struct process *entry; /* a free one */
};

static struct family_use use_of(const struct process *maker, int group)
{
        struct family_use use = {0};

        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (p->state == PROCESS_FREE) {
                        use.entry = use.entry ? use.entry : p;
                        continue;
                }
                use.used++;
                if (!maker || p->family != maker->family)
                        continue;
                use.relatives++;
                use.companions += p->group == group;
        }
        return use;
}

struct process *family_entry(const struct process *maker, int group)
{
        struct family_use use = use_of(maker, group);
        unsigned most, rest;

        if (!maker || !maker->family)
                return use.entry;
        rest = maker->limits.limit / PROCESS_SHARE_KEPT;
        most = maker->pid == maker->family ? maker->limits.limit : maker->limits.limit - rest;
        if (use.relatives >= most || (group && use.companions >= maker->limits.limit - rest))
                return NULL;
        return use.used < PROCESSES - PROCESS_RESERVE - (use.relatives < PROCESS_FEW ? 0 : PROCESS_KEPT)
                       ? use.entry
                       : NULL;
}
