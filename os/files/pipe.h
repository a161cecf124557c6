/* SPDX-License-Identifier: BSD-2-Clause */
/* Pipes: bytes on their way from writers to readers, in frames taken as needed.  A FIFO is one with a name: the pipe
 * of a node while somebody has it open.
 *
 * Results: bytes, FILE_BLOCKS, or -SOS_E*.
 */
#pragma once

#include "os/core/wait.h"
#include "os/files/node.h"

enum {
        PIPES = 256,
        PIPE_PAGES = 16, /* unless somebody wants another number, */
        PIPE_PAGES_MOST = 256,
        PIPE_PAGES_GROWN = 4096, /* and so many more of all pipes together */
        PIPE_SIZE = PIPE_PAGES * 4096,
        PIPE_ATOMIC = 4096,
        PIPE_PACKET = 4096 /* bytes of one packet at most */
};

/* A read or write that has to be retried after something has changed. */
#define FILE_BLOCKS (-0x7fffffffffffffffl)

/* One that was looking for its place when the piece was over; it goes on there. */
#define FILE_GOES_ON (-0x7ffffffffffffffdl)

/* What was written as one packet: its positions. */
struct pipe_packet {
        uint32_t start, end;
};

/* Packets lie among plain bytes; a read takes one, and what it does not want of it is lost.  Each takes the room of a page. */
struct pipe {
        struct wait_queue filled, drained; /* those who wait until something is written, or read */
        uint16_t pages;                    /* that it has room for, a power of two; 0: unused record */
        frame_id data[PIPE_PAGES];         /* those that were needed so far */
        frame_id more; /* a frame that has the numbers of all of them instead, for a larger pipe */
        uint16_t readers, writers;
        uint32_t head, tail;            /* free-running */
        uint32_t came_read, came_write; /* ends that were ever opened */
        frame_id borders;               /* a ring of packets, 0: there was none yet */
        uint16_t first_packet, packets;
        uint32_t user, group; /* who made it, as pipe2 does: nobody else may open it again */
};

/* One without ends; NULL when there are too many, or no memory. */
struct pipe *pipe_make(void);

/* Room for so many bytes, rounded up to a power of two: what it has now, or -SOS_EPERM, _EBUSY (more is in it), _ENOMEM.  Cost: a step for
 * each page of the content. */
long pipe_resize(struct pipe *p, uint32_t size);

/* Add an end; remove one, and the pipe with the last (false). */
void pipe_open(struct pipe *p, bool read, bool write);
bool pipe_close(struct pipe *p, bool read, bool write);

long pipe_read(struct pipe *p, char *to, size_t size);

/* Look at what a read would give from `ahead` bytes on, without taking it; and take so many bytes. */
long pipe_peek(const struct pipe *p, size_t ahead, char *to, size_t size);
void pipe_drop(struct pipe *p, size_t size);
long pipe_write(struct pipe *p, const char *from, size_t size);

/* All of it, as a packet; and the bytes of the packet that a read would take (0: plain bytes, or nothing). */
long pipe_write_packet(struct pipe *p, const char *from, size_t size);
size_t pipe_packet(const struct pipe *p);

static inline size_t pipe_room(const struct pipe *p)
{
        return p->pages * (size_t)4096 - (p->tail - p->head);
}
