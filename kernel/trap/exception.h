/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside the trap room: exceptions as the machine's syndrome describes them. */
#pragma once

#include "core/word.h"

/* Exception classes of the syndrome, bits 31..26. */
enum {
        CLASS_FPU = 0x07,
        CLASS_HVC = 0x16,
        CLASS_REGISTER = 0x18, /* a system register that traps */
        CLASS_FETCH_ABORT = 0x20,
        CLASS_DATA_ABORT = 0x24,
};

static inline word exception_class(word syndrome)
{
        return syndrome >> 26 & ones(6);
}
