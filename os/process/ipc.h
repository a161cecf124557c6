/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects that processes share by keys: message queues, semaphores and segments of memory as System V has them.  What the three
 * kinds have in common: tables of records, whose numbers distinguish a record from earlier ones in the same place.
 *
 * Semaphores lie here as well: what a process has done to them can be undone when it ends.
 */
#pragma once

#include "os/process/process.h"

/* The beginning of each record. */
struct ipc {
        bool used;
        uint16_t turn; /* how often the place was used */
        int32_t key;   /* 0: it cannot be found by a key */
        uint32_t user, group, maker, maker_group, mode;
};

struct ipc_table {
        void *first;
        size_t record; /* bytes of one */
        unsigned count;
};

enum {
        IPC_PLACES = 64,
        IPC_CREATE = 01000,
        IPC_ONLY_NEW = 02000,
        IPC_NO_WAIT = 04000,
        IPC_MODE = 0777,
        IPC_MODE_ONE = 7
};

/* The record in a place, in use or not; the number of one; that of a number: NULL, and why (-SOS_EINVAL, -SOS_EIDRM). */
struct ipc *ipc_at(const struct ipc_table *t, unsigned place);
int ipc_number(const struct ipc_table *t, const struct ipc *o);
struct ipc *ipc_find(const struct ipc_table *t, int number, long *error);

/* The record of a key, or a new record (*fresh), whose other fields are 0; NULL, and why. */
struct ipc *ipc_get(const struct ipc_table *t, const struct process *p, int32_t key, seL4_Word flags,
                    bool *fresh, long *error);
void ipc_give(struct ipc *o);

/* May it read or change what is in it; or is it its own, so that it may change or remove the record?  0, -SOS_EACCES, -SOS_EPERM. */
enum { IPC_READS = RIGHT_READ, IPC_WRITES = RIGHT_WRITE, IPC_OWNS = 8, IPC_ALL = 0 };
long ipc_refuse(const struct user *u, const struct ipc *o, unsigned how);

/* How many are in use; the last place in use. */
unsigned ipc_count(const struct ipc_table *t, unsigned *last);

/* As programs see the beginning of each of them; and what they may set of it. */
struct ipc_seen {
        int32_t key;
        uint32_t user, group, maker, maker_group, mode;
        uint16_t turn, pad;
        uint32_t pad2;
        uint64_t unused[2];
};
_Static_assert(sizeof(struct ipc_seen) == 48, "as programs know it");
struct ipc_seen ipc_seen(const struct ipc *o);
void ipc_set(struct ipc *o, const struct ipc_seen *seen);

/* --- semaphores --- */

enum { SEMAPHORES = PAGE / 8, SEMAPHORE_MOST = 32767, SEMAPHORE_UNDOS = 1024 };

struct semaphore {
        uint16_t value;
        uint16_t undos; /* what processes have to undo of it (ipc.c) */
        int pid;        /* who changed it last */
};

struct semaphore_set {
        struct ipc ipc;
        uint32_t count;
        frame_id frame;                /* that many semaphores */
        uint64_t operated, changed_at; /* seconds since 1970 */
        struct wait_queue changed;
};

extern const struct ipc_table semaphore_sets;

static inline struct semaphore *semaphore_of(const struct semaphore_set *s)
{
        return (struct semaphore *)(void *)frame_data(s->frame);
}

/* When the process ends, `by` is added to that semaphore; false: there is no room to remember it. */
bool semaphore_undo(struct process *p, struct semaphore_set *s, unsigned number, int by);

/* Nothing is to be undone of it any more. */
void semaphore_forget(struct semaphore *each);

/* The process ends. */
void semaphores_undo(const struct process *leader);
