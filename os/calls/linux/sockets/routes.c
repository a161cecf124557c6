/* SPDX-License-Identifier: BSD-2-Clause */
/* What the system tells of the network to who asks by a socket (netlink.h): interfaces, addresses and routes, as `struct socket_info` has
 * them.  Nothing is set in this way (interfaces.c says why), as for users without privileges on Linux. */
#include "base/text.h"
#include "os/calls/linux/sockets/netlink.h"

enum { KNOWN_TYPES = 124, KINDS = 4, GETS = 2 };
enum { V4 = 4, V6 = 6, WHOLE_V4 = 32, WHOLE_V6 = 128, BRIDGES = 7 };

/* --- routes --- */

enum { TO = 1, DEVICE = 4, GATEWAY = 5, PRIORITY = 6, SOURCE = 7, TABLE = 15 };
enum { MAIN = 254, OWN = 255, BY_SYSTEM = 2, BY_BOOT = 3, BY_DHCP = 16 };
enum { PLAIN = 1, HERE = 2, TO_ALL = 3, TO_MANY = 5 };

struct route {
        uint8_t prefix, table, by, scope, type;
        unsigned index;
        const uint8_t *to, *gateway, *source; /* NULL: none */
};

static void add_route(struct netlink_text *t, uint8_t family, const struct route *r)
{
        uint16_t bytes = family == AF_INET ? 4 : 16;
        const struct {
                uint8_t family, prefix, source, service, table, by, scope, type;
                uint32_t flags;
        } body = {.family = family,
                  .prefix = r->prefix,
                  .table = r->table,
                  .by = r->by,
                  .scope = r->scope,
                  .type = r->type};

        netlink_begin(t, NEW_ROUTE, NETLINK_PARTS);
        netlink_add(t, &body, sizeof(body));
        netlink_number(t, TABLE, r->table);
        if (r->to)
                netlink_attribute(t, TO, r->to, bytes);
        if (family == AF_INET6)
                netlink_number(t, PRIORITY, r->table == MAIN || r->type == TO_MANY ? 256 : 0);
        if (r->gateway)
                netlink_attribute(t, GATEWAY, r->gateway, bytes);
        if (r->source)
                netlink_attribute(t, SOURCE, r->source, bytes);
        netlink_number(t, DEVICE, r->index);
}

/* The one to everywhere, and that to the network of the card. */
static void routes_out(struct netlink_text *t, const struct socket_info *info, const struct socket_name *a)
{
        static const uint8_t none[4];
        uint8_t network[4];

        for (unsigned i = 0; i < sizeof(network); i++)
                network[i] = network_masked(info, a, i, false);
        if (info->gateway.family == V4 && memcmp(info->gateway.address, none, sizeof(none)) != 0)
                add_route(t, AF_INET,
                          &(struct route){.table = MAIN,
                                          .by = BY_DHCP,
                                          .type = PLAIN,
                                          .index = CARD,
                                          .gateway = info->gateway.address});
        add_route(t, AF_INET,
                  &(struct route){network_prefix(&info->mask), MAIN, BY_SYSTEM, SCOPE_LINK, PLAIN, CARD,
                                  network, NULL, a->address});
}

/* What is an address of this machine, or the one for all of a network. */
static void routes_here(struct netlink_text *t, const struct socket_info *info, const struct socket_name *a)
{
        static const uint8_t network[4] = {127}, last[4] = {127, 255, 255, 255};
        uint8_t all[4];

        for (unsigned i = 0; a && i < sizeof(all); i++)
                all[i] = network_masked(info, a, i, true);
        if (a) {
                add_route(t, AF_INET,
                          &(struct route){WHOLE_V4, OWN, BY_SYSTEM, SCOPE_HOST, HERE, CARD, a->address, NULL,
                                          a->address});
                add_route(t, AF_INET,
                          &(struct route){WHOLE_V4, OWN, BY_SYSTEM, SCOPE_LINK, TO_ALL, CARD, all, NULL,
                                          a->address});
        }
        add_route(t, AF_INET,
                  &(struct route){8, OWN, BY_SYSTEM, SCOPE_HOST, HERE, LO, network, NULL, network_own_v4});
        add_route(t, AF_INET,
                  &(struct route){WHOLE_V4, OWN, BY_SYSTEM, SCOPE_HOST, HERE, LO, network_own_v4, NULL,
                                  network_own_v4});
        add_route(t, AF_INET,
                  &(struct route){WHOLE_V4, OWN, BY_SYSTEM, SCOPE_LINK, TO_ALL, LO, last, NULL,
                                  network_own_v4});
}

