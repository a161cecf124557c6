/* SPDX-License-Identifier: BSD-2-Clause */
/* Who a program is: its user, its name, its place among the processors; and the log of the system.
 *
 * There is one user, 0, and one processor for programs: whoever asks for others is refused, and told what is.
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

/* For files; what it was is told, and another one is not taken, as Linux says it. */
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
        return p->call.argument[0] ? -SOS_EPERM : 0;
}

/* --- names --- */

enum { NAME = 16 }; /* of a thread, with its NUL */

static long set_name(struct process *p, seL4_Word va)
{
        char name[NAME];

        if (!space_read_string(p->space, va, name, sizeof(name))) {
                if (!space_read(p->space, va, name, sizeof(name)))
                        return -SOS_EFAULT;
                name[NAME - 1] = '\0';
        }
        string_cut(p->name, name, sizeof(p->name));
        return 0;
}

static long get_name(struct process *p, seL4_Word va)
{
        char name[NAME] = {0};

        string_cut(name, p->name, sizeof(name));
        return space_write(p->space, va, name, sizeof(name)) ? 0 : -SOS_EFAULT;
}

long posix_prctl(struct process *p)
{
        enum {
                GET_DUMPABLE = 3,
                SET_NAME = 15,
                GET_NAME = 16,
                SET_NO_NEW_PRIVILEGES = 38,
                GET_NO_NEW_PRIVILEGES
        };

        switch (p->call.argument[0]) {
        case SET_NAME:
                return set_name(p, p->call.argument[1]);
        case GET_NAME:
                return get_name(p, p->call.argument[1]);
        case GET_DUMPABLE:
                return 0; /* nothing is ever dumped */
        case GET_NO_NEW_PRIVILEGES:
                return p->place->no_more_rights;
        case SET_NO_NEW_PRIVILEGES: /* programs never get more */
                if (p->call.argument[1] != 1)
                        return -SOS_EINVAL;
                p->place->no_more_rights = true;
                return 0;
        default:
                return -SOS_EINVAL;
        }
}

/* --- processors --- */

static struct process *thread_of(struct process *p, seL4_Word tid)
{
        return tid ? thread_find((int)tid) : p;
}

/* All run on the first processor, and that is the only one that they may choose. */
long posix_sched_setaffinity(struct process *p)
{
        uint8_t mask;

        if (!thread_of(p, p->call.argument[0]))
                return -SOS_ESRCH;
        if (p->call.argument[1] == 0 || !space_read(p->space, p->call.argument[2], &mask, sizeof(mask)))
                return p->call.argument[1] ? -SOS_EFAULT : -SOS_EINVAL;
        return mask & 1 ? 0 : -SOS_EINVAL;
}

long posix_sched_getaffinity(struct process *p)
{
        static const uint64_t mask = 1;

        if (!thread_of(p, p->call.argument[0]))
                return -SOS_ESRCH;
        if (p->call.argument[1] < sizeof(mask) || p->call.argument[1] % sizeof(mask))
                return -SOS_EINVAL;
        return space_write(p->space, p->call.argument[2], &mask, sizeof(mask)) ? (long)sizeof(mask)
                                                                               : -SOS_EFAULT;
}

long posix_getcpu(struct process *p)
{
        static const uint32_t none;

        for (unsigned i = 0; i < 2; i++) {
                if (p->call.argument[i] && !space_write(p->space, p->call.argument[i], &none, sizeof(none)))
                        return -SOS_EFAULT;
        }
        return 0;
}

enum { OTHER = 0, FIFO = 1, ROUND_ROBIN = 2, BATCH = 3, IDLE = 5, PRIORITY_MAX = 99 };

static bool is_real_time(seL4_Word policy)
{
        return policy == FIFO || policy == ROUND_ROBIN;
}

static bool is_policy(seL4_Word policy)
{
        return is_real_time(policy) || policy == OTHER || policy == BATCH || policy == IDLE;
}

/* The one class of threads is Linux's ordinary one. */
long posix_sched_getscheduler(struct process *p)
{
        return thread_of(p, p->call.argument[0]) ? OTHER : -SOS_ESRCH;
}

long posix_sched_setscheduler(struct process *p)
{
        uint32_t priority;

        if (!thread_of(p, p->call.argument[0]))
                return -SOS_ESRCH;
        if (!space_read(p->space, p->call.argument[2], &priority, sizeof(priority)))
                return -SOS_EFAULT;
        if (!is_policy(p->call.argument[1]) || (priority != 0) != is_real_time(p->call.argument[1]) ||
            priority > PRIORITY_MAX)
                return -SOS_EINVAL;
        return p->call.argument[1] == OTHER ? 0 : -SOS_EPERM;
}

long posix_sched_getparam(struct process *p)
{
        static const uint32_t none;

        if (!thread_of(p, p->call.argument[0]))
                return -SOS_ESRCH;
        return space_write(p->space, p->call.argument[1], &none, sizeof(none)) ? 0 : -SOS_EFAULT;
}

long posix_sched_get_priority_max(struct process *p)
{
        return !is_policy(p->call.argument[0])     ? -SOS_EINVAL
               : is_real_time(p->call.argument[0]) ? PRIORITY_MAX
                                                   : 0;
}

long posix_sched_get_priority_min(struct process *p)
{
        return !is_policy(p->call.argument[0]) ? -SOS_EINVAL : is_real_time(p->call.argument[0]);
}

/* The next message is served first; the kernel has the caller behind others of its priority then. */
long posix_sched_yield(struct process *p)
{
        if (!p->call.first)
                return 0;
        wait_ring(&p->call.waiter);
        return call_waits(p, NULL);
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
