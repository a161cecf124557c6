/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets between processes, as Linux has them: making, naming, connecting. */
#include "os/calls/linux/sockets/locals.h"
#include "base/text.h"
#include "os/calls/linux/sockets/netlink.h"
#include "os/files/store.h"

enum { RAW = 3, TYPE_MASK = 15, FLAGS = O_NONBLOCK | O_CLOEXEC, FAMILY_BYTES = 2 };

struct sender posix_end(const struct process *p)
{
        const struct user *u = &p->user;

        return (struct sender){p->leader->pid, u->user[USER_EFFECTIVE], u->group[USER_EFFECTIVE]};
}

static long kind_of(seL4_Word type, seL4_Word protocol, enum local_type *kind)
{
        seL4_Word plain = type & TYPE_MASK;

        if (type & ~(seL4_Word)(TYPE_MASK | FLAGS))
                return -SOS_EINVAL;
        if (protocol > 1)
                return -SOS_EPROTONOSUPPORT;
        if (plain != LOCAL_STREAM && plain != LOCAL_PACKETS && plain != LOCAL_DATAGRAM && plain != RAW)
                return -SOS_ESOCKTNOSUPPORT;
        *kind = plain == RAW ? LOCAL_DATAGRAM : (enum local_type)plain;
        return 0;
}

long posix_local_socket(struct process *p, seL4_Word type, seL4_Word protocol)
{
        enum local_type kind;
        long error = kind_of(type, protocol, &kind);
        struct sender by = posix_end(p);
        struct socket *s = error ? NULL : local_new(kind, &by, p->leader->family);

        if (!s)
                return error ? error : -SOS_ENFILE;
        return posix_give_socket(p, s, (uint32_t)type);
}

static void take_back(struct process *p, int descriptor)
{
        struct file *f = descriptor < 0 ? NULL : descriptor_file(p->files, (seL4_Word)descriptor);

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
        seL4_Word family = p->call.argument[0];
        struct sender by = posix_end(p);
        struct socket *end[2];
        enum local_type kind;
        long error = kind_of(p->call.argument[1], p->call.argument[2], &kind);

        if (error == -SOS_EINVAL)
                return error;
        if (family != AF_LOCAL)
                return family == AF_INET || family == AF_INET6 || family == AF_NETLINK ? -SOS_EOPNOTSUPP
                                                                                       : -SOS_EAFNOSUPPORT;
        if (error || !local_pair(kind, &by, p->leader->family, end))
                return error ? error : -SOS_ENFILE;
        return give_pair(p, end);
}

/* --- names --- */

/* A path ends with its NUL or with the address. */
static long read_name(struct process *p, seL4_Word va, seL4_Word bytes, struct local_name *name)
{
        char raw[FAMILY_BYTES + SOCKET_PATH];
        uint16_t family;

        *name = (struct local_name){0};
        if (bytes > SOCKADDR_MAX)
                return -SOS_EINVAL;
        if (!space_read(p->space, va, raw, bytes < sizeof(raw) ? bytes : sizeof(raw)))
                return -SOS_EFAULT;
        if (bytes < FAMILY_BYTES || bytes > sizeof(raw))
                return -SOS_EINVAL;
        memcpy(&family, raw, sizeof(family));
        if (family != AF_LOCAL)
                return -SOS_EINVAL;
        name->bytes = (uint8_t)(bytes - FAMILY_BYTES);
        memcpy(name->text, raw + FAMILY_BYTES, name->bytes);
        if (name->bytes && *name->text)
                name->bytes = (uint8_t)strnlen(name->text, name->bytes);
        return 0;
}

static long walk(struct process *p, const struct local_name *name, enum node_follow follow,
                 struct node_place *place)
{
        char path[SOCKET_PATH + 1] = {0};

        memcpy(path, name->text, name->bytes);
        return node_walk_within(&p->user, posix_start(p, AT_FDCWD), path, follow, 0, place);
}

/* A new file that is the name of the socket. */
static long bind_path(struct process *p, struct socket *s, const struct local_name *name)
{
        enum { MODE = 0777 };
        struct node_place place;
        struct node *n;
        long error = walk(p, name, NODE_NAME, &place);

        if (error)
                return error;
        if (place.node || !place.parent)
                return -SOS_EADDRINUSE;
        if (s->has_name)
                return -SOS_EINVAL;
        error = place.slash ? -SOS_ENOENT : rights_add(&p->user, &place);
        if (!error)
                error = node_create(&place, NODE_SOCKET, &n);
        if (error)
                return error;
        posix_new_mode(p, n, MODE);
        store_changed(place.parent);
        return local_bind(s, name, n);
}

