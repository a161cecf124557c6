/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver of a network card against a strict card, and against one that lies. */
#include <string.h>

#include "card.h"
#include "tests/lib/test.h"

enum { MEMORY_AT = 4096, BUFFERS_AT = 1 << 16, SIZE = 2048 };

static struct virtio_net net;

static uint64_t paddr(unsigned buffer)
{
        return CARD_PADDR + BUFFERS_AT + (uint64_t)buffer * SIZE;
}

static char *buffer(unsigned n)
{
        return card_memory + BUFFERS_AT + n * SIZE;
}

static bool start(void)
{
        struct virtio_memory memory = {card_memory + MEMORY_AT, CARD_PADDR + MEMORY_AT};

        return virtio_net_start(&net, card.device.registers, &mmio_access, &memory);
}

static void both(void (*run)(void))
{
        for (int modern = 0; modern < 2; modern++) {
                card_reset(modern);
                CHECK(start());
                run();
        }
}

static void send(unsigned n, uint32_t length)
{
        struct virtio_net_piece piece = {paddr(n), length};

        CHECK(virtio_net_send(&net, &piece, 1, n));
        virtio_net_kick(&net);
}

static void agreed(void)
{
        CHECK(net.has_mac && net.mac[0] == 0x52 && net.mac[5] == 3);
        CHECK_EQUAL(card.device.accepted, (uint64_t)card.device.modern << 32 | 1 << 5);
        CHECK_EQUAL(net.rx.slots, VIRTIO_NET_SLOTS);
        card.device.offered &= ~(1ull << 5);
        CHECK(start() && !net.has_mac && (net.mac[0] & 3) == 2);
}

/* Every size of a frame, there and back, to the last byte. */
static void sizes(void)
{
        char frame[SIZE], out[SIZE];
        uint64_t tag;
        uint32_t length;

        for (uint32_t size = 14; size <= VIRTIO_NET_FRAME_MAX; size++) {
                for (uint32_t i = 0; i < size; i++)
                        frame[i] = (char)(size + i * 7);
                memset(buffer(1), 0x5a, SIZE);
                CHECK(virtio_net_offer(&net, paddr(1), size % 2 ? SIZE : size,
                                       1)); /* or just as large as the frame */
                virtio_net_kick(&net);
                CHECK(card_receive(frame, size));
                CHECK(card.device.interrupt && virtio_net_interrupt(&net) && !card.device.interrupt);
                CHECK(virtio_net_received(&net, &tag, &length));
                CHECK_EQUAL(tag, 1);
                CHECK_EQUAL(length, size);
                CHECK(!memcmp(buffer(1), frame, size) && buffer(1)[size] == 0x5a);
                send(1, size);
                CHECK_EQUAL(card_sent(out, SIZE), size);
                CHECK(!memcmp(out, frame, size));
                CHECK(virtio_net_sent(&net, &tag) && tag == 1 && !virtio_net_sent(&net, &tag));
        }
        CHECK(!virtio_net_received(&net, &tag, &length));
}

static void pieces(void)
{
        struct virtio_net_piece piece[4] = {{paddr(1), 14}, {paddr(2), 1}, {paddr(3), 1000}, {paddr(4), 9}};
        char out[SIZE];
        uint64_t tag;

        memset(buffer(1), 1, SIZE);
        memset(buffer(2), 2, SIZE);
        memset(buffer(3), 3, SIZE);
        CHECK(!virtio_net_send(&net, piece, 4, 0) && !virtio_net_send(&net, piece, 0, 0));
        for (unsigned round = 0; round < 200;
             round++) { /* shorter chains after longer ones, in the same slots */
                CHECK(virtio_net_send(&net, piece, 1 + round % 3, round));
                virtio_net_kick(&net);
                CHECK_EQUAL(card_sent(out, SIZE), round % 3 == 0 ? 14 : round % 3 == 1 ? 15 : 1015);
                CHECK(out[13] == 1 && (round % 3 == 0 || out[14] == 2) && (round % 3 < 2 || out[1014] == 3));
                CHECK(virtio_net_sent(&net, &tag) && tag == round);
        }
}

/* 16-bit indices wrap; the queue full, one free, nearly empty. */
static void long_life(void)
{
        unsigned all = net.rx.slots < net.tx.slots ? net.rx.slots : net.tx.slots;
        char frame[60] = "frame", out[SIZE];
        uint64_t tag;
        uint32_t length;

        for (unsigned round = 0; round < 3000; round++) {
                unsigned most = round % 3 == 0 ? all : round % 3 == 1 ? all - 1 : 1;

                for (unsigned i = 0; i < most; i++)
                        CHECK(virtio_net_offer(&net, paddr(i), SIZE, i));
                CHECK(most < VIRTIO_NET_SLOTS || !virtio_net_offer(&net, paddr(0), SIZE, 0));
                virtio_net_kick(&net);
                CHECK_EQUAL(card_waiting(0), most);
                for (unsigned i = 0; i < most; i++)
                        CHECK(card_receive(frame, sizeof(frame)));
                for (unsigned i = 0; i < most; i++) {
                        CHECK(virtio_net_received(&net, &tag, &length) && tag == i &&
                              length == sizeof(frame));
                        send((unsigned)tag, length);
                }
                while (card_sent(out, SIZE))
                        ;
                for (unsigned i = 0; i < most; i++)
                        CHECK(virtio_net_sent(&net, &tag) && tag == i);
        }
        CHECK(net.device.lies == 0);
}

