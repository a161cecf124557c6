/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening: openat and openat2.  What either is asked for lies in the arguments of the call in one order (enum asked), since a FIFO is
 * waited for, and the caller's memory may say something else then. */
#include "os/calls/linux/posix.h"
#include "os/files/store.h"

enum asked { FLAGS = 2, MODE, BOUNDS };

enum { O_NO_TERMINAL = 0400 };

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

/* A FIFO to be written at once, with nobody at its other end. */
static bool nobody_reads(const struct node *n, uint32_t flags)
{
        return n->kind == NODE_FIFO && (flags & (O_ACCESS | O_NONBLOCK)) == (O_WRONLY | O_NONBLOCK) &&
               lonely(n);
}

/* Why its content cannot be written; 0 when it can. */
static long never_written(const struct node *n, uint32_t flags)
{
        if (flags & O_ACCESS && n->kind == NODE_ARCHIVE)
                return -SOS_EACCES;
        if (!(flags & (O_ACCESS | O_TRUNC)))
                return 0;
        return n->kind == NODE_MEMORY && node_read_only(n) ? -SOS_EROFS : n->runs ? -SOS_ETXTBSY : 0;
}

static bool is_wrong_directory(const struct node *n, uint32_t flags)
{
        return n->kind == NODE_DIRECTORY && flags & (O_ACCESS | O_CREAT | O_TRUNC);
}

/* Why a node cannot be opened in that way; 0 when it can. */
static long refusal(const struct node *n, uint32_t flags)
{
        long error = flags & O_PATH ? 0 : never_written(n, flags);

        if (flags & O_PATH)
                return 0;
        if (is_wrong_directory(n, flags))
                return -SOS_EISDIR;
        if (error)
                return error;
        if (nobody_reads(n, flags) || n->kind == NODE_SOCKET)
                return -SOS_ENXIO;
        return (flags & O_ACCESS) == O_ACCESS ? -SOS_EINVAL : 0;
}

/* Who asks may not do that with it; 0 when it may.  Dates of reads are kept for who has the file. */
static long not_allowed(const struct user *u, const struct node *n, uint32_t flags)
{
        static const uint8_t wanted[] = {RIGHT_READ, RIGHT_WRITE, RIGHT_READ | RIGHT_WRITE,
                                         RIGHT_READ | RIGHT_WRITE};
        enum { NO_ACCESS_TIME = 01000000 };

        if (flags & O_PATH || is_wrong_directory(n, flags))
                return 0;
        if (!rights_allow(u, n, wanted[flags & O_ACCESS] | (flags & O_TRUNC ? RIGHT_WRITE : 0u)))
                return -SOS_EACCES;
        return flags & NO_ACCESS_TIME && !rights_own(u, n) ? -SOS_EPERM : 0;
}

/* A new file, if one is wanted where nothing is. */
static long make_missing(struct process *p, struct node_place *place, uint32_t flags, bool *made)
{
        long error;

        if (!(flags & O_CREAT))
                return -SOS_ENOENT;
        if (flags & O_DIRECTORY)
                return -SOS_EINVAL;
        error = rights_add(&p->user, place);
        if (!error)
                error = node_create(place, NODE_MEMORY, &place->node);
        if (error)
                return error;
        posix_new_mode(p, place->node, p->call.argument[MODE]);
        store_changed(place->parent);
        *made = true;
        return 0;
}

/* Of a pipe without a name, whose mode is 0600. */
static bool may_reopen(const struct user *u, const struct file *f, uint32_t flags)
{
        return f->pipe->user == u->user[USER_FILES] || user_can(u, CAPABLE_OVERRIDE) ||
               (!(flags & O_ACCESS) && user_can(u, CAPABLE_SEARCH));
}

/* What exists, or was made; without a node it is an open pipe, by the name of its descriptor. */
static long find_or_make(struct process *p, struct node *from, const char *path, struct node_place *place,
                         bool *made)
{
        uint32_t flags = (uint32_t)p->call.argument[FLAGS];
        bool only_new = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
        long error = node_walk_within(&p->user, from, path,
                                      flags & O_NOFOLLOW || only_new ? NODE_NO_FOLLOW : NODE_FOLLOW,
                                      (unsigned)p->call.argument[BOUNDS], place);

        if (error)
                return error;
        if ((place->node || place->file) && only_new)
                return -SOS_EEXIST;
        if (place->node)
                return 0;
        if (place->file && !place->file->pipe)
                return -SOS_ENXIO;
        if (place->file)
                return may_reopen(&p->user, place->file, flags) ? 0 : -SOS_EACCES;
        return make_missing(p, place, flags, made);
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
        enum { ONCE = O_CREAT | O_EXCL | O_TRUNC };
        struct file *f;

        n = posix_terminal(p, n);
        f = file_open(n, flags & ~(uint32_t)(ONCE | O_NO_TERMINAL));
        if (!f)
                return n->kind == NODE_TERMINAL ? -SOS_EIO : n->kind == NODE_PTMX ? -SOS_ENOSPC : -SOS_ENFILE;
        if (!(flags & O_NO_TERMINAL))
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
        uint32_t flags = (uint32_t)p->call.argument[FLAGS] & ~(uint32_t)O_TMPFILE;
        struct node_place place;
        struct node *directory, *n;
        long error = node_walk_within(&p->user, from, path, NODE_FOLLOW, (unsigned)p->call.argument[BOUNDS],
                                      &place);

        directory = place.node;
        if (error || !directory)
                return error ? error : -SOS_ENOENT;
        if (!(flags & O_ACCESS) || directory->kind != NODE_DIRECTORY)
                return flags & O_ACCESS ? -SOS_ENOTDIR : -SOS_EINVAL;
        if (!rights_allow(&p->user, directory, RIGHT_WRITE | RIGHT_EXECUTE))
                return -SOS_EACCES;
        if (node_read_only(directory))
                return -SOS_EROFS;
        n = node_nameless();
        if (!n)
                return -SOS_ENOSPC;
        posix_new_mode(p, n, p->call.argument[MODE]);
        return open_node(p, n, descriptor, flags);
}

