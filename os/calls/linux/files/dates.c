/* SPDX-License-Identifier: BSD-2-Clause */
/* Dates of files that programs set. */
#include "os/calls/linux/posix.h"
#include "os/device/board.h"
#include "os/files/notice.h"
#include "os/files/store.h"

enum { AT_SYMLINK_NOFOLLOW = 0x100, AT_EMPTY_PATH = 0x1000 };
enum { SECOND = 1000000000, NOW = 0x3fffffff, OMIT = 0x3ffffffe };

/* Dates before 1970 are negative, as node.h has them. */
struct dates {
        bool set[2]; /* of the last access, of the last change */
        uint64_t us[2];
        bool now; /* whoever may write the file may say that it has */
};

/* One as utimensat(2) knows it; false: it is none. */
static bool read_date(const int64_t time[2], bool *set, uint64_t *us)
{
        static const int64_t latest = 1ll << 40; /* seconds: the year 36812, and as long before 1970 */
        int64_t seconds = time[0] < -latest ? -latest : time[0] < latest ? time[0] : latest;

        *set = time[1] != OMIT;
        *us = time[1] == NOW ? board_date_us() : (uint64_t)(seconds * 1000000 + time[1] / 1000);
        return time[1] == OMIT || time[1] == NOW || (time[1] >= 0 && time[1] < SECOND);
}

static long read_dates(struct process *p, seL4_Word va, struct dates *d)
{
        int64_t time[4];

        *d = (struct dates){.set = {true, true}, .us = {board_date_us(), board_date_us()}, .now = true};
        if (!va)
                return 0;
        if (!space_read(p->space, va, time, sizeof(time)))
                return -SOS_EFAULT;
        d->now = time[1] == NOW && time[3] == NOW;
        return read_date(time, &d->set[0], &d->us[0]) && read_date(time + 2, &d->set[1], &d->us[1])
                       ? 0
                       : -SOS_EINVAL;
}

static long set_dates(struct node *n, const struct dates *d)
{
        if (node_read_only(n))
                return -SOS_EROFS;
        n->accessed = d->set[0] ? d->us[0] : n->accessed;
        n->changed = d->set[1] ? d->us[1] : n->changed;
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
        struct dates d;
        long error = read_dates(p, p->call.argument[2], &d);

        if (error || (!d.set[0] && !d.set[1]))
                return error;
        if (flags & ~(seL4_Word)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
                return -SOS_EINVAL;
        error = dated(p, &n);
        if (!error && n)
                error = may_date(&p->user, n, d.now);
        return error || !n ? error : set_dates(n, &d);
}
