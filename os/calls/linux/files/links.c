/* SPDX-License-Identifier: BSD-2-Clause */
/* Creating, removing and renaming: directories, links, FIFOs, names of sockets. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/files/store.h"

enum { LINK_MODE = 0777, AT_SYMLINK_FOLLOW = 0x400, AT_REMOVEDIR = 0x200, AT_EMPTY_PATH = 0x1000 };

long posix_unlinkat(struct process *p)
{
        struct node_place place;
        long error = posix_place(p, p->call.argument[0], p->call.argument[1], NODE_NAME, &place);

        if (p->call.argument[2] & ~(seL4_Word)AT_REMOVEDIR)
                return -SOS_EINVAL;
        if (error)
                return error;
        error = rights_remove(&p->user, &place);
        if (error)
                return error;
        if (place.parent)
                store_changed(place.parent);
        return node_remove(&place, p->call.argument[2] & AT_REMOVEDIR);
}

/* Something new, with a mode, at the place that the first two arguments name. */
static long make(struct process *p, enum node_kind kind, seL4_Word mode, struct node **n)
{
        struct node_place place;
        long error = posix_place(p, p->call.argument[0], p->call.argument[1], NODE_NAME, &place);

        if (!error && !place.node && place.slash && kind != NODE_DIRECTORY)
                error = -SOS_ENOENT;
        if (!error)
                error = rights_add(&p->user, &place);
        if (!error)
                error = node_create(&place, kind, n);
        if (error)
                return error;
        if (kind == NODE_DIRECTORY && place.parent->mode & MODE_SET_GROUP)
                mode |= MODE_SET_GROUP; /* directories in it take that over */
        posix_new_mode(p, *n, mode);
        store_changed(*n);
        return 0;
}

long posix_mkdirat(struct process *p)
{
        enum { MODE = 01777 };
        struct node *n;

        return make(p, NODE_DIRECTORY, p->call.argument[2] & MODE, &n);
}

/* Programs cannot make devices. */
long posix_mknodat(struct process *p)
{
        enum {
                KIND = 0170000,
                FIFO = 0010000,
                CHARACTER = 0020000,
                DIRECTORY = 0040000,
                BLOCK = 0060000,
                FILE = 0100000,
                SOCKET = 0140000
        };
        seL4_Word mode = p->call.argument[2];
        struct node *n;

        switch (mode & KIND) {
        case 0:
        case FILE:
                return make(p, NODE_MEMORY, mode, &n);
        case FIFO:
                return make(p, NODE_FIFO, mode, &n);
        case SOCKET:
                return make(p, NODE_SOCKET, mode, &n);
        case CHARACTER:
        case BLOCK:
        case DIRECTORY:
                return -SOS_EPERM;
        default:
                return -SOS_EINVAL;
        }
}

long posix_symlinkat(struct process *p)
{
        struct node_place place;
        char target[PATH_MAX];
        long error = posix_path(p, p->call.argument[0], target), written;
        struct node *n;

        if (!error)
                error = posix_place(p, p->call.argument[1], p->call.argument[2], NODE_NAME, &place);
        if (!error && !place.node && place.slash)
                error = -SOS_ENOENT;
        if (!error)
                error = rights_add(&p->user, &place);
        if (!error)
                error = node_create(&place, NODE_LINK, &n);
        if (error)
                return error;
        posix_new_mode(p, n, LINK_MODE);
        written = node_write(n, 0, target, strlen(target));
        store_changed(place.parent);
        if (written == (long)strlen(target))
                return 0;
        place.node = place.record = n;
        node_remove(&place, false);
        return written < 0 ? written : -SOS_ENOSPC;
}

