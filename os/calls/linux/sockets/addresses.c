/* SPDX-License-Identifier: BSD-2-Clause */
/* Interfaces and their addresses, as who asks by a socket hears of them (netlink.h). */
#include "base/text.h"
#include "os/calls/linux/sockets/netlink.h"

enum { V4 = 4, WHOLE_V6 = 128, SCOPE_ALL = 0 };

const uint8_t network_own_v4[4] = {127, 0, 0, 1}, network_own_v6[16] = {[15] = 1};

static bool is_local_link(const struct socket_name *a)
{
        return a->address[0] == 0xfe && (a->address[1] & 0xc0) == 0x80;
}

uint8_t network_prefix(const struct socket_name *mask)
{
        uint8_t bits = 0;

        for (unsigned i = 0; i < 4; i++)
                bits += (uint8_t)__builtin_popcount(mask->address[i]);
        return bits;
}

uint8_t network_masked(const struct socket_info *info, const struct socket_name *a, unsigned i, bool all)
{
        uint8_t mask = info->mask.address[i];

        return all ? a->address[i] | (uint8_t)~mask : a->address[i] & mask;
}

/* --- interfaces --- */

static void add_counts(struct netlink_text *t, const struct socket_info *info, unsigned index)
{
        enum { COUNTS = 7, COUNTS_64 = 23, FIELDS = 25, OLD_FIELDS = 24, LOST = 6 };
        uint64_t count[FIELDS] = {0};
        uint32_t old[OLD_FIELDS];

        if (index == CARD) {
                count[0] = info->received;
                count[1] = info->sent;
                count[2] = info->received_bytes;
                count[3] = info->sent_bytes;
                count[LOST] = info->full + info->dropped;
        }
        for (unsigned i = 0; i < OLD_FIELDS; i++)
                old[i] = (uint32_t)count[i];
        netlink_attribute(t, COUNTS_64, count, sizeof(count));
        netlink_attribute(t, COUNTS, old, sizeof(old));
}

static void add_link(struct netlink_text *t, const struct socket_info *info, unsigned index, uint16_t flags)
{
        enum {
                ADDRESS = 1,
                BROADCAST,
                NAME,
                MTU,
                QUEUE = 13,
                STATE = 16,
                MODE = 17,
                GROUP = 27,
                CARRIER = 33
        };
        enum { UP = 6, DOWN = 2, RUNS = 0x40, RUNS_BELOW = 0x10000 };
        static const uint8_t none[6], all[6] = {255, 255, 255, 255, 255, 255};
        const struct interface *of = posix_interface(index);
        uint32_t what = posix_interface_flags(info, index);
        struct {
                uint8_t family, pad;
                uint16_t hardware;
                uint32_t index, flags, change;
        } body = {.hardware = of->hardware, .index = index, .flags = what | (what & RUNS ? RUNS_BELOW : 0)};
        uint8_t state = index == LO ? 0 : info->up ? UP : DOWN, runs = (what & RUNS) != 0;

        netlink_begin(t, NEW_LINK, flags);
        netlink_add(t, &body, sizeof(body));
        netlink_attribute(t, NAME, of->name, (uint16_t)(strlen(of->name) + 1));
        netlink_number(t, QUEUE, of->queue);
        netlink_attribute(t, STATE, &state, sizeof(state));
        netlink_attribute(t, MODE, none, 1);
        netlink_number(t, MTU, of->mtu);
        netlink_number(t, GROUP, 0);
        netlink_attribute(t, CARRIER, &runs, sizeof(runs));
        netlink_attribute(t, ADDRESS, index == LO ? none : info->mac, sizeof(none));
        netlink_attribute(t, BROADCAST, index == LO ? none : all, sizeof(all));
        add_counts(t, info, index);
}

/* The name among the attributes of a request, at most `bytes` from there on; 0: it has none. */
static unsigned named(const struct socket_info *info, const uint8_t *at, uint32_t bytes)
{
        enum { NAME = 3, HEAD = 4 };
        uint16_t head[2];

        while (bytes >= HEAD) {
                uint32_t whole;

                memcpy(head, at, sizeof(head));
                whole = (head[0] + 3u) & ~3u;
                if (head[0] < HEAD || head[0] > bytes)
                        return 0;
                if (head[1] == NAME)
                        return posix_interface_named(info, (const char *)at + HEAD, head[0] - (unsigned)HEAD);
                at += whole;
                bytes -= whole < bytes ? whole : bytes;
        }
        return 0;
}

