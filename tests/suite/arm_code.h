/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions that only the real processor has, for the tests in *_arm.c; written in arm_code.S.  Each is a function for
 * helper_start and returns when it comes to its end. */
#pragma once

#include "suite.h"

/* Where a function that faults does so, and where it goes on. */
extern char arm_undefined_at[], arm_undefined_after[], arm_brk_at[], arm_fp_at[], arm_counter_at[],
        arm_tls_at[];

struct arm_state {
        word sp, nzcv;
};

void arm_undefined(word state,
                   word unused);          /* NZCV = 1010, an undefined word; then sp and NZCV go to *state */
void arm_brk(word a, word b);             /* brk #5 */
void arm_jump(word address, word unused); /* to that address; it may return */
void arm_wait(word a, word b);            /* wfe, wfi */
void arm_cache(word address, word b);     /* cache maintenance by address, CTR_EL0 */
void arm_unaligned(word address, word value); /* an unaligned store, and a push through an unaligned sp */
void arm_fp(word result, word value);         /* value through a vector register to *result */
void arm_counter(word a, word b);             /* reads the physical counter */
void arm_tls(word both, word b);              /* both[0], both[1] = TPIDR_EL0, TPIDRRO_EL0 */
void arm_spin(word a, word b);                /* for ever */

/* Entered by a written pc, with sp at the end of a record: x0-x30, then NZCV go there; then for ever. */
enum { ARM_DUMP_WORDS = 32 };
void arm_dump(void);

/* A system call with all registers under control: `words` are x0-x30, the flags and d0-d31; what they are afterwards
 * replaces them. */
enum { ARM_CALL_WORDS = 64 };
void arm_call_all(word words, word unused);
void arm_call_immediate(word words, word unused); /* x0-x8 only, by svc #0x1234 */

/* Assertions of the API library that failed; none may unless they are expected.  In machine_qemu.c. */
extern word machine_asserts, machine_expects_asserts;