long posix_local_bind(struct process *p, struct socket *s)
{
        struct local_name name;
        long error;

        if (s->netlink.type)
                return posix_netlink_bind(p, s);
        error = read_name(p, p->call.argument[1], p->call.argument[2], &name);
        if (error)
                return error;
        if (!name.bytes) {
                if (!s->has_name)
                        local_bind_any(s);
                return 0;
        }
        if (*name.text)
                return bind_path(p, s, &name);
        return s->has_name ? -SOS_EINVAL : local_bind(s, &name, NULL);
}

static struct socket *has_name(const struct local_name *name, const struct node *n)
{
        return n && n->kind != NODE_SOCKET ? NULL : local_at(name, n);
}

long posix_local_find(struct process *p, seL4_Word va, seL4_Word bytes, struct socket **s)
{
        struct node_place place = {0};
        struct local_name name;
        long error = read_name(p, va, bytes, &name);

        if (!error && !name.bytes)
                error = -SOS_EINVAL;
        if (!error && *name.text)
                error = walk(p, &name, NODE_FOLLOW, &place);
        if (error)
                return error;
        if (*name.text && !place.node)
                return -SOS_ENOENT;
        if (place.node && !rights_allow(&p->user, place.node, RIGHT_WRITE))
                return -SOS_EACCES;
        *s = has_name(&name, place.node);
        return *s ? 0 : -SOS_ECONNREFUSED;
}

long posix_family(struct process *p, uint16_t *family)
{
        if (p->call.argument[2] < sizeof(*family))
                return -SOS_EINVAL;
        return space_read(p->space, p->call.argument[1], family, sizeof(*family)) ? 0 : -SOS_EFAULT;
}

/* Datagrams go there from now on; to nobody, for the family that means none. */
static long connect_datagrams(struct process *p, struct socket *s)
{
        struct socket *to = NULL;
        uint16_t family;
        long error = posix_family(p, &family);

        if (!error && family != AF_UNSPEC)
                error = posix_local_find(p, p->call.argument[1], p->call.argument[2], &to);
        if (!error && to)
                error = local_refuses(s, to) == -SOS_EPIPE ? 0 : local_refuses(s, to);
        if (!error)
                local_send_to(s, to);
        return error;
}

long posix_local_connect(struct process *p, struct socket *s)
{
        const struct file *f = posix_file(p, p->call.argument[0]);
        struct socket *l;
        long error;

        if (s->netlink.type)
                return posix_netlink_connect(p, s);
        if (s->protocol == LOCAL_DATAGRAM)
                return connect_datagrams(p, s);
        error = posix_local_find(p, p->call.argument[1], p->call.argument[2], &l);
        if (error)
                return error;
        s->by = posix_end(p);
        error = local_connect(s, l);
        return error != -SOS_EAGAIN || f->flags & O_NONBLOCK ? error
                                                             : posix_wait_for(p, &l->changed, s->send_us);
}

long posix_write_local(struct process *p, const struct local_name *name, seL4_Word va, seL4_Word length_va)
{
        char raw[FAMILY_BYTES + SOCKET_PATH + 1] = {AF_LOCAL};
        bool path = name->bytes && *name->text;
        uint32_t room, length = FAMILY_BYTES + (uint32_t)name->bytes + path;

        if (!va)
                return 0;
        if (!space_read(p->space, length_va, &room, sizeof(room)))
                return -SOS_EFAULT;
        if (room > INT32_MAX)
                return -SOS_EINVAL;
        memcpy(raw + FAMILY_BYTES, name->text, name->bytes);
        return space_write(p->space, va, raw, room < length ? room : length) &&
                               space_write(p->space, length_va, &length, sizeof(length))
                       ? 0
                       : -SOS_EFAULT;
}

long posix_local_peer(struct process *p, const struct socket *s, seL4_Word va, seL4_Word length_va)
{
        static const struct local_name none;

        return posix_write_local(p, s->other ? &s->other->name : &none, va, length_va);
}

long posix_local_name(struct process *p, const struct socket *s, bool remote)
{
        seL4_Word va = p->call.argument[1], length_va = p->call.argument[2];

        if (s->netlink.type)
                return posix_netlink_name(p, remote ? 0 : s->netlink.port, va, length_va);
        if (remote && !s->other)
                return -SOS_ENOTCONN;
        return remote ? posix_local_peer(p, s, va, length_va) : posix_write_local(p, &s->name, va, length_va);
}

long posix_local_shutdown(struct socket *s, seL4_Word how)
{
        if (s->netlink.type)
                return -SOS_EOPNOTSUPP;
        s->shut_in |= how != 1;
        s->shut_out |= how != 0;
        if (s->protocol != LOCAL_DATAGRAM && s->other) { /* both ends know */
                s->other->shut_out |= how != 1;
                s->other->shut_in |= how != 0;
        }
        local_moved(s);
        return 0;
}
