/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and what lies behind them. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/device/board.h"
#include "os/files/mqueue.h"
#include "os/files/notice.h"
#include "os/files/store.h"

enum {
        AT_SYMLINK_NOFOLLOW = 0x100,
        AT_NO_AUTOMOUNT = 0x800,
        AT_EMPTY_PATH = 0x1000,
        BLOCK = 512,
        VERSION_PIECE = 256
};
enum {
        MODE_LINK = 0120000,
        MODE_FIFO = 0010000,
        MODE_SOCKET = 0140000,
        MODE_DIRECTORY = 0040000,
        MODE_FILE = 0100000,
        MODE_DEVICE = 0020000,
        MODE_BLOCK = 0060000,
        MODE_PIPE = 0010600,
        MODE_NONE = 0600 /* what has no kind */
};

struct node *posix_start(struct process *p, seL4_Word descriptor)
{
        struct file *f;

        if ((int)descriptor == (int)AT_FDCWD)
                return p->place->directory;
        f = posix_file(p, descriptor);
        return f && f->node ? f->node : NULL;
}

long posix_path(struct process *p, seL4_Word va, char to[PATH_MAX])
{
        void *data;

        if (space_read_string(p->space, va, to, PATH_MAX))
                return *to ? 0 : -SOS_ENOENT;
        return space_touch(p->space, va + PATH_MAX - 1, SPACE_READ, &data) == SPACE_OK ? -SOS_ENAMETOOLONG
                                                                                       : -SOS_EFAULT;
}

long posix_read_versioned(struct process *p, seL4_Word va, seL4_Word size, seL4_Word first, void *to,
                          seL4_Word known)
{
        static char piece[VERSION_PIECE];
        seL4_Word n;

        if (size < first)
                return -SOS_EINVAL;
        if (size > PAGE)
                return -SOS_E2BIG;
        memset(to, 0, known);
        if (!space_read(p->space, va, to, size < known ? size : known))
                return -SOS_EFAULT;
        for (seL4_Word at = known; at < size; at += n) {
                n = size - at < sizeof(piece) ? size - at : sizeof(piece);
                if (!space_read(p->space, va + at, piece, n))
                        return -SOS_EFAULT;
                for (seL4_Word i = 0; i < n; i++) {
                        if (piece[i])
                                return -SOS_E2BIG;
                }
        }
        return 0;
}

long posix_place(struct process *p, seL4_Word descriptor, seL4_Word va, enum node_follow follow,
                 struct node_place *place)
{
        struct node *from = posix_start(p, descriptor);
        char path[PATH_MAX];
        long error = posix_path(p, va, path);

        if (error)
                return error;
        if (!from && *path != '/')
                return posix_file(p, descriptor) ? -SOS_ENOTDIR : -SOS_EBADF;
        return node_walk_within(&p->user, from, path, follow, 0, place);
}

long posix_find_at(struct process *p, seL4_Word descriptor, seL4_Word va, enum node_follow follow,
                   struct node **found)
{
        struct node_place place;
        long error = posix_place(p, descriptor, va, follow, &place);

        if (error)
                return error;
        *found = place.node;
        return place.node ? 0 : -SOS_ENOENT;
}

long posix_find(struct process *p, seL4_Word descriptor, seL4_Word va, struct node **found)
{
        return posix_find_at(p, descriptor, va, NODE_FOLLOW, found);
}

static uint32_t mode_of(const struct node *n)
{
        static const uint32_t kinds[NODE_LEAVING] = {
                [NODE_DIRECTORY] = MODE_DIRECTORY, [NODE_LINK] = MODE_LINK,
                [NODE_FIFO] = MODE_FIFO,           [NODE_SOCKET] = MODE_SOCKET,
                [NODE_NULL] = MODE_DEVICE,         [NODE_CONSOLE] = MODE_DEVICE,
                [NODE_ZERO] = MODE_DEVICE,         [NODE_FULL] = MODE_DEVICE,
                [NODE_RANDOM] = MODE_DEVICE,       [NODE_PTMX] = MODE_DEVICE,
                [NODE_TERMINAL] = MODE_DEVICE,     [NODE_SPARE] = MODE_BLOCK,
        };

        return (kinds[n->kind] ? kinds[n->kind] : MODE_FILE) | n->mode;
}

