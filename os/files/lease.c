/* SPDX-License-Identifier: BSD-2-Clause */
/* See lease.h. */
#include "os/files/lease.h"
#include "os/files/file.h"
#include "sos/clock.h"
#include "sos/proto.h"

static struct lease {
        struct file *file; /* NULL: unused record */
        uint8_t type, target;
        uint64_t end_us; /* of a broken one */
} leases[LEASES];

static struct wait_queue changed;

static struct lease *find(const struct file *f)
{
        for (unsigned i = 0; i < LEASES; i++) {
                if (leases[i].file == f)
                        return &leases[i];
        }
        return NULL;
}

enum lease_type lease_type(const struct file *f)
{
        const struct lease *l = find(f);

        return l ? (enum lease_type)l->target : LEASE_NONE;
}

static void drop(struct lease *l)
{
        l->file->node->leases--;
        l->file = NULL;
        wait_wake(&changed);
}

/* Has somebody the file open whom a lease of that type excludes?  The one that wants it counts as well, for reading. */
static bool excludes(const struct file *f, enum lease_type type)
{
        for (unsigned i = 0; i < FILES; i++) {
                const struct file *other = file_entry(i);

                if (other->kind != FILE_NODE || other->node != f->node || file_is_place(other))
                        continue;
                if (type == LEASE_WRITE ? other != f : other->flags & O_ACCESS)
                        return true;
        }
        return false;
}

static void become(struct lease *l, enum lease_type type)
{
        l->type = l->target = (uint8_t)type;
        wait_wake(&changed);
}

/* A broken lease may only become what was asked for, or less. */
static bool may_become(const struct lease *l, enum lease_type type)
{
        return l->target == l->type || l->target == (uint8_t)type;
}

long lease_set(struct file *f, enum lease_type type)
{
        struct lease *l = find(f);

        if (type == LEASE_NONE && l)
                drop(l);
        else if (type == LEASE_NONE || excludes(f, type) || (l && !may_become(l, type)))
                return -SOS_EAGAIN;
        else if (l)
                become(l, type);
        else if ((l = find(NULL)) == NULL)
                return -SOS_ENOLCK;
        else {
                *l = (struct lease){.file = f, .type = (uint8_t)type, .target = (uint8_t)type};
                f->node->leases++;
        }
        return 0;
}

void lease_forget(const struct file *f)
{
        struct lease *l = find(f);

        if (l)
                drop(l);
}

static bool in_the_way(const struct lease *l, const struct node *n, bool write)
{
        return l->file && l->file->node == n && (write || l->type == LEASE_WRITE);
}

struct file *lease_break(const struct node *n, bool write)
{
        uint8_t target = write ? LEASE_NONE : LEASE_READ;

        for (struct lease *l = leases; l < leases + LEASES; l++) {
                if (!in_the_way(l, n, write) || l->target == target || l->target == LEASE_NONE)
                        continue;
                if (l->target == l->type)
                        l->end_us = clock_us() + LEASE_BREAK_US;
                l->target = target;
                return l->file;
        }
        return NULL;
}

uint64_t lease_end(const struct node *n, bool write)
{
        uint64_t now = clock_us(), last = 0;

        for (struct lease *l = leases; l < leases + LEASES; l++) {
                if (!in_the_way(l, n, write))
                        continue;
                if (l->end_us > now)
                        last = l->end_us > last ? l->end_us : last;
                else if (l->target == LEASE_NONE)
                        drop(l);
                else
                        become(l, (enum lease_type)l->target);
        }
        return last;
}

struct wait_queue *lease_queue(void)
{
        return &changed;
}
