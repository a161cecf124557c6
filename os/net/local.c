/* SPDX-License-Identifier: BSD-2-Clause */
/* See local.h. */
#include "os/net/local.h"
#include "base/text.h"
#include "os/core/object.h"
#include "os/files/node.h"
#include "sos/proto.h"

enum { PAGES = (RING_HEAD + LOCAL_BYTES + 4095) / 4096 };

static struct socket locals[LOCALS];

struct socket *local_entry(unsigned i)
{
        return &locals[i];
}

unsigned local_number(const struct socket *s)
{
        return (unsigned)(s - locals);
}

/* The last ones are for other families. */
static bool has_its_share(int kin)
{
        unsigned count = 0;

        for (unsigned i = 0; i < LOCALS; i++)
                count += locals[i].state != SOCKET_FREE && locals[i].kin == kin;
        return count >= LOCALS_KIN;
}

struct socket *local_new(enum local_type type, const struct sender *by, int kin)
{
        if (has_its_share(kin))
                return NULL;
        for (unsigned i = 0; i < LOCALS; i++) {
                struct socket *s = &locals[i];

                if (s->state != SOCKET_FREE)
                        continue;
                *s = (struct socket){.state = SOCKET_USED,
                                     .kind = type == LOCAL_STREAM ? SOCKET_STREAMING : SOCKET_DATAGRAMS,
                                     .family = LOCAL,
                                     .protocol = (uint8_t)type,
                                     .owner = (uint32_t)by->pid,
                                     .by = *by,
                                     .kin = kin};
                s->stream = vspace_new_pages(&root_vspace, 0, PAGES, VSPACE_RW);
                if (!s->stream) {
                        s->state = SOCKET_FREE;
                        return NULL;
                }
                ring_open(&s->rx, s->stream, LOCAL_BYTES, 1, false);
                ring_open(&s->in, s->stream, LOCAL_BYTES, 1, true);
                return s;
        }
        return NULL;
}

static void release(struct socket *s)
{
        vspace_free_pages(&root_vspace, s->stream, PAGES);
        s->stream = NULL;
        s->state = SOCKET_FREE;
}

static void connect_ends(struct socket *a, struct socket *b)
{
        a->other = b;
        b->other = a;
        a->peer.family = b->peer.family = LOCAL;
        a->peer_by = b->by;
        b->peer_by = a->by;
}

bool local_pair(enum local_type type, const struct sender *by, int kin, struct socket *end[2])
{
        end[0] = local_new(type, by, kin);
        end[1] = end[0] ? local_new(type, by, kin) : NULL;
        if (end[1])
                connect_ends(end[0], end[1]);
        else if (end[0])
                release(end[0]);
        return end[1];
}

/* --- names --- */

struct socket *local_at(const struct local_name *name, const struct node *n)
{
        for (unsigned i = 0; i < LOCALS; i++) {
                struct socket *s = &locals[i];

                if (s->state != SOCKET_USED || !s->has_name)
                        continue;
                if (n ? s->node == n
                      : !s->node && s->name.bytes == name->bytes &&
                                    !memcmp(s->name.text, name->text, name->bytes))
                        return s;
        }
        return NULL;
}

long local_bind(struct socket *s, const struct local_name *name, struct node *n)
{
        if (!n && local_at(name, NULL))
                return -SOS_EADDRINUSE;
        if (n)
                node_open(n);
        s->node = n;
        s->name = *name;
        s->has_name = true;
        return 0;
}

/* Five digits behind a NUL, as Linux has them. */
void local_bind_any(struct socket *s)
{
        static uint32_t last;
        struct local_name name;

        do {
                char text[8];

                text_print(text, sizeof(text), "%05x", ++last & 0xfffff);
                name = (struct local_name){.bytes = 6};
                memcpy(name.text + 1, text, 5);
        } while (local_at(&name, NULL));
        local_bind(s, &name, NULL);
}

/* --- connections --- */

long local_listen(struct socket *s, uint32_t waiting)
{
        if (s->protocol == LOCAL_DATAGRAM)
                return -SOS_EOPNOTSUPP;
        if (!s->has_name || s->other || s->parted)
                return -SOS_EINVAL;
        s->listens = true;
        s->backlog = waiting;
        wait_wake(&s->changed);
        return 0;
}

static void stand_in_line(struct socket *l, struct socket *n)
{
        struct socket **at = &l->next;

        while (*at)
                at = &(*at)->next;
        *at = n;
        l->waiting++;
        wait_wake(&l->changed);
}

