/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of sockets between processes have in common. */
#pragma once

#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

#define NAMED(a) (struct sockaddr *)(a), sizeof(*(a))

static inline struct sockaddr_un at(const char *path)
{
        struct sockaddr_un a = {.sun_family = AF_UNIX};

        snprintf(a.sun_path, sizeof(a.sun_path), "/tmp/%s", path);
        return a;
}

static inline int ready(int s, short events)
{
        struct pollfd f = {.fd = s, .events = events};

        return poll(&f, 1, 0) > 0 ? f.revents : 0;
}
