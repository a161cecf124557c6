/* SPDX-License-Identifier: BSD-2-Clause */
/* What the system reports about the network and about drivers that are programs. */
#include "os/net/name.h"
#include "os/net/socket.h"
#include "os/process/driver.h"
#include "os/server/report.h"

enum { KIB = 1024 };

static void add_addresses(struct text *t, const struct socket_info *info)
{
        for (unsigned i = 0; i < SOCKET_ADDRESSES; i++) {
                const struct socket_name *a = &info->address[i];

                if (!a->family)
                        continue;
                text_add(t, "     %s ", a->family == 4 ? "inet" : "inet6");
                name_add(t, a);
                if (a->family == 4) {
                        text_add(t, " netmask ");
                        name_add(t, &info->mask);
                        text_add(t, " gateway ");
                        name_add(t, &info->gateway);
                }
                text_add(t, "\n");
        }
}

static void add_server(struct text *t, const char *of, const struct socket_name *name)
{
        if (!name->family)
                return;
        text_add(t, "     %s ", of);
        name_add(t, name);
        text_add(t, "\n");
}

void report_ifconfig(struct text *t)
{
        const struct socket_info *info = sockets_info();
        const uint8_t *mac = info ? info->mac : NULL;

        if (!info) {
                text_add(t, "there is no network: no card, or its driver does not run (see drivers)\n");
                return;
        }
        text_add(t, "en0: %s, %02x:%02x:%02x:%02x:%02x:%02x\n", info->up ? "up" : "down", mac[0], mac[1],
                 mac[2], mac[3], mac[4], mac[5]);
        add_addresses(t, info);
        for (unsigned i = 0; i < SOCKET_ADDRESSES; i++)
                add_server(t, "dns", &info->dns[i]);
        for (unsigned i = 0; i < SOCKET_TIMES; i++)
                add_server(t, "ntp", &info->ntp[i]);
        text_add(t,
                 "     frames: %lu received, %lu sent, %lu copied, %lu lost (%lu empty, %lu without room, "
                 "%lu without memory)\n",
                 info->received, info->sent, info->copied, info->runts + info->full + info->dropped,
                 info->runts, info->full, info->dropped);
        text_add(t, "     memory: %lu of %lu KiB, at most %lu; the card was reset %lu times\n",
                 info->heap_used / KIB, info->heap_size / KIB, info->heap_most / KIB, info->resets);
}

/* The name servers, as programs expect them. */
void report_resolv(struct text *t)
{
        const struct socket_info *info = sockets_info();

        for (unsigned i = 0; info && i < SOCKET_ADDRESSES; i++) {
                if (!info->dns[i].family)
                        continue;
                text_add(t, "nameserver ");
                name_add(t, &info->dns[i]);
                text_add(t, "\n");
        }
}

static const char *state_of(const struct socket *s)
{
        struct socket_status status = socket_status(s);

        if (s->state == SOCKET_LEAVING)
                return "closing";
        if (s->kind != SOCKET_STREAMING)
                return status.flags & SOCKET_CONNECTED ? "connected" : "";
        if (s->listens)
                return "listens";
        if (status.flags & SOCKET_GONE)
                return "over";
        if (status.flags & SOCKET_CONNECTED)
                return status.flags & SOCKET_ENDED ? "ended" : s->shut_out ? "shut" : "connected";
        return s->connecting ? "connects" : "";
}

void report_netstat(struct text *t)
{
        static const char *const kinds[] = {
                [SOCKET_STREAMING] = "tcp", [SOCKET_DATAGRAMS] = "udp", [SOCKET_RAW] = "raw"};
        struct socket *s;

        text_add(t, "%-5s %5s %6s %6s %-10s %s\n", "PROTO", "PID", "IN", "OUT", "STATE", "LOCAL -> REMOTE");
        for (unsigned i = 0; (s = socket_entry(i)) != NULL; i++) {
                struct socket_status status;

                if (s->state == SOCKET_FREE)
                        continue;
                status = socket_status(s);
                text_add(t, "%-5s %5u %6u %6u %-10s ", kinds[s->kind], s->owner, ring_ready(&s->rx),
                         SOCKET_STREAM - ring_ready(&s->tx), state_of(s));
                name_add_port(t, &status.local);
                text_add(t, " -> ");
                name_add_port(t, &status.remote);
                text_add(t, "\n");
        }
}

/* Its interrupt, if it has one. */
static const char *line_of(const struct driver_facts *d)
{
        static char number[12];

        text_print(number, sizeof(number), d->interrupt ? "%lu" : "-", d->interrupt);
        return number;
}

void report_drivers(struct text *t)
{
        struct driver_facts d;

        text_add(t, "%-8s %-12s %-12s %-12s %4s %10s %10s %5s %6s\n", "DRIVER", "COMPATIBLE", "PROGRAM",
                 "REGISTERS", "IRQ", "DMA KiB", "SHARED KiB", "PID", "STARTS");
        for (unsigned i = 0; driver_facts(i, &d); i++) {
                char at[20] = "-";

                if (d.paddr)
                        text_print(at, sizeof(at), "0x%lx", d.paddr);
                text_add(t, "%-8s %-12s %-12s ", d.name, d.compatible, d.program);
                if (d.there)
                        text_add(t, "%-12s %4s %10lu %10lu %5d %6u\n", at, line_of(&d), d.memory / KIB,
                                 d.shared / KIB, d.pid, d.starts);
                else
                        text_add(t, "no such device\n");
        }
}
