/* SPDX-License-Identifier: BSD-2-Clause */
/* keyctl: what is asked of one key or ring, and done to it.  Keys that a program makes on demand, those that stay with a user for a time,
 * and arithmetic with keys are not there, as in a Linux without them. */
#include "base/text.h"
#include "os/calls/linux/process/keys.h"
#include "sos/clock.h"
#include "text/text.h"

/* The key of the first argument. */
static long first(struct process *p, struct key_wish wish, struct key **k)
{
        bool possessed;

        return key_meant(p, (int)p->call.argument[1], wish, k, &possessed);
}

/* The ring that an argument means, which may be written to. */
static long ring_of(struct process *p, unsigned argument, bool make, struct key **ring)
{
        bool possessed;

        return key_meant(p, (int)p->call.argument[argument], (struct key_wish){KEY_WRITES, make, false}, ring,
                         &possessed);
}

static long get_number(struct process *p)
{
        struct key *k;
        long error = first(p, (struct key_wish){KEY_SEARCHES, p->call.argument[2], false}, &k);

        return error ? error : k->number;
}

/* A session of its own, or that of a name, if there is one that may be searched. */
static long join(struct process *p)
{
        const char *name = "_ses";
        long error = p->call.argument[1] ? key_read_text(p, p->call.argument[1], &name) : 0;

        if (!error && *name == '.')
                error = -SOS_EPERM;
        if (!error)
                error = key_join(p, name, p->call.argument[1] ? KEY_NEW_NAMED : KEY_NEW_SESSION);
        return error ? error : p->keys.session->number;
}

static long update(struct process *p)
{
        const seL4_Word *a = p->call.argument;
        const void *bytes;
        struct key *k;
        long wrong = key_read_content(p, KEY_USER, a[2], a[3], &bytes), error;

        if (wrong == -SOS_EFAULT)
                return wrong;
        error = first(p, (struct key_wish){KEY_WRITES, false, false}, &k);
        if (!error && k->type == KEY_RING)
                error = -SOS_EOPNOTSUPP;
        return error ? error : wrong ? wrong : key_fill(k, bytes, (uint32_t)a[3]);
}

static long revoke(struct process *p)
{
        struct key *k;
        long error = first(p, (struct key_wish){KEY_WRITES, false, false}, &k);

        if (error == -SOS_EACCES)
                error = first(p, (struct key_wish){KEY_SETS, false, false}, &k);
        if (error)
                return error;
        key_use(k);
        k->revoked = true;
        ring_clear(k);
        key_drop(k);
        return 0;
}

static long invalidate(struct process *p)
{
        struct key *k;
        long error = first(p, (struct key_wish){KEY_SEARCHES, false, false}, &k);

        if (!error)
                key_invalidate(k);
        return error;
}

static long change_owner(struct process *p)
{
        uint32_t user = (uint32_t)p->call.argument[2], group = (uint32_t)p->call.argument[3];
        struct key *k;
        long error = first(p, (struct key_wish){KEY_SETS, true, true}, &k);

        if (user == UINT32_MAX && group == UINT32_MAX)
                return 0;
        if (error)
                return error;
        return (user && user != UINT32_MAX) || (group && group != UINT32_MAX) ? -SOS_EPERM : 0;
}

static long set_rights(struct process *p)
{
        enum { ALL = 0x3f3f3f3f };
        uint32_t rights = (uint32_t)p->call.argument[2];
        struct key *k;
        long error =
                rights & ~(uint32_t)ALL ? -SOS_EINVAL : first(p, (struct key_wish){KEY_SETS, true, true}, &k);

        if (!error)
                k->rights = rights;
        return error;
}

