/* SPDX-License-Identifier: BSD-2-Clause */
/* Semaphores of System V.  All operations of one call are done at once, or none: a call that waits has changed nothing. */
#include "base/text.h"
#include "os/calls/linux/ipc/ipc_calls.h"
#include "os/calls/linux/posix.h"
#include "os/device/board.h"
#include "sos/clock.h"
#include "text/text.h"

enum { OPERATIONS = 500 };

struct operation {
        uint16_t number;
        int16_t by, flags;
};

/* As programs know them. */
struct seen {
        struct ipc_seen ipc;
        uint64_t operated, changed, count, unused[2];
};
_Static_assert(sizeof(struct seen) == 88, "as programs know it");

static uint64_t now(void)
{
        return board_date_us() / 1000000;
}

static struct semaphore_set *set_of(seL4_Word number, long *error)
{
        return (struct semaphore_set *)(void *)ipc_find(&semaphore_sets, (int)number, error);
}

long posix_semget(struct process *p)
{
        int key = (int)p->call.argument[0], count = (int)p->call.argument[1];
        struct semaphore_set *s;
        bool fresh;
        long error;

        if (count < 0 || count > SEMAPHORES)
                return -SOS_EINVAL;
        s = (struct semaphore_set *)(void *)ipc_get(&semaphore_sets, p, key, p->call.argument[2], &fresh,
                                                    &error);
        if (!s)
                return error;
        if (!fresh)
                return (uint32_t)count > s->count ? -SOS_EINVAL : ipc_number(&semaphore_sets, &s->ipc);
        s->frame = count ? frame_take_zero() : 0;
        if (!s->frame) {
                ipc_give(&s->ipc);
                return count ? -SOS_ENOMEM : -SOS_EINVAL;
        }
        s->count = (uint32_t)count;
        s->changed_at = now();
        return ipc_number(&semaphore_sets, &s->ipc);
}

static void remove(struct semaphore_set *s)
{
        for (unsigned i = 0; i < s->count; i++)
                semaphore_forget(&semaphore_of(s)[i]);
        frame_drop(s->frame);
        ipc_give(&s->ipc);
        wait_wake(&s->changed);
}

/* --- queries and settings --- */

enum { GETPID = 11, GETVAL, GETALL, GETNCNT, GETZCNT, SETVAL, SETALL, SEM_STAT, SEM_INFO, SEM_STAT_ANY };

/* Calls that wait for the semaphore to become larger, or 0. */
static long waiting(const struct semaphore_set *s, unsigned number, bool for_zero)
{
        enum { SEMTIMEDOP = 192, SEMOP };
        long count = 0;

        for (unsigned i = 0; i < TASKS; i++) {
                const struct process *p = thread_any(i);
                seL4_Word call = p->call.number % SOS_POSIX;

                count += p->state == PROCESS_WAITING && (call == SEMTIMEDOP || call == SEMOP) &&
                         (int)p->call.argument[0] == ipc_number(&semaphore_sets, &s->ipc) &&
                         p->call.vector == number + 1 && p->call.vector_start == for_zero;
        }
        return count;
}

static long get_all(struct process *p, const struct semaphore_set *s)
{
        uint16_t values[SEMAPHORES];

        for (unsigned i = 0; i < s->count; i++)
                values[i] = semaphore_of(s)[i].value;
        return space_write(p->space, p->call.argument[3], values, s->count * sizeof(*values)) ? 0
                                                                                              : -SOS_EFAULT;
}

static void set_value(struct process *p, struct semaphore_set *s, unsigned number, uint16_t value)
{
        struct semaphore *each = &semaphore_of(s)[number];

        semaphore_forget(each);
        each->value = value;
        each->pid = p->leader->pid;
        s->changed_at = now();
        wait_wake(&s->changed);
}

static long set_all(struct process *p, struct semaphore_set *s)
{
        uint16_t values[SEMAPHORES];

        if (!space_read(p->space, p->call.argument[3], values, s->count * sizeof(*values)))
                return -SOS_EFAULT;
        for (unsigned i = 0; i < s->count; i++) {
                if (values[i] > SEMAPHORE_MOST)
                        return -SOS_ERANGE;
        }
        for (unsigned i = 0; i < s->count; i++)
                set_value(p, s, i, values[i]);
        return 0;
}

