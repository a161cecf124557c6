/* SPDX-License-Identifier: BSD-2-Clause */
/* What the calls of System V's queues, semaphores and segments have in common (queues.c, semaphores.c, segments.c). */
#pragma once

#include "os/process/ipc.h"
#include "text/text.h"

enum { IPC_RMID = 0, IPC_SET = 1, IPC_STAT = 2, IPC_INFO = 3, IPC_64 = 0x100 };

/* The one in that place of the table; NULL, and -SOS_EINVAL. */
static inline struct ipc *ipc_in_place(const struct ipc_table *t, seL4_Word place, long *error)
{
        struct ipc *o = place < t->count ? ipc_at(t, (unsigned)place) : NULL;

        *error = -SOS_EINVAL;
        return o && o->used ? o : NULL;
}

/* What has the next row of a table: places count from 1 on; 0 is that of the names of its columns, which are added.  The place moves behind
 * it; NULL: it has no row. */
static inline const struct ipc *ipc_row(const struct ipc_table *table, struct text *t, seL4_Word *place,
                                        void (*add_names)(struct text *t))
{
        if (*place == 0) {
                add_names(t);
                *place = 1;
                return NULL;
        }
        while (*place <= table->count) {
                const struct ipc *o = ipc_at(table, (unsigned)(*place)++ - 1);

                if (o->used)
                        return o;
        }
        return NULL;
}
