/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults of processes and services. */
#pragma once

#include "os/process/process.h"

/* Resolve the fault in the message registers, or say what happened.  An unknown system call is answered as a call.  A
 * fault that waits for memory is tried again by fault_again when it is rung for. */
enum fault_result { FAULT_RESUME, FAULT_WAITS, FAULT_END };
enum fault_result fault_handle(struct process *p, seL4_MessageInfo_t info);
enum fault_result fault_again(struct process *p);

/* A service has stopped at a fault: say so, past the driver of the console. */
void fault_of_service(unsigned number, seL4_MessageInfo_t info);
