/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets that ask the system about its network (AF_NETLINK, of NETLINK_ROUTE): netlink.c makes and names them and splits what is sent into
 * requests; routes.c answers these.
 *
 * They are sockets between processes (os/net/local.h) that keep the borders of messages: the answers to a request lie in the stream of
 * who has asked before its call ends.  One without room for them is told so by the next receive (ENOBUFS), as on Linux.
 *
 * Results: 0 or more, or -SOS_E*.
 */
#pragma once

#include "os/calls/linux/sockets/message.h"
#include "os/net/local.h"

enum {
        SOL_NETLINK = 270,
        AF_NETLINK = 16,
        NETLINK_REQUEST = 512,
        NETLINK_PIECES = 16,
        NETLINK_ANSWER = 2048
};
enum { NETLINK_ERROR = 2, NETLINK_DONE = 3, NETLINK_FIRST = 16 };
enum { NETLINK_ASKS = 1, NETLINK_PARTS = 2, NETLINK_ACK = 4, NETLINK_CAPPED = 0x100, NETLINK_ALL = 0x300 };

/* In front of each request and each part of an answer. */
struct netlink_head {
        uint32_t bytes;
        uint16_t type, flags;
        uint32_t serial, port;
};
_Static_assert(sizeof(struct netlink_head) == 16, "as programs know it");

/* One datagram of answers to a request, each behind a head; `part`: where the last one begins. */
struct netlink_text {
        struct socket *s;
        const struct netlink_head *request;
        uint32_t bytes, part;
        bool listed; /* one request of the same message was for a list: others get -SOS_EBUSY */
        uint8_t data[NETLINK_ANSWER];
};

/* netlink.c: begin a part; add bytes to it, padded to words, or an attribute; send what there is, if there is something. */
void netlink_begin(struct netlink_text *t, uint16_t type, uint16_t flags);
void netlink_add(struct netlink_text *t, const void *from, uint32_t bytes);
void netlink_attribute(struct netlink_text *t, uint16_t type, const void *from, uint16_t bytes);
void netlink_number(struct netlink_text *t, uint16_t type, uint32_t value);
void netlink_send(struct netlink_text *t);

/* Types of parts. */
enum { NEW_LINK = 16, NEW_ADDRESS = 20, NEW_ROUTE = 24 };
enum { SCOPE_LINK = 253, SCOPE_HOST = 254 };
enum { LO = 1, CARD = 2 };

/* addresses.c: the interface that a request is about, or -SOS_E*; all interfaces; all addresses of a family (4 or 6). */
long network_link(struct netlink_text *t, const struct socket_info *info, const uint8_t *body,
                  uint32_t bytes);
void network_links(struct netlink_text *t, const struct socket_info *info);
void network_addresses(struct netlink_text *t, const struct socket_info *info, uint8_t family);

/* How many bits of an address of IPv4 name its network; byte i of the network that has that address, or of the address for all in it. */
uint8_t network_prefix(const struct socket_name *mask);
uint8_t network_masked(const struct socket_info *info, const struct socket_name *a, unsigned i, bool all);
extern const uint8_t network_own_v4[4], network_own_v6[16];

/* routes.c: the answers to a request of a type from NETLINK_FIRST on, all but its acknowledgement: 0; 1: there must be
 * none; or an error. */
long routes_answer(struct netlink_text *t, const void *body, uint32_t bytes);

/* The calls. */
long posix_netlink_socket(struct process *p, seL4_Word type, seL4_Word protocol);
long posix_netlink_bind(struct process *p, struct socket *s);
long posix_netlink_connect(struct process *p, struct socket *s);
long posix_netlink_name(struct process *p, uint32_t port, seL4_Word va, seL4_Word length_va);
long posix_netlink_send(struct process *p, const struct message *m, seL4_Word bytes);
long posix_netlink_set_option(struct process *p, struct socket *s);
long posix_netlink_option(const struct socket *s, seL4_Word name);
