/* SPDX-License-Identifier: BSD-2-Clause */
/* Advice about files: how they will be read, that room is needed, that a part is to be written back or no longer wanted.  All content is in
 * memory, so advice about reading has no effect. */
#include "os/calls/linux/posix.h"
#include "os/files/store.h"

static bool has_content(const struct file *f)
{
        return f->kind == FILE_NODE && f->node->kind != NODE_DIRECTORY;
}

long posix_fadvise(struct process *p)
{
        enum { LAST = 5 };
        const struct file *f = posix_file(p, p->call.argument[0]);

        if (!f || file_is_place(f))
                return -SOS_EBADF;
        if (f->pipe)
                return -SOS_ESPIPE;
        return (long)p->call.argument[2] < 0 || p->call.argument[3] > LAST ? -SOS_EINVAL : 0;
}

long posix_readahead(struct process *p)
{
        const struct file *f = posix_file(p, p->call.argument[0]);

        if (!f || posix_may_move(f, false))
                return -SOS_EBADF;
        return has_content(f) ? 0 : -SOS_EINVAL;
}

/* The whole file is written: changed parts are not tracked. */
long posix_sync_file_range(struct process *p)
{
        enum { FLAGS = 7, WAIT = 5 };
        const struct file *f = posix_file(p, p->call.argument[0]);
        int64_t start = (int64_t)p->call.argument[1], length = (int64_t)p->call.argument[2];

        if (!f || file_is_place(f))
                return -SOS_EBADF;
        if (p->call.argument[3] & ~(seL4_Word)FLAGS || start < 0 || length < 0 || start > INT64_MAX - length)
                return -SOS_EINVAL;
        if (f->kind != FILE_NODE)
                return -SOS_ESPIPE;
        if (!p->call.progress)
                file_changed(f->node);
        return p->call.argument[3] & WAIT ? posix_wait_for_disk(p) : 0;
}

/* There is one disk. */
long posix_syncfs(struct process *p)
{
        const struct file *f = posix_file(p, p->call.argument[0]);

        return f && !file_is_place(f) ? posix_sync(p) : -SOS_EBADF;
}

/* --- room --- */

enum { KEEP_SIZE = 1, PUNCH_HOLE = 2 };

/* More pages than there can be, however many of them it has. */
static bool is_too_much(const struct node *n, uint64_t start, uint64_t end)
{
        return (end - start) / PAGE > frame_available() + n->size / PAGE + 1;
}

static long may_have(struct process *p, const struct node *n, uint64_t start, uint64_t end, bool grows)
{
        if (grows && posix_may_grow(p, n, end))
                return -SOS_EFBIG;
        if (end > n->size && !node_may_have_size(n, end))
                return -SOS_EPERM;
        return end > node_size_limit(n) || is_too_much(n, start, end) ? -SOS_ENOSPC : 0;
}

/* Frames for all pages of the range, in pieces. */
static long allocate(struct process *p, struct node *n, uint64_t start, uint64_t end)
{
        uint64_t page = start / PAGE + p->call.progress;
        bool grows = end > n->size && !(p->call.argument[1] & KEEP_SIZE);
        long error = p->call.progress ? 0 : may_have(p, n, start, end, grows);

        if (error)
                return error;
        for (; page * PAGE < end; page++, p->call.progress++) {
                if (!call_goes_on(p, 2))
                        return CALL_NO_VALUE;
                if (!node_frame(n, page))
                        return -SOS_ENOSPC;
        }
        return grows ? node_truncate(n, end) : 0;
}

/* A part of one page, or a whole one: it reads as zeros then. */
static long punch(struct process *p, struct node *n, uint64_t start, uint64_t end)
{
        uint64_t at = start + p->call.progress;
        long error = 0;

        end = end < n->size ? end : n->size;
        while (at < end && !error) {
                uint64_t part = PAGE - at % PAGE;

                if (!call_goes_on(p, 1))
                        return CALL_NO_VALUE;
                part = part < end - at ? part : end - at;
                error = node_clear(n, at, part);
                at += part;
                p->call.progress += part;
        }
        return error;
}

static long may_allocate(const struct file *f, seL4_Word mode)
{
        if (mode != 0 && mode != KEEP_SIZE && mode != (KEEP_SIZE | PUNCH_HOLE))
                return -SOS_EOPNOTSUPP;
        if (posix_may_move(f, true))
                return -SOS_EBADF;
        if (f->pipe)
                return -SOS_ESPIPE;
        return f->kind != FILE_NODE || f->node->kind != NODE_MEMORY ? -SOS_ENODEV : 0;
}

long posix_fallocate(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);
        seL4_Word mode = p->call.argument[1];
        int64_t start = (int64_t)p->call.argument[2], length = (int64_t)p->call.argument[3];

        long error;

        if (!f || file_is_place(f))
                return -SOS_EBADF;
        if (start < 0 || length <= 0)
                return -SOS_EINVAL;
        error = may_allocate(f, mode);
        if (error)
                return error;
        if (start > INT64_MAX - length)
                return -SOS_EFBIG;
        store_changed(f->node);
        return mode & PUNCH_HOLE ? punch(p, f->node, (uint64_t)start, (uint64_t)(start + length))
                                 : allocate(p, f->node, (uint64_t)start, (uint64_t)(start + length));
}
