/* SPDX-License-Identifier: BSD-2-Clause */
/* Users, and what they may do with files, as Linux decides it: by owner, group and mode, for those whose capabilities do not put them
 * above.
 *
 * User 0 is not special here: what it may do more than others is in its capabilities, which change with the user (os/process/users.h).
 */
#pragma once

#include "os/files/node.h"

/* Bits of a mode, three times; and of what somebody wants.  Those above: who runs it becomes its owner, or of its group (of a directory:
 * what is made there is of its group); of what is in a directory each may only take away its own. */
enum { RIGHT_EXECUTE = 1, RIGHT_WRITE = 2, RIGHT_READ = 4 };
enum { MODE_GROUP_RUNS = 010, MODE_STICKY = 01000, MODE_SET_GROUP = 02000, MODE_SET_USER = 04000 };

/* Capabilities as Linux numbers them. */
enum capability {
        CAPABLE_CHOWN = 0,
        CAPABLE_OVERRIDE = 1, /* modes */
        CAPABLE_SEARCH = 2,   /* directories, and read everything */
        CAPABLE_OWNER = 3,    /* as if it had each file */
        CAPABLE_SET_ID = 4,   /* keeps such bits of files */
        CAPABLE_KILL = 5,
        CAPABLE_GROUPS = 6,
        CAPABLE_USERS = 7,
        CAPABLE_CAPABILITIES = 8,
        CAPABLE_UNCHANGEABLE = 9,
        CAPABLE_PORTS = 10,
        CAPABLE_NETWORK = 12,
        CAPABLE_PACKETS = 13,
        CAPABLE_LOCKING = 14,
        CAPABLE_IPC = 15,
        CAPABLE_TRACE = 19,
        CAPABLE_SYSTEM = 21,
        CAPABLE_BOOT = 22,
        CAPABLE_NICE = 23,
        CAPABLE_LIMITS = 24,
        CAPABLE_TIME = 25,
        CAPABLE_DEVICES = 27,
        CAPABLE_LEASES = 28,
        CAPABLE_LABELS = 32,
        CAPABLE_LOG = 34,
        CAPABILITIES = 41,
};
#define CAPABILITIES_ALL ((1ull << CAPABILITIES) - 1)

enum { USER_REAL, USER_EFFECTIVE, USER_SAVED, USER_FILES, USER_IDS };
enum { USER_GROUPS = 32 };

/* How capabilities follow users (SECBIT_* of Linux): user 0 is like others; nothing follows; the permitted ones stay when it is no longer
 * user 0; no ambient one is added.  Each has a bit above it that locks both. */
enum {
        USER_NO_ROOT = 1,
        USER_NO_FIXUP = 4,
        USER_KEEPS = 16,
        USER_NO_RAISE = 64,
        USER_LOCKS = 0xaa,
        USER_BITS = 0xff
};

struct user {
        uint32_t user[USER_IDS], group[USER_IDS];
        uint64_t permitted, effective, inheritable, ambient, bounding; /* sets of capabilities */
        uint8_t bits;                                                  /* USER_*: how they follow */
        uint16_t groups;                                               /* how many further ones */
        uint32_t further[USER_GROUPS];
};

static inline bool user_can(const struct user *u, enum capability which)
{
        return u->effective >> which & 1;
}

/* Who runs it becomes of its group: else the bit has another meaning. */
static inline bool rights_set_group(const struct node *n)
{
        enum { BOTH = MODE_SET_GROUP | MODE_GROUP_RUNS };

        return (n->mode & BOTH) == BOTH;
}

/* Its group, or a further one. */
bool user_in_group(const struct user *u, uint32_t group);

/* May it do all of `wanted` (RIGHT_*)?  NULL is the system itself, which may. */
bool rights_allow(const struct user *u, const struct node *n, unsigned wanted);

/* It has the file, or is as if it had. */
bool rights_own(const struct user *u, const struct node *n);

/* 0, or -SOS_E*: why it may not make something at the place; why it may not take away what is there. */
long rights_add(const struct user *u, const struct node_place *place);
long rights_remove(const struct user *u, const struct node_place *place);

/* It writes to a file, which then no longer runs with its owner's rights, unless it may grant these. */
void rights_written(const struct user *u, struct node *n);

/* 0, or -SOS_EPERM: it may not give a file that is another's one name more, as Debian's kernel is set. */
long rights_name(const struct user *u, const struct node *n);
