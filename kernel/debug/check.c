/* SPDX-License-Identifier: BSD-2-Clause */
/* See check.h. */
#include "debug/check.h"
#include "debug/checker.h"

void check_everything(void)
{
        check_find_caps();
        check_memory();
        check_threads();
        check_bindings();
        check_spaces();
        check_guests();
}