/* The error if nobody can connect there; 0: they can. */
static long refusal(const struct socket *s, const struct socket *l)
{
        if (!l || (l->kind == s->kind && !l->listens) || l->shut_in)
                return -SOS_ECONNREFUSED;
        if (l->protocol != s->protocol)
                return -SOS_EPROTOTYPE;
        if (l->waiting > l->backlog)
                return -SOS_EAGAIN;
        return s->other || s->parted ? -SOS_EISCONN : s->listens ? -SOS_EINVAL : 0;
}

long local_connect(struct socket *s, struct socket *l)
{
        long error = refusal(s, l);
        struct socket *n;

        if (error)
                return error;
        n = local_new((enum local_type)s->protocol, &l->by, s->kin); /* whoever asks uses up its own share */
        if (!n)
                return -SOS_ENOBUFS;
        connect_ends(s, n);
        n->name = l->name;
        n->passes = l->passes;
        stand_in_line(l, n);
        return 0;
}

struct socket *local_accept(struct socket *s)
{
        struct socket *n = s->next;

        if (n) {
                s->next = n->next;
                n->next = NULL;
                s->waiting--;
                wait_wake(&s->changed); /* there is room for one more */
        }
        return n;
}

/* --- datagrams --- */

void local_send_to(struct socket *s, struct socket *to)
{
        s->other = to;
        s->refused = false;
        s->peer.family = to ? LOCAL : 0;
        wait_wake(&s->changed);
}

long local_refuses(struct socket *s, const struct socket *to)
{
        if (!to) {
                bool refused = s->refused;

                s->refused = false;
                return refused ? -SOS_ECONNREFUSED : -SOS_ENOTCONN;
        }
        if (to->protocol != s->protocol)
                return -SOS_EPROTOTYPE;
        if (to->other && to->other != s)
                return -SOS_EPERM;
        return to->shut_in ? -SOS_EPIPE : 0;
}

/* --- what the calls of all sockets ask --- */

struct socket_status local_status(const struct socket *s)
{
        const struct socket *o = s->other;
        struct socket_status status = {.waiting = s->waiting};

        if (s->listens)
                status.flags = SOCKET_LISTENS;
        else if (s->protocol == LOCAL_DATAGRAM)
                status.flags = o ? SOCKET_CONNECTED : 0;
        else if (o)
                status.flags = SOCKET_CONNECTED | (o->shut_out ? SOCKET_ENDED : 0);
        else if (s->parted)
                status.flags = SOCKET_GONE | SOCKET_ENDED;
        return status;
}

/* Something was read from it, or written to it: those on both sides look again. */
void local_moved(struct socket *s)
{
        wait_wake(&s->changed);
        if (s->other)
                wait_wake(&s->other->changed);
        for (unsigned i = 0; s->protocol == LOCAL_DATAGRAM && i < LOCALS; i++) {
                if (locals[i].state != SOCKET_FREE && locals[i].other == s)
                        wait_wake(&locals[i].changed);
        }
}

bool local_writable(struct socket *s)
{
        struct socket *o = s->other;

        if (s->listens)
                return false;
        if (s->shut_out || s->parted || s->error || !o)
                return true;
        return o->shut_in || ring_ready(&o->in) > (s->kind == SOCKET_STREAMING ? 0 : LOCAL_BYTES / 4);
}

/* Nobody is there any more for those that were connected to it; they keep what they have not read. */
static void part(struct socket *s, struct socket *from, bool unread)
{
        s->other = NULL;
        if (s->protocol == LOCAL_DATAGRAM) {
                s->refused = true;
                s->peer.family = 0;
        } else {
                s->parted = true;
                s->error = unread ? SOS_ECONNRESET : s->error;
        }
        wait_wake(&s->changed);
        wait_wake(&from->changed);
}

void local_close(struct socket *s)
{
        bool unread = !s->listens && ring_ready(&s->rx) > 0;
        struct socket *n;

        while (s->listens && (n = local_accept(s)) != NULL)
                local_close(n);
        for (unsigned i = 0; i < LOCALS; i++) {
                if (locals[i].state != SOCKET_FREE && locals[i].other == s)
                        part(&locals[i], s, unread);
        }
        wait_wake(&s->changed);
        if (s->node)
                node_close(s->node);
        s->node = NULL;
        s->has_name = false;
        s->file = NULL;
        while (s->parcels)
                parcel_drop(s);
        release(s);
        parcels_sweep();
}
