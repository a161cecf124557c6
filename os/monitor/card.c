/* SPDX-License-Identifier: BSD-2-Clause */
/* A network card by virtio, on the wire of this machine (sos/wire.h): a frame is copied once between the guest and a buffer of the wire.
 *
 * What the guest sends while the wire is not open is dropped; what comes while the guest has no buffer for it waits on the wire.
 */
#include "base/text.h"
#include "os/monitor/device.h"
#include "os/monitor/monitor.h"
#include "os/monitor/virtio.h"
#include "sos/wire.h"

enum { CARD = 1, RECEIVE = 0, SEND = 1, HEADER = 12, HAS_ADDRESS = 1 << 5 };

static struct {
        struct virtio_slot slot;
        struct wire *wire; /* NULL: there is none */
        struct wire_side side;
        uint32_t asked;           /* the epoch that was asked for, */
        bool open;                /* which the network has answered */
        uint64_t empty[WIRE_OUT]; /* buffers that can be filled */
        unsigned empties;
} card;

/* --- the wire --- */

static void open_side(void)
{
        card.open = wire_open(&card.side, card.wire, true);
        for (card.empties = 0; card.empties < WIRE_OUT; card.empties++)
                card.empty[card.empties] = (uint64_t)card.empties * WIRE_BUFFER;
        for (uint64_t i = 0; i < WIRE_IN; i++)
                queue_give(&card.side.in, i * WIRE_BUFFER, 0, 0);
}

static void look_at_wire(void)
{
        uint32_t epoch = __atomic_load_n(&card.wire->epoch, __ATOMIC_ACQUIRE);

        if (card.asked != epoch) {
                card.open = false;
                card.asked = epoch;
                __atomic_store_n(&card.wire->asked, epoch, __ATOMIC_RELEASE);
                seL4_Signal(MACHINE_NETWORK);
        } else if (!card.open && __atomic_load_n(&card.wire->answered, __ATOMIC_ACQUIRE) == epoch) {
                open_side();
        }
}

/* Is there a buffer that can be filled?  If not, the network wakes us when there is. */
static bool has_empty(void)
{
        struct queue_item item;

        do {
                while (queue_take(&card.side.out, &item))
                        card.empty[card.empties++] = item.offset;
        } while (card.empties == 0 && !queue_may_sleep(&card.side.out) && !card.side.out.broken);
        return card.empties > 0;
}

/* --- frames --- */

static void send_chain(const struct virtio_chain *c)
{
        uint64_t at = card.empty[card.empties - 1];
        uint32_t n = virtio_get(c, HEADER, card.wire->out + at, WIRE_BUFFER);

        if (n >= WIRE_FRAME_LEAST && n <= WIRE_FRAME_MOST && queue_give(&card.side.out, at, n, 0))
                card.empties--;
}

static void send(void)
{
        struct virtio_chain c;
        bool told = false;

        while (virtio_waits(&card.slot, SEND) && (!card.open || has_empty())) {
                if (!virtio_take(&card.slot, SEND, &c))
                        break;
                if (card.open)
                        send_chain(&c);
                virtio_give(&card.slot, SEND, &c, 0);
                told = true;
        }
        if (told)
                virtio_tell(&card.slot);
        if (told && card.open && queue_must_wake(&card.side.out))
                seL4_Signal(MACHINE_NETWORK);
}

/* A frame that does not fit is dropped; its length shows it. */
static uint32_t fill(const struct virtio_chain *c, const struct queue_item *item)
{
        static const unsigned char header[HEADER] = {[10] = 1}; /* it lies in one chain */
        uint32_t n = virtio_put(c, 0, header, HEADER);

        n += virtio_put(c, HEADER, card.wire->in + item->offset, item->length);
        return n == HEADER + (uint32_t)item->length ? n : 0;
}

/* When a buffer of the guest waits, the network wakes us for the next frame. */
static void receive(void)
{
        struct virtio_chain c;
        struct queue_item item;
        bool told = false;

        do {
                while (virtio_waits(&card.slot, RECEIVE) && queue_take(&card.side.in, &item)) {
                        if (virtio_take(&card.slot, RECEIVE, &c)) {
                                virtio_give(&card.slot, RECEIVE, &c, fill(&c, &item));
                                told = true;
                        }
                        queue_give(&card.side.in, item.offset, 0, 0);
                }
        } while (virtio_waits(&card.slot, RECEIVE) && !queue_may_sleep(&card.side.in) &&
                 !card.side.in.broken);
        if (told)
                virtio_tell(&card.slot);
}

static void work(void)
{
        send();
        if (card.open)
                receive();
}

void card_look(void)
{
        if (!card.wire)
                return;
        look_at_wire();
        work();
}

static void notify(struct virtio_slot *v, unsigned queue)
{
        (void)v, (void)queue;
        work();
}

void card_open(void)
{
        if (!monitor.page->server.network)
                return;
        card.wire = (struct wire *)WIRE_AT;
        card.slot = (struct virtio_slot){.id = CARD, .features = HAS_ADDRESS, .queues = 2, .notify = notify};
        memcpy(card.slot.config, card.wire->address, WIRE_ADDRESS);
        virtio_add(&card.slot);
}
