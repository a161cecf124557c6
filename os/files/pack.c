/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing archives; see pack.h.  The snapshot keeps each node at its number, so that parents are found as in the tree
 * itself. */
#include "os/files/pack.h"
#include "base/text.h"
#include "os/files/cpio_format.h"
#include "os/files/later.h"
#include "os/files/names.h"
#include "sos/volume.h"

static struct {
        struct node node[NODES];
        uint32_t root, end; /* records behind `end` are not in use */
        uint32_t current;   /* the entry being written; the root stands for the trailer */
        bool ended;
        char head[CPIO_HEAD_MAX]; /* header and name, padded */
        size_t head_size;
        uint64_t done;           /* bytes of the current entry that are written */
        bool inodes;             /* a program knows the inodes of the files (sos/volume.h): */
        enum sos_volume_way way; /* what there is of the current entry, */
        uint64_t pages, page;    /* how many pages, and the current one */
        unsigned too_deep;
} pack;

static bool is_child(uint32_t number, uint32_t parent)
{
        const struct node *n = &pack.node[number];

        return n->kind != NODE_FREE && n->in_directory && n->parent == parent && number != parent;
}

/* The first child of `parent` behind number `after`; 0 when there is none. */
static uint32_t child_behind(uint32_t parent, uint32_t after)
{
        for (uint32_t i = after + 1; pack.node[parent].children && i < pack.end; i++) {
                if (is_child(i, parent))
                        return i;
        }
        return 0;
}

/* Directories come before what is in them. */
static uint32_t behind(uint32_t number)
{
        uint32_t next = pack.node[number].kind == NODE_DIRECTORY ? child_behind(number, 0) : 0;

        while (!next && number != pack.root) {
                next = child_behind(pack.node[number].parent, number);
                number = pack.node[number].parent;
        }
        return next ? next : pack.root;
}

/* The path from the root, at the end of the buffer; NULL when it does not fit.  Directories end with a slash. */
static const char *path_of(uint32_t number, char buffer[CPIO_PATH_MAX])
{
        size_t at = CPIO_PATH_MAX - 1;

        buffer[at] = '\0';
        for (uint32_t i = number; i != pack.root; i = pack.node[i].parent) {
                const struct node *n = &pack.node[i];
                size_t length = strlen(n->name);

                if (at < length + 1)
                        return NULL;
                if (i != number || n->kind == NODE_DIRECTORY)
                        buffer[--at] = '/';
                at -= length;
                memcpy(buffer + at, n->name, length);
        }
        return buffer + at;
}

/* The file that an entry is a name of. */
static const struct node *meant(uint32_t number)
{
        const struct node *n = &pack.node[number];

        return n->kind == NODE_ALIAS ? &pack.node[n->target] : n;
}

static unsigned mode_of(const struct node *n)
{
        unsigned kind = n->kind == NODE_DIRECTORY ? CPIO_DIRECTORY
                        : n->kind == NODE_LINK    ? CPIO_LINK
                        : n->kind == NODE_FIFO    ? CPIO_FIFO
                        : n->kind == NODE_SOCKET  ? CPIO_SOCKET
                                                  : CPIO_FILE;

        return kind | n->mode;
}

/* A further name has no content of its own. */
static enum sos_volume_way way_of(const struct node *record, const struct node *n)
{
        if (!pack.inodes || n->kind != NODE_MEMORY)
                return SOS_VOLUME_WHOLE;
        if (record != n || !record->in_directory || (n->inode && !n->edited))
                return SOS_VOLUME_SAME;
        return n->inode ? SOS_VOLUME_SOME : SOS_VOLUME_KNOWN;
}

static uint64_t count_edited(struct node *n)
{
        uint64_t count = 0, pages = content_pages(n->size);

        for (uint64_t page = 0; (page = later_edited(n, page)) < pages; page++)
                count++;
        return count;
}

/* What of the current entry will come, before its head is made. */
static void choose_way(void)
{
        struct node *record = &pack.node[pack.current];
        const struct node *n = meant(pack.current);

        pack.way = pack.current == pack.root ? SOS_VOLUME_WHOLE : way_of(record, n);
        pack.pages = pack.way == SOS_VOLUME_SOME ? count_edited(record) : 0;
        pack.page = pack.pages ? later_edited(record, 0) : 0;
}

static unsigned at_most_32_bits(uint64_t value)
{
        return value < UINT32_MAX ? (unsigned)value : UINT32_MAX;
}

/* NULL: the trailer's. */
static void make_head(const char *name, const struct node *n, uint64_t size)
{
        static const struct node none;
        struct text t = {.buffer = pack.head, .size = sizeof(pack.head)};
        unsigned inode = n ? (unsigned)(n - pack.node) + 1 : 0;
        uint64_t date;

        memset(pack.head, 0, sizeof(pack.head));
        choose_way();
        text_add(&t, "070701%08x%08x", inode, n ? mode_of(n) : 0);
        n = n ? n : &none;
        date = (int64_t)n->changed < 0 ? 0 : n->changed / 1000000; /* the format has none before 1970 */
        text_add(&t, "%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s", n->user, n->group,
                 n->named > 1 ? n->named : 1u, at_most_32_bits(date), (unsigned)size,
                 at_most_32_bits(n->on_disk), 0u, n->inode, (unsigned)pack.pages, (unsigned)strlen(name) + 1,
                 (unsigned)pack.way, name);
        pack.head_size = cpio_padded(t.length + 1);
        pack.done = 0;
}

