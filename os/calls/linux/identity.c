/* SPDX-License-Identifier: BSD-2-Clause */
/* Who a program is: its users and groups, as Linux changes them; and the log of the system.
 *
 * Calls about users and about groups are alike: `kind` says which of them one is about.
 */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/log.h"
#include "os/process/numbers.h"

/* --- users and groups --- */

enum kind { OF_USER, OF_GROUP };

static uint32_t *ids_of(struct user *u, enum kind kind)
{
        return kind == OF_USER ? u->user : u->group;
}

/* Of a call whose other one is about users. */
static enum kind kind_of(const struct process *p, unsigned about_groups)
{
        return p->call.number % SOS_POSIX == about_groups ? OF_GROUP : OF_USER;
}

static bool may_be_any(const struct user *u, enum kind kind)
{
        return user_can(u, kind == OF_USER ? CAPABLE_USERS : CAPABLE_GROUPS);
}

/* Is it one of the first `count` of what it has, or no change? */
static bool has(const uint32_t *ids, unsigned count, uint32_t id)
{
        bool found = id == UINT32_MAX;

        for (unsigned i = 0; i < count && !found; i++)
                found = ids[i] == id;
        return found;
}

/* The new ones; capabilities follow. */
static long become(struct process *p, enum kind kind, uint32_t real, uint32_t effective, uint32_t saved)
{
        const uint32_t next[] = {real, effective, saved};
        struct user before = p->user;
        uint32_t *ids = ids_of(&p->user, kind);

        for (unsigned i = 0; i < sizeof(next) / sizeof(*next); i++)
                ids[i] = next[i] == UINT32_MAX ? ids[i] : next[i];
        ids[USER_FILES] = ids[USER_EFFECTIVE];
        user_changed(&p->user, &before);
        user_hides(p, &before);
        return 0;
}

/* These are answered at once (call_at_once), and look at no arguments. */
long posix_getuid(struct process *p)
{
        return p->user.user[USER_REAL];
}

long posix_geteuid(struct process *p)
{
        return p->user.user[USER_EFFECTIVE];
}

long posix_getgid(struct process *p)
{
        return p->user.group[USER_REAL];
}

long posix_getegid(struct process *p)
{
        return p->user.group[USER_EFFECTIVE];
}

/* All of them, by who may; the effective one alone, to what another of them is. */
long posix_setid(struct process *p)
{
        enum kind kind = kind_of(p, LINUX_SETGID);
        const uint32_t *ids = ids_of(&p->user, kind);
        uint32_t id = (uint32_t)p->call.argument[0];

        if (id == UINT32_MAX)
                return -SOS_EINVAL;
        if (may_be_any(&p->user, kind))
                return become(p, kind, id, id, id);
        return id == ids[USER_REAL] || id == ids[USER_SAVED] ? become(p, kind, UINT32_MAX, id, UINT32_MAX)
                                                             : -SOS_EPERM;
}

/* Real and effective; the saved one follows when it could not come back otherwise. */
long posix_setreid(struct process *p)
{
        enum kind kind = kind_of(p, LINUX_SETREGID);
        const uint32_t *ids = ids_of(&p->user, kind);
        uint32_t real = (uint32_t)p->call.argument[0], effective = (uint32_t)p->call.argument[1];
        bool saves = real != UINT32_MAX || (effective != UINT32_MAX && effective != ids[USER_REAL]);

        if (!may_be_any(&p->user, kind) &&
            (!has(ids, USER_EFFECTIVE + 1, real) || !has(ids, USER_SAVED + 1, effective)))
                return -SOS_EPERM;
        if (saves)
                return become(p, kind, real, effective,
                              effective == UINT32_MAX ? ids[USER_EFFECTIVE] : effective);
        return become(p, kind, real, effective, UINT32_MAX);
}

