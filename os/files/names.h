/* SPDX-License-Identifier: BSD-2-Clause */
/* Records and names, for the parts of the tree (node.c, walk.c, content.c); see names.c. */
#pragma once

#include "os/device/board.h"
#include "os/files/node.h"

/* A record that is free, NULL: none; it becomes a node without a name, and one that has none is given back. */
struct node *names_free_record(void);
void names_use(struct node *n, enum node_kind kind);
void names_give(struct node *n);

/* Records from this number on are free. */
uint32_t names_end(void);

/* The record of a name in a directory; NULL: there is none.  What it means: itself, or the node of which it is a further name. */
struct node *names_find(const struct node *directory, const char *name, size_t length);
struct node *names_meaning(struct node *record);

/* The entries of a chunk of content (later.h), NULL: it has none; the same if nobody else has its frame; the place of one entry,
 * made, NULL when out of memory; its frame goes; all of them go, at once.  Pages of so many bytes. */
const frame_id *content_chunk(struct node *n, uint64_t chunk);
frame_id *content_own_chunk(struct node *n, uint64_t chunk);
frame_id *content_entry(struct node *n, uint64_t page);
void content_drop(frame_id *entry);
void content_drop_all(struct node *n);

static inline uint64_t content_pages(uint64_t size)
{
        return (size + PAGE - 1) / PAGE;
}

/* Give a record without a name one, shorter than NODE_NAME_MAX, that the directory does not have; take it. */
void names_put(struct node *n, struct node *directory, const char *name, size_t length);
void names_take(struct node *n);

/* Steps from a node up to one above it; 0 when it is not above. */
unsigned node_depth(const struct node *n, const struct node *above);

/* The most levels of names below a node.  Cost: the directories, however deep they lie. */
unsigned names_height(const struct node *n);

/* Its content is looked at: the date of the last access. */
static inline void node_is_read(struct node *n)
{
        if ((int64_t)n->accessed <= (int64_t)n->changed)
                n->accessed = board_date_us();
}

/* A node begins to be kept on the disk, or is so no longer (kept.c). */
void kept_add(struct node *n);
void kept_remove(struct node *n);
