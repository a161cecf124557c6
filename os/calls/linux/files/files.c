/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors. */
#include "os/calls/linux/posix.h"
#include "os/files/dnotify.h"
#include "os/files/mqueue.h"
#include "os/files/notice.h"
#include "os/files/store.h"
#include "os/process/signals/signal.h"

/* Native programs keep 0, 1 and 2 for the console, and have PROCESS_MAX_FILES more. */
enum { NATIVE_FIRST = 3, NATIVE_END = NATIVE_FIRST + 16 };

long posix_lowest(const struct process *p, seL4_Word from)
{
        seL4_Word end = p->kind.foreign ? p->files->limit : NATIVE_END;

        if (!p->kind.foreign && from < NATIVE_FIRST)
                from = NATIVE_FIRST;
        return descriptor_free(p->files, from, end);
}

/* The file has one user less when there is no memory. */
long posix_give_at(struct process *p, struct file *f, long descriptor, uint32_t flags)
{
        if (descriptor_set(p->files, (seL4_Word)descriptor, f, flags & O_CLOEXEC))
                return descriptor;
        file_close(f);
        return -SOS_ENOMEM;
}

bool posix_may_give(const struct process *p)
{
        return posix_lowest(p, 0) >= 0;
}

long posix_may_grow(struct process *p, const struct node *n, uint64_t size)
{
        seL4_Word more = size - n->size, wanted = more;

        if (posix_file_fits(p, n, n->size, &more) && more == wanted)
                return 0;
        if (more)
                signal_send(p, SIGNAL_FILE_SIZE);
        return -SOS_EFBIG;
}

/* Others keep off the file until all of it is done; nobody gets pages that go. */
static void keep_off(struct call *c, struct node *n, uint64_t size)
{
        if (c->shortens != n)
                c->vector = c->vector_start = 0;
        c->shortens = c->moving = n;
        node_open(n); /* another thread may close the file */
        n->busy = n->shortens = true;
        n->keeps = size;
        c->whole = true;
}

/* First processes lose what they have mapped of it, for what only the file has is counted (content.c); then pages go from the end on. */
static long shorten(struct process *p, struct node *n, uint64_t size)
{
        uint64_t next;
        long error;

        if (n->busy) {
                p->call.whole = true;
                return call_waits(p, &n->moved);
        }
        keep_off(&p->call, n, size);
        if (!posix_file_cut(p, n, size))
                return CALL_NO_VALUE;
        next = node_next_cut(n, size);
        error = node_truncate(n, next);
        if (!error)
                notice(n, NOTICE_WRITTEN);
        if (!error && next != size)
                return call_pauses(p);
        call_lets_move(&p->call);
        p->call.shortens = NULL;
        return error;
}

long posix_resize(struct process *p, struct node *n, uint64_t size)
{
        long error = node_may_have_size(n, size) ? 0 : -SOS_EPERM;

        if (!error)
                rights_written(&p->user, n);
        if (!error && n->kind == NODE_MEMORY && size < n->size)
                return shorten(p, n, size);
        if (!error && size > n->size)
                error = posix_may_grow(p, n, size);
        if (!error)
                error = node_truncate(n, size);
        if (!error)
                notice(n, NOTICE_WRITTEN);
        return error;
}

/* Whoever closes a message queue, or a directory, is no longer told of messages or news, though others may have it open. */
void posix_let_go(const struct process *p, struct file *f)
{
        if (f->kind == FILE_QUEUE)
                mqueue_forget(f->event->queue, p->leader->pid);
        else if (dnotify_count)
                dnotify_forget(f, p->leader->pid);
        file_close(f);
}

long posix_close(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        if (!f)
                return -SOS_EBADF;
        descriptor_set(p->files, p->call.argument[0], NULL, false);
        posix_let_go(p, f);
        return 0;
}

