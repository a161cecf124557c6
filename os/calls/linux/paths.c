/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and what lies behind them. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/device/board.h"
#include "os/files/store.h"

enum { AT_REMOVEDIR = 0x200, AT_EMPTY_PATH = 0x1000, BLOCK = 512 };
enum { MODE_DIRECTORY = 0040000, MODE_FILE = 0100000, MODE_DEVICE = 0020000, MODE_PIPE = 0010600 };

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

/* The node that a (directory, path) pair of arguments names. */
long posix_find(struct process *p, seL4_Word descriptor, seL4_Word va, struct node **found)
{
        struct node *from = posix_start(p, descriptor);
        char path[PATH_MAX];
        long error = posix_path(p, va, path);

        if (error)
                return error;
        if (!from && *path != '/')
                return -SOS_EBADF;
        *found = node_find(from, path);
        return *found ? 0 : node_failure(from, path);
}

static uint32_t mode_of(const struct node *n)
{
        switch (n->kind) {
        case NODE_DIRECTORY:
                return MODE_DIRECTORY | n->mode;
        case NODE_NULL:
        case NODE_CONSOLE:
        case NODE_ZERO:
        case NODE_FULL:
        case NODE_RANDOM:
                return MODE_DEVICE | n->mode;
        default:
                return MODE_FILE | n->mode;
        }
}

/* Major and minor number as Linux has them. */
static uint64_t special_of(const struct node *n)
{
        static const uint16_t numbers[] = {[NODE_NULL] = 0x103,
                                           [NODE_ZERO] = 0x105,
                                           [NODE_FULL] = 0x107,
                                           [NODE_RANDOM] = 0x109,
                                           [NODE_CONSOLE] = 0x501};

        return node_is_device(n) ? numbers[n->kind] : 0;
}

static void fill_stat(struct posix_stat *s, const struct node *n)
{
        *s = (struct posix_stat){.device = 1, .mode = MODE_PIPE, .links = 1, .block_size = PAGE};
        if (!n)
                return;
        s->inode = node_number(n) + 1;
        s->mode = mode_of(n);
        s->size = (int64_t)n->size;
        s->special = special_of(n);
        s->user = n->user;
        s->group = n->group;
        s->links = n->named ? 1 : 0;
        s->blocks = (s->size + BLOCK - 1) / BLOCK;
        s->modified = s->changed = s->accessed = (int64_t)(n->changed / 1000000);
        s->modified_ns = s->changed_ns = s->accessed_ns = (int64_t)(n->changed % 1000000 * 1000);
}

static long put_stat(struct process *p, seL4_Word va, const struct posix_stat *s)
{
        return space_write(p->space, va, s, sizeof(*s)) ? 0 : -SOS_EFAULT;
}

long posix_fstat(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);
        struct posix_stat s;

        if (!f)
                return -SOS_EBADF;
        fill_stat(&s, f->node);
        return put_stat(p, p->call.argument[1], &s);
}

long posix_stat_of(struct process *p, seL4_Word descriptor, seL4_Word path, seL4_Word flags,
                   struct posix_stat *s)
{
        struct node *n;
        char first;
        long error;

        if (flags & AT_EMPTY_PATH && space_read(p->space, path, &first, 1) && !first &&
            posix_file(p, descriptor)) {
                fill_stat(s, posix_file(p, descriptor)->node);
                return 0;
        }
        error = posix_find(p, descriptor, path, &n);
        if (!error)
                fill_stat(s, n);
        return error;
}

long posix_fstatat(struct process *p)
{
        struct posix_stat s;
        long error = posix_stat_of(p, p->call.argument[0], p->call.argument[1], p->call.argument[3], &s);

        return error ? error : put_stat(p, p->call.argument[2], &s);
}

long posix_unlinkat(struct process *p)
{
        struct node *n;
        long error = posix_find(p, p->call.argument[0], p->call.argument[1], &n);

        if (error)
                return error;
        store_changed(n);
        return node_remove(n, p->call.argument[2] & AT_REMOVEDIR);
}

