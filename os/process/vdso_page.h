/* SPDX-License-Identifier: BSD-2-Clause */
/* The page of code and data that every program of Linux has (the vDSO there): its C library finds the clocks in it, which it reads
 * without a call, and handlers of signals return to it.
 *
 *      0               an ELF file of one page, as dynamic linkers take it (calls.c, handler.S)
 *      VDSO_RETURN     where a handler returns to
 *      VDSO_DATA       struct vdso_data, which the server writes and programs read
 *
 * It is the same frame in all processes, readable and executable.
 */
#pragma once

#define VDSO_RETURN 0xf80
#define VDSO_DATA   0xfc0
#define VDSO_PAGE   0x1000

#ifndef __ASSEMBLER__
#include <stdint.h>

struct vdso_data {
        uint64_t hertz; /* of the virtual counter */
        uint64_t epoch; /* microseconds from 1970 to when that was 0; 0: not known */
};
#endif
