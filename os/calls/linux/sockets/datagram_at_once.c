/* SPDX-License-Identifier: BSD-2-Clause */
/* A datagram of the network that is there, or has room, between a page of the program and the ring: the short way of recvfrom and sendto
 * (os/server/at_once.h).
 *
 * It gives up, without any effect that a program could see, wherever the calls in messages.c would wait, fail, look for a page or do
 * something rare; those then begin anew.  So all that stands here is what they do when nothing of that comes up.  No frame is taken on the
 * way, so pointers into pages stay good, and the kernel is not called but for a signal, so the message registers keep what they hold. */
#include "base/text.h"
#include "os/calls/linux/sockets/message.h"
#include "os/memory/seen.h"
#include "os/net/local.h"

enum { MOST = 2048 }; /* bytes that are copied before others have their turn */

static struct socket *socket_of(struct process *p, seL4_Word descriptor)
{
        const struct file *f = posix_file(p, (seL4_Word)(int)descriptor);
        struct socket *s = f ? f->socket : NULL;

        return s && s->family != LOCAL && s->kind == SOCKET_DATAGRAMS ? s : NULL;
}

/* Where the name of the sender goes. */
struct name_place {
        uint32_t *length;
        void *name; /* so many bytes of it */
        uint32_t room;
};

static bool find_place(struct process *p, seL4_Word va, seL4_Word length_va, struct name_place *place)
{
        place->length = length_va % sizeof(uint32_t)
                                ? NULL
                                : space_seen_bytes(p->space, length_va, sizeof(uint32_t), SPACE_WRITE);
        if (!place->length)
                return false;
        place->room = __atomic_load_n(place->length, __ATOMIC_RELAXED);
        if (place->room > INT32_MAX)
                return false;
        place->room = place->room < SOCKET_NAME_MOST ? place->room : SOCKET_NAME_MOST;
        place->name = space_seen_bytes(p->space, va, place->room, SPACE_WRITE);
        return place->name;
}

static void put_name(const struct socket *s, const struct socket_name *name, const struct name_place *place)
{
        uint8_t raw[SOCKET_NAME_MOST];
        uint32_t length = posix_as_address(s, name, raw);

        *place->length = length;
        memcpy(place->name, raw, place->room < length ? place->room : length);
}

/* The header of the next one, all of which is there. */
static bool next_one(struct socket *s, struct socket_datagram *d)
{
        uint32_t ready = socket_ready(s, sizeof(*d));

        return ready >= sizeof(*d) && ring_get_at(&s->rx, 0, d, sizeof(*d)) &&
               d->bytes <= ready - sizeof(*d) && d->name.family;
}

bool posix_recvfrom_at_once(struct process *p, const seL4_Word argument[6], long *value)
{
        struct socket *s = socket_of(p, argument[0]);
        seL4_Word part = argument[2];
        struct socket_datagram d;
        struct name_place place = {0};

        if (!s || (uint32_t)argument[3] & ~(uint32_t)MSG_DONTWAIT || part > INT32_MAX || !next_one(s, &d))
                return false;
        part = part < d.bytes ? part : d.bytes;
        if (part > MOST || (argument[4] && !find_place(p, argument[4], argument[5], &place)) ||
            !message_copy_piece(p, argument[1], &s->rx, sizeof(d), part, space_seen))
                return false;
        if (argument[4])
                put_name(s, &d.name, &place);
        ring_move(&s->rx, (uint32_t)sizeof(d) + d.bytes);
        socket_took(s);
        *value = (long)part;
        return true;
}

/* One with a name, since without one all that could be wrong with the socket is looked at. */
static bool read_name(struct process *p, const struct socket *s, const seL4_Word argument[6],
                      struct socket_name *name)
{
        seL4_Word bytes = (seL4_Word)(int)argument[5], most = s->family == 4 ? 16 : SOCKET_NAME_MOST;
        const void *raw = argument[4] && bytes >= most && bytes <= SOCKADDR_MAX
                                  ? space_seen_bytes(p->space, argument[4], most, SPACE_READ)
                                  : NULL;

        *name = (struct socket_name){0};
        if (!raw || posix_name_of(s, raw, bytes, name) || !name->family)
                return false;
        posix_to_here(name);
        return true;
}

bool posix_sendto_at_once(struct process *p, const seL4_Word argument[6], long *value)
{
        struct socket *s = socket_of(p, argument[0]);
        seL4_Word bytes = argument[2];
        struct socket_datagram d = {.bytes = (uint32_t)bytes};

        if (!s || (uint32_t)argument[3] & ~(uint32_t)(MSG_DONTWAIT | MSG_NOSIGNAL) || bytes > MOST ||
            !read_name(p, s, argument, &d.name))
                return false;
        if (socket_room(s, (uint32_t)(sizeof(d) + bytes)) < sizeof(d) + bytes ||
            !message_copy_piece(p, argument[1], &s->tx, sizeof(d), bytes, space_seen) ||
            !ring_put_at(&s->tx, 0, &d, sizeof(d)))
                return false;
        ring_move(&s->tx, (uint32_t)(sizeof(d) + bytes));
        socket_put(s);
        *value = (long)bytes;
        return true;
}
