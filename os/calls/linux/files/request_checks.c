/* SPDX-License-Identifier: BSD-2-Clause */
/* What is wrong with a request of io_submit, in the order of Linux. */
#include "os/calls/linux/posix.h"
#include "os/process/requests.h"

static bool writes(const struct request *r)
{
        return r->what == REQUEST_WRITE || r->what == REQUEST_WRITE_VECTORS;
}

/* Kinds of files that Linux lets requests read or write. */
static bool can_move(const struct file *f, bool write)
{
        if (f->kind == FILE_COUNTER)
                return !write;
        return !f->event && !(f->kind == FILE_NODE && f->node->kind == NODE_DIRECTORY);
}

/* As ioprio_set has them, without those for privileged programs. */
static long check_priority(const struct request *r)
{
        enum { CLASS_SHIFT = 13, LEVELS = 8, NONE = 0, REAL_TIME, BEST_EFFORT, IDLE };
        unsigned class = (uint16_t)r->priority >> CLASS_SHIFT,
                 level = (uint16_t)r->priority & ((1 << CLASS_SHIFT) - 1);

        if (!(r->flags & REQUEST_HAS_PRIORITY) || class == IDLE)
                return 0;
        if (class == REAL_TIME)
                return -SOS_EPERM;
        return class == BEST_EFFORT && level < LEVELS ? 0 : class == NONE && !level ? 0 : -SOS_EINVAL;
}

static long check_memory(struct process *p, const struct request *r)
{
        enum { ADDRESS_BITS = 48 };
        bool any;

        if (r->what == REQUEST_READ_VECTORS || r->what == REQUEST_WRITE_VECTORS)
                return posix_check_vectors(p, r->buffer, r->bytes, &any);
        return r->buffer >> ADDRESS_BITS || r->bytes > (1ull << ADDRESS_BITS) - r->buffer ? -SOS_EFAULT : 0;
}

static long check_transfer(struct process *p, const struct request *r, const struct file *f)
{
        bool write = writes(r);
        long error = check_priority(r);

        if (!error && posix_lacks_ways(f, r->ways, write))
                error = -SOS_EOPNOTSUPP;
        if (!error)
                error = posix_may_move(f, write);
        if (!error && !can_move(f, write))
                error = -SOS_EINVAL;
        if (!error)
                error = check_memory(p, r);
        return error ? error : r->offset < 0 ? -SOS_EINVAL : 0;
}

static long check_sync(const struct request *r, const struct file *f)
{
        return r->buffer || r->offset || r->bytes || r->ways ||
                               (f->kind != FILE_NODE && f->kind != FILE_SPARE)
                       ? -SOS_EINVAL
                       : 0;
}

/* Its file, and the counter that is told. */
static long check_files(struct process *p, const struct request *r, struct file *file[2])
{
        file[0] = posix_file(p, r->descriptor);
        file[1] = r->flags & REQUEST_TELLS ? posix_file(p, r->event) : NULL;
        if (!file[0] || file_is_place(file[0]))
                return -SOS_EBADF;
        if (r->flags & REQUEST_TELLS && (!file[1] || file_is_place(file[1])))
                return -SOS_EBADF;
        return file[1] && file[1]->kind != FILE_COUNTER ? -SOS_EINVAL : 0;
}

long posix_check_request(struct process *p, const struct request *r, seL4_Word va, struct file *file[2])
{
        static const uint32_t key;
        long error = check_files(p, r, file);

        if (error)
                return error;
        if (!space_write(p->space, va + offsetof(struct request, key), &key, sizeof(key)))
                return -SOS_EFAULT;
        switch (r->what) {
        case REQUEST_READ:
        case REQUEST_WRITE:
        case REQUEST_READ_VECTORS:
        case REQUEST_WRITE_VECTORS:
                return check_transfer(p, r, file[0]);
        case REQUEST_SYNC:
        case REQUEST_SYNC_DATA:
                return check_sync(r, file[0]);
        default:
                return -SOS_EINVAL;
        }
}
