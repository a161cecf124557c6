/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys: making them, looking for them (add_key, request_key), and which key an argument means. */
#include "os/calls/linux/process/keys.h"
#include "base/text.h"
#include "sos/clock.h"

static char content[KEY_BYTES];

/* --- arguments --- */

long key_read_type(struct process *p, seL4_Word va, enum key_type *type)
{
        static const char *const names[] = {
                [KEY_RING] = "keyring", [KEY_USER] = "user", [KEY_LOGON] = "logon"};
        enum { BYTES = 32 };
        char name[BYTES];
        void *data;

        if (!space_read_string(p->space, va, name, sizeof(name)))
                return space_touch(p->space, va + BYTES - 1, SPACE_READ, &data) == SPACE_OK ? -SOS_EINVAL
                                                                                            : -SOS_EFAULT;
        if (!*name)
                return -SOS_EINVAL;
        *type = KEY_NONE;
        for (unsigned i = KEY_RING; i <= KEY_LOGON; i++) {
                if (!strcmp(name, names[i]))
                        *type = (enum key_type)i;
        }
        return *name == '.' ? -SOS_EPERM : 0;
}

long key_read_text(struct process *p, seL4_Word va, const char **name)
{
        static char text[KEY_NAME];
        void *data;

        *text = '\0';
        *name = text;
        if (!va || space_read_string(p->space, va, text, sizeof(text)))
                return 0;
        return space_touch(p->space, va + KEY_NAME - 1, SPACE_READ, &data) == SPACE_OK ? -SOS_EINVAL
                                                                                       : -SOS_EFAULT;
}

long key_read_content(struct process *p, enum key_type type, seL4_Word va, seL4_Word size, const void **bytes)
{
        void *data;

        *bytes = content;
        if (size && size <= KEY_BYTES && !space_read(p->space, va, content, size))
                return -SOS_EFAULT;
        if (size > KEY_BYTES)
                return space_touch(p->space, va, SPACE_READ, &data) == SPACE_OK ? -SOS_EINVAL : -SOS_EFAULT;
        return (type == KEY_RING) != !size ? -SOS_EINVAL : 0;
}

/* --- which key --- */

static long own_ring(const struct process *p, struct key **ring, const char *name, bool make, struct key **k)
{
        if (!*ring && !make)
                return -SOS_ENOKEY;
        if (!*ring)
                *ring = key_make(KEY_RING, p->family, name, KEY_NEW);
        else
                make = false;
        if (!*ring)
                return -SOS_EDQUOT;
        if (make)
                key_use(*ring);
        *k = *ring;
        return 0;
}

long key_join(struct process *p, const char *name, uint32_t rights)
{
        struct key *k = rights == KEY_NEW_NAMED ? ring_named(name) : NULL, *before = p->keys.session;

        if (!k)
                k = key_make(KEY_RING, p->family, name, rights);
        if (!k)
                return -SOS_EDQUOT;
        p->keys.session = key_use(k);
        key_drop(before);
        return 0;
}

/* A process without a session has that of its user, in which no key is put: a new one begins then. */
static long session_ring(struct process *p, bool make, struct key **k)
{
        struct key *common = user_ring(USER_SESSION_RING);
        long error = 0;

        if (!p->keys.session && common)
                p->keys.session = key_use(common);
        if (make && p->keys.session == common)
                error = key_join(p, "_ses", KEY_NEW_SESSION);
        *k = p->keys.session;
        return error ? error : *k ? 0 : -SOS_EDQUOT;
}

static long numbered(int number, struct key **k)
{
        *k = number > 0 ? key_find(number) : NULL;
        return number <= 0 ? -SOS_EINVAL : *k ? 0 : -SOS_ENOKEY;
}

static long meant(struct process *p, int number, bool make, struct key **k)
{
        switch (number) {
        case OWN_THREAD:
                return own_ring(p, &p->keys.thread, "_tid", make, k);
        case OWN_PROCESS:
                return own_ring(p, &p->leader->keys.process, "_pid", make, k);
        case OWN_SESSION:
                return session_ring(p, make, k);
        case OWN_USER:
        case OWN_USER_SESSION:
                *k = user_ring(number == OWN_USER ? USER_RING : USER_SESSION_RING);
                return *k ? 0 : -SOS_EDQUOT;
        case -7: /* of a key that somebody is to make, and for whom: nobody ever is asked to */
        case -8:
                return -SOS_ENOKEY;
        default:
                return numbered(number, k);
        }
}

long key_meant(struct process *p, int number, struct key_wish wish, struct key **k, bool *possessed)
{
        long error = meant(p, number, wish.make, k);

        if (error)
                return error;
        *possessed = number < 0 || keys_possess(p, *k);
        if ((*k)->negative && !wish.dead)
                return -SOS_ENOKEY;
        error = wish.need || !wish.dead ? key_state(*k) : 0;
        return error ? error : key_allows(*k, *possessed, wish.need) ? 0 : -SOS_EACCES;
}

/* --- making --- */

static bool is_name(enum key_type type, const char *name)
{
        return *name && (type != KEY_LOGON || (*name != ':' && strchr(name, ':')));
}

