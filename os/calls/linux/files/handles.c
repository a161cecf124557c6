/* SPDX-License-Identifier: BSD-2-Clause */
/* name_to_handle_at: a number for a file that stays the same under all its names, and that no other file ever has.  Opening a file by it
 * is a privilege on Linux, and nobody has it here. */
#include "os/calls/linux/posix.h"

enum { DIRECTORY, NAME, HANDLE, MOUNT, FLAGS };
enum { SYMLINK_FOLLOW = 0x400, EMPTY_PATH = 0x1000, SYMLINK_NOFOLLOW = 0x100 };
enum { BYTES_MOST = 128, NUMBER_AND_GENERATION = 1 };

/* As programs know it. */
struct handle {
        uint32_t bytes;
        int32_t type;
        uint32_t number, generation;
};

enum { HEAD = 2 * sizeof(uint32_t), BYTES = 2 * sizeof(uint32_t) };

static long find(struct process *p, struct node **n)
{
        seL4_Word flags = (uint32_t)p->call.argument[FLAGS];
        long error;

        if (flags & ~(seL4_Word)(SYMLINK_FOLLOW | EMPTY_PATH))
                return -SOS_EINVAL;
        error = posix_find_flags(p, p->call.argument[DIRECTORY], p->call.argument[NAME],
                                 (flags & EMPTY_PATH) | (flags & SYMLINK_FOLLOW ? 0 : SYMLINK_NOFOLLOW), n);
        if (error)
                return error;
        return *n && (*n)->kind != NODE_REPORT ? 0 : -SOS_EOPNOTSUPP;
}

long posix_name_to_handle(struct process *p)
{
        struct node *n = NULL;
        struct handle h;
        long error = find(p, &n);
        bool fits;
        int mount;

        if (error)
                return error;
        if (!space_read(p->space, p->call.argument[HANDLE], &h, HEAD))
                return -SOS_EFAULT;
        if (h.bytes > BYTES_MOST)
                return -SOS_EINVAL;
        fits = h.bytes >= BYTES;
        h = (struct handle){BYTES, NUMBER_AND_GENERATION, node_number(n), n->generation};
        mount = (int)node_mount(n);
        if (!space_write(p->space, p->call.argument[MOUNT], &mount, sizeof(mount)) ||
            !space_write(p->space, p->call.argument[HANDLE], &h, fits ? sizeof(h) : HEAD))
                return -SOS_EFAULT;
        return fits ? 0 : -SOS_EOVERFLOW;
}
