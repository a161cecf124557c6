/* SPDX-License-Identifier: BSD-2-Clause */
/* What sockets and other files without a name say of themselves, and what poll says of connections from their beginning to their end. */
#define _GNU_SOURCE
#include "ask.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

static void kind(const char *name, int f)
{
        struct stat s = {0};

        if (fstat(f, &s))
                printf("%s: error %d\n", name, errno);
        else
                printf("%s: %o, %d links\n", name, s.st_mode, (int)s.st_nlink);
        close(f);
}

static void kinds(void)
{
        int ends[2];
        sigset_t none;

        sigemptyset(&none);
        if (pipe(ends))
                return;
        kind("pipe", ends[0]);
        kind("pipe", ends[1]);
        kind("TCP", socket(AF_INET, SOCK_STREAM, 0));
        kind("UDP", socket(AF_INET, SOCK_DGRAM, 0));
        kind("local", socket(AF_UNIX, SOCK_STREAM, 0));
        kind("counter", eventfd(0, 0));
        kind("set", epoll_create1(0));
        kind("timer", timerfd_create(CLOCK_MONOTONIC, 0));
        kind("signals", signalfd(-1, &none, 0));
        kind("notices", inotify_init());
}

static int option(int s, int level, int name)
{
        socklen_t size = sizeof(int);
        int value = -7;

        return getsockopt(s, level, name, &value, &size) ? -errno : value;
}

static void set(int s, int level, int name, int value)
{
        int done = setsockopt(s, level, name, &value, sizeof(value)) ? -errno : 0;

        printf("%d.%d to %d: %d, %d\n", level, name, value, done, option(s, level, name));
}

static void options(void)
{
        int tcp = socket(AF_INET, SOCK_STREAM, 0), udp = socket(AF_INET, SOCK_DGRAM, 0),
            local = socket(AF_UNIX, SOCK_STREAM, 0);
        static const int flags[] = {SO_DEBUG, SO_OOBINLINE, SO_NO_CHECK};

        printf("sizes: %d, %d %d, %d %d\n", option(tcp, SOL_SOCKET, SO_SNDBUF),
               option(udp, SOL_SOCKET, SO_SNDBUF), option(udp, SOL_SOCKET, SO_RCVBUF),
               option(local, SOL_SOCKET, SO_SNDBUF), option(local, SOL_SOCKET, SO_RCVBUF));
        set(tcp, SOL_SOCKET, SO_RCVBUF, 10000);
        set(tcp, SOL_SOCKET, SO_RCVBUF, 1);
        set(udp, SOL_SOCKET, SO_SNDBUF, 1);
        set(local, SOL_SOCKET, SO_SNDBUF, 10000);
        for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
                set(udp, SOL_SOCKET, flags[i], 5);
                set(udp, SOL_SOCKET, flags[i], 0);
        }
        set(udp, SOL_SOCKET, SO_PRIORITY, 3);
        set(tcp, IPPROTO_IP, IP_TOS, 0xff);
        set(udp, IPPROTO_IP, IP_TOS, 0xff);
        set(udp, IPPROTO_IP, IP_MTU_DISCOVER, 6);
        set(udp, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
        set(udp, IPPROTO_IP, IP_RECVERR, 9);
        printf("keep alive: %d %d %d\n", option(tcp, IPPROTO_TCP, TCP_KEEPIDLE),
               option(tcp, IPPROTO_TCP, TCP_KEEPINTVL), option(tcp, IPPROTO_TCP, TCP_KEEPCNT));
        close(tcp);
        close(udp);
        close(local);
}

static unsigned polled(int s)
{
        struct pollfd f = {.fd = s, .events = POLLIN | POLLOUT | POLLRDHUP};

        poll(&f, 1, 0);
        return (unsigned)f.revents;
}

/* Until it is so, or two seconds are over. */
static void until(const char *what, int s, unsigned wanted)
{
        for (int i = 0; i < 200 && polled(s) != wanted; i++)
                usleep(10000);
        printf("%s: %x\n", what, polled(s));
}

