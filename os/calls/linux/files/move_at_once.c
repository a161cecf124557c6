/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads and writes that are answered from the message itself, without the record of a call: what is written to a sink, and up to a page
 * of a file in memory, all of it there, into memory that calls have just used.  Nothing here waits, fails, takes a frame or calls
 * the kernel; whatever would is left to transfer.c. */
#include "os/calls/linux/posix.h"
#include "os/files/notice.h"
#include "os/memory/seen.h"
#include "os/process/numbers.h"

enum { ADDRESS_BITS = 48 };

bool posix_is_sink(const struct file *f)
{
        return f->kind == FILE_NULL || f->kind == FILE_ZERO;
}

/* Only an address that no process can have is refused. */
long posix_sink(const seL4_Word piece[2])
{
        seL4_Word size = piece[1] < POSIX_COUNT_MAX ? piece[1] : POSIX_COUNT_MAX;

        return piece[0] >> ADDRESS_BITS || piece[1] > (1ull << ADDRESS_BITS) - piece[0] ? -SOS_EFAULT
                                                                                        : (long)size;
}

bool posix_write_at_once(struct process *p, const seL4_Word *argument, long *value)
{
        const struct file *f = descriptor_file(p->files, argument[0]);

        if (!f || !posix_is_sink(f) || posix_may_move(f, true) || (long)argument[2] < 0)
                return false;
        *value = posix_sink(argument + 1);
        return true;
}

/* Bytes there in a file that nobody moves content of, or hears of its reads; 0: it is not such a file. */
static seL4_Word there(const struct file *f, uint64_t at, seL4_Word wanted)
{
        const struct node *n = f->node;

        if (f->kind != FILE_NODE || posix_may_move(f, false) || n->kind != NODE_MEMORY || n->on_disk ||
            n->busy || notice_is_heard() || wanted > PAGE || at >= n->size)
                return 0;
        return wanted < n->size - at ? wanted : n->size - at;
}

/* The memory is that of two pages at most. */
static bool read_there(struct process *p, struct node *n, uint64_t at, seL4_Word va, seL4_Word size)
{
        seL4_Word room = PAGE - va % PAGE, first = size < room ? size : room;
        char *to = space_seen(p->space, va, SPACE_WRITE), *rest = NULL;

        if (to && first < size)
                rest = space_seen(p->space, va + first, SPACE_WRITE);
        if (!to || (first < size && !rest))
                return false;
        node_read(n, at, to, first);
        if (first < size)
                node_read(n, at + first, rest, size - first);
        return true;
}

bool posix_read_at_once(struct process *p, seL4_Word number, const seL4_Word *argument, long *value)
{
        struct file *f = descriptor_file(p->files, argument[0]);
        uint64_t at;
        seL4_Word size;

        if (!f)
                return false;
        at = number == LINUX_READ ? f->offset : argument[3];
        size = there(f, at, argument[2]);
        if (!size || !read_there(p, f->node, at, argument[1], size))
                return false;
        if (number == LINUX_READ)
                f->offset += size;
        *value = (long)size;
        return true;
}
