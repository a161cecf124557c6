/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of processes and their threads: entries, numbers, badges.  Owns the records; see process.h, process_parts.h, and family.h for
 * who gets one. */
#include "base/text.h"
#include "os/process/family.h"
#include "os/process/limits.h"
#include "os/process/nice.h"
#include "os/process/process_parts.h"
#include "os/process/spread.h"
#include "os/process/users.h"
#include "sos/clock.h"

enum { BUCKETS = 1024 };

static struct {
        struct process table[TASKS];     /* first the leaders */
        struct process *bucket[BUCKETS]; /* by number */
        int last_pid;
} processes = {.last_pid = TASK_FIRST};

struct process *process_entry(unsigned i)
{
        return &processes.table[i];
}

struct process *thread_any(unsigned i)
{
        return i < PROCESSES ? process_entry(i) : thread_entry(i - PROCESSES);
}

struct process *thread_entry(unsigned i)
{
        return &processes.table[PROCESSES + i];
}

struct process *thread_find(int tid)
{
        struct process *p = processes.bucket[(unsigned)tid % BUCKETS];

        while (p && p->pid != tid)
                p = p->same_hash;
        return p;
}

struct process *process_find(int pid)
{
        struct process *p = thread_find(pid);

        return p && p->leader == p ? p : NULL;
}

static void enter_as(struct process *p, int pid)
{
        struct process **first = &processes.bucket[(unsigned)pid % BUCKETS];

        p->pid = pid;
        p->same_hash = *first;
        *first = p;
}

void task_enter(struct process *p)
{
        do {
                processes.last_pid++;
        } while (thread_find(processes.last_pid));
        enter_as(p, processes.last_pid);
}

void task_renumber(struct process *p, int pid)
{
        task_leave(p);
        enter_as(p, pid);
        p->group = p->session = pid;
        processes.last_pid--;
}

void task_leave(struct process *p)
{
        struct process **at = &processes.bucket[(unsigned)p->pid % BUCKETS];

        while (*at != p)
                at = &(*at)->same_hash;
        *at = p->same_hash;
        p->state = PROCESS_FREE;
}

struct process *process_of_badge(seL4_Word badge)
{
        struct process *p = &processes.table[(badge >> BADGE_ENTRY_SHIFT) % TASKS];

        return p->state != PROCESS_FREE && p->pid == (int)(uint32_t)badge ? p : NULL;
}

struct process *process_of_group(int group)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (p->state != PROCESS_FREE && p->group == group)
                        return p;
        }
        return NULL;
}

seL4_Word task_badge(const struct process *p)
{
        return (seL4_Word)(p - processes.table) << BADGE_ENTRY_SHIFT | (seL4_Word)p->pid;
}

bool thread_lives(const struct process *p)
{
        return p->state == PROCESS_RUNNING || p->state == PROCESS_WAITING;
}

bool process_lives(const struct process *p)
{
        return !p->end.exiting && (thread_lives(p) || p->state == PROCESS_HOLLOW ||
                                   (p->state == PROCESS_ENDING && p->ring.threads > 1));
}

struct process *process_named(const char *name)
{
        struct process *found = NULL;

        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = &processes.table[i];

                if (process_lives(p) && !strcmp(p->name, name) && (!found || p->pid > found->pid))
                        found = p;
        }
        return found;
}

struct process *task_take_entry(const struct process *maker, int group)
{
        struct process *p = family_entry(maker, group);

        if (p) {
                memset(p, 0, sizeof(*p));
                p->leader = p->ring.next = p->ring.previous = p;
                p->ring.threads = 1;
                task_enter(p);
                p->family = !maker ? 0 : maker->family ? maker->family : p->pid;
                if (maker)
                        p->user = maker->user;
                else
                        user_begin(&p->user);
                limits_begin(p, maker);
                p->limits.limit = maker ? maker->limits.limit : PROCESS_TASKS;
                p->group = group ? group : p->pid;
                p->session = maker ? maker->session : p->pid;
                p->time.started_us = clock_us();
        }
        return p;
}

void task_inherit(struct process *to, const struct process *from)
{
        memcpy(to->name, from->name, sizeof(to->name));
        to->time.budget_us = from->time.budget_us;
        to->time.period_us = from->time.period_us;
        to->time.charged = from->time.charged;
        nice_inherit(to, from);
        to->user = from->user;
        to->memory_policy = from->memory_policy;
        to->traits.slack = from->traits.slack;
        to->traits.persona = from->leader->traits.persona;
        to->traits.score = from->leader->traits.score;
        to->traits.transfers = from->traits.transfers;
        spread_inherit(to, from);
}
