/* SPDX-License-Identifier: BSD-2-Clause */
/* What the network program reports about itself and the network (struct socket_info), for `ifconfig` and the console. */
#pragma once

struct net;

/* Prints a line on the console. */
void info_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Sockets can be used now. */
void info_ready(void);

/* Updates the counters, and the addresses if they have been reported as changed, or may have: by timers of the stack, which is looked at
 * once a second. */
void info_changed(void);
void info_may_have_changed(void);
void info_update(const struct net *n);
