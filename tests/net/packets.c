/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets changed at random, sent through the whole path on the host: card, driver, lwIP, services, and back.  Time is a
 * variable.  Usage: packets [PACKETS [SEED]]; ends with `N passed, N failed`.
 *
 * lwIP is built with its own guards around each piece of memory.  At the end everything must be as at the start: no
 * buffer lent, no memory taken, the services at work.
 */
#include "net/services/services.h"

#include <lwip/dhcp.h>
#include <lwip/prot/dhcp.h>
#include <lwip/stats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/virtio/card.h"

enum { FRAME = 1600, KINDS = 9 };

static struct net net;
static uint64_t now_us;
static uint64_t random_state = 1;
static unsigned long packets = 20000, answers;
static uint32_t guest_seq; /* of the last segment that came from port 7: 1 beyond */
static uint8_t frame[FRAME];

void net_assertion(const char *what, const char *file, int line)
{
        fprintf(stderr, "lwIP: %s (%s:%d)\n", what, file, line);
        abort();
}

static uint64_t now(void)
{
        return now_us;
}

static uint64_t draw(uint64_t below)
{
        random_state ^= random_state << 13;
        random_state ^= random_state >> 7;
        random_state ^= random_state << 17;
        return random_state % below;
}

static void put16(uint8_t *at, unsigned value)
{
        at[0] = (uint8_t)(value >> 8);
        at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
        put16(at, value >> 16);
        put16(at + 2, value & 0xffff);
}

static unsigned sum(const uint8_t *at, unsigned length, unsigned total)
{
        for (unsigned i = 0; i < length; i++)
                total += i % 2 ? at[i] : (unsigned)at[i] << 8;
        while (total >> 16)
                total = (total & 0xffff) + (total >> 16);
        return total;
}

static unsigned ethernet(unsigned kind)
{
        static const uint8_t guest[6] = {0x52, 0x54, 0, 1, 2, 3}, peer[6] = {2, 0, 0, 0, 0, 9};

        memset(frame, 0, sizeof(frame));
        memcpy(frame, guest, 6);
        memcpy(frame + 6, peer, 6);
        put16(frame + 12, kind);
        return 14;
}

/* Correct checksums, whatever the frame has become. */
static void repair(unsigned length)
{
        uint8_t *ip = frame + 14;
        unsigned head = (ip[0] & 15) * 4u, data = length - 14 - head;

        if (length < 34 || frame[12] != 8 || frame[13] != 0 || head < 20 || length < 14 + head + 8)
                return;
        put16(ip + 10, 0);
        put16(ip + 10, ~sum(ip, head, 0) & 0xffff);
        if (ip[9] == 1) {
                put16(ip + head + 2, 0);
                put16(ip + head + 2, ~sum(ip + head, data, 0) & 0xffff);
        } else if ((ip[9] == 17 || ip[9] == 6) && data >= 20) {
                unsigned at = head + (ip[9] == 17 ? 6 : 16);

                put16(ip + at, 0);
                put16(ip + at, ~sum(ip + head, data, sum(ip + 12, 8, ip[9] + data)) & 0xffff);
        }
}

static unsigned ipv4(unsigned protocol, const void *data, unsigned bytes)
{
        static const uint8_t addresses[8] = {192, 0, 2, 1, 192, 0, 2, 10};
        uint8_t *ip = frame + ethernet(0x0800);

        ip[0] = 0x45;
        put16(ip + 2, 20 + bytes);
        put16(ip + 4, (unsigned)draw(65536));
        ip[8] = 64;
        ip[9] = (uint8_t)protocol;
        memcpy(ip + 12, addresses, 8);
        memcpy(ip + 20, data, bytes);
        return 34 + bytes;
}

static unsigned udp(unsigned source, unsigned port, const void *data, unsigned bytes)
{
        uint8_t datagram[1480] = {0};

        put16(datagram, source);
        put16(datagram + 2, port);
        put16(datagram + 4, 8 + bytes);
        memcpy(datagram + 8, data, bytes);
        return ipv4(17, datagram, 8 + bytes);
}

static unsigned tcp(unsigned flags, const char *data)
{
        static uint32_t seq = 1000;
        static const unsigned ports[] = {7, 80, COMMAND_PORT};
        uint8_t segment[1480] = {0};
        unsigned bytes = (unsigned)strlen(data);

        put16(segment, 40000 + (unsigned)draw(4));
        put16(segment + 2, ports[draw(3)]);
        put32(segment + 4, flags & 2 ? (seq = (uint32_t)draw(1u << 31)) : seq + 1);
        put32(segment + 8, guest_seq);
        segment[12] = 5 << 4;
        segment[13] = (uint8_t)flags;
        put16(segment + 14, 8192);
        memcpy(segment + 20, data, bytes);
        return ipv4(6, segment, 20 + bytes);
}

