/* SPDX-License-Identifier: BSD-2-Clause */
/* lib/core/base under names of its own, so that the C library can be linked beside it.  Without AddressSanitizer: whole aligned words are
 * read, parts of which may not belong to the copied bytes. */
#include "tests/text/strings.h"

#include "lib/core/base/string.c"
