/* SPDX-License-Identifier: BSD-2-Clause */
/* What of the tree is kept on a disk: which nodes, and how much room they take there.
 *
 * Owns the room and its use.  Invariant: `used` is the sum of the entries and padded contents of all nodes with `kept`, except for the
 * directory that was given to node_keep. */
#include "os/files/names.h"

static struct {
        uint64_t room, used; /* bytes on the disk */
} kept;

static uint64_t padded(uint64_t size)
{
        return (size + 3) & ~3ull;
}

uint64_t node_size_limit(const struct node *n)
{
        uint64_t left = kept.used < kept.room ? (kept.room - kept.used) & ~3ull : 0;

        return n->kept ? padded(n->size) + left : UINT64_MAX;
}

void node_resize(struct node *n, uint64_t size)
{
        if (n->kept)
                kept.used += padded(size) - padded(n->size);
        n->size = size;
}

static uint64_t content_bytes(const struct node *n)
{
        return node_has_content(n) ? padded(n->size) : 0;
}

void kept_add(struct node *n)
{
        n->kept = true;
        kept.used += NODE_ENTRY_BYTES + content_bytes(n);
}

void kept_remove(struct node *n)
{
        if (n->kept)
                kept.used -= NODE_ENTRY_BYTES + content_bytes(n);
        n->kept = false;
}

void node_keep(struct node *directory, uint64_t room)
{
        kept.room = room;
        kept.used = 0;
        for (uint32_t i = 1; i < names_end(); i++) {
                struct node *n = node_at(i);

                if (n->kind != NODE_FREE && n->in_directory && node_depth(n, directory))
                        kept_add(n);
        }
        directory->kept = true;
}

bool node_read_only(const struct node *n)
{
        return n->kept && kept.room == NODE_READ_ONLY;
}

uint64_t node_room(const struct node *n)
{
        return n->kept ? kept.room : 0;
}

uint64_t node_room_left(void)
{
        return kept.used < kept.room ? kept.room - kept.used : 0;
}
