/* SPDX-License-Identifier: BSD-2-Clause */
/* Ranges of memory that native processes have together (sos_share_vm).
 *
 * Results: 0 or -SOS_E*.
 */
#pragma once

#include "os/process/process.h"

/* The call. */
long sos_share(struct process *p);

/* End all sharing of a process that ends. */
void sos_unshare(const struct process *p);
