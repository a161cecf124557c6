/* SPDX-License-Identifier: BSD-2-Clause */
/* What an unsuccessful mapping lacks. */
#pragma once

#include <sel4/sel4_arch/mapping.h>
