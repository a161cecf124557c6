/* SPDX-License-Identifier: BSD-2-Clause */
/* setxattr, getxattr, listxattr, removexattr and their kin.
 *
 * Programs may have attributes of the name space "user" on files and directories of their own; those of the others mean something to
 * systems with more users, and are refused as Linux refuses them for users without privileges. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/device/board.h"
#include "os/files/attribute.h"
#include "os/files/notice.h"
#include "os/process/numbers.h"

enum { VALUE_MOST = 65536, CREATE = 1, REPLACE = 2 };

/* Arguments; a list has no name. */
enum { NAME = 1, VALUE, SIZE, FLAGS, LIST_TO = 1, LIST_SIZE };

/* Which of the four calls, and what of a path it is about: the three forms of each have numbers one behind the other. */
enum operation { SET, GET, LIST, REMOVE };
enum form { OF_PATH, OF_LINK, OF_DESCRIPTOR, FORMS };

/* What the call is about: *n is NULL for a file without a node. */
static long subject(struct process *p, enum form form, struct node **n)
{
        struct file *f;

        if (form != OF_DESCRIPTOR)
                return posix_find_at(p, AT_FDCWD, p->call.argument[0],
                                     form == OF_PATH ? NODE_FOLLOW : NODE_NO_FOLLOW, n);
        f = posix_file(p, p->call.argument[0]);
        if (!f || file_is_place(f))
                return -SOS_EBADF;
        *n = f->node;
        return 0;
}

static bool is_in(const char *name, const char *space)
{
        return !strncmp(name, space, strlen(space));
}

static bool is_fixed(const struct node *n)
{
        return n->kind == NODE_ARCHIVE || (n->kind == NODE_DIRECTORY && n->fixed);
}

/* What has no attributes: of which kind it is, and whether it is to be changed. */
static long none_there(const struct node *n, bool change)
{
        if (n && (n->kind == NODE_REPORT || n->kept))
                return -SOS_EOPNOTSUPP;
        if (n && is_fixed(n))
                return change ? -SOS_EROFS : -SOS_ENODATA;
        return change ? -SOS_EPERM : -SOS_ENODATA;
}

/* In a directory for all only its owner may. */
static long not_allowed(const struct user *u, const struct node *n, bool change)
{
        if (change && n->kind == NODE_DIRECTORY && n->mode & MODE_STICKY && !rights_own(u, n))
                return -SOS_EPERM;
        return rights_allow(u, n, change ? RIGHT_WRITE : RIGHT_READ) ? 0 : -SOS_EACCES;
}

static long may_have(const struct user *u, const struct node *n, const char *name, bool change)
{
        long error;

        if (is_in(name, "trusted.") || is_in(name, "security."))
                return change ? -SOS_EPERM : -SOS_ENODATA;
        if (!is_in(name, "user."))
                return -SOS_EOPNOTSUPP;
        if (!n || !attribute_possible(n))
                return none_there(n, change);
        error = not_allowed(u, n, change);
        return error || name[strlen("user.")] ? error : -SOS_EINVAL;
}

static long read_name(struct process *p, char name[ATTRIBUTE_NAME_MAX + 1])
{
        void *data;

        if (space_read_string(p->space, p->call.argument[NAME], name, ATTRIBUTE_NAME_MAX + 1))
                return *name ? 0 : -SOS_ERANGE;
        return space_touch(p->space, p->call.argument[NAME] + ATTRIBUTE_NAME_MAX, SPACE_READ, &data) ==
                               SPACE_OK
                       ? -SOS_ERANGE
                       : -SOS_EFAULT;
}

static long changed(struct node *n, long error)
{
        if (error)
                return error;
        n->status = board_date_us();
        notice(n, NOTICE_CHANGED);
        return 0;
}

static char bytes[PAGE];

static enum attribute_set how_of(seL4_Word flags)
{
        if (flags & CREATE)
                return ATTRIBUTE_CREATE;
        return flags & REPLACE ? ATTRIBUTE_REPLACE : ATTRIBUTE_EITHER;
}

/* The value goes to `bytes`, as far as it fits there. */
static bool read_value(struct process *p, seL4_Word size)
{
        return !size || space_read(p->space, p->call.argument[VALUE], bytes, size < PAGE ? size : PAGE);
}

static long set(struct process *p, struct node *n)
{
        char name[ATTRIBUTE_NAME_MAX + 1];
        seL4_Word size = p->call.argument[SIZE], flags = p->call.argument[FLAGS];
        long error;

        if (flags & ~(seL4_Word)(CREATE | REPLACE))
                return -SOS_EINVAL;
        error = read_name(p, name);
        if (error || size > VALUE_MOST)
                return error ? error : -SOS_E2BIG;
        if (!read_value(p, size))
                return -SOS_EFAULT;
        error = may_have(&p->user, n, name, true);
        if (error || size > PAGE)
                return error ? error : -SOS_ENOSPC;
        if (flags == (CREATE | REPLACE) && attribute_get(n, name, NULL, 0) < 0)
                return -SOS_ENODATA;
        return changed(n, attribute_set(n, name, bytes, size, how_of(flags)));
}

/* As many of the bytes as were asked for go to the program. */
static long deliver(struct process *p, seL4_Word va, seL4_Word size, long length)
{
        if (length <= 0 || !size)
                return length;
        return space_write(p->space, va, bytes, (seL4_Word)length) ? length : -SOS_EFAULT;
}

static long get(struct process *p, struct node *n)
{
        char name[ATTRIBUTE_NAME_MAX + 1];
        seL4_Word size = p->call.argument[SIZE];
        long error = read_name(p, name);

        if (!error)
                error = may_have(&p->user, n, name, false);
        if (error)
                return error;
        return deliver(p, p->call.argument[VALUE], size, attribute_get(n, name, bytes, size));
}

static long list(struct process *p, struct node *n)
{
        seL4_Word size = p->call.argument[LIST_SIZE];

        if (!n || !attribute_possible(n))
                return 0;
        return deliver(p, p->call.argument[LIST_TO], size, attribute_list(n, bytes, size));
}

static long take_off(struct process *p, struct node *n)
{
        char name[ATTRIBUTE_NAME_MAX + 1];
        long error = read_name(p, name);

        if (!error)
                error = may_have(&p->user, n, name, true);
        return error ? error : changed(n, attribute_remove(n, name));
}

long posix_xattr(struct process *p)
{
        static long (*const calls[])(struct process *, struct node *) = {
                [SET] = set, [GET] = get, [LIST] = list, [REMOVE] = take_off};
        seL4_Word number = p->call.number % SOS_POSIX - LINUX_SETXATTR;
        struct node *n = NULL;
        long error = subject(p, (enum form)(number % FORMS), &n);

        return error ? error : calls[number / FORMS](p, n);
}
