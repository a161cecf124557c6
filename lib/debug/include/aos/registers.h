/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of the registers of a thread, in the order of seL4_UserContext. */
#pragma once

#include <sel4/sel4.h>

enum { REGISTER_COUNT = sizeof(seL4_UserContext) / sizeof(seL4_Word) };

extern const char *const register_names[REGISTER_COUNT];
