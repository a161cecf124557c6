/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses of sockets of the network, as programs write and read them; those of sockets between processes are in locals.c.  Where the
 * number of bytes is constant, the compiler copies them itself (__builtin_memcpy). */
#include "base/text.h"
#include "os/calls/linux/sockets/sockets.h"
#include "os/memory/swap.h"

enum { NAME_V4 = 16, NAME_V6 = SOCKET_NAME_MOST, NAME_V6_MIN = 24 };

static uint16_t swapped(uint16_t n)
{
        return (uint16_t)(n << 8 | n >> 8);
}

/* The bytes behind the family, for one that is ours. */
static long read_rest(const struct socket *s, const uint8_t *raw, seL4_Word bytes, struct socket_name *name)
{
        bool four = s->family == 4;
        uint16_t port;

        if (bytes < (four ? NAME_V4 : NAME_V6_MIN))
                return -SOS_EINVAL;
        __builtin_memcpy(&port, raw + 2, sizeof(port));
        name->family = s->family;
        name->port = swapped(port);
        if (four) {
                __builtin_memcpy(name->address, raw + 4, 4);
                return 0;
        }
        __builtin_memcpy(name->address, raw + 8, 16);
        __builtin_memcpy(&name->scope, raw + 24, sizeof(name->scope));
        return 0;
}

long posix_name_of(const struct socket *s, const void *raw, seL4_Word bytes, struct socket_name *name)
{
        uint16_t family;

        __builtin_memcpy(&family, raw, sizeof(family));
        if (family == AF_UNSPEC)
                return 0;
        return family == (s->family == 4 ? AF_INET : AF_INET6) ? read_rest(s, raw, bytes, name)
                                                               : -SOS_EAFNOSUPPORT;
}

long posix_read_name(struct process *p, const struct socket *s, seL4_Word va, seL4_Word bytes,
                     struct socket_name *name)
{
        uint8_t raw[NAME_V6] = {0};

        *name = (struct socket_name){0};
        if (bytes < sizeof(uint16_t) || bytes > SOCKADDR_MAX)
                return -SOS_EINVAL;
        if (!space_read(p->space, va, raw, bytes < sizeof(raw) ? bytes : sizeof(raw)))
                return -SOS_EFAULT;
        return posix_name_of(s, raw, bytes, name);
}

void posix_to_here(struct socket_name *name)
{
        static const uint8_t none[16], four[16] = {[10] = 0xff, [11] = 0xff};

        if (name->family == 4 && !memcmp(name->address, none, 4)) {
                name->address[0] = 127;
                name->address[3] = 1;
        } else if (name->family == 6 && !memcmp(name->address, none, sizeof(none))) {
                name->address[15] = 1;
        } else if (name->family == 6 && !memcmp(name->address, four, sizeof(four))) {
                name->address[12] = 127;
                name->address[15] = 1;
        }
}

uint32_t posix_as_address(const struct socket *s, const struct socket_name *name, uint8_t raw[NAME_V6])
{
        bool four = s->family == 4;
        uint16_t family = four ? AF_INET : AF_INET6, port = swapped(name->port);

        __builtin_memset(raw, 0, NAME_V6);
        __builtin_memcpy(raw, &family, sizeof(family));
        __builtin_memcpy(raw + 2, &port, sizeof(port));
        if (four) {
                __builtin_memcpy(raw + 4, name->address, 4);
                return NAME_V4;
        }
        __builtin_memcpy(raw + 8, name->address, 16);
        __builtin_memcpy(raw + 24, &name->scope, sizeof(name->scope));
        return NAME_V6;
}

/* Exchange the length at `va` for another; false: it cannot be read or written. */
static bool exchange_length(struct process *p, seL4_Word va, uint32_t length, uint32_t *was)
{
        uint32_t *place;
        void *data;

        if (va % sizeof(*place))
                return space_read(p->space, va, was, sizeof(*was)) &&
                       space_write(p->space, va, &length, sizeof(length));
        if (space_touch(p->space, va, SPACE_WRITE, &data) != SPACE_OK)
                return false;
        place = data;
        *was = *place;
        if (*was <= INT32_MAX)
                *place = length;
        return true;
}

long posix_write_name(struct process *p, const struct socket *s, const struct socket_name *name, seL4_Word va,
                      seL4_Word length_va)
{
        uint8_t raw[NAME_V6];
        uint32_t room, length;

        if (!va)
                return 0;
        length = posix_as_address(s, name, raw);
        if (!exchange_length(p, length_va, length, &room))
                return -SOS_EFAULT;
        if (room > INT32_MAX)
                return -SOS_EINVAL;
        return space_write(p->space, va, raw, room < length ? room : length) ? 0 : -SOS_EFAULT;
}

bool posix_awaits(struct process *p, seL4_Word va, seL4_Word bytes)
{
        void *place;

        for (seL4_Word at = va; bytes && at >= va && at < va + bytes; at = (at / PAGE + 1) * PAGE)
                space_touch(p->space, at, SPACE_WRITE, &place);
        return swap_awaited();
}

bool posix_awaits_name(struct process *p, seL4_Word va, seL4_Word length_va)
{
        uint32_t room;

        if (!va)
                return false;
        if (posix_awaits(p, length_va, sizeof(room)) || !space_read(p->space, length_va, &room, sizeof(room)))
                return swap_awaited();
        return posix_awaits(p, va, room < SOCKADDR_MAX ? room : SOCKADDR_MAX);
}
