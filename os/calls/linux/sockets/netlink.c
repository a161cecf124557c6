/* SPDX-License-Identifier: BSD-2-Clause */
/* See netlink.h.  Groups that are told of changes have no members: who wants to become one is refused. */
#include "os/calls/linux/sockets/netlink.h"
#include "base/text.h"
#include "os/calls/linux/sockets/locals.h"

enum { RAW = 3, DATAGRAM = 2, TYPES = 11, TYPE_MASK = 15 };

/* The address of one, as programs know it. */
struct netlink_name {
        uint16_t family, pad;
        uint32_t port, groups;
};

/* --- making and naming --- */

long posix_netlink_socket(struct process *p, seL4_Word type, seL4_Word protocol)
{
        enum { ROUTES = 0 };
        seL4_Word plain = type & TYPE_MASK;
        struct socket *s;

        if (plain >= TYPES)
                return -SOS_EINVAL;
        if (plain != RAW && plain != DATAGRAM)
                return -SOS_ESOCKTNOSUPPORT;
        if ((uint32_t)protocol != ROUTES)
                return -SOS_EPROTONOSUPPORT;
        s = local_new(LOCAL_DATAGRAM, &(struct sender){.pid = p->leader->pid}, p->leader->family);
        if (!s)
                return -SOS_ENFILE;
        s->netlink.type = (uint8_t)plain;
        return posix_give_socket(p, s, (uint32_t)type);
}

static bool is_taken(uint32_t port)
{
        for (unsigned i = 0; i < LOCALS; i++) {
                const struct socket *s = local_entry(i);

                if (s->state == SOCKET_USED && s->netlink.type && s->netlink.port == port)
                        return true;
        }
        return false;
}

/* The number of its process, or, from the second one on, one that no process has. */
static void bind_any(const struct process *p, struct socket *s)
{
        enum { BEHIND = -4097 };
        uint32_t port = (uint32_t)p->leader->pid;

        for (int other = BEHIND; is_taken(port); other--)
                port = (uint32_t)other;
        s->netlink.port = port;
}

/* The address in the second and third argument of the call, or of a message. */
static long read_name(struct process *p, seL4_Word va, seL4_Word bytes, struct netlink_name *name)
{
        if (bytes < sizeof(*name) || bytes > SOCKADDR_MAX)
                return -SOS_EINVAL;
        if (!space_read(p->space, va, name, sizeof(*name)))
                return -SOS_EFAULT;
        return name->family == AF_NETLINK ? 0 : -SOS_EINVAL;
}

long posix_netlink_bind(struct process *p, struct socket *s)
{
        struct netlink_name name;
        long error = read_name(p, p->call.argument[1], p->call.argument[2], &name);

        if (error)
                return error;
        if (s->netlink.port && name.port != s->netlink.port)
                return -SOS_EINVAL;
        if (name.groups)
                return -SOS_EPERM;
        if (s->netlink.port)
                return 0;
        if (name.port && is_taken(name.port))
                return -SOS_EADDRINUSE;
        s->netlink.port = name.port;
        if (!name.port)
                bind_any(p, s);
        return 0;
}

/* What is sent goes to the system in any case. */
static long to_system(const struct netlink_name *name)
{
        return name->port || name->groups ? -SOS_EPERM : 0;
}

long posix_netlink_connect(struct process *p, struct socket *s)
{
        struct netlink_name name;
        uint16_t family;
        long error = posix_family(p, &family);

        if (error || family == AF_UNSPEC)
                return error;
        error = read_name(p, p->call.argument[1], p->call.argument[2], &name);
        if (!error)
                error = to_system(&name);
        if (!error && !s->netlink.port)
                bind_any(p, s);
        return error;
}

long posix_netlink_name(struct process *p, uint32_t port, seL4_Word va, seL4_Word length_va)
{
        struct netlink_name name = {.family = AF_NETLINK, .port = port};
        uint32_t room, length = sizeof(name);

        if (!space_read(p->space, length_va, &room, sizeof(room)))
                return -SOS_EFAULT;
        if (room > INT32_MAX)
                return -SOS_EINVAL;
        return space_write(p->space, va, &name, room < length ? room : length) &&
                               space_write(p->space, length_va, &length, sizeof(length))
                       ? 0
                       : -SOS_EFAULT;
}

/* Errors are told without the request that they are about, or may say more than their number: none here has more to say.  The other
 * options are off, and stay so. */
enum { WITH_SENDER = 3, TELLS_ERRORS = 4, NO_LOSSES = 5, CAPPED = 10, EXTENDED = 11, STRICT = 12 };

long posix_netlink_set_option(struct process *p, struct socket *s)
{
        seL4_Word name = p->call.argument[2];
        int32_t value = 0; /* of fewer bytes, as on Linux */

        if (p->call.argument[1] != SOL_NETLINK || (name != CAPPED && name != EXTENDED))
                return -SOS_ENOPROTOOPT;
        if (p->call.argument[4] >= sizeof(value) &&
            !space_read(p->space, p->call.argument[3], &value, sizeof(value)))
                return -SOS_EFAULT;
        *(name == CAPPED ? &s->netlink.capped : &s->netlink.extended) = value;
        return 0;
}

