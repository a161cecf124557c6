/* SPDX-License-Identifier: BSD-2-Clause */
/* The smallest useful program: copy this folder to begin one of your own. */
#include "sos.h"
#include "sos/sos_calls.h"

int main(int count, char **word)
{
        sos_print("Hello from process %d\n", sos_my_id());
        for (int i = 1; i < count; i++)
                sos_print("  argument %d: %s\n", i, word[i]);
        return 0;
}
