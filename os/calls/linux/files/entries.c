/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading directories, a few entries at a time. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/files/notice.h"
#include "os/memory/swap.h"
#include "os/server/proc.h"

enum {
        TYPE_FIFO = 1,
        TYPE_DEVICE = 2,
        TYPE_BLOCK = 6,
        TYPE_DIRECTORY = 4,
        TYPE_FILE = 8,
        TYPE_LINK = 10,
        TYPE_SOCKET = 12,
        ENTRY_HEADER = 19
};

static uint8_t entry_type(const struct node *n)
{
        switch (n->kind) {
        case NODE_DIRECTORY:
                return TYPE_DIRECTORY;
        case NODE_LINK:
                return TYPE_LINK;
        case NODE_FIFO:
                return TYPE_FIFO;
        case NODE_SOCKET:
                return TYPE_SOCKET;
        case NODE_SPARE:
                return TYPE_BLOCK;
        default:
                return node_is_device(n) ? TYPE_DEVICE : TYPE_FILE;
        }
}

/* inode, next position, length, type, name; padded to 8 bytes. */
static bool put_entry(struct process *p, seL4_Word va, const struct node *n, const char *name, uint64_t next)
{
        char entry[ENTRY_HEADER + NODE_NAME_MAX + 8] = {0};
        uint64_t inode = node_number(node_of(n)) + 1;
        uint16_t size = (uint16_t)((ENTRY_HEADER + strlen(name) + 8) & ~7ul);

        memcpy(entry, &inode, 8);
        memcpy(entry + 8, &next, 8);
        memcpy(entry + 16, &size, 2);
        entry[18] = (char)entry_type(node_of(n));
        memcpy(entry + ENTRY_HEADER, name, strlen(name));
        return space_write(p->space, va, entry, size);
}

/* A position is 0 for ".", 1 for "..", and above that tells from which node number on entries were not yet given: it means
 * the same whatever comes and goes meanwhile.  *next: the position behind this entry. */
static const struct node *entry_at(const struct node *directory, uint64_t position, const char **name,
                                   uint64_t *next)
{
        const struct node *n = position == 0   ? directory
                               : position == 1 ? node_parent(directory)
                                               : node_next(directory, position - 1);

        *name = position == 0 ? "." : position == 1 ? ".." : n ? n->name : "";
        *next = position < 2 ? position + 1 : n ? node_number(n) + 2ull : position;
        return n;
}

long posix_getdents(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);
        seL4_Word va = p->call.argument[1], size = p->call.argument[2], used = p->call.progress;
        enum { STEP = 8 };
        const struct node *n;
        unsigned count = 0;
        const char *name;
        uint64_t next;

        if (!f || !f->node || f->node->kind != NODE_DIRECTORY)
                return f ? -SOS_ENOTDIR : -SOS_EBADF;
        if (f->node->live && f->offset == 0 && !proc_update(f->node, &p->call.place))
                return call_pauses(p);
        if (!used)
                notice(f->node, NOTICE_READ);
        while ((n = entry_at(f->node, f->offset, &name, &next)) != NULL) {
                seL4_Word need = (ENTRY_HEADER + strlen(name) + 8) & ~7ul;

                if (used + need > size)
                        return used > 0 ? (long)used : -SOS_EINVAL;
                if (++count % STEP == 0 && !call_goes_on(p, 4))
                        return CALL_NO_VALUE;
                if (!put_entry(p, va + used, n, name, next))
                        return used > 0 && !swap_awaited() ? (long)used : -SOS_EFAULT;
                used += need;
                f->offset = next;
                p->call.progress = used;
        }
        return (long)used;
}
