/* SPDX-License-Identifier: BSD-2-Clause */
/* What the calls about keys have in common (keys.c, keyctl.c).  Results: 0, or -SOS_E*. */
#pragma once

#include "os/calls/linux/posix.h"
#include "os/process/keys.h"

/* Rings that a number below 0 means. */
enum { OWN_THREAD = -1, OWN_PROCESS = -2, OWN_SESSION = -3, OWN_USER = -4, OWN_USER_SESSION = -5 };

/* What a key has when it is made. */
enum {
        KEY_NEW = 0x3f010000,
        KEY_NEW_LOGON = 0x3d010000,
        KEY_NEW_SESSION = 0x3f030000,
        KEY_NEW_NAMED = 0x3f130000
};

/* The key that an argument means, and whether it is in a ring of the caller: what it has to allow (0: nothing); `make`: the ring of the
 * caller is made if it has none; `dead`: one that nobody could make will do. */
struct key_wish {
        unsigned need;
        bool make, dead;
};
long key_meant(struct process *p, int number, struct key_wish wish, struct key **k, bool *possessed);

/* A session begins, with a ring of that name and these rights; a named one (KEY_NEW_NAMED) that there is and that may be
 * searched is joined. */
long key_join(struct process *p, const char *name, uint32_t rights);

/* The number of a key that was found, which is linked to the ring, if there is one. */
long key_found(struct key *k, bool possessed, struct key *ring);

/* Strings of the caller: the name of a type, and which that is (KEY_NONE: none that there is); a description, which may be missing: then it
 * is "".  They stay until the next ones. */
long key_read_type(struct process *p, seL4_Word va, enum key_type *type);
long key_read_text(struct process *p, seL4_Word va, const char **name);

/* Content for a key of that type. */
long key_read_content(struct process *p, enum key_type type, seL4_Word va, seL4_Word size,
                      const void **bytes);
