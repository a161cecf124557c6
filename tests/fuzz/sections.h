/* SPDX-License-Identifier: BSD-2-Clause */
/* Included before the kernel and the libraries: all their variables are in two sections, which a fuzzer can
 * restore (tests/fuzz/libs_fuzz.c). */
#pragma once

#pragma clang section bss = "state_bss" data = "state_data"
