/* SPDX-License-Identifier: BSD-2-Clause */
/* What the network program says about itself and the network (struct socket_info), for `ifconfig` and the console. */
#pragma once

struct net;

/* A line for the console. */
void info_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Sockets can be used now. */
void info_ready(void);

/* Counters always; addresses when somebody has said that they have changed. */
void info_changed(void);
void info_update(const struct net *n);
