/* SPDX-License-Identifier: BSD-2-Clause */
/* The first process of a Linux that is measured: the modules in their order, the address 192.0.2.10/24, UDP echo on
 * port 7. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void load(const char *name)
{
        char path[64];
        int file;

        snprintf(path, sizeof(path), "/%s.ko", name);
        file = open(path, O_RDONLY);
        if (file < 0 || syscall(SYS_finit_module, file, "", 0))
                perror(path);
        close(file);
}

static void set_address(int s, unsigned long what, const char *address)
{
        struct ifreq r = {.ifr_name = "eth0"};
        struct sockaddr_in *in = (struct sockaddr_in *)&r.ifr_addr;

        in->sin_family = AF_INET;
        inet_pton(AF_INET, address, &in->sin_addr);
        if (ioctl(s, what, &r))
                perror("address");
}

int main(void)
{
        static const char *const modules[] = {"virtio_mmio", "failover", "net_failover", "virtio_net"};
        struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(7)}, peer;
        struct ifreq up = {.ifr_name = "eth0", .ifr_flags = IFF_UP | IFF_RUNNING};
        char data[2048];
        int s = socket(AF_INET, SOCK_DGRAM, 0);

        for (unsigned i = 0; i < sizeof(modules) / sizeof(*modules); i++)
                load(modules[i]);
        set_address(s, SIOCSIFADDR, "192.0.2.10");
        set_address(s, SIOCSIFNETMASK, "255.255.255.0");
        if (ioctl(s, SIOCSIFFLAGS, &up) || bind(s, (struct sockaddr *)&own, sizeof(own)))
                perror("up");
        puts("echo: ready");
        for (;;) {
                socklen_t size = sizeof(peer);
                ssize_t n = recvfrom(s, data, sizeof(data), 0, (struct sockaddr *)&peer, &size);

                if (n >= 0)
                        sendto(s, data, (size_t)n, 0, (struct sockaddr *)&peer, size);
        }
}
