/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors. */
#include "os/calls/linux/posix.h"
#include "os/files/notice.h"
#include "os/files/store.h"
#include "os/process/signal.h"

/* Native programs keep 0, 1 and 2 for the console, and have PROCESS_MAX_FILES more. */
enum { NATIVE_FIRST = 3, NATIVE_END = NATIVE_FIRST + 16 };

long posix_lowest(const struct process *p, seL4_Word from)
{
        seL4_Word end = p->kind.foreign ? p->files->limit : NATIVE_END;

        if (!p->kind.foreign && from < NATIVE_FIRST)
                from = NATIVE_FIRST;
        return descriptor_free(p->files, from, end);
}

/* The file has one user less when there is no memory. */
long posix_give_at(struct process *p, struct file *f, long descriptor, uint32_t flags)
{
        if (descriptor_set(p->files, (seL4_Word)descriptor, f, flags & O_CLOEXEC))
                return descriptor;
        file_close(f);
        return -SOS_ENOMEM;
}

bool posix_may_give(const struct process *p)
{
        return posix_lowest(p, 0) >= 0;
}

static long wrong_kind(const struct node *n, uint32_t flags)
{
        if (flags & O_DIRECTORY && n->kind != NODE_DIRECTORY)
                return -SOS_ENOTDIR;
        return n->kind == NODE_LINK && !(flags & O_PATH) ? -SOS_ELOOP : 0; /* it was not to be followed */
}

static bool lonely(const struct node *fifo)
{
        return !fifo->fifo || !fifo->fifo->readers;
}

/* Why a node cannot be opened in that way; 0 when it can. */
static long refusal(const struct node *n, uint32_t flags)
{
        if (flags & O_PATH)
                return 0;
        if (n->kind == NODE_DIRECTORY && flags & (O_ACCESS | O_CREAT | O_TRUNC))
                return -SOS_EISDIR;
        if (flags & O_ACCESS && n->kind == NODE_ARCHIVE)
                return -SOS_EACCES;
        if (n->kind == NODE_FIFO && (flags & (O_ACCESS | O_NONBLOCK)) == (O_WRONLY | O_NONBLOCK) && lonely(n))
                return -SOS_ENXIO;
        return (flags & O_ACCESS) == O_ACCESS ? -SOS_EINVAL : 0;
}

/* A new file, if one is wanted where nothing is. */
static long make_missing(struct process *p, struct node_place *place, uint32_t flags)
{
        long error;

        if (!(flags & O_CREAT))
                return -SOS_ENOENT;
        if (flags & O_DIRECTORY)
                return -SOS_EINVAL;
        error = node_create(place, NODE_MEMORY, &place->node);
        if (error)
                return error;
        posix_new_mode(p, place->node, p->call.argument[3]);
        store_changed(place->parent);
        return 0;
}

/* What exists, or was made; without a node it is an open pipe, by the name of its descriptor. */
static long find_or_make(struct process *p, struct node *from, const char *path, struct node_place *place)
{
        uint32_t flags = (uint32_t)p->call.argument[2];
        bool only_new = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
        long error =
                node_walk(from, path, flags & O_NOFOLLOW || only_new ? NODE_NO_FOLLOW : NODE_FOLLOW, place);

        if (error)
                return error;
        if ((place->node || place->file) && only_new)
                return -SOS_EEXIST;
        if (place->node)
                return 0;
        if (place->file)
                return place->file->pipe ? 0 : -SOS_ENXIO;
        return make_missing(p, place, flags);
}

/* In pieces: others see it become shorter. */
static long truncate(struct process *p, struct node *n, uint64_t size)
{
        bool shorter = n->kind == NODE_MEMORY && size < n->size;
        seL4_Word more = size > n->size ? size - n->size : 0, wanted = more;
        uint64_t next = shorter ? node_next_cut(n, size) : size;
        long error;

        if (more && (!posix_file_fits(p, n, n->size, &more) || more < wanted)) {
                if (more)
                        signal_send(p, SIGNAL_FILE_SIZE);
                return -SOS_EFBIG;
        }
        if (shorter)
                posix_file_cut(n, next); /* first: what only the file has is counted (content.c) */
        error = node_truncate(n, next);
        if (!error)
                notice(n, NOTICE_WRITTEN);
        return error || next == size ? error : call_pauses(p);
}

