/* SPDX-License-Identifier: BSD-2-Clause */
/* Snapshots of the tree; see node_freeze. */
#include "base/text.h"
#include "os/files/later.h"
#include "os/files/names.h"

/* The copy has the frames too. */
static void share_content(const struct node *n)
{
        for (int c = 0; c < NODE_CHUNKS; c++)
                frame_share(n->chunk[c]);
        frame_share(n->more);
}

static void drop_content(struct node *copy)
{
        memset(copy->chunk, 0, sizeof(copy->chunk));
        copy->more = 0;
}

/* A file that is open and has no name any more needs its inode. */
static bool is_wanted(const struct node *n)
{
        return n->kept || (n->kind == NODE_MEMORY && n->inode);
}

void node_freeze(struct node *copies)
{
        for (uint32_t i = 0; i < NODES; i++)
                copies[i].kind = NODE_FREE;
        for (uint32_t i = 0; i < names_end(); i++) {
                struct node *n = node_at(i);

                if (!is_wanted(n))
                        continue;
                copies[i] = *n;
                copies[i].mapped = 0;
                copies[i].window = 0; /* nothing is read ahead for it */
                if (!node_has_content(n))
                        continue;
                if (n->inode && !n->edited)
                        drop_content(&copies[i]);
                else
                        share_content(n);
                later_frozen(n);
        }
}

void node_thaw(struct node *copies, bool written)
{
        for (uint32_t i = 0; i < NODES; i++) {
                if (node_has_content(&copies[i])) {
                        if (copies[i].edited || !copies[i].inode || !written)
                                later_written(node_at(i), &copies[i], written);
                        content_drop_all(&copies[i]);
                }
                copies[i].kind = NODE_FREE;
        }
}