/* Descriptors belong to one process, so there is nothing to be undone with UNSHARE.  Cost: the table, whatever the range. */
long posix_close_range(struct process *p)
{
        enum { UNSHARE = 2, ON_EXEC = 4 };
        uint32_t first = (uint32_t)p->call.argument[0], last = (uint32_t)p->call.argument[1];

        if (first > last || p->call.argument[2] & ~(seL4_Word)(UNSHARE | ON_EXEC))
                return -SOS_EINVAL;
        for (uint32_t i = first; i < DESCRIPTORS && i <= last; i++) {
                struct file *f = descriptor_file(p->files, i);

                if (f && p->call.argument[2] & ON_EXEC) {
                        descriptor_set_on_exec(p->files, i, true);
                } else if (f) {
                        descriptor_set(p->files, i, NULL, false);
                        posix_let_go(p, f);
                }
        }
        return 0;
}

long posix_lseek(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        long n = f ? file_seek(f, (long)p->call.argument[1], (unsigned)p->call.argument[2], &p->call.vector)
                   : -SOS_EBADF;

        return n == FILE_GOES_ON ? call_pauses(p) : n;
}

long posix_pipe2(struct process *p)
{
        long first = posix_lowest(p, 0), second = first < 0 ? first : posix_lowest(p, (seL4_Word)first + 1);
        uint32_t flags = (uint32_t)p->call.argument[1];
        struct file *end[2];
        int descriptors[2];

        if (flags & ~(uint32_t)(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
                return -SOS_EINVAL;
        if (second < 0 || !file_pipe(end))
                return -SOS_EMFILE;
        end[0]->pipe->user = p->user.user[USER_FILES];
        end[0]->pipe->group = p->user.group[USER_FILES];
        end[0]->flags |= flags & O_NONBLOCK;
        end[1]->flags |= flags & (O_NONBLOCK | O_DIRECT);
        descriptors[0] = (int)posix_give_at(p, end[0], first, flags);
        descriptors[1] = (int)posix_give_at(p, end[1], second, flags);
        if (descriptors[0] >= 0 && descriptors[1] >= 0 &&
            space_write(p->space, p->call.argument[0], descriptors, sizeof(descriptors)))
                return 0;
        for (int i = 0; i < 2; i++) {
                if (descriptors[i] < 0)
                        continue;
                descriptor_set(p->files, (seL4_Word)descriptors[i], NULL, false);
                file_close(end[i]);
        }
        return -SOS_EFAULT;
}

long posix_ftruncate(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        if (!f || file_is_place(f))
                return -SOS_EBADF;
        if (f->kind != FILE_NODE || f->node->kind != NODE_MEMORY || !(f->flags & O_ACCESS))
                return -SOS_EINVAL;
        return (long)p->call.argument[1] < 0 ? -SOS_EINVAL : posix_resize(p, f->node, p->call.argument[1]);
}

long posix_truncate(struct process *p)
{
        struct node *n;
        long error = posix_find(p, AT_FDCWD, p->call.argument[0], &n);

        if (error)
                return error;
        if (n->kind == NODE_DIRECTORY)
                return -SOS_EISDIR;
        if ((long)p->call.argument[1] < 0 || n->kind == NODE_FIFO || n->kind == NODE_SOCKET ||
            node_is_device(n))
                return -SOS_EINVAL;
        if (!rights_allow(&p->user, n, RIGHT_WRITE))
                return -SOS_EACCES;
        if (n->runs)
                return -SOS_ETXTBSY;
        error = p->call.shortens == n ? 0 : posix_break_leases(p, n, true, true);
        if (error)
                return error;
        store_changed(n); /* nobody need have it open */
        return posix_resize(p, n, p->call.argument[1]);
}

long posix_wait_for_disk(struct process *p)
{
        long result;

        if (!p->call.progress)
                p->call.progress = store_pass();
        result = store_passed(p->call.progress);
        return result > 0 ? call_waits(p, store_queue()) : result;
}

long posix_sync(struct process *p)
{
        if (!p->call.progress)
                file_changed(NULL);
        return posix_wait_for_disk(p);
}

long posix_fsync(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        if (!f || file_is_place(f))
                return -SOS_EBADF;
        if (f->kind == FILE_SPARE)
                return posix_flush_spare(p);
        if (f->kind != FILE_NODE)
                return -SOS_EINVAL;
        if (!p->call.progress)
                file_changed(f->node);
        return posix_wait_for_disk(p);
}