/* A descriptor for a file; that of a FIFO waits until somebody has opened its other end. */
static long give_open(struct process *p, struct file *f, long descriptor)
{
        if (!(f->flags & O_NONBLOCK) && file_alone_yet(f)) {
                p->call.opening = f;
                return call_waits(p, &f->node->moved);
        }
        p->call.opening = NULL;
        return posix_give_at(p, f, descriptor, f->flags);
}

static long open_node(struct process *p, struct node *n, long descriptor, uint32_t flags)
{
        enum { ONCE = O_CREAT | O_EXCL | O_TRUNC, NO_TERMINAL = 0400 };
        struct file *f;

        n = posix_terminal(p, n);
        f = file_open(n, flags & ~(uint32_t)(ONCE | NO_TERMINAL));
        if (!f)
                return n->kind == NODE_TERMINAL ? -SOS_EIO : n->kind == NODE_PTMX ? -SOS_ENOSPC : -SOS_ENFILE;
        if (!(flags & NO_TERMINAL))
                posix_take_terminal(p, f);
        if (!p->kind.foreign && !file_claim(f)) {
                file_close(f);
                return -SOS_EBUSY;
        }
        return give_open(p, f, descriptor);
}

static long give_file(struct process *p, struct file *f, long descriptor)
{
        return f ? posix_give_at(p, f, descriptor, f->flags) : -SOS_ENFILE;
}

/* One without a name, which linkat may give it. */
static long open_temporary(struct process *p, struct node *from, const char *path, long descriptor)
{
        uint32_t flags = (uint32_t)p->call.argument[2] & ~(uint32_t)O_TMPFILE;
        struct node *directory = node_find(from, path), *n;

        if (!directory)
                return node_failure(from, path);
        if (!(flags & O_ACCESS) || directory->kind != NODE_DIRECTORY)
                return flags & O_ACCESS ? -SOS_ENOTDIR : -SOS_EINVAL;
        n = node_nameless();
        if (!n)
                return -SOS_ENOSPC;
        posix_new_mode(p, n, p->call.argument[3]);
        return open_node(p, n, descriptor, flags);
}

static long cut_first(struct process *p, struct node *n, uint32_t flags)
{
        if (!(flags & O_TRUNC) || flags & O_PATH || n->kind != NODE_MEMORY || !n->size)
                return 0;
        if (!(flags & O_ACCESS))
                store_changed(n); /* closing it will not */
        return truncate(p, n, 0);
}

static long open_path(struct process *p, struct node *from, const char *path, long descriptor)
{
        uint32_t flags = (uint32_t)p->call.argument[2];
        struct node_place place;
        long error;

        if ((flags & O_TMPFILE) == O_TMPFILE)
                return open_temporary(p, from, path, descriptor);
        error = find_or_make(p, from, path, &place);
        if (!error && !place.node)
                return give_file(p, file_reopen(place.file, flags), descriptor);
        if (!error)
                error = wrong_kind(place.node, flags);
        if (!error)
                error = refusal(place.node, flags);
        if (!error)
                error = cut_first(p, place.node, flags);
        return error ? error : open_node(p, place.node, descriptor, flags);
}

long posix_openat(struct process *p)
{
        struct node *from = posix_start(p, p->call.argument[0]);
        long descriptor = posix_lowest(p, 0), error;
        char path[PATH_MAX];

        if (p->call.opening)
                return give_open(p, p->call.opening, descriptor);
        error = posix_path(p, p->call.argument[1], path);
        if (error || descriptor < 0)
                return error ? error : descriptor;
        if (!from && *path != '/')
                return posix_file(p, p->call.argument[0]) ? -SOS_ENOTDIR : -SOS_EBADF;
        return open_path(p, from, path, descriptor);
}

long posix_open_node(struct process *p, struct node *n, uint32_t flags)
{
        long descriptor = posix_lowest(p, 0);

        return descriptor < 0 ? descriptor : open_node(p, n, descriptor, flags);
}

