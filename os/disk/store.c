/* SPDX-License-Identifier: BSD-2-Clause */
/* See store.h. */
#include "os/disk/store.h"
#include "base/text.h"
#include "cpio/cpio.h"
#include "os/disk/block.h"
#include "os/fs/node.h"
#include "os/init/console.h"
#include "os/init/object.h"

enum { PAGES = 2048, CPIO_HEADER = 110, MODE_DIRECTORY = 0040755, MODE_FILE = 0100644 };

static struct {
        struct node *root; /* NULL: no device */
        uint64_t half;     /* blocks of each half */
        uint64_t generation;
        unsigned current; /* the half that counts */
        bool changed;
        unsigned char *window;
        uint64_t used; /* bytes of the archive in the window */
} store;

static uint64_t paddr(uint64_t page)
{
        return vspace_lookup(&root_vspace, (seL4_Word)store.window + page * BLOCK_SIZE).paddr;
}

/* Page 0 is for headers, the archive begins at page 1. */
static unsigned char *archive(void)
{
        return store.window + BLOCK_SIZE;
}

static uint64_t room(void)
{
        uint64_t blocks = store.half < PAGES ? store.half : PAGES;

        return (blocks - 1) * BLOCK_SIZE;
}

static uint64_t sum(uint64_t size)
{
        uint64_t value = size;

        for (uint64_t i = 0; i < size; i++)
                value = (value ^ archive()[i]) * 0x100000001b3ull;
        return value;
}

static bool make_window(void)
{
        store.window = vspace_new_pages(&root_vspace, 0, store.half < PAGES ? store.half : PAGES, VSPACE_RW);
        return store.window;
}

static bool read_header(unsigned half, struct store_header *h)
{
        if (!block_read(half * store.half, paddr(0)))
                return false;
        memcpy(h, store.window, sizeof(*h));
        return h->magic == STORE_MAGIC && h->size <= room();
}

static bool read_half(unsigned half, const struct store_header *h)
{
        for (uint64_t i = 0; i * BLOCK_SIZE < h->size; i++) {
                if (!block_read(half * store.half + 1 + i, paddr(1 + i)))
                        return false;
        }
        return sum(h->size) == h->sum;
}

static bool load(void)
{
        struct store_header h[2];
        bool good[2] = {read_header(0, &h[0]), read_header(1, &h[1])};
        unsigned first = good[1] && (!good[0] || h[1].generation > h[0].generation);

        for (unsigned i = 0; i < 2; i++) {
                unsigned half = first ^ i;

                if (good[half] && read_half(half, &h[half])) {
                        store.current = half;
                        store.generation = h[half].generation;
                        store.used = h[half].size;
                        return true;
                }
        }
        return false;
}

/* Archives list directories before what is in them; a name that ends with a slash is a directory. */
static void unpack(void)
{
        unsigned long size;
        const void *bytes;
        const char *name;

        for (int i = 0; (bytes = cpio_get_entry(archive(), store.used, i, &name, &size)) != NULL; i++) {
                size_t length = strlen(name);
                bool directory = length > 0 && name[length - 1] == '/';
                struct node *n = node_make(store.root, name, directory ? NODE_DIRECTORY : NODE_MEMORY);

                if (n && !directory)
                        node_write(n, 0, bytes, size);
        }
}

void store_open(void)
{
        uint64_t blocks = block_open();

        store.half = blocks / 2;
        if (store.half < 2 || !make_window())
                return;
        store.root = node_make(node_root(), "/disk", NODE_DIRECTORY);
        if (store.root && load())
                unpack();
}

void store_changed(const struct node *n)
{
        for (; store.root && n != node_root(); n = node_parent(n)) {
                if (n == store.root)
                        store.changed = true;
        }
}

bool store_pending(void)
{
        return store.changed;
}

static bool add(const void *bytes, uint64_t size)
{
        uint64_t padded = (size + 3) & ~3ull;

        if (padded > room() - store.used)
                return false;
        memcpy(archive() + store.used, bytes, size);
        memset(archive() + store.used + size, 0, padded - size);
        store.used += padded;
        return true;
}

/* Header and name are padded together, as the format wants. */
static bool add_header(const char *name, unsigned mode, uint64_t size)
{
        char buffer[CPIO_HEADER + PATH_MAX + 1];
        struct text t = {buffer, sizeof(buffer), 0};

        text_add(&t, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s", 0u, mode, 0u, 0u, 1u, 0u,
                 (unsigned)size, 0u, 0u, 0u, 0u, (unsigned)strlen(name) + 1, 0u, name);
        buffer[CPIO_HEADER + strlen(name)] = '\0';
        return add(buffer, CPIO_HEADER + strlen(name) + 1);
}

static bool add_content(struct node *n)
{
        uint64_t padded = (n->size + 3) & ~3ull;

        if (padded > room() - store.used)
                return false;
        memset(archive() + store.used, 0, padded);
        node_read(n, 0, archive() + store.used, n->size);
        store.used += padded;
        return true;
}

static bool add_tree(struct node *directory)
{
        char path[PATH_MAX];
        struct node *n;

        for (unsigned i = 0; (n = node_entry(directory, i)) != NULL; i++) {
                bool is_directory = n->kind == NODE_DIRECTORY;
                const char *name = path + strlen("/disk/");
                size_t length;

                if (!node_path(n, path, sizeof(path) - 1))
                        return false;
                length = strlen(path);
                if (is_directory)
                        memcpy(path + length, "/", 2);
                if (!add_header(name, is_directory ? MODE_DIRECTORY : MODE_FILE, is_directory ? 0 : n->size))
                        return false;
                if (is_directory ? !add_tree(n) : !add_content(n))
                        return false;
        }
        return true;
}

static bool write_half(unsigned half)
{
        struct store_header h = {STORE_MAGIC, store.generation + 1, store.used, sum(store.used)};

        for (uint64_t i = 0; i * BLOCK_SIZE < store.used; i++) {
                if (!block_write(half * store.half + 1 + i, paddr(1 + i)))
                        return false;
        }
        memset(store.window, 0, BLOCK_SIZE);
        memcpy(store.window, &h, sizeof(h));
        return block_write(half * store.half, paddr(0));
}

void store_settle(void)
{
        if (!store.changed)
                return;
        store.changed = false;
        store.used = 0;
        if (!add_tree(store.root) || !add_header("TRAILER!!!", 0, 0)) {
                console_print("/disk is full: the last change is not kept\n");
                return;
        }
        if (!write_half(!store.current)) {
                console_print("/disk: the device reports an error\n");
                return;
        }
        store.current = !store.current;
        store.generation++;
}
