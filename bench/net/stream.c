/* SPDX-License-Identifier: BSD-2-Clause */
/* The cost of a program on the network, the same binary on the starter OS and as the first process of Linux: UDP echo on port 7, on port 9
 * a service that reads everything, on port 19 one that sends until the other side ends.  As the first process it loads the modules of the
 * card and takes the address 192.0.2.10/24. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../first_process.h"

static char data[16384];

static void set_address(int s, unsigned long what, const char *address)
{
        struct ifreq r = {.ifr_name = "eth0"};
        struct sockaddr_in *in = (struct sockaddr_in *)&r.ifr_addr;

        in->sin_family = AF_INET;
        inet_pton(AF_INET, address, &in->sin_addr);
        if (ioctl(s, what, &r))
                perror("address");
}

static void configure(void)
{
        static const char *const modules[] = {"virtio_mmio", "failover", "net_failover", "virtio_net"};
        struct ifreq up = {.ifr_name = "eth0", .ifr_flags = IFF_UP | IFF_RUNNING};
        int s = socket(AF_INET, SOCK_DGRAM, 0);

        for (unsigned i = 0; i < sizeof(modules) / sizeof(*modules); i++)
                load(modules[i]);
        set_address(s, SIOCSIFADDR, "192.0.2.10");
        set_address(s, SIOCSIFNETMASK, "255.255.255.0");
        if (ioctl(s, SIOCSIFFLAGS, &up))
                perror("up");
        close(s);
}

static int open_port(int kind, int port)
{
        struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
        int s = socket(AF_INET, kind, 0);

        if (bind(s, (struct sockaddr *)&own, sizeof(own)) || (kind == SOCK_STREAM && listen(s, 4)))
                perror("port");
        return s;
}

static void echo(int s)
{
        struct sockaddr_in peer;
        socklen_t size = sizeof(peer);
        ssize_t n = recvfrom(s, data, sizeof(data), 0, (struct sockaddr *)&peer, &size);

        if (n >= 0)
                sendto(s, data, (size_t)n, 0, (struct sockaddr *)&peer, size);
}

static void serve(int listener, int writes)
{
        int s = accept(listener, NULL, NULL);

        if (writes) {
                while (write(s, data, sizeof(data)) > 0)
                        ;
        } else {
                while (read(s, data, sizeof(data)) > 0)
                        ;
        }
        close(s);
}

int main(void)
{
        struct pollfd p[3] = {{.events = POLLIN}, {.events = POLLIN}, {.events = POLLIN}};

        if (getpid() == 1)
                configure();
        signal(SIGPIPE, SIG_IGN);
        p[0].fd = open_port(SOCK_DGRAM, 7);
        p[1].fd = open_port(SOCK_STREAM, 9);
        p[2].fd = open_port(SOCK_STREAM, 19);
        puts("stream: ready");
        while (poll(p, 3, -1) > 0) {
                if (p[0].revents)
                        echo(p[0].fd);
                if (p[1].revents)
                        serve(p[1].fd, 0);
                if (p[2].revents)
                        serve(p[2].fd, 1);
        }
        return 1;
}
