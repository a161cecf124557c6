/* SPDX-License-Identifier: BSD-2-Clause */
/* A message of a socket: what is moved, where in the process, and how; see messages.c.
 *
 * Results: those of calls (posix.h): 0 or more, -SOS_E*, or what call_waits and its like return.
 */
#pragma once

#include "os/calls/linux/sockets/sockets.h"

enum {
        MSG_PEEK = 2,
        MSG_TRUNC = 0x20,
        MSG_DONTWAIT = 0x40,
        MSG_WAITALL = 0x100,
        MSG_NOSIGNAL = 0x4000,
        MSG_CMSG_CLOEXEC = 0x40000000,
        MSG_SENDING = MSG_DONTWAIT | MSG_NOSIGNAL | 0x8000 /* more will come */ | 0x80 /* end of a record */,
        MSG_RECEIVING = MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT | MSG_WAITALL | MSG_NOSIGNAL | MSG_CMSG_CLOEXEC,
        MESSAGES_MAX = 1024,
};

/* What is moved, where in the process, and how. */
struct control;
struct message {
        struct socket *s;
        struct file *f;
        seL4_Word flags;
        seL4_Word vectors, count;   /* of memory; count 0: the one piece below */
        seL4_Word at, bytes;        /* the one piece */
        char *own;                  /* not NULL: a piece of the server's own memory, which */
        seL4_Word own_from;         /* begins so far into the message */
        bool at_once;               /* its copying is not done in pieces */
        const struct control *with; /* open files that go along (locals.h); NULL: none */
        seL4_Word name, name_bytes; /* where the name is; for receiving, where its length is */
};

/* The number of all bytes of it, or -SOS_E*. */
long message_bytes(struct process *p, const struct message *m);

/* Move `bytes`, from byte `from` of the memory on, between it and the ring from `ahead` of its position on; nobody sees it yet.  How many
 * it were, fewer when the piece is over; -SOS_EFAULT. */
long message_copy(struct process *p, const struct message *m, seL4_Word from, struct ring *ring,
                  uint32_t ahead, seL4_Word bytes);

/* Bytes at one address of the process: false when `page` does not find one of their pages (NULL), or the ring has less. */
typedef void *message_page(struct space *s, seL4_Word va, enum space_access access);
bool message_copy_piece(struct process *p, seL4_Word va, struct ring *ring, uint32_t ahead, seL4_Word bytes,
                        message_page *page);

/* The same of all bytes of a datagram that comes, from the first one on: `bytes`, -SOS_EFAULT, or CALL_NO_VALUE when it has pieces left.
 * It begins anew when the ring has moved on meanwhile.  And of one that goes (gather.c): `bytes`, or -SOS_E*. */
long message_copy_whole(struct process *p, const struct message *m, struct ring *ring, uint32_t ahead,
                        seL4_Word bytes);
long message_put(struct process *p, const struct message *m, struct ring *ring, uint32_t ahead,
                 seL4_Word bytes);

static inline bool message_may_wait(const struct message *m)
{
        return !(m->f->flags & O_NONBLOCK) && !(m->flags & MSG_DONTWAIT);
}

/* What a call gets that sends where nobody reads any more, and a signal. */
long message_broken_pipe(struct process *p, const struct message *m);

/* Send on a connection until everything is in the stream, unless it must not wait.  What is special: why nothing can be sent now (0: it
 * can, or will); moving what has room of `bytes`, 0: nothing was moved; how many pages that is at most. */
struct message_stream {
        long (*refuses)(struct process *p, const struct message *m);
        long (*send_some)(struct process *p, const struct message *m, seL4_Word bytes);
        unsigned pages;
};
long message_send_stream(struct process *p, const struct message *m, seL4_Word bytes,
                         const struct message_stream *stream);

/* Receiving from one: `done` bytes have come, all that there is now: those who want all of it wait for the rest.  Something had come
 * before, and nothing has now: is it enough? */
long message_enough(struct process *p, const struct message *m, seL4_Word done, seL4_Word bytes);
bool message_is_enough(const struct message *m);

/* send.c, receive.c, of either family: `from` gets the sender, `told` flags for the caller. */
long message_send(struct process *p, const struct message *m);
long message_receive(struct process *p, const struct message *m, struct socket_name *from, uint32_t *told);
