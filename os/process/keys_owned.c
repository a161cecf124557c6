/* SPDX-License-Identifier: BSD-2-Clause */
/* Rings of the user, of processes and of threads; see keys.h. */
#include "base/text.h"
#include "os/process/keys.h"

static struct key *user_rings[2];

struct key *user_ring(enum user_ring which)
{
        static const char *const names[] = {"_uid.0", "_uid_ses.0"};
        enum { RIGHTS = 0x1f3f0000, NO_GROUP = 65534 };

        for (unsigned i = 0; i < 2; i++) {
                if (user_rings[i])
                        continue;
                user_rings[i] = key_make(KEY_RING, 0, names[i], RIGHTS);
                if (!user_rings[i])
                        return NULL;
                key_use(user_rings[i])->group = NO_GROUP;
                if (i == USER_SESSION_RING)
                        ring_link(user_rings[i], user_rings[USER_RING]);
        }
        return user_rings[which];
}

/* Without one of its own, it is in the user's session, if that has begun. */
static struct key *session_of(const struct process *p)
{
        return p->keys.session ? p->keys.session : user_rings[USER_SESSION_RING];
}

long keys_search(const struct process *p, enum key_type type, const char *name, struct key **found)
{
        struct key *const rings[] = {p->keys.thread, p->leader->keys.process, session_of(p)};
        uint64_t same = key_name_number(name);
        long none = 0, other = -SOS_EAGAIN;

        for (unsigned i = 0; i < 3; i++) {
                long error = rings[i] ? ring_search(rings[i], true, type, same, found) : 0;

                if (!rings[i])
                        continue;
                if (!error)
                        return 0;
                if (error == -SOS_ENOKEY || (error == -SOS_EAGAIN && !none))
                        none = error;
                else if (error != -SOS_EAGAIN)
                        other = error;
        }
        return none ? none : other;
}

bool keys_possess(const struct process *p, const struct key *k)
{
        const struct key *const rings[] = {p->keys.thread, p->leader->keys.process, session_of(p)};

        return rings_offer(rings, sizeof(rings) / sizeof(*rings), k);
}

void keys_inherit(struct process *to, const struct process *from)
{
        enum { RIGHTS = 0x3f010000 };

        to->keys.standard = from->keys.standard;
        if (from->keys.session)
                to->keys.session = key_use(from->keys.session);
        if (!from->keys.thread || to->leader != from->leader)
                return;
        keys_make_room(from->family);
        to->keys.thread = key_make(KEY_RING, from->family, "_tid", RIGHTS);
        if (to->keys.thread)
                key_use(to->keys.thread);
}

void keys_exec(struct process *p)
{
        struct key *session = p->keys.session;

        p->keys.session = NULL;
        keys_end(p);
        keys_end(p->leader);
        p->leader->keys.session = session;
}

void keys_end(struct process *p)
{
        key_drop(p->keys.thread);
        key_drop(p->keys.process);
        key_drop(p->keys.session);
        p->keys.thread = p->keys.process = p->keys.session = NULL;
}