static void connection(void)
{
        struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
        socklen_t size = sizeof(a);
        int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), server;
        char text[8];

        printf("before: %x\n", polled(client));
        ASK(bind(listener, (struct sockaddr *)&a, sizeof(a)));
        ASK(listen(listener, 5));
        getsockname(listener, (struct sockaddr *)&a, &size);
        printf("listener: %x\n", polled(listener));
        ASK(connect(client, (struct sockaddr *)&a, sizeof(a)));
        server = accept(listener, NULL, NULL);
        until("connected", client, POLLOUT);
        until("connected", server, POLLOUT);
        ASK(write(client, "text", 4));
        ASK(shutdown(client, SHUT_WR));
        until("one end", server, POLLIN | POLLOUT | POLLRDHUP);
        show_number("read", read(server, text, sizeof(text)));
        show_number("read", read(server, text, sizeof(text)));
        ASK(shutdown(server, SHUT_WR));
        until("both ends", server, POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
        until("both ends", client, POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
        printf("errors: %d %d\n", option(server, SOL_SOCKET, SO_ERROR), option(client, SOL_SOCKET, SO_ERROR));
        close(server);
        close(client);
        close(listener);
}

/* A connection is passed on, and it is still one. */
static void passed(void)
{
        int ends[2], tcp = socket(AF_INET, SOCK_STREAM, 0), got = -1;
        char byte = 0, space[CMSG_SPACE(sizeof(int))] = {0};
        struct iovec v = {&byte, 1};
        struct msghdr m = {
                .msg_iov = &v, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof(space)};
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);

        if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
                return;
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(c), &tcp, sizeof(tcp));
        show_number("sent", sendmsg(ends[0], &m, 0));
        m.msg_controllen = sizeof(space);
        show_number("received", recvmsg(ends[1], &m, MSG_CMSG_CLOEXEC));
        printf("flags %x\n", (unsigned)m.msg_flags);
        memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(got));
        printf("type %d, domain %d, closed %d\n", option(got, SOL_SOCKET, SO_TYPE),
               option(got, SOL_SOCKET, SO_DOMAIN), fcntl(got, F_GETFD));
        kind("passed", got);
}

static void on_alarm(int signal)
{
        (void)signal;
}

/* A signal ends a call that has moved a part, and the part is its answer: what has room in a socket differs among systems. */
static void cut_short(int kind_of, int flags)
{
        static char bytes[4 << 20];
        struct sigaction a = {.sa_handler = on_alarm, .sa_flags = flags};
        int ends[2];
        long sent;

        sigaction(SIGALRM, &a, NULL);
        if (socketpair(AF_UNIX, kind_of, 0, ends))
                return;
        sent = RUNG(send(ends[0], bytes, sizeof(bytes), 0));
        printf("sent a part: %d\n", sent > 0 && sent < (long)sizeof(bytes));
        if (flags)
                return;
        show_number("no room", RUNG(write(ends[0], bytes, sizeof(bytes))));
        for (long got, left = sent; left > 0; left -= got) {
                got = read(ends[1], bytes, sizeof(bytes));
                if (got <= 0)
                        break;
        }
        ASK(write(ends[0], "part", 4));
        show_number("received a part", RUNG(recv(ends[1], bytes, 10, MSG_WAITALL)));
        show_number("nothing", RUNG(recv(ends[1], bytes, 10, MSG_WAITALL)));
        sent = RUNG(write(ends[0], bytes, sizeof(bytes)));
        printf("written a part: %d\n", sent > 0 && sent < (long)sizeof(bytes));
        close(ends[0]);
        close(ends[1]);
}

int main(void)
{
        kinds();
        options();
        connection();
        passed();
        cut_short(SOCK_STREAM, 0);
        cut_short(SOCK_STREAM, SA_RESTART);
        return 0;
}
