/* SPDX-License-Identifier: BSD-2-Clause */
/* What programs ask of the system, and may change of it or of how it treats them: names, capabilities, personality, barriers, what
 * clone has made common. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/device/board.h"
#include "os/process/numbers.h"
#include "os/process/spread.h"
#include "sos/clock.h"

enum { FIELD = 65, FIELDS = 6, HOST = 1, DOMAIN = 5 };

static char fields[FIELDS][FIELD] = {"Linux",   "tessera", LINUX_RELEASE, "Tessera starter OS",
                                     "aarch64", "(none)"};

const char *posix_host_name(bool domain)
{
        return fields[domain ? DOMAIN : HOST];
}

/* A program that expects an old Linux gets the number of one. */
long posix_uname(struct process *p)
{
        enum { RELEASE = 2, OLD_RELEASE = 0x20000 };
        char told[FIELDS][FIELD];

        memcpy(told, fields, sizeof(told));
        if (p->leader->traits.persona & OLD_RELEASE)
                string_cut(told[RELEASE], LINUX_RELEASE_OLD, FIELD);
        return space_write(p->space, p->call.argument[0], told, sizeof(told)) ? 0 : -SOS_EFAULT;
}

/* The name of the machine, or that of its domain, without a NUL. */
long posix_sethostname(struct process *p)
{
        char name[FIELD] = {0};
        int size = (int)p->call.argument[1];

        if (!user_can(&p->user, CAPABLE_SYSTEM))
                return -SOS_EPERM;
        if (size < 0 || size >= FIELD)
                return -SOS_EINVAL;
        if (size && !space_read(p->space, p->call.argument[0], name, (seL4_Word)size))
                return -SOS_EFAULT;
        memcpy(fields[p->call.number % SOS_POSIX == LINUX_SETHOSTNAME ? HOST : DOMAIN], name, FIELD);
        return 0;
}

/* Another system's ways, as far as Linux for AArch64 has them: times of select that stay, memory that can be run when it can be read, an
 * old number of the release.  Other bits change nothing there, either.  Programs of 32 bits do not run. */
long posix_personality(struct process *p)
{
        enum { KIND = 0xff, LINUX32 = 8 };
        uint32_t wanted = (uint32_t)p->call.argument[0], old = p->leader->traits.persona;

        if (wanted == UINT32_MAX)
                return old;
        if ((wanted & KIND) == LINUX32)
                return -SOS_EINVAL;
        p->leader->traits.persona = wanted;
        return old;
}

/* --- barriers --- */

static long barrier(struct process *p, const struct process *leader)
{
        return spread_barrier_some(leader, &p->call.progress) ? 0 : call_pauses(p);
}

/* A switch of threads is a barrier: those on the server's core have passed one when it answers. */
long posix_membarrier(struct process *p)
{
        enum {
                QUERY = 0,
                ALL = 1,
                ALL_EXPEDITED = 2,
                REGISTER_ALL = 4,
                OWN_EXPEDITED = 8,
                REGISTER_OWN = 16,
                KNOWN = 31
        };
        int command = (int)p->call.argument[0];

        if (p->call.argument[1] || (command & ~KNOWN) || (command & (command - 1)))
                return -SOS_EINVAL;
        switch (command) {
        case QUERY:
                return KNOWN;
        case REGISTER_OWN:
                p->leader->traits.barriers = true;
                return 0;
        case OWN_EXPEDITED:
                return p->leader->traits.barriers ? barrier(p, p->leader) : -SOS_EPERM;
        case ALL:
        case ALL_EXPEDITED:
                return barrier(p, NULL);
        default:
                return 0;
        }
}

/* --- what clone has made common --- */

/* There are no name spaces: each is a privilege.  Memory and handlers of a process's only thread are its own already. */
static long may_unshare(const struct process *p, seL4_Word flags)
{
        enum {
                OWN = 0x200 | 0x400 | 0x40000,
                SPACES = 0x7e020080,
                MEMORY = 0x100,
                ACTIONS = 0x800,
                THREAD = 0x10000
        };

        if (flags & ~(seL4_Word)(OWN | SPACES | MEMORY | ACTIONS | THREAD))
                return -SOS_EINVAL;
        if (flags & (MEMORY | ACTIONS | THREAD) && p->leader->ring.threads > 1)
                return -SOS_EINVAL;
        if ((flags & (MEMORY | ACTIONS) && p->handlers->users > 1) || (flags & MEMORY && p->space->users > 1))
                return -SOS_EINVAL;
        return flags & SPACES ? -SOS_EPERM : 0;
}