/* Major and minor number as Linux has them. */
static uint64_t special_of(const struct node *n)
{
        static const uint16_t numbers[] = {
                [NODE_NULL] = 0x103,   [NODE_ZERO] = 0x105,    [NODE_FULL] = 0x107, [NODE_RANDOM] = 0x109,
                [NODE_SPARE] = 0xfe00, [NODE_CONSOLE] = 0x501, [NODE_PTMX] = 0x502, [NODE_TERMINAL] = 0x8800};

        if (n->kind == NODE_TERMINAL)
                return numbers[n->kind] + (unsigned)n->number;
        return node_is_device(n) ? numbers[n->kind] : 0;
}

static void put_date(int64_t *seconds, int64_t *ns, uint64_t us)
{
        int64_t part = (int64_t)us % 1000000; /* before 1970: what is left to the next second */

        part += part < 0 ? 1000000 : 0;
        *seconds = ((int64_t)us - part) / 1000000;
        *ns = part * 1000;
}

/* A directory has a name in its parent, one in itself, and one in each directory below. */
static uint32_t links_of(const struct node *n)
{
        uint32_t links = n->named;

        if (n->kind != NODE_DIRECTORY || !links)
                return links;
        links++;
        for (const struct node *e = node_next(n, 0); e; e = node_next(n, node_number(e) + 1ull))
                links += e->kind == NODE_DIRECTORY;
        return links;
}

/* Of an open file without a node; NULL: there is none. */
static uint32_t nameless(const struct file *f)
{
        switch (f ? f->kind : FILE_FREE) {
        case FILE_SOCKET:
                return MODE_SOCKET | 0777;
        case FILE_QUEUE:
                return MODE_FILE | f->event->queue->content->mode;
        case FILE_PIPE_READ:
        case FILE_PIPE_WRITE:
        case FILE_PIPE_BOTH:
                return MODE_PIPE;
        default:
                return MODE_NONE;
        }
}

/* What it takes is counted in pieces: p->call.vector pages so far, of the node in p->call.place, which have p->call.vector_start bytes. */
static long fill_stat(struct process *p, struct posix_stat *s, struct node *n, const struct file *f)
{
        struct call *c = &p->call;

        *s = (struct posix_stat){.device = 1, .mode = nameless(f), .links = 1, .block_size = PAGE};
        if (!n && s->mode == MODE_PIPE) {
                s->user = f->pipe->user;
                s->group = f->pipe->group;
        }
        if (!n)
                return 0;
        if (c->place != node_number(n) + 1ull)
                c->vector = c->vector_start = 0;
        c->place = node_number(n) + 1ull;
        if (!node_count_some(n, &c->vector, &c->vector_start))
                return call_pauses(p);
        s->inode = node_number(n) + 1;
        s->mode = mode_of(n);
        s->size = (int64_t)n->size;
        s->special = special_of(n);
        s->user = n->user;
        s->group = n->group;
        s->links = links_of(n);
        s->blocks = (int64_t)(c->vector_start + BLOCK - 1) / BLOCK;
        put_date(&s->modified, &s->modified_ns, n->changed);
        put_date(&s->changed, &s->changed_ns, n->status);
        put_date(&s->accessed, &s->accessed_ns, n->accessed);
        return 0;
}

static long put_stat(struct process *p, seL4_Word va, const struct posix_stat *s)
{
        return space_write(p->space, va, s, sizeof(*s)) ? 0 : -SOS_EFAULT;
}

long posix_fstat(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);
        struct posix_stat s;
        long error;

        if (!f)
                return -SOS_EBADF;
        error = fill_stat(p, &s, f->node, f);
        return error ? error : put_stat(p, p->call.argument[1], &s);
}

long posix_stat_of(struct process *p, seL4_Word descriptor, seL4_Word path, seL4_Word flags,
                   struct posix_stat *s)
{
        struct node_place place;
        char first;
        long error;

        if (flags & AT_EMPTY_PATH && space_read(p->space, path, &first, 1) && !first) {
                struct file *f = posix_file(p, descriptor);

                if (!f && (int)descriptor != (int)AT_FDCWD)
                        return -SOS_EBADF;
                return fill_stat(p, s, f ? f->node : p->place->directory, f);
        }
        error = posix_place(p, descriptor, path, flags & AT_SYMLINK_NOFOLLOW ? NODE_NO_FOLLOW : NODE_FOLLOW,
                            &place);
        if (!error && !place.node && !place.file)
                error = -SOS_ENOENT;
        return error ? error : fill_stat(p, s, place.node, place.file);
}