long posix_netlink_option(const struct socket *s, seL4_Word name)
{
        switch (name) {
        case CAPPED:
                return s->netlink.capped;
        case EXTENDED:
                return s->netlink.extended;
        case WITH_SENDER:
        case TELLS_ERRORS:
        case NO_LOSSES:
        case STRICT:
                return 0;
        default:
                return -SOS_ENOPROTOOPT;
        }
}

/* --- answers --- */

void netlink_begin(struct netlink_text *t, uint16_t type, uint16_t flags)
{
        const struct netlink_head head = {
                .type = type, .flags = flags, .serial = t->request->serial, .port = t->s->netlink.port};

        t->part = t->bytes;
        netlink_add(t, &head, sizeof(head));
}

/* What has no room is left out: the largest answer has (routes.c). */
void netlink_add(struct netlink_text *t, const void *from, uint32_t bytes)
{
        uint32_t whole = (bytes + 3) & ~3u;

        if (whole > NETLINK_ANSWER - t->bytes)
                return;
        memset(t->data + t->bytes, 0, whole);
        memcpy(t->data + t->bytes, from, bytes);
        t->bytes += whole;
        whole = t->bytes - t->part;
        memcpy(t->data + t->part, &whole, sizeof(whole));
}

void netlink_attribute(struct netlink_text *t, uint16_t type, const void *from, uint16_t bytes)
{
        uint16_t head[2] = {(uint16_t)(sizeof(head) + bytes), type};

        netlink_add(t, head, sizeof(head));
        netlink_add(t, from, bytes);
}

void netlink_number(struct netlink_text *t, uint16_t type, uint32_t value)
{
        netlink_attribute(t, type, &value, sizeof(value));
}

void netlink_send(struct netlink_text *t)
{
        struct local_message head = {.bytes = t->bytes};
        struct ring *in = &t->s->in;

        if (t->bytes && ring_ready(in) < sizeof(head) + t->bytes) {
                t->s->error = SOS_ENOBUFS;
        } else if (t->bytes) {
                ring_put_at(in, sizeof(head), t->data, t->bytes);
                ring_put_at(in, 0, &head, sizeof(head));
                ring_move(in, (uint32_t)sizeof(head) + t->bytes);
        }
        t->bytes = 0;
        local_moved(t->s);
}

/* An error, with the request it is about; or that it was carried out. */
static void acknowledge(struct netlink_text *t, long error)
{
        bool capped = !error || t->s->netlink.capped;
        int32_t number = (int32_t)error;

        netlink_begin(t, NETLINK_ERROR, capped ? NETLINK_CAPPED : 0);
        netlink_add(t, &number, sizeof(number));
        netlink_add(t, t->request, capped ? sizeof(*t->request) : t->request->bytes);
        netlink_send(t);
}

static void answer(struct netlink_text *t)
{
        const struct netlink_head *q = t->request;
        long error = 0;

        if (q->flags & NETLINK_ASKS && q->type >= NETLINK_FIRST && q->bytes > sizeof(*q))
                error = routes_answer(t, q + 1, q->bytes - (uint32_t)sizeof(*q));
        if (error < 0 || (!error && q->flags & NETLINK_ACK))
                acknowledge(t, error);
}

/* --- asking --- */

/* One behind the other, each from a multiple of 4 on. */
static void answer_all(struct socket *s, char *at, size_t bytes)
{
        static struct netlink_text text;

        text.listed = false;
        while (bytes >= sizeof(struct netlink_head)) {
                const struct netlink_head *q = (const struct netlink_head *)(void *)at;
                size_t whole = ((size_t)q->bytes + 3) & ~(size_t)3;

                if (q->bytes < sizeof(*q) || q->bytes > bytes)
                        return;
                text.s = s;
                text.request = q;
                text.bytes = 0;
                answer(&text);
                at += whole;
                bytes -= whole < bytes ? whole : bytes;
        }
}

long posix_netlink_send(struct process *p, const struct message *m, seL4_Word bytes)
{
        static _Alignas(RING_LINE) char memory[RING_HEAD + NETLINK_REQUEST]; /* for one step */
        struct message whole = *m;
        struct netlink_name name = {0};
        struct ring step;
        long error = 0;

        if (!bytes)
                return -SOS_ENODATA;
        if (m->name)
                error = read_name(p, m->name, m->name_bytes, &name);
        if (!error)
                error = to_system(&name);
        if (!error && (bytes > NETLINK_REQUEST || m->count > NETLINK_PIECES))
                error = -SOS_EMSGSIZE;
        if (error)
                return error;
        ring_open(&step, memory, NETLINK_REQUEST, 1, true);
        whole.at_once = true;
        error = message_copy(p, &whole, 0, &step, 0, bytes);
        if (error != (long)bytes)
                return error;
        if (!m->s->netlink.port)
                bind_any(p, m->s);
        answer_all(m->s, step.items, bytes);
        return (long)bytes;
}
