/* SPDX-License-Identifier: BSD-2-Clause */
/* See keys.h. */
#include "os/process/keys.h"
#include "base/text.h"
#include "os/files/node.h"
#include "sos/clock.h"

static struct key keys[KEYS];

enum { NUMBER_SHIFT = 8, NUMBERS = 0x7fffff };
_Static_assert(KEYS <= 1 << NUMBER_SHIFT, "a number says which record");

static unsigned place_of(const struct key *k)
{
        return (unsigned)(k - keys);
}

static uint32_t hash_of(const char *name)
{
        uint32_t hash = 5381;

        for (; *name; name++)
                hash = hash * 33 + (unsigned char)*name;
        return hash;
}

static bool has_its_share(int kin)
{
        unsigned count = 0;

        for (unsigned i = 0; i < KEYS; i++)
                count += keys[i].type != KEY_NONE && keys[i].kin == kin;
        return count >= KEYS_KIN;
}

struct key *key_make(enum key_type type, int kin, const char *name, uint32_t rights)
{
        static unsigned turn;
        uint32_t bytes = (uint32_t)strlen(name);
        struct key *k = keys;

        while (k < keys + KEYS && k->type != KEY_NONE)
                k++;
        if (k == keys + KEYS || has_its_share(kin))
                return NULL;
        turn = turn % NUMBERS + 1;
        *k = (struct key){.number = (int)(turn << NUMBER_SHIFT | place_of(k)),
                          .kin = kin,
                          .rights = rights,
                          .hash = hash_of(name),
                          .name_bytes = bytes,
                          .text = node_nameless()};
        if (!k->text)
                return NULL;
        node_open(k->text);
        k->text->by_content = false;
        if (node_write(k->text, 0, name, bytes) != (long)bytes) {
                node_close(k->text);
                return NULL;
        }
        k->type = type;
        return k;
}

long key_fill(struct key *k, const void *bytes, uint32_t size)
{
        if (node_write(k->text, k->name_bytes, bytes, size) != (long)size)
                return -SOS_ENOMEM;
        k->bytes = size;
        k->over_us = 0;
        k->negative = false;
        return 0;
}

void key_read(const struct key *k, uint32_t at, void *to, uint32_t size)
{
        node_read(k->text, k->name_bytes + at, to, size);
}

void key_read_name(const struct key *k, char name[KEY_NAME])
{
        node_read(k->text, 0, name, k->name_bytes);
        name[k->name_bytes] = '\0';
}

struct key *key_use(struct key *k)
{
        k->users++;
        return k;
}

static void unlink_all(struct key *ring)
{
        unsigned at = 0;

        for (struct key *k; (k = ring_next(ring, &at)) != NULL;)
                k->users--;
        memset(ring->links, 0, sizeof(ring->links));
}

/* Those that nobody has, and then those that only these had. */
static void tidy(void)
{
        bool more = true;

        while (more) {
                more = false;
                for (struct key *k = keys; k < keys + KEYS; k++) {
                        if (k->type == KEY_NONE || k->users)
                                continue;
                        unlink_all(k);
                        node_close(k->text);
                        k->type = KEY_NONE;
                        more = true;
                }
        }
}

void key_drop(struct key *k)
{
        if (k && --k->users == 0)
                tidy();
}

struct key *key_find(int number)
{
        struct key *k = &keys[(unsigned)number % KEYS];

        return k->type != KEY_NONE && k->number == number && !k->invalid ? k : NULL;
}

long key_state(const struct key *k)
{
        if (k->invalid)
                return -SOS_ENOKEY;
        if (k->revoked)
                return -SOS_EKEYREVOKED;
        return k->over_us && clock_us() >= k->over_us ? -SOS_EKEYEXPIRED : 0;
}

/* --- rings --- */

bool ring_has(const struct key *ring, const struct key *k)
{
        return ring->links[place_of(k) / 64] >> place_of(k) % 64 & 1;
}

static void set_link(struct key *ring, const struct key *k, bool on)
{
        uint64_t bit = 1ull << place_of(k) % 64, *word = &ring->links[place_of(k) / 64];

        *word = on ? *word | bit : *word & ~bit;
}

struct key *ring_next(const struct key *ring, unsigned *at)
{
        for (; *at < KEYS; ++*at) {
                uint64_t rest = ring->links[*at / 64] >> *at % 64;

                if (!rest) {
                        *at |= 63;
                        continue;
                }
                *at += (unsigned)__builtin_ctzll(rest);
                return &keys[(*at)++];
        }
        return NULL;
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
        unlink_all(ring);
        tidy();
}

