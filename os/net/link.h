/* SPDX-License-Identifier: BSD-2-Clause */
/* The sockets and the memory that the network program shares with us: for the files of this folder. */
#pragma once

#include "os/net/socket.h"

struct net_link {
        struct socket_link link;
        bool open, there;
        struct socket table[SOCKETS];
        uint32_t serial, lines;
        uint64_t epoch;          /* as it was told last; see struct socket_info */
        struct socket_info info; /* copied when asked for */
        void (*poke)(void);
};
extern struct net_link net;

/* Both streams of the socket, empty. */
void link_open_streams(struct socket *s);

/* Ask, with a new serial if there is none. */
void link_ask(struct socket *s, const struct socket_request *request);

/* The number can be used again. */
void link_free(struct socket *s);
