/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors. */
#include "os/calls/linux/posix.h"
#include "os/files/store.h"

enum { F_DUPFD = 0, F_GETFD = 1, F_SETFD = 2, F_GETFL = 3, F_SETFL = 4, F_DUPFD_CLOEXEC = 1030 };

/* Native programs keep 0, 1 and 2 for the console, and have PROCESS_MAX_FILES more. */
enum { NATIVE_FIRST = 3, NATIVE_END = NATIVE_FIRST + 16 };

static long lowest(const struct process *p, seL4_Word from)
{
        seL4_Word end = p->foreign ? p->files->limit : NATIVE_END;
        long found;

        if (!p->foreign && from < NATIVE_FIRST)
                from = NATIVE_FIRST;
        found = descriptor_free(p->files, from, end);
        return found < 0 ? -SOS_EMFILE : found;
}

/* The file has one user less when there is no memory. */
static long give(struct process *p, struct file *f, long descriptor, uint32_t flags)
{
        if (descriptor_set(p->files, (seL4_Word)descriptor, f, flags & O_CLOEXEC))
                return descriptor;
        file_close(f);
        return -SOS_ENOMEM;
}

bool posix_may_give(const struct process *p)
{
        return lowest(p, 0) >= 0;
}

/* Why a node cannot be opened in that way; 0 when it can. */
static long refusal(const struct node *n, uint32_t flags)
{
        if (flags & O_DIRECTORY && n->kind != NODE_DIRECTORY)
                return -SOS_ENOTDIR;
        if (flags & O_ACCESS && n->kind == NODE_DIRECTORY)
                return -SOS_EISDIR;
        if (flags & O_ACCESS && n->kind == NODE_ARCHIVE)
                return -SOS_EACCES;
        return (flags & O_ACCESS) == O_ACCESS ? -SOS_EINVAL : 0;
}

static long find_or_make(struct process *p, struct node *from, const char *path, struct node **found)
{
        uint32_t flags = (uint32_t)p->call.argument[2];
        struct node *n = *found = node_find(from, path);

        if (n && flags & O_CREAT && flags & O_EXCL)
                return -SOS_EEXIST;
        if (!n && flags & O_CREAT) {
                n = node_make(from, path, NODE_MEMORY);
                if (n)
                        posix_new_mode(p, n, p->call.argument[3]);
        }
        *found = n;
        return n ? refusal(n, flags) : node_failure(from, path);
}

/* In pieces: others see it become shorter. */
static long truncate(struct process *p, struct node *n, uint64_t size)
{
        bool shorter = size < n->size;
        uint64_t next = shorter ? node_next_cut(n, size) : size;
        long error = node_truncate(n, next);

        if (!error && shorter)
                posix_file_cut(n);
        return error || next == size ? error : call_pauses(p);
}

static long open_node(struct process *p, struct node *n, long descriptor, uint32_t flags)
{
        struct file *f = file_open(n, flags);

        if (!f)
                return -SOS_EMFILE;
        if (!p->foreign && !file_claim(f)) {
                file_close(f);
                return -SOS_EBUSY;
        }
        return give(p, f, descriptor, flags);
}

long posix_openat(struct process *p)
{
        uint32_t flags = (uint32_t)p->call.argument[2];
        struct node *from = posix_start(p, p->call.argument[0]), *n;
        long descriptor = lowest(p, 0), error;
        char path[PATH_MAX];

        error = posix_path(p, p->call.argument[1], path);
        if (error || descriptor < 0)
                return error ? error : descriptor;
        if (!from && *path != '/')
                return -SOS_EBADF;
        if ((flags & O_TMPFILE) == O_TMPFILE)
                return -SOS_EOPNOTSUPP; /* programs then make one with a name */
        error = find_or_make(p, from, path, &n);
        if (error)
                return error;
        if (flags & O_TRUNC && n->kind == NODE_MEMORY && n->size) {
                error = truncate(p, n, 0);
                if (error)
                        return error;
        }
        return open_node(p, n, descriptor, flags);
}

