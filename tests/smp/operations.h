/* SPDX-License-Identifier: BSD-2-Clause */
/* The operations on shared objects that tests/smp/pairs.c tries in QEMU and tests/cores on the host, which adds its own behind them. */
#pragma once

#define SHARED_OPERATIONS                                                                                    \
        DO_SIGNAL, DO_POLL, DO_DELETE, DO_DELETE_ORIGINAL, DO_COPY, DO_MOVE, DO_REVOKE, DO_RETYPE, DO_BIND,  \
                DO_UNBIND, DO_PRIORITY, DO_SUSPEND, DO_RESUME, DO_GIVE_TIME, DO_TAKE_TIME
