/* SPDX-License-Identifier: BSD-2-Clause */
/* The one thing that musl's own start-up code would do for its pure functions.  In a file of its own, so that programs
 * without a C library link. */
#include <sel4/start.h>

#ifdef __aarch64__

void *uselocale(void *locale); /* of the C library */

void start_use_libc(void)
{
        (void)uselocale((void *)-1l); /* LC_GLOBAL_LOCALE, which is the C locale */
}

#endif
