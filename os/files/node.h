/* SPDX-License-Identifier: BSD-2-Clause */
/* The file tree: directories, files of the archive (read-only), files in memory, links, FIFOs, names of sockets, and a few special ones.
 *
 * Nodes are records of one table and know their parent; no more than NODE_DEPTH of them lie one in the other, so that the
 * way up is short.  A file may have further names (node_link), each a record of its own.  A node lives while it
 * has a name or is open; a removed directory stays empty.  Content of
 * a file in memory lies in frames, which are copied before they change when they have a second user (node_freeze), unless processes
 * have them mapped (node_map); what was never written has no frame.  The archive's
 * is used where it is.  Results: 0 or more, or -SOS_E*.
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
        NODE_LINK,  /* the content is a path */
        NODE_ALIAS, /* a further name; outside of the tree it only appears in a directory's entries */
        NODE_FIFO,
        NODE_SOCKET, /* the name of a socket between processes (os/net/local.h) */
        NODE_NULL,
        NODE_CONSOLE,
        NODE_ZERO,
        NODE_FULL,
        NODE_RANDOM,
        NODE_SPARE, /* what the system does not use of the disk (spare.h) */
        NODE_PTMX,
        NODE_TERMINAL, /* /dev/pts/N, the slave of a pseudo terminal (pty.h) */
        NODE_LEAVING
};

enum {
        NODES = 8192,
        NODE_NAME_MAX = 256,
        NODE_CHUNKS = 8,
        NODE_CHUNK_PAGES = 1024,
        NODE_MORE_CHUNKS = 1024,
        NODE_DEPTH = 256,
        NODE_KEPT_DEPTH = 64, /* on the disk (drivers/ext2/give.c) */
        PATH_MAX = 2048
};

enum { NODE_TTY = 1 }; /* the number of the console that means each session's own */

struct file;
struct pipe;

struct node {
        char name[NODE_NAME_MAX];
        uint32_t generation; /* no record before it had this one and the same number */
        uint8_t kind;
        uint8_t report;    /* which, for NODE_REPORT; and for NODE_LINK: its text is made like one */
        bool by_content;   /* whether it can be run depends on its kind: no mode was set */
        bool kept;         /* has a name below the directory of node_keep */
        bool in_directory; /* the record has a name */
        bool fixed;        /* a part of the system: it cannot be removed */
        bool live;         /* the content of the directory is made when it is asked for (os/server/proc.h) */
        int number; /* for the server's reports: a process, or what else they report; of a pseudo terminal */
        uint16_t mode; /* permissions */
        uint32_t user, group;
        uint16_t parent; /* index; the root is its own */
        uint32_t opened; /* open files, working directories, mappings: more than processes have descriptors */
        uint32_t writers;    /* open files through which it can be written, */
        uint32_t runs;       /* and spaces whose program it is: never both (calls/linux/files/open.c) */
        uint16_t named;      /* names; 0 once removed */
        uint16_t children;   /* entries of a directory */
        uint16_t next;       /* in the chain of names (names.c) */
        uint16_t target;     /* NODE_ALIAS: the node; */
        uint16_t next_alias; /* and the one behind it, or the node's first */
        uint32_t mapped;     /* regions in which its own frames are, not copies */
        uint32_t mapped_for_writing; /* those of them in which a program may write, or get that right */
        bool memory_only;            /* memfd_create has made it */
        uint8_t seals;               /* what may no longer be done to it (NODE_SEAL_*) */
        uint8_t leases;              /* of open files of it (lease.h) */
        uint64_t size;               /* bytes */
        /* Of the last change of its content, of the last read, of the last change of anything: microseconds since 1970 (board.h), in
         * two's complement. */
        uint64_t changed, accessed, status;
        const unsigned char *bytes;  /* NODE_ARCHIVE */
        frame_id chunk[NODE_CHUNKS]; /* NODE_MEMORY: frames full of frame numbers; 0 is a hole */
        frame_id more;               /* behind them: a frame full of chunks */
        uint32_t
                inode; /* on the disk, of a file whose content is read when it is wanted (later.h); 0: none */
        uint32_t window; /* pages that are read at once, */
        uint64_t ahead;  /* and the page behind those that were */
        uint64_t on_disk,
                cut; /* pages from there on are not the disk's; and were cut since the last snapshot */
        bool edited, in_place; /* since then: changed; perhaps in frames that the snapshot has too */
        frame_id attributes;   /* attribute.h; 0: it has none */
        struct pipe *fifo;     /* NODE_FIFO: while it is open */
        bool busy;             /* a call that moves content of it has pieces left */
        bool shortens;         /* that call makes it shorter: from byte `keeps` on no space gets a page */
        uint64_t keeps;
        struct wait_queue moved; /* those who wait until it has none; of a FIFO, for the other end */
};

