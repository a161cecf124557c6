/* SPDX-License-Identifier: BSD-2-Clause */
/* Families are in preorder, so a stack of those whose descendants may follow is enough. */
#include "tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 64, SHOWN = 2 };

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
                       (child->kind != UNTYPED || child->bits < parent->bits || at != from ||
                        parent->original);
        if (parent->kind == ALL_LINES)
                return child->kind == LINE;
        if (parent->kind == ASIDS)
                return child->kind == POOL;
        return parent->kind == child->kind && parent->object == child->object && parent->original;
}

static int by_slot(const void *a, const void *b)
{
        const struct capability *x = *(const struct capability *const *)a,
                                *y = *(const struct capability *const *)b;

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

struct building {
        struct row *row;
        size_t count, stack[DEEPEST];
        unsigned depth;
};

static void place(struct building *b, const struct capability *c)
{
        while (b->depth && !covers(b->row[b->stack[b->depth - 1]].cap, c))
                b->depth--;
        b->row[b->count] = (struct row){c, b->depth, b->depth ? b->stack[b->depth - 1] : b->count, 0};
        if (b->depth < DEEPEST)
                b->stack[b->depth++] = b->count;
        b->count++;
}

static void no_memory(void)
{
        fputs("dump: no memory for the tree\n", stderr);
        exit(1);
}

static size_t end_of(const struct row *row, size_t count, size_t i)
{
        size_t end = i + 1;

        while (end < count && row[end].depth > row[i].depth)
                end++;
        return end;
}

/* Equal for capabilities that look the same, with all below them; threads are always distinguished. */
static uint64_t shape(const struct row *row, size_t from, size_t end)
{
        uint64_t sum = 0;

        for (size_t i = from; i < end; i++) {
                const struct capability *c = row[i].cap;

                sum = sum * 1099511628211u + c->kind + c->bits * 64u +
                      (row[i].depth - row[from].depth) * 8192u + (c->kind == THREAD ? c->object : 0);
        }
        return sum;
}

/* Of neighbours that look the same a few are shown; the last one says how many more there are.  Returns how many rows remain. */
static size_t without_alike(struct row *row, size_t count)
{
        size_t *moved = calloc(count + 1, sizeof(*moved)), kept = 0, last[DEEPEST + 1] = {0},
               alike[DEEPEST + 1] = {0};
        uint64_t before[DEEPEST + 1] = {0};

        if (!moved)
                no_memory();
        for (size_t i = 0; i < count;) {
                unsigned depth = row[i].depth;
                size_t end = end_of(row, count, i);
                uint64_t now = shape(row, i, end);

                alike[depth] = alike[depth] && now == before[depth] ? alike[depth] + 1 : 1;
                before[depth] = now;
                if (alike[depth] > SHOWN) {
                        row[last[depth]].more++;
                        i = end;
                        continue;
                }
                moved[i] = kept;
                row[kept] =
                        (struct row){row[i].cap, depth, row[i].parent == i ? kept : moved[row[i].parent], 0};
                last[depth] = kept++;
                if (depth < DEEPEST)
                        alike[depth + 1] = 0;
                i++;
        }
        free(moved);
        return kept;
}

struct row *tree_rows(struct dump *d, bool all, size_t *count)
{
        size_t n = d->caps.count, at;
        const struct capability **sorted = calloc(n + 1, sizeof(*sorted));
        bool *follows = calloc(n + 1, sizeof(*follows));
        struct building b = {.row = calloc(n + 1, sizeof(*b.row))};

        if (!sorted || !follows || !b.row)
                no_memory();
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
        *count = all ? b.count : without_alike(b.row, b.count);
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

static void memory_label(const struct capability *c, char *to, size_t size)
{
        if (c->kind == UNTYPED)
                snprintf(to, size, "%s %" PRIx64 ": %" PRIu64 " of %" PRIu64 " KiB used",
                         c->info & 64 ? "device" : "untyped", c->object, c->word >> 10,
                         ((uint64_t)1 << c->bits) >> 10);
        else
                snprintf(to, size, "frame %" PRIx64 " (%u bits)%s", c->object, c->bits,
                         c->word >> 48 ? ", mapped" : "");
}

static void end_label(const struct dump *d, const struct capability *c, char *to, size_t size)
{
        char allowed[8], badge[32] = "";

        rights(c, allowed);
        if (c->word)
                snprintf(badge, sizeof(badge), ", badge %" PRIx64, c->word);
        snprintf(to, size, "%s %s%s", thing_name(d, c->object), allowed, badge);
}

void tree_label(const struct dump *d, const struct row *r, char *to, size_t size)
{
        const struct capability *c = r->cap;

        if (c->kind == UNTYPED || c->kind == FRAME)
                memory_label(c, to, size);
        else if (c->kind == ENDPOINT || c->kind == NOTIFICATION)
                end_label(d, c, to, size);
        else
                snprintf(to, size, "%s",
                         dump_find(d, c->object) ? thing_name(d, c->object) : kind_name(c->kind));
        size_t n = strlen(to);
        if (r->more)
                snprintf(to + n, size - n, " and %zu more", r->more);
}
