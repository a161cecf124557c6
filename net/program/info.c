/* SPDX-License-Identifier: BSD-2-Clause */
/* See info.h. */
#include "net/program/info.h"
#include "net/program/sockets.h"
#include "net/stack/stack.h"

#include <lwip/dns.h>
#include <lwip/stats.h>

#include "base/text.h"

void info_say(const char *format, ...)
{
        struct socket_info *info = socket_info(&sockets_link);
        char *line = info->line[info->lines % SOCKET_LINES];
        struct text t = {.buffer = line, .size = SOCKET_LINE_MAX - 1};
        va_list arguments;

        va_start(arguments, format);
        text_add_list(&t, format, arguments);
        va_end(arguments);
        text_mark(&t);
        line[t.length] = '\0';
        __atomic_store_n(&info->lines, info->lines + 1, __ATOMIC_RELEASE);
        socket_ring(&sockets_link, 0);
}

void info_ready(void)
{
        __atomic_store_n(&socket_info(&sockets_link)->ready, 1, __ATOMIC_RELEASE);
        socket_ring(&sockets_link, 0);
}

static struct socket_name name_of(const ip_addr_t *address)
{
        static const struct sock any[] = {{.v6 = false}, {.v6 = true}};
        struct socket_name name;

        sockets_name(&any[IP_IS_V6(address)], address, 0, &name);
        return name;
}

enum { AGAIN_US = 1000000 };

static bool changed = true;
static uint64_t again_us; /* not before, when it is only that timers have run */

void info_changed(void)
{
        changed = true;
}

void info_may_have_changed(void)
{
        changed |= net_step_us() >= again_us;
}

static void addresses(struct socket_info *info, const struct netif *n)
{
        unsigned count = 0;

        for (int i = 0; i < SOCKET_ADDRESSES; i++) /* not memset, see mk/net.mk */
                info->address[i] = (struct socket_name){0};
        if (!ip4_addr_isany(netif_ip4_addr(n)))
                info->address[count++] = name_of(netif_ip_addr4(n));
        info->mask = name_of(netif_ip_netmask4(n));
        info->gateway = name_of(netif_ip_gw4(n));
        for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES && count < SOCKET_ADDRESSES; i++) {
                if (ip6_addr_isvalid(netif_ip6_addr_state(n, i)))
                        info->address[count++] = name_of(netif_ip_addr6(n, i));
        }
        for (u8_t i = 0; i < SOCKET_ADDRESSES; i++) {
                const ip_addr_t *dns = i < DNS_MAX_SERVERS ? dns_getserver(i) : IP_ADDR_ANY;

                info->dns[i] = ip_addr_isany(dns) ? (struct socket_name){0} : name_of(dns);
        }
}

static void date_servers(struct socket_info *info)
{
        for (uint8_t i = 0; i < SOCKET_TIMES; i++) {
                const ip_addr_t *server = net_date_server(i);

                info->ntp[i] = server ? name_of(server) : (struct socket_name){0};
        }
}

/* The date at which the machine started, and the server it comes from; the first time a line reports it. */
static void tell_date(struct socket_info *info)
{
        uint64_t epoch = net_epoch();

        if (epoch == info->epoch)
                return;
        date_servers(info);
        if (!info->epoch && net_date_server(0))
                info_say("the date is that of %s", ipaddr_ntoa(net_date_server(0)));
        __atomic_store_n(&info->epoch, epoch, __ATOMIC_RELEASE);
        socket_ring(&sockets_link, 0);
}

void info_update(const struct net *n)
{
        struct socket_info *info = socket_info(&sockets_link);

        if (changed) {
                changed = false;
                again_us = net_step_us() + AGAIN_US;
                __builtin_memcpy(info->mac, n->card.mac, sizeof(info->mac));
                info->up = netif_is_up(&n->netif) && netif_is_link_up(&n->netif);
                addresses(info, &n->netif);
                date_servers(info);
        }
        tell_date(info);
        info->received = n->counts.received;
        info->sent = n->counts.sent;
        info->copied = n->counts.copied;
        info->runts = n->counts.runts;
        info->full = n->counts.full;
        info->dropped = n->counts.dropped;
        info->resets = n->counts.resets;
        info->heap_used = lwip_stats.mem.used;
        info->heap_most = lwip_stats.mem.max;
        info->heap_size = lwip_stats.mem.avail;
}
