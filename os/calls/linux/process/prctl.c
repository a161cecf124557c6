/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program says about itself: its name, the signal it gets when its parent ends, and how it wants to be treated. */
#include "base/text.h"
#include "os/calls/linux/posix.h"

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

static long put_int(struct process *p, seL4_Word va, int value)
{
        return space_write(p->space, va, &value, sizeof(value)) ? 0 : -SOS_EFAULT;
}

/* Those whose other arguments must be 0. */
static bool has_more(const struct process *p, unsigned from)
{
        for (unsigned i = from; i < 5; i++) {
                if (p->call.argument[i])
                        return true;
        }
        return false;
}

/* Bits of a program's file give it no other user any more. */
static long no_more_rights(struct process *p, bool set)
{
        if (has_more(p, set ? 2 : 1) || (set && p->call.argument[1] != 1))
                return -SOS_EINVAL;
        p->place->no_more_rights |= set;
        return set ? 0 : p->place->no_more_rights;
}

static long set_end_signal(struct process *p, seL4_Word signal)
{
        if (signal > PROCESS_SIGNALS)
                return -SOS_EINVAL;
        p->leader->traits.parent_signal = (int)signal;
        return 0;
}

/* One of the facts that are 0 or 1. */
static long set_flag(seL4_Word value, bool *flag)
{
        if (value > 1)
                return -SOS_EINVAL;
        *flag = value;
        return 0;
}

/* How much later than wanted a wait may end, in ns; 0 is what there was at the start. */
static long slack(struct process *p, seL4_Word wanted)
{
        p->traits.slack = wanted && (long)wanted > 0 ? wanted : PROCESS_SLACK;
        return 0;
}

/* Those about what no program here has; -SOS_EINVAL: unknown ones as well. */
static long about_others(struct process *p)
{
        enum { GET_TIMING = 13, SET_TIMING, COUNTERS_OFF = 31, COUNTERS_ON, SET_MEMORY = 35 };
        seL4_Word value = p->call.argument[1];

        switch ((uint32_t)p->call.argument[0]) {
        case GET_TIMING:
        case COUNTERS_OFF:
        case COUNTERS_ON:
                return 0;
        case SET_TIMING:
                return value ? -SOS_EINVAL : 0;
        case SET_MEMORY:
                return has_more(p, 4) ? -SOS_EINVAL : -SOS_EPERM;
        default:
                return posix_prctl_capabilities(p);
        }
}

long posix_prctl(struct process *p)
{
        enum {
                SET_PARENT_SIGNAL = 1,
                GET_PARENT_SIGNAL = 2,
                GET_DUMPABLE = 3,
                SET_DUMPABLE = 4,
                SET_NAME = 15,
                GET_NAME = 16,
                GET_FILTERS = 21,
                SET_FILTERS = 22,
                SET_SLACK = 29,
                GET_SLACK = 30,
                SET_REAPER = 36,
                GET_REAPER = 37,
                SET_NO_NEW_PRIVILEGES = 38,
                GET_NO_NEW_PRIVILEGES
        };
        seL4_Word value = p->call.argument[1];
        struct process *l = p->leader;

        switch ((uint32_t)p->call.argument[0]) {
        case SET_PARENT_SIGNAL:
                return set_end_signal(p, value);
        case GET_PARENT_SIGNAL:
                return put_int(p, value, l->traits.parent_signal);
        case GET_DUMPABLE:
                return !l->traits.no_dump;
        case SET_DUMPABLE:
                return set_flag(!value, &l->traits.no_dump) || value > 1 ? -SOS_EINVAL : 0;
        case SET_NAME:
                return set_name(p, value);
        case GET_NAME:
                return get_name(p, value);
        case GET_FILTERS:
        case SET_FILTERS:
                return posix_prctl_seccomp(p, p->call.argument[0] == SET_FILTERS);
        case SET_SLACK:
                return slack(p, value);
        case GET_SLACK:
                return (long)(p->traits.slack ? p->traits.slack : PROCESS_SLACK);
        case SET_REAPER:
                l->traits.reaper = value;
                return 0;
        case GET_REAPER:
                return put_int(p, value, l->traits.reaper);
        case SET_NO_NEW_PRIVILEGES:
        case GET_NO_NEW_PRIVILEGES:
                return no_more_rights(p, p->call.argument[0] == SET_NO_NEW_PRIVILEGES);
        default:
                return about_others(p);
        }
}
