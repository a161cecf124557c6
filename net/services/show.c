/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of the network as text: ifconfig and netstat. */
#include "net/services/services.h"

#include <lwip/dns.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/stats.h>
#include <lwip/tcp.h>
#include <lwip/udp.h>

static void show_ip6(struct text *t, const struct netif *netif)
{
        for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
                if (ip6_addr_isvalid(netif_ip6_addr_state(netif, i)))
                        text_add(t, "    inet6 %s\n", ip6addr_ntoa(netif_ip6_addr(netif, i)));
        }
}

static void show_one(struct text *t, const struct netif *netif)
{
        text_add(t, "%c%c%u: %s, mtu %u\n", netif->name[0], netif->name[1], (unsigned)netif->num,
                 netif_is_up(netif) ? "up" : "down", (unsigned)netif->mtu);
        if (netif->hwaddr_len == 6) {
                text_add(t, "    ether %02x:%02x:%02x:%02x:%02x:%02x\n", netif->hwaddr[0], netif->hwaddr[1],
                         netif->hwaddr[2], netif->hwaddr[3], netif->hwaddr[4], netif->hwaddr[5]);
        }
        if (!ip4_addr_isany(netif_ip4_addr(netif))) {
                text_add(t, "    inet %s", ip4addr_ntoa(netif_ip4_addr(netif)));
                text_add(t, " netmask %s", ip4addr_ntoa(netif_ip4_netmask(netif)));
                text_add(t, " gateway %s\n", ip4addr_ntoa(netif_ip4_gw(netif)));
        }
        show_ip6(t, netif);
}

void show_interfaces(struct text *t)
{
        const struct net_counts *c = &services_net->counts;
        struct netif *netif;

        NETIF_FOREACH(netif)
        {
                show_one(t, netif);
        }
        for (u8_t i = 0; i < DNS_MAX_SERVERS; i++) {
                if (!ip_addr_isany(dns_getserver(i)))
                        text_add(t, "dns %s\n", ipaddr_ntoa(dns_getserver(i)));
        }
        text_add(t,
                 "received %lu frames, sent %lu (%lu copied); %lu empty, %lu without room, %lu without "
                 "memory; %lu resets\n",
                 c->received, c->sent, c->copied, c->runts, c->full, c->dropped, c->resets);
}

static const char *state_name(const struct tcp_pcb *pcb)
{
        static const char *const names[] = {"closed",      "listen",     "syn-sent",   "syn-received",
                                            "established", "fin-wait-1", "fin-wait-2", "close-wait",
                                            "closing",     "last-ack",   "time-wait"};

        return pcb->state < sizeof(names) / sizeof(*names) ? names[pcb->state] : "?";
}

static void show_list(struct text *t, const struct tcp_pcb *pcb)
{
        for (; pcb; pcb = pcb->next) {
                text_add(t, "tcp  %s:%u", ipaddr_ntoa(&pcb->local_ip), (unsigned)pcb->local_port);
                text_add(t, "  %s:%u  %s\n", ipaddr_ntoa(&pcb->remote_ip), (unsigned)pcb->remote_port,
                         state_name(pcb));
        }
}

void show_connections(struct text *t)
{
        for (const struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs; l; l = l->next)
                text_add(t, "tcp  *:%u  listen\n", (unsigned)l->local_port);
        for (const struct udp_pcb *u = udp_pcbs; u; u = u->next)
                text_add(t, "udp  *:%u\n", (unsigned)u->local_port);
        show_list(t, tcp_active_pcbs);
        show_list(t, tcp_tw_pcbs);
        text_add(t, "heap %lu of %u bytes, at most %lu\n", (unsigned long)lwip_stats.mem.used,
                 (unsigned)MEM_SIZE, (unsigned long)lwip_stats.mem.max);
}