long network_link(struct netlink_text *t, const struct socket_info *info, const uint8_t *body, uint32_t bytes)
{
        enum { BODY = 16, INDEX = 4 };
        uint32_t index;

        if (bytes < BODY)
                return -SOS_EINVAL;
        memcpy(&index, body + INDEX, sizeof(index));
        if (!index && bytes == BODY)
                return -SOS_EINVAL;
        if (!index)
                index = named(info, body + BODY, bytes - BODY);
        if (index < LO || index > posix_interfaces(info))
                return -SOS_ENODEV;
        add_link(t, info, index, 0);
        netlink_send(t);
        return 0;
}

void network_links(struct netlink_text *t, const struct socket_info *info)
{
        for (unsigned index = LO; index <= posix_interfaces(info); index++)
                add_link(t, info, index, NETLINK_PARTS);
        netlink_send(t);
}

/* --- addresses --- */

enum { ADDRESS = 1, LOCAL_ADDRESS, LABEL, BROADCAST, CACHE = 6, FLAGS = 8, MADE_BY = 11, PERMANENT = 0x80 };

static void begin_address(struct netlink_text *t, uint8_t family, uint8_t prefix, uint8_t scope,
                          unsigned index)
{
        const struct {
                uint8_t family, prefix, flags, scope;
                uint32_t index;
        } body = {family, prefix, PERMANENT, scope, index};

        netlink_begin(t, NEW_ADDRESS, NETLINK_PARTS);
        netlink_add(t, &body, sizeof(body));
}

/* It is good for ever. */
static void add_cache(struct netlink_text *t)
{
        static const uint32_t times[4] = {UINT32_MAX, UINT32_MAX, 0, 0};

        netlink_attribute(t, CACHE, times, sizeof(times));
}

static void add_address_v4(struct netlink_text *t, const struct socket_info *info, unsigned index,
                           const struct socket_name *a)
{
        const char *name = posix_interface(index)->name;
        const uint8_t *address = a ? a->address : network_own_v4;
        uint8_t all[4];

        begin_address(t, AF_INET, a ? network_prefix(&info->mask) : 8, a ? SCOPE_ALL : SCOPE_HOST, index);
        netlink_attribute(t, ADDRESS, address, 4);
        netlink_attribute(t, LOCAL_ADDRESS, address, 4);
        for (unsigned i = 0; a && i < sizeof(all); i++)
                all[i] = network_masked(info, a, i, true);
        if (a)
                netlink_attribute(t, BROADCAST, all, sizeof(all));
        netlink_attribute(t, LABEL, name, (uint16_t)(strlen(name) + 1));
        netlink_number(t, FLAGS, PERMANENT);
        add_cache(t);
}

static void add_address_v6(struct netlink_text *t, unsigned index, const struct socket_name *a)
{
        enum { BY_LO = 1, BY_ROUTER, BY_LINK, NETWORK = 64 };
        bool link = a && is_local_link(a);
        uint8_t by = !a ? BY_LO : link ? BY_LINK : BY_ROUTER;

        begin_address(t, AF_INET6, a ? NETWORK : WHOLE_V6,
                      !a     ? SCOPE_HOST
                      : link ? SCOPE_LINK
                             : SCOPE_ALL,
                      index);
        netlink_attribute(t, ADDRESS, a ? a->address : network_own_v6, sizeof(network_own_v6));
        add_cache(t);
        netlink_number(t, FLAGS, PERMANENT);
        netlink_attribute(t, MADE_BY, &by, sizeof(by));
}

void network_addresses(struct netlink_text *t, const struct socket_info *info, uint8_t family)
{
        if (!posix_interfaces(info))
                return;
        if (family == V4)
                add_address_v4(t, info, LO, NULL);
        else
                add_address_v6(t, LO, NULL);
        for (unsigned i = 0; posix_interfaces(info) >= CARD && i < SOCKET_ADDRESSES; i++) {
                const struct socket_name *a = &info->address[i];

                if (a->family == family && family == V4)
                        add_address_v4(t, info, CARD, a);
                else if (a->family == family)
                        add_address_v6(t, CARD, a);
        }
        netlink_send(t);
}
