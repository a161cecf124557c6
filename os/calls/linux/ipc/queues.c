/* SPDX-License-Identifier: BSD-2-Clause */
/* Message queues of System V.  Messages lie one behind the other, each with a head, in a file without a name; when one is taken from the
 * middle, the gap is closed; the bounds of a queue keep that short. */
#include "base/text.h"
#include "os/calls/linux/ipc/ipc_calls.h"
#include "os/calls/linux/posix.h"
#include "os/device/board.h"
#include "text/text.h"

enum { MESSAGE_MOST = 8192, QUEUE_BYTES = 16384, QUEUE_MESSAGES = 512 };

struct queue {
        struct ipc ipc;
        struct node *content;
        uint64_t sent, received, changed_at; /* seconds since 1970 */
        uint32_t bytes, count, most;         /* of the messages without heads; how many; bytes at most */
        int sender, receiver;
        struct wait_queue changed;
};

struct head {
        int64_t type;
        uint64_t bytes;
};

struct seen {
        struct ipc_seen ipc;
        uint64_t sent, received, changed, bytes, count, most;
        int sender, receiver;
        uint64_t unused[2];
};
_Static_assert(sizeof(struct seen) == 120, "as programs know it");

static struct queue queues[IPC_PLACES];
static const struct ipc_table table = {queues, sizeof(*queues), IPC_PLACES};
static char text[MESSAGE_MOST];

static uint64_t now(void)
{
        return board_date_us() / 1000000;
}

long posix_msgget(struct process *p)
{
        bool fresh;
        long error;
        struct queue *q =
                (void *)ipc_get(&table, p, (int)p->call.argument[0], p->call.argument[1], &fresh, &error);

        if (!q || !fresh)
                return q ? ipc_number(&table, &q->ipc) : error;
        q->content = node_nameless();
        if (!q->content) {
                ipc_give(&q->ipc);
                return -SOS_ENOMEM;
        }
        node_open(q->content);
        q->content->by_content = false;
        q->most = QUEUE_BYTES;
        q->changed_at = now();
        return ipc_number(&table, &q->ipc);
}

/* --- messages --- */

static struct queue *queue_of(struct process *p, long *error)
{
        struct queue *q = (void *)ipc_find(&table, (int)p->call.argument[0], error);

        if (!q && p->call.place)
                *error = -SOS_EIDRM; /* it was there when the call began to wait */
        return q;
}

static long wait_for(struct process *p, struct queue *q, long otherwise, seL4_Word flags)
{
        if (flags & IPC_NO_WAIT)
                return otherwise;
        p->call.place = 1;
        return call_waits(p, &q->changed);
}

static long put(struct process *p, struct queue *q, const struct head *h)
{
        uint64_t at = q->content->size;

        if (node_write(q->content, at, h, sizeof(*h)) != (long)sizeof(*h) ||
            node_write(q->content, at + sizeof(*h), text, h->bytes) != (long)h->bytes) {
                node_truncate(q->content, at);
                return -SOS_ENOMEM;
        }
        q->bytes += (uint32_t)h->bytes;
        q->count++;
        q->sender = p->leader->pid;
        q->sent = now();
        wait_wake(&q->changed);
        return 0;
}

long posix_msgsnd(struct process *p)
{
        seL4_Word va = p->call.argument[1], flags = p->call.argument[3];
        struct head h = {.bytes = p->call.argument[2]};
        struct queue *q;
        long error;

        if (h.bytes > MESSAGE_MOST || (int)p->call.argument[0] < 0)
                return -SOS_EINVAL;
        if (!space_read(p->space, va, &h.type, sizeof(h.type)) ||
            (h.bytes && !space_read(p->space, va + sizeof(h.type), text, h.bytes)))
                return -SOS_EFAULT;
        if (h.type < 1)
                return -SOS_EINVAL;
        q = queue_of(p, &error);
        if (q)
                error = ipc_refuse(&p->user, &q->ipc, IPC_WRITES);
        if (error)
                return error;
        if (q->bytes + h.bytes > q->most || q->count >= QUEUE_MESSAGES)
                return wait_for(p, q, -SOS_EAGAIN, flags);
        return put(p, q, &h);
}

