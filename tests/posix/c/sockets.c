/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets over the loopback interface: results and errors as Linux has them. */
#define _GNU_SOURCE
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

static void say(const char *what, long result)
{
        printf("%s: %ld%s%s\n", what, result < 0 ? -1 : result, result < 0 ? " " : "",
               result < 0 ? strerror(errno) : "");
        fflush(stdout);
}

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
                say("connect", -1);
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

        say("flags", fcntl(s, F_GETFL) & O_NONBLOCK);
        say("close on exec", fcntl(s, F_GETFD));
        say("family 77", socket(77, SOCK_STREAM, 0));
        say("type 9", socket(AF_INET, 9, 0));
        say("tcp as datagrams", socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP));
        say("bind to another family", bind(s, (struct sockaddr *)&six, sizeof(six)));
        say("bind too short", bind(s, (struct sockaddr *)&a, 4));
        say("bind to nowhere", bind(s, nowhere, sizeof(a)));
        a.sin_addr.s_addr = htonl(0x01020304);
        say("bind to an address of others", bind(s, (struct sockaddr *)&a, sizeof(a)));
        a = at(0);
        say("bind", bind(s, (struct sockaddr *)&a, sizeof(a)));
        say("bind again", bind(s, (struct sockaddr *)&a, sizeof(a)));
        say("has a port", port_of(s) > 0);
        say("peer of nobody", getpeername(s, (struct sockaddr *)&a, &length));
        say("accept without listening", accept(s, NULL, NULL));
        say("read without a connection", read(s, &a, 1));
        say("not a socket", getsockname(1, (struct sockaddr *)&a, &length));
        say("not a descriptor", listen(99, 1));
        say("close", close(s));
}

static void test_connection(void)
{
        unsigned port;
        struct sockaddr_in a;
        socklen_t length = sizeof(a);
        char text[64] = {0};
        int l = listener(&port), c, s;

        say("nobody waits", ready(l, POLLIN, 0));
        c = connected(port);
        say("somebody waits", ready(l, POLLIN, 1000));
        s = accept4(l, (struct sockaddr *)&a, &length, SOCK_NONBLOCK);
        say("accept", s >= 0);
        say("length", length);
        say("from here", a.sin_addr.s_addr == htonl(INADDR_LOOPBACK) && ntohs(a.sin_port) == port_of(c));
        getpeername(c, (struct sockaddr *)&a, &length);
        say("peer", ntohs(a.sin_port) == port);
        say("nothing to read", read(s, text, sizeof(text)));
        say("can be written", ready(s, POLLIN | POLLOUT, 0));
        say("write", write(c, "hello", 5));
        say("can be read", ready(s, POLLIN, 1000));
        say("peek", recv(s, text, 3, MSG_PEEK));
        say("read", read(s, text, sizeof(text)));
        say(text, 0);
        say("send", send(s, "abc", 3, 0));
        say("receive all of 3", recv(c, text, 3, MSG_WAITALL));
        say("do not wait", recv(c, text, 3, MSG_DONTWAIT));
        say("shutdown", shutdown(c, SHUT_WR));
        say("the end has come", ready(s, POLLIN | POLLRDHUP, 1000) & POLLIN);
        say("end", read(s, text, sizeof(text)));
        say("the other way", write(s, "still", 5));
        say("is open", recv(c, text, 5, MSG_WAITALL));
        say("close", close(s));
        say("end there", read(c, text, sizeof(text)));
        say("write behind the end", send(c, "x", 1, MSG_NOSIGNAL));
        say("close", close(c));
        say("close", close(l));
}

static void test_vectors(void)
{
        unsigned port;
        int l = listener(&port), c = connected(port), s = accept(l, NULL, NULL);
        char a[4] = "one", b[6] = "two  ", to[16] = {0};
        struct iovec v[2] = {{a, 3}, {b, 5}};
        struct msghdr m = {.msg_iov = v, .msg_iovlen = 2};

        say("writev", writev(c, v, 2));
        say("read", recv(s, to, 8, MSG_WAITALL));
        say(to, 0);
        say("sendmsg", sendmsg(c, &m, 0));
        memset(a, 0, 3);
        memset(b, 0, 5);
        say("recvmsg", recvmsg(s, &m, MSG_WAITALL));
        say(a, 0);
        say("bad address", send(c, nowhere, 4, 0));
        say("bad vectors", writev(c, nowhere, 1));
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
        say("all of it", total);
        say("as it was", there == sum(0, data, BYTES));
        wait((int *)piece);
        say("sender ended", *(int *)piece);
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
        say("address in use", bind(again, (struct sockaddr *)&a, sizeof(a)));
        close(again);
        close(l);
        say("refused", connect(s, (struct sockaddr *)&a, sizeof(a)));
        close(s);
        s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (!connect(s, (struct sockaddr *)&a, sizeof(a)) || (errno != EINPROGRESS && errno != ECONNREFUSED))
                say("not in progress", -1);
        if (errno == EINPROGRESS) { /* either may be */
                ready(s, POLLOUT, 1000);
                getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &length);
                errno = error;
        }
        say("refused later", -1);
        close(s);
        signal(SIGPIPE, SIG_IGN);
        s = socket(AF_INET, SOCK_STREAM, 0);
        say("write to nobody", write(s, "x", 1));
        say("listen", listen(s, 1));
        say("connect a listener", connect(s, (struct sockaddr *)&a, sizeof(a)));
        close(s);
}

