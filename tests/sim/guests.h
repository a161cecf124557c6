/* SPDX-License-Identifier: BSD-2-Clause */
/* The guests that running_guest makes: their slots, and what is done with them. */
#pragma once

#include "tests/sim/scenarios.h"

enum {
        ENDPOINT = FREE,
        REPLY,
        VCPU,
        OTHER_VCPU,
        MONITOR,
        GUEST = MONITOR + USER_THREAD_SLOTS,
        OTHER = GUEST + USER_THREAD_SLOTS,
        SPACE = OTHER + USER_THREAD_SLOTS,
};

/* Labels of a VCPU. */
enum { SET_TCB = 55, INJECT, READ, WRITE, ACKNOWLEDGE };

/* A thread with a VCPU begins, or begins again. */
void guest_start(word tcb);

/* Their monitor answers, and waits for the next fault. */
struct thread *guest_answer(void);
