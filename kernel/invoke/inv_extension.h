/* SPDX-License-Identifier: BSD-2-Clause */
/* TCB flags beyond the public interface: their public bit is far from the others, the stored one must fit a byte.
 *
 * Level 13.
 */
#pragma once

#include "core/state.h"
#include "tessera/extensions.h"
#include "thread/thread.h"

static inline word extension_flags_out(word stored)
{
        return (stored & THREAD_FLAGS_KNOWN) | (stored & THREAD_SVC_FAULTS ? TESSERA_TCBFlag_svcFaults : 0);
}

/* Nothing, unless the extension is on. */
static inline word extension_flags_in(word flags)
{
        bool on = kernel.extensions & TESSERA_EXTENSION_SVC_FAULTS && flags & TESSERA_TCBFlag_svcFaults;

        return on ? THREAD_SVC_FAULTS : 0;
}
