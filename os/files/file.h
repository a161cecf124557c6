/* SPDX-License-Identifier: BSD-2-Clause */
/* Open files: what a descriptor refers to; shared after dup and fork.  A pipe has two of them.
 *
 * Reading and writing copy between the file and a buffer of the server; they never block, but return FILE_BLOCKS if the caller has to retry
 * after something has changed, and FILE_GOES_ON (reading) if it has to pause.
 *
 * Results: bytes or a position, FILE_BLOCKS, FILE_GOES_ON, or -SOS_E*.
 */
#pragma once

#include "os/core/wait.h"
#include "os/files/node.h"
#include "os/files/pipe.h"

enum file_kind {
        FILE_FREE,
        FILE_NODE,
        FILE_REPORT,
        FILE_NULL,
        FILE_CONSOLE,
        FILE_ZERO,
        FILE_FULL,
        FILE_RANDOM,
        FILE_PIPE_READ,
        FILE_PIPE_WRITE,
        FILE_PIPE_BOTH, /* a FIFO that is open for both */
        FILE_COUNTER,   /* the following ones: event.h */
        FILE_TIMER,
        FILE_SIGNALS,
        FILE_NOTICES,
        FILE_PROCESS,
        FILE_QUEUE, /* mqueue.h */
        FILE_SET,
        FILE_MASTER, /* of a pseudo terminal (pty.h) */
        FILE_SLAVE,
        FILE_SPARE,  /* what is not used of it (spare.h) */
        FILE_VOLUME, /* the disk, for the program of its file system (volume.h) */
        FILE_SOCKET, /* moved by calls of its own (os/calls/linux/sockets/messages.c) */
};

enum { FILES = 4096 };

/* Flags as Linux programs for AArch64 know them. */
enum {
        O_ACCESS = 3,
        O_WRONLY = 1,
        O_RDWR = 2,
        O_CREAT = 0100,
        O_EXCL = 0200,
        O_TRUNC = 01000,
        O_APPEND = 02000,
        O_NONBLOCK = 04000,
        O_DIRECTORY = 040000,
        O_DIRECT = 0200000, /* of a pipe: writes are packets */
        O_NOFOLLOW = 0100000,
        O_PATH = 010000000,
        O_TMPFILE = 020040000,
        O_CLOEXEC = 02000000,
};

struct file {
        uint8_t kind;
        bool reader; /* the one native reader of the console */
        uint32_t users, flags;
        uint32_t watches; /* sets that it is in */
        struct node *node;
        struct pipe *pipe;
        struct event *event;
        struct socket *socket;
        struct pty *pty;
        uint64_t offset;
        uint64_t text_from,
                text_place; /* of a long text that is made in parts: where one begins, and with what */
        bool told;          /* its owner gets a signal when something happens (told.h) */
        struct {
                int id; /* a thread, a process, a group; 0: nobody */
                int descriptor;
                uint8_t kind, signal;     /* enum file_owner_kind; 0: SIGIO */
                uint32_t real, effective; /* the user who said so */
        } owner;
};

/* As Linux numbers them. */
enum file_owner_kind { OWNER_THREAD, OWNER_PROCESS, OWNER_GROUP };

/* Entry i of the table. */
struct file *file_entry(unsigned i);

/* NULL when the table is full. */
struct file *file_new(enum file_kind kind, uint32_t flags);
struct file *file_open(struct node *n, uint32_t flags);
struct file *file_reopen(const struct file *f, uint32_t flags); /* one end more of the same pipe */
bool file_pipe(struct file *end[2]);

/* Become the console's reader, when this is the console and open for reading; false when there is one. */
bool file_claim(struct file *f);
void file_share(struct file *f);
void file_close(struct file *f);

/* What /dev/urandom says. */
void file_random(void *to, size_t size);

/* A part of the text of a report, from where the file stands: bytes, or FILE_GOES_ON (reports.c). */
long file_read_report(struct file *f, void *to, size_t size);

/* What such files and the others of special.c give: bytes, or as volume_read. */
long file_read_special(const struct file *f, void *to, size_t size);
long file_write_special(const struct file *f, const void *from, size_t size);

long file_read(struct file *f, void *to, size_t size);
long file_write(struct file *f, const void *from, size_t size);

/* whence: 0 from the start, 1 from here, 2 from the end; 3 to data, 4 to a hole, in pieces (FILE_GOES_ON): *page as in node_seek_some. */
long file_seek(struct file *f, long offset, unsigned whence, uint64_t *page);

/* Could a read or write move something now?  Is this the end of a pipe that nobody holds the other end of,
 * or a socket whose connection is over? */
bool file_ready(struct file *f, bool write);
bool file_alone(const struct file *f);

/* Does a read give as much as is asked for, up to the end of a file that has one? */
static inline bool file_is_endless(const struct file *f)
{
        return f->kind == FILE_NODE || f->kind == FILE_SPARE || f->kind == FILE_ZERO ||
               f->kind == FILE_FULL || f->kind == FILE_RANDOM;
}

/* Ends of pipes. */
static inline bool file_reads_pipe(const struct file *f)
{
        return f->kind == FILE_PIPE_READ || f->kind == FILE_PIPE_BOTH;
}

static inline bool file_writes_pipe(const struct file *f)
{
        return f->kind == FILE_PIPE_WRITE || f->kind == FILE_PIPE_BOTH;
}

/* Opening a FIFO waits (in `moved` of its node) until somebody has opened its other end; a file that was opened with O_PATH is
 * a place in the tree, and moves nothing. */
bool file_alone_yet(const struct file *f);
static inline bool file_is_place(const struct file *f)
{
        return f->flags & O_PATH;
}

/* Can the content of a file be written through it? */
static inline bool file_writes(const struct file *f)
{
        return f->kind == FILE_NODE && f->flags & O_ACCESS && !file_is_place(f);
}

/* Is there room for all of it, if it is a pipe that somebody reads? */
bool file_fits(const struct file *f, size_t size);

/* Where to wait until it could, or until the other end goes; NULL: it always can. */
struct wait_queue *file_queue(struct file *f, bool write);

/* How often that queue was woken, for those who ask again: whatever happens from now on will be counted. */
uint64_t file_events(struct file *f, bool write);

/* What is open for writing or mapped, by whomever, counts as changed (store_changed): this node, or all (NULL). */
void file_changed(const struct node *n);