long posix_mkdirat(struct process *p)
{
        struct node *from = posix_start(p, p->call.argument[0]), *n;
        char path[PATH_MAX];
        long error = posix_path(p, p->call.argument[1], path);

        if (error || !from)
                return error ? error : -SOS_EBADF;
        if (node_find(from, path))
                return -SOS_EEXIST;
        n = node_make(from, path, NODE_DIRECTORY);
        if (!n)
                return node_failure(from, path);
        posix_new_mode(p, n, p->call.argument[2]);
        store_changed(n);
        return 0;
}

long posix_renameat(struct process *p)
{
        enum { RENAMEAT2 = 276, NOREPLACE = 1 };
        struct node *to = posix_start(p, p->call.argument[2]), *n;
        char path[PATH_MAX];
        seL4_Word flags = p->call.number % SOS_POSIX == RENAMEAT2 ? p->call.argument[4] : 0;
        long error = flags & ~(seL4_Word)NOREPLACE
                             ? -SOS_EINVAL
                             : posix_find(p, p->call.argument[0], p->call.argument[1], &n);

        if (!error)
                error = posix_path(p, p->call.argument[3], path);
        if (error || !to)
                return error ? error : -SOS_EBADF;
        if (flags & NOREPLACE && node_find(to, path))
                return -SOS_EEXIST;
        store_changed(n);
        error = node_rename(n, to, path);
        store_changed(n);
        return error;
}

long posix_faccessat(struct process *p)
{
        enum { WRITE = 2, EXECUTE = 1 };
        struct node *n;
        long error = posix_find(p, p->call.argument[0], p->call.argument[1], &n);

        if (error)
                return error;
        if (p->call.argument[2] & WRITE && (n->kind == NODE_ARCHIVE || n->kind == NODE_REPORT))
                return -SOS_EACCES;
        return p->call.argument[2] & EXECUTE && n->kind != NODE_DIRECTORY && !node_executable(n) ? -SOS_EACCES
                                                                                                 : 0;
}

long posix_chdir(struct process *p)
{
        struct node *n;
        long error = posix_find(p, AT_FDCWD, p->call.argument[0], &n);

        if (error || n->kind != NODE_DIRECTORY)
                return error ? error : -SOS_ENOTDIR;
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

/* There are no symbolic links. */
long posix_readlinkat(struct process *p)
{
        struct node *n;
        long error = posix_find(p, p->call.argument[0], p->call.argument[1], &n);

        return error ? error : -SOS_EINVAL;
}

/* The date that the second of two times says (utimensat(2)), microseconds; false: none of the kind.  UINT64_MAX: unchanged. */
static bool read_date(struct process *p, seL4_Word va, uint64_t *us)
{
        static const int64_t latest = 1ll << 40; /* seconds: the year 36812 */
        enum { SECOND = 1000000000, NOW = 0x3fffffff, OMIT = 0x3ffffffe };
        int64_t time[4];

        *us = board_date_us();
        if (!va)
                return true;
        if (!space_read(p->space, va, time, sizeof(time)))
                return false;
        if (time[3] == OMIT)
                *us = UINT64_MAX;
        else if (time[3] != NOW)
                *us = time[2] < 0 ? 0
                                  : (uint64_t)(time[2] < latest ? time[2] : latest) * 1000000 +
                                            (uint64_t)time[3] / 1000;
        return time[3] == OMIT || time[3] == NOW || (time[3] >= 0 && time[3] < SECOND);
}

/* A node has one date, that of its last change. */
long posix_utimensat(struct process *p)
{
        seL4_Word times = p->call.argument[2];
        struct file *f = posix_file(p, p->call.argument[0]);
        struct node *n = f ? f->node : NULL;
        int64_t probe[4];
        uint64_t us;
        long error = 0;

        if (p->call.argument[1])
                error = posix_find(p, p->call.argument[0], p->call.argument[1], &n);
        else if (!f)
                error = -SOS_EBADF;
        if (!error && !read_date(p, times, &us))
                error = space_read(p->space, times, probe, sizeof(probe)) ? -SOS_EINVAL : -SOS_EFAULT;
        if (error || !n || us == UINT64_MAX)
                return error;
        n->changed = us;
        store_changed(n);
        return 0;
}
