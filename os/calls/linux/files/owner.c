/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may do what with a file: modes, owners, the mask for new ones.  There is one user, who may read and write all that can be
 * written; what a mode decides is whether a file can be run. */
#include "os/calls/linux/posix.h"
#include "os/device/board.h"
#include "os/files/notice.h"
#include "os/files/store.h"
#include "os/process/numbers.h"

enum { PERMISSIONS = 07777, MASK = 0777, AT_SYMLINK_NOFOLLOW = 0x100, AT_EMPTY_PATH = 0x1000 };

static long set_mode(struct node *n, seL4_Word mode)
{
        if (n->kind == NODE_ARCHIVE || node_read_only(n))
                return -SOS_EROFS;
        if (n->kind == NODE_REPORT)
                return -SOS_EPERM;
        n->mode = mode & PERMISSIONS;
        n->by_content = false;
        n->status = board_date_us();
        store_changed(n);
        notice(n, NOTICE_CHANGED);
        return 0;
}

/* -1 leaves one of them as it is.  Another owner's program is not trusted any more. */
static long set_owner(struct node *n, uint32_t user, uint32_t group)
{
        enum { SET_ID = 06000 };

        if (n->kind == NODE_ARCHIVE || node_read_only(n))
                return -SOS_EROFS;
        if (n->kind == NODE_REPORT)
                return -SOS_EPERM;
        n->user = user == UINT32_MAX ? n->user : user;
        n->group = group == UINT32_MAX ? n->group : group;
        if (n->kind != NODE_DIRECTORY)
                n->mode &= ~SET_ID;
        n->status = board_date_us();
        store_changed(n);
        notice(n, NOTICE_CHANGED);
        return 0;
}

long posix_fchmod(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        if (!f)
                return -SOS_EBADF;
        if (file_is_place(f))
                return -SOS_EBADF;
        return f->node ? set_mode(f->node, p->call.argument[1]) : -SOS_EINVAL;
}

/* fchmodat2 has flags. */
long posix_fchmodat(struct process *p)
{
        seL4_Word flags = p->call.number % SOS_POSIX == LINUX_FCHMODAT2 ? p->call.argument[3] : 0;
        struct node *n;
        long error;

        if (flags & ~(seL4_Word)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
                return -SOS_EINVAL;
        error = posix_find_flags(p, p->call.argument[0], p->call.argument[1], flags, &n);
        if (error || !n)
                return error ? error : -SOS_EINVAL;
        return n->kind == NODE_LINK ? -SOS_EOPNOTSUPP : set_mode(n, p->call.argument[2]);
}

long posix_fchown(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        if (!f)
                return -SOS_EBADF;
        if (file_is_place(f))
                return -SOS_EBADF;
        return f->node ? set_owner(f->node, (uint32_t)p->call.argument[1], (uint32_t)p->call.argument[2])
                       : -SOS_EINVAL;
}

long posix_fchownat(struct process *p)
{
        struct node *n;
        long error;

        if (p->call.argument[4] & ~(seL4_Word)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
                return -SOS_EINVAL;
        error = posix_find_flags(p, p->call.argument[0], p->call.argument[1], p->call.argument[4], &n);
        if (error || !n)
                return error ? error : -SOS_EINVAL;
        return set_owner(n, (uint32_t)p->call.argument[2], (uint32_t)p->call.argument[3]);
}

long posix_umask(struct process *p)
{
        uint32_t old = p->place->mask;

        p->place->mask = p->call.argument[0] & MASK;
        return old;
}

void posix_new_mode(const struct process *p, struct node *n, seL4_Word mode)
{
        if (!p->kind.foreign)
                return;
        n->mode = mode & PERMISSIONS & ~p->place->mask;
        n->by_content = false;
}