/* The file that linkat gives a name: of a path, or of a descriptor. */
static long linked(struct process *p, seL4_Word flags, struct node **n)
{
        struct file *f;
        char first;

        if (flags & AT_EMPTY_PATH && space_read(p->space, p->call.argument[1], &first, 1) && !first) {
                f = posix_file(p, p->call.argument[0]);
                *n = f ? f->node : NULL;
                return !f ? -SOS_EBADF : !f->node ? -SOS_EXDEV : 0;
        }
        return posix_find_at(p, p->call.argument[0], p->call.argument[1],
                             flags & AT_SYMLINK_FOLLOW ? NODE_FOLLOW : NODE_NO_FOLLOW, n);
}

long posix_linkat(struct process *p)
{
        seL4_Word flags = p->call.argument[4];
        struct node_place place;
        struct node *n;
        long error;

        if (flags & ~(seL4_Word)(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
                return -SOS_EINVAL;
        error = linked(p, flags, &n);
        if (!error)
                error = posix_place(p, p->call.argument[2], p->call.argument[3], NODE_NAME, &place);
        if (!error)
                error = rights_add(&p->user, &place);
        if (!error)
                error = rights_name(&p->user, n);
        if (error)
                return error;
        store_changed(n);
        return node_link(n, &place);
}

enum { NOREPLACE = 1, EXCHANGE = 2 };

/* A directory that goes elsewhere changes, too: what it says is above it. */
static bool may_go(const struct user *u, const struct node *n)
{
        return !n || n->kind != NODE_DIRECTORY || rights_allow(u, n, RIGHT_WRITE);
}

static long may_rename(const struct user *u, const struct node_place *from, const struct node_place *to,
                       seL4_Word flags)
{
        long error = !from->node                     ? -SOS_ENOENT
                     : flags & NOREPLACE && to->node ? -SOS_EEXIST
                                                     : rights_remove(u, from);

        if (!error)
                error = to->node ? rights_remove(u, to) : rights_add(u, to);
        if (error || from->parent == to->parent)
                return error;
        return may_go(u, from->node) && (!(flags & EXCHANGE) || may_go(u, to->node)) ? 0 : -SOS_EACCES;
}

long posix_renameat(struct process *p)
{
        enum { RENAMEAT2 = 276 };
        seL4_Word flags = p->call.number % SOS_POSIX == RENAMEAT2 ? p->call.argument[4] : 0;
        struct node_place from, to;
        long error;

        if (flags & ~(seL4_Word)(NOREPLACE | EXCHANGE) || flags == (NOREPLACE | EXCHANGE))
                return -SOS_EINVAL;
        error = posix_place(p, p->call.argument[0], p->call.argument[1], NODE_NAME, &from);
        if (!error)
                error = posix_place(p, p->call.argument[2], p->call.argument[3], NODE_NAME, &to);
        if (!error)
                error = may_rename(&p->user, &from, &to, flags);
        if (error)
                return error;
        store_changed(from.node);
        return flags & EXCHANGE ? node_exchange(&from, &to) : node_rename(&from, &to);
}

/* Truncated silently, as on other systems. */
long posix_readlinkat(struct process *p)
{
        seL4_Word size = p->call.argument[3];
        char text[PATH_MAX];
        struct node *n;
        char first;
        long error;

        if ((int)size <= 0)
                return -SOS_EINVAL;
        if (space_read(p->space, p->call.argument[1], &first, 1) && !first) {
                struct file *f = posix_file(p, p->call.argument[0]);

                if (!f || !f->node || f->node->kind != NODE_LINK)
                        return -SOS_ENOENT;
                n = f->node;
        } else {
                error = posix_find_at(p, p->call.argument[0], p->call.argument[1], NODE_NO_FOLLOW, &n);
                if (error)
                        return error;
        }
        if (n->kind != NODE_LINK)
                return -SOS_EINVAL;
        error = node_link_text(n, text, size < sizeof(text) ? size : sizeof(text));
        if (error > 0 && !space_write(p->space, p->call.argument[2], text, (seL4_Word)error))
                return -SOS_EFAULT;
        return error;
}