static void add_v6(struct netlink_text *t, unsigned index, uint8_t type, uint8_t prefix, const uint8_t to[16])
{
        add_route(t, AF_INET6,
                  &(struct route){.prefix = prefix,
                                  .table = type == PLAIN ? MAIN : OWN,
                                  .by = BY_SYSTEM,
                                  .type = type,
                                  .index = index,
                                  .to = to});
}

/* The networks of the card first. */
static void routes_v6(struct netlink_text *t, const struct socket_info *info)
{
        static const uint8_t many[16] = {255};
        bool card = posix_interfaces(info) >= CARD;
        uint8_t network[16] = {0};

        for (unsigned i = 0; card && i < SOCKET_ADDRESSES; i++) {
                memcpy(network, info->address[i].address, sizeof(network) / 2);
                if (info->address[i].family == V6)
                        add_v6(t, CARD, PLAIN, WHOLE_V6 / 2, network);
        }
        add_v6(t, LO, HERE, WHOLE_V6, network_own_v6);
        for (unsigned i = 0; card && i < SOCKET_ADDRESSES; i++) {
                if (info->address[i].family == V6)
                        add_v6(t, CARD, HERE, WHOLE_V6, info->address[i].address);
        }
        if (card)
                add_v6(t, CARD, TO_MANY, 8, many);
}

static void all_routes(struct netlink_text *t, const struct socket_info *info, uint8_t family)
{
        bool card = posix_interfaces(info) >= CARD && info->address[0].family == V4;

        if (!posix_interfaces(info))
                return;
        if (family == V6) {
                routes_v6(t, info);
        } else {
                if (card)
                        routes_out(t, info, &info->address[0]);
                routes_here(t, info, card ? &info->address[0] : NULL);
        }
        netlink_send(t);
}

/* --- requests --- */

/* One family, or both if there is none of the one that is asked about. */
static void tell_all(struct netlink_text *t, const struct socket_info *info, uint16_t type, uint8_t family)
{
        const int32_t good = 0;

        if (type == NEW_LINK) {
                network_links(t, info);
        } else {
                void (*all)(struct netlink_text * t, const struct socket_info *info, uint8_t family) =
                        type == NEW_ADDRESS ? network_addresses : all_routes;

                if (family != AF_INET6)
                        all(t, info, V4);
                if (family != AF_INET)
                        all(t, info, V6);
        }
        netlink_begin(t, NETLINK_DONE, NETLINK_PARTS);
        netlink_add(t, &good, sizeof(good));
        netlink_send(t);
}

long routes_answer(struct netlink_text *t, const void *body, uint32_t bytes)
{
        const struct netlink_head *q = t->request;
        const struct socket_info *info = sockets_there() ? sockets_info() : NULL;
        unsigned kind = (q->type - (unsigned)NETLINK_FIRST) % KINDS;
        uint16_t type = (uint16_t)(q->type - kind);
        uint8_t family = *(const uint8_t *)body;

        if (q->type >= KNOWN_TYPES)
                return -SOS_EOPNOTSUPP;
        if (kind != GETS)
                return -SOS_EPERM;
        if (type > NEW_ROUTE || family == BRIDGES)
                return -SOS_EOPNOTSUPP;
        if (q->flags & NETLINK_ALL && t->listed)
                return -SOS_EBUSY;
        if (q->flags & NETLINK_ALL) {
                t->listed = true;
                tell_all(t, info, type, family);
                return 1;
        }
        return type == NEW_LINK ? network_link(t, info, body, bytes) : -SOS_EOPNOTSUPP;
}