static long describe(struct process *p)
{
        static const char *const types[] = {
                [KEY_RING] = "keyring", [KEY_USER] = "user", [KEY_LOGON] = "logon"};
        static char text[KEY_NAME + 64], name[KEY_NAME];
        seL4_Word size;
        struct key *k;
        long error = first(p, (struct key_wish){KEY_SEES, false, true}, &k);

        if (error)
                return error;
        key_read_name(k, name);
        text_print(text, sizeof(text), "%s;0;%u;%08x;%s", types[k->type], k->group, k->rights, name);
        size = strlen(text) + 1;
        if (p->call.argument[2] && p->call.argument[3] >= size &&
            !space_write(p->space, p->call.argument[2], text, size))
                return -SOS_EFAULT;
        return (long)size;
}

static long clear(struct process *p)
{
        struct key *ring;
        long error = ring_of(p, 1, true, &ring);

        if (!error && ring->type != KEY_RING)
                error = -SOS_ENOTDIR;
        if (!error)
                ring_clear(ring);
        return error;
}

static long link_to(struct process *p)
{
        struct key *ring, *k;
        long error = ring_of(p, 2, true, &ring);

        if (!error)
                error = first(p, (struct key_wish){KEY_LINKS, true, true}, &k);
        return error ? error : ring_link(ring, k);
}

static long unlink_from(struct process *p)
{
        struct key *ring, *k;
        long error = ring_of(p, 2, false, &ring);

        if (!error)
                error = first(p, (struct key_wish){0, false, true}, &k);
        if (!error && ring->type != KEY_RING)
                error = -SOS_ENOTDIR;
        return error ? error : ring_unlink(ring, k) ? 0 : -SOS_ENOENT;
}

/* From one ring to another, where with the flag nothing of the same name may be. */
static long move(struct process *p)
{
        enum { ONLY_NEW = 1 };
        struct key *k, *from, *to;
        long error = p->call.argument[4] & ~(seL4_Word)ONLY_NEW
                             ? -SOS_EINVAL
                             : first(p, (struct key_wish){KEY_LINKS, true, false}, &k);

        if (!error)
                error = ring_of(p, 2, false, &from);
        if (!error)
                error = ring_of(p, 3, true, &to);
        if (error || from == to)
                return error;
        if (from->type != KEY_RING || to->type != KEY_RING)
                return -SOS_ENOTDIR;
        if (!ring_has(from, k))
                return -SOS_ENOENT;
        if (p->call.argument[4] && ring_find(to, k->type, k->same))
                return -SOS_EEXIST;
        error = ring_link(to, k);
        if (!error)
                ring_unlink(from, k);
        return error;
}

static long search(struct process *p)
{
        const seL4_Word *a = p->call.argument;
        struct key *k, *ring, *to = NULL;
        enum key_type type;
        const char *name;
        bool possessed;
        long error = key_read_type(p, a[2], &type);

        if (!error)
                error = a[3] ? key_read_text(p, a[3], &name) : -SOS_EFAULT;
        if (!error)
                error = key_meant(p, (int)a[1], (struct key_wish){KEY_SEARCHES, false, false}, &ring,
                                  &possessed);
        if (!error && (int)a[4])
                error = ring_of(p, 4, true, &to);
        if (!error)
                error = type == KEY_NONE ? -SOS_ENOKEY
                                         : ring_search(ring, possessed, type, key_name_number(name), &k);
        if (error)
                return error == -SOS_EAGAIN ? -SOS_ENOKEY : error;
        return key_found(k, possessed, to);
}

/* The numbers of the keys in a ring, as many as there is room for. */
static long read_ring(struct process *p, const struct key *ring, seL4_Word to, seL4_Word size)
{
        int32_t numbers[KEYS];
        unsigned at = 0, count = 0;

        for (const struct key *k; (k = ring_next(ring, &at)) != NULL;)
                numbers[count++] = k->number;
        if (to && size >= count * sizeof(*numbers) && count &&
            !space_write(p->space, to, numbers, count * sizeof(*numbers)))
                return -SOS_EFAULT;
        return (long)(count * sizeof(*numbers));
}