enum { NO_ERROR = 010000, EXCEPT = 020000, COPY = 040000 };

/* Is it the one that is wanted, when `best` is the type of the best one so far (0: none)? */
static bool suits(int64_t type, int64_t wanted, bool except, int64_t best)
{
        if (wanted == 0)
                return best == 0;
        if (wanted > 0)
                return best == 0 && (except ? type != wanted : type == wanted);
        return type <= -wanted && (best == 0 || type < best);
}

/* Where the message lies that is to be received; false: there is none. */
static bool find(const struct queue *q, int64_t wanted, seL4_Word flags, struct head *h, uint64_t *place)
{
        struct head each;
        uint64_t index = 0;

        h->type = 0;
        for (uint64_t at = 0; at < q->content->size; at += sizeof(each) + each.bytes, index++) {
                node_read(q->content, at, &each, sizeof(each));
                if (flags & COPY ? index != (uint64_t)wanted
                                 : !suits(each.type, wanted, flags & EXCEPT, h->type))
                        continue;
                *h = each;
                *place = at;
        }
        return h->type;
}

/* What lies behind it moves up. */
static void take_out(struct queue *q, uint64_t place, const struct head *h)
{
        uint64_t from = place + sizeof(*h) + h->bytes;

        while (from < q->content->size) {
                long n = node_read(q->content, from, text, sizeof(text));

                node_write(q->content, place, text, (size_t)n);
                place += (uint64_t)n;
                from += (uint64_t)n;
        }
        node_truncate(q->content, place);
        q->bytes -= (uint32_t)h->bytes;
        q->count--;
}

static long receive(struct process *p, struct queue *q, const struct head *h, uint64_t place)
{
        seL4_Word va = p->call.argument[1], size = p->call.argument[2], flags = p->call.argument[4];
        uint64_t bytes = h->bytes < size ? h->bytes : size;

        if (h->bytes > size && !(flags & NO_ERROR))
                return -SOS_E2BIG;
        node_read(q->content, place + sizeof(*h), text, bytes);
        if (!space_write(p->space, va, &h->type, sizeof(h->type)) ||
            (bytes && !space_write(p->space, va + sizeof(h->type), text, bytes)))
                return -SOS_EFAULT;
        if (flags & COPY)
                return (long)bytes;
        take_out(q, place, h);
        q->receiver = p->leader->pid;
        q->received = now();
        wait_wake(&q->changed);
        return (long)bytes;
}

long posix_msgrcv(struct process *p)
{
        int64_t wanted = (int64_t)p->call.argument[3];
        seL4_Word flags = p->call.argument[4];
        struct queue *q;
        struct head h;
        uint64_t place = 0;
        long error;

        if ((int)p->call.argument[0] < 0 || (long)p->call.argument[2] < 0 ||
            (flags & COPY && (flags & EXCEPT || !(flags & IPC_NO_WAIT))))
                return -SOS_EINVAL;
        q = queue_of(p, &error);
        if (q)
                error = ipc_refuse(&p->user, &q->ipc, IPC_READS);
        if (error)
                return error;
        wanted = wanted == INT64_MIN ? -INT64_MAX : wanted;
        return find(q, wanted, flags, &h, &place) ? receive(p, q, &h, place)
                                                  : wait_for(p, q, -SOS_ENOMSG, flags);
}

/* --- queries and settings --- */

static long tell_queue(struct process *p, const struct queue *q, long result)
{
        struct seen seen = {.ipc = ipc_seen(&q->ipc),
                            .sent = q->sent,
                            .received = q->received,
                            .changed = q->changed_at,
                            .bytes = q->bytes,
                            .count = q->count,
                            .most = q->most,
                            .sender = q->sender,
                            .receiver = q->receiver};

        return space_write(p->space, p->call.argument[2], &seen, sizeof(seen)) ? result : -SOS_EFAULT;
}

