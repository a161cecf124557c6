/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets over the loopback interface: results and errors as on Linux. */
#define _GNU_SOURCE
#include "ask.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static void *volatile nowhere = (void *)8;

static struct sockaddr_in at(unsigned port)
{
        struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

        a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return a;
}

static unsigned port_of(int s)
{
        struct sockaddr_in a;
        socklen_t length = sizeof(a);

        getsockname(s, (struct sockaddr *)&a, &length);
        return ntohs(a.sin_port);
}

static int listener(unsigned *port)
{
        struct sockaddr_in a = at(0);
        int s = socket(AF_INET, SOCK_STREAM, 0);

        bind(s, (struct sockaddr *)&a, sizeof(a));
        listen(s, 5);
        *port = port_of(s);
        return s;
}

static int connected(unsigned port)
{
        struct sockaddr_in a = at(port);
        int s = socket(AF_INET, SOCK_STREAM, 0);

        if (connect(s, (struct sockaddr *)&a, sizeof(a)))
                show("connect", -1);
        return s;
}

static int ready(int s, short events, int ms)
{
        struct pollfd f = {.fd = s, .events = events};

        return poll(&f, 1, ms) > 0 ? f.revents : 0;
}

static void test_making(void)
{
        struct sockaddr_in a = at(0);
        struct sockaddr_in6 six = {.sin6_family = AF_INET6};
        int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        socklen_t length = sizeof(a);

        show("flags", fcntl(s, F_GETFL) & O_NONBLOCK);
        show("close on exec", fcntl(s, F_GETFD));
        show("family 77", socket(77, SOCK_STREAM, 0));
        show("type 9", socket(AF_INET, 9, 0));
        show("tcp as datagrams", socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP));
        show("bind to another family", bind(s, (struct sockaddr *)&six, sizeof(six)));
        show("bind too short", bind(s, (struct sockaddr *)&a, 4));
        show("bind to nowhere", bind(s, nowhere, sizeof(a)));
        a.sin_addr.s_addr = htonl(0x01020304);
        show("bind to an address of others", bind(s, (struct sockaddr *)&a, sizeof(a)));
        a = at(0);
        show("bind", bind(s, (struct sockaddr *)&a, sizeof(a)));
        show("bind again", bind(s, (struct sockaddr *)&a, sizeof(a)));
        show("has a port", port_of(s) > 0);
        show("peer of nobody", getpeername(s, (struct sockaddr *)&a, &length));
        show("accept without listening", accept(s, NULL, NULL));
        show("read without a connection", read(s, &a, 1));
        show("not a socket", getsockname(1, (struct sockaddr *)&a, &length));
        show("not a descriptor", listen(99, 1));
        show("close", close(s));
}

static void test_connection(void)
{
        unsigned port;
        struct sockaddr_in a;
        socklen_t length = sizeof(a);
        char text[64] = {0};
        int l = listener(&port), c, s;

        show("nobody waits", ready(l, POLLIN, 0));
        c = connected(port);
        show("somebody waits", ready(l, POLLIN, 1000));
        s = accept4(l, (struct sockaddr *)&a, &length, SOCK_NONBLOCK);
        show("accept", s >= 0);
        show("length", length);
        show("from here", a.sin_addr.s_addr == htonl(INADDR_LOOPBACK) && ntohs(a.sin_port) == port_of(c));
        getpeername(c, (struct sockaddr *)&a, &length);
        show("peer", ntohs(a.sin_port) == port);
        show("nothing to read", read(s, text, sizeof(text)));
        show("can be written", ready(s, POLLIN | POLLOUT, 0));
        show("write", write(c, "hello", 5));
        show("can be read", ready(s, POLLIN, 1000));
        show("peek", recv(s, text, 3, MSG_PEEK));
        show("read", read(s, text, sizeof(text)));
        show(text, 0);
        show("send", send(s, "abc", 3, 0));
        show("receive all of 3", recv(c, text, 3, MSG_WAITALL));
        show("do not wait", recv(c, text, 3, MSG_DONTWAIT));
        show("shutdown", shutdown(c, SHUT_WR));
        show("the end has come", ready(s, POLLIN | POLLRDHUP, 1000) & POLLIN);
        show("end", read(s, text, sizeof(text)));
        show("the other way", write(s, "still", 5));
        show("is open", recv(c, text, 5, MSG_WAITALL));
        show("close", close(s));
        show("end there", read(c, text, sizeof(text)));
        show("write behind the end", send(c, "x", 1, MSG_NOSIGNAL));
        show("close", close(c));
        show("close", close(l));
}

