/* SPDX-License-Identifier: BSD-2-Clause */
/* FP and SIMD registers of a thread, by the kernel's extension (tessera/extensions.h): the registers that
 * seL4_TCB_ReadRegisters leaves out.  For images packed with `mkimage --extensions`.
 *
 * Each is one call to the kernel that uses the message registers.
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

/* False if the kernel refuses: without the extension, and for the caller's own thread.  `tcb` must be a TCB: an endpoint
 * would get a message. */
bool fp_read(seL4_CPtr tcb, struct fp_state *f);
bool fp_write(seL4_CPtr tcb, const struct fp_state *f);