long posix_close(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        if (!f)
                return -SOS_EBADF;
        descriptor_set(p->files, p->call.argument[0], NULL, false);
        file_close(f);
        return 0;
}

/* Descriptors belong to one process, so there is nothing to be undone with UNSHARE.  Cost: the table, whatever the range. */
long posix_close_range(struct process *p)
{
        enum { UNSHARE = 2, ON_EXEC = 4 };
        uint32_t first = (uint32_t)p->call.argument[0], last = (uint32_t)p->call.argument[1];

        if (first > last || p->call.argument[2] & ~(seL4_Word)(UNSHARE | ON_EXEC))
                return -SOS_EINVAL;
        for (uint32_t i = first; i < DESCRIPTORS && i <= last; i++) {
                struct file *f = posix_file(p, i);

                if (f && p->call.argument[2] & ON_EXEC) {
                        descriptor_set_on_exec(p->files, i, true);
                } else if (f) {
                        descriptor_set(p->files, i, NULL, false);
                        file_close(f);
                }
        }
        return 0;
}

long posix_lseek(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        return f ? file_seek(f, (long)p->call.argument[1], (unsigned)p->call.argument[2]) : -SOS_EBADF;
}

long posix_pipe2(struct process *p)
{
        long first = posix_lowest(p, 0), second = first < 0 ? first : posix_lowest(p, (seL4_Word)first + 1);
        uint32_t flags = (uint32_t)p->call.argument[1];
        struct file *end[2];
        int descriptors[2];

        if (flags & ~(uint32_t)(O_CLOEXEC | O_NONBLOCK))
                return -SOS_EINVAL;
        if (second < 0 || !file_pipe(end))
                return -SOS_EMFILE;
        end[0]->flags |= flags & O_NONBLOCK;
        end[1]->flags |= flags & O_NONBLOCK;
        descriptors[0] = (int)posix_give_at(p, end[0], first, flags);
        descriptors[1] = (int)posix_give_at(p, end[1], second, flags);
        if (descriptors[0] >= 0 && descriptors[1] >= 0 &&
            space_write(p->space, p->call.argument[0], descriptors, sizeof(descriptors)))
                return 0;
        for (int i = 0; i < 2; i++) {
                if (descriptors[i] < 0)
                        continue;
                descriptor_set(p->files, (seL4_Word)descriptors[i], NULL, false);
                file_close(end[i]);
        }
        return -SOS_EFAULT;
}

long posix_ftruncate(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        if (!f || file_is_place(f))
                return -SOS_EBADF;
        if (f->kind != FILE_NODE || f->node->kind != NODE_MEMORY || !(f->flags & O_ACCESS))
                return -SOS_EINVAL;
        return (long)p->call.argument[1] < 0 ? -SOS_EINVAL : truncate(p, f->node, p->call.argument[1]);
}

long posix_truncate(struct process *p)
{
        struct node *n;
        long error = posix_find(p, AT_FDCWD, p->call.argument[0], &n);

        if (error)
                return error;
        if (n->kind == NODE_DIRECTORY)
                return -SOS_EISDIR;
        if ((long)p->call.argument[1] < 0 || n->kind == NODE_FIFO || node_is_device(n))
                return -SOS_EINVAL;
        store_changed(n); /* nobody need have it open */
        return truncate(p, n, p->call.argument[1]);
}

long posix_wait_for_disk(struct process *p)
{
        long result;

        if (!p->call.progress)
                p->call.progress = store_pass();
        result = store_passed(p->call.progress);
        return result > 0 ? call_waits(p, store_queue()) : result;
}

long posix_sync(struct process *p)
{
        if (!p->call.progress)
                file_changed(NULL);
        return posix_wait_for_disk(p);
}

long posix_fsync(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        if (!f || file_is_place(f))
                return -SOS_EBADF;
        if (f->kind != FILE_NODE)
                return -SOS_EINVAL;
        if (!p->call.progress)
                file_changed(f->node);
        return posix_wait_for_disk(p);
}