static void test_vectors(void)
{
        unsigned port;
        int l = listener(&port), c = connected(port), s = accept(l, NULL, NULL);
        char a[4] = "one", b[6] = "two  ", to[16] = {0};
        struct iovec v[2] = {{a, 3}, {b, 5}};
        struct msghdr m = {.msg_iov = v, .msg_iovlen = 2};

        show("writev", writev(c, v, 2));
        show("read", recv(s, to, 8, MSG_WAITALL));
        show(to, 0);
        show("sendmsg", sendmsg(c, &m, 0));
        memset(a, 0, 3);
        memset(b, 0, 5);
        show("recvmsg", recvmsg(s, &m, MSG_WAITALL));
        show(a, 0);
        show("bad address", send(c, nowhere, 4, 0));
        show("bad vectors", writev(c, nowhere, 1));
        close(c);
        close(s);
        close(l);
}

static unsigned sum(unsigned so_far, const unsigned char *bytes, long n)
{
        for (long i = 0; i < n; i++)
                so_far = so_far * 31 + bytes[i];
        return so_far;
}

static void test_bulk(void)
{
        enum { BYTES = 300000 };
        unsigned char *data = malloc(BYTES), piece[5000];
        unsigned port, there = 0;
        int l = listener(&port), c = connected(port), s = accept(l, NULL, NULL);
        long n, total = 0;

        for (int i = 0; i < BYTES; i++)
                data[i] = (unsigned char)(i * 7 + i / 256);
        if (!fork()) {
                close(s);
                n = write(c, data, BYTES);
                _exit(n == BYTES ? 0 : 1);
        }
        close(c);
        while ((n = read(s, piece, sizeof(piece))) > 0) {
                there = sum(there, piece, n);
                total += n;
        }
        show("all of it", total);
        show("as it was", there == sum(0, data, BYTES));
        wait((int *)piece);
        show("sender ended", *(int *)piece);
        close(s);
        close(l);
        free(data);
}

static void test_errors(void)
{
        unsigned port;
        int l = listener(&port), s = socket(AF_INET, SOCK_STREAM, 0), again, error = 0;
        struct sockaddr_in a = at(port);
        socklen_t length = sizeof(error);

        again = socket(AF_INET, SOCK_STREAM, 0);
        show("address in use", bind(again, (struct sockaddr *)&a, sizeof(a)));
        close(again);
        close(l);
        show("refused", connect(s, (struct sockaddr *)&a, sizeof(a)));
        close(s);
        s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (!connect(s, (struct sockaddr *)&a, sizeof(a)) || (errno != EINPROGRESS && errno != ECONNREFUSED))
                show("not in progress", -1);
        if (errno == EINPROGRESS) { /* either may be */
                ready(s, POLLOUT, 1000);
                getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &length);
                errno = error;
        }
        show("refused later", -1);
        close(s);
        signal(SIGPIPE, SIG_IGN);
        s = socket(AF_INET, SOCK_STREAM, 0);
        show("write to nobody", write(s, "x", 1));
        show("listen", listen(s, 1));
        show("connect a listener", connect(s, (struct sockaddr *)&a, sizeof(a)));
        close(s);
}

