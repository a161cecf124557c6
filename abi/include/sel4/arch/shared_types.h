/* SPDX-License-Identifier: BSD-2-Clause */
/* Types on Arm that user level and kernel share: object type numbers. */
#pragma once

#include <sel4/arch/objecttype.h>
#include <sel4/objecttype.h>
#include <sel4/sel4_arch/objecttype.h>
