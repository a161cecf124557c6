/* SPDX-License-Identifier: BSD-2-Clause */
/* lib/core/base under names of its own, so that the C library is there beside it.  Without AddressSanitizer: whole aligned words are
 * read, of which a part may be none of the bytes that are copied. */
#include "tests/text/strings.h"

#include "lib/core/base/string.c"
