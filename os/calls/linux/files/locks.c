/* SPDX-License-Identifier: BSD-2-Clause */
/* Locks on files: fcntl for ranges, flock for whole files; see os/files/lock.h. */
#include "os/calls/linux/posix.h"
#include "os/files/lock.h"

/* As programs know it. */
struct flock {
        int16_t type, whence;
        int64_t start, length;
        int32_t pid;
};

enum { F_RDLCK = 0, F_WRLCK = 1, F_UNLCK = 2 };

static bool is_bad(const struct flock *l)
{
        return l->whence < 0 || l->whence > 2 || l->type < F_RDLCK || l->type > F_UNLCK;
}

/* [start, start + length), a length below 0 says how much before; 0: to the end, however long the file becomes. */
static long range_of(const struct file *f, const struct flock *l, struct lock *range)
{
        static const uint8_t types[] = {[F_RDLCK] = LOCK_READ, [F_WRLCK] = LOCK_WRITE, [F_UNLCK] = LOCK_NONE};
        const int64_t bases[] = {0, (int64_t)f->offset, (int64_t)f->node->size};
        int64_t start, end;

        if (is_bad(l))
                return -SOS_EINVAL;
        if (__builtin_add_overflow(bases[l->whence], l->start, &start) ||
            __builtin_add_overflow(start, l->length, &end))
                return -SOS_EOVERFLOW;
        if (start < 0 || end < 0)
                return -SOS_EINVAL;
        range->type = types[l->type];
        range->start = (uint64_t)(l->length < 0 ? end : start);
        range->end = l->length == 0 ? LOCK_END : (uint64_t)(l->length < 0 ? start : end);
        return 0;
}

/* Report the lock that is in the way, or that there is none. */
static long tell(struct process *p, struct flock *f_lock, const struct lock *wanted)
{
        const struct lock *found = lock_in_the_way(wanted);

        f_lock->type = !found ? F_UNLCK : found->type == LOCK_WRITE ? F_WRLCK : F_RDLCK;
        if (found) {
                f_lock->whence = 0;
                f_lock->start = (int64_t)found->start;
                f_lock->length = found->end == LOCK_END ? 0 : (int64_t)(found->end - found->start);
                f_lock->pid = found->pid;
        }
        return space_write(p->space, p->call.argument[2], f_lock, sizeof(*f_lock)) ? 0 : -SOS_EFAULT;
}

/* Only who may read locks for reading, and likewise for writing. */
static bool may(const struct file *f, enum lock_type type)
{
        bool reads = (f->flags & O_ACCESS) != O_WRONLY, writes = f->flags & O_ACCESS;

        return type == LOCK_READ ? reads : type == LOCK_WRITE ? writes : true;
}

/* Nobody asks what is in the way of no lock; the lock of a file is no process's. */
static bool is_wrong(const struct flock *given, enum lock_call call, bool of_file)
{
        return (of_file && given->pid) || (call == LOCK_TELL && given->type == F_UNLCK);
}

/* Closing a file gives up all locks that the process has on it: one that a call gets afterwards, which waited meanwhile, would stay. */
static long waited_for(struct process *p, const struct file *f, struct lock *l, long error)
{
        bool open = l->owner == f || descriptor_file(p->files, p->call.argument[0]) == f;

        if (error || open)
                return error == -SOS_EAGAIN ? call_waits(p, lock_queue()) : error;
        l->type = LOCK_NONE;
        lock_set(l);
        return -SOS_EBADF;
}

long posix_lock(struct process *p, struct file *f, enum lock_call call, bool of_file)
{
        struct lock wanted = {.node = f->node, .owner = p->files, .pid = p->leader->pid, .kind = LOCK_RANGE};
        struct flock given;
        long error;

        if (of_file) {
                wanted.owner = f;
                wanted.pid = -1;
        }
        if (f->kind != FILE_NODE)
                return -SOS_EBADF;
        if (!space_read(p->space, p->call.argument[2], &given, sizeof(given)))
                return -SOS_EFAULT;
        error = is_wrong(&given, call, of_file) ? -SOS_EINVAL : range_of(f, &given, &wanted);
        if (error || call == LOCK_TELL)
                return error ? error : tell(p, &given, &wanted);
        error = may(f, (enum lock_type)wanted.type) ? lock_set(&wanted) : -SOS_EBADF;
        return call == LOCK_WAIT ? waited_for(p, f, &wanted, error) : error;
}

long posix_flock(struct process *p)
{
        enum { SHARED = 1, EXCLUSIVE = 2, AT_ONCE = 4, UNLOCK = 8 };
        struct file *f = posix_file(p, p->call.argument[0]);
        seL4_Word how = p->call.argument[1] & ~(seL4_Word)AT_ONCE;
        struct lock wanted = {.end = LOCK_END, .owner = f, .pid = -1, .kind = LOCK_WHOLE};
        long error;

        if (!f || file_is_place(f))
                return -SOS_EBADF;
        if (!f->node || (how != SHARED && how != EXCLUSIVE && how != UNLOCK))
                return -SOS_EINVAL;
        wanted.node = f->node;
        wanted.type = how == SHARED ? LOCK_READ : how == EXCLUSIVE ? LOCK_WRITE : LOCK_NONE;
        error = lock_set(&wanted);
        return error == -SOS_EAGAIN && !(p->call.argument[1] & AT_ONCE) ? call_waits(p, lock_queue()) : error;
}
