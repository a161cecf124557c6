/* SPDX-License-Identifier: BSD-2-Clause */
/* See stack.h. */
#include "net/stack/stack.h"

#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/init.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>
#include <string.h>

char *net_heap;
static uint64_t (*clock_us)(void);
static struct net_out *free_out;

/* A step takes less time than timers can tell, so all of it happens when it began. */
static uint64_t step_us;
static u32_t step_ms;

uint64_t net_clock(void)
{
        return clock_us();
}

uint64_t net_step_us(void)
{
        return step_us;
}

u32_t sys_now(void)
{
        return step_ms;
}

static size_t buffer_at(uint32_t number)
{
        return VIRTIO_NET_MEMORY + (size_t)number * NET_BUFFER_SIZE;
}

static void offer(struct net *n, uint32_t number)
{
        virtio_net_offer(&n->card, n->memory.paddr + buffer_at(number), NET_BUFFER_SIZE, number);
}

/* lwIP has finished with a received frame. */
static void take_back(struct pbuf *p)
{
        struct net_buffer *b = (struct net_buffer *)p;

        b->lent = false;
        b->net->lent--;
        offer(b->net, b->number);
}

/* The parts of a frame as the card needs them; 0: they must be copied. */
static unsigned pieces_of(const struct net *n, const struct pbuf *p, struct virtio_net_piece *pieces)
{
        unsigned count = 0;

        for (;; p = p->next) {
                uintptr_t at = (uintptr_t)p->payload - (uintptr_t)n->memory.at;

                if (count == VIRTIO_NET_PIECES || at >= NET_MEMORY || p->len > NET_MEMORY - at)
                        return 0;
                pieces[count++] = (struct virtio_net_piece){n->memory.paddr + at, p->len};
                if (p->len == p->tot_len)
                        return count;
        }
}

static void collect(struct net *n)
{
        uint64_t tag;

        while (virtio_net_sent(&n->card, &tag))
                pbuf_free((struct pbuf *)tag);
}

static void read_clock(void)
{
        step_us = clock_us();
        step_ms = (u32_t)(step_us / 1000);
}

void net_begin(struct net *n)
{
        read_clock();
        collect(n);
}

/* lwIP and the card have finished with it. */
static void keep_out(struct pbuf *p)
{
        struct net_out *o = (struct net_out *)p;

        o->next = free_out;
        free_out = o;
}

static void make_outs(struct net *n)
{
        for (uint32_t i = 0; i < NET_OUT; i++) {
                struct net_out *o = (struct net_out *)((char *)n->memory.at + buffer_at(NET_BUFFERS + i));

                o->pbuf.custom_free_function = keep_out;
                keep_out(&o->pbuf.pbuf);
        }
}

struct pbuf *net_datagram(uint16_t bytes)
{
        struct net_out *o = free_out;

        if (!o || bytes > NET_BUFFER_SIZE - sizeof(*o) - LWIP_MEM_ALIGN_SIZE(PBUF_TRANSPORT))
                return pbuf_alloc(PBUF_TRANSPORT, bytes, PBUF_RAM);
        free_out = o->next;
        return pbuf_alloced_custom(PBUF_TRANSPORT, bytes, PBUF_RAM, &o->pbuf, o + 1,
                                   NET_BUFFER_SIZE - sizeof(*o));
}

/* Passes on a reference to `p`. */
static err_t hand_over(struct net *n, struct pbuf *p, const struct virtio_net_piece *pieces, unsigned count)
{
        bool good = virtio_net_send(&n->card, pieces, count, (uintptr_t)p);

        if (!good) {
                collect(n);
                good = virtio_net_send(&n->card, pieces, count, (uintptr_t)p);
        }
        if (!good) {
                n->counts.full++;
                pbuf_free(p);
                return ERR_MEM;
        }
        n->counts.sent++;
        return ERR_OK;
}

err_t net_send(struct net *n, struct pbuf *p)
{
        struct virtio_net_piece pieces[VIRTIO_NET_PIECES];
        unsigned count = pieces_of(n, p, pieces);

        if (count > 0) {
                pbuf_ref(p);
                return hand_over(n, p, pieces, count);
        }
        p = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
        if (!p)
                return ERR_MEM;
        n->counts.copied++;
        count = pieces_of(n, p, pieces);
        if (count == 0) {
                pbuf_free(p);
                return ERR_BUF;
        }
        return hand_over(n, p, pieces, count);
}

static err_t link_output(struct netif *netif, struct pbuf *p)
{
        struct net *n = netif->state;

        return n->tap && n->tap(p) ? ERR_OK : net_send(n, p);
}

