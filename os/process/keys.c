/* SPDX-License-Identifier: BSD-2-Clause */
/* See keys.h. */
#include "os/process/keys.h"
#include "base/text.h"
#include "os/files/file.h"
#include "os/files/node.h"
#include "os/memory/frame.h"
#include "os/process/key_sets.h"
#include "sos/clock.h"

struct key keys[KEYS];
static unsigned leaving; /* records without a type whose text still is there: it goes in pieces */

enum { NUMBER_SHIFT = 8, NUMBERS = 0x7fffff };
_Static_assert(KEYS <= 1 << NUMBER_SHIFT, "a number says which record");

/* Names are long, so they are looked at by words; those behind the last byte are not looked at. */
struct words {
        uint64_t at[KEY_NAME / sizeof(uint64_t)];
};

static unsigned words_of(uint32_t bytes)
{
        return (bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t);
}

static uint64_t hash_step(uint64_t hash, uint32_t half, uint64_t secret, uint64_t prime)
{
        unsigned __int128 product = (unsigned __int128)(hash + half) * secret;

        return (((uint64_t)product & prime) + (uint64_t)(product >> 61)) % prime;
}

/* Names that differ have the same hash only if somebody has guessed the secret: a polynomial of the name at that place, modulo a prime. */
static uint64_t hash_of(const struct words *name, uint32_t bytes)
{
        static uint64_t secret;
        const uint64_t prime = (1ull << 61) - 1;
        uint64_t hash = 0;

        while (!secret) {
                file_random(&secret, sizeof(secret));
                secret %= prime;
        }
        for (unsigned i = 0; i < words_of(bytes); i++) {
                hash = hash_step(hash, (uint32_t)name->at[i], secret, prime);
                hash = hash_step(hash, (uint32_t)(name->at[i] >> 32), secret, prime);
        }
        return hash;
}

static bool is_same(const struct words *one, const struct words *other, uint32_t bytes)
{
        unsigned i = 0;

        while (i < words_of(bytes) && one->at[i] == other->at[i])
                i++;
        return i == words_of(bytes);
}

/* Any key with that name, which is read of one key, not of all that have it; and the hash. */
static const struct key *namesake(const char *name, uint32_t bytes, uint64_t *hash)
{
        static struct words own, wanted;
        unsigned last = words_of(bytes) - (bytes > 0);

        wanted.at[last] = own.at[last] = 0;
        memcpy(&wanted, name, bytes);
        *hash = hash_of(&wanted, bytes);
        for (const struct key *k = keys; k < keys + KEYS; k++) {
                if (k->type == KEY_NONE || k->hash != *hash || k->name_bytes != bytes)
                        continue;
                node_read(k->text, 0, &own, bytes);
                if (is_same(&own, &wanted, bytes))
                        return k;
        }
        return NULL;
}

uint64_t key_name_number(const char *name)
{
        uint64_t hash;
        const struct key *k = namesake(name, (uint32_t)strlen(name), &hash);

        return k ? k->same : 0;
}

static bool has_its_share(int kin)
{
        unsigned count = 0;

        for (unsigned i = 0; i < KEYS; i++)
                count += keys[i].type != KEY_NONE && keys[i].kin == kin;
        return count >= KEYS_KIN;
}

bool keys_leaving(void)
{
        return leaving > 0;
}

void keys_leave_some(void)
{
        struct key *k = keys;

        while (k->type != KEY_NONE || !k->text)
                k++;
        node_close(k->text);
        k->text = NULL;
        leaving--;
        frame_come(-1);
}

struct key *key_make(enum key_type type, int kin, const char *name, uint32_t rights)
{
        static unsigned turn;
        static uint64_t names;
        uint32_t bytes = (uint32_t)strlen(name);
        uint64_t hash;
        const struct key *other;
        struct key *k = keys;

