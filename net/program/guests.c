/* SPDX-License-Identifier: BSD-2-Clause */
/* See guests.h. */
#include "net/program/guests.h"

#include <sel4/sel4.h>
#include <string.h>

#include "sos/driver.h"
#include "sos/machine.h"
#include "sos/wire.h"

enum { GROUP = 1, LOCAL = 2, OURS = 0x80, SOURCE = WIRE_ADDRESS };

struct guest {
        struct wire *wire;
        struct wire_side side;
        uint8_t address[WIRE_ADDRESS];
        uint32_t epoch; /* that its queues belong to */
        bool open;
        bool filled, emptied, wake; /* buffers went back to it; it must be told that its wire is open */
};

static struct {
        struct net *net;
        struct guest guest[MACHINES];
        unsigned count;
        const struct guest *sender; /* of the frame being passed on; NULL: the card or lwIP */
} guests;

static bool same(const uint8_t *a, const uint8_t *b)
{
        return !memcmp(a, b, WIRE_ADDRESS);
}

static bool is_group(const uint8_t *address)
{
        return address[0] & GROUP;
}

/* In one piece, until the next call. */
static const void *bytes_of(const struct pbuf *frame)
{
        static char flat[WIRE_FRAME_MOST];

        if (frame->len == frame->tot_len)
                return frame->payload;
        pbuf_copy_partial(frame, flat, sizeof(flat), 0);
        return flat;
}

static void deliver(struct guest *g, const struct pbuf *frame)
{
        if (g->open && frame->tot_len <= WIRE_FRAME_MOST)
                g->filled |= queue_deliver(&g->side.in, g->wire->in, bytes_of(frame), frame->tot_len);
}

/* True: it was for one guest alone. */
static bool pass_to_guests(const struct pbuf *frame)
{
        uint8_t to[WIRE_ADDRESS];

        if (pbuf_copy_partial(frame, to, sizeof(to), 0) != sizeof(to))
                return false;
        for (unsigned i = 0; i < guests.count; i++) {
                struct guest *g = &guests.guest[i];
                bool its = same(to, g->address);

                if (g != guests.sender && (its || is_group(to)))
                        deliver(g, frame);
                if (its)
                        return true;
        }
        return false;
}

/* lwIP gets a copy that it may change. */
static void pass_to_us(struct pbuf *frame)
{
        struct pbuf *own = pbuf_clone(PBUF_RAW, PBUF_RAM, frame);
        struct netif *n = &guests.net->netif;

        if (own && n->input(own, n) != ERR_OK)
                pbuf_free(own);
}

static void forward(struct guest *g, struct pbuf *frame)
{
        const uint8_t *to = frame->payload;
        bool ours = same(to, guests.net->card.mac);

        if (!same(to + SOURCE, g->address))
                return;
        guests.sender = g;
        if (!pass_to_guests(frame) && !ours)
                net_send(guests.net, frame);
        guests.sender = NULL;
        if (ours || is_group(to))
                pass_to_us(frame);
}

static bool is_frame(const struct queue_item *item)
{
        return item->length >= WIRE_FRAME_LEAST && item->length <= WIRE_FRAME_MOST;
}

/* A copy, because the guest may change a frame after sending it. */
static void take(struct guest *g, const struct queue_item *item)
{
        struct pbuf *frame = is_frame(item) ? pbuf_alloc(PBUF_RAW, item->length, PBUF_RAM) : NULL;

        if (frame)
                pbuf_take(frame, g->wire->out + item->offset, item->length);
        g->emptied |= queue_give(&g->side.out, item->offset, 0, 0);
        if (!frame)
                return;
        forward(g, frame);
        pbuf_free(frame);
}

/* The other side waits for the answer, or is already working on it. */
static void look(struct guest *g)
{
        uint32_t epoch = __atomic_load_n(&g->wire->epoch, __ATOMIC_ACQUIRE);

        if (g->epoch != epoch)
                g->open = false;
        if (g->epoch == epoch || __atomic_load_n(&g->wire->asked, __ATOMIC_ACQUIRE) != epoch)
                return;
        memset(g->wire->out_rings, 0, sizeof(g->wire->out_rings) + sizeof(g->wire->in_rings));
        g->epoch = epoch;
        g->open = g->wake = wire_open(&g->side, g->wire, false);
        __atomic_store_n(&g->wire->answered, epoch, __ATOMIC_RELEASE);
}

void guests_serve(void)
{
        struct queue_item item;

        for (unsigned i = 0; i < guests.count; i++) {
                struct guest *g = &guests.guest[i];

                look(g);
                for (unsigned n = 0; g->open && n < WIRE_OUT && queue_take(&g->side.out, &item); n++)
                        take(g, &item);
                g->open = g->open && !g->side.out.broken && !g->side.in.broken;
        }
}

void guests_tell(void)
{
        for (unsigned i = 0; i < guests.count; i++) {
                struct guest *g = &guests.guest[i];
                bool wake = g->wake || (g->emptied && queue_must_wake(&g->side.out)) ||
                            (g->filled && queue_must_wake(&g->side.in));

                g->filled = g->emptied = g->wake = false;
                if (wake)
                        seL4_Signal(DRIVER_GUESTS + i);
        }
}

bool guests_may_sleep(void)
{
        for (unsigned i = 0; i < guests.count; i++) {
                struct guest *g = &guests.guest[i];

                if (g->open && !queue_may_sleep(&g->side.out) && !g->side.out.broken)
                        return false;
        }
        return true;
}

static void make_address(struct guest *g, unsigned number)
{
        memcpy(g->address, guests.net->card.mac, WIRE_ADDRESS);
        g->address[0] |= LOCAL;
        g->address[3] ^= OURS;
        g->address[5] = (uint8_t)(g->address[5] + number);
        memcpy(g->wire->address, g->address, WIRE_ADDRESS);
}

void guests_open(struct net *n, unsigned count)
{
        guests.net = n;
        guests.count = count < MACHINES ? count : MACHINES;
        for (unsigned i = 0; i < guests.count; i++) {
                guests.guest[i].wire = (struct wire *)WIRE_AT + i;
                make_address(&guests.guest[i], i);
        }
        n->tap = guests.count ? pass_to_guests : NULL;
}
