/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports of what happens to files (inotify of Linux): watches on nodes, each of an instance, which keeps what has
 * happened until it is read, as the bytes that programs read.
 *
 * A watch does not keep a node open, and goes with it.  Without a watch an event costs one comparison.
 */
#pragma once

#include "os/files/file.h"

/* Watches and instances of all processes, and what one read gives: who changes a file tells all that watch it. */
enum { NOTICES = 1024, NOTICE_INSTANCES = 48, NOTICES_AT_ONCE = 256 };

/* What may happen. */
enum {
        NOTICE_READ = 1,
        NOTICE_WRITTEN = 2,
        NOTICE_CHANGED = 4, /* anything else about it */
        NOTICE_CLOSED_WRITTEN = 8,
        NOTICE_CLOSED = 0x10,
        NOTICE_OPENED = 0x20,
        NOTICE_MOVED_FROM = 0x40,
        NOTICE_MOVED_TO = 0x80,
        NOTICE_MADE = 0x100,
        NOTICE_REMOVED = 0x200,
        NOTICE_GONE_ITSELF = 0x400,
        NOTICE_MOVED_ITSELF = 0x800,
        NOTICE_ALL = 0xfff,
        NOTICE_OVERFLOW = 0x4000,
        NOTICE_NO_MORE = 0x8000, /* the watch is gone */
        NOTICE_DIRECTORY = 0x40000000,
};
#define NOTICE_ONCE (1u << 31)

/* The head of what is read; a name of `bytes` bytes, NULs among them, is behind it. */
struct notice {
        int watch;
        uint32_t what, cookie, bytes;
};

/* Report an event of a node, also to watches on its directory; of the node, whatever its names are; and of an entry of a directory, with a
 * number that both ends of a move share (0: none).  The node is about to be removed. */
void notice(const struct node *n, uint32_t what);
void notice_itself(const struct node *n, uint32_t what);
void notice_entry(const struct node *directory, const char *name, uint32_t what, uint32_t cookie);
void notice_gone(const struct node *n);
uint32_t notice_cookie(void);

/* Is anything watched? */
bool notice_is_heard(void);

/* Somebody else hears of what happens to names, too (dnotify.h); one more, or less. */
void notice_hear(int more);

/* There are NOTICE_INSTANCES.  One more, NULL: no file or pipe for it; and its end. */
bool notice_is_full(void);
struct file *notice_open(uint32_t flags);
void notice_close(struct event *e);

/* The watch of a node, made if there is none: its number, or -SOS_E*.  `add`: to what it reports so far; `only_new`: there must be none. */
long notice_watch(struct event *e, struct node *n, uint32_t wanted, bool add, bool only_new);
bool notice_unwatch(struct event *e, int number);

/* Bytes of the next one that was not read, 0: none; and take so many bytes of those that were read. */
size_t notice_next(const struct event *e, size_t ahead, char *to, size_t size);
void notice_taken(struct event *e, size_t bytes);
