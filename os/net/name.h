/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses as text: 10.0.2.15, fe80::2, and with a port 10.0.2.15:80, [fe80::2]:80. */
#pragma once

#include <socket/socket.h>

#include "base/text.h"

void name_add(struct text *t, const struct socket_name *name);
void name_add_port(struct text *t, const struct socket_name *name);