static unsigned dhcp(unsigned kind)
{
        static const uint8_t options[] = {99, 130, 83, 99, 53, 1,  0, 54,  4,   192, 0,   2,  1,
                                          51, 4,   0,  0,  14, 16, 1, 4,   255, 255, 255, 0,  3,
                                          4,  192, 0,  2,  1,  6,  4, 192, 0,   2,   1,   255};
        uint8_t m[236 + sizeof(options)] = {2, 1, 6};
        struct dhcp *d = netif_dhcp_data(&net.netif);
        unsigned length;

        put32(m + 4, d ? d->xid : 0);
        memcpy(m + 16, "\xc0\0\2\x0a", 4);
        memcpy(m + 28, net.card.mac, 6);
        memcpy(m + 236, options, sizeof(options));
        m[242] = (uint8_t)kind;
        length = udp(67, 68, m, sizeof(m));
        return length;
}

static unsigned ipv6(unsigned next, const void *data, unsigned bytes)
{
        uint8_t *ip = frame + ethernet(0x86dd);
        unsigned total;

        ip[0] = 0x60;
        put16(ip + 4, bytes);
        ip[6] = (uint8_t)next;
        ip[7] = 255;
        put16(ip + 8, 0xfe80);
        ip[23] = 9;
        memcpy(ip + 24, &net.netif.ip6_addr[0], 16);
        memcpy(ip + 40, data, bytes);
        total = sum(ip + 8, 32, next + bytes);
        put16(ip + 42, ~sum(ip + 40, bytes, total) & 0xffff);
        return 54 + bytes;
}

