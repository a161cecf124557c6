/* SPDX-License-Identifier: BSD-2-Clause */
/* The slots of the guests that running_guest makes. */
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
