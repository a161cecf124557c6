/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls of message queues with names (os/files/mqueue.h).  Notification by a thread would need a netlink socket of
 * that use, and there are none. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/files/mqueue.h"
#include "os/process/numbers.h"
#include "os/process/signals/signal.h"
#include "sos/clock.h"

/* As Linux programs know it. */
struct attributes {
        int64_t flags, most, bytes, count, unused[4];
};

static char text[MQUEUE_BYTES_MOST];

static long read_name(struct process *p, char name[PATH_MAX])
{
        long error = posix_path(p, p->call.argument[0], name);

        if (error)
                return error;
        if (strlen(name) >= MQUEUE_NAME)
                return -SOS_ENAMETOOLONG;
        return !strcmp(name, ".") || !strcmp(name, "..") || strchr(name, '/') ? -SOS_EACCES : 0;
}

static long make(struct process *p, const char *name, struct mqueue **made)
{
        struct attributes a = {.most = MQUEUE_MESSAGES, .bytes = MQUEUE_BYTES};
        bool many = user_can(&p->user, CAPABLE_LIMITS);
        long error;

        if (p->call.argument[3] && !space_read(p->space, p->call.argument[3], &a, sizeof(a)))
                return -SOS_EFAULT;
        if (a.most < 1 || a.most > (many ? MQUEUE_MESSAGES_MOST : MQUEUE_MESSAGES) || a.bytes < 1 ||
            a.bytes > (many ? MQUEUE_BYTES_MOST : MQUEUE_BYTES))
                return -SOS_EINVAL;
        *made = mqueue_make(name, (unsigned)a.most, (unsigned)a.bytes, &error);
        if (*made)
                posix_new_mode(p, (*made)->content, p->call.argument[2]);
        return *made ? 0 : error;
}

/* As a file. */
static long may_open(const struct process *p, const struct mqueue *q, uint32_t flags)
{
        static const uint8_t wanted[] = {RIGHT_READ, RIGHT_WRITE, RIGHT_READ | RIGHT_WRITE, 0};

        if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
                return -SOS_EEXIST;
        return rights_allow(&p->user, q->content, wanted[flags & O_ACCESS]) ? 0 : -SOS_EACCES;
}

long posix_mq_open(struct process *p)
{
        uint32_t flags = (uint32_t)p->call.argument[1];
        char name[PATH_MAX];
        long error = read_name(p, name), descriptor;
        struct mqueue *q = error ? NULL : mqueue_find(name);
        bool fresh = !q;

        if (error)
                return error;
        if (q)
                error = may_open(p, q, flags);
        if (error)
                return error;
        if ((flags & O_ACCESS) == O_ACCESS)
                return -SOS_EINVAL;
        if (!q)
                error = flags & O_CREAT ? make(p, name, &q) : -SOS_ENOENT;
        if (error)
                return error;
        descriptor = posix_give(p, mqueue_open(q, flags & (O_ACCESS | O_NONBLOCK)), O_CLOEXEC);
        if (descriptor < 0 && fresh)
                mqueue_unlink(q);
        return descriptor;
}

long posix_mq_unlink(struct process *p)
{
        char name[PATH_MAX];
        long error = read_name(p, name);
        struct mqueue *q = error ? NULL : mqueue_find(name);

        if (q && !rights_own(&p->user, q->content))
                return -SOS_EPERM;
        if (q)
                mqueue_unlink(q);
        return error || q ? error : -SOS_ENOENT;
}

/* The queue behind a descriptor that may send (or receive); NULL: -SOS_EBADF. */
static struct mqueue *queue_of(struct process *p, bool write, struct file **file)
{
        struct file *f = *file = posix_file(p, p->call.argument[0]);

        return f && f->kind == FILE_QUEUE && !posix_may_move(f, write) ? f->event->queue : NULL;
}

static long deadline(struct process *p)
{
        return p->call.argument[4] && !p->call.end_us ? posix_deadline(p, p->call.argument[4], true, true)
                                                      : 0;
}

static long wait_for(struct process *p, const struct file *f, struct wait_queue *q)
{
        if (f->flags & O_NONBLOCK)
                return -SOS_EAGAIN;
        if (p->call.end_us && clock_us() >= p->call.end_us)
                return -SOS_ETIMEDOUT;
        call_waits(p, q);
        return p->call.end_us ? call_until(p, p->call.end_us) : CALL_NO_VALUE;
}

/* Somebody waits to receive: the message is for them, and no notification is sent. */
static bool is_expected(const struct mqueue *q)
{
        for (struct waiter *w = wait_first(&q->filled); w; w = wait_behind(w, &q->filled)) {
                if (process_of_waiter(w)->call.number % SOS_POSIX == LINUX_MQ_TIMEDRECEIVE)
                        return true;
        }
        return false;
}

/* Once only: no further notification until somebody asks for it again. */
static void tell(const struct process *sender, struct mqueue *q)
{
        struct process *target = q->notify.process ? process_find(q->notify.process) : NULL;
        struct signal_cause cause = {.signal = q->notify.signal,
                                     .code = SENT_BY_QUEUE,
                                     .address = (seL4_Word)sender->leader->pid,
                                     .value = q->notify.value};

        q->notify.process = 0;
        if (target && process_lives(target) && cause.signal)
                signal_send_cause(target, &cause, false);
}

