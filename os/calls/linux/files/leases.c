/* SPDX-License-Identifier: BSD-2-Clause */
/* Who hears by a signal what happens to an open file: its owner and its signal (fcntl, ioctl), O_ASYNC, leases, news of
 * directories. */
#include "os/calls/linux/posix.h"
#include "os/files/dnotify.h"
#include "os/files/lease.h"
#include "os/files/told.h"
#include "os/process/signals/signal.h"
#include "sos/clock.h"

enum {
        F_SETOWN = 8,
        F_GETOWN = 9,
        F_SETSIG = 10,
        F_GETSIG = 11,
        F_SETOWN_EX = 15,
        F_GETOWN_EX = 16,
        F_SETLEASE = 1024,
        F_GETLEASE = 1025,
        F_NOTIFY = 1026
};

/* Is there such a thread, process or group? */
static bool is_there(int id, enum file_owner_kind kind)
{
        if (kind == OWNER_GROUP)
                return process_of_group(id);
        return kind == OWNER_THREAD ? thread_find(id) : process_find(id);
}

static long set_owner(struct process *p, struct file *f, int id, enum file_owner_kind kind)
{
        if (id && !is_there(id, kind))
                return -SOS_ESRCH;
        f->owner.id = id;
        f->owner.kind = (uint8_t)kind;
        f->owner.real = p->user.user[USER_REAL];
        f->owner.effective = p->user.user[USER_EFFECTIVE];
        f->owner.descriptor = (int)p->call.argument[0];
        return 0;
}

long posix_set_owner(struct process *p, struct file *f, int who)
{
        if (who == INT32_MIN)
                return -SOS_EINVAL;
        return who < 0 ? set_owner(p, f, -who, OWNER_GROUP) : set_owner(p, f, who, OWNER_PROCESS);
}

/* One that has gone is no owner any more. */
static int owner_id(const struct file *f)
{
        return f->owner.id && is_there(f->owner.id, f->owner.kind) ? f->owner.id : 0;
}

int posix_owner(const struct file *f)
{
        return f->owner.kind == OWNER_GROUP ? -owner_id(f) : owner_id(f);
}

/* As programs know it: one of three kinds, and a number. */
static long set_owner_of_kind(struct process *p, struct file *f)
{
        int owner[2];

        if (!space_read(p->space, p->call.argument[2], owner, sizeof(owner)))
                return -SOS_EFAULT;
        if (owner[0] < OWNER_THREAD || owner[0] > OWNER_GROUP)
                return -SOS_EINVAL;
        return set_owner(p, f, owner[1], (enum file_owner_kind)owner[0]);
}

static long tell_owner_of_kind(struct process *p, const struct file *f)
{
        int owner[2] = {f->owner.kind, owner_id(f)};

        return space_write(p->space, p->call.argument[2], owner, sizeof(owner)) ? 0 : -SOS_EFAULT;
}

static long set_signal(struct file *f, seL4_Word signal)
{
        if (signal > PROCESS_SIGNALS)
                return -SOS_EINVAL;
        f->owner.signal = (uint8_t)signal;
        return 0;
}

/* The owner is whoever asks, unless there is one. */
static long set_lease(struct process *p, struct file *f, seL4_Word type)
{
        long error;

        if (f->kind != FILE_NODE || f->node->kind == NODE_DIRECTORY || type > LEASE_NONE)
                return -SOS_EINVAL;
        if (f->node->user != p->user.user[USER_FILES] && !user_can(&p->user, CAPABLE_LEASES))
                return -SOS_EACCES;
        error = lease_set(f, (enum lease_type)type);
        if (!error && type != LEASE_NONE && !f->owner.id)
                set_owner(p, f, p->leader->pid, OWNER_PROCESS);
        return error;
}

/* Whoever asks is the owner, unless there is one, and hears of what happens in the directory. */
static long set_news(struct process *p, struct file *f, seL4_Word wanted)
{
        long error;

        if (f->kind != FILE_NODE || f->node->kind != NODE_DIRECTORY)
                return -SOS_ENOTDIR;
        error = dnotify_set(f, p->leader->pid, (uint32_t)wanted);
        if (!error && !f->owner.id)
                set_owner(p, f, p->leader->pid, OWNER_PROCESS);
        f->owner.descriptor = (int)p->call.argument[0];
        return error;
}

bool posix_is_of_owner(seL4_Word command)
{
        return (command >= F_SETOWN && command <= F_GETSIG) || command == F_SETOWN_EX ||
               command == F_GETOWN_EX || (command >= F_SETLEASE && command <= F_NOTIFY);
}

long posix_control_owner(struct process *p, struct file *f, seL4_Word command)
{
        seL4_Word value = p->call.argument[2];

        switch (command) {
        case F_SETOWN:
                return posix_set_owner(p, f, (int)value);
        case F_GETOWN:
                return posix_owner(f);
        case F_SETSIG:
                return set_signal(f, value);
        case F_GETSIG:
                return f->owner.signal;
        case F_SETOWN_EX:
                return set_owner_of_kind(p, f);
        case F_GETOWN_EX:
                return tell_owner_of_kind(p, f);
        case F_SETLEASE:
                return set_lease(p, f, (uint32_t)value);
        case F_NOTIFY:
                return set_news(p, f, value);
        default: /* F_GETLEASE */
                return (long)lease_type(f);
        }
}

long posix_break_leases(struct process *p, const struct node *n, bool write, bool waits)
{
        const struct file *f;
        uint64_t end;

        if (!n->leases)
                return 0;
        while ((f = lease_break(n, write)) != NULL)
                signal_owner(f, NEWS_MESSAGE);
        end = lease_end(n, write);
        if (!end)
                return 0;
        if (!waits)
                return -SOS_EAGAIN;
        call_waits(p, lease_queue());
        return call_until(p, end);
}
