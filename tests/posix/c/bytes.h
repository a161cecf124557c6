/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that were read, in a line that is compared with that on another system. */
#pragma once

#include <errno.h>
#include <stdio.h>

static inline void show_bytes(const char *what, const char *bytes, long n)
{
        printf("%s:", what);
        if (n < 0)
                printf(" error %d", errno);
        for (long i = 0; i < n; i++)
                printf(bytes[i] > ' ' && bytes[i] < 127 ? " %c" : " %02x", (unsigned char)bytes[i]);
        printf(n ? "\n" : " nothing\n");
        fflush(stdout);
}
