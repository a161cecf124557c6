/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets that ask for interfaces, addresses and routes (AF_NETLINK): what every machine with one card answers, errors, names, and what
 * the C library makes of it. */
#define _GNU_SOURCE
#include "routes.h"
#include "ask.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
        GET_LINK = 18,
        GET_ADDRESS = 22,
        GET_ROUTE = 26,
        ALL = NLM_F_REQUEST | NLM_F_DUMP,
        SERIAL = 77,
        LO = 1
};

static int s;
static int only_errors; /* the others come in an order of their own */
static char answers[16384];

static void show_bytes(const char *what, const unsigned char *data, unsigned count)
{
        if (!data)
                return;
        printf(" %s ", what);
        for (unsigned i = 0; i < count; i++)
                printf("%02x", data[i]);
}

static unsigned number(const void *data)
{
        unsigned value = 4711;

        if (data)
                memcpy(&value, data, sizeof(value));
        return value;
}

static void show_link(const struct nlmsghdr *h)
{
        const struct ifinfomsg *m = body_of(h);

        printf("    link %d: hardware %u, flags %x, %s, mtu %u, queue %u, group %u", m->ifi_index,
               m->ifi_type, m->ifi_flags, (const char *)attribute(h, sizeof(*m), IFLA_IFNAME),
               number(attribute(h, sizeof(*m), IFLA_MTU)), number(attribute(h, sizeof(*m), IFLA_TXQLEN)),
               number(attribute(h, sizeof(*m), IFLA_GROUP)));
        show_bytes("state", attribute(h, sizeof(*m), IFLA_OPERSTATE), 1);
        show_bytes("mode", attribute(h, sizeof(*m), IFLA_LINKMODE), 1);
        show_bytes("carrier", attribute(h, sizeof(*m), IFLA_CARRIER), 1);
        show_bytes("address", attribute(h, sizeof(*m), IFLA_ADDRESS), 6);
        show_bytes("for all", attribute(h, sizeof(*m), IFLA_BROADCAST), 6);
        printf(" counts %d %d\n", attribute(h, sizeof(*m), IFLA_STATS) != NULL,
               attribute(h, sizeof(*m), IFLA_STATS64) != NULL);
}

/* Those of the card's of IPv6 depend on its network. */
static void show_address(const struct nlmsghdr *h)
{
        const struct ifaddrmsg *m = body_of(h);
        unsigned bytes = m->ifa_family == AF_INET ? 4 : 16;
        const char *label = attribute(h, sizeof(*m), IFA_LABEL);

        if (m->ifa_family != AF_INET && m->ifa_index != LO)
                return;
        printf("    address: family %u, prefix %u, flags %x, scope %u, link %u, %s", m->ifa_family,
               m->ifa_prefixlen, m->ifa_flags, m->ifa_scope, m->ifa_index, label ? label : "no label");
        show_bytes("address", attribute(h, sizeof(*m), IFA_ADDRESS), bytes);
        show_bytes("local", attribute(h, sizeof(*m), IFA_LOCAL), bytes);
        show_bytes("for all", attribute(h, sizeof(*m), IFA_BROADCAST), bytes);
        show_bytes("flags", attribute(h, sizeof(*m), IFA_FLAGS), 4);
        show_bytes("for", attribute(h, sizeof(*m), IFA_CACHEINFO), 8);
        printf("\n");
}

/* Without the one to everywhere. */
static void show_route(const struct nlmsghdr *h)
{
        const struct rtmsg *m = body_of(h);
        unsigned bytes = m->rtm_family == AF_INET ? 4 : 16, link = number(attribute(h, sizeof(*m), RTA_OIF));

        if (!m->rtm_dst_len || (m->rtm_family != AF_INET && link != LO))
                return;
        printf("    route: family %u, prefix %u, table %u, by %u, scope %u, type %u, link %u", m->rtm_family,
               m->rtm_dst_len, m->rtm_table, m->rtm_protocol, m->rtm_scope, m->rtm_type, link);
        show_bytes("to", attribute(h, sizeof(*m), RTA_DST), bytes);
        show_bytes("from", attribute(h, sizeof(*m), RTA_PREFSRC), bytes);
        show_bytes("table", attribute(h, sizeof(*m), RTA_TABLE), 4);
        printf("\n");
}

