/* SPDX-License-Identifier: BSD-2-Clause */
/* Families stand in preorder, so a stack of those whose descendants may follow is enough. */
#include "tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 64, SHOWN = 3 };

/* The kernel's window is memory at an offset that is a multiple of this. */
static const uint64_t window = (uint64_t)1 << 39;

uint64_t cap_memory(const struct capability *c)
{
        if (!c->bits)
                return 0;
        return c->kind == UNTYPED || c->kind == FRAME ? c->object : c->object % window;
}

static bool covers(const struct capability *parent, const struct capability *child)
{
        enum { ALL_LINES = 14, ASIDS = 11, POOL = 13 };
        uint64_t at = cap_memory(child), from = cap_memory(parent);

        if (parent->kind == UNTYPED)
                return child->bits && at >= from && at - from < (uint64_t)1 << parent->bits &&
                       (child->kind != UNTYPED || child->bits < parent->bits || at != from || parent->original);
        if (parent->kind == ALL_LINES)
                return child->kind == LINE;
        if (parent->kind == ASIDS)
                return child->kind == POOL;
        return parent->kind == child->kind && parent->object == child->object && parent->original;
}

static int by_slot(const void *a, const void *b)
{
        const struct capability *x = *(const struct capability *const *)a, *y = *(const struct capability *const *)b;

        return x->slot < y->slot ? -1 : x->slot > y->slot;
}

static size_t find(const struct capability **sorted, size_t count, uint64_t slot)
{
        size_t low = 0, high = count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (sorted[middle]->slot < slot)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low < count && sorted[low]->slot == slot ? low : count;
}

static bool is_alike(const struct row *r, const struct capability *c, size_t parent)
{
        return r->parent == parent && r->cap->kind == c->kind && r->cap->bits == c->bits && r->cap->original == c->original &&
               c->kind != THREAD && c->kind != UNTYPED && c->kind != CNODE;
}

struct building {
        struct row *row;
        size_t count, stack[DEEPEST];
        unsigned depth;
};

static void place(struct building *b, const struct capability *c)
{
        while (b->depth && !covers(b->row[b->stack[b->depth - 1]].cap, c))
                b->depth--;
        size_t parent = b->depth ? b->stack[b->depth - 1] : b->count;
        struct row *last = b->count ? &b->row[b->count - 1] : NULL;

        /* after some of one kind that nothing was made from, only their number counts */
        if (b->count >= SHOWN && b->depth && is_alike(last, c, parent) && is_alike(last - 1, c, parent) && is_alike(last - 2, c, parent)) {
                last->more++;
                return;
        }
        b->row[b->count] = (struct row){c, b->depth, parent, 0};
        if (b->depth < DEEPEST)
                b->stack[b->depth++] = b->count;
        b->count++;
}

struct row *tree_rows(struct dump *d, size_t *count)
{
        size_t n = d->caps.count, at;
        const struct capability **sorted = calloc(n + 1, sizeof(*sorted));
        bool *follows = calloc(n + 1, sizeof(*follows));
        struct building b = {.row = calloc(n + 1, sizeof(*b.row))};

        if (!sorted || !follows || !b.row) {
                fputs("dump: no memory for the tree\n", stderr);
                exit(1);
        }
        for (size_t i = 0; i < n; i++)
                sorted[i] = (const struct capability *)d->caps.at + i;
        qsort(sorted, n, sizeof(*sorted), by_slot);
        for (size_t i = 0; i < n; i++)
                follows[find(sorted, n, sorted[i]->next)] = true;
        for (size_t i = 0; i < n; i++) {
                if (follows[i])
                        continue;
                b.depth = 0;
                size_t left = n;
                for (at = i; at < n && left; at = find(sorted, n, sorted[at]->next), left--)
                        place(&b, sorted[at]);
        }
        free(sorted);
        free(follows);
        *count = b.count;
        return b.row;
}

static void rights(const struct capability *c, char *to)
{
        static const char letters[] = "WRGP";

        for (unsigned i = 0; i < 4; i++) {
                if (c->info >> i & 1)
                        *to++ = letters[i];
        }
        *to = '\0';
}

void tree_label(const struct dump *d, const struct row *r, char *to, size_t size)
{
        const struct capability *c = r->cap;
        char allowed[8];
        int n;

        rights(c, allowed);
        if (c->kind == UNTYPED)
                n = snprintf(to, size, "%s %" PRIx64 ": %" PRIu64 " of %" PRIu64 " KiB used", c->info & 64 ? "device" : "untyped", c->object, c->word >> 10,
                             ((uint64_t)1 << c->bits) >> 10);
        else if (c->kind == FRAME)
                n = snprintf(to, size, "frame %" PRIx64 " (%u bits)%s", c->object, c->bits, c->word >> 48 ? ", mapped" : "");
        else if (c->kind == ENDPOINT || c->kind == NOTIFICATION)
                n = snprintf(to, size, "%s %s%s%.0" PRIx64, thing_name(d, c->object), allowed, c->word ? ", badge " : "", c->word);
        else
                n = snprintf(to, size, "%s", c->object && dump_find(d, c->object) ? thing_name(d, c->object) : kind_name(c->kind));
        if (r->more && n >= 0 && (size_t)n < size)
                snprintf(to + n, size - (size_t)n, " and %zu more", r->more);
}
