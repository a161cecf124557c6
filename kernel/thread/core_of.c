/* SPDX-License-Identifier: BSD-2-Clause */
/* See core_of.h. */
#include "thread/core_of.h"

__attribute__((noinline, cold)) struct core *core_of_several(const struct thread *t)
{
        return t->domain == this_core()->number ? this_core() : kernel.peer[t->domain];
}
