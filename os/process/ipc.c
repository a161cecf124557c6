/* SPDX-License-Identifier: BSD-2-Clause */
/* See ipc.h. */
#include "os/process/ipc.h"
#include "base/text.h"

enum { TURNS = 0x7fff };

struct ipc *ipc_at(const struct ipc_table *t, unsigned place)
{
        return (struct ipc *)(void *)((char *)t->first + place * t->record);
}

static unsigned place_of(const struct ipc_table *t, const struct ipc *o)
{
        return (unsigned)((size_t)((const char *)o - (const char *)t->first) / t->record);
}

int ipc_number(const struct ipc_table *t, const struct ipc *o)
{
        return (int)(o->turn * t->count + place_of(t, o));
}

struct ipc *ipc_find(const struct ipc_table *t, int number, long *error)
{
        struct ipc *o = number < 0 ? NULL : ipc_at(t, (unsigned)number % t->count);

        *error = !o || !o->used ? -SOS_EINVAL : ipc_number(t, o) != number ? -SOS_EIDRM : 0;
        return *error ? NULL : o;
}

static struct ipc *make(const struct ipc_table *t, const struct process *p, int32_t key, seL4_Word flags)
{
        for (unsigned i = 0; i < t->count; i++) {
                struct ipc *o = ipc_at(t, i);
                uint16_t turn = o->turn;

                if (o->used)
                        continue;
                (void)p;
                memset(o, 0, t->record);
                *o = (struct ipc){.used = true,
                                  .turn = (uint16_t)((turn + 1) % TURNS),
                                  .key = key,
                                  .mode = flags & IPC_MODE};
                return o;
        }
        return NULL;
}

struct ipc *ipc_get(const struct ipc_table *t, const struct process *p, int32_t key, seL4_Word flags,
                    bool *fresh, long *error)
{
        struct ipc *o;

        *error = 0;
        *fresh = false;
        for (unsigned i = 0; key && i < t->count; i++) {
                o = ipc_at(t, i);
                if (!o->used || o->key != key)
                        continue;
                *error = (flags & (IPC_CREATE | IPC_ONLY_NEW)) == (IPC_CREATE | IPC_ONLY_NEW) ? -SOS_EEXIST
                                                                                              : 0;
                return *error ? NULL : o;
        }
        *error = key && !(flags & IPC_CREATE) ? -SOS_ENOENT : 0;
        o = *error ? NULL : make(t, p, key, flags);
        *fresh = o;
        if (!o && !*error)
                *error = -SOS_ENOSPC;
        return o;
}

void ipc_give(struct ipc *o)
{
        o->used = false;
}

unsigned ipc_count(const struct ipc_table *t, unsigned *last)
{
        unsigned count = 0;

        *last = 0;
        for (unsigned i = 0; i < t->count; i++) {
                if (!ipc_at(t, i)->used)
                        continue;
                count++;
                *last = i;
        }
        return count;
}

struct ipc_seen ipc_seen(const struct ipc *o)
{
        return (struct ipc_seen){.key = o->key,
                                 .user = o->user,
                                 .group = o->group,
                                 .maker = o->maker,
                                 .maker_group = o->maker_group,
                                 .mode = o->mode,
                                 .turn = o->turn};
}

void ipc_set(struct ipc *o, const struct ipc_seen *seen)
{
        o->user = seen->user;
        o->group = seen->group;
        o->mode = (o->mode & ~(uint32_t)IPC_MODE) | (seen->mode & IPC_MODE);
}

/* --- semaphores --- */

static struct semaphore_set sets[IPC_PLACES];

const struct ipc_table semaphore_sets = {sets, sizeof(*sets), IPC_PLACES};

static struct undo {
        const struct process *leader; /* NULL: unused */
        struct semaphore_set *set;
        unsigned number;
        int by;
} undos[SEMAPHORE_UNDOS];
static unsigned fresh_undos; /* none is used from it on */

bool semaphore_undo(const struct process *p, struct semaphore_set *s, unsigned number, int by)
{
        struct undo *free = fresh_undos < SEMAPHORE_UNDOS ? &undos[fresh_undos] : NULL;

        for (unsigned i = 0; i < fresh_undos; i++) {
                struct undo *u = &undos[i];

                if (!u->leader)
                        free = u;
                if (u->leader != p->leader || u->set != s || u->number != number)
                        continue;
                u->by += by;
                return true;
        }
        if (!free)
                return false;
        if (free == &undos[fresh_undos])
                fresh_undos++;
        *free = (struct undo){p->leader, s, number, by};
        return true;
}

void semaphore_forget(const struct semaphore_set *s, unsigned number)
{
        for (unsigned i = 0; i < fresh_undos; i++) {
                if (undos[i].set == s && (number == SEMAPHORES || undos[i].number == number))
                        undos[i].leader = NULL;
        }
}

static void apply(const struct undo *u)
{
        struct semaphore *s = &semaphore_of(u->set)[u->number];
        int value = s->value + u->by;

        s->value = (uint16_t)(value < 0 ? 0 : value > SEMAPHORE_MOST ? SEMAPHORE_MOST : value);
        s->pid = u->leader->pid;
        wait_wake(&u->set->changed);
}

void semaphores_undo(const struct process *leader)
{
        for (unsigned i = 0; i < fresh_undos; i++) {
                if (undos[i].leader != leader)
                        continue;
                apply(&undos[i]);
                undos[i].leader = NULL;
        }
}
