/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and keyrings, as Linux programs know them (keyctl).  Which calls there are is in calls/linux/process/keys.c and keyctl.c.
 *
 * A key has a description, and content that lies behind it in a file without a name; a ring has links to keys and other rings.  A key
 * stays as long as a ring has it, or a process has it as its own ring.  There is one user, whose two rings always stay.
 *
 * Invariants: users of a key = processes, threads and the user that have it as a ring, and calls that work with it; no ring leads to
 * itself.  A key without users goes, when there is anything it could have lost, unless links lead to it from one with users.
 * Results: 0, or -SOS_E*.
 */
#pragma once

#include "os/process/process.h"

enum key_type { KEY_NONE, KEY_RING, KEY_USER, KEY_LOGON };
enum {
        KEYS = 256,
        KEYS_KIN = 192, /* of one family (family.h) */
        KEY_NAME = 4096,
        KEY_BYTES = 32767,
        KEY_WORDS = KEYS / 64
};

/* What may be done; in `rights` six bits for who has it in a ring, from bit 24 on, and for the user, from bit 16 on. */
enum { KEY_SEES = 1, KEY_READS = 2, KEY_WRITES = 4, KEY_SEARCHES = 8, KEY_LINKS = 16, KEY_SETS = 32 };

struct key {
        enum key_type type; /* KEY_NONE: unused record */
        int number, kin;
        unsigned users;
        uint32_t rights, group;
        uint64_t hash; /* of the name */
        uint64_t same; /* the number of the name: keys with the same one have it */
        bool revoked, invalid;
        bool negative;    /* nobody could make it */
        uint64_t over_us; /* when it is over, 0: never */
        uint32_t name_bytes, bytes;
        struct node *text;
        uint64_t links[KEY_WORDS]; /* of a ring: a bit for each record */
};

/* Without content and users; NULL: there is no room for it, or that family has its share. */
struct key *key_make(enum key_type type, int kin, const char *name, uint32_t rights);

/* The content, which is not over then; -SOS_ENOMEM.  Up to `size` bytes of it, or of the description, from there on. */
long key_fill(struct key *k, const void *bytes, uint32_t size);
void key_read(const struct key *k, uint32_t at, void *to, uint32_t size);
void key_read_name(const struct key *k, char name[KEY_NAME]);

/* One user more; one less, and what nobody has any more goes. */
struct key *key_use(struct key *k);
void key_drop(struct key *k);

/* Their texts go in pieces: are there some left; one of them. */
bool keys_leaving(void);
void keys_leave_some(void);

/* NULL: there is none of that number. */
struct key *key_find(int number);

/* 0: it can be used; -SOS_EKEYREVOKED, -SOS_EKEYEXPIRED, -SOS_ENOKEY. */
long key_state(const struct key *k);

/* May the one user do that, who has it in a ring of a process, or not? */
static inline bool key_allows(const struct key *k, bool possessed, unsigned what)
{
        return ((k->rights >> 16 | (possessed ? k->rights >> 24 : 0)) & what) == what;
}

/* The number that all keys of that name have, 0: there are none.  Names are long: for each call once. */
uint64_t key_name_number(const char *name);

/* --- rings --- */

bool ring_has(const struct key *ring, const struct key *k);

/* A link, instead of one to a key with the same type and name: -SOS_ENOTDIR, -SOS_EDEADLK when it would lead back to the ring, -SOS_ELOOP
 * when more rings are in each other below it than a search sees.  No link any more; false: there was none.  Or to
 * none. */
long ring_link(struct key *ring, struct key *k);
bool ring_unlink(struct key *ring, struct key *k);
void ring_clear(struct key *ring);
unsigned ring_count(const struct key *ring);
struct key *ring_next(const struct key *ring, unsigned *at);

/* The key in that ring itself, with that number of its name. */
struct key *ring_find(const struct key *ring, enum key_type type, uint64_t same);

/* Any ring of that name which may be searched by who does not have it. */
struct key *ring_named(const char *name);

/* The key with that number of its name in the ring, or in rings that it leads to and that may be searched: -SOS_EAGAIN: there is
 * none, -SOS_EACCES, -SOS_ENOTDIR, or as key_state. */
long ring_search(struct key *ring, bool possessed, enum key_type type, uint64_t same, struct key **found);

/* Would a search of those rings (NULL: none), by who has them, find the key if it were for its name, or is it one of them? */
bool rings_offer(const struct key *const roots[], unsigned count, const struct key *k);

/* Out of all rings; it is of no use any more. */
void key_invalidate(struct key *k);

/* When the family has few left of its share, or all have: keys that are negative, revoked or over leave all rings; and if the table is full
 * of others, those of families without a process leave the user's rings.  Before a call, because keys go that nobody has then. */
void keys_make_room(int kin);

/* --- those of processes --- */

enum user_ring { USER_RING, USER_SESSION_RING };
struct key *user_ring(enum user_ring which); /* NULL: there is no room for it */

/* Of the rings of a thread, its process and its session: the key; the same errors. */
long keys_search(const struct process *p, enum key_type type, const char *name, struct key **found);
bool keys_possess(const struct process *p, const struct key *k);

/* A child or a thread begins; its process becomes another program, for which `p` has called; a thread, or a process, ends. */
void keys_inherit(struct process *to, const struct process *from);
void keys_exec(struct process *p);
void keys_end(struct process *p);