static void show_part(const struct nlmsghdr *h)
{
        const struct nlmsgerr *e = body_of(h);

        if (h->nlmsg_seq != SERIAL || h->nlmsg_pid != (unsigned)getpid())
                printf("    not for us: %u\n", h->nlmsg_seq);
        if (only_errors && h->nlmsg_type != NLMSG_ERROR)
                return;
        if (h->nlmsg_type == RTM_NEWLINK)
                show_link(h);
        else if (h->nlmsg_type == RTM_NEWADDR)
                show_address(h);
        else if (h->nlmsg_type == RTM_NEWROUTE)
                show_route(h);
        else if (h->nlmsg_type == NLMSG_ERROR)
                printf("    error %d, flags %x, %u bytes about type %u, flags %x, %u bytes\n", -e->error,
                       h->nlmsg_flags, h->nlmsg_len, e->msg.nlmsg_type, e->msg.nlmsg_flags, e->msg.nlmsg_len);
        else
                printf("    type %u, flags %x, %u bytes\n", h->nlmsg_type, h->nlmsg_flags, h->nlmsg_len);
}

static void show_answers(void)
{
        struct sockaddr_nl from;
        socklen_t length = sizeof(from);
        int n;

        while ((n = (int)recvfrom(s, answers, sizeof(answers), MSG_DONTWAIT, (struct sockaddr *)&from,
                                  &length)) >= 0) {
                if (from.nl_family != AF_NETLINK || from.nl_pid || from.nl_groups || length != sizeof(from))
                        printf("    from somebody else\n");
                for (int at = 0; at < n;) {
                        const struct nlmsghdr *h = (const void *)(answers + at);

                        show_part(h);
                        at += (int)(h->nlmsg_len + 3) / 4 * 4;
                }
        }
        show_number("    then", n);
}

static struct {
        struct nlmsghdr head;
        unsigned char body[64];
} asked;

static void ask_with(const char *what, unsigned type, unsigned flags, unsigned bytes, unsigned family,
                     int index)
{
        memset(&asked, 0, sizeof(asked));
        asked.head = (struct nlmsghdr){NLMSG_HDRLEN + bytes, (unsigned short)type, (unsigned short)flags,
                                       SERIAL, 0};
        asked.body[0] = (unsigned char)family;
        memcpy(asked.body + 4, &index, sizeof(index));
        show_number(what, send(s, &asked, asked.head.nlmsg_len, 0));
        show_answers();
}

static void all(void)
{
        ask_with("all links", GET_LINK, ALL, 16, 0, 0);
        ask_with("all links, by one byte", GET_LINK, ALL, 1, AF_INET, 0);
        ask_with("all addresses", GET_ADDRESS, ALL, 8, 0, 0);
        ask_with("addresses of IPv4", GET_ADDRESS, ALL, 1, AF_INET, 0);
        ask_with("addresses of IPv6", GET_ADDRESS, ALL, 8, AF_INET6, 0);
        ask_with("of no such family", GET_ADDRESS, ALL, 8, AF_UNIX, 0);
        ask_with("all routes", GET_ROUTE, ALL, 12, 0, 0);
        ask_with("routes of IPv4", GET_ROUTE, ALL, 12, AF_INET, 0);
}

static void one(void)
{
        ask_with("a link", GET_LINK, NLM_F_REQUEST, 16, 0, LO);
        ask_with("acknowledged", GET_LINK, NLM_F_REQUEST | NLM_F_ACK, 16, 0, 2);
        ask_with("not there", GET_LINK, NLM_F_REQUEST, 16, 0, 4711);
        ask_with("no number", GET_LINK, NLM_F_REQUEST, 16, 0, 0);
        ask_with("less than a request", GET_LINK, NLM_F_REQUEST, 1, 0, 0);
        ask_with("one address", GET_ADDRESS, NLM_F_REQUEST, 8, AF_INET, LO);
        for (unsigned type = RTM_NEWLINK; type <= RTM_DELROUTE; type++) {
                if (type % 4 != 2)
                        ask_with("a change", type, NLM_F_REQUEST | NLM_F_ACK, 16, AF_INET, LO);
        }
        ask_with("unknown", 200, NLM_F_REQUEST | NLM_F_ACK, 16, 0, 0);
        ask_with("nor set", 119, NLM_F_REQUEST | NLM_F_ACK, 16, 0, 0);
        ask_with("nor listed", 150, ALL | NLM_F_ACK, 16, 0, 0);
        ask_with("no request", GET_LINK, NLM_F_DUMP, 16, 0, 0);
        ask_with("but acknowledged", GET_LINK, NLM_F_DUMP | NLM_F_ACK, 16, 0, 0);
        ask_with("nothing in it", GET_LINK, ALL, 0, 0, 0);
        ask_with("about the socket", NLMSG_NOOP, NLM_F_REQUEST | NLM_F_ACK, 0, 0, 0);
        asked.head.nlmsg_len = 100;
        show_number("longer than it is", send(s, &asked, 32, 0));
        show_answers();
        asked.head.nlmsg_len = 8;
        show_number("shorter than its head", send(s, &asked, 32, 0));
        show_number("less than a head", send(s, &asked, 10, 0));
        show_number("nothing", send(s, &asked, 0, 0));
        show_number("out of band", send(s, &asked, 32, MSG_OOB));
        show_answers();
}

