/* SPDX-License-Identifier: BSD-2-Clause */
/* What ioctl tells of interfaces, of the one that every machine has; and that no address is this machine, for who sends and connects. */
#define _GNU_SOURCE
#include "ask.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PEER = 0x8917 };

static struct ifreq asked;
static int kind;

static long ask_of(const char *name, unsigned long request)
{
        memset(&asked, 0x55, sizeof(asked));
        snprintf(asked.ifr_name, sizeof(asked.ifr_name), "%s", name);
        return ioctl(kind, request, &asked);
}

static void address(const char *what, unsigned long request)
{
        const struct sockaddr_in *a = (const struct sockaddr_in *)&asked.ifr_addr;

        show(what, ask_of("lo", request));
        printf("    family %u, port %u, %s\n", a->sin_family, a->sin_port, inet_ntoa(a->sin_addr));
}

static void one(void)
{
        address("an address", SIOCGIFADDR);
        address("of its peer", PEER);
        address("for all", SIOCGIFBRDADDR);
        address("a mask", SIOCGIFNETMASK);
        show("flags", ask_of("lo", SIOCGIFFLAGS));
        printf("    %x\n", (unsigned short)asked.ifr_flags);
        show("a size", ask_of("lo", SIOCGIFMTU));
        printf("    %d\n", asked.ifr_mtu);
        show("a metric", ask_of("lo", SIOCGIFMETRIC));
        printf("    %d\n", asked.ifr_metric);
        show("a length", ask_of("lo", SIOCGIFTXQLEN));
        printf("    %d\n", asked.ifr_qlen);
        show("hardware", ask_of("lo", SIOCGIFHWADDR));
        printf("    family %u, %02x:%02x\n", asked.ifr_hwaddr.sa_family, asked.ifr_hwaddr.sa_data[0],
               asked.ifr_hwaddr.sa_data[5]);
        show("a number", ask_of("lo", SIOCGIFINDEX));
        printf("    %d\n", asked.ifr_ifindex);
        show("its name", ioctl(kind, SIOCGIFNAME, &asked));
        printf("    %s\n", asked.ifr_name);
        show("no interface", ask_of("none0", SIOCGIFFLAGS));
        show("nor an address", ask_of("lop", SIOCGIFADDR));
        asked.ifr_ifindex = 4711;
        show("nor a number", ioctl(kind, SIOCGIFNAME, &asked));
        show("nowhere", ioctl(kind, SIOCGIFFLAGS, (void *)8));
}

static void all(void)
{
        struct ifreq each[64];
        struct ifconf list = {.ifc_len = 0};

        show("how many bytes", ioctl(kind, SIOCGIFCONF, &list));
        show("at least one",
             list.ifc_len >= (int)sizeof(each[0]) && list.ifc_len % (int)sizeof(each[0]) == 0);
        list.ifc_len = sizeof(each[0]) + 5;
        list.ifc_req = each;
        show("room for one", ioctl(kind, SIOCGIFCONF, &list));
        printf("    %d, %s, %s\n", list.ifc_len, each[0].ifr_name,
               inet_ntoa(((struct sockaddr_in *)&each[0].ifr_addr)->sin_addr));
        list.ifc_len = 3;
        show("room for none", ioctl(kind, SIOCGIFCONF, &list));
        show_number("none", list.ifc_len);
        show("nowhere", ioctl(kind, SIOCGIFCONF, (void *)8));
}

/* The address of a socket that is bound to any address. */
static socklen_t bound(int family, int s, void *to, socklen_t bytes)
{
        memset(to, 0, bytes);
        *(sa_family_t *)to = (sa_family_t)family;
        show("bound", bind(s, to, bytes));
        getsockname(s, to, &bytes);
        return bytes;
}

static void to_here(int family, const char *where)
{
        union {
                struct sockaddr a;
                struct sockaddr_in four;
                struct sockaddr_in6 six;
        } name, peer;
        socklen_t bytes = family == AF_INET ? sizeof(name.four) : sizeof(name.six), size = bytes;
        int in = socket(family, SOCK_DGRAM, 0), out = socket(family, SOCK_DGRAM, 0),
            l = socket(family, SOCK_STREAM, 0), c = socket(family, SOCK_STREAM, 0);
        char text[INET6_ADDRSTRLEN] = "", got[8] = "";

        puts(where);
        bound(family, in, &name, bytes);
        show("sent", sendto(out, "here", 4, 0, &name.a, bytes));
        show("come", recv(in, got, sizeof(got), 0));
        show("connected", connect(out, &name.a, bytes));
        show("sent again", send(out, "again", 5, 0));
        show("come again", recv(in, got, sizeof(got), 0));
        bound(family, l, &name, bytes);
        show("listening", listen(l, 1));
        show("a connection", connect(c, &name.a, bytes));
        show("its peer", getpeername(c, &peer.a, &size));
        puts(inet_ntop(family, family == AF_INET ? (void *)&peer.four.sin_addr : (void *)&peer.six.sin6_addr,
                       text, sizeof(text)));
        close(in);
        close(out);
        close(l);
        close(c);
}

static void wait_until(int s, unsigned long request, int wanted, const char *what)
{
        int bytes = -1, tries = 0;

        do {
                ioctl(s, request, &bytes);
                usleep(10000);
        } while (bytes != wanted && ++tries < 500);
        show_number(what, bytes);
}

/* What was sent is acknowledged after a while, whether or not it is read. */
static void on_their_way(void)
{
        struct sockaddr_in a;
        int l = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), both[2], s, bytes = 5;
        char data[1000] = "";

        puts("on their way");
        bound(AF_INET, l, &a, sizeof(a));
        listen(l, 1);
        show("of a listener", ioctl(l, TIOCOUTQ, &bytes));
        show("nor to read", ioctl(l, FIONREAD, &bytes));
        show("of none yet", ioctl(c, TIOCOUTQ, &bytes));
        show_number("none", bytes);
        connect(c, (struct sockaddr *)&a, sizeof(a));
        s = accept(l, NULL, NULL);
        show_number("sent", send(c, data, sizeof(data), 0));
        wait_until(c, TIOCOUTQ, 0, "acknowledged");
        wait_until(s, FIONREAD, sizeof(data), "to be read");
        show("nowhere", ioctl(c, TIOCOUTQ, (void *)8));
        close(l);
        close(c);
        close(s);
        socketpair(AF_UNIX, SOCK_STREAM, 0, both);
        send(both[0], data, 10, 0);
        show("between processes", ioctl(both[0], TIOCOUTQ, &bytes));
        show("some", bytes >= 10);
        recv(both[1], data, sizeof(data), 0);
        ioctl(both[0], TIOCOUTQ, &bytes);
        show_number("none", bytes);
        close(both[0]);
        close(both[1]);
}

int main(void)
{
        static const int families[] = {AF_INET, AF_UNIX, AF_INET6};

        for (int i = 0; i < 3; i++) {
                kind = socket(families[i], SOCK_DGRAM, 0);
                one();
                all();
                close(kind);
        }
        to_here(AF_INET, "by IPv4");
        to_here(AF_INET6, "by IPv6");
        on_their_way();
        return 0;
}
