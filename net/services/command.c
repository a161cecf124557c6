/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of commands on a connection.  A command that waits for the network (ping, lookup) answers when it is done or has timed
 * out; meanwhile further lines of the connection wait with it. */
#include "net/services/services.h"

#include <lwip/dns.h>
#include <lwip/icmp.h>
#include <lwip/icmp6.h>
#include <lwip/inet_chksum.h>
#include <lwip/prot/icmp.h>
#include <lwip/raw.h>
#include <lwip/sys.h>
#include <lwip/tcp.h>
#include <lwip/timeouts.h>
#include <string.h>

enum { LINE = 128, ANSWER = 8 * 1024, PING_BYTES = 56, PING_MS = 3000, IDLE_POLLS = SERVICE_IDLE_S };

struct session {
        struct tcp_pcb *pcb; /* NULL: the peer has gone while we wait for the network */
        char line[LINE];
        unsigned length, idle;
        bool too_long, waits, pings, quits;
        bool inside; /* serve is running: a command that ends at once continues there */
        struct raw_pcb *raw;
        ip_addr_t host;
        uint16_t sequence;
        uint32_t began;
        struct pbuf *more; /* lines that came meanwhile */
};

static void serve(struct session *s);

static void answer(struct session *s, const struct text *t)
{
        if (s->pcb && tcp_write(s->pcb, t->buffer, (u16_t)t->length, TCP_WRITE_FLAG_COPY) == ERR_OK)
                tcp_output(s->pcb);
}

static void say(struct session *s, const char *format, const char *what, unsigned long number)
{
        char line[256];
        struct text t = {.buffer = line, .size = sizeof(line)};

        text_add(&t, format, what, number);
        answer(s, &t);
}

static void show(struct session *s, void (*make)(struct text *t))
{
        struct text t = {.buffer = mem_malloc(ANSWER), .size = ANSWER};

        if (!t.buffer) {
                say(s, "%s\n", "no memory", 0);
                return;
        }
        make(&t);
        text_mark(&t);
        answer(s, &t);
        mem_free(t.buffer);
}

static void release(struct session *s)
{
        if (s->more)
                pbuf_free(s->more);
        mem_free(s);
}

/* A command that waited is done. */
static void resume(struct session *s)
{
        s->waits = false;
        if (!s->pcb)
                release(s);
        else if (!s->inside)
                serve(s);
}

static void ping_over(struct session *s)
{
        s->pings = false;
        raw_remove(s->raw);
        resume(s);
}

static void ping_timeout(void *arg)
{
        struct session *s = arg;

        say(s, "ping: no answer from %s\n", ipaddr_ntoa(&s->host), 0);
        ping_over(s);
}

static u16_t header_bytes(const struct pbuf *p)
{
        return p->len && (*(u8_t *)p->payload >> 4) == 4 ? IPH_HL_BYTES((const struct ip_hdr *)p->payload)
                                                         : 40;
}

static u8_t ping_answer(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *from)
{
        struct session *s = arg;
        struct icmp_echo_hdr echo;

        (void)pcb;
        if (pbuf_copy_partial(p, &echo, sizeof(echo), header_bytes(p)) != sizeof(echo) ||
            (echo.type != ICMP_ER && echo.type != ICMP6_TYPE_EREP) || echo.seqno != lwip_htons(s->sequence) ||
            !ip_addr_cmp(from, &s->host))
                return 0;
        pbuf_free(p);
        sys_untimeout(ping_timeout, s);
        say(s, "ping: %s answers after %lu ms\n", ipaddr_ntoa(&s->host), sys_now() - s->began);
        ping_over(s);
        return 1;
}

static bool ping_send(struct session *s)
{
        struct pbuf *p = pbuf_alloc(PBUF_IP, sizeof(struct icmp_echo_hdr) + PING_BYTES, PBUF_RAM);
        struct icmp_echo_hdr *echo;
        err_t error;

        if (!p)
                return false;
        memset(p->payload, 'p', p->len);
        echo = p->payload;
        *echo = (struct icmp_echo_hdr){.type = IP_IS_V6(&s->host) ? ICMP6_TYPE_EREQ : ICMP_ECHO,
                                       .seqno = lwip_htons(s->sequence)};
        if (!IP_IS_V6(&s->host))
                echo->chksum = inet_chksum(echo, p->len);
        error = raw_sendto(s->raw, p, &s->host);
        pbuf_free(p);
        return error == ERR_OK;
}

static void ping(struct session *s)
{
        s->raw = raw_new_ip_type(IP_GET_TYPE(&s->host), IP_IS_V6(&s->host) ? IP6_NEXTH_ICMP6 : IP_PROTO_ICMP);
        s->sequence = (uint16_t)LWIP_RAND();
        s->began = sys_now();
        if (!s->raw) {
                say(s, "ping: %s\n", "no memory", 0);
                resume(s);
                return;
        }
        if (IP_IS_V6(&s->host)) {
                s->raw->chksum_reqd = 1;
                s->raw->chksum_offset = 2;
        }
        raw_recv(s->raw, ping_answer, s);
        if (!ping_send(s)) {
                say(s, "ping: no route to %s\n", ipaddr_ntoa(&s->host), 0);
                ping_over(s);
                return;
        }
        sys_timeout(PING_MS, ping_timeout, s);
}

