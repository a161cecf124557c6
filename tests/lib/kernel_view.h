/* SPDX-License-Identifier: BSD-2-Clause */
/* What the simulated hardware asks the kernel's tables to judge itself by. */
#pragma once

#include "vm/asid.h"

static inline word view_root_of_asid(word asid)
{
        const word *root = asid_root(asid);

        return root ? paddr_of(root) : 0;
}
