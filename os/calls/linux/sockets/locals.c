/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets between processes, as Linux has them. */
#include "os/calls/linux/sockets/locals.h"
#include "base/text.h"

enum {
        STREAM = 1,
        DATAGRAM = 2,
        PACKETS = 5,
        TYPE_MASK = 15,
        FLAGS = O_NONBLOCK | O_CLOEXEC,
        FAMILY_BYTES = 2
};

/* Datagrams without a connection need names that are files; there are only pairs of them. */
static long kind_of(seL4_Word type, seL4_Word protocol, bool pair, unsigned *kind)
{
        seL4_Word plain = type & TYPE_MASK;

        if (type & ~(seL4_Word)(TYPE_MASK | FLAGS))
                return -SOS_EINVAL;
        if (plain != STREAM && plain != PACKETS && !(pair && plain == DATAGRAM))
                return -SOS_ESOCKTNOSUPPORT;
        if (protocol > 1)
                return -SOS_EPROTONOSUPPORT;
        *kind = plain == STREAM ? SOCKET_STREAMING : SOCKET_DATAGRAMS;
        return 0;
}

long posix_local_socket(struct process *p, seL4_Word type, seL4_Word protocol)
{
        unsigned kind;
        long error = kind_of(type, protocol, false, &kind);
        struct socket *s = error ? NULL : local_new(kind, (uint32_t)p->pid);

        if (!s)
                return error ? error : -SOS_ENFILE;
        s->protocol = type & TYPE_MASK;
        return posix_give_socket(p, s, (uint32_t)type);
}

static void take_back(struct process *p, int descriptor)
{
        struct file *f = descriptor < 0 ? NULL : posix_file(p, (seL4_Word)descriptor);

        if (!f)
                return;
        descriptor_set(p->files, (seL4_Word)descriptor, NULL, false);
        file_close(f);
}

static long give_pair(struct process *p, struct socket *end[2])
{
        uint32_t flags = (uint32_t)p->call.argument[1];
        int made[2];

        made[0] = (int)posix_give_socket(p, end[0], flags);
        made[1] = (int)posix_give_socket(p, end[1], flags);
        if (made[0] >= 0 && made[1] >= 0 && space_write(p->space, p->call.argument[3], made, sizeof(made)))
                return 0;
        take_back(p, made[0]);
        take_back(p, made[1]);
        return made[0] < 0 ? made[0] : made[1] < 0 ? made[1] : -SOS_EFAULT;
}

long posix_socketpair(struct process *p)
{
        seL4_Word type = p->call.argument[1];
        struct socket *end[2];
        unsigned kind;
        long error = kind_of(type, p->call.argument[2], true, &kind);

        if (p->call.argument[0] != AF_LOCAL)
                return -SOS_EOPNOTSUPP;
        if (error || !local_pair(kind, (uint32_t)p->pid, end))
                return error ? error : -SOS_ENFILE;
        end[0]->protocol = end[1]->protocol = type & TYPE_MASK;
        return give_pair(p, end);
}

/* A path ends with its NUL or with the address; one that begins with a NUL is a name that is no path. */
static long read_path(struct process *p, char to[SOCKET_PATH + 1])
{
        seL4_Word bytes = p->call.argument[2];
        char raw[FAMILY_BYTES + SOCKET_PATH + 1] = {0};
        uint16_t family;

        if (bytes < FAMILY_BYTES || bytes > FAMILY_BYTES + SOCKET_PATH)
                return -SOS_EINVAL;
        if (!space_read(p->space, p->call.argument[1], raw, bytes))
                return -SOS_EFAULT;
        memcpy(&family, raw, sizeof(family));
        if (family != AF_LOCAL)
                return -SOS_EAFNOSUPPORT;
        if (bytes > FAMILY_BYTES && !raw[FAMILY_BYTES])
                raw[FAMILY_BYTES] = '@';
        memcpy(to, raw + FAMILY_BYTES, SOCKET_PATH + 1);
        return strlen(to) < SOCKET_PATH ? 0 : -SOS_EINVAL;
}

long posix_local_bind(struct process *p, struct socket *s)
{
        char path[SOCKET_PATH + 1];
        long error = read_path(p, path);

        return error ? error : local_bind(s, path);
}

long posix_local_connect(struct process *p, struct socket *s)
{
        char path[SOCKET_PATH + 1];
        long error = read_path(p, path);

        return error ? error : local_connect(s, path);
}

long posix_write_path(struct process *p, const char *path, seL4_Word va, seL4_Word length_va)
{
        char raw[FAMILY_BYTES + SOCKET_PATH] = {AF_LOCAL};
        uint32_t room, length = FAMILY_BYTES + (uint32_t)strlen(path) + (*path != '\0');

        if (!va)
                return 0;
        if (!space_read(p->space, length_va, &room, sizeof(room)))
                return -SOS_EFAULT;
        if (room > INT32_MAX)
                return -SOS_EINVAL;
        memcpy(raw + FAMILY_BYTES, path, strlen(path));
        return space_write(p->space, va, raw, room < length ? room : length) &&
                               space_write(p->space, length_va, &length, sizeof(length))
                       ? 0
                       : -SOS_EFAULT;
}

long posix_local_name(struct process *p, const struct socket *s, bool remote)
{
        if (remote && !s->other)
                return -SOS_ENOTCONN;
        return posix_write_path(p, remote ? s->other->path : s->path, p->call.argument[1],
                                p->call.argument[2]);
}
