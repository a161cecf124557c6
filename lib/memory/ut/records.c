/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory for the records of pieces, and start-up.
 *
 * Records of halves are made in pairs from the bookkeeping pool; UT_PAIRS_SPARE of them are kept ready, because getting
 * more needs memory, which may need splitting.  The first ones come from static memory.
 */
#include "inside.h"

#include <book/book.h>
#include <sel4/report.h>

static struct book_pool pair_pool = {.bytes = sizeof(struct ut_pair)};
static ut_t roots[UT_ROOTS_MAX];

struct ut_pair *ut_pair_new(void)
{
        struct ut_pair *pair = ut_pool.spare;

        if (pair) {
                ut_pool.spare = (struct ut_pair *)pair->half[0].next;
                ut_pool.spares--;
        }
        return pair;
}

void ut_pair_free(struct ut_pair *pair)
{
        pair->half[0] = pair->half[1] = (ut_t){.state = UT_UNUSED};
        pair->half[0].next = (ut_t *)ut_pool.spare;
        ut_pool.spare = pair;
        ut_pool.spares++;
}

bool ut_pair_more(void)
{
        struct ut_pair *pair = book_new(&pair_pool);

        if (pair)
                ut_pair_free(pair);
        return pair;
}

static bool is_seed(const struct ut_pair *pair)
{
        return (const char *)pair >= ut_pool.seed && (const char *)pair < ut_pool.seed_end;
}

/* Give spare records back; those in static memory stay. */
void ut_pairs_trim(void)
{
        struct ut_pair *list = ut_pool.spare;
        struct ut_pair *next;
        size_t keep = UT_PAIRS_SPARE;

        ut_pool.spare = NULL;
        ut_pool.spares = 0;
        for (; list; list = next) {
                next = (struct ut_pair *)list->half[0].next;
                if (is_seed(list)) {
                        ut_pair_free(list);
                } else if (keep) {
                        ut_pair_free(list);
                        keep--;
                } else {
                        book_free(&pair_pool, list);
                }
        }
}

void ut_start(cspace_t *cspace, void *seed, size_t seed_bytes)
{
        ut_pool = (struct ut_pool){.cspace = cspace, .seed = seed, .seed_end = (char *)seed + seed_bytes};
        pair_pool = (struct book_pool){.bytes = sizeof(struct ut_pair)};
        for (char *p = seed; p + sizeof(struct ut_pair) <= ut_pool.seed_end; p += sizeof(struct ut_pair))
                ut_pair_free((struct ut_pair *)p);
}

int ut_add(seL4_CPtr cap, uintptr_t paddr, size_t size_bits, bool device)
{
        ut_t *piece;
        unsigned i;

        if (ut_pool.roots == UT_ROOTS_MAX || size_bits < UT_MIN_BITS || size_bits > UT_MAX_BITS)
                return -1;
        piece = &roots[ut_pool.roots];
        *piece = (ut_t){.cap = cap, .paddr = paddr, .size_bits = (uint8_t)size_bits, .device = device};
        for (i = ut_pool.roots++; i > 0 && ut_pool.root[i - 1]->paddr > paddr; i--)
                ut_pool.root[i] = ut_pool.root[i - 1];
        ut_pool.root[i] = piece;
        if (!device) {
                ut_pool.total += 1ul << size_bits;
                ut_pool.reserve = ut_pool.total / 16;
        }
        ut_became_free(piece);
        return 0;
}

size_t ut_pages_for_region(ut_region_t region)
{
        enum { RECORDS_PER_PAGE = 4096 / sizeof(struct ut_pair) };
        size_t pages = (region.end - region.start) >> seL4_PageBits;

        /* Splitting all of it down to pages takes one pair per page. */
        return (pages + RECORDS_PER_PAGE - 1) / RECORDS_PER_PAGE;
}

void ut_init(void *memory, ut_region_t region)
{
        ut_start(ut_pool.cspace, memory, ut_pages_for_region(region) << seL4_PageBits);
}

void ut_add_untyped_range(seL4_Word paddr, seL4_CPtr cap, size_t n, bool device)
{
        for (size_t i = 0; i < n; i++) {
                if (ut_add(cap + i, paddr + (i << seL4_PageBits), seL4_PageBits, device)) {
                        report("ut_add_untyped_range: no room for more than %u untypeds", UT_ROOTS_MAX);
                        return;
                }
        }
}
