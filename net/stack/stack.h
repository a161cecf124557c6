/* SPDX-License-Identifier: BSD-2-Clause */
/* lwIP on a network card: frames are received and sent without being copied.
 *
 *      net_start(&n, registers, NULL, &memory, now)
 *      on an interrupt of the card, and after net_sleep_ms() at the latest:   net_step(&n)
 *
 * One thread owns the stack: it calls these functions and all of lwIP's.  `now` gives microseconds.
 *
 * Memory: NET_MEMORY bytes, zeroed, physically contiguous: the card's queues, a buffer for each frame that may be received, a few for
 * what is sent (net_datagram), and lwIP's heap.  A received frame is lent to lwIP in its buffer, which goes back to the card when lwIP
 * frees it; when half of the buffers are lent, further frames are copied into the heap, so that connections nobody reads from cannot take
 * the card's buffers from the others.  A sent frame stays until the card has finished.  Only frames that lie elsewhere (constant data) or
 * in more than VIRTIO_NET_PIECES parts are copied.
 *
 * A card that dies (virtio/net.h) is reset with net_restart: frames in transit are lost, as on any network;
 * connections survive.
 */
#pragma once

#include <lwip/netif.h>
#include <lwip/pbuf.h>
#include <virtio/net.h>

enum {
        NET_BUFFERS = VIRTIO_NET_SLOTS,
        NET_BUFFER_SIZE = 2048,
        NET_OUT = 32,          /* buffers for datagrams on their way out, of that size, too */
        NET_HEAP = 640 * 1024, /* more than MEM_SIZE of lwipopts.h: lwIP's own lists are in it */
        NET_MEMORY = VIRTIO_NET_MEMORY + (NET_BUFFERS + NET_OUT) * NET_BUFFER_SIZE + NET_HEAP,
};

struct net_counts {
        uint64_t received, sent, copied; /* frames */
        uint64_t runts, full, dropped;   /* empty frames; not sent because the card had no room; no memory */
        uint64_t resets;                 /* of a card that had died */
};

struct net;

/* Receivers besides lwIP of a frame received or sent: true when it was for one of them alone.  It must not keep the frame. */
typedef bool net_tap(const struct pbuf *frame);

struct net_buffer {
        struct pbuf_custom pbuf; /* first */
        struct net *net;
        uint32_t number;
        bool lent; /* lwIP has it */
};

/* At the front of its buffer, because lwIP wants the headers to lie behind their pbuf. */
struct net_out {
        struct pbuf_custom pbuf; /* first */
        struct net_out *next;    /* free */
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

/* Finds the card, starts lwIP, asks for addresses (DHCP, router advertisements).  False: no card, or it cannot be started. */
bool net_start(struct net *n, volatile void *registers, const struct virtio_access *access,
               const struct virtio_memory *memory, uint64_t (*now)(void));

/* Takes what has been received, runs due timers, notifies the card.  Resets a card that has died. */
void net_step(struct net *n);

/* A step begins that is not net_step, which does so, too: the clock is read, and what the card has sent is freed. */
void net_begin(struct net *n);

/* Takes what was sent to ourselves, which stays in queues of the interfaces until then; net_step does so, too. */
void net_loop(void);

/* Memory for a datagram of so many bytes, with room for headers: in a buffer of ours while there is one that is large enough, which costs
 * less than the heap.  NULL: there is none. */
struct pbuf *net_datagram(uint16_t bytes);

/* Sends to the card only, bypassing the tap; the frame still belongs to the caller.  Data in lwIP's heap are not copied. */
err_t net_send(struct net *n, struct pbuf *frame);

/* When the present step began, and milliseconds from then until net_step has something to do by itself. */
uint64_t net_step_us(void);
uint32_t net_sleep_ms(void);

/* After net_start: asks for the date as soon as there is an address.  `server`: a name or address, which must stay valid; NULL: the
 * servers that DHCP names, and none if it names none. */
void net_ask_date(const char *server);

/* Microseconds since 1970 at the moment when `now` was 0; 0 while no server has answered. */
uint64_t net_epoch(void);

/* A server that was asked and has answered recently; NULL: there is no server `number`. */
const ip_addr_t *net_date_server(uint8_t number);

/* What `now` gives. */
uint64_t net_clock(void);

/* Adds to the seed of net_random: anything that others do not know. */
void net_stir(uint64_t bits);