long posix_unshare(struct process *p)
{
        enum { SAME_PLACE = 0x200, SAME_FILES = 0x400 };
        seL4_Word flags = p->call.argument[0];
        long error = may_unshare(p, flags);
        struct descriptors *files = NULL;
        struct place *place = NULL;

        if (error)
                return error;
        if (flags & SAME_PLACE && p->place->users > 1 && !(place = place_copy(p->place)))
                return -SOS_ENOMEM;
        if (flags & SAME_FILES && p->files->users > 1 && !(files = descriptors_copy(p->files))) {
                place_drop(place);
                return -SOS_ENOMEM;
        }
        if (place) {
                place_drop(p->place);
                p->place = place;
        }
        if (files) {
                descriptors_drop_some(p->files);
                p->files = files;
        }
        return 0;
}

long posix_setns(struct process *p)
{
        return posix_file(p, p->call.argument[0]) ? -SOS_EINVAL : -SOS_EBADF;
}

/* --- what nobody may do here --- */

/* Other file systems, further swap, the end of the machine: that is up to its shell and its drivers, as for users without privileges
 * on Linux. */
long posix_forbidden(struct process *p)
{
        (void)p;
        return -SOS_EPERM;
}

/* Calls about what only forbidden ones could have made: no file is of that kind. */
long posix_no_such_file(struct process *p)
{
        return posix_file(p, p->call.argument[0]) ? -SOS_EINVAL : -SOS_EBADF;
}

/* Nothing that a signal has interrupted is begun anew by the program itself. */
long posix_restart(struct process *p)
{
        (void)p;
        return -SOS_EINTR;
}

/* Paths are looked at first. */
long posix_umount(struct process *p)
{
        enum { FLAGS = 15, NO_FOLLOW = 8 };
        seL4_Word flags = p->call.argument[1];
        struct node *n;
        long error;

        if (flags & ~(seL4_Word)FLAGS)
                return -SOS_EINVAL;
        error = posix_find_at(p, AT_FDCWD, p->call.argument[0],
                              flags & NO_FOLLOW ? NODE_NO_FOLLOW : NODE_FOLLOW, &n);
        return error ? error : -SOS_EPERM;
}

long posix_chroot(struct process *p)
{
        struct node *n;
        long error = posix_find(p, AT_FDCWD, p->call.argument[0], &n);

        if (error)
                return error;
        return n->kind == NODE_DIRECTORY ? -SOS_EPERM : -SOS_ENOTDIR;
}

/* --- the clock --- */

/* The state of the kernel's clock in Linux's terms: it runs freely, and nobody corrects it. */
long posix_adjtimex(struct process *p)
{
        enum {
                CLOCK_ADJTIME = 266,
                WORDS = 26,
                MODES = 0,
                STATUS = 5,
                SECONDS = 9,
                TICK = 11,
                TICK_US = 10000,
                ONLY_READ = 0xa001, /* what is left of a correction */
                UNSYNCHRONIZED = 0x40,
                BAD = 5
        };
        bool second = p->call.number % SOS_POSIX == CLOCK_ADJTIME;
        seL4_Word va = p->call.argument[second];
        uint64_t words[WORDS], us = board_date_us();

        if (second && (uint32_t)p->call.argument[0] != 0)
                return posix_is_clock(p->call.argument[0]) ? -SOS_EOPNOTSUPP : -SOS_EINVAL;
        if (!space_read(p->space, va, words, sizeof(words)))
                return -SOS_EFAULT;
        if ((uint32_t)words[MODES] && (uint32_t)words[MODES] != ONLY_READ)
                return -SOS_EPERM;
        memset(words, 0, sizeof(words));
        words[STATUS] = UNSYNCHRONIZED;
        words[SECONDS] = us / 1000000;
        words[SECONDS + 1] = us % 1000000;
        words[TICK] = TICK_US;
        return space_write(p->space, va, words, sizeof(words)) ? BAD : -SOS_EFAULT;
}