/* Who does not wait is told later, and finds out in each way. */
static void test_not_waiting(void)
{
        unsigned port;
        int l = listener(&port), error = 0;
        struct sockaddr_in a = at(port), name;
        socklen_t length = sizeof(name);
        int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

        show("no peer yet", getpeername(s, (struct sockaddr *)&name, &length));
        show("it begins", connect(s, (struct sockaddr *)&a, sizeof(a)));
        show("it is there", ready(s, POLLOUT, 1000));
        show("its peer", getpeername(s, (struct sockaddr *)&name, &length));
        show("that one", name.sin_port == a.sin_port);
        length = sizeof(error);
        show("no error", getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &length) + error);
        show("told", connect(s, (struct sockaddr *)&a, sizeof(a)));
        show("and once", connect(s, (struct sockaddr *)&a, sizeof(a)));
        close(s);
        close(l);
        for (int taken = 0; taken < 2; taken++) {
                s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
                show("to nobody", connect(s, (struct sockaddr *)&a, sizeof(a)));
                show("it has ended", ready(s, POLLOUT, 1000));
                length = sizeof(error);
                if (taken && !getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &length))
                        show("with an error", error);
                length = sizeof(name);
                show("no peer", getpeername(s, (struct sockaddr *)&name, &length));
                show("told, too", connect(s, (struct sockaddr *)&a, sizeof(a)));
                show("it begins anew", connect(s, (struct sockaddr *)&a, sizeof(a)));
                close(s);
        }
}

static void test_reset(void)
{
        unsigned port;
        int l = listener(&port), c = connected(port), s = accept(l, NULL, NULL);
        struct linger now = {1, 0};
        char byte;

        show("linger", setsockopt(c, SOL_SOCKET, SO_LINGER, &now, sizeof(now)));
        close(c);
        ready(s, POLLIN, 1000);
        show("reset", read(s, &byte, 1));
        show("then the end", read(s, &byte, 1));
        close(s);
        close(l);
}

static void test_datagrams(void)
{
        struct sockaddr_in a = at(0), from;
        int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0);
        socklen_t length = sizeof(from);
        struct iovec v;
        struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
        static char large[70000];
        int left = 0;
        char text[64] = {0};

        show("bind", bind(s, (struct sockaddr *)&a, sizeof(a)));
        a = at(port_of(s));
        show("without an address", send(c, "x", 1, 0));
        show("send", sendto(c, "first", 5, 0, (struct sockaddr *)&a, sizeof(a)));
        show("send", sendto(c, "second", 6, 0, (struct sockaddr *)&a, sizeof(a)));
        show("send nothing", sendto(c, "", 0, 0, (struct sockaddr *)&a, sizeof(a)));
        show("receive", recvfrom(s, text, sizeof(text), 0, (struct sockaddr *)&from, &length));
        show(text, length);
        show("from its port", ntohs(from.sin_port) == port_of(c));
        v = (struct iovec){text, 3};
        show("receive a part", recvmsg(s, &m, 0));
        show("was more", m.msg_flags & MSG_TRUNC);
        show("receive nothing", recv(s, text, sizeof(text), 0));
        show("no more", recv(s, text, sizeof(text), MSG_DONTWAIT));
        show("connect", connect(c, (struct sockaddr *)&a, sizeof(a)));
        show("send", send(c, "third", 5, 0));
        show("how long", recv(s, text, 2, MSG_TRUNC));
        show("too long", sendto(c, large, sizeof(large), 0, NULL, 0));
        show("no shutdown", shutdown(s, SHUT_RD));
        show("send", send(c, "fourth", 6, 0));
        show("bytes there", ready(s, POLLIN, 1000) && !ioctl(s, FIONREAD, &left) ? left : -1);
        close(s);
        show("to nobody", send(c, "x", 1, 0));
        ready(c, POLLIN, 1000);
        show("hears of it", recv(c, text, 1, MSG_DONTWAIT));
        show("once", recv(c, text, 1, MSG_DONTWAIT));
        close(c);
}

static void option(int s, const char *name, int level, int number, int value)
{
        int got = -1;
        socklen_t length = sizeof(got);

        show(name, setsockopt(s, level, number, &value, sizeof(value)));
        getsockopt(s, level, number, &got, &length);
        show(name, got);
}