        if (leaving)
                keys_leave_some();
        while (k < keys + KEYS && (k->type != KEY_NONE || k->text))
                k++;
        if (k == keys + KEYS || has_its_share(kin))
                return NULL;
        other = namesake(name, bytes, &hash);
        turn = turn % NUMBERS + 1;
        *k = (struct key){.number = (int)(turn << NUMBER_SHIFT | place_of(k)),
                          .kin = kin,
                          .rights = rights,
                          .hash = hash,
                          .same = other ? other->same : ++names,
                          .name_bytes = bytes,
                          .text = node_nameless()};
        if (!k->text)
                return NULL;
        node_open(k->text);
        k->text->by_content = false;
        if (node_write(k->text, 0, name, bytes) != (long)bytes) {
                node_close(k->text);
                k->text = NULL;
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

/* There may be links from each to each, so they are taken by words. */
bool keys_follow(const uint64_t from[KEY_WORDS], uint64_t to[KEY_WORDS], uint64_t but[KEY_WORDS])
{
        uint64_t all[KEY_WORDS] = {0}, any = 0;
        unsigned at = 0;

        for (const struct key *k; (k = set_next(from, &at)) != NULL;) {
                for (unsigned i = 0; i < KEY_WORDS; i++)
                        all[i] |= k->links[i];
        }
        for (unsigned i = 0; i < KEY_WORDS; i++) {
                to[i] = all[i] & ~but[i];
                but[i] |= all[i];
                any |= to[i];
        }
        return any;
}

void keys_tidy(void)
{
        enum { AT_ONCE = 2 };
        uint64_t live[KEY_WORDS] = {0}, now[KEY_WORDS];

        for (const struct key *k = keys; k < keys + KEYS; k++) {
                if (k->type != KEY_NONE && k->users)
                        set_put(live, place_of(k), true);
        }
        memcpy(now, live, sizeof(now));
        while (keys_follow(now, now, live))
                ;
        for (struct key *k = keys; k < keys + KEYS; k++) {
                if (k->type == KEY_NONE || set_has(live, place_of(k)))
                        continue;
                k->type = KEY_NONE;
                leaving++;
                frame_come(1);
        }
        for (unsigned i = 0; i < AT_ONCE && leaving; i++)
                keys_leave_some();
}

void key_drop(struct key *k)
{
        if (k && --k->users == 0)
                keys_tidy();
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

/* --- those that are of no use any more --- */

enum { ALL = -1 }; /* families */

/* Out of the rings of that family. */
static void forget(const uint64_t set[KEY_WORDS], int kin)
{
        for (struct key *ring = keys; ring < keys + KEYS; ring++) {
                for (unsigned i = 0; i < KEY_WORDS && (kin == ALL || ring->kin == kin); i++)
                        ring->links[i] &= ~set[i];
        }
        keys_tidy();
}

void key_invalidate(struct key *k)
{
        uint64_t set[KEY_WORDS] = {0};

        k->invalid = true;
        set_put(set, place_of(k), true);
        forget(set, ALL);
}

/* Has a family few left of its share (ALL: have all of them few left of the table)? */
static bool is_short(int kin)
{
        enum { SPARE = 8 }; /* more than one call makes */
        unsigned count = 0;

        for (const struct key *k = keys; k < keys + KEYS; k++)
                count += k->type != KEY_NONE && (kin == ALL || k->kin == kin);
        return count + SPARE > (kin == ALL ? KEYS : KEYS_KIN);
}

/* Those in the user's rings whose family has no process any more.  Of families a few bits of the number are looked at: then some stay. */
static void forget_left(void)
{
        enum { FAMILIES = 4096 };
        uint64_t alive[FAMILIES / 64] = {0}, left[KEY_WORDS] = {0};

        for (unsigned i = 0; i < PROCESSES; i++) {
                const struct process *p = process_entry(i);
                unsigned family = (unsigned)p->family % FAMILIES;

                if (p->state != PROCESS_FREE)
                        alive[family / 64] |= 1ull << family % 64;
        }
        for (const struct key *k = keys; k < keys + KEYS; k++) {
                unsigned family = (unsigned)k->kin % FAMILIES;

                if (k->type != KEY_NONE && k->kin && !(alive[family / 64] >> family % 64 & 1))
                        set_put(left, place_of(k), true);
        }
        forget(left, 0);
}

void keys_make_room(int kin)
{
        uint64_t over[KEY_WORDS] = {0};

        if (!is_short(kin) && !is_short(ALL))
                return;
        for (const struct key *k = keys; k < keys + KEYS; k++) {
                if (k->type != KEY_NONE && (key_state(k) || k->negative))
                        set_put(over, place_of(k), true);
        }
        forget(over, ALL);
        if (is_short(ALL))
                forget_left();
}
