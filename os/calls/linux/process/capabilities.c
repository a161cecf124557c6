/* SPDX-License-Identifier: BSD-2-Clause */
/* Capabilities, as Linux has them: sets of each thread, which capset and prctl change. */
#include "base/text.h"
#include "os/calls/linux/posix.h"

struct capabilities {
        uint32_t effective, permitted, inheritable;
};

enum { CAPABILITIES_1 = 0x19980330, CAPABILITIES_2 = 0x20071026, CAPABILITIES_3 = 0x20080522 };

/* The version and the process that are asked for; 0: one word for each set, or two. */
static long read_head(struct process *p, struct process **target, unsigned *words)
{
        uint32_t head[2], right = CAPABILITIES_3;

        if (!space_read(p->space, p->call.argument[0], head, sizeof(head)))
                return -SOS_EFAULT;
        if (head[0] != CAPABILITIES_1 && head[0] != CAPABILITIES_2 && head[0] != CAPABILITIES_3) {
                if (!space_write(p->space, p->call.argument[0], &right, sizeof(right)))
                        return -SOS_EFAULT;
                return p->call.argument[1] ? -SOS_EINVAL : 0;
        }
        *words = head[0] == CAPABILITIES_1 ? 1 : 2;
        *target = !head[1] ? p : (int)head[1] < 0 ? NULL : thread_find((int)head[1]);
        return *target ? 0 : (int)head[1] < 0 ? -SOS_EINVAL : -SOS_ESRCH;
}

static uint64_t both(uint32_t low, uint32_t high)
{
        return (low | (uint64_t)high << 32) & CAPABILITIES_ALL;
}

long posix_capget(struct process *p)
{
        struct process *target = NULL;
        struct capabilities c[2];
        unsigned words = 0;
        long error = read_head(p, &target, &words);

        if (error || !words || !p->call.argument[1])
                return error;
        for (unsigned i = 0; i < 2; i++)
                c[i] = (struct capabilities){.effective = (uint32_t)(target->user.effective >> 32 * i),
                                             .permitted = (uint32_t)(target->user.permitted >> 32 * i),
                                             .inheritable = (uint32_t)(target->user.inheritable >> 32 * i)};
        return space_write(p->space, p->call.argument[1], c, words * sizeof(*c)) ? 0 : -SOS_EFAULT;
}

/* No set may hold more than those that it comes from. */
static bool may_have(const struct user *u, uint64_t effective, uint64_t permitted, uint64_t inheritable)
{
        uint64_t source =
                user_can(u, CAPABLE_CAPABILITIES) ? CAPABILITIES_ALL : u->inheritable | u->permitted;

        return !(inheritable & ~source) && !(inheritable & ~(u->inheritable | u->bounding)) &&
               !(permitted & ~u->permitted) && !(effective & ~permitted);
}

long posix_capset(struct process *p)
{
        struct process *target = NULL;
        struct capabilities c[2] = {0};
        struct user *u = &p->user;
        unsigned words = 0;
        long error = read_head(p, &target, &words);

        if (!words)
                return error ? error : -SOS_EINVAL;
        if (target != p)
                return -SOS_EPERM; /* whether there is such a one or not */
        if (!space_read(p->space, p->call.argument[1], c, words * sizeof(*c)))
                return -SOS_EFAULT;
        if (!may_have(u, both(c[0].effective, c[1].effective), both(c[0].permitted, c[1].permitted),
                      both(c[0].inheritable, c[1].inheritable)))
                return -SOS_EPERM;
        u->effective = both(c[0].effective, c[1].effective);
        u->permitted = both(c[0].permitted, c[1].permitted);
        u->inheritable = both(c[0].inheritable, c[1].inheritable);
        u->ambient &= u->permitted & u->inheritable;
        return 0;
}

/* Those that a program gets which runs next, whatever its file says. */
static long ambient(struct process *p)
{
        enum { IS_SET = 1, RAISE, LOWER, CLEAR_ALL };
        seL4_Word what = p->call.argument[1], which = p->call.argument[2];
        struct user *u = &p->user;
        uint64_t one = which < CAPABILITIES ? 1ull << which : 0;

        if (p->call.argument[3] || p->call.argument[4] || (what == CLEAR_ALL ? which != 0 : !one))
                return -SOS_EINVAL;
        switch (what) {
        case IS_SET:
                return (u->ambient & one) != 0;
        case RAISE:
                if (!(u->permitted & u->inheritable & one) || u->bits & USER_NO_RAISE)
                        return -SOS_EPERM;
                u->ambient |= one;
                return 0;
        case LOWER:
                u->ambient &= ~one;
                return 0;
        case CLEAR_ALL:
                u->ambient = 0;
                return 0;
        default:
                return -SOS_EINVAL;
        }
}

static long drop(struct process *p, seL4_Word which)
{
        if (!user_can(&p->user, CAPABLE_CAPABILITIES))
                return -SOS_EPERM;
        if (which >= CAPABILITIES)
                return -SOS_EINVAL;
        p->user.bounding &= ~(1ull << which);
        return 0;
}

static long set_bits(struct user *u, seL4_Word bits)
{
        uint64_t locked = (u->bits & USER_LOCKS) >> 1, kept = u->bits & USER_LOCKS;

        if (locked & (u->bits ^ bits) || kept & ~bits || bits & ~(uint64_t)USER_BITS ||
            !user_can(u, CAPABLE_CAPABILITIES))
                return -SOS_EPERM;
        u->bits = (uint8_t)bits;
        return 0;
}

static long set_keep(struct user *u, seL4_Word value)
{
        if (value > 1)
                return -SOS_EINVAL;
        if (u->bits & USER_KEEPS << 1)
                return -SOS_EPERM;
        u->bits = (uint8_t)((u->bits & ~USER_KEEPS) | (value ? USER_KEEPS : 0));
        return 0;
}

long posix_prctl_capabilities(struct process *p)
{
        enum { GET_KEEP = 7, SET_KEEP = 8, IS_BOUND = 23, DROP = 24, GET_BITS = 27, SET_BITS, AMBIENT = 47 };
        seL4_Word value = p->call.argument[1];

        switch ((uint32_t)p->call.argument[0]) {
        case GET_KEEP:
                return (p->user.bits & USER_KEEPS) != 0;
        case SET_KEEP:
                return set_keep(&p->user, value);
        case IS_BOUND:
                return value < CAPABILITIES ? (long)(p->user.bounding >> value & 1) : -SOS_EINVAL;
        case DROP:
                return drop(p, value);
        case GET_BITS:
                return p->user.bits;
        case SET_BITS:
                return set_bits(&p->user, value);
        case AMBIENT:
                return ambient(p);
        default:
                return -SOS_EINVAL;
        }
}