static uint64_t content_size(void)
{
        const struct node *n = &pack.node[pack.current];

        return node_has_content(n) ? n->size : 0; /* a further name has none */
}

enum { RECORD = SOS_VOLUME_PAGE_HEAD + PAGE };

static uint64_t entry_size(void)
{
        if (pack.way == SOS_VOLUME_SAME || pack.way == SOS_VOLUME_SOME)
                return pack.head_size + pack.pages * RECORD;
        return pack.head_size + cpio_padded(content_size());
}

/* Files without a name come last. */
static uint32_t nameless_behind(uint32_t after)
{
        for (uint32_t i = after + 1; i < pack.end; i++) {
                if (pack.node[i].kind != NODE_FREE && !pack.node[i].in_directory)
                        return i;
        }
        return pack.root;
}

static uint32_t next_entry(uint32_t number)
{
        uint32_t next = pack.node[number].in_directory ? behind(number) : nameless_behind(number);

        return pack.node[number].in_directory && next == pack.root ? nameless_behind(0) : next;
}

static const char *name_of(uint32_t number, char buffer[CPIO_PATH_MAX])
{
        if (pack.node[number].in_directory)
                return path_of(number, buffer);
        text_print(buffer, CPIO_PATH_MAX, SOS_VOLUME_REMOVED "%u", pack.node[number].inode);
        return buffer;
}

/* Go on to the next entry that can be written. */
static void advance(void)
{
        char buffer[CPIO_PATH_MAX];
        const char *path;

        for (;;) {
                pack.current = next_entry(pack.current);
                if (pack.current == pack.root) {
                        make_head("TRAILER!!!", NULL, 0);
                        return;
                }
                path = name_of(pack.current, buffer);
                if (path)
                        break;
                pack.too_deep++;
        }
        make_head(path, meant(pack.current), content_size());
}

static void rewind_pack(void)
{
        pack.current = pack.root;
        pack.ended = false;
        pack.too_deep = 0;
        advance();
}

uint64_t pack_begin(const struct node *directory, bool inodes)
{
        uint64_t size = 0;

        pack.root = node_number(directory);
        pack.end = names_end();
        pack.inodes = inodes;
        node_freeze(pack.node);
        rewind_pack();
        for (; pack.current != pack.root; advance())
                size += entry_size();
        size += entry_size();
        rewind_pack();
        return size;
}

/* Of the pages with their numbers. */
static size_t piece_of_pages(uint64_t at, void *to, size_t size)
{
        struct node *n = &pack.node[pack.current];
        uint64_t in = at % RECORD, end = in < SOS_VOLUME_PAGE_HEAD ? SOS_VOLUME_PAGE_HEAD : RECORD;
        size_t part = end - in < size ? end - in : size;

        if (in < SOS_VOLUME_PAGE_HEAD) {
                memcpy(to, (const char *)&pack.page + in, part);
                return part;
        }
        memset(to, 0, part);
        node_read(n, pack.page * PAGE + in - SOS_VOLUME_PAGE_HEAD, to, part);
        if (in + part == RECORD)
                pack.page = later_edited(n, pack.page + 1);
        return part;
}

/* A piece of the current entry: from its head, its content, or the zeros behind it. */
static size_t piece(void *to, size_t size)
{
        uint64_t at = pack.done, content = content_size();
        size_t part;

        if (at < pack.head_size) {
                part = pack.head_size - at < size ? pack.head_size - at : size;
                memcpy(to, pack.head + at, part);
                return part;
        }
        at -= pack.head_size;
        if (pack.way == SOS_VOLUME_SOME)
                return piece_of_pages(at, to, size);
        if (at < content)
                return (size_t)node_read(&pack.node[pack.current], at, to, size);
        part = cpio_padded(content) - at < size ? cpio_padded(content) - at : size;
        memset(to, 0, part);
        return part;
}

size_t pack_next(void *to, size_t size)
{
        size_t made = 0;

        while (made < size && !pack.ended) {
                size_t part = piece((char *)to + made, size - made);

                made += part;
                pack.done += part;
                if (pack.done < entry_size())
                        continue;
                pack.ended = pack.current == pack.root;
                if (!pack.ended)
                        advance();
        }
        return made;
}

void pack_end(bool written)
{
        node_thaw(pack.node, written);
}

void pack_has_inode(uint32_t number, uint32_t inode)
{
        struct node *n = number - 1 < NODES ? &pack.node[number - 1] : NULL;

        if (n && pack.inodes && n->kind == NODE_MEMORY && !n->inode)
                n->inode = inode;
}

unsigned pack_too_deep(void)
{
        return pack.too_deep;
}
