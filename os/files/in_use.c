/* SPDX-License-Identifier: BSD-2-Clause */
/* What files are used for: frames that they have, regions of processes that map them, programs; see node.h.  All but a part of the frames
 * can be files'. */
#include "base/text.h"
#include "elf/elf64.h"
#include "os/device/board.h"
#include "os/files/later.h"
#include "os/files/names.h"
#include "os/files/store.h"

/* An eighth of all is left for programs, which could not even be read to remove files. */
enum { PART_FOR_PROGRAMS = 8 };

frame_id node_take_frame(bool zero)
{
        size_t all = frame_total(), most = all - all / PART_FOR_PROGRAMS;
        frame_id f;

        while (frame_counts().files >= most && (node_leave_some() || later_make_room()))
                ;
        f = frame_counts().files >= most ? 0 : zero ? frame_take_zero() : frame_take();
        if (f)
                frame_give_to_file(f);
        return f;
}

void node_map(struct node *n, bool writable)
{
        n->mapped++;
        n->mapped_for_writing += writable;
        n->edited |= writable;
        n->in_place |= writable;
}

void node_unmap(struct node *n, bool writable)
{
        n->mapped--;
        if (!writable)
                return;
        n->mapped_for_writing--;
        n->edited = true;
        n->changed = n->status = board_date_us();
        store_changed(n);
}

bool node_begins_program(const void *four)
{
        return elf64_begins(four) || !memcmp(four, "#!", 2);
}
