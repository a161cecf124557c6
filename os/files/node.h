/* SPDX-License-Identifier: BSD-2-Clause */
/* The file tree: directories, files of the archive (read-only), files in memory, and a few special ones.
 *
 * Nodes are records of one table and know their parent; no more than NODE_DEPTH of them lie one in the other, so that code
 * that walks down needs little stack.  A node lives while it has a name or is open; a removed directory stays empty.  Content of
 * a file in memory lies in frames, which are copied before they change when they have a second user (node_freeze); the archive's
 * is used where it is.  All results are 0 or more, or -SOS_E*.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/core/wait.h"
#include "os/memory/frame.h"

enum node_kind {
        NODE_FREE,
        NODE_DIRECTORY,
        NODE_ARCHIVE,
        NODE_MEMORY,
        NODE_REPORT,
        NODE_NULL,
        NODE_CONSOLE,
        NODE_ZERO,
        NODE_FULL,
        NODE_RANDOM,
        NODE_LEAVING
};

enum {
        NODES = 512,
        NODE_NAME_MAX = 256,
        NODE_CHUNKS = 8,
        NODE_CHUNK_PAGES = 1024,
        NODE_DEPTH = 32,
        PATH_MAX = 512
};

struct node {
        char name[NODE_NAME_MAX];
        uint8_t kind;
        uint8_t report;  /* which, for NODE_REPORT */
        bool by_content; /* what it is decides whether it can be run: nobody gave it a mode */
        uint16_t mode;   /* permissions */
        uint32_t user, group;
        bool kept;                   /* has a name below the directory of node_keep */
        uint16_t parent;             /* index; the root is its own */
        uint16_t opened;             /* open files and working directories */
        uint16_t named;              /* 0 once removed */
        uint64_t size;               /* bytes */
        uint64_t changed;            /* its date: microseconds since 1970 (board.h) */
        const unsigned char *bytes;  /* NODE_ARCHIVE */
        frame_id chunk[NODE_CHUNKS]; /* NODE_MEMORY: frames full of frame numbers; 0 is a hole */
        bool busy;                   /* a call that moves content of it has pieces left */
        struct wait_queue moved;     /* those who wait until it has none */
};

/* Directories, special files, and everything in the archive. */
void node_init(const void *archive, size_t size);

static inline bool node_is_device(const struct node *n)
{
        return n->kind >= NODE_NULL && n->kind <= NODE_RANDOM;
}

/* Can it be run? */
static inline bool node_executable(const struct node *n)
{
        enum { ANY_X = 0111 };

        return n->kind != NODE_DIRECTORY && n->mode & ANY_X;
}

/* A file in memory without a name, which goes when nobody has it open; NULL when the table is full. */
struct node *node_nameless(void);

struct node *node_root(void);
uint32_t node_number(const struct node *n);
struct node *node_at(uint32_t number); /* any record of the table */
struct node *node_parent(const struct node *n);

/* Follow a path from `from`; NULL when something is missing.  node_make makes the last part if it is missing (false for
 * a missing directory, a bad name or a full table). */
struct node *node_find(struct node *from, const char *path);
struct node *node_make(struct node *from, const char *path, enum node_kind kind);

/* Why one of them gave NULL: -SOS_ENOENT, _ENOTDIR, _ENAMETOOLONG, or _ENOSPC for a full table. */
long node_failure(struct node *from, const char *path);

/* The entry of a directory with the lowest number of at least `number`, "." and ".." not among them; NULL behind the last. */
struct node *node_next(const struct node *directory, uint64_t number);

/* Entry `position` as counted now; what it means changes with the directory, so it is no cursor. */
struct node *node_entry(const struct node *directory, unsigned position);

/* Read, write, cut at `size`; bytes done. */
long node_read(struct node *n, uint64_t offset, void *to, size_t size);
long node_write(struct node *n, uint64_t offset, const void *from, size_t size);
long node_truncate(struct node *n, uint64_t size);

/* Take the name away, or give another. */
long node_remove(struct node *n, bool directory);
long node_rename(struct node *n, struct node *from, const char *path);

/* What is below `directory` is kept on a disk: together it may take up `room` bytes, each node NODE_ENTRY_BYTES and its
 * content.  More is refused with -SOS_ENOSPC, or no node made. */
enum { NODE_ENTRY_BYTES = 624 };
void node_keep(struct node *directory, uint64_t room);

/* The room of the disk, when the node is kept there (else 0), and what is left of it; and nodes that there can be more. */
uint64_t node_room(const struct node *n);
uint64_t node_room_left(void);
unsigned node_unused(void);

/* Copy the records of all kept nodes to the same numbers of `copies` (NODES of them; the others are NODE_FREE).  Content
 * is shared, and copied by whoever writes first; node_read reads a copy as it was.  Every copy is given back by
 * node_thaw. */
void node_freeze(struct node *copies);
void node_thaw(struct node *copies);

/* The size that a file may grow to; its new size.  For content.c, which changes it. */
uint64_t node_size_limit(const struct node *n);
void node_resize(struct node *n, uint64_t size);

/* Content goes in pieces of a few pages: the size that `n` can be cut to in one piece, on the way to `size`; and one piece of
 * what nobody knows any more.  True: there is more of it. */
uint64_t node_next_cut(struct node *n, uint64_t size);
bool node_leave_some(void);
bool node_leaving(void);

/* For node.c: one piece of the content of a node that leaves; true: that was all. */
bool node_drop_some(struct node *n);

void node_open(struct node *n);
void node_close(struct node *n);

/* The whole path of a node; false when it does not fit. */
bool node_path(const struct node *n, char *to, size_t size);