/* Of one semaphore. */
static long of_one(struct process *p, struct semaphore_set *s, int command)
{
        unsigned number = (unsigned)p->call.argument[1];
        int value = (int)p->call.argument[3];

        if (number >= s->count)
                return -SOS_EINVAL;
        switch (command) {
        case GETPID:
                return semaphore_of(s)[number].pid;
        case GETVAL:
                return semaphore_of(s)[number].value;
        case GETNCNT:
        case GETZCNT:
                return waiting(s, number, command == GETZCNT);
        default:
                if (value < 0 || value > SEMAPHORE_MOST)
                        return -SOS_ERANGE;
                set_value(p, s, number, (uint16_t)value);
                return 0;
        }
}

static long tell_set(struct process *p, const struct semaphore_set *s, long result)
{
        struct seen seen = {.ipc = ipc_seen(&s->ipc),
                            .operated = s->operated,
                            .changed = s->changed_at,
                            .count = s->count};

        return space_write(p->space, p->call.argument[3], &seen, sizeof(seen)) ? result : -SOS_EFAULT;
}

static long change_set(struct process *p, struct semaphore_set *s)
{
        struct seen seen;

        if (!space_read(p->space, p->call.argument[3], &seen, sizeof(seen)))
                return -SOS_EFAULT;
        ipc_set(&s->ipc, &seen.ipc);
        s->changed_at = now();
        return 0;
}

/* The limits, and with SEM_INFO what is in use. */
static long tell_all(struct process *p, bool used)
{
        enum {
                SETS = 1,
                ALL = 2,
                UNDO = 3,
                IN_SET = 4,
                IN_CALL = 5,
                UNDOS = 6,
                BYTES = 7,
                MOST = 8,
                ADJUST = 9,
                WORDS
        };
        int words[WORDS] = {
                [SETS] = IPC_PLACES,     [ALL] = IPC_PLACES * SEMAPHORES, [UNDO] = SEMAPHORE_UNDOS,
                [IN_SET] = SEMAPHORES,   [IN_CALL] = OPERATIONS,          [UNDOS] = SEMAPHORE_UNDOS,
                [MOST] = SEMAPHORE_MOST, [ADJUST] = SEMAPHORE_MOST};
        unsigned last, count = ipc_count(&semaphore_sets, &last);

        if (used) {
                words[BYTES] = (int)count;
                words[ADJUST] = 0;
                for (unsigned i = 0; i <= last; i++) {
                        const struct semaphore_set *s = (void *)ipc_at(&semaphore_sets, i);

                        words[ADJUST] += s->ipc.used ? (int)s->count : 0;
                }
        }
        return space_write(p->space, p->call.argument[3], words, sizeof(words)) ? (long)last : -SOS_EFAULT;
}

static long command_of(struct process *p, struct semaphore_set *s, int command)
{
        switch (command) {
        case IPC_STAT:
                return tell_set(p, s, 0);
        case SEM_STAT:
        case SEM_STAT_ANY:
                return tell_set(p, s, ipc_number(&semaphore_sets, &s->ipc));
        case IPC_SET:
                return change_set(p, s);
        case IPC_RMID:
                remove(s);
                return 0;
        case GETALL:
                return get_all(p, s);
        case SETALL:
                return set_all(p, s);
        default:
                return command >= GETPID && command <= SETVAL ? of_one(p, s, command) : -SOS_EINVAL;
        }
}

static unsigned way_of(int command)
{
        switch (command) {
        case SETVAL:
        case SETALL:
                return IPC_WRITES;
        case IPC_SET:
        case IPC_RMID:
                return IPC_OWNS;
        case SEM_STAT_ANY:
                return IPC_ALL;
        default:
                return IPC_READS;
        }
}

long posix_semctl(struct process *p)
{
        int command = (int)p->call.argument[2] & ~IPC_64;
        bool place = command == SEM_STAT || command == SEM_STAT_ANY;
        struct semaphore_set *s;
        long error;

        if (command == IPC_INFO || command == SEM_INFO)
                return tell_all(p, command == SEM_INFO);
        s = (void *)(place ? ipc_in_place(&semaphore_sets, p->call.argument[0], &error)
                           : ipc_find(&semaphore_sets, (int)p->call.argument[0], &error));
        if (s)
                error = ipc_refuse(&p->user, &s->ipc, way_of(command));
        return s && !error ? command_of(p, s, command) : error;
}

/* --- operations --- */

