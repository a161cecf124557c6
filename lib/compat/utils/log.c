/* SPDX-License-Identifier: BSD-2-Clause */
/* Settings of log lines at run time, and memory in them.
 *
 * Owns the lowest level that is printed and the prefix of tags.
 */
#include <utils/zf_log.h>

enum { NAME_BYTES = 64, ROW = 16 };

static int lowest = ZF_LOG_VERBOSE;
static const char *before = "";

void zf_log_set_output_level(int level)
{
        lowest = level;
}

void zf_log_set_tag_prefix(const char *prefix)
{
        before = prefix ? prefix : "";
}

int zf_log_prints(int level)
{
        return level >= lowest;
}

static unsigned add(char *name, unsigned at, const char *text)
{
        for (; *text && at < NAME_BYTES - 3; text++)
                name[at++] = *text;
        return at;
}

/* What is too long is cut. */
const char *zf_log_name(const char *tag)
{
        static char name[NAME_BYTES];
        unsigned at = add(name, 0, before);

        if (*before && *tag)
                at = add(name, at, ".");
        at = add(name, at, tag);
        if (at > 0) {
                name[at++] = ':';
                name[at++] = ' ';
        }
        name[at] = '\0';
        return name;
}

void zf_log_bytes(const void *data, unsigned long size)
{
        static const char digit[] = "0123456789abcdef";
        const unsigned char *byte = data;

        for (unsigned long from = 0; from < size; from += ROW) {
                char row[4 * ROW + 4];
                unsigned at = 0, n = size - from < ROW ? (unsigned)(size - from) : ROW;

                for (unsigned i = 0; i < ROW; i++) {
                        row[at++] = i < n ? digit[byte[from + i] >> 4] : ' ';
                        row[at++] = i < n ? digit[byte[from + i] & 15] : ' ';
                        row[at++] = ' ';
                }
                row[at++] = ' ';
                for (unsigned i = 0; i < n; i++)
                        row[at++] =
                                byte[from + i] >= ' ' && byte[from + i] < 127 ? (char)byte[from + i] : '.';
                row[at] = '\0';
                report("  %s", row);
        }
}
