/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading archives; see pack.h.  Bytes come in pieces of any size.  Whatever they say, only nodes below the given
 * directory are made. */
#include "base/text.h"
#include "os/files/cpio_format.h"
#include "os/files/names.h"
#include "os/files/pack.h"

enum { LINKED = 1024 };

struct linked {
        uint64_t inode, device;
        struct node *node;
};

static struct {
        struct node *directory;
        struct node *node; /* whose content is being read; NULL: a directory's, or the trailer's */
        char head[CPIO_HEAD_MAX];
        size_t have, need; /* bytes of the head */
        uint64_t date
                [NODES]; /* of those that were read, seconds; 0: not told, as on disks written before dates were */
        uint64_t date_now, mode;
        struct linked linked[LINKED]; /* files of which further names may come */
        unsigned links;
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
            !field(CPIO_MODE_AT, &reader.mode) || !field(CPIO_DATE_AT, &reader.date_now) ||
            !field(CPIO_NAME_SIZE_AT, &name_size) || name_size == 0 || name_size > CPIO_PATH_MAX)
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
        for (uint32_t i = 0; i < names_end(); i++) {
                if (reader.date[i])
                        node_at(i)->changed = reader.date[i] * 1000000;
        }
}

/* What the head says of a node besides its content; older disks do not. */
static void set_attributes(struct node *n)
{
        enum { PERMISSIONS = 07777 };
        uint64_t inode, user, group;

        if (!field(CPIO_INODE_AT, &inode) || inode == 0 || !field(CPIO_USER_AT, &user) ||
            !field(CPIO_GROUP_AT, &group))
                return;
        n->mode = reader.mode & PERMISSIONS;
        n->user = (uint32_t)user;
        n->group = (uint32_t)group;
        n->by_content = false;
}

/* What the entry is, by the slash behind its name on older disks, or by its mode. */
static enum node_kind kind_of(bool slash)
{
        switch (reader.mode & CPIO_KIND) {
        case CPIO_DIRECTORY:
                return NODE_DIRECTORY;
        case CPIO_LINK:
                return NODE_LINK;
        case CPIO_FIFO:
                return NODE_FIFO;
        case CPIO_SOCKET:
                return NODE_SOCKET;
        case CPIO_FILE:
        case 0:
                return slash ? NODE_DIRECTORY : NODE_MEMORY;
        default:
                return NODE_FREE; /* devices: left out */
        }
}

/* The record for files that have further names in the archive; NULL: it has none, or there are too many. */
static struct linked *linked_record(enum node_kind kind)
{
        uint64_t inode, device, links;
        unsigned i = 0;

        if (kind != NODE_MEMORY || !field(CPIO_INODE_AT, &inode) || !field(CPIO_DEVICE_AT, &device) ||
            !field(CPIO_LINKS_AT, &links) || inode == 0 || links < 2)
                return NULL;
        while (i < reader.links && (reader.linked[i].inode != inode || reader.linked[i].device != device))
                i++;
        if (i == LINKED)
                return NULL;
        if (i == reader.links)
                reader.linked[reader.links++] = (struct linked){.inode = inode, .device = device};
        return &reader.linked[i];
}

/* The node of an entry, made when it is new; its content comes with one of its names. */
static struct node *node_for(const char *name, enum node_kind kind)
{
        struct linked *l = linked_record(kind);
        struct node_place place;
        struct node *n;

        if (node_walk(reader.directory, name, NODE_NO_LINKS, &place))
                return NULL;
        if (place.node)
                return place.node->kind == kind ? place.node : NULL;
        if (l && l->node)
                return node_link(l->node, &place) ? NULL : l->node;
        if (node_create(&place, kind, &n))
                return NULL;
        if (l)
                l->node = n;
        return n;
}

/* The content of files may have stayed on the disk. */
static bool is_left_out(uint64_t *inode)
{
        uint64_t way;

        return field(CPIO_WAY_AT, &way) && way == SOS_VOLUME_SAME && field(CPIO_INODE_AT, inode);
}

static void leave_content(struct node *n, uint64_t inode)
{
        reader.left = 0;
        if (n->kind != NODE_MEMORY || n->inode)
                return;
        n->inode = (uint32_t)inode;
        n->on_disk = content_pages(reader.content);
        node_resize(n, reader.content);
}

static bool make_node(void)
{
        const char *name = reader.head + CPIO_HEADER;
        enum node_kind kind;
        uint64_t inode;
        struct node *n;

        reader.head[reader.need - 1] = '\0'; /* the name's own NUL, or padding */
        reader.left = cpio_padded(reader.content);
        if (!strcmp(name, "TRAILER!!!")) {
                reader.ended = true;
                set_dates();
                return true;
        }
        if (!tame(name))
                return false;
        kind = kind_of(name[strlen(name) - 1] == '/');
        if (kind == NODE_FREE)
                return true;
        if (kind == NODE_DIRECTORY && reader.content)
                return false;
        n = node_for(name, kind);
        if (!n)
                return false;
        set_attributes(n);
        reader.date[node_number(n)] = reader.date_now;
        reader.node = node_has_content(n) ? n : NULL;
        if (is_left_out(&inode))
                leave_content(n, inode);
        return true;
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