/* Perform one operation; false: it has to wait. */
static bool operate(struct semaphore *s, const struct operation *o)
{
        if (o->by == 0)
                return s->value == 0;
        if (s->value + o->by < 0)
                return false;
        s->value = (uint16_t)(s->value + o->by);
        return true;
}

static void take_back(const struct semaphore_set *s, const struct operation *o, unsigned count)
{
        while (count-- > 0)
                semaphore_of(s)[o[count].number].value =
                        (uint16_t)(semaphore_of(s)[o[count].number].value - o[count].by);
}

static long wait_for(struct process *p, struct semaphore_set *s, const struct operation *o)
{
        if (o->flags & IPC_NO_WAIT || (p->call.end_us && clock_us() >= p->call.end_us))
                return -SOS_EAGAIN;
        p->call.place = 1;
        p->call.vector = o->number + 1ul;
        p->call.vector_start = o->by == 0;
        wait_at(&p->call.waiter, &s->changed);
        return p->call.end_us ? call_until(p, p->call.end_us) : call_waits(p, NULL);
}

/* They can be done: what they change is remembered. */
static long operated(struct process *p, struct semaphore_set *s, const struct operation *o, unsigned count)
{
        enum { UNDO = 0x1000 };

        for (unsigned i = 0; i < count; i++) {
                if (!(o[i].flags & UNDO) || !o[i].by || semaphore_undo(p, s, o[i].number, -o[i].by))
                        continue;
                while (i-- > 0) {
                        if (o[i].flags & UNDO && o[i].by)
                                semaphore_undo(p, s, o[i].number, o[i].by);
                }
                take_back(s, o, count);
                return -SOS_ENOSPC;
        }
        for (unsigned i = 0; i < count; i++)
                semaphore_of(s)[o[i].number].pid = p->leader->pid;
        s->operated = now();
        wait_wake(&s->changed);
        return 0;
}

static long operate_all(struct process *p, struct semaphore_set *s, const struct operation *o, unsigned count)
{
        for (unsigned i = 0; i < count; i++) {
                struct semaphore *each = &semaphore_of(s)[o[i].number];

                if (o[i].by > 0 && each->value + o[i].by > SEMAPHORE_MOST) {
                        take_back(s, o, i);
                        return -SOS_ERANGE;
                }
                if (!operate(each, &o[i])) {
                        take_back(s, o, i);
                        return wait_for(p, s, &o[i]);
                }
        }
        return operated(p, s, o, count);
}

static long operations(struct process *p)
{
        static struct operation o[OPERATIONS];
        seL4_Word count = p->call.argument[2];
        struct semaphore_set *s;
        int alters = 0;
        long error;

        if (count == 0 || (int)p->call.argument[0] < 0)
                return -SOS_EINVAL;
        if (count > OPERATIONS)
                return -SOS_E2BIG;
        if (!space_read(p->space, p->call.argument[1], o, count * sizeof(*o)))
                return -SOS_EFAULT;
        s = set_of(p->call.argument[0], &error);
        if (!s)
                return p->call.place ? -SOS_EIDRM : error;
        for (unsigned i = 0; i < count; i++) {
                if (o[i].number >= s->count)
                        return -SOS_EFBIG;
                alters |= o[i].by;
        }
        error = ipc_refuse(&p->user, &s->ipc, alters ? IPC_WRITES : IPC_READS);
        return error ? error : operate_all(p, s, o, (unsigned)count);
}

long posix_semop(struct process *p)
{
        return operations(p);
}

long posix_semtimedop(struct process *p)
{
        long error = p->call.argument[3] && !p->call.end_us
                             ? posix_deadline(p, p->call.argument[3], false, false)
                             : 0;

        return error ? error : operations(p);
}

static void add_names(struct text *t)
{
        text_add(t, "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n");
}

bool posix_tell_semaphores(struct text *t, seL4_Word *place)
{
        const struct ipc *o = ipc_row(&semaphore_sets, t, place, add_names);
        const struct semaphore_set *s = (const void *)o;
        char digits[TEXT_OCTAL];

        if (o)
                text_add(t, "%10d %10d  %4s %10u %5u %5u %5u %5u %10lu %10lu\n", o->key,
                         ipc_number(&semaphore_sets, o), text_octal(o->mode, digits), s->count, o->user,
                         o->group, o->maker, o->maker_group, s->operated, s->changed_at);
        return true;
}