static long change_queue(struct process *p, struct queue *q)
{
        struct seen seen;

        if (!space_read(p->space, p->call.argument[2], &seen, sizeof(seen)))
                return -SOS_EFAULT;
        if (seen.most > QUEUE_BYTES || ipc_refuse(&p->user, &q->ipc, IPC_OWNS))
                return -SOS_EPERM;
        ipc_set(&q->ipc, &seen.ipc);
        q->most = (uint32_t)seen.most;
        q->changed_at = now();
        wait_wake(&q->changed);
        return 0;
}

/* The limits, and with MSG_INFO what is in use. */
static long tell_all(struct process *p, bool used)
{
        enum { POOL, MAP, MOST, BYTES, QUEUES, SEGMENT, ALL, SEGMENTS, WORDS };
        int words[WORDS] = {[POOL] = IPC_PLACES * QUEUE_BYTES / 1024,
                            [MAP] = QUEUE_BYTES,
                            [MOST] = MESSAGE_MOST,
                            [BYTES] = QUEUE_BYTES,
                            [QUEUES] = IPC_PLACES,
                            [SEGMENT] = 16,
                            [ALL] = QUEUE_BYTES,
                            [SEGMENTS] = 0xffff};
        unsigned last, count = ipc_count(&table, &last);

        if (used) {
                words[POOL] = (int)count;
                words[MAP] = words[ALL] = 0;
                for (unsigned i = 0; i <= last; i++) {
                        words[MAP] += queues[i].ipc.used ? (int)queues[i].count : 0;
                        words[ALL] += queues[i].ipc.used ? (int)queues[i].bytes : 0;
                }
        }
        return space_write(p->space, p->call.argument[2], words, sizeof(words)) ? (long)last : -SOS_EFAULT;
}

static void remove(struct queue *q)
{
        node_close(q->content);
        ipc_give(&q->ipc);
        wait_wake(&q->changed);
}

enum { MSG_STAT = 11, MSG_INFO = 12, MSG_STAT_ANY = 13 };

static long command_of(struct process *p, struct queue *q, int command)
{
        switch (command) {
        case IPC_STAT:
                return tell_queue(p, q, 0);
        case MSG_STAT:
        case MSG_STAT_ANY:
                return tell_queue(p, q, ipc_number(&table, &q->ipc));
        case IPC_SET:
                return change_queue(p, q);
        case IPC_RMID:
                remove(q);
                return 0;
        default:
                return -SOS_EINVAL;
        }
}

static unsigned way_of(int command)
{
        switch (command) {
        case MSG_STAT_ANY:
                return IPC_ALL;
        case IPC_SET:
        case IPC_RMID:
                return IPC_OWNS;
        default:
                return IPC_READS;
        }
}

long posix_msgctl(struct process *p)
{
        int command = (int)p->call.argument[1] & ~IPC_64;
        bool place = command == MSG_STAT || command == MSG_STAT_ANY;
        struct queue *q;
        long error;

        if (command == IPC_INFO || command == MSG_INFO)
                return tell_all(p, command == MSG_INFO);
        q = (void *)(place ? ipc_in_place(&table, p->call.argument[0], &error)
                           : ipc_find(&table, (int)p->call.argument[0], &error));
        if (!q)
                return error;
        error = ipc_refuse(&p->user, &q->ipc, way_of(command));
        return error ? error : command_of(p, q, command);
}

static void add_names(struct text *t)
{
        text_add(t, "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid  "
                    "    stime      "
                    "rtime      ctime\n");
}

bool posix_tell_queues(struct text *t, seL4_Word *place)
{
        const struct ipc *o = ipc_row(&table, t, place, add_names);
        const struct queue *q = (const void *)o;
        char digits[TEXT_OCTAL];

        if (!o)
                return true;
        text_add(t, "%10d %10d  %4s  %10u %10u %5d %5d ", o->key, ipc_number(&table, o),
                 text_octal(o->mode, digits), q->bytes, q->count, q->sender, q->receiver);
        text_add(t, "%5u %5u %5u %5u %10lu %10lu %10lu\n", o->user, o->group, o->maker, o->maker_group,
                 q->sent, q->received, q->changed_at);
        return true;
}
