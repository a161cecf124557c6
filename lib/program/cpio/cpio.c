/* SPDX-License-Identifier: BSD-2-Clause */
/* "newc" archives.  `at` below is always an offset from the start of the archive and never passes `len`. */
#include "cpio.h"

#include <stdbool.h>

enum {
        HEADER = 110,
        DIGITS = 8,
        FIELD_SIZE = 6 + 6 * DIGITS,       /* seventh field */
        FIELD_NAME_SIZE = 6 + 11 * DIGITS, /* twelfth */
};

struct archive {
        const unsigned char *bytes;
        unsigned long len;
};

struct entry {
        const char *name; /* NUL-terminated */
        unsigned long name_size;
        const void *data;
        unsigned long size;
};

static bool same(const char *a, const char *b)
{
        while (*a && *a == *b) {
                a++;
                b++;
        }
        return *a == *b;
}

static int hex_digit(unsigned char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        c |= 0x20;
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_field(const unsigned char *header, unsigned offset, unsigned long *value)
{
        *value = 0;
        for (unsigned i = 0; i < DIGITS; i++) {
                int digit = hex_digit(header[offset + i]);

                if (digit < 0)
                        return false;
                *value = *value << 4 | (unsigned long)digit;
        }
        return true;
}

static bool has_magic(const unsigned char *header)
{
        static const char magic[] = "070701";

        for (unsigned i = 0; i < sizeof(magic) - 1; i++) {
                if (header[i] != (unsigned char)magic[i])
                        return false;
        }
        return true;
}

static unsigned long align(unsigned long offset)
{
        return (offset + 3) & ~3ul;
}

/* Read the entry at *at and move on.  False at anything that is not a whole entry; fields are 32 bits wide, so sums of
 * offsets cannot overflow. */
static bool next(const struct archive *archive, unsigned long *at, struct entry *entry)
{
        const unsigned char *header = archive->bytes + *at;
        unsigned long left = archive->len - *at;
        unsigned long data;

        if (*at > archive->len || left < HEADER || !has_magic(header) ||
            !read_field(header, FIELD_SIZE, &entry->size) ||
            !read_field(header, FIELD_NAME_SIZE, &entry->name_size)) {
                return false;
        }
        data = align(*at + HEADER + entry->name_size);
        if (!entry->name_size || entry->name_size > left - HEADER || header[HEADER + entry->name_size - 1] ||
            data > archive->len || entry->size > archive->len - data) {
                return false;
        }
        entry->name = (const char *)header + HEADER;
        entry->data = archive->bytes + data;
        *at = align(data + entry->size);
        return true;
}

static bool is_trailer(const struct entry *entry)
{
        return same(entry->name, "TRAILER!!!");
}

const void *cpio_get_file(const void *archive, unsigned long len, const char *name, unsigned long *size)
{
        struct archive whole = {archive, len};
        struct entry entry;
        unsigned long at = 0;

        while (archive && next(&whole, &at, &entry) && !is_trailer(&entry)) {
                if (same(entry.name, name)) {
                        if (size)
                                *size = entry.size;
                        return entry.data;
                }
        }
        return NULL;
}

const void *cpio_get_entry(const void *archive, unsigned long len, int index, const char **name,
                           unsigned long *size)
{
        struct archive whole = {archive, len};
        struct entry entry;
        unsigned long at = 0;

        while (archive && index >= 0 && next(&whole, &at, &entry) && !is_trailer(&entry)) {
                if (index-- > 0)
                        continue;
                if (name)
                        *name = entry.name;
                if (size)
                        *size = entry.size;
                return entry.data;
        }
        return NULL;
}

int cpio_info(const void *archive, unsigned long len, struct cpio_info *info)
{
        struct archive whole = {archive, len};
        struct entry entry;
        unsigned long at = 0;

        *info = (struct cpio_info){0};
        while (archive && next(&whole, &at, &entry)) {
                if (is_trailer(&entry))
                        return 0;
                info->file_count++;
                if (entry.name_size > info->max_path_sz)
                        info->max_path_sz = (unsigned)entry.name_size;
        }
        return -1;
}

void cpio_ls(const void *archive, unsigned long len, char **buf, unsigned long buf_len)
{
        struct archive whole = {archive, len};
        struct entry entry;
        unsigned long at = 0;

        for (unsigned n = 0; archive && buf_len && next(&whole, &at, &entry) && !is_trailer(&entry); n++) {
                unsigned long i;

                for (i = 0; i + 1 < buf_len && entry.name[i]; i++)
                        buf[n][i] = entry.name[i];
                buf[n][i] = '\0';
        }
}
