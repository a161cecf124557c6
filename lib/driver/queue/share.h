/* SPDX-License-Identifier: BSD-2-Clause */
/* Several clients on one device: what they hand over goes to the device's queue in turn, what the device returns goes to the client that
 * owns it.  No byte is copied, and no buffer is seen: only descriptors pass through.
 *
 *      client 0  <-> queue 0 \                                  device's buffers: those of client 0, then of client 1, ...
 *      client 1  <-> queue 1  --- share --- device's queue      (buffer i of client k is buffer start[k] + i)
 *      client 2  <-> queue 2 /
 *
 * We are the other side of each client's queue and the owner of the device's queue.  No client can name another's buffer,
 * because its own numbers are added to its own start; none can stall another, because a turn takes one item from each that
 * has one, and at most `share_limit` of one client are with the device.  A client that lies breaks only its own queue; its items that are
 * still at the device come back and are dropped.
 *
 * Cost: O(items moved + clients that signalled), however many there are.
 */
#pragma once

#include <queue/queue.h>

struct share_client {
        struct queue queue;
        uint32_t start;            /* number of its first buffer at the device */
        uint32_t in_flight;        /* with the device */
        uint32_t limit;            /* most that may be */
        struct share_client *next; /* in the line of those that have something */
        bool in_line;
};

struct share {
        struct queue device;
        struct share_client *client;
        uint32_t *owner; /* of each buffer of the device: a client's number */
        uint32_t clients;
        struct share_client *first, *last; /* the line: who may have something and may send it */
};

/* `shape` is the device's; `owner` has an element for each of its buffers.  All clients are added before the first item. */
bool share_open(struct share *s, const struct queue_shape *shape, struct share_client *clients,
                uint32_t *owner);

/* One more client with its queue; `limit` of its items may be with the device.  Its number, or -1 when the shape is
 * impossible, has buffers of another size, or the device has no buffers left for it. */
int share_add(struct share *s, const struct queue_shape *shape, uint32_t limit);

/* This client has signalled (or has just come).  It stays in the line until it has nothing and sleeps. */
void share_ask(struct share *s, uint32_t client);

/* Move up to `most` items from the clients that ask to the device, in turn.  How many it were.  Then look at
 * queue_must_wake(&s->device); call again while it returns `most`. */
uint32_t share_forward(struct share *s, uint32_t most);

/* Return a finished item of the device to its client.  The client's number (then queue_must_wake of its queue), -1: there is none. */
int share_return(struct share *s);

/* Before sleeping: true when nobody is in the line, and the device has nothing to return. */
bool share_may_sleep(struct share *s);
