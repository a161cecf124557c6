/* SPDX-License-Identifier: BSD-2-Clause */
/* Who a program is: its user; and the log of the system.
 *
 * There is one user, 0: requests for other users are refused, and queries report user 0.
 */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/log.h"

/* --- the user --- */

/* The user or group of the caller. */
long posix_getid(struct process *p)
{
        (void)p;
        return 0;
}

/* setuid and its kin: each argument must be 0, or -1 for what it is already. */
static long set_ids(const struct process *p, unsigned count)
{
        for (unsigned i = 0; i < count; i++) {
                uint32_t id = (uint32_t)p->call.argument[i];

                if (id != 0 && id != UINT32_MAX)
                        return -SOS_EPERM;
        }
        return 0;
}

long posix_setid(struct process *p)
{
        return (uint32_t)p->call.argument[0] == UINT32_MAX ? -SOS_EINVAL : set_ids(p, 1);
}

long posix_setreid(struct process *p)
{
        return set_ids(p, 2);
}

long posix_setresid(struct process *p)
{
        return set_ids(p, 3);
}

/* Real, effective, saved. */
long posix_getresid(struct process *p)
{
        static const uint32_t none;

        for (unsigned i = 0; i < 3; i++) {
                if (!space_write(p->space, p->call.argument[i], &none, sizeof(none)))
                        return -SOS_EFAULT;
        }
        return 0;
}

/* For files; the old one is returned, and another one is not accepted, without an error, as in Linux. */
long posix_setfsid(struct process *p)
{
        (void)p;
        return 0;
}

/* There are no further groups. */
long posix_getgroups(struct process *p)
{
        return (int)p->call.argument[0] < 0 ? -SOS_EINVAL : 0;
}

long posix_setgroups(struct process *p)
{
        enum { GROUPS = 65536 };

        if ((uint32_t)p->call.argument[0] > GROUPS)
                return -SOS_EINVAL;
        return p->call.argument[0] ? -SOS_EPERM : 0;
}

/* --- the log --- */

long posix_syslog(struct process *p)
{
        enum { CLOSE, OPEN, READ, READ_ALL, READ_CLEAR, CLEAR, LEVEL = 8, UNREAD, SIZE };
        static char text[LOG_BYTES];
        seL4_Word kind = p->call.argument[0];
        size_t size;

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
