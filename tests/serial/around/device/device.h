/* SPDX-License-Identifier: BSD-2-Clause */
/* A device that is only its registers. */
#pragma once

#include <sel4/sel4.h>

struct device {
        volatile void *registers;
};
