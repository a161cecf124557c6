/* SPDX-License-Identifier: BSD-2-Clause */
/* The echo services.  A datagram goes back without being copied.  A connection sends back what it has received and accepts no more
 * than it can: what waits counts as not received, so the window of a peer that does not read closes. */
#include "net/services/services.h"

#include <lwip/tcp.h>
#include <lwip/udp.h>

struct echo {
        struct pbuf *waits; /* received, not yet written */
        unsigned idle;      /* polls without anything */
        bool ends;          /* the peer will send no more */
};

enum { POLL_TICKS = 2, IDLE_POLLS = SERVICE_IDLE_S }; /* of half a second: a poll each second */

static void on_datagram(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from, u16_t port)
{
        (void)arg;
        udp_sendto(pcb, p, from, port);
        pbuf_free(p);
}

static void forget(struct echo *e, struct tcp_pcb *pcb)
{
        tcp_arg(pcb, NULL);
        tcp_recv(pcb, NULL);
        tcp_sent(pcb, NULL);
        tcp_err(pcb, NULL);
        tcp_poll(pcb, NULL, 0);
        if (e->waits)
                pbuf_free(e->waits);
        mem_free(e);
}

/* Without memory for the last segment lwIP tries again by itself. */
static err_t finish(struct echo *e, struct tcp_pcb *pcb)
{
        forget(e, pcb);
        tcp_close(pcb);
        return ERR_OK;
}

static err_t write_waiting(struct echo *e, struct tcp_pcb *pcb)
{
        while (e->waits) {
                struct pbuf *p = e->waits;

                if (p->len > tcp_sndbuf(pcb) ||
                    tcp_write(pcb, p->payload, p->len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
                        break; /* on_sent or on_poll goes on */
                }
                e->waits = p->next;
                if (e->waits)
                        pbuf_ref(e->waits);
                tcp_recved(pcb, p->len);
                pbuf_free(p);
        }
        tcp_output(pcb);
        return e->ends && !e->waits ? finish(e, pcb) : ERR_OK;
}

static err_t on_receive(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t error)
{
        struct echo *e = arg;

        (void)error;
        e->idle = 0;
        e->ends = e->ends || !p;
        if (p && e->waits)
                pbuf_cat(e->waits, p);
        else if (p)
                e->waits = p;
        return write_waiting(e, pcb);
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t length)
{
        struct echo *e = arg;

        (void)length;
        e->idle = 0;
        return write_waiting(e, pcb);
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
        struct echo *e = arg;

        if (++e->idle < IDLE_POLLS)
                return write_waiting(e, pcb);
        forget(e, pcb);
        tcp_abort(pcb);
        return ERR_ABRT;
}

static void on_error(void *arg, err_t error)
{
        struct echo *e = arg;

        (void)error;
        if (e->waits)
                pbuf_free(e->waits);
        mem_free(e);
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t error)
{
        struct echo *e = error == ERR_OK && pcb ? mem_calloc(1, sizeof(*e)) : NULL;

        (void)arg;
        if (!e)
                return ERR_MEM; /* lwIP aborts it */
        tcp_arg(pcb, e);
        tcp_recv(pcb, on_receive);
        tcp_sent(pcb, on_sent);
        tcp_err(pcb, on_error);
        tcp_poll(pcb, on_poll, POLL_TICKS);
        return ERR_OK;
}

bool echo_start(void)
{
        struct udp_pcb *udp = udp_new_ip_type(IPADDR_TYPE_ANY);
        struct tcp_pcb *tcp = tcp_new_ip_type(IPADDR_TYPE_ANY);

        if (!udp || !tcp || udp_bind(udp, IP_ANY_TYPE, ECHO_PORT) != ERR_OK ||
            tcp_bind(tcp, IP_ANY_TYPE, ECHO_PORT) != ERR_OK)
                return false;
        udp_recv(udp, on_datagram, NULL);
        tcp = tcp_listen(tcp);
        if (tcp)
                tcp_accept(tcp, on_accept);
        return tcp != NULL;
}