/* Directories, special files, and everything in the archive. */
void node_init(const void *archive, size_t size);

/* Once the disk has been read: the usual directories of programs that it has and the system lacks get their usual names, too (/usr means
 * /disk/usr), and so do what its /bin and /etc hold; a file of its /etc comes in place of the archive's. */
void node_links_to_disk(void);

/* Existing files were made that many microseconds later than was known at the time: dates counted from power-on become those since 1970. */
void node_date(uint64_t us);

static inline bool node_is_device(const struct node *n)
{
        return n->kind >= NODE_NULL && n->kind <= NODE_TERMINAL;
}

/* Does a file with these first four bytes get the right to be executed: a program or a script? */
bool node_begins_program(const void *four);

/* Does its content lie in frames? */
static inline bool node_has_content(const struct node *n)
{
        return n->kind == NODE_MEMORY || n->kind == NODE_LINK;
}

/* Programs may rename and remove it: it is not a part of the system. */
static inline bool node_is_own(const struct node *n)
{
        return !n->fixed && (n->kind == NODE_DIRECTORY || n->kind == NODE_MEMORY || n->kind == NODE_LINK ||
                             n->kind == NODE_FIFO || n->kind == NODE_SOCKET);
}

/* Where what can be mapped of it ends. */
static inline uint64_t node_mapped_end(const struct node *n)
{
        return n->shortens && n->keeps < n->size ? n->keeps : n->size;
}

/* Numbers of file systems, as /proc/self/mountinfo has them. */
enum { NODE_MOUNT_ROOT = 1, NODE_MOUNT_PROC, NODE_MOUNT_DISK };

static inline unsigned node_mount(const struct node *n)
{
        return n->kept ? NODE_MOUNT_DISK : n->kind == NODE_REPORT ? NODE_MOUNT_PROC : NODE_MOUNT_ROOT;
}

/* Can it be run? */
static inline bool node_executable(const struct node *n)
{
        enum { ANY_X = 0111 };

        return n->kind != NODE_DIRECTORY && n->mode & ANY_X;
}

/* A file in memory without a name, removed when nobody has it open; NULL if the table is full. */
struct node *node_nameless(void);

struct node *node_root(void);
uint32_t node_number(const struct node *n);
struct node *node_at(uint32_t number); /* any record of the table */
struct node *node_parent(const struct node *n);

/* Where a path ends. */
struct node_place {
        struct node
                *parent; /* the directory of its last name; NULL: that is "." or "..", or it is the root */
        struct node *record;      /* of the name, in that directory; NULL: there is none */
        struct node *node;        /* what it means */
        struct file *file;        /* it is an open file, by the name of its descriptor */
        char name[NODE_NAME_MAX]; /* the last name */
        bool slash;               /* there is one behind it */
};

/* Seals of a file, as Linux numbers them: no more seals; no shrinking; no growing; no writing; no new writers. */
enum {
        NODE_SEAL_SEAL = 1,
        NODE_SEAL_SHRINK = 2,
        NODE_SEAL_GROW = 4,
        NODE_SEAL_WRITE = 8,
        NODE_SEAL_FUTURE_WRITE = 16,
        NODE_SEALS_WRITE = NODE_SEAL_WRITE | NODE_SEAL_FUTURE_WRITE,
        NODE_SEALS = 31
};

/* May it get that size? */
static inline bool node_may_have_size(const struct node *n, uint64_t size)
{
        return !(n->seals & NODE_SEAL_SHRINK && size < n->size) &&
               !(n->seals & NODE_SEAL_GROW && size > n->size);
}

/* Follow a path from `from`.  Links in the middle are followed, with NODE_FOLLOW one at the end as well, and with NODE_NO_FOLLOW one
 * with a slash behind it; NODE_NAME takes the last name for what it is, and NODE_NO_LINKS all of them.  0, even when nothing has the
 * last name; or -SOS_ENOENT, _ENOTDIR, _ENAMETOOLONG, _ELOOP.
 * Cost: per name of the path. */
enum node_follow { NODE_NO_LINKS, NODE_NAME, NODE_NO_FOLLOW, NODE_FOLLOW };
long node_walk(struct node *from, const char *path, enum node_follow follow, struct node_place *place);

/* The same with bounds, a set: the path stays on one file system; no link is followed that means a file and has no text; nor any link; it
 * stays below `from` (otherwise -SOS_EXDEV); `from` is the root that it sees.  Forbidden links are -SOS_ELOOP.  A directory that `who`
 * (rights.h; NULL: the system) may not search is -SOS_EACCES. */
enum { NODE_ONE_SYSTEM = 1, NODE_NO_MAGIC = 2, NODE_NEVER_LINKS = 4, NODE_BENEATH = 8, NODE_IN_ROOT = 16 };
struct user;
long node_walk_within(const struct user *who, struct node *from, const char *path, enum node_follow follow,
                      unsigned bounds, struct node_place *place);

