/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs saved inputs of a fuzzer without libFuzzer.  Usage: replay [-v] FILE... ; -v traces every kernel entry.
 * A defect aborts; otherwise it ends with `N passed, 0 failed`. */
#include "tests/lib/sim.h"

#include <stdio.h>
#include <string.h>

enum { INPUT_MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
        static uint8_t data[INPUT_MAX];
        word passed = 0;

        for (int i = 1; i < argc; i++) {
                if (strcmp(argv[i], "-v") == 0) {
                        sim.trace = true;
                        continue;
                }
                FILE *f = fopen(argv[i], "rb");

                if (!f) {
                        perror(argv[i]);
                        return 2;
                }
                size_t size = fread(data, 1, sizeof(data), f);
                fclose(f);
                LLVMFuzzerTestOneInput(data, size);
                passed++;
        }
        printf("%lu passed, 0 failed\n", passed);
        return passed ? 0 : 1;
}
