/* SPDX-License-Identifier: BSD-2-Clause */
/* Rings: their links, and looking for keys in them; see keys.h. */
#include "base/text.h"
#include "os/process/key_sets.h"

enum { RING_DEPTH = 6 }; /* rings in rings that a search sees, as on Linux */

bool ring_has(const struct key *ring, const struct key *k)
{
        return set_has(ring->links, place_of(k));
}

struct key *ring_next(const struct key *ring, unsigned *at)
{
        return set_next(ring->links, at);
}

unsigned ring_count(const struct key *ring)
{
        unsigned count = 0;

        for (unsigned i = 0; i < KEY_WORDS; i++)
                count += (unsigned)__builtin_popcountll(ring->links[i]);
        return count;
}

void ring_clear(struct key *ring)
{
        memset(ring->links, 0, sizeof(ring->links));
        keys_tidy();
}

static bool is_named(const struct key *k, enum key_type type, uint64_t same)
{
        return k->type == type && k->same == same;
}

struct key *ring_find(const struct key *ring, enum key_type type, uint64_t same)
{
        unsigned at = 0;
        struct key *k;

        while ((k = ring_next(ring, &at)) != NULL && !is_named(k, type, same))
                ;
        return k;
}

struct key *ring_named(const char *name)
{
        uint64_t same = key_name_number(name);
        struct key *k = keys;

        while (k < keys + KEYS &&
               !(is_named(k, KEY_RING, same) && !key_state(k) && key_allows(k, false, KEY_SEARCHES)))
                k++;
        return k < keys + KEYS ? k : NULL;
}

static bool keep_rings(uint64_t set[KEY_WORDS])
{
        bool any = false;
        unsigned at = 0;

        for (const struct key *k; (k = set_next(set, &at)) != NULL;) {
                set_put(set, place_of(k), k->type == KEY_RING);
                any |= k->type == KEY_RING;
        }
        return any;
}

/* Do links lead from one ring to the other (-SOS_EDEADLK), or through so many that a search would not see all of it (-SOS_ELOOP)?  Rings
 * that are reached in several ways are looked at in each depth, because the longest counts. */
static long leads_to(const struct key *from, const struct key *to)
{
        uint64_t now[KEY_WORDS] = {0};
        bool more = true;

        if (from == to)
                return -SOS_EDEADLK;
        set_put(now, place_of(from), true);
        for (unsigned depth = 0; more && depth <= RING_DEPTH; depth++) {
                uint64_t any[KEY_WORDS] = {0};

                keys_follow(now, now, any);
                if (set_has(now, place_of(to)))
                        return -SOS_EDEADLK;
                more = keep_rings(now);
        }
        return more ? -SOS_ELOOP : 0;
}

long ring_link(struct key *ring, struct key *k)
{
        struct key *old;
        long error;

        if (ring->type != KEY_RING)
                return -SOS_ENOTDIR;
        error = k->type == KEY_RING ? leads_to(k, ring) : 0;
        if (error || ring_has(ring, k))
                return error;
        old = ring_find(ring, k->type, k->same);
        set_put(ring->links, place_of(k), true);
        if (old)
                ring_unlink(ring, old);
        return 0;
}

bool ring_unlink(struct key *ring, struct key *k)
{
        bool was = ring_has(ring, k);

        set_put(ring->links, place_of(k), false);
        if (was)
                keys_tidy();
        return was;
}

/* What is found of one key: 0, or why it is none. */
static long look_at(const struct key *k, bool possessed)
{
        long error = key_state(k);

        if (error)
                return error;
        if (!key_allows(k, possessed, KEY_SEARCHES))
                return -SOS_EACCES;
        return k->negative ? -SOS_ENOKEY : 0;
}

/* A walk, depth by depth: to those that are found in rings which may be searched, each once. */
struct walk {
        uint64_t now[KEY_WORDS], seen[KEY_WORDS], found[KEY_WORDS];
        unsigned depth;
};

static void walk_begin(struct walk *w, const struct key *ring)
{
        set_put(w->now, place_of(ring), true);
        set_put(w->seen, place_of(ring), true);
}

static bool walk_on(struct walk *w, bool possessed)
{
        unsigned at = 0;

        if (w->depth++ > RING_DEPTH || !keys_follow(w->now, w->found, w->seen))
                return false;
        memset(w->now, 0, sizeof(w->now));
        for (const struct key *k; (k = set_next(w->found, &at)) != NULL;) {
                if (k->type == KEY_RING && !k->revoked && key_allows(k, possessed, KEY_SEARCHES))
                        set_put(w->now, place_of(k), true);
        }
        return true;
}

long ring_search(struct key *ring, bool possessed, enum key_type type, uint64_t same, struct key **found)
{
        long result = -SOS_EAGAIN;
        struct walk w = {0};

        if (ring->type != KEY_RING)
                return -SOS_ENOTDIR;
        if (!key_allows(ring, possessed, KEY_SEARCHES))
                return -SOS_EACCES;
        walk_begin(&w, ring);
        while (walk_on(&w, possessed)) {
                unsigned at = 0;

                for (struct key *k; (k = set_next(w.found, &at)) != NULL;) {
                        if (!is_named(k, type, same))
                                continue;
                        *found = k;
                        result = look_at(k, possessed);
                        if (!result)
                                return 0;
                }
        }
        return result;
}

bool rings_offer(const struct key *const roots[], unsigned count, const struct key *k)
{
        struct walk w = {0};

        for (unsigned i = 0; i < count; i++) {
                if (roots[i] == k)
                        return true;
                if (roots[i] && key_allows(roots[i], true, KEY_SEARCHES))
                        walk_begin(&w, roots[i]);
        }
        if (!key_allows(k, true, KEY_SEARCHES))
                return false;
        while (walk_on(&w, true)) {
                if (set_has(w.found, place_of(k)))
                        return true;
        }
        return false;
}
