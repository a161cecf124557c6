/* SPDX-License-Identifier: BSD-2-Clause */
/* Dates of files that programs set. */
#include "os/calls/linux/posix.h"
#include "os/device/board.h"
#include "os/files/notice.h"
#include "os/files/store.h"

enum { AT_SYMLINK_NOFOLLOW = 0x100, AT_EMPTY_PATH = 0x1000 };
enum { SECOND = 1000000000, NOW = 0x3fffffff, OMIT = 0x3ffffffe };

/* A date as utimensat(2) knows it, microseconds; UINT64_MAX: unchanged.  False: it is none. */
static bool date_of(const int64_t time[2], uint64_t *us)
{
        static const int64_t latest = 1ll << 40; /* seconds: the year 36812 */

        if (time[1] == OMIT)
                *us = UINT64_MAX;
        else if (time[1] == NOW)
                *us = board_date_us();
        else
                *us = time[0] < 0 ? 0
                                  : (uint64_t)(time[0] < latest ? time[0] : latest) * 1000000 +
                                            (uint64_t)time[1] / 1000;
        return time[1] == OMIT || time[1] == NOW || (time[1] >= 0 && time[1] < SECOND);
}

/* Of the last access and of the last change.  `now`: whoever may write the file may say that it has. */
static long read_dates(struct process *p, seL4_Word va, uint64_t us[2], bool *now)
{
        int64_t time[4];

        *now = true;
        us[0] = us[1] = board_date_us();
        if (!va)
                return 0;
        if (!space_read(p->space, va, time, sizeof(time)))
                return -SOS_EFAULT;
        *now = time[1] == NOW && time[3] == NOW;
        return date_of(time, &us[0]) && date_of(time + 2, &us[1]) ? 0 : -SOS_EINVAL;
}

static long set_dates(struct node *n, const uint64_t us[2])
{
        if (node_read_only(n))
                return -SOS_EROFS;
        n->accessed = us[0] == UINT64_MAX ? n->accessed : us[0];
        n->changed = us[1] == UINT64_MAX ? n->changed : us[1];
        n->status = board_date_us();
        store_changed(n);
        notice(n, NOTICE_CHANGED);
        return 0;
}

/* Of a descriptor, or of a path. */
static long dated(struct process *p, struct node **n)
{
        seL4_Word flags = p->call.argument[3];
        struct file *f = posix_file(p, p->call.argument[0]);

        if (p->call.argument[1])
                return posix_find_flags(p, p->call.argument[0], p->call.argument[1], flags, n);
        if ((int)p->call.argument[0] == (int)AT_FDCWD)
                return -SOS_EFAULT;
        if (flags)
                return -SOS_EINVAL;
        *n = f ? f->node : NULL;
        return f && !file_is_place(f) ? 0 : -SOS_EBADF;
}

static long may_date(const struct user *u, const struct node *n, bool now)
{
        if (rights_own(u, n) || (now && rights_allow(u, n, RIGHT_WRITE)))
                return 0;
        return now ? -SOS_EACCES : -SOS_EPERM;
}

long posix_utimensat(struct process *p)
{
        seL4_Word flags = p->call.argument[3];
        struct node *n = NULL;
        uint64_t us[2];
        bool now;
        long error = read_dates(p, p->call.argument[2], us, &now);

        if (error || (us[0] == UINT64_MAX && us[1] == UINT64_MAX))
                return error;
        if (flags & ~(seL4_Word)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
                return -SOS_EINVAL;
        error = dated(p, &n);
        if (!error && n)
                error = may_date(&p->user, n, now);
        return error || !n ? error : set_dates(n, us);
}
