/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies behind a region, shared memory or a file, knows that it is used; see space.h. */
#include "os/files/node.h"
#include "os/memory/space.h"

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
