/* SPDX-License-Identifier: BSD-2-Clause */
/* The course's name of this header, and its shorthands. */
#pragma once

#include <threads/threads.h>

enum { SOS_THREAD_PRIORITY = THREAD_PRIO_DEFAULT };

/* thread_current(): NULL on the initial thread. */
#define current_thread thread_current()