long posix_fstatat(struct process *p)
{
        seL4_Word flags = p->call.argument[3];
        struct posix_stat s;
        long error = flags & ~(seL4_Word)(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH)
                             ? -SOS_EINVAL
                             : posix_stat_of(p, p->call.argument[0], p->call.argument[1], flags, &s);

        return error ? error : put_stat(p, p->call.argument[2], &s);
}

long posix_find_flags(struct process *p, seL4_Word descriptor, seL4_Word path, seL4_Word flags,
                      struct node **found)
{
        char first;

        if (flags & AT_EMPTY_PATH && space_read(p->space, path, &first, 1) && !first) {
                struct file *f = posix_file(p, descriptor);

                if (!f && (int)descriptor != (int)AT_FDCWD)
                        return -SOS_EBADF;
                *found = f ? f->node : p->place->directory;
                return 0;
        }
        return posix_find_at(p, descriptor, path, flags & AT_SYMLINK_NOFOLLOW ? NODE_NO_FOLLOW : NODE_FOLLOW,
                             found);
}

enum { ACCESS_EXECUTE = 1, ACCESS_WRITE = 2, ACCESS_ALL = 7 };

/* Why a node cannot be used so; 0 when it can. */
static long access_refusal(const struct user *u, const struct node *n, seL4_Word how)
{
        if (!rights_allow(u, n, (unsigned)how))
                return -SOS_EACCES;
        if (how & ACCESS_WRITE && (n->kind == NODE_ARCHIVE || n->kind == NODE_REPORT))
                return -SOS_EACCES;
        if (how & ACCESS_WRITE && node_read_only(n) && n->kind != NODE_FIFO && n->kind != NODE_SOCKET)
                return -SOS_EROFS;
        return how & ACCESS_EXECUTE && n->kind != NODE_DIRECTORY && !node_executable(n) ? -SOS_EACCES : 0;
}

/* As its real user would, with the capabilities that it has as that. */
static struct user as_real(const struct user *u)
{
        struct user real = *u;

        real.user[USER_FILES] = u->user[USER_REAL];
        real.group[USER_FILES] = u->group[USER_REAL];
        real.effective = u->user[USER_REAL] ? 0 : u->permitted;
        return real;
}

/* What the first two arguments name, for somebody who may search other directories. */
static long find_for(struct process *p, const struct user *asks, seL4_Word flags, struct node **n)
{
        struct user own = p->user;
        long error;

        p->user = *asks;
        error = posix_find_flags(p, p->call.argument[0], p->call.argument[1], flags, n);
        p->user = own;
        return error;
}

long posix_faccessat(struct process *p)
{
        enum { FACCESSAT2 = 439, EFFECTIVE = 0x200 };
        seL4_Word flags = p->call.number % SOS_POSIX == FACCESSAT2 ? p->call.argument[3] : 0;
        struct user asks;
        struct node *n;
        long error;

        if (p->call.argument[2] & ~(seL4_Word)ACCESS_ALL ||
            flags & ~(seL4_Word)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | EFFECTIVE))
                return -SOS_EINVAL;
        asks = flags & EFFECTIVE ? p->user : as_real(&p->user);
        error = find_for(p, &asks, flags, &n);
        return error || !n ? error : access_refusal(&asks, n, p->call.argument[2]);
}

long posix_chdir(struct process *p)
{
        struct node *n;
        long error = posix_find(p, AT_FDCWD, p->call.argument[0], &n);

        if (error || n->kind != NODE_DIRECTORY)
                return error ? error : -SOS_ENOTDIR;
        if (!rights_allow(&p->user, n, RIGHT_EXECUTE))
                return -SOS_EACCES;
        node_open(n);
        node_close(p->place->directory);
        p->place->directory = n;
        return 0;
}

long posix_getcwd(struct process *p)
{
        char path[PATH_MAX];
        size_t size;

        if (!node_path(p->place->directory, path, sizeof(path)))
                return -SOS_ENAMETOOLONG;
        size = strlen(path) + 1;
        if (size > p->call.argument[1])
                return -SOS_ERANGE;
        return space_write(p->space, p->call.argument[0], path, size) ? (long)size : -SOS_EFAULT;
}