static err_t netif_begin(struct netif *netif)
{
        struct net *n = netif->state;

        netif->name[0] = 'e';
        netif->name[1] = 'n';
        netif->hostname = "tessera";
        netif->output = etharp_output;
        netif->output_ip6 = ethip6_output;
        netif->linkoutput = link_output;
        netif->mtu = VIRTIO_NET_FRAME_MAX - SIZEOF_ETH_HDR;
        netif->hwaddr_len = ETH_HWADDR_LEN;
        memcpy(netif->hwaddr, n->card.mac, ETH_HWADDR_LEN);
        netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP |
                       NETIF_FLAG_MLD6;
        return ERR_OK;
}

/* The card has no buffers; it gets every one that lwIP does not hold. */
static bool start_card(struct net *n)
{
        struct virtio_memory queues = n->memory;

        if (!virtio_net_start(&n->card, n->registers, n->access, &queues))
                return false;
        for (uint32_t i = 0; i < NET_BUFFERS; i++) {
                if (!n->buffer[i].lent)
                        offer(n, i);
        }
        virtio_net_kick(&n->card);
        return true;
}

static void ask_for_addresses(struct netif *netif)
{
        netif_set_default(netif);
        netif_create_ip6_linklocal_address(netif, 1);
        netif->ip6_autoconfig_enabled = 1;
        netif_set_up(netif);
        dhcp_start(netif);
}

bool net_start(struct net *n, volatile void *registers, const struct virtio_access *access,
               const struct virtio_memory *memory, uint64_t (*now)(void))
{
        *n = (struct net){.registers = registers, .access = access, .memory = *memory};
        for (uint32_t i = 0; i < NET_BUFFERS; i++) {
                n->buffer[i] =
                        (struct net_buffer){.pbuf.custom_free_function = take_back, .net = n, .number = i};
        }
        if (!start_card(n))
                return false;
        net_heap = (char *)memory->at + buffer_at(NET_BUFFERS + NET_OUT);
        clock_us = now;
        read_clock();
        make_outs(n);
        lwip_init();
        if (!netif_add_noaddr(&n->netif, n, netif_begin, ethernet_input))
                return false;
        ask_for_addresses(&n->netif);
        virtio_net_kick(&n->card);
        return true;
}

/* The frame in its own buffer, or a copy when too many buffers are lent already. */
static struct pbuf *as_pbuf(struct net *n, uint32_t number, uint32_t length)
{
        struct net_buffer *b = &n->buffer[number];
        char *at = (char *)n->memory.at + buffer_at(number);
        struct pbuf *p;

        if (n->lent < NET_BUFFERS / 2) {
                b->lent = true;
                n->lent++;
                return pbuf_alloced_custom(PBUF_RAW, (u16_t)length, PBUF_REF, &b->pbuf, at, NET_BUFFER_SIZE);
        }
        p = pbuf_alloc(PBUF_RAW, (u16_t)length, PBUF_RAM);
        if (p) {
                pbuf_take(p, at, (u16_t)length);
                n->counts.copied++;
        }
        offer(n, number);
        return p;
}

static void receive(struct net *n, uint32_t number, uint32_t length)
{
        struct pbuf *p;

        if (length == 0) {
                n->counts.runts++;
                offer(n, number);
                return;
        }
        n->counts.received++;
        p = as_pbuf(n, number, length);
        if (!p)
                n->counts.dropped++;
        else if ((n->tap && n->tap(p)) || n->netif.input(p, &n->netif) != ERR_OK)
                pbuf_free(p);
}

/* Frames that were with the card will never be reported. */
static void restart(struct net *n)
{
        struct virtio_queue *tx = &n->card.tx;

        n->counts.resets++;
        for (uint32_t i = 0; i < tx->slots; i++) {
                if (tx->with_device[i]) {
                        tx->with_device[i] = false;
                        pbuf_free((struct pbuf *)n->card.tx_tag[i]);
                }
        }
        start_card(n);
}

static bool loops(void)
{
        const struct netif *n;

        NETIF_FOREACH(n)
        {
                if (n->loop_first)
                        return true;
        }
        return false;
}

void net_loop(void)
{
        while (loops())
                netif_poll_all();
}

void net_step(struct net *n)
{
        uint64_t number;
        uint32_t length;

        virtio_net_interrupt(&n->card);
        net_begin(n);
        while (virtio_net_received(&n->card, &number, &length))
                receive(n, (uint32_t)number, length);
        sys_check_timeouts();
        net_loop();
        if (n->card.device.dead)
                restart(n);
        virtio_net_kick(&n->card);
}

uint32_t net_sleep_ms(void)
{
        uint32_t ms = sys_timeouts_sleeptime();

        return ms < 1000 ? ms : 1000;
}
