/* SPDX-License-Identifier: BSD-2-Clause */
/* The Tab key: completes the word before the cursor, a command or program as the first word of a line, otherwise a file.
 *
 * Names with blanks are not offered: they would have to be quoted.
 */
#include "apps/sosh/shell.h"
#include "base/text.h"
#include "sos/posix.h"

enum {
        ENTRY_HEADER = 19,
        ENTRY_TYPE = 18,
        TYPE_DIRECTORY = 4,
        ENTRIES = 1024,
        CHOICES = 256,
        WIDTH_UNKNOWN = 80
};

struct choices {
        const char *start; /* what the name begins with */
        char name[CHOICES][SOS_NAME_MAX];
        unsigned count, dropped;
        bool directory; /* the last one is */
};

/* In the order of the alphabet, each once. */
static void offer(struct choices *c, const char *name, bool directory)
{
        unsigned at = 0;

        if (strncmp(name, c->start, strlen(c->start)) || strchr(name, ' ') || strlen(name) >= SOS_NAME_MAX)
                return;
        while (at < c->count && strcmp(c->name[at], name) < 0)
                at++;
        if (at < c->count && !strcmp(c->name[at], name))
                return;
        if (c->count == CHOICES) {
                c->dropped++;
                return;
        }
        memmove(c->name[at + 1], c->name[at], (c->count - at) * sizeof(c->name[0]));
        string_cut(c->name[at], name, SOS_NAME_MAX);
        c->count++;
        c->directory = directory;
}

static void offer_entries(struct choices *c, const char *buffer, long size)
{
        for (long at = 0; at < size;) {
                const char *name = buffer + at + ENTRY_HEADER;
                uint16_t length;

                memcpy(&length, buffer + at + 16, sizeof(length));
                if (*name != '.' || *c->start == '.')
                        offer(c, name, buffer[at + ENTRY_TYPE] == TYPE_DIRECTORY);
                at += length;
        }
}

static void offer_files(struct choices *c, const char *directory)
{
        char buffer[ENTRIES];
        long file = posix_open(directory, 0), size;

        while (file >= 0 && (size = posix_getdents((int)file, buffer, sizeof(buffer))) > 0)
                offer_entries(c, buffer, size);
        if (file >= 0)
                posix_close((int)file);
}

static void offer_commands(struct choices *c)
{
        for (const struct command *k = commands; k->name; k++)
                offer(c, k->name, false);
        offer_files(c, "/bin");
}

/* What all names have in common after the part already typed. */
static size_t common(const struct choices *c, size_t from)
{
        size_t length = strlen(c->name[0]);

        for (unsigned i = 1; i < c->count; i++) {
                size_t same = from;

                while (same < length && c->name[i][same] == c->name[0][same])
                        same++;
                length = same;
        }
        return length;
}

static void show_name(const char *name, size_t width, bool last)
{
        serial_write(name, strlen(name));
        for (size_t used = strlen(name); used < width + 2 && !last; used++)
                serial_write(" ", 1);
        if (last)
                serial_write("\n", 1);
}

static void list(const struct choices *c)
{
        size_t width = 0, columns = serial_size() & 0xffff, per_row;

        for (unsigned i = 0; i < c->count; i++)
                width = strlen(c->name[i]) > width ? strlen(c->name[i]) : width;
        per_row = (columns ? columns : WIDTH_UNKNOWN) / (width + 2);
        per_row = per_row ? per_row : 1;
        for (unsigned i = 0; i < c->count; i++)
                show_name(c->name[i], width, (i + 1) % per_row == 0 || i + 1 == c->count);
        if (c->dropped)
                serial_print("... and %u more\n", c->dropped);
}

/* A new row first, which a terminal of known size has already. */
static void list_below(const struct choices *c)
{
        if (!serial_size())
                serial_print("\n");
        list(c);
}

void list_names(const char *directory)
{
        static struct choices c;

        c.count = c.dropped = 0;
        c.start = "";
        offer_files(&c, directory);
        list(&c);
}

/* The word, and the beginning of a name after its last slash. */
static const char *cut_directory(char *word, char *directory, size_t size)
{
        char *slash = strrchr(word, '/');

        if (!slash) {
                string_cut(directory, "/", size);
                return word;
        }
        string_cut(directory, word, (size_t)(slash - word) + 2 < size ? (size_t)(slash - word) + 2 : size);
        return slash + 1;
}

static bool is_first(const char *text, const char *word)
{
        while (text < word && *text == ' ')
                text++;
        return text == word;
}

const char *complete(char *text)
{
        static struct choices c;
        static char insert[SOS_NAME_MAX + 2], directory[LINE + 1];
        char *word = strrchr(text, ' ') ? strrchr(text, ' ') + 1 : text;
        size_t from, length;

        c.count = c.dropped = 0;
        c.start = cut_directory(word, directory, sizeof(directory));
        from = strlen(c.start);
        if (is_first(text, word) && c.start == word)
                offer_commands(&c);
        else
                offer_files(&c, directory);
        length = c.count > 0 ? common(&c, from) - from : 0;
        memcpy(insert, c.name[0] + from, length);
        if (c.count == 1)
                insert[length++] = c.directory ? '/' : ' ';
        else if (c.count == 0)
                serial_print("\a");
        else if (length == 0)
                list_below(&c);
        insert[length] = '\0';
        return insert;
}
