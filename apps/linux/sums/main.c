/* SPDX-License-Identifier: BSD-2-Clause */
/* An ordinary C program, linked with an unmodified musl: adds up the numbers it is given.  Copy this folder to begin one of
 * your own. */
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **word)
{
        double sum = 0;

        for (int i = 1; i < count; i++)
                sum += strtod(word[i], NULL);
        printf("%d numbers, sum %g\n", count - 1, sum);
        return 0;
}