long posix_setresid(struct process *p)
{
        enum kind kind = kind_of(p, LINUX_SETRESGID);
        const uint32_t *ids = ids_of(&p->user, kind);
        uint32_t next[3];

        for (unsigned i = 0; i < 3; i++) {
                next[i] = (uint32_t)p->call.argument[i];
                if (!may_be_any(&p->user, kind) && !has(ids, USER_SAVED + 1, next[i]))
                        return -SOS_EPERM;
        }
        return become(p, kind, next[0], next[1], next[2]);
}

/* Real, effective, saved. */
long posix_getresid(struct process *p)
{
        const uint32_t *ids = ids_of(&p->user, kind_of(p, LINUX_GETRESGID));

        for (unsigned i = 0; i < 3; i++) {
                if (!space_write(p->space, p->call.argument[i], &ids[i], sizeof(ids[i])))
                        return -SOS_EFAULT;
        }
        return 0;
}

/* For files; the old one is returned, and one that it may not be is not accepted, without an error. */
long posix_setfsid(struct process *p)
{
        enum kind kind = kind_of(p, LINUX_SETFSGID);
        struct user before = p->user;
        uint32_t *ids = ids_of(&p->user, kind), id = (uint32_t)p->call.argument[0];

        if (id != UINT32_MAX && (may_be_any(&p->user, kind) || has(ids, USER_IDS, id)))
                ids[USER_FILES] = id;
        user_changed(&p->user, &before);
        user_hides(p, &before);
        return ids_of(&before, kind)[USER_FILES];
}

long posix_getgroups(struct process *p)
{
        const struct user *u = &p->user;
        int room = (int)p->call.argument[0];

        if (room < 0 || (room && room < u->groups))
                return -SOS_EINVAL;
        if (room && !space_write(p->space, p->call.argument[1], u->further, u->groups * sizeof(*u->further)))
                return -SOS_EFAULT;
        return u->groups;
}

static void sort(uint32_t *list, unsigned count)
{
        for (unsigned i = 1; i < count; i++) {
                for (unsigned at = i; at && list[at - 1] > list[at]; at--) {
                        uint32_t one = list[at];

                        list[at] = list[at - 1];
                        list[at - 1] = one;
                }
        }
}

long posix_setgroups(struct process *p)
{
        enum { MOST = 65536 };
        uint32_t count = (uint32_t)p->call.argument[0], list[USER_GROUPS];

        if (!user_can(&p->user, CAPABLE_GROUPS))
                return -SOS_EPERM;
        if (count > MOST)
                return -SOS_EINVAL;
        if (count > USER_GROUPS)
                return -SOS_ENOMEM;
        if (!space_read(p->space, p->call.argument[1], list, count * sizeof(*list)))
                return -SOS_EFAULT;
        sort(list, count);
        memcpy(p->user.further, list, count * sizeof(*list));
        p->user.groups = (uint16_t)count;
        return 0;
}

/* --- the log --- */

/* As Debian's kernel is set. */
static bool may_see_log(const struct user *u)
{
        return user_can(u, CAPABLE_LOG) || user_can(u, CAPABLE_SYSTEM);
}

long posix_syslog(struct process *p)
{
        enum { CLOSE, OPEN, READ, READ_ALL, READ_CLEAR, CLEAR, LEVEL = 8, UNREAD, SIZE };
        static char text[LOG_BYTES];
        seL4_Word kind = p->call.argument[0];
        size_t size;

        if (!may_see_log(&p->user))
                return -SOS_EPERM;
        switch (kind) {
        case READ_ALL:
        case READ_CLEAR:
                if (!p->call.argument[1] || (int)p->call.argument[2] < 0)
                        return -SOS_EINVAL;
                size = log_read(text, p->call.argument[2]);
                if (!space_write(p->space, p->call.argument[1], text, size))
                        return -SOS_EFAULT;
                if (kind == READ_CLEAR)
                        log_clear();
                return (long)size;
        case CLEAR:
                log_clear();
                return 0;
        case SIZE:
                return LOG_BYTES;
        case UNREAD:
                return (long)log_size();
        default:
                return kind > SIZE ? -SOS_EINVAL : -SOS_EPERM;
        }
}