static long cut_first(struct process *p, struct node *n, uint32_t flags)
{
        if (!(flags & O_TRUNC) || flags & O_PATH || n->kind != NODE_MEMORY || !n->size)
                return 0;
        if (!(flags & O_ACCESS))
                store_changed(n); /* closing it will not */
        return posix_resize(p, n, 0);
}

static long open_path(struct process *p, struct node *from, const char *path, long descriptor)
{
        uint32_t flags = (uint32_t)p->call.argument[FLAGS];
        struct node_place place;
        bool made = false;
        long error;

        if ((flags & O_TMPFILE) == O_TMPFILE)
                return open_temporary(p, from, path, descriptor);
        error = find_or_make(p, from, path, &place, &made);
        if (!error && !place.node)
                return give_file(p, file_reopen(place.file, flags), descriptor);
        if (!error)
                error = wrong_kind(place.node, flags);
        if (!error && !made)
                error = not_allowed(&p->user, place.node, flags);
        if (!error)
                error = refusal(place.node, flags);
        if (!error && !(flags & O_PATH))
                error = posix_break_leases(p, place.node, flags & O_ACCESS, !(flags & O_NONBLOCK));
        if (!error)
                error = cut_first(p, place.node, flags);
        return error ? error : open_node(p, place.node, descriptor, flags);
}

static long open_at(struct process *p)
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

long posix_openat(struct process *p)
{
        p->call.argument[BOUNDS] = 0;
        return open_at(p);
}

/* As Linux programs know it. */
struct open_how {
        uint64_t flags, mode, bounds;
};

/* Flags that openat leaves aside are errors here. */
static long check_how(const struct open_how *how)
{
        enum {
                SYNC = 04010000,
                DATA_SYNC = 010000,
                ASYNC = 020000,
                DIRECT = 0200000,
                LARGE = 0400000,
                NO_ACCESS_TIME = 01000000,
                PLAIN = O_ACCESS | O_CREAT | O_EXCL | O_NO_TERMINAL | O_TRUNC | O_APPEND | O_NONBLOCK | SYNC |
                        DATA_SYNC | ASYNC | DIRECT | LARGE | NO_ACCESS_TIME | O_DIRECTORY | O_NOFOLLOW |
                        O_CLOEXEC | O_PATH | O_TMPFILE,
                PERMISSIONS = 07777,
                CACHED = 0x20,
                TEMPORARY = O_TMPFILE & ~O_DIRECTORY,
                BOUNDS_KNOWN = NODE_ONE_SYSTEM | NODE_NO_MAGIC | NODE_NEVER_LINKS | NODE_BENEATH |
                               NODE_IN_ROOT | CACHED
        };
        bool makes = how->flags & O_CREAT || (how->flags & O_TMPFILE) == O_TMPFILE;
        uint64_t of_place = O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC;

        if (how->flags & ~(uint64_t)PLAIN || how->bounds & ~(uint64_t)BOUNDS_KNOWN ||
            how->mode & ~(uint64_t)(makes ? PERMISSIONS : 0) ||
            (how->bounds & NODE_BENEATH && how->bounds & NODE_IN_ROOT) ||
            (how->flags & O_PATH && how->flags & ~of_place))
                return -SOS_EINVAL;
        return how->bounds & CACHED && how->flags & (O_CREAT | O_TRUNC | TEMPORARY) ? -SOS_EAGAIN : 0;
}

long posix_openat2(struct process *p)
{
        struct open_how how;
        long error;

        if (p->call.place)
                return open_at(p);
        error = posix_read_versioned(p, p->call.argument[2], p->call.argument[3], sizeof(how), &how,
                                     sizeof(how));
        if (!error)
                error = check_how(&how);
        if (error)
                return error;
        p->call.place = 1; /* it has been read */
        p->call.argument[FLAGS] = how.flags;
        p->call.argument[MODE] = how.mode;
        p->call.argument[BOUNDS] = how.bounds;
        return open_at(p);
}

long posix_open_node(struct process *p, struct node *n, uint32_t flags)
{
        long descriptor = posix_lowest(p, 0);

        return descriptor < 0 ? descriptor : open_node(p, n, descriptor, flags);
}
