/* SPDX-License-Identifier: BSD-2-Clause */
/* Datagrams that did not arrive: the ICMP message that says so becomes an error of the socket that sent it, if that is connected to
 * the destination.  lwIP itself drops such messages. */
#include "net/program/sockets.h"

#include <lwip/icmp.h>
#include <lwip/ip.h>
#include <lwip/raw.h>
#include <lwip/udp.h>

#include "sos/proto.h"

enum { ICMP = 1, UDP = 17, ICMP_HEAD = 8, PORT_CODE = 3, HOST_CODE = 1 };

static int error_of(uint8_t code)
{
        return code == PORT_CODE ? SOS_ECONNREFUSED : code == HOST_CODE ? SOS_EHOSTUNREACH : SOS_ENETUNREACH;
}

static void tell(uint16_t from, uint16_t to, const ip_addr_t *remote, int error)
{
        for (uint32_t i = 1; i < SOCKETS; i++) {
                struct sock *s = sockets_at(i);

                if (s->udp && s->udp->flags & UDP_FLAGS_CONNECTED && s->udp->local_port == from &&
                    s->udp->remote_port == to && ip_addr_cmp(&s->udp->remote_ip, remote)) {
                        sockets_status(s)->error = error;
                        sockets_status(s)->errors++;
                        sockets_changed(s);
                }
        }
}

/* ICMP header, then the beginning of the packet that was sent: its header and the ports. */
static u8_t on_icmp(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *from)
{
        u16_t at = ip_current_header_tot_len();
        uint8_t head[2], ports[4];
        struct ip_hdr sent;
        ip_addr_t remote;

        (void)arg, (void)pcb, (void)from;
        if (pbuf_copy_partial(p, head, sizeof(head), at) != sizeof(head) || head[0] != ICMP_DUR)
                return 0;
        at += ICMP_HEAD;
        if (pbuf_copy_partial(p, &sent, sizeof(sent), at) != sizeof(sent) || IPH_PROTO(&sent) != UDP ||
            pbuf_copy_partial(p, ports, sizeof(ports), (u16_t)(at + IPH_HL_BYTES(&sent))) != sizeof(ports))
                return 0;
        ip_addr_copy_from_ip4(remote, sent.dest);
        tell((uint16_t)(ports[0] << 8 | ports[1]), (uint16_t)(ports[2] << 8 | ports[3]), &remote,
             error_of(head[1]));
        return 0;
}

void unreachable_open(void)
{
        struct raw_pcb *pcb = raw_new(ICMP);

        if (pcb)
                raw_recv(pcb, on_icmp, NULL);
}
