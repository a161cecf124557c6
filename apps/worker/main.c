/* SPDX-License-Identifier: BSD-2-Clause */
/* Works as long as it may: an object for `ps`, `kill` and budgets. */
#include <stdint.h>

int main(void)
{
        for (volatile uint64_t rounds = 0;; rounds++) {
        }
}
