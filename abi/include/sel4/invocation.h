/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers of invocations: the label of a message to a kernel object.  Three enumerations that count on from each
 * other, made from abi/invocations.txt. */
#pragma once

#include <sel4/arch/invocation.h>
#include <sel4/invocation_generic.h>
#include <sel4/sel4_arch/invocation.h>