static void test_reset(void)
{
        unsigned port;
        int l = listener(&port), c = connected(port), s = accept(l, NULL, NULL);
        struct linger now = {1, 0};
        char byte;

        say("linger", setsockopt(c, SOL_SOCKET, SO_LINGER, &now, sizeof(now)));
        close(c);
        ready(s, POLLIN, 1000);
        say("reset", read(s, &byte, 1));
        say("then the end", read(s, &byte, 1));
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

        say("bind", bind(s, (struct sockaddr *)&a, sizeof(a)));
        a = at(port_of(s));
        say("without an address", send(c, "x", 1, 0));
        say("send", sendto(c, "first", 5, 0, (struct sockaddr *)&a, sizeof(a)));
        say("send", sendto(c, "second", 6, 0, (struct sockaddr *)&a, sizeof(a)));
        say("send nothing", sendto(c, "", 0, 0, (struct sockaddr *)&a, sizeof(a)));
        say("receive", recvfrom(s, text, sizeof(text), 0, (struct sockaddr *)&from, &length));
        say(text, length);
        say("from its port", ntohs(from.sin_port) == port_of(c));
        v = (struct iovec){text, 3};
        say("receive a part", recvmsg(s, &m, 0));
        say("was more", m.msg_flags & MSG_TRUNC);
        say("receive nothing", recv(s, text, sizeof(text), 0));
        say("no more", recv(s, text, sizeof(text), MSG_DONTWAIT));
        say("connect", connect(c, (struct sockaddr *)&a, sizeof(a)));
        say("send", send(c, "third", 5, 0));
        say("how long", recv(s, text, 2, MSG_TRUNC));
        say("too long", sendto(c, large, sizeof(large), 0, NULL, 0));
        say("no shutdown", shutdown(s, SHUT_RD));
        say("send", send(c, "fourth", 6, 0));
        say("bytes there", ready(s, POLLIN, 1000) && !ioctl(s, FIONREAD, &left) ? left : -1);
        close(s);
        say("to nobody", send(c, "x", 1, 0));
        ready(c, POLLIN, 1000);
        say("hears of it", recv(c, text, 1, MSG_DONTWAIT));
        say("once", recv(c, text, 1, MSG_DONTWAIT));
        close(c);
}

static void option(int s, const char *name, int level, int number, int value)
{
        int got = -1;
        socklen_t length = sizeof(got);

        say(name, setsockopt(s, level, number, &value, sizeof(value)));
        getsockopt(s, level, number, &got, &length);
        say(name, got);
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
        say("ttl of 0", setsockopt(s, IPPROTO_IP, IP_TTL, &value, sizeof(value)));
        say("too short", setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &value, 2));
        say("unknown", setsockopt(s, SOL_SOCKET, 9999, &value, sizeof(value)));
        getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &length);
        say("type", value);
        getsockopt(s, SOL_SOCKET, SO_DOMAIN, &value, &length);
        say("domain", value);
        getsockopt(s, SOL_SOCKET, SO_ACCEPTCONN, &value, &length);
        say("listens", value);
        close(s);
        close(six);
        s = socket(AF_INET, SOCK_DGRAM, 0);
        say("time", setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)));
        say("over", recv(s, &value, 1, 0));
        close(s);
}

/* A socket of IPv6 that is bound to everything hears IPv4, too. */
static void test_both(void)
{
        struct sockaddr_in6 any = {.sin6_family = AF_INET6}, from;
        int s = socket(AF_INET6, SOCK_STREAM, 0), c, t;
        socklen_t length = sizeof(any);
        char text[INET6_ADDRSTRLEN];

        say("bind", bind(s, (struct sockaddr *)&any, sizeof(any)));
        say("listen", listen(s, 3));
        getsockname(s, (struct sockaddr *)&any, &length);
        say("length", length);
        c = connected(ntohs(any.sin6_port));
        t = accept(s, (struct sockaddr *)&from, &length);
        inet_ntop(AF_INET6, &from.sin6_addr, text, sizeof(text));
        say(text, t >= 0);
        close(t);
        close(c);
        any.sin6_addr = in6addr_loopback;
        c = socket(AF_INET6, SOCK_STREAM, 0);
        say("connect to ::1", connect(c, (struct sockaddr *)&any, sizeof(any)));
        t = accept(s, (struct sockaddr *)&from, &length);
        inet_ntop(AF_INET6, &from.sin6_addr, text, sizeof(text));
        say(text, t >= 0);
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
        alarm(1);
        say("interrupted", accept(l, NULL, NULL));
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
        say("connections", good);
        close(l);
}

int main(void)
{
        test_making();
        test_connection();
        test_vectors();
        test_bulk();
        test_errors();
        test_reset();
        test_datagrams();
        test_options();
        test_both();
        test_signals();
        test_many();
        return 0;
}
