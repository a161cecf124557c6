/* SPDX-License-Identifier: BSD-2-Clause */
/* Queues of the model: plain arrays, first to last. */
#pragma once

#include <stdbool.h>
#include <string.h>

enum { Q_MANY = 8, Q_NONE = -1 };

struct q_list {
        int item[Q_MANY], count;
};

static inline void q_insert(struct q_list *l, int at, int item)
{
        memmove(&l->item[at + 1], &l->item[at], (unsigned long)(l->count - at) * sizeof(int));
        l->item[at] = item;
        l->count++;
}

static inline bool q_take_out(struct q_list *l, int item)
{
        for (int i = 0; i < l->count; i++) {
                if (l->item[i] != item)
                        continue;
                l->count--;
                memmove(&l->item[i], &l->item[i + 1], (unsigned long)(l->count - i) * sizeof(int));
                return true;
        }
        return false;
}

static inline void q_append(struct q_list *l, int item)
{
        q_insert(l, l->count, item);
}