long posix_mq_timedsend(struct process *p)
{
        const seL4_Word *a = p->call.argument;
        long error = a[3] < MQUEUE_PRIORITIES ? deadline(p) : -SOS_EINVAL;
        struct file *f;
        struct mqueue *q = queue_of(p, true, &f);
        bool news;

        if (error)
                return error;
        if (!q || a[2] > q->bytes)
                return q ? -SOS_EMSGSIZE : -SOS_EBADF;
        if (a[2] && !space_read(p->space, a[1], text, a[2]))
                return -SOS_EFAULT;
        if (q->count == q->most)
                return wait_for(p, f, &q->drained);
        news = q->count == 0 && !is_expected(q);
        error = mqueue_put(q, text, a[2], (unsigned)a[3]);
        if (!error && news)
                tell(p, q);
        return error;
}

long posix_mq_timedreceive(struct process *p)
{
        const seL4_Word *a = p->call.argument;
        long error = deadline(p), bytes;
        struct file *f;
        struct mqueue *q = queue_of(p, false, &f);
        const struct mqueue_message *m;
        uint32_t priority;

        if (error)
                return error;
        if (!q || a[2] < q->bytes)
                return q ? -SOS_EMSGSIZE : -SOS_EBADF;
        m = mqueue_next(q);
        if (!m)
                return wait_for(p, f, &q->filled);
        bytes = (long)m->bytes;
        priority = m->priority;
        mqueue_read(q, m, text);
        if ((a[3] && !space_write(p->space, a[3], &priority, sizeof(priority))) ||
            (bytes && !space_write(p->space, a[1], text, (size_t)bytes)))
                return -SOS_EFAULT;
        mqueue_take(q);
        return bytes;
}

enum { VALUE = 0, SIGNAL = 2, KIND = 3 }; /* words of what programs know as struct sigevent */
enum { BY_SIGNAL, NOT_AT_ALL, BY_THREAD };

static long check_event(struct process *p, const uint32_t event[4])
{
        if (event[KIND] > BY_THREAD || (event[KIND] == BY_SIGNAL && event[SIGNAL] > PROCESS_SIGNALS))
                return -SOS_EINVAL;
        if (event[KIND] == BY_THREAD)
                return posix_file(p, event[SIGNAL]) ? -SOS_ENOTSOCK : -SOS_EBADF;
        return 0;
}

/* One process at a time, by a signal or not at all. */
static long notify(struct process *p, struct mqueue *q, const uint32_t event[4])
{
        struct process *other = q->notify.process ? process_find(q->notify.process) : NULL;

        if (other && process_lives(other))
                return -SOS_EBUSY;
        q->notify.process = p->leader->pid;
        q->notify.silent = event[KIND] == NOT_AT_ALL;
        q->notify.signal = event[KIND] == BY_SIGNAL ? (int)event[SIGNAL] : 0;
        memcpy(&q->notify.value, &event[VALUE], sizeof(q->notify.value));
        return 0;
}

long posix_mq_notify(struct process *p)
{
        uint32_t event[4];
        long error;
        struct file *f = posix_file(p, p->call.argument[0]);
        struct mqueue *q = f && f->kind == FILE_QUEUE ? f->event->queue : NULL;

        if (p->call.argument[1] && !space_read(p->space, p->call.argument[1], event, sizeof(event)))
                return -SOS_EFAULT;
        error = p->call.argument[1] ? check_event(p, event) : 0;
        if (error || !q)
                return error ? error : -SOS_EBADF;
        if (p->call.argument[1])
                return notify(p, q, event);
        mqueue_forget(q, p->leader->pid);
        return 0;
}

/* What `read` gives of one, as Linux writes it: bytes of all messages, and who is told of the next one. */
long posix_read_queue(struct process *p, struct file *f, const seL4_Word piece[2])
{
        const struct mqueue *q = f->event->queue;
        bool told = q->notify.process && process_find(q->notify.process);
        char line[96];
        struct text t = {.buffer = line, .size = sizeof(line)};
        uint64_t size;

        text_add(&t, "QSIZE:%-10lu NOTIFY:%-5u SIGNO:%-5u NOTIFY_PID:%-6u\n", (unsigned long)q->held,
                 told ? (unsigned)q->notify.silent : 0, told ? (unsigned)q->notify.signal : 0,
                 told ? (unsigned)q->notify.process : 0);
        size = t.length > f->offset ? t.length - f->offset : 0;
        if (size > piece[1])
                size = piece[1];
        if (size && !space_write(p->space, piece[0], line + f->offset, size))
                return -SOS_EFAULT;
        f->offset += size;
        return (long)size;
}

long posix_mq_getsetattr(struct process *p)
{
        struct attributes new, old;
        struct file *f = posix_file(p, p->call.argument[0]);
        const struct mqueue *q = f && f->kind == FILE_QUEUE ? f->event->queue : NULL;

        if (p->call.argument[1] && !space_read(p->space, p->call.argument[1], &new, sizeof(new)))
                return -SOS_EFAULT;
        if (p->call.argument[1] && new.flags & ~(int64_t)O_NONBLOCK)
                return -SOS_EINVAL;
        if (!q)
                return -SOS_EBADF;
        old = (struct attributes){
                .flags = f->flags & O_NONBLOCK, .most = q->most, .bytes = q->bytes, .count = q->count};
        if (p->call.argument[2] && !space_write(p->space, p->call.argument[2], &old, sizeof(old)))
                return -SOS_EFAULT;
        if (p->call.argument[1])
                f->flags = (f->flags & ~(uint32_t)O_NONBLOCK) | (uint32_t) new.flags;
        return 0;
}
