/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading archives; see pack.h.  Bytes come in pieces of any size.  Whatever they say, only nodes below the given
 * directory are made. */
#include "base/text.h"
#include "os/files/cpio_format.h"
#include "os/files/node.h"
#include "os/files/pack.h"

static struct {
        struct node *directory;
        struct node *node; /* whose content is being read; NULL: a directory's, or the trailer's */
        char head[CPIO_HEAD_MAX];
        size_t have, need; /* bytes of the head */
        uint64_t date
                [NODES]; /* of those that were read, seconds; 0: not told, as on disks written before dates were */
        uint64_t date_now;
        uint64_t content,
                left; /* bytes of the content, and of those and their padding that are still to come */
        bool bad, ended;
} reader;

static void begin_entry(void)
{
        reader.have = 0;
        reader.need = CPIO_HEADER;
        reader.node = NULL;
}

void unpack_into(struct node *directory)
{
        memset(&reader, 0, sizeof(reader));
        reader.directory = directory;
        begin_entry();
}

static bool field(size_t at, uint64_t *value)
{
        *value = 0;
        for (size_t i = 0; i < CPIO_DIGITS; i++) {
                char c = reader.head[at + i];
                int digit = c >= '0' && c <= '9'   ? c - '0'
                            : c >= 'a' && c <= 'f' ? c - 'a' + 10
                            : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                   : -1;

                if (digit < 0)
                        return false;
                *value = *value << 4 | (unsigned)digit;
        }
        return true;
}

static bool read_header(void)
{
        uint64_t name_size;

        if (memcmp(reader.head, "070701", 6) || !field(CPIO_SIZE_AT, &reader.content) ||
            !field(CPIO_DATE_AT, &reader.date_now) || !field(CPIO_NAME_SIZE_AT, &name_size) ||
            name_size == 0 || name_size > PATH_MAX)
                return false;
        reader.need = cpio_padded(CPIO_HEADER + name_size);
        return reader.need <= CPIO_HEAD_MAX;
}

/* Relative, and no step upwards. */
static bool tame(const char *name)
{
        if (*name == '/' || !*name)
                return false;
        for (const char *part = name; part; part = strchr(part, '/')) {
                while (*part == '/')
                        part++;
                if (!strncmp(part, "..", 2) && (part[2] == '/' || !part[2]))
                        return false;
        }
        return true;
}

/* What is made below a directory changes it, so that dates come last. */
static void set_dates(void)
{
        for (uint32_t i = 0; i < NODES; i++) {
                if (reader.date[i])
                        node_at(i)->changed = reader.date[i] * 1000000;
        }
}

/* What the head says of a node besides its content; older disks do not. */
static void set_attributes(struct node *n)
{
        enum { PERMISSIONS = 07777 };
        uint64_t kept, mode, user, group;

        if (!n || !field(CPIO_INODE_AT, &kept) || kept != 1 || !field(CPIO_MODE_AT, &mode) ||
            !field(CPIO_USER_AT, &user) || !field(CPIO_GROUP_AT, &group))
                return;
        n->mode = mode & PERMISSIONS;
        n->user = (uint32_t)user;
        n->group = (uint32_t)group;
        n->by_content = false;
}

static bool make_node(void)
{
        const char *name = reader.head + CPIO_HEADER;
        struct node *n;
        bool directory;
        size_t length;

        reader.head[reader.need - 1] = '\0'; /* the name's own NUL, or padding */
        length = strlen(name);
        reader.left = cpio_padded(reader.content);
        if (!strcmp(name, "TRAILER!!!")) {
                reader.ended = true;
                set_dates();
                return true;
        }
        if (!tame(name))
                return false;
        directory = name[length - 1] == '/';
        if (directory && reader.content)
                return false;
        n = node_make(reader.directory, name, directory ? NODE_DIRECTORY : NODE_MEMORY);
        set_attributes(n);
        if (n)
                reader.date[node_number(n)] = reader.date_now;
        reader.node = directory ? NULL : n;
        return n;
}

static size_t take_head(const char *bytes, size_t size)
{
        size_t part = reader.need - reader.have < size ? reader.need - reader.have : size;
        bool header = reader.need == CPIO_HEADER;

        memcpy(reader.head + reader.have, bytes, part);
        reader.have += part;
        if (reader.have == reader.need) {
                reader.bad = header ? !read_header() : !make_node();
                if (!header && reader.left == 0)
                        begin_entry();
        }
        return part;
}

static size_t take_content(const char *bytes, size_t size)
{
        uint64_t done = cpio_padded(reader.content) - reader.left;
        size_t part = reader.left < size ? reader.left : size;
        size_t real = done < reader.content ? reader.content - done : 0;

        if (real > part)
                real = part;
        if (reader.node && real > 0)
                reader.bad = node_write(reader.node, done, bytes, real) != (long)real;
        reader.left -= part;
        if (reader.left == 0)
                begin_entry();
        return part;
}

bool unpack_take(const void *bytes, size_t size)
{
        const char *at = bytes;

        while (size > 0 && !reader.bad && !reader.ended) {
                size_t part = reader.left > 0 ? take_content(at, size) : take_head(at, size);

                at += part;
                size -= part;
        }
        return !reader.bad;
}