static void small_queues(void)
{
        static const uint32_t sizes[] = {0, 1, 2, 4, 8, 64, 128, 1024};

        for (unsigned i = 0; i < 8; i++) {
                card_reset(i & 1);
                card.device.queue_max = sizes[i];
                CHECK_EQUAL(start(), sizes[i] >= 4); /* a slot that sends has four descriptors */
                if (sizes[i] < 4)
                        continue;
                CHECK(net.tx.size <= sizes[i] && net.rx.slots == (sizes[i] < 128 ? sizes[i] / 2 : 64));
                long_life();
        }
}

static void slow_reset(void)
{
        card.device.reset_reads = 1000;
        card.device.status = 15;
        CHECK(start());
        card.device.reset_reads = 0xffffffff;
        CHECK(!start());
}

static void refusals(void)
{
        card_reset(true);
        card.device.refuses = true;
        CHECK(!start());
        card_reset(true);
        card.device.offered = 1 << 5; /* no version 1 */
        CHECK(!start());
}

static void suppressed(void)
{
        char out[SIZE];
        uint32_t before = card.device.notified[1];

        send(0, 60);
        CHECK_EQUAL(card.device.notified[1], before + 1);
        card.no_notify = true;
        card_sent(out, SIZE);
        CHECK(!card.device.interrupt); /* nobody asked to hear of frames that are out */
        send(1, 60);
        CHECK_EQUAL(card.device.notified[1], before + 1);
        virtio_net_kick(&net);
        CHECK_EQUAL(card.device.notified[1], before + 1);
}

static bool believed(void)
{
        uint64_t tag;
        uint32_t length;
        bool any = virtio_net_received(&net, &tag, &length) || virtio_net_sent(&net, &tag);

        return any || !net.device.dead || virtio_net_offer(&net, paddr(9), SIZE, 0) ||
               virtio_net_interrupt(&net);
}

/* queue, id, length, index */
static const uint32_t lies[][4] = {
        {0, 1, 0, 1},           {0, 3, 60, 1},         {0, 126, 60, 1},      {0, 128, 60, 1},
        {0, 0xffffffff, 60, 1}, {0, 0, 0xffffffff, 1}, {0, 0, 2048 + 13, 1}, {0, 0, 60, 2},
        {0, 0, 60, 0x8000},     {1, 4, 0, 1},          {1, 1, 0, 1},         {1, 256, 0, 1},
        {1, 0, 0, 3},
};

static void all_lies(void)
{
        for (unsigned i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
                card_reset(i & 1);
                CHECK(start());
                CHECK(virtio_net_offer(&net, paddr(0), SIZE, 0));
                send(1, 60);
                card_lie(lies[i][0], lies[i][1], lies[i][2], (uint16_t)lies[i][3]);
                CHECK(!believed());
                CHECK(net.device.lies == 1);
                CHECK(start() && !net.device.dead); /* and a reset makes it usable again */
                sizes();
        }
}

static void twice(void)
{
        uint64_t tag;
        uint32_t length;

        CHECK(virtio_net_offer(&net, paddr(0), SIZE, 0) && virtio_net_offer(&net, paddr(1), SIZE, 1));
        virtio_net_kick(&net);
        card_lie(0, 0, 60, 1);
        CHECK(virtio_net_received(&net, &tag, &length) && tag == 0);
        card_lie(0, 0, 60, 1);
        CHECK(!believed());
}

static void runts(void)
{
        uint64_t tag;
        uint32_t length;

        CHECK(virtio_net_offer(&net, paddr(0), SIZE, 7));
        virtio_net_kick(&net);
        card_lie(0, 0, 3, 1);
        CHECK(virtio_net_received(&net, &tag, &length) && tag == 7 && length == 0 && !net.device.dead);
}

static void gives_up(void)
{
        CHECK(virtio_net_offer(&net, paddr(0), SIZE, 0));
        mmio_break();
        CHECK(!virtio_net_interrupt(&net) && !believed());
}

static void no_card(void)
{
        struct virtio v;

        card_reset(true);
        CHECK(!virtio_open(&v, card.device.registers, &mmio_access, VIRTIO_BLOCK));
}

#define BOTH(name)                                                                                           \
        static void name##_both(void)                                                                        \
        {                                                                                                    \
                both(name);                                                                                  \
        }
BOTH(agreed)
BOTH(sizes)
BOTH(pieces)
BOTH(long_life)
BOTH(slow_reset)
BOTH(suppressed)
BOTH(twice)
BOTH(runts)
BOTH(gives_up)

static const struct test tests[] = {
        {"features and the address", agreed_both},
        {"frames of 14 to 1514 bytes in both layouts", sizes_both},
        {"frames in pieces", pieces_both},
        {"indices wrap; full, one free, nearly empty", long_life_both},
        {"queues of 0 to 1024", small_queues},
        {"a slow reset, and one without end", slow_reset_both},
        {"refusals", refusals},
        {"no notification and no interrupt that nobody wants", suppressed_both},
        {"a card that lies is dead until its reset", all_lies},
        {"the same answer twice", twice_both},
        {"less than a header", runts_both},
        {"a card that gives up", gives_up_both},
        {"another device", no_card},
};

int main(int argc, char **argv)
{
        return test_main(TEST_LIST(tests), argc > 1 ? argv[1] : NULL);
}
