/* SPDX-License-Identifier: BSD-2-Clause */
/* Message queues with names and priorities (mq_open of Linux and POSIX).  They are no part of the tree of files; a queue lives while it
 * has a name or is open.  Its messages lie in a file without a name, each in a place of its own; which one comes next is found among at
 * most MQUEUE_MESSAGES.
 *
 * Results: 0 or -SOS_E*.
 */
#pragma once

#include "os/files/event.h"

enum {
        MQUEUES = 64,
        MQUEUE_MESSAGES = 10,
        MQUEUE_BYTES = 8192,
        MQUEUE_NAME = 256,
        MQUEUE_PRIORITIES = 32768
};

struct mqueue {
        unsigned users;         /* open files, and one for the name */
        char name[MQUEUE_NAME]; /* "": it was unlinked */
        unsigned most, bytes;   /* messages, and bytes of each, at most */
        unsigned count;
        uint64_t sent; /* so far */
        struct mqueue_message {
                bool used;
                unsigned priority;
                uint32_t bytes;
                uint64_t turn; /* the lower comes first */
        } message[MQUEUE_MESSAGES];
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

/* A message more, where there is room; and the next one, where there is one, without taking it out, and taking it out. */
long mqueue_put(struct mqueue *q, const void *from, size_t bytes, unsigned priority);
const struct mqueue_message *mqueue_next(const struct mqueue *q);
void mqueue_read(struct mqueue *q, const struct mqueue_message *m, void *to);
void mqueue_take(struct mqueue *q, const struct mqueue_message *m);