/* A key of that ring and name gets the content, or a new one does. */
static long put(struct process *p, struct key *ring, enum key_type type, const char *name, uint32_t size)
{
        struct key *k = type == KEY_RING ? NULL : ring_find(ring, type, key_name_number(name));
        bool fresh = !k || k->revoked;
        long error;

        if (!fresh && !key_allows(k, true, KEY_WRITES))
                return -SOS_EACCES;
        if (fresh)
                k = key_make(type, p->family, name, type == KEY_LOGON ? KEY_NEW_LOGON : KEY_NEW);
        if (!k)
                return -SOS_EDQUOT;
        key_use(k);
        error = size ? key_fill(k, content, size) : 0;
        if (!error && fresh)
                error = ring_link(ring, k);
        if (!error)
                error = k->number;
        key_drop(k);
        return error;
}

/* The names of the type and of the key. */
static long read_names(struct process *p, enum key_type *type, const char **name)
{
        long error = key_read_type(p, p->call.argument[0], type);

        if (!error)
                error = key_read_text(p, p->call.argument[1], name);
        return !error && **name == '.' && *type == KEY_RING ? -SOS_EPERM : error;
}

long posix_add_key(struct process *p)
{
        enum { MOST = (1 << 20) - 1 };
        const seL4_Word *a = p->call.argument;
        enum key_type type;
        const char *name;
        const void *bytes;
        struct key *ring;
        bool possessed;
        long error, wrong;

        keys_make_room(p->family);
        error = a[3] > MOST ? -SOS_EINVAL : read_names(p, &type, &name);
        if (error)
                return error;
        wrong = key_read_content(p, type, a[2], a[3], &bytes);
        if (wrong == -SOS_EFAULT)
                return wrong;
        error = key_meant(p, (int)a[4], (struct key_wish){KEY_WRITES, true, false}, &ring, &possessed);
        if (error)
                return error;
        if (type == KEY_NONE)
                return -SOS_ENODEV;
        if (ring->type != KEY_RING)
                return -SOS_ENOTDIR;
        return wrong || !is_name(type, name) ? -SOS_EINVAL : put(p, ring, type, name, (uint32_t)a[3]);
}

/* --- looking for one --- */

/* Where a key is put for which no ring was named: the first that there is from the one on that keyctl's
 * SET_REQKEY_KEYRING has said, or that of the user. */
static struct key *standard_ring(const struct process *p)
{
        enum { OF_USER = 4, OWN = 3 };
        struct key *const rings[OWN] = {p->keys.thread, p->leader->keys.process, p->keys.session};
        unsigned standard = p->keys.standard;

        for (unsigned i = standard ? standard - 1 : 0; i < OWN; i++) {
                if (rings[i])
                        return rings[i];
        }
        return user_ring(standard == OF_USER ? USER_RING : USER_SESSION_RING);
}

/* No program makes keys on demand, so the key says for a minute that there is none.  As on Linux, the user's session begins at the latest
 * now, in which such a program would run; others look there from then on. */
static long make_negative(struct process *p, struct key *ring, enum key_type type, const char *name)
{
        enum { MINUTE_US = 60000000 };
        struct key *k, *session = user_ring(USER_SESSION_RING);
        long error;

        if (!ring)
                ring = standard_ring(p);
        if (!session || !key_allows(ring, true, KEY_WRITES))
                return session ? -SOS_EACCES : -SOS_EDQUOT;
        k = is_name(type, name) ? key_make(type, p->family, name, KEY_NEW) : NULL;
        if (!k)
                return is_name(type, name) ? -SOS_EDQUOT : -SOS_EINVAL;
        k->negative = true;
        k->over_us = clock_us() + MINUTE_US;
        key_use(k);
        error = ring_link(ring, k);
        key_drop(k);
        return error ? error : -SOS_ENOENT;
}

long key_found(struct key *k, bool possessed, struct key *ring)
{
        long error = 0;

        if (ring)
                error = key_allows(k, possessed, KEY_LINKS) ? ring_link(ring, k) : -SOS_EACCES;
        return error ? error : k->number;
}

/* What is wanted, and the ring that it is to be linked to, NULL: none. */
static long read_request(struct process *p, enum key_type *type, const char **name, struct key **ring)
{
        const seL4_Word *a = p->call.argument;
        bool possessed;
        void *data;
        long error = key_read_type(p, a[0], type);

        if (!error)
                error = a[1] ? key_read_text(p, a[1], name) : -SOS_EFAULT;
        if (!error && a[2] && space_touch(p->space, a[2], SPACE_READ, &data) != SPACE_OK)
                error = -SOS_EFAULT;
        *ring = NULL;
        if (!error && (int)a[3])
                error = key_meant(p, (int)a[3], (struct key_wish){KEY_WRITES, true, false}, ring, &possessed);
        return error;
}

long posix_request_key(struct process *p)
{
        enum key_type type;
        const char *name;
        struct key *k, *ring;
        long error;

        keys_make_room(p->family);
        error = read_request(p, &type, &name, &ring);
        if (error)
                return error;
        error = type == KEY_NONE ? -SOS_ENOKEY : keys_search(p, type, name, &k);
        if (error == -SOS_EAGAIN)
                return p->call.argument[2] ? make_negative(p, ring, type, name) : -SOS_ENOKEY;
        return error ? error : key_found(k, true, ring);
}
