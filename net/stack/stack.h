/* SPDX-License-Identifier: BSD-2-Clause */
/* lwIP on a network card: frames come in and go out without being copied.
 *
 *      net_start(&n, registers, NULL, &memory, now)
 *      on an interrupt of the card, and after net_sleep_ms() at the latest:   net_step(&n)
 *
 * One thread owns the stack: it calls these functions and all of lwIP's.  `now` gives microseconds.
 *
 * Memory: NET_MEMORY bytes, zeroed, physically contiguous: the card's queues, a buffer for each frame that may come in, and lwIP's
 * heap.  A frame that came in is lent to lwIP where it lies and goes back to the card when lwIP lets go of it; when half of the buffers
 * are lent, further frames are copied into the heap, so that connections nobody reads from cannot take the card's buffers from the
 * others.  One that goes out stays until the card is through.  Only what lies elsewhere (constant data) or in more than
 * VIRTIO_NET_PIECES parts is copied.
 *
 * A card that dies (virtio/net.h) is reset with net_restart: what was on its way is lost, which is what networks do;
 * connections live on.
 */
#pragma once

#include <lwip/netif.h>
#include <lwip/pbuf.h>
#include <virtio/net.h>

enum {
        NET_BUFFERS = VIRTIO_NET_SLOTS,
        NET_BUFFER_SIZE = 2048,
        NET_HEAP = 640 * 1024, /* more than MEM_SIZE of lwipopts.h: lwIP's own lists are in it */
        NET_MEMORY = VIRTIO_NET_MEMORY + NET_BUFFERS * NET_BUFFER_SIZE + NET_HEAP,
};

struct net_counts {
        uint64_t received, sent, copied; /* frames */
        uint64_t runts, full,
                dropped; /* without content; not sent, because the card had no room; no memory */
        uint64_t resets; /* of a card that had died */
};

struct net;

/* Others beside lwIP who may have a frame that came in or goes out: true when it was for one of them alone.  It must not keep it. */
typedef bool net_tap(const struct pbuf *frame);

struct net_buffer {
        struct pbuf_custom pbuf; /* first */
        struct net *net;
        uint32_t number;
        bool lent; /* lwIP has it */
};

struct net {
        struct virtio_net card;
        struct netif netif;
        volatile void *registers;
        const struct virtio_access *access;
        struct virtio_memory memory;
        struct net_buffer buffer[NET_BUFFERS];
        uint32_t lent; /* buffers that lwIP has */
        struct net_counts counts;
        net_tap *tap; /* NULL: nobody */
};

/* Find the card, start lwIP, ask for addresses (DHCP, router advertisements).  False: no card, or it refuses. */
bool net_start(struct net *n, volatile void *registers, const struct virtio_access *access,
               const struct virtio_memory *memory, uint64_t (*now)(void));

/* Take what has come, let what is due happen, tell the card.  Resets a card that has died. */
void net_step(struct net *n);

/* To the card only, past the tap; the frame stays the caller's.  What lies in lwIP's heap is not copied. */
err_t net_send(struct net *n, struct pbuf *frame);

/* Milliseconds until net_step has something to do by itself. */
uint32_t net_sleep_ms(void);

/* Behind net_start: ask for the date as soon as there is an address.  `server`: a name or address, which stays where it is; NULL: the
 * servers that DHCP names, and nobody if it names none. */
void net_ask_date(const char *server);

/* Microseconds since 1970 when `now` was 0; 0 while nobody has told. */
uint64_t net_epoch(void);

/* A server that was asked and has answered lately; NULL: number `number` is none. */
const ip_addr_t *net_date_server(uint8_t number);

/* What `now` gives. */
uint64_t net_clock(void);

/* More for net_random: anything that others do not know. */
void net_stir(uint64_t bits);
