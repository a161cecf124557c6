/* SPDX-License-Identifier: BSD-2-Clause */
/* Modes and owners of files, and the mask for new ones.  What they mean is decided by os/files/rights.h. */
#include "os/calls/linux/posix.h"
#include "os/device/board.h"
#include "os/files/notice.h"
#include "os/files/store.h"
#include "os/process/numbers.h"

enum { PERMISSIONS = 07777, MASK = 0777, AT_SYMLINK_NOFOLLOW = 0x100, AT_EMPTY_PATH = 0x1000 };

/* Another group's file does not run as that group by who has it. */
static long set_mode(struct process *p, struct node *n, seL4_Word mode)
{
        if (!rights_own(&p->user, n))
                return -SOS_EPERM;
        if (!user_in_group(&p->user, n->group) && !user_can(&p->user, CAPABLE_SET_ID))
                mode &= ~(seL4_Word)MODE_SET_GROUP;
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

/* Who has a file may give it to a group that it is in. */
static bool may_give(const struct user *u, const struct node *n, uint32_t user, uint32_t group)
{
        bool own = n->user == u->user[USER_FILES];

        return user_can(u, CAPABLE_CHOWN) ||
               ((user == UINT32_MAX || (own && user == n->user)) &&
                (group == UINT32_MAX || (own && (group == n->group || user_in_group(u, group)))));
}

/* -1 leaves one of them as it is.  Another owner's program is not trusted any more. */
static long set_owner(struct process *p, struct node *n, uint32_t user, uint32_t group)
{
        if (!may_give(&p->user, n, user, group))
                return -SOS_EPERM;
        if (n->kind == NODE_ARCHIVE || node_read_only(n))
                return -SOS_EROFS;
        if (n->kind == NODE_REPORT)
                return -SOS_EPERM;
        n->user = user == UINT32_MAX ? n->user : user;
        n->group = group == UINT32_MAX ? n->group : group;
        if (n->kind != NODE_DIRECTORY)
                n->mode &= (uint16_t) ~(MODE_SET_USER | MODE_SET_GROUP);
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
        return f->node ? set_mode(p, f->node, p->call.argument[1]) : -SOS_EINVAL;
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
        return n->kind == NODE_LINK ? -SOS_EOPNOTSUPP : set_mode(p, n, p->call.argument[2]);
}

long posix_fchown(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        if (!f)
                return -SOS_EBADF;
        if (file_is_place(f))
                return -SOS_EBADF;
        return f->node ? set_owner(p, f->node, (uint32_t)p->call.argument[1], (uint32_t)p->call.argument[2])
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
        return set_owner(p, n, (uint32_t)p->call.argument[2], (uint32_t)p->call.argument[3]);
}

long posix_umask(struct process *p)
{
        uint32_t old = p->place->mask;

        p->place->mask = p->call.argument[0] & MASK;
        return old;
}

void posix_new_mode(const struct process *p, struct node *n, seL4_Word mode)
{
        const struct node *above = node_parent(n);

        n->user = p->user.user[USER_FILES];
        n->group = above && above->mode & MODE_SET_GROUP ? above->group : p->user.group[USER_FILES];
        if (!p->kind.foreign)
                return;
        n->mode = mode & PERMISSIONS & ~(n->kind == NODE_LINK ? 0 : p->place->mask);
        n->by_content = false;
}
