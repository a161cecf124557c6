/* SPDX-License-Identifier: BSD-2-Clause */
/* See common.h. */
#include "os/process/common.h"
#include "base/text.h"
#include "os/files/lock.h"
#include "os/process/process.h"

enum { PIECE = 64 }; /* descriptors that are closed at once */

static struct descriptors descriptors[PROCESSES];
static struct place places[PROCESSES];
static struct handlers handlers[PROCESSES];

/* --- descriptors --- */

struct descriptors *descriptors_make(void)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                if (descriptors[i].users)
                        continue;
                descriptors[i] = (struct descriptors){.users = 1, .limit = DESCRIPTORS};
                return &descriptors[i];
        }
        return NULL;
}

/* Where the file of a number is recorded; NULL: no place yet. */
static struct file **entry(const struct descriptors *d, seL4_Word number)
{
        frame_id far;

        if (number < DESCRIPTORS_NEAR)
                return (struct file **)&d->near[number];
        far = number < DESCRIPTORS ? d->far[(number - DESCRIPTORS_NEAR) / DESCRIPTORS_FAR] : 0;
        return far ? (struct file **)frame_data(far) + (number - DESCRIPTORS_NEAR) % DESCRIPTORS_FAR : NULL;
}

struct file *descriptor_file(const struct descriptors *d, seL4_Word number)
{
        struct file **at = entry(d, number);

        return at ? *at : NULL;
}

bool descriptor_set(struct descriptors *d, seL4_Word number, struct file *f, bool on_exec)
{
        struct file **at = entry(d, number);

        if (!at && f) {
                d->far[(number - DESCRIPTORS_NEAR) / DESCRIPTORS_FAR] = frame_take_zero();
                at = entry(d, number);
                if (!at)
                        return false;
        }
        if (at && *at && (*at)->node && *at != f)
                lock_forget(
                        (*at)->node,
                        d); /* whichever descriptor of a file closes, the process has no lock on it any more */
        if (at)
                *at = f;
        descriptor_set_on_exec(d, number, f && on_exec);
        return true;
}

bool descriptor_on_exec(const struct descriptors *d, seL4_Word number)
{
        return d->on_exec[number / 64] >> number % 64 & 1;
}

void descriptor_set_on_exec(struct descriptors *d, seL4_Word number, bool on)
{
        uint64_t bit = 1ull << number % 64;

        d->on_exec[number / 64] = on ? d->on_exec[number / 64] | bit : d->on_exec[number / 64] & ~bit;
}

/* The first number from there on that means a file, or DESCRIPTORS. */
static seL4_Word next_used(const struct descriptors *d, seL4_Word from)
{
        for (; from < DESCRIPTORS; from++) {
                struct file **at = entry(d, from);

                if (!at)
                        from += DESCRIPTORS_FAR - 1 - (from - DESCRIPTORS_NEAR) % DESCRIPTORS_FAR;
                else if (*at)
                        return from;
        }
        return DESCRIPTORS;
}

long descriptor_free(const struct descriptors *d, seL4_Word from, seL4_Word end)
{
        for (; from < end; from++) {
                if (!descriptor_file(d, from))
                        return (long)from;
        }
        return -SOS_EMFILE;
}

static void drop_frames(struct descriptors *d)
{
        for (unsigned i = 0; i < sizeof(d->far) / sizeof(*d->far); i++) {
                if (d->far[i])
                        frame_drop(d->far[i]);
                d->far[i] = 0;
        }
}

static bool copy_frames(const struct descriptors *from, struct descriptors *to)
{
        for (unsigned i = 0; i < sizeof(from->far) / sizeof(*from->far); i++) {
                to->far[i] = from->far[i] ? frame_take() : 0;
                if (from->far[i] && !to->far[i])
                        return false;
                if (to->far[i])
                        memcpy(frame_data(to->far[i]), frame_data(from->far[i]),
                               DESCRIPTORS_FAR * sizeof(struct file *));
        }
        return true;
}

struct descriptors *descriptors_copy(const struct descriptors *from)
{
        struct descriptors *to = descriptors_make();

        if (!to)
                return NULL;
        if (!copy_frames(from, to)) {
                drop_frames(to);
                to->users = 0;
                return NULL;
        }
        to->limit = from->limit;
        memcpy(to->near, from->near, sizeof(to->near));
        memcpy(to->on_exec, from->on_exec, sizeof(to->on_exec));
        for (seL4_Word i = next_used(to, 0); i < DESCRIPTORS; i = next_used(to, i + 1))
                file_share(descriptor_file(to, i));
        return to;
}

static void close_one(struct descriptors *d, seL4_Word number)
{
        struct file *f = descriptor_file(d, number);

        descriptor_set(d, number, NULL, false);
        file_close(f);
}

bool descriptors_drop_some(struct descriptors *d)
{
        unsigned count = 0;

        if (d && d->users == 1) {
                for (seL4_Word i = next_used(d, 0); i < DESCRIPTORS; i = next_used(d, i + 1)) {
                        if (count++ == PIECE)
                                return false;
                        close_one(d, i);
                }
                drop_frames(d);
        }
        if (d)
                d->users--;
        return true;
}

bool descriptors_exec_some(struct descriptors *d)
{
        unsigned count = 0;

        for (seL4_Word i = next_used(d, 0); i < DESCRIPTORS; i = next_used(d, i + 1)) {
                if (!descriptor_on_exec(d, i))
                        continue;
                if (count++ == PIECE)
                        return false;
                close_one(d, i);
        }
        return true;
}

/* --- the place --- */

struct place *place_make(void)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                if (places[i].users)
                        continue;
                places[i] = (struct place){.users = 1, .directory = node_root(), .mask = 022};
                node_open(places[i].directory);
                return &places[i];
        }
        return NULL;
}

struct place *place_copy(const struct place *from)
{
        struct place *to = place_make();

        if (!to)
                return NULL;
        node_close(to->directory);
        to->directory = from->directory;
        node_open(to->directory);
        to->mask = from->mask;
        to->no_more_rights = from->no_more_rights;
        return to;
}

void place_drop(struct place *p)
{
        if (p && --p->users == 0)
                node_close(p->directory);
}

/* --- signals --- */

struct handlers *handlers_make(void)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                if (handlers[i].users)
                        continue;
                memset(&handlers[i], 0, sizeof(handlers[i]));
                handlers[i].users = 1;
                return &handlers[i];
        }
        return NULL;
}

struct handlers *handlers_copy(const struct handlers *from)
{
        struct handlers *to = handlers_make();

        if (to)
                memcpy(to->action, from->action, sizeof(to->action));
        return to;
}

void handlers_drop(struct handlers *h)
{
        if (h)
                h->users--;
}