static void found(const char *name, const ip_addr_t *address, void *arg)
{
        struct session *s = arg;

        if (!address) {
                say(s, "%s: not found\n", name, 0);
                resume(s);
                return;
        }
        s->host = *address;
        if (IP_IS_V6(&s->host)) { /* fe80::2 without a zone means our link */
                ip6_addr_assign_zone(ip_2_ip6(&s->host), IP6_UNICAST, netif_default);
        }
        if (s->pings) {
                ping(s);
                return;
        }
        say(s, "%s\n", ipaddr_ntoa(address), 0);
        resume(s);
}

static void look_up(struct session *s, const char *name, bool pings)
{
        ip_addr_t address;
        err_t error;

        s->waits = true;
        s->pings = pings;
        error = dns_gethostbyname(name, &address, found, s);
        if (error == ERR_OK)
                found(name, &address, s);
        else if (error != ERR_INPROGRESS)
                found(name, NULL, s);
}

static void execute(struct session *s)
{
        char *line = s->line;

        if (s->too_long)
                say(s, "%s\n", "a command has at most 127 characters", 0);
        else if (!strcmp(line, "ifconfig"))
                show(s, show_interfaces);
        else if (!strcmp(line, "netstat"))
                show(s, show_connections);
        else if (!strncmp(line, "ping ", 5))
                look_up(s, line + 5, true);
        else if (!strncmp(line, "lookup ", 7))
                look_up(s, line + 7, false);
        else if (!strcmp(line, "quit"))
                s->quits = true;
        else
                say(s, "%s\n", "commands: ifconfig, netstat, ping HOST, lookup NAME, quit", 0);
}

static void put(struct session *s, char c)
{
        if (c == '\r')
                return;
        if (c != '\n') {
                s->too_long = s->too_long || s->length + 1 == LINE;
                if (!s->too_long)
                        s->line[s->length++] = c;
                return;
        }
        s->line[s->length] = 0;
        s->length = 0;
        execute(s);
        s->too_long = false;
}

static void detach(struct session *s)
{
        tcp_arg(s->pcb, NULL);
        tcp_recv(s->pcb, NULL);
        tcp_err(s->pcb, NULL);
        tcp_poll(s->pcb, NULL, 0);
        s->pcb = NULL;
}

/* Lines, as long as none waits for the network. */
static void serve(struct session *s)
{
        struct tcp_pcb *pcb = s->pcb;

        s->inside = true;
        while (s->more && !s->waits && !s->quits) {
                char c = (char)pbuf_get_at(s->more, 0);

                s->more = pbuf_free_header(s->more, 1);
                tcp_recved(pcb, 1);
                put(s, c);
        }
        s->inside = false;
        if (s->quits) {
                tcp_recved(
                        pcb,
                        TCP_WND); /* unread data, or an end that came with the line, would turn our close into a reset */
                detach(s);
                release(s);
                tcp_close(pcb);
        }
}

static err_t on_receive(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t error)
{
        struct session *s = arg;

        (void)pcb, (void)error;
        s->idle = 0;
        if (!p) { /* the answer to its query is dropped */
                struct tcp_pcb *gone = s->pcb;

                detach(s);
                if (!s->waits)
                        release(s);
                tcp_close(gone);
                return ERR_OK;
        }
        if (s->more)
                pbuf_cat(s->more, p);
        else
                s->more = p;
        if (!s->waits)
                serve(s);
        return ERR_OK;
}

static void on_error(void *arg, err_t error)
{
        struct session *s = arg;

        (void)error;
        s->pcb = NULL;
        if (!s->waits)
                release(s);
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
        struct session *s = arg;

        if (s->waits || ++s->idle < IDLE_POLLS)
                return ERR_OK;
        detach(s);
        release(s);
        tcp_abort(pcb);
        return ERR_ABRT;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t error)
{
        struct session *s = error == ERR_OK && pcb ? mem_calloc(1, sizeof(*s)) : NULL;

        (void)arg;
        if (!s)
                return ERR_MEM;
        s->pcb = pcb;
        tcp_arg(pcb, s);
        tcp_recv(pcb, on_receive);
        tcp_err(pcb, on_error);
        tcp_poll(pcb, on_poll, 2);
        return ERR_OK;
}

bool command_start(void)
{
        struct tcp_pcb *tcp = tcp_new_ip_type(IPADDR_TYPE_ANY);

        if (!tcp || tcp_bind(tcp, IP_ANY_TYPE, COMMAND_PORT) != ERR_OK || !(tcp = tcp_listen(tcp)))
                return false;
        tcp_accept(tcp, on_accept);
        return true;
}
