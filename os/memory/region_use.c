/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies behind a region, shared memory or a file, knows that it is used, and a space how large its regions are; see
 * space.h. */
#include "os/core/pace.h"
#include "os/files/node.h"
#include "os/memory/space_pages.h"

void region_use(const struct region *r)
{
        if (r->kind == REGION_SHARED)
                share_use(r->share);
        if (region_of_file(r))
                node_open(r->node);
        if (r->kind == REGION_MAPPED)
                node_map(r->node, !(r->never & SPACE_WRITE));
}

void region_drop(const struct region *r)
{
        if (r->kind == REGION_SHARED)
                share_drop(r->share);
        if (r->kind == REGION_MAPPED)
                node_unmap(r->node, !(r->never & SPACE_WRITE));
        if (region_of_file(r))
                node_close(r->node);
}

/* Memory of its own that the program may write. */
static bool is_data(const struct region *r)
{
        return r->access & SPACE_WRITE && !region_common(r) && r->kind != REGION_STACK;
}

void region_grows(struct space *s, const struct region *r, uint64_t bytes)
{
        s->bytes.all += bytes;
        s->bytes.bound += r->kind != REGION_STACK ? bytes : 0;
        s->bytes.data += is_data(r) ? bytes : 0;
        s->bytes.locked += r->never & REGION_LOCKED && r->kind != REGION_STACK ? bytes : 0;
}

void region_count(struct space *s, int sign, const struct region *r)
{
        region_grows(s, r, sign < 0 ? r->start - r->end : r->end - r->start);
}

bool region_mark_some(struct space *s, seL4_Word end, uint8_t lost, uint8_t got, seL4_Word *at)
{
        struct region_place place;
        struct region *r;

        s->uneven |= (got & (REGION_NOT_COPIED | REGION_WIPED)) != 0;
        while ((r = space_from(s, *at, &place)) != NULL && r->start < end) {
                seL4_Word start = r->start;

                region_count(s, -1, r);
                r->never = (uint8_t)((r->never & ~lost) | got);
                region_count(s, 1, r);
                *at = r->end;
                region_join(s, start);
                if (*at < end && pace_is_over())
                        return false;
        }
        *at = end;
        region_join(s, end);
        return true;
}

bool region_policy_some(struct space *s, seL4_Word end, const struct memory_policy *policy, seL4_Word *at)
{
        struct region_place place;
        struct region *r;

        while ((r = space_from(s, *at, &place)) != NULL && r->start < end) {
                seL4_Word start = r->start;

                r->policy = *policy;
                *at = r->end;
                region_join(s, start);
                if (*at < end && pace_is_over())
                        return false;
        }
        *at = end;
        region_join(s, end);
        return true;
}
