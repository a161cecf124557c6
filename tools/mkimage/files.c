/* SPDX-License-Identifier: BSD-2-Clause */
/* Files: read whole, written completely or not at all. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/mkimage/mkimage.h"

static char temporary[4096]; /* name of the unfinished output, empty if there is none */

void discard_output(void)
{
        if (temporary[0] != '\0')
                unlink(temporary);
}

void *allocate(uint64_t size)
{
        void *memory = calloc(1, size == 0 ? 1 : size);

        if (memory == NULL)
                fail("out of memory");
        return memory;
}

struct bytes read_file(const char *path)
{
        struct bytes b = {NULL, 0};
        struct stat status;
        FILE *f = fopen(path, "rb");

        if (f == NULL || fstat(fileno(f), &status) != 0)
                fail("%s: %s", path, strerror(errno));
        if (!S_ISREG(status.st_mode))
                fail("%s: not a file", path);
        b.size = (uint64_t)status.st_size;
        b.data = allocate(b.size);
        if (fread(b.data, 1, b.size, f) != b.size)
                fail("%s: cannot be read completely", path);
        fclose(f);
        return b;
}

struct bytes read_part(const char *name)
{
        char path[4096];
        ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 64);

        if (length < 0)
                fail("cannot find my own folder: %s", strerror(errno));
        path[length] = '\0';
        strcpy(strrchr(path, '/') + 1, name);
        return read_file(path);
}

void write_output(const char *path, struct bytes image)
{
        mode_t mask = umask(0);
        int descriptor;
        FILE *f;

        umask(mask);
        if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= (int)sizeof(temporary)) {
                temporary[0] = '\0';
                fail("%s: name too long", path);
        }
        descriptor = mkstemp(temporary);
        if (descriptor < 0) {
                temporary[0] = '\0';
                fail("%s: %s", path, strerror(errno));
        }
        f = fdopen(descriptor, "wb");
        if (f == NULL || fwrite(image.data, 1, image.size, f) != image.size ||
            fchmod(descriptor, 0666 & ~mask) != 0 || fclose(f) != 0 || rename(temporary, path) != 0)
                fail("%s: %s", path, strerror(errno));
}