static long send_to(int family, unsigned port, unsigned groups, socklen_t bytes)
{
        struct sockaddr_nl to = {(sa_family_t)family, 0, port, groups};

        return sendto(s, &asked, 32, 0, (struct sockaddr *)&to, bytes);
}

static long bind_to(int socket, int family, unsigned port, socklen_t bytes)
{
        struct sockaddr_nl name = {(sa_family_t)family, 0, port, 0};

        return bind(socket, (struct sockaddr *)&name, bytes);
}

static void show_name(const char *what, int socket, int (*of)(int, struct sockaddr *, socklen_t *))
{
        struct sockaddr_nl name = {0};
        socklen_t length = sizeof(name);

        show_number(what, of(socket, (struct sockaddr *)&name, &length));
        printf("    family %u, %s, groups %x, %u bytes\n", name.nl_family,
               !name.nl_pid                        ? "no number"
               : name.nl_pid == (unsigned)getpid() ? "the process's"
               : (int)name.nl_pid < 0              ? "another number"
                                                   : "a number",
               name.nl_groups, length);
}

static void names(void)
{
        int other = socket(AF_NETLINK, SOCK_DGRAM, 0), third = socket(AF_NETLINK, SOCK_RAW, 0);
        struct sockaddr_nl to = {.nl_family = AF_NETLINK};

        show_number("to a process", send_to(AF_NETLINK, 4711, 0, sizeof(to)));
        show_number("to a group", send_to(AF_NETLINK, 0, 1, sizeof(to)));
        show_number("a short name", send_to(AF_NETLINK, 0, 0, 8));
        show_number("another family", send_to(AF_INET, 0, 0, sizeof(to)));
        show_number("to the system", send_to(AF_NETLINK, 0, 0, sizeof(to)));
        show_number("the same name", bind_to(s, AF_NETLINK, (unsigned)getpid(), sizeof(to)));
        show_number("another one", bind_to(s, AF_NETLINK, 5, sizeof(to)));
        show_number("any", bind_to(s, AF_NETLINK, 0, sizeof(to)));
        show_name("before", other, getsockname);
        show_number("a name that is taken", bind_to(other, AF_NETLINK, (unsigned)getpid(), sizeof(to)));
        show_number("any", bind_to(other, AF_NETLINK, 0, sizeof(to)));
        show_name("behind", other, getsockname);
        show_number("a short name", bind_to(third, AF_NETLINK, 0, 4));
        show_number("another family", bind_to(third, AF_UNIX, 0, sizeof(to)));
        show_number("a name of its own", bind_to(third, AF_NETLINK, 123456, sizeof(to)));
        show_name("the own", third, getsockname);
        show_name("the other side", third, getpeername);
        show_number("connected", connect(third, (struct sockaddr *)&to, sizeof(to)));
        to.nl_pid = 77;
        show_number("to a process", connect(third, (struct sockaddr *)&to, sizeof(to)));
        show_number("listens", listen(third, 1));
        show_number("accepts", accept(third, NULL, NULL));
        show_number("is shut", shutdown(third, SHUT_RDWR));
        close(third);
        close(other);
}

static void option(const char *what, int level, int name)
{
        int value = -1;
        socklen_t length = sizeof(value);

        show_number(what, getsockopt(s, level, name, &value, &length));
        printf("    %d\n", value);
}