long posix_open_node(struct process *p, struct node *n, uint32_t flags)
{
        long descriptor = lowest(p, 0);

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

static long duplicate(struct process *p, seL4_Word descriptor, long to, uint32_t flags)
{
        struct file *f = posix_file(p, descriptor);

        if (!f || to < 0)
                return f ? to : -SOS_EBADF;
        file_share(f);
        return give(p, f, to, flags);
}

long posix_dup(struct process *p)
{
        return duplicate(p, p->call.argument[0], lowest(p, 0), 0);
}

long posix_dup3(struct process *p)
{
        seL4_Word from = p->call.argument[0], to = p->call.argument[1];
        struct file *old = posix_file(p, to);
        long error;

        if (!posix_file(p, from) || to >= p->files->limit)
                return -SOS_EBADF;
        if (from == to || p->call.argument[2] & ~(seL4_Word)O_CLOEXEC)
                return -SOS_EINVAL;
        error = duplicate(p, from, (long)to, (uint32_t)p->call.argument[2]);
        if (old && error >= 0)
                file_close(old);
        return error;
}

static long lock(struct process *p, struct file *f, seL4_Word command)
{
        enum { GETLK = 5, SETLK = 6, SETLKW = 7, OFD_GETLK = 36, OFD_SETLK = 37, OFD_SETLKW = 38 };
        bool of_file = command >= OFD_GETLK;

        if ((command < GETLK || command > SETLKW) && (command < OFD_GETLK || command > OFD_SETLKW))
                return -SOS_EINVAL;
        return posix_lock(p, f, (enum lock_call)(command - (of_file ? OFD_GETLK : GETLK)), of_file);
}

long posix_fcntl(struct process *p)
{
        seL4_Word descriptor = p->call.argument[0], value = p->call.argument[2];
        struct file *f = posix_file(p, descriptor);

        if (!f)
                return -SOS_EBADF;
        switch (p->call.argument[1]) {
        case F_DUPFD:
                return duplicate(p, descriptor, lowest(p, value), 0);
        case F_DUPFD_CLOEXEC:
                return duplicate(p, descriptor, lowest(p, value), O_CLOEXEC);
        case F_GETFD:
                return descriptor_on_exec(p->files, descriptor);
        case F_SETFD:
                descriptor_set_on_exec(p->files, descriptor, value & 1);
                return 0;
        case F_GETFL:
                return (long)f->flags;
        case F_SETFL:
                f->flags = (f->flags & ~(uint32_t)(O_APPEND | O_NONBLOCK)) |
                           ((uint32_t)value & (O_APPEND | O_NONBLOCK));
                return 0;
        default:
                return lock(p, f, p->call.argument[1]);
        }
}

long posix_pipe2(struct process *p)
{
        long first = lowest(p, 0), second = first < 0 ? first : lowest(p, (seL4_Word)first + 1);
        uint32_t flags = (uint32_t)p->call.argument[1];
        struct file *end[2];
        int descriptors[2];

        if (flags & ~(uint32_t)(O_CLOEXEC | O_NONBLOCK))
                return -SOS_EINVAL;
        if (second < 0 || !file_pipe(end))
                return -SOS_EMFILE;
        end[0]->flags |= flags & O_NONBLOCK;
        end[1]->flags |= flags & O_NONBLOCK;
        descriptors[0] = (int)give(p, end[0], first, flags);
        descriptors[1] = (int)give(p, end[1], second, flags);
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

        if (!f || f->kind != FILE_NODE || !(f->flags & O_ACCESS))
                return f ? -SOS_EINVAL : -SOS_EBADF;
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
        return (long)p->call.argument[1] < 0 ? -SOS_EINVAL : truncate(p, n, p->call.argument[1]);
}

/* Wait for a pass that writes what has changed so far. */
static long wait_for_disk(struct process *p)
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
                file_changed();
        return wait_for_disk(p);
}

long posix_fsync(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        if (!f || !f->node)
                return f ? -SOS_EINVAL : -SOS_EBADF;
        if (!p->call.progress && f->flags & O_ACCESS)
                store_changed(f->node);
        return wait_for_disk(p);
}