/* A router's advertisement with a prefix and a name server; a neighbour's question; an echo. */
static unsigned icmp6(void)
{
        static const uint8_t advertisement[] = {134,  0, 0,   0,    64, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0,
                                                3,    4, 64,  0xc0, 0,  1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,
                                                0x20, 1, 0xd, 0xb8, 0,  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        uint8_t question[32] = {135}, echo[40] = {128};

        memcpy(question + 8, &net.netif.ip6_addr[0], 16);
        question[24] = 1;
        question[25] = 1;
        switch (draw(3)) {
        case 0:
                return ipv6(58, advertisement, sizeof(advertisement));
        case 1:
                return ipv6(58, question, sizeof(question));
        default:
                return ipv6(58, echo, sizeof(echo));
        }
}

static unsigned arp(void)
{
        static const uint8_t question[28] = {0,   1, 8, 0, 6, 4, 0, 1, 2, 0, 0,   0, 0, 9,
                                             192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 10};
        unsigned at = ethernet(0x0806);

        memcpy(frame + at, question, sizeof(question));
        return at + sizeof(question);
}

static unsigned segment(void)
{
        static const char *const texts[] = {"",
                                            "hello",
                                            "GET / HTTP/1.0\r\n\r\n",
                                            "GET /netstat HTTP/1.1\r\nHost: x\r\n\r\n",
                                            "ifconfig\n",
                                            "ping 192.0.2.1\n",
                                            "lookup a.example\nnetstat\n",
                                            "quit\n"};
        static const unsigned flags[] = {2, 16, 24, 24, 24, 17, 4, 18};

        return tcp(flags[draw(8)], texts[draw(8)]);
}

static unsigned make(void)
{
        static const uint8_t dns[] = {0,   1,   0x81, 0x80, 0,   1,   0,   1, 0, 0,   0, 0, 1,    'a', 7,
                                      'e', 'x', 'a',  'm',  'p', 'l', 'e', 0, 0, 1,   0, 1, 0xc0, 12,  0,
                                      1,   0,   1,    0,    0,   0,   60,  0, 4, 192, 0, 2, 1};

        switch (draw(KINDS)) {
        case 0:
                return arp();
        case 1:
                return ipv4(1, "\10\0\0\0\0\1\0\1pingpingping", 20);
        case 2:
                return udp(5000, 7, "datagram datagram", 17);
        case 3:
                return dhcp(draw(2) ? 2 : 5);
        case 4:
                return icmp6();
        case 5:
                return udp(53, 49152 + (unsigned)draw(64), dns, sizeof(dns));
        default:
                return segment();
        }
}

/* Some of the frames are correct, so that connections make progress. */
static unsigned change(unsigned length)
{
        unsigned changes = draw(3) ? 0 : 1 + (unsigned)draw(4);

        for (unsigned i = 0; i < changes; i++)
                frame[draw(4) ? 14 + draw(length - 14) : draw(length)] = (uint8_t)draw(256);
        if (draw(16) == 0)
                length = 1 + (unsigned)draw(length + 40 < FRAME ? length + 40 : FRAME - 1);
        if (draw(16))
                repair(length);
        return length < 1514 ? length : 1514;
}

static void drain(void)
{
        uint8_t out[2048];
        uint32_t length;

        while ((length = card_sent(out, sizeof(out))) > 0) {
                answers++;
                if (length >= 54 && out[12] == 8 && out[23] == 6) {
                        guest_seq = (uint32_t)out[38] << 24 | (uint32_t)out[39] << 16 |
                                    (uint32_t)out[40] << 8 | out[41];
                        guest_seq += length - 54 + (out[47] & 2 ? 1 : 0);
                }
        }
}

static void step(uint32_t ms)
{
        now_us += (uint64_t)ms * 1000;
        net_step(&net);
        drain();
        net_step(&net);
}

static bool start(void)
{
        struct virtio_memory memory = {card_memory, CARD_PADDR};

        return net_start(&net, card.device.registers, &mmio_access, &memory, now) && services_start(&net);
}

static bool echoes(void)
{
        unsigned long before;
        unsigned length;

        card_receive(frame, arp());
        step(1);
        length = udp(5000, 7, "still there?", 12);
        repair(length);
        before = answers;
        card_receive(frame, length);
        step(1);
        return answers == before + 1;
}

/* Time for everything that waits to end; and to get back the address that a mutated server may have taken away. */
static void calm(void)
{
        for (unsigned i = 0; i < 4000; i++) {
                struct dhcp *d = netif_dhcp_data(&net.netif);
                unsigned length;

                step(250);
                if (d->state != DHCP_STATE_BOUND) {
                        length = dhcp(d->state == DHCP_STATE_SELECTING ? 2 : 5);
                        repair(length);
                        card_receive(frame, length);
                }
        }
}

static void receive_one(void)
{
        card_receive(frame, arp());
}

/* Nothing would tell of a frame that comes just before the acknowledgement. */
static void comes_before_the_acknowledgement(void)
{
        uint64_t before = net.counts.received;

        receive_one();
        card.device.acknowledged = receive_one;
        net_step(&net);
        CHECK(net.counts.received == before + 2 || card.device.interrupt);
        step(1);
}

/* A buffer that lwIP holds (the first part of a datagram) is not the card's, even when that begins anew. */
static void reset_beside_a_lent_buffer(void)
{
        enum { MORE_AT = 14 + 6, MORE = 0x20 };
        unsigned length = udp(5000, 7, "first part of it", 16);
        size_t used;

        frame[MORE_AT] = MORE;
        repair(length);
        card_receive(frame, length);
        step(1);
        CHECK_EQUAL(net.lent, 1);
        used = lwip_stats.mem.used;
        length = udp(5000, 7, "its answer is with the card", 27);
        repair(length);
        card_receive(frame, length);
        net_step(&net);
        card_lie(0, 300, 0, 1);
        step(1);
        CHECK_EQUAL(lwip_stats.mem.used, used);
        CHECK(net.counts.resets == 1 && net.lent == 1);
        CHECK_EQUAL(card_waiting(0), NET_BUFFERS - 1);
}

/* A card that takes nothing: what it has no room for is given up, and given back. */
static void more_than_the_card_takes(void)
{
        size_t used = lwip_stats.mem.used;
        uint64_t refused = net.counts.full;

        for (unsigned i = 0; i < 2 * VIRTIO_NET_SLOTS; i++) {
                unsigned length = udp(5000, 7, "again and again", 16);

                repair(length);
                card_receive(frame, length);
                net_step(&net);
        }
        CHECK(net.counts.full > refused);
        step(1);
        CHECK_EQUAL(lwip_stats.mem.used, used);
}

static void whole_path(void)
{
        size_t used;

        card_reset(true);
        CHECK(start());
        calm();
        CHECK(echoes());
        comes_before_the_acknowledgement();
        more_than_the_card_takes();
        reset_beside_a_lent_buffer();
        calm();
        used = lwip_stats.mem.used;
        for (unsigned long i = 0; i < packets; i++) {
                card_receive(frame, change(make()));
                if (draw(3000) == 0) {
                        card_lie((unsigned)draw(2), (uint32_t)draw(300), (uint32_t)draw(4000),
                                 1 + (uint16_t)draw(2));
                }
                step((uint32_t)(draw(8) ? draw(4) : draw(3000)));
                CHECK(!net.card.device.dead && net.lent <= NET_BUFFERS / 2);
        }
        calm();
        CHECK(echoes());
        CHECK_EQUAL(net.lent, 0);
        CHECK(lwip_stats.mem.used <= used + 4096);
        CHECK(answers > packets / 10);
        printf("     %lu packets, %lu answers, %lu resets of the card, %lu bytes of the heap at the end, %lu "
               "before\n",
               packets, answers, net.counts.resets, (unsigned long)lwip_stats.mem.used, (unsigned long)used);
}

static const struct test tests[] = {
        {"mutated packets through card, driver, stack and services", whole_path},
};

int main(int argc, char **argv)
{
        if (argc > 1)
                packets = strtoul(argv[1], NULL, 10);
        if (argc > 2)
                random_state = strtoull(argv[2], NULL, 10) * 2 + 1;
        return test_main(TEST_LIST(tests), NULL);
}
