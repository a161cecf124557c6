/* SPDX-License-Identifier: BSD-2-Clause */
/* The one place that fills in a refusal. */
#include "cap/kind.h"

__attribute__((cold, noinline)) void refusal_fill(struct refusal *why, enum refusal_code error, word length,
                                                  word d0, word d1)
{
        why->error = error;
        why->length = length;
        why->detail[0] = d0;
        why->detail[1] = d1;
}
