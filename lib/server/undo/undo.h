/* SPDX-License-Identifier: BSD-2-Clause */
/* All or nothing over several steps: each step that was taken records here how to undo it.
 *
 *      struct undo undo = {0};
 *      undo_push(&undo, free_a, a);
 *      ...
 *      return ok ? undo_forget(&undo), 0 : undo_all(&undo);             -1, the last step undone first
 *
 * No memory, no kernel call.  UNDO_MAX steps; one more is undone at once and refused.
 */
#pragma once

#include <stdbool.h>

enum { UNDO_MAX = 32 };

struct undo {
        unsigned count;
        struct {
                void (*action)(void *what);
                void *what;
        } step[UNDO_MAX];
};

/* False (and `action` was called) if there are too many. */
static inline bool undo_push(struct undo *undo, void (*action)(void *what), void *what)
{
        if (undo->count == UNDO_MAX) {
                action(what);
                return false;
        }
        undo->step[undo->count].action = action;
        undo->step[undo->count++].what = what;
        return true;
}

/* The whole has succeeded. */
static inline void undo_forget(struct undo *undo)
{
        undo->count = 0;
}

/* Always -1, as the result of what failed. */
static inline int undo_all(struct undo *undo)
{
        while (undo->count) {
                undo->count--;
                undo->step[undo->count].action(undo->step[undo->count].what);
        }
        return -1;
}
