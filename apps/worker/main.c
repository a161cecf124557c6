/* SPDX-License-Identifier: BSD-2-Clause */
/* Works for as long as it is let: something for `ps`, `kill` and budgets to look at. */
#include <stdint.h>

int main(void)
{
        for (volatile uint64_t rounds = 0;; rounds++) {
        }
}