/* In pieces of a page, because all of it is written, or nothing. */
static long read_content(struct process *p, const struct key *k, seL4_Word to, seL4_Word size)
{
        char piece[PAGE];

        for (uint32_t at = 0; to && size >= k->bytes && at < k->bytes; at += PAGE) {
                uint32_t n = k->bytes - at < PAGE ? k->bytes - at : PAGE;

                key_read(k, at, piece, n);
                if (!space_write(p->space, to + at, piece, n))
                        return -SOS_EFAULT;
        }
        return k->bytes;
}

/* Who may read it, or has it in a ring that may be searched. */
static long read(struct process *p)
{
        const seL4_Word *a = p->call.argument;
        struct key *k;
        bool possessed;
        long error = key_meant(p, (int)a[1], (struct key_wish){0, false, false}, &k, &possessed);

        if (error)
                return error;
        if (!key_allows(k, possessed, KEY_READS) && !possessed)
                return -SOS_EACCES;
        if (k->type == KEY_LOGON)
                return -SOS_EOPNOTSUPP;
        return k->type == KEY_RING ? read_ring(p, k, a[2], a[3]) : read_content(p, k, a[2], a[3]);
}

/* Where request_key puts what it makes; the one before. */
static long set_standard(struct process *p)
{
        enum { UNCHANGED = -1, THREAD = 1, PROCESS, USER_SESSION = 5 };
        int wanted = (int)p->call.argument[1], old = p->keys.standard;
        struct key *k;
        bool possessed;
        long error = 0;

        if (wanted == UNCHANGED)
                return old;
        if (wanted < 0 || wanted > USER_SESSION)
                return -SOS_EINVAL;
        if (wanted == THREAD || wanted == PROCESS)
                error = key_meant(p, -wanted, (struct key_wish){0, true, false}, &k, &possessed);
        if (!error)
                p->keys.standard = (uint8_t)wanted;
        return error ? error : old;
}

static long set_time(struct process *p)
{
        uint32_t seconds = (uint32_t)p->call.argument[2];
        struct key *k;
        long error = first(p, (struct key_wish){KEY_SETS, true, true}, &k);

        if (!error)
                k->over_us = seconds ? clock_us() + seconds * 1000000ull : 0;
        return error;
}

/* There is no module that labels keys. */
static long label(struct process *p)
{
        struct key *k;
        long error = first(p, (struct key_wish){KEY_SEES, false, true}, &k);

        if (!error && p->call.argument[2] && p->call.argument[3] &&
            !space_write(p->space, p->call.argument[2], "", 1))
                error = -SOS_EFAULT;
        return error ? error : 1;
}

/* Making one that somebody asks for: nobody has been asked. */
static long instantiate(struct process *p)
{
        (void)p;
        return -SOS_EPERM;
}

static long assume(struct process *p)
{
        int number = (int)p->call.argument[1];

        return number < 0 ? -SOS_EINVAL : number ? -SOS_ENOKEY : 0;
}

/* What of this there is, in two bytes: the call itself, invalidating, moving. */
static long tell_abilities(struct process *p)
{
        static const uint8_t abilities[2] = {0x01 | 0x20 | 0x80};
        seL4_Word size = p->call.argument[2];

        if (size && !space_write(p->space, p->call.argument[1], abilities, size < 2 ? size : 2))
                return -SOS_EFAULT;
        return sizeof(abilities);
}

long posix_keyctl(struct process *p)
{
        static posix_call *const calls[] = {
                get_number,   join,     update,      revoke,         change_owner, set_rights,  describe,
                clear,        link_to,  unlink_from, search,         read,         instantiate, instantiate,
                set_standard, set_time, assume,      label,          NULL,         instantiate, instantiate,
                invalidate,   NULL,     NULL,        NULL,           NULL,         NULL,        NULL,
                NULL,         NULL,     move,        tell_abilities,
        };
        uint32_t what = (uint32_t)p->call.argument[0];

        keys_make_room(p->family);
        return what < sizeof(calls) / sizeof(*calls) && calls[what] ? calls[what](p) : -SOS_EOPNOTSUPP;
}
