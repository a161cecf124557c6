/* SPDX-License-Identifier: BSD-2-Clause */
/* Included in front of the kernel and of the libraries: all that they remember lies in two sections, which a fuzzer can
 * put back to what they were (tests/fuzz/libs_fuzz.c). */
#pragma once

#pragma clang section bss = "state_bss" data = "state_data"
