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
                memset(o, 0, t->record);
                *o = (struct ipc){.used = true,
                                  .turn = (uint16_t)((turn + 1) % TURNS),
                                  .key = key,
                                  .user = p->user.user[USER_EFFECTIVE],
                                  .group = p->user.group[USER_EFFECTIVE],
                                  .maker = p->user.user[USER_EFFECTIVE],
                                  .maker_group = p->user.group[USER_EFFECTIVE],
                                  .mode = flags & IPC_MODE};
                return o;
        }
        return NULL;
}

static unsigned mode_for(const struct user *u, const struct ipc *o, bool own)
{
        if (own)
                return o->mode >> 6;
        return user_in_group(u, o->group) || user_in_group(u, o->maker_group) ? o->mode >> 3 : o->mode;
}

long ipc_refuse(const struct user *u, const struct ipc *o, unsigned how)
{
        uint32_t user = u->user[USER_EFFECTIVE];
        bool own = user == o->user || user == o->maker;

        if (how & IPC_OWNS)
                return own || user_can(u, CAPABLE_SYSTEM) ? 0 : -SOS_EPERM;
        return how & ~mode_for(u, o, own) & IPC_MODE_ONE && !user_can(u, CAPABLE_IPC) ? -SOS_EACCES : 0;
}

static long may_get(const struct user *u, const struct ipc *o, seL4_Word flags)
{
        enum { NEW = IPC_CREATE | IPC_ONLY_NEW };

        return (flags & NEW) == NEW
                       ? -SOS_EEXIST
                       : ipc_refuse(u, o, (unsigned)(flags | flags >> 3 | flags >> 6) & IPC_MODE_ONE);
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
                *error = may_get(&p->user, o, flags);
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

/* Records by number, from 1 on; 0 is none.  Those of a semaphore are a list, the one used last first: calls that change it again and
 * again find theirs at once. */
static struct undo {
        const struct process *leader; /* NULL: unused */
        struct semaphore_set *set;
        unsigned number;
        int by;
        uint16_t next; /* of the same semaphore, or of those that are unused again */
} undos[SEMAPHORE_UNDOS + 1];
static uint16_t free_undos,
        used_undos; /* the first that is unused again; those behind this one were never used */

static uint16_t *list_of(const struct undo *u)
{
        return &semaphore_of(u->set)[u->number].undos;
}

/* The place in the list that says which the one of that process is, or where the list ends. */
static uint16_t *find_undo(uint16_t *at, const struct process *leader)
{
        while (*at && undos[*at].leader != leader)
                at = &undos[*at].next;
        return at;
}

static uint16_t take_undo(void)
{
        uint16_t i = free_undos;

        if (i)
                free_undos = undos[i].next;
        else if (used_undos < SEMAPHORE_UNDOS)
                i = ++used_undos;
        return i;
}

/* The one that the place says goes out of its list, and is unused. */
static void give_undo(uint16_t *at)
{
        uint16_t i = *at;

        *at = undos[i].next;
        undos[i] = (struct undo){.next = free_undos};
        free_undos = i;
}

bool semaphore_undo(struct process *p, struct semaphore_set *s, unsigned number, int by)
{
        uint16_t *first = &semaphore_of(s)[number].undos, *at = find_undo(first, p->leader), i = *at;

        if (i) {
                *at = undos[i].next;
        } else {
                i = take_undo();
                if (!i)
                        return false;
                undos[i] = (struct undo){p->leader, s, number, 0, 0};
        }
        undos[i].by += by;
        undos[i].next = *first;
        *first = i;
        p->leader->traits.undoes = true;
        return true;
}

void semaphore_forget(struct semaphore *each)
{
        while (each->undos)
                give_undo(&each->undos);
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
        for (uint16_t i = 1; i <= used_undos; i++) {
                if (undos[i].leader != leader)
                        continue;
                apply(&undos[i]);
                give_undo(find_undo(list_of(&undos[i]), leader));
        }
}
