/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets of native programs: the calls of Linux, results 0 or more, or -SOS_E*.  Bytes are moved by posix_read and posix_write. */
#pragma once

#include "sos/posix.h"

enum {
        SOS_AF_INET = 2,
        SOS_AF_INET6 = 10,
        SOS_SOCK_STREAM = 1,
        SOS_SOCK_DGRAM = 2,
        SOS_SOL_SOCKET = 1,
        SOS_SO_RCVTIMEO = 20,
        SOS_SO_SNDTIMEO = 21
};

/* As programs of Linux have them; ports are in the order of the network. */
struct sos_sockaddr {
        uint16_t family, port;
        uint8_t address[4]; /* AF_INET; of AF_INET6 it is the flow */
        uint8_t address6[16];
        uint32_t scope;
};

static inline uint16_t sos_port(uint16_t port)
{
        return (uint16_t)(port << 8 | port >> 8);
}

static inline long sos_socket(int family, int type, int protocol)
{
        return posix_invoke(198, family, type, protocol, 0);
}

static inline long sos_bind(int s, const struct sos_sockaddr *name)
{
        return posix_invoke(200, s, (long)name, sizeof(*name), 0);
}

static inline long sos_listen(int s, int waiting)
{
        return posix_invoke(201, s, waiting, 0, 0);
}

static inline long sos_connect(int s, const struct sos_sockaddr *name)
{
        return posix_invoke(203, s, (long)name, sizeof(*name), 0);
}

/* Whoever comes next. */
static inline long sos_accept(int s)
{
        return posix_invoke(242, s, 0, 0, 0);
}

/* 0: no more is read, 1: no more is sent, 2: both. */
static inline long sos_shutdown(int s, int how)
{
        return posix_invoke(210, s, how, 0, 0);
}

/* Listen at a port of every address; of an AF_INET6 socket for IPv4, too. */
static inline long sos_listen_on(int s, uint16_t port, int waiting)
{
        const struct sos_sockaddr any = {.family = SOS_AF_INET6, .port = sos_port(port)};
        long error = sos_bind(s, &any);

        return error ? error : sos_listen(s, waiting);
}

static inline long sos_limit_time(int s, unsigned long option, unsigned long ms)
{
        const int64_t time[2] = {(int64_t)(ms / 1000), (int64_t)(ms % 1000 * 1000)};
        const unsigned long argument[6] = {(unsigned long)s,    SOS_SOL_SOCKET, option,
                                           (unsigned long)time, sizeof(time),   0};

        return sos_call_many(SOS_POSIX + 208, argument);
}

/* A read, or a write, waits for so long at most, then it is -SOS_EAGAIN. */
static inline long sos_receive_timeout(int s, unsigned long ms)
{
        return sos_limit_time(s, SOS_SO_RCVTIMEO, ms);
}

static inline long sos_send_timeout(int s, unsigned long ms)
{
        return sos_limit_time(s, SOS_SO_SNDTIMEO, ms);
}
