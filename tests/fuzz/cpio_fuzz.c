/* SPDX-License-Identifier: BSD-2-Clause */
/* The archive reader with hostile archives: whatever it returns must be inside the archive, and the calls must agree. */
#include "lib/program/cpio/cpio.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(const uint8_t *archive, size_t size, const void *part, unsigned long bytes)
{
        const uint8_t *p = part;

        if (p < archive || p > archive + size || bytes > size - (size_t)(p - archive))
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct cpio_info info;
        unsigned n = 0;

        (void)cpio_info(data, size, &info);
        for (const char *name;; n++) {
                unsigned long bytes, again;
                const void *file = cpio_get_entry(data, size, (int)n, &name, &bytes);

                if (!file)
                        break;
                inside(data, size, file, bytes);
                inside(data, size, name, strlen(name) + 1);
                file = cpio_get_file(data, size, name, &again); /* the first of that name */
                if (!file)
                        abort();
                inside(data, size, file, again);
        }
        if (n != info.file_count)
                abort();
        if (n && n < 100) {
                char *names[100], text[100][8];

                for (unsigned i = 0; i < n; i++)
                        names[i] = text[i];
                cpio_ls(data, size, names, sizeof(text[0]));
        }
        return 0;
}
