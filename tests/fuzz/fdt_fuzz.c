/* SPDX-License-Identifier: BSD-2-Clause */
/* The device tree reader with hostile trees: it may find anything, but only inside the tree (ASan judges). */
#include "lib/driver/fdt/fdt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct fdt_device device;
        struct fdt fdt;

        if (!fdt_open(&fdt, data, size))
                return 0;
        for (unsigned i = 0; i < 8 && fdt_find_compatible(&fdt, "a", i, &device); i++) {
        }
        (void)fdt_find_path(&fdt, "/a/b", &device);
        return 0;
}
