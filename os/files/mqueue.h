/* SPDX-License-Identifier: BSD-2-Clause */
/* Message queues with names and priorities (mq_open of Linux and POSIX).  They are no part of the tree of files; a queue lives while it
 * has a name or is open.  Its messages lie in a file without a name, each in a place of its own; which one comes next is the first one of a
 * heap, so that both sending and receiving cost the logarithm of their number.
 *
 * Results: 0 or -SOS_E*.
 */
#pragma once

#include "os/files/event.h"

enum {
        MQUEUES = 64,
        MQUEUE_MESSAGES = 10, /* usually, and at most for those who may not have more; */
        MQUEUE_BYTES = 8192,
        MQUEUE_MESSAGES_MOST = 1024, /* and for those who may */
        MQUEUE_BYTES_MOST = 65536,
        MQUEUE_FRAMES = 4,
        MQUEUE_NAME = 256,
        MQUEUE_PRIORITIES = 32768
};

struct mqueue_message {
        uint16_t priority;
        uint16_t place; /* in the content */
        uint32_t bytes;
        uint64_t turn; /* the lower comes first */
};
_Static_assert(MQUEUE_FRAMES *PAGE / sizeof(struct mqueue_message) == MQUEUE_MESSAGES_MOST, "they have room");

struct mqueue {
        unsigned users;         /* open files, and one for the name */
        char name[MQUEUE_NAME]; /* "": it was unlinked */
        unsigned most, bytes;   /* messages, and bytes of each, at most */
        unsigned count;
        uint64_t sent;                 /* so far */
        uint64_t held;                 /* bytes of all messages */
        frame_id frame[MQUEUE_FRAMES]; /* the heap, and behind it places that are free */
        struct node *content;
        struct wait_queue filled, drained;
        struct {             /* who is told, once, of a message in an empty queue */
                int process; /* 0: nobody */
                int signal;  /* 0: it wants no signal, */
                bool silent; /* and has said so */
                uint64_t value;
        } notify;
};

/* NULL: there is none. */
struct mqueue *mqueue_find(const char *name);

/* A new one; NULL: there are too many (-SOS_ENOSPC), or no memory (-SOS_ENOMEM). */
struct mqueue *mqueue_make(const char *name, unsigned most, unsigned bytes, long *error);

/* The name goes; a file of it more (NULL: the table of files is full), and one less (by event_close's caller). */
void mqueue_unlink(struct mqueue *q);
struct file *mqueue_open(struct mqueue *q, uint32_t flags);
void mqueue_close(struct mqueue *q);

/* That process is no longer told of messages: in one queue; in any, when another program begins. */
void mqueue_forget(struct mqueue *q, int process);
void mqueue_forget_all(int process);

/* A message more, where there is room; and the next one, where there is one (NULL: there is none), without taking it out, and taking it
 * out. */
long mqueue_put(struct mqueue *q, const void *from, size_t bytes, unsigned priority);
const struct mqueue_message *mqueue_next(const struct mqueue *q);
void mqueue_read(struct mqueue *q, const struct mqueue_message *m, void *to);
void mqueue_take(struct mqueue *q);
