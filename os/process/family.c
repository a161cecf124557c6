/* SPDX-License-Identifier: BSD-2-Clause */
/* See family.h. */
#include "os/process/family.h"

/* What a family has of the table. */
struct family_use {
        unsigned used;         /* entries of the whole table */
        unsigned relatives;    /* of its family */
        unsigned companions;   /* of its family and group */
        unsigned threads;      /* of its family, besides those that processes begin with */
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
                use.threads += p->ring.threads > 1 ? p->ring.threads - 1 : 0;
                use.companions += p->group == group;
        }
        return use;
}

/* So many processes, of what a limit says of processes and threads together: one that somebody has set holds for either. */
static unsigned processes_of(unsigned limit)
{
        return limit == PROCESS_TASKS ? PROCESS_FAMILY : limit < PROCESS_LARGEST ? limit : PROCESS_LARGEST;
}

/* More urgent than programs may be: others of it would be so, too, and each would have a budget like its own. */
static bool stays_alone(const struct process *p)
{
        return p->time.priority > CHILD_PRIORITY_MAX && !p->kind.serial;
}

bool family_may_have_thread(const struct process *l)
{
        struct family_use use = use_of(l, 0);

        return !stays_alone(l) && use.threads < PROCESS_THREADS &&
               (!l->family || use.relatives + use.threads < l->limits.limit);
}

struct process *family_entry(const struct process *maker, int group)
{
        struct family_use use = use_of(maker, group);
        unsigned all, most, rest;

        if (maker && stays_alone(maker))
                return NULL;
        if (!maker || !maker->family)
                return use.entry;
        all = processes_of(maker->limits.limit);
        rest = all / PROCESS_SHARE_KEPT;
        most = maker->pid == maker->family ? all : all - rest;
        if (use.relatives >= most || (group && use.companions >= all - rest) ||
            use.relatives + use.threads >= maker->limits.limit)
                return NULL;
        return use.used < PROCESSES - PROCESS_RESERVE - (use.relatives < PROCESS_FEW ? 0 : PROCESS_KEPT)
                       ? use.entry
                       : NULL;
}