static void test_options(void)
{
        int s = socket(AF_INET, SOCK_STREAM, 0), six = socket(AF_INET6, SOCK_STREAM, 0), value = 0;
        socklen_t length = sizeof(value);
        struct timeval t = {0, 50000};

        option(s, "reuse", SOL_SOCKET, SO_REUSEADDR, 1);
        option(s, "keep alive", SOL_SOCKET, SO_KEEPALIVE, 1);
        option(s, "no delay", IPPROTO_TCP, TCP_NODELAY, 1);
        option(s, "idle", IPPROTO_TCP, TCP_KEEPIDLE, 90);
        option(s, "ttl", IPPROTO_IP, IP_TTL, 33);
        option(six, "only 6", IPPROTO_IPV6, IPV6_V6ONLY, 1);
        show("ttl of 0", setsockopt(s, IPPROTO_IP, IP_TTL, &value, sizeof(value)));
        show("too short", setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &value, 2));
        show("unknown", setsockopt(s, SOL_SOCKET, 9999, &value, sizeof(value)));
        getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &length);
        show("type", value);
        getsockopt(s, SOL_SOCKET, SO_DOMAIN, &value, &length);
        show("domain", value);
        getsockopt(s, SOL_SOCKET, SO_ACCEPTCONN, &value, &length);
        show("listens", value);
        close(s);
        close(six);
        s = socket(AF_INET, SOCK_DGRAM, 0);
        show("time", setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)));
        show("over", recv(s, &value, 1, 0));
        close(s);
}

/* An IPv6 socket bound to the wildcard address receives IPv4, too. */
static void test_both(void)
{
        struct sockaddr_in6 any = {.sin6_family = AF_INET6}, from;
        int s = socket(AF_INET6, SOCK_STREAM, 0), c, t;
        socklen_t length = sizeof(any);
        char text[INET6_ADDRSTRLEN];

        show("bind", bind(s, (struct sockaddr *)&any, sizeof(any)));
        show("listen", listen(s, 3));
        getsockname(s, (struct sockaddr *)&any, &length);
        show("length", length);
        c = connected(ntohs(any.sin6_port));
        t = accept(s, (struct sockaddr *)&from, &length);
        inet_ntop(AF_INET6, &from.sin6_addr, text, sizeof(text));
        show(text, t >= 0);
        close(t);
        close(c);
        any.sin6_addr = in6addr_loopback;
        c = socket(AF_INET6, SOCK_STREAM, 0);
        show("connect to ::1", connect(c, (struct sockaddr *)&any, sizeof(any)));
        t = accept(s, (struct sockaddr *)&from, &length);
        inet_ntop(AF_INET6, &from.sin6_addr, text, sizeof(text));
        show(text, t >= 0);
        close(t);
        close(c);
        close(s);
}

static void on_alarm(int signal)
{
        (void)signal;
}

static void test_signals(void)
{
        struct sigaction a = {.sa_handler = on_alarm};
        unsigned port;
        int l = listener(&port);

        sigaction(SIGALRM, &a, NULL);
        show("interrupted", RUNG(accept(l, NULL, NULL)));
        close(l);
}

static void test_many(void)
{
        unsigned port;
        int l = listener(&port), good = 0;
        char byte = 'b';

        for (int i = 0; i < 300; i++) {
                int c = connected(port), s = accept(l, NULL, NULL);

                good += write(c, &byte, 1) == 1 && read(s, &byte, 1) == 1;
                close(i % 2 ? c : s);
                good += read(i % 2 ? s : c, &byte, 1) == 0;
                close(i % 2 ? s : c);
        }
        show("connections", good);
        close(l);
}

int main(void)
{
        test_making();
        test_connection();
        test_vectors();
        test_bulk();
        test_errors();
        test_not_waiting();
        test_reset();
        test_datagrams();
        test_options();
        test_both();
        test_signals();
        test_many();
        return 0;
}