static bool is_named(const struct key *k, enum key_type type, const char *name, uint32_t hash)
{
        static char own[KEY_NAME];

        if (k->type != type || k->hash != hash || k->name_bytes != strlen(name))
                return false;
        key_read_name(k, own);
        return !strcmp(own, name);
}

struct key *ring_find(const struct key *ring, enum key_type type, const char *name)
{
        uint32_t hash = hash_of(name);
        unsigned at = 0;
        struct key *k;

        while ((k = ring_next(ring, &at)) != NULL && !is_named(k, type, name, hash))
                ;
        return k;
}

struct key *ring_named(const char *name)
{
        uint32_t hash = hash_of(name);
        struct key *k = keys;

        while (k < keys + KEYS &&
               !(is_named(k, KEY_RING, name, hash) && !key_state(k) && key_allows(k, false, KEY_SEARCHES)))
                k++;
        return k < keys + KEYS ? k : NULL;
}

/* Rings to look at, each once. */
struct walk {
        struct key seen, left;
};

static void walk_begin(struct walk *w, const struct key *ring)
{
        *w = (struct walk){0};
        set_link(&w->left, ring, true);
}

static void walk_add(struct walk *w, const struct key *k)
{
        if (k->type == KEY_RING && !ring_has(&w->seen, k))
                set_link(&w->left, k, true);
}

static struct key *walk_next(struct walk *w)
{
        unsigned at = 0;
        struct key *ring = ring_next(&w->left, &at);

        if (ring) {
                set_link(&w->left, ring, false);
                set_link(&w->seen, ring, true);
        }
        return ring;
}

static bool leads_to(const struct key *from, const struct key *to)
{
        struct walk w;

        walk_begin(&w, from);
        for (const struct key *ring; (ring = walk_next(&w)) != NULL;) {
                unsigned at = 0;

                if (ring == to)
                        return true;
                for (const struct key *k; (k = ring_next(ring, &at)) != NULL;)
                        walk_add(&w, k);
        }
        return false;
}

long ring_link(struct key *ring, struct key *k)
{
        static char name[KEY_NAME];
        struct key *old;

        if (ring->type != KEY_RING)
                return -SOS_ENOTDIR;
        if (k->type == KEY_RING && leads_to(k, ring))
                return -SOS_EDEADLK;
        if (ring_has(ring, k))
                return 0;
        key_read_name(k, name);
        old = ring_find(ring, k->type, name);
        set_link(ring, key_use(k), true);
        if (old)
                ring_unlink(ring, old);
        return 0;
}

bool ring_unlink(struct key *ring, struct key *k)
{
        bool was = ring_has(ring, k);

        set_link(ring, k, false);
        if (was)
                key_drop(k);
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

long ring_search(struct key *ring, bool possessed, enum key_type type, const char *name, struct key **found)
{
        uint32_t hash = hash_of(name);
        long result = -SOS_EAGAIN;
        struct walk w;

        if (ring->type != KEY_RING)
                return -SOS_ENOTDIR;
        if (!key_allows(ring, possessed, KEY_SEARCHES))
                return -SOS_EACCES;
        walk_begin(&w, ring);
        while ((ring = walk_next(&w)) != NULL) {
                unsigned at = 0;

                for (struct key *k; (k = ring_next(ring, &at)) != NULL;) {
                        if (is_named(k, type, name, hash)) {
                                *found = k;
                                result = look_at(k, possessed);
                        }
                        if (!result)
                                return 0;
                        if (!k->revoked && key_allows(k, possessed, KEY_SEARCHES))
                                walk_add(&w, k);
                }
        }
        return result;
}

void key_invalidate(struct key *k)
{
        key_use(k);
        k->invalid = true;
        for (struct key *ring = keys; ring < keys + KEYS; ring++) {
                if (ring->type == KEY_RING)
                        ring_unlink(ring, k);
        }
        key_drop(k);
}

bool ring_offers(const struct key *root, const struct key *k)
{
        struct walk w;

        if (!key_allows(root, true, KEY_SEARCHES) || !key_allows(k, true, KEY_SEARCHES))
                return root == k;
        walk_begin(&w, root);
        for (const struct key *ring; (ring = walk_next(&w)) != NULL;) {
                unsigned at = 0;

                if (ring == k || ring_has(ring, k))
                        return true;
                for (const struct key *each; (each = ring_next(ring, &at)) != NULL;) {
                        if (!each->revoked && key_allows(each, true, KEY_SEARCHES))
                                walk_add(&w, each);
                }
        }
        return false;
}
