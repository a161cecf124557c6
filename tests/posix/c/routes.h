/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of AF_NETLINK, which headers of C libraries do not have (netlink(7), rtnetlink(7)). */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { NETLINK_ROUTE = 0, NETLINK_CAP_ACK = 10, SOL_NETLINK_ = 270 };
enum {
        NLM_F_REQUEST = 1,
        NLM_F_ACK = 4,
        NLM_F_DUMP = 0x300,
        NLMSG_NOOP = 1,
        NLMSG_ERROR = 2,
        NLMSG_HDRLEN = 16
};
enum { RTM_NEWLINK = 16, RTM_NEWADDR = 20, RTM_NEWROUTE = 24, RTM_DELROUTE = 25 };
enum {
        IFLA_ADDRESS = 1,
        IFLA_BROADCAST = 2,
        IFLA_IFNAME = 3,
        IFLA_MTU = 4,
        IFLA_STATS = 7,
        IFLA_TXQLEN = 13,
        IFLA_OPERSTATE = 16,
        IFLA_LINKMODE = 17,
        IFLA_STATS64 = 23,
        IFLA_GROUP = 27,
        IFLA_CARRIER = 33,
};
enum { IFA_ADDRESS = 1, IFA_LOCAL = 2, IFA_LABEL = 3, IFA_BROADCAST = 4, IFA_CACHEINFO = 6, IFA_FLAGS = 8 };
enum { RTA_DST = 1, RTA_OIF = 4, RTA_PREFSRC = 7, RTA_TABLE = 15 };

struct sockaddr_nl {
        uint16_t nl_family, nl_pad;
        uint32_t nl_pid, nl_groups;
};

struct nlmsghdr {
        uint32_t nlmsg_len;
        uint16_t nlmsg_type, nlmsg_flags;
        uint32_t nlmsg_seq, nlmsg_pid;
};

struct nlmsgerr {
        int error;
        struct nlmsghdr msg;
};

struct ifinfomsg {
        uint8_t ifi_family, pad;
        uint16_t ifi_type;
        int ifi_index;
        uint32_t ifi_flags, ifi_change;
};

struct ifaddrmsg {
        uint8_t ifa_family, ifa_prefixlen, ifa_flags, ifa_scope;
        uint32_t ifa_index;
};

struct rtmsg {
        uint8_t rtm_family, rtm_dst_len, rtm_src_len, rtm_tos, rtm_table, rtm_protocol, rtm_scope, rtm_type;
        uint32_t rtm_flags;
};

struct rtattr {
        uint16_t rta_len, rta_type;
};

static inline const void *body_of(const struct nlmsghdr *h)
{
        return h + 1;
}

/* The value of an attribute behind a body of that size; NULL: there is none. */
static inline const void *attribute(const struct nlmsghdr *h, size_t body, int type)
{
        const char *at = (const char *)(h + 1) + (body + 3) / 4 * 4, *end = (const char *)h + h->nlmsg_len;

        while (end - at >= (long)sizeof(struct rtattr)) {
                const struct rtattr *a = (const void *)at;

                if (a->rta_type == type || a->rta_len < sizeof(*a))
                        return a->rta_type == type ? a + 1 : NULL;
                at += (a->rta_len + 3) / 4 * 4;
        }
        return NULL;
}
