/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the threads library share. */
#pragma once

#include <threads/threads.h>

enum { PAGE = 1 << seL4_PageBits };

/* Set by threads_start; `first` is the list of all threads. */
extern struct thread_library {
        cspace_t *cspace;
        seL4_CPtr sched_control, authority;
        unsigned cores; /* 0: one */
        bool name_in_kernel;
        thread_t *first;
} thread_library;

/* The last word of the IPC buffer's page (the buffer itself is shorter) holds the thread's own record, which is how a thread knows
 * who it is. */
static inline thread_t **thread_self_in(seL4_Word ipc_buffer)
{
        return (thread_t **)(ipc_buffer + PAGE - sizeof(thread_t *));
}

/* Everything that the configuration asks for: 0, or an error, and then the other takes apart what was made. */
int thread_build(thread_t *thread, const thread_config_t *config);
void thread_take_apart(thread_t *thread);