static void options(void)
{
        int on = 1;

        option("its type", SOL_SOCKET, SO_TYPE);
        option("its family", SOL_SOCKET, SO_DOMAIN);
        option("its protocol", SOL_SOCKET, SO_PROTOCOL);
        option("short errors", SOL_NETLINK_, NETLINK_CAP_ACK);
        option("none", SOL_NETLINK_, 0);
        show_number("short errors", setsockopt(s, SOL_NETLINK_, NETLINK_CAP_ACK, &on, sizeof(on)));
        option("now", SOL_NETLINK_, NETLINK_CAP_ACK);
        ask_with("not there", GET_LINK, NLM_F_REQUEST, 16, 0, 4711);
        show_number("too short", setsockopt(s, SOL_NETLINK_, NETLINK_CAP_ACK, &on, 2));
        show_number("of another kind", setsockopt(s, IPPROTO_TCP, 1, &on, sizeof(on)));
}

static void parts(void)
{
        char small[20];
        struct iovec piece[2] = {{small, 10}, {small + 10, 10}};
        struct msghdr m = {.msg_iov = piece, .msg_iovlen = 2};
        struct nlmsghdr first = {32, RTM_NEWLINK, NLM_F_REQUEST, SERIAL, 0};

        memset(&asked, 0, sizeof(asked));
        asked.head = first;
        memcpy((char *)&asked + 32, &first, sizeof(first));
        show_number("two at once", send(s, &asked, 64, 0));
        show_answers();
        asked.head.nlmsg_type = first.nlmsg_type = GET_ROUTE;
        asked.head.nlmsg_flags = first.nlmsg_flags = ALL;
        memcpy((char *)&asked + 32, &first, sizeof(first));
        show_number("two lists at once", send(s, &asked, 64, 0));
        only_errors = 1;
        show_answers();
        only_errors = 0;
        asked.head.nlmsg_type = GET_LINK;
        asked.head.nlmsg_flags = NLM_F_REQUEST;
        show_number("a part of one", send(s, &asked, 32, 0));
        show_number("looked at", recvmsg(s, &m, MSG_PEEK));
        printf("    flags %x\n", m.msg_flags);
        show_number("its length", recv(s, small, 0, MSG_PEEK | MSG_TRUNC));
        show_number("taken", recvmsg(s, &m, 0));
        show_answers();
}

static void kinds(void)
{
        int pair[2];

        show_number("a stream", socket(AF_NETLINK, SOCK_STREAM, 0));
        show_number("no kind", socket(AF_NETLINK, 12, 0));
        show_number("no protocol", socket(AF_NETLINK, SOCK_RAW, 1));
        show_number("nor one of that number", socket(AF_NETLINK, SOCK_RAW, 100));
        show_number("two that are connected", socketpair(AF_NETLINK, SOCK_RAW, 0, pair));
}

static void library(void)
{
        struct if_nameindex *names = if_nameindex();
        struct ifaddrs *list = NULL, *each;

        for (unsigned i = 0; names && names[i].if_index; i++)
                printf("interface %u: %s\n", names[i].if_index, names[i].if_name);
        show_number("addresses", getifaddrs(&list));
        for (each = list; each; each = each->ifa_next) {
                char text[INET_ADDRSTRLEN] = "";

                if (each->ifa_addr && each->ifa_addr->sa_family == AF_INET)
                        inet_ntop(AF_INET, &((struct sockaddr_in *)each->ifa_addr)->sin_addr, text,
                                  sizeof(text));
                if (each->ifa_addr && each->ifa_addr->sa_family != AF_INET6)
                        printf("    %s: family %d, flags %x %s\n", each->ifa_name, each->ifa_addr->sa_family,
                               each->ifa_flags, text);
        }
        freeifaddrs(list);
        if_freenameindex(names);
}

int main(void)
{
        setbuf(stdout, NULL);
        s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
        show_number("a socket", s < 0 ? s : 0);
        show_name("its name", s, getsockname);
        all();
        one();
        names();
        options();
        close(s);
        s = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_ROUTE);
        parts();
        kinds();
        library();
        show_number("somebody", setuid(1000));
        show_number("packets", socket(AF_INET, SOCK_RAW, 1));
        show_number("of IPv6", socket(AF_INET6, SOCK_RAW, 58));
        return 0;
}
