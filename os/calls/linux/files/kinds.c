/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies behind names and descriptors besides content: working directory, file systems, files without a name, statx. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/files/store.h"
#include "os/memory/swap.h"

enum { FILE_SYSTEM = 0x01021994, NAME_BYTES = NODE_NAME_MAX - 1 };

long posix_fchdir(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        if (!f)
                return -SOS_EBADF;
        if (!f->node || f->node->kind != NODE_DIRECTORY)
                return -SOS_ENOTDIR;
        if (!rights_allow(&p->user, f->node, RIGHT_EXECUTE))
                return -SOS_EACCES;
        node_open(f->node);
        node_close(p->place->directory);
        p->place->directory = f->node;
        return 0;
}

/* One kind of file system: what lies in memory, of which /disk is written to the device as well. */
static long put_file_system(struct process *p, seL4_Word va, const struct node *n)
{
        enum { READ_ONLY = 1, VALID_FLAGS = 0x20 };
        struct frame_counts f = frame_counts();
        uint64_t room = node_room(n), all = room ? room / PAGE : f.used + f.free + ut_available() / PAGE;
        uint64_t free = room ? node_room_left() / PAGE : frame_available();
        uint64_t words[15] = {FILE_SYSTEM, PAGE, all, free, free, NODES, node_unused()};

        words[8] = NAME_BYTES;
        words[9] = PAGE;
        words[10] = node_read_only(n) ? VALID_FLAGS | READ_ONLY : VALID_FLAGS;
        return space_write(p->space, va, words, sizeof(words)) ? 0 : -SOS_EFAULT;
}

long posix_statfs(struct process *p)
{
        struct node *n;
        long error = posix_find(p, AT_FDCWD, p->call.argument[0], &n);

        if (error)
                return error;
        return put_file_system(p, p->call.argument[1], n);
}

long posix_fstatfs(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        return f ? put_file_system(p, p->call.argument[1], f->node ? f->node : node_root()) : -SOS_EBADF;
}

/* As Linux programs know it. */
struct statx_time {
        int64_t seconds;
        uint32_t ns, pad;
};

struct statx {
        uint32_t mask, block_size;
        uint64_t attributes;
        uint32_t links, user, group;
        uint16_t mode, pad;
        uint64_t inode, size, blocks, attributes_mask;
        struct statx_time accessed, born, changed, modified;
        uint32_t special_major, special_minor, device_major, device_minor;
        uint64_t unused[14];
};
_Static_assert(sizeof(struct statx) == 256, "as Linux programs know it");

long posix_statx(struct process *p)
{
        enum { NOFOLLOW = 0x100, NO_AUTOMOUNT = 0x800, EMPTY_PATH = 0x1000, SYNC = 0x6000, BASIC = 0x7ff };
        static const seL4_Word RESERVED = 1u << 31;
        seL4_Word flags = p->call.argument[2];
        struct posix_stat s;
        struct statx x;
        long error;

        if (flags & ~(seL4_Word)(NOFOLLOW | NO_AUTOMOUNT | EMPTY_PATH | SYNC) || (flags & SYNC) == SYNC ||
            p->call.argument[3] & RESERVED)
                return -SOS_EINVAL;
        error = posix_stat_of(p, p->call.argument[0], p->call.argument[1], flags, &s);
        if (error)
                return error;
        x = (struct statx){.mask = BASIC,
                           .block_size = (uint32_t)s.block_size,
                           .links = s.links,
                           .user = s.user,
                           .group = s.group,
                           .mode = (uint16_t)s.mode,
                           .inode = s.inode,
                           .size = (uint64_t)s.size,
                           .blocks = (uint64_t)s.blocks,
                           .accessed = {s.accessed, (uint32_t)s.accessed_ns, 0},
                           .changed = {s.changed, (uint32_t)s.changed_ns, 0},
                           .modified = {s.modified, (uint32_t)s.modified_ns, 0},
                           .special_major = (uint32_t)(s.special >> 8),
                           .special_minor = (uint32_t)s.special & 0xff,
                           .device_minor = (uint32_t)s.device};
        return space_write(p->space, p->call.argument[4], &x, sizeof(x)) ? 0 : -SOS_EFAULT;
}

/* The name would only be visible in /proc; it must be valid all the same. */
long posix_memfd_create(struct process *p)
{
        enum { CLOEXEC = 1, ALLOW_SEALING = 2, PREFIX = 6 };
        char name[NODE_NAME_MAX - PREFIX];
        struct node *n;
        long result;

        if (p->call.argument[1] & ~(seL4_Word)(CLOEXEC | ALLOW_SEALING))
                return -SOS_EINVAL;
        if (!space_read_string(p->space, p->call.argument[0], name, sizeof(name)))
                return space_read(p->space, p->call.argument[0], name, sizeof(name)) ? -SOS_EINVAL
                                                                                     : -SOS_EFAULT;
        n = node_nameless();
        if (!n)
                return -SOS_ENOSPC;
        posix_new_mode(p, n, 0777);
        n->mode = 0777;
        n->by_content = false;
        n->memory_only = true;
        n->seals = p->call.argument[1] & ALLOW_SEALING ? 0 : NODE_SEAL_SEAL;
        node_open(n);
        result = posix_open_node(p, n, O_RDWR | (p->call.argument[1] & CLOEXEC ? O_CLOEXEC : 0));
        node_close(n);
        return result;
}
