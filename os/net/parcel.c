/* SPDX-License-Identifier: BSD-2-Clause */
/* See parcel.h. */
#include "os/net/parcel.h"
#include "os/files/file.h"
#include "os/net/local.h"

/* A file in a parcel: the next one of the same parcel; 0: none, or that is free. */
struct held {
        struct file *file; /* NULL: free */
        uint16_t next;
};

static struct parcel parcels[PARCELS];
static struct held held[PARCEL_FILES + 1]; /* entry 0 is not used */
static unsigned files_held;
static unsigned long used[PARCELS / 64];
static unsigned first_free = 1; /* no free entry of `held` before it */

static struct parcel *take_parcel(void)
{
        for (unsigned i = 0; i < PARCELS / 64; i++) {
                unsigned bit = (unsigned)__builtin_ctzl(~used[i] ? ~used[i] : 1);

                if (!~used[i])
                        continue;
                used[i] |= 1ul << bit;
                return &parcels[i * 64 + bit];
        }
        return NULL;
}

/* The last ones are for sockets of other families, and so are the last places for files. */
static bool has_its_share(int kin, unsigned files)
{
        unsigned count = 0;

        for (unsigned i = 0; i < PARCELS; i++) {
                if (!(used[i / 64] >> i % 64 & 1) || parcels[i].kin != kin)
                        continue;
                count++;
                files += parcels[i].files;
        }
        return count >= PARCELS_KIN || files > PARCEL_FILES_KIN;
}

static void give_parcel(struct parcel *parcel)
{
        unsigned i = (unsigned)(parcel - parcels);

        used[i / 64] &= ~(1ul << i % 64);
}

static uint16_t hold(struct file *f, uint16_t next)
{
        while (held[first_free].file)
                first_free++;
        held[first_free] = (struct held){.file = f, .next = next};
        file_share(f);
        files_held++;
        return (uint16_t)first_free++;
}

static struct parcel *last_of(const struct socket *s)
{
        struct parcel *last = s->parcels;

        while (last && last->next)
                last = last->next;
        return last;
}

static bool is_same(const struct sender *a, const struct sender *b)
{
        return a->pid == b->pid && a->user == b->user && a->group == b->group;
}

bool parcel_add(struct socket *s, uint32_t start, uint32_t end, const struct sender *by,
                struct file *const files[], unsigned count)
{
        struct parcel *last = last_of(s), *n;

        if (!count && last && !last->files && is_same(&last->by, by) && last->end == start && start != end) {
                last->end = end;
                return true;
        }
        n = count > PARCEL_FILES - files_held || has_its_share(s->kin, count) ? NULL : take_parcel();
        if (!n)
                return false;
        *n = (struct parcel){.start = start, .end = end, .by = *by, .files = (uint16_t)count, .kin = s->kin};
        for (unsigned i = count; i-- > 0;)
                n->first = hold(files[i], n->first);
        *(last ? &last->next : &s->parcels) = n;
        return true;
}

struct parcel *parcel_before(const struct socket *s, uint32_t end)
{
        struct parcel *first = s->parcels;

        return first && (int32_t)(first->start - end) < 0 ? first : NULL;
}

struct file *parcel_file(const struct parcel *parcel, unsigned i)
{
        uint16_t at = parcel->first;

        while (i-- > 0)
                at = held[at].next;
        return held[at].file;
}

/* Out of the table; its files. */
static uint16_t take_out(struct socket *s)
{
        struct parcel *first = s->parcels;
        uint16_t files = first->first;

        s->parcels = first->next;
        give_parcel(first);
        return files;
}

/* Files that are in no parcel any more, and are about to be closed; and whether to look for what nobody can reach. */
static struct {
        uint16_t first;
        bool look, busy; /* closing one may come here again, which does not begin anew */
} leaving;

static void leave(uint16_t files)
{
        uint16_t end = files;

        while (end && held[end].next)
                end = held[end].next;
        if (end) {
                held[end].next = leaving.first;
                leaving.first = files;
        }
}

static void close_one(void)
{
        uint16_t at = leaving.first;
        struct held h = held[at];

        leaving.first = h.next;
        held[at].file = NULL;
        first_free = at < first_free ? at : first_free;
        files_held--;
        file_close(h.file);
}

static void find_lost(void);

static void close_all(void)
{
        if (leaving.busy)
                return;
        leaving.busy = true;
        while (leaving.first || leaving.look) {
                if (leaving.first)
                        close_one();
                else
                        find_lost();
        }
        leaving.busy = false;
}

void parcel_drop(struct socket *s)
{
        leave(take_out(s));
        close_all();
}

/* Who has sent the rest of the bytes is still to be told. */
void parcel_deliver(struct socket *s)
{
        struct parcel *first = s->parcels;

        if (!first->by.pid || (int32_t)(first->end - s->rx.position) <= 0) {
                parcel_drop(s);
                return;
        }
        leave(first->first);
        first->first = first->files = 0;
        close_all();
}

/* --- what nobody can reach --- */

/* By number of the socket: how many users of its file are parcels; somebody can reach it. */
struct sweep {
        uint16_t from_parcels[LOCALS];
        bool reached[LOCALS];
        uint8_t work[LOCALS];
        unsigned to_do;
};

static struct socket *local_of(const struct file *f)
{
        return f && f->socket && f->socket->family == LOCAL ? f->socket : NULL;
}

static void reach(struct sweep *w, const struct socket *s)
{
        unsigned i = local_number(s);

        if (w->reached[i])
                return;
        w->reached[i] = true;
        w->work[w->to_do++] = (uint8_t)i;
}

/* What is in parcels that wait there, and connections that wait to be accepted. */
static void reach_from(struct sweep *w, const struct socket *s)
{
        for (const struct parcel *parcel = s->parcels; parcel; parcel = parcel->next) {
                for (uint16_t at = parcel->first; at; at = held[at].next) {
                        if (local_of(held[at].file))
                                reach(w, local_of(held[at].file));
                }
        }
        for (const struct socket *n = s->listens ? s->next : NULL; n; n = n->next)
                reach(w, n);
}

static void find_reached(struct sweep *w)
{
        for (unsigned i = 1; i <= PARCEL_FILES; i++) {
                const struct socket *s = local_of(held[i].file);

                if (s)
                        w->from_parcels[local_number(s)]++;
        }
        for (unsigned i = 0; i < LOCALS; i++) {
                const struct socket *s = local_entry(i);

                if (s->state != SOCKET_FREE && s->file && s->file->users > w->from_parcels[i])
                        reach(w, s);
        }
        while (w->to_do)
                reach_from(w, local_entry(w->work[--w->to_do]));
}

static void find_lost(void)
{
        static struct sweep w;

        leaving.look = false;
        w = (struct sweep){0};
        find_reached(&w);
        for (unsigned i = 0; i < LOCALS; i++) {
                struct socket *s = local_entry(i);

                while (s->state != SOCKET_FREE && !w.reached[i] && s->parcels)
                        leave(take_out(s));
        }
}

void parcels_sweep(void)
{
        leaving.look = files_held > 0;
        close_all();
}
