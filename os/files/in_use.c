/* SPDX-License-Identifier: BSD-2-Clause */
/* What files are used for: frames that they have, regions of processes that map them, programs; see node.h.  All but a part of the frames
 * can be files'. */
#include "base/text.h"
#include "elf/elf64.h"
#include "os/device/board.h"
#include "os/files/archive.h"
#include "os/files/later.h"
#include "os/files/names.h"
#include "os/files/store.h"

/* An eighth of all is left for programs, which could not even be read to remove files. */
enum { PART_FOR_PROGRAMS = 8 };

frame_id node_take_frame(bool zero)
{
        size_t all = frame_total(), most = all - all / PART_FOR_PROGRAMS;
        frame_id f;

        while (frame_counts().files >= most && (node_leave_some() || later_drop_clean(true)))
                ;
        f = frame_counts().files >= most ? 0 : zero ? frame_take_zero() : frame_take();
        if (f)
                frame_give_to_file(f);
        return f;
}

/* All of the page is the archive's. */
static bool in_archive(const struct node *n, uint64_t page)
{
        return n->kind == NODE_ARCHIVE && (page + 1) * PAGE <= n->size;
}

frame_id node_frame_as_is(struct node *n, uint64_t page)
{
        const frame_id *chunk;

        if (in_archive(n, page))
                return archive_frame(n->bytes + page * PAGE);
        if (n->kind != NODE_MEMORY || n->mapped_for_writing)
                return 0;
        chunk = content_chunk(n, page / NODE_CHUNK_PAGES);
        return chunk ? later_frame(chunk[page % NODE_CHUNK_PAGES]) : 0;
}

frame_id node_share_frame(struct node *n, uint64_t page)
{
        frame_id f =
                in_archive(n, page) ? archive_make_frame(n->bytes + page * PAGE) : node_frame_as_is(n, page);

        if (f)
                node_is_read(n);
        if (f && n->on_disk)
                later_ready(n, page * PAGE, PAGE); /* what comes next is read ahead */
        return f;
}

bool node_frame_comes_back(struct node *n, uint64_t page)
{
        return in_archive(n, page) || (n->kind == NODE_MEMORY && later_clean_entry(n, page));
}

void node_leave_frame(struct node *n, uint64_t page)
{
        frame_id *entry = n->kind == NODE_MEMORY ? later_clean_entry(n, page) : NULL;

        if (entry && frame_users(later_frame(*entry)) == 1)
                content_drop(entry);
        if (in_archive(n, page))
                archive_drop(n->bytes + page * PAGE);
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