/* The node at a path, links followed; NULL if something is missing (node_failure says why).  node_make makes the last part if it is
 * missing. */
struct node *node_find(struct node *from, const char *path);
struct node *node_make(struct node *from, const char *path, enum node_kind kind);
long node_failure(struct node *from, const char *path);

/* Make a node at a free place; give a file a further name there. */
long node_create(const struct node_place *place, enum node_kind kind, struct node **made);
long node_link(struct node *n, const struct node_place *place);

/* The text of a symbolic link, without a NUL; its length. */
long node_link_text(struct node *link, char *to, size_t size);

/* The entry of a directory with the lowest number of at least `number`, "." and ".." not among them; NULL behind the last.  What
 * it means: node_of. */
struct node *node_next(const struct node *directory, uint64_t number);

static inline const struct node *node_of(const struct node *record)
{
        return record->kind == NODE_ALIAS ? node_at(record->target) : record;
}

/* Entry `position` as counted now; what it means changes with the directory, so it is no cursor. */
struct node *node_entry(const struct node *directory, unsigned position);

/* Read, write, cut at `size`; bytes done. */
long node_read(struct node *n, uint64_t offset, void *to, size_t size);
long node_write(struct node *n, uint64_t offset, const void *from, size_t size);
long node_truncate(struct node *n, uint64_t size);

/* Bytes of one page, within the size, become zeros; a whole page that nobody has mapped gives its frame back. */
long node_clear(struct node *n, uint64_t offset, size_t size);

/* The first byte from `offset` on that was written (`data`), or was not; the size where there is none.  In pieces: *page says how far it
 * is, 0 at the beginning; true: *found is the answer. */
bool node_seek_some(struct node *n, uint64_t offset, bool data, uint64_t *page, uint64_t *found);

/* Bytes in frames. */
uint64_t node_bytes(struct node *n);

/* The same in pieces: from *page on, added to *bytes; true: that was all.  Both are 0 at the beginning. */
bool node_count_some(struct node *n, uint64_t *page, uint64_t *bytes);

/* A frame for what a file has, which counts as memory of files until nobody has it; 0: they have got what they may. */
frame_id node_take_frame(bool zero);

/* One more region maps frames of the file: writes go into these, whoever else has them; one region less, which may have written.  The
 * frame of a page, made when it is missing; 0 when out of memory. */
void node_map(struct node *n, bool writable);
void node_unmap(struct node *n, bool writable);
frame_id node_frame(struct node *n, uint64_t page);

/* The frame that a page, all of it the file's, has in memory: whoever changes it makes a copy, the file too, unless it is mapped for
 * writing.  0: there is none, or it may change.  The same for a process that is going to read it: one of the archive's is made. */
frame_id node_frame_as_is(struct node *n, uint64_t page);
frame_id node_share_frame(struct node *n, uint64_t page);

/* Can it go from memory, because the disk or the archive has it too?  It goes, if it can and nobody else has it. */
bool node_frame_comes_back(struct node *n, uint64_t page);
void node_leave_frame(struct node *n, uint64_t page);

/* Take the last name of a path away, or give what has it another one, or each the other's. */
long node_remove(const struct node_place *place, bool directory);
void node_vanish(struct node *n); /* the name of one that is the system's */
long node_rename(const struct node_place *from, const struct node_place *to);
long node_exchange(const struct node_place *from, const struct node_place *to);

/* What is below `directory` is kept on a disk: together it may take up `room` bytes, each node NODE_ENTRY_BYTES and its
 * content.  More is refused with -SOS_ENOSPC, or no node made.  Without room it is read-only: all changes are refused with -SOS_EROFS. */
enum { NODE_ENTRY_BYTES = 624, NODE_READ_ONLY = 0 };
void node_keep(struct node *directory, uint64_t room);
bool node_read_only(const struct node *n);

/* The room of the disk, when the node is kept there (else 0), and what is left of it; and nodes that there can be more. */
uint64_t node_room(const struct node *n);
uint64_t node_room_left(void);
unsigned node_unused(void);

/* Copy the records of all kept nodes, and of files that were, to the same numbers of `copies` (NODES of them; the others are NODE_FREE).
 * Content is shared, and copied by whoever writes first; node_read reads a copy as it was; of files with an inode that were not
 * edited the copies have none.  Every copy is given back by node_thaw: is it on the disk now? */
void node_freeze(struct node *copies);
void node_thaw(struct node *copies, bool written);

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

/* A space has it as its program, and keeps it open; it has not any more. */
static inline void node_run(struct node *n)
{
        n->runs++;
        node_open(n);
}

static inline void node_rest(struct node *n)
{
        n->runs--;
        node_close(n);
}

/* The whole path of a node; false when it does not fit. */
bool node_path(const struct node *n, char *to, size_t size);
