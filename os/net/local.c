/* SPDX-License-Identifier: BSD-2-Clause */
/* See local.h. */
#include "os/net/local.h"
#include "base/text.h"
#include "os/core/object.h"
#include "sos/proto.h"

enum { PAGES = (RING_HEAD + SOCKET_STREAM + 4095) / 4096 };

static struct socket locals[LOCALS];

struct socket *local_new(unsigned kind, uint32_t owner)
{
        for (unsigned i = 0; i < LOCALS; i++) {
                struct socket *s = &locals[i];

                if (s->state != SOCKET_FREE)
                        continue;
                *s = (struct socket){
                        .state = SOCKET_USED, .kind = (uint8_t)kind, .family = LOCAL, .owner = owner};
                s->stream = vspace_new_pages(&root_vspace, 0, PAGES, VSPACE_RW);
                if (!s->stream) {
                        s->state = SOCKET_FREE;
                        return NULL;
                }
                ring_open(&s->rx, s->stream, SOCKET_STREAM, 1, false);
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
        ring_open(&a->tx, b->stream, SOCKET_STREAM, 1, true);
        ring_open(&b->tx, a->stream, SOCKET_STREAM, 1, true);
        a->peer.family = b->peer.family = LOCAL;
}

bool local_pair(unsigned kind, uint32_t owner, struct socket *end[2])
{
        end[0] = local_new(kind, owner);
        end[1] = end[0] ? local_new(kind, owner) : NULL;
        if (end[1])
                connect_ends(end[0], end[1]);
        else if (end[0])
                release(end[0]);
        return end[1];
}

static struct socket *named(const char *path)
{
        for (unsigned i = 0; i < LOCALS; i++) {
                if (locals[i].state == SOCKET_USED && locals[i].named && !strcmp(locals[i].path, path))
                        return &locals[i];
        }
        return NULL;
}

long local_bind(struct socket *s, const char *path)
{
        if (s->named || s->other || !*path)
                return -SOS_EINVAL;
        if (named(path))
                return -SOS_EADDRINUSE;
        string_cut(s->path, path, sizeof(s->path));
        s->named = true;
        return 0;
}

long local_listen(struct socket *s, uint32_t waiting)
{
        if (!s->named || s->other)
                return -SOS_EINVAL;
        s->listens = true;
        s->backlog = waiting ? waiting : 1;
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
        if (s->other)
                return -SOS_EISCONN;
        if (s->parted || s->listens)
                return -SOS_EINVAL;
        if (l && l->kind != s->kind)
                return -SOS_EPROTOTYPE;
        if (!l || !l->listens)
                return -SOS_ECONNREFUSED;
        return l->waiting >= l->backlog ? -SOS_EAGAIN : 0;
}

long local_connect(struct socket *s, const char *path)
{
        struct socket *l = named(path), *n;
        long error = refusal(s, l);

        if (error)
                return error;
        n = local_new(s->kind, l->owner);
        if (!n)
                return -SOS_ENOBUFS;
        connect_ends(s, n);
        n->protocol = l->protocol;
        string_cut(n->path, l->path, sizeof(n->path));
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
        }
        return n;
}

struct socket_status local_status(const struct socket *s)
{
        const struct socket *o = s->other;
        struct socket_status status = {.waiting = s->waiting};

        if (s->listens)
                status.flags = SOCKET_LISTENS;
        else if (o)
                status.flags = SOCKET_CONNECTED | (o->shut_out ? SOCKET_ENDED : 0);
        else if (s->parted)
                status.flags = SOCKET_GONE | SOCKET_ENDED;
        return status;
}

void local_moved(struct socket *s)
{
        if (s->other)
                wait_wake(&s->other->changed);
}

/* The other end keeps what it has not read. */
void local_close(struct socket *s)
{
        struct socket *n;

        while (s->listens && (n = local_accept(s)) != NULL)
                local_close(n);
        if (s->other) {
                s->other->other = NULL;
                s->other->parted = true;
                s->other->tx = (struct ring){0};
                wait_wake(&s->other->changed);
        }
        wait_wake(&s->changed);
        release(s);
}
