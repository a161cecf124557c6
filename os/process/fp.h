/* SPDX-License-Identifier: BSD-2-Clause */
/* FP and SIMD registers of a process's thread, by the kernel's extension (tessera/extensions.h).  Programs of Linux need
 * another extension anyway, so both calls work for every one of them.
 *
 * The calls use the message registers.
 */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>

#include "tessera/extensions.h"

struct fp_state {
        seL4_Word v[64]; /* v0..v31, low half first */
        seL4_Word fpcr, fpsr;
};
_Static_assert(sizeof(struct fp_state) == TESSERA_FP_WORDS * sizeof(seL4_Word), "as the kernel gives it");

/* False when the kernel does not do it. */
bool fp_read(seL4_CPtr tcb, struct fp_state *f);
bool fp_write(seL4_CPtr tcb, const struct fp_state *f);
