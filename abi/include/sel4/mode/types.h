/* SPDX-License-Identifier: BSD-2-Clause */
/* Widths of guards and badges on 64-bit machines. */
#pragma once

#define seL4_GuardSizeBits 6
#define seL4_GuardBits     58
#define seL4_BadgeBits     64
