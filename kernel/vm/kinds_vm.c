/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying and deleting caps of this room (see kinds_vm.h). */
#include "vm/kinds_vm.h"
#include "trace/trace.h"
#include "vm/asid.h"
#include "vm/frame.h"
#include "vm/space.h"
#include "vm/table.h"

enum outcome derive_frame(const struct slot *from, struct cap *c, struct refusal *why)
{
        (void)from, (void)why;
        *c = cap_mapped(*c, 0, 0);
        return DONE;
}

enum outcome derive_page_table(const struct slot *from, struct cap *c, struct refusal *why)
{
        (void)from;
        return mapped_asid(*c) != 0 ? DONE : refuse(why, REFUSE_ILLEGAL, 0, 0, 0);
}

enum outcome derive_vspace(const struct slot *from, struct cap *c, struct refusal *why)
{
        (void)from;
        return c->b != 0 ? DONE : refuse(why, REFUSE_ILLEGAL, 0, 0, 0);
}

struct cap retire_frame(struct cap c, bool last)
{
        if (rarely(trace_runs()))
                frame_unmap_traced(c, last);
        else
                frame_unmap(c);
        return cap_null();
}

struct cap retire_page_table(struct cap c, bool last)
{
        if (last)
                table_remove(c);
        return cap_null();
}

struct cap retire_vspace(struct cap c, bool last)
{
        space_era_ends();
        if (last)
                asid_release(vspace_asid(c), cap_object(c));
        return cap_null();
}

struct cap retire_asid_pool(struct cap c, bool last)
{
        if (last)
                asid_pool_remove(cap_object(c), pool_first_asid(c));
        return cap_null();
}
