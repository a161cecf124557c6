/* SPDX-License-Identifier: BSD-2-Clause */
/* One pass over the structure block with a stack of what each level says about its children. */
#include "fdt.h"

enum {
        MAGIC = 0xd00dfeed,
        HEADER_BYTES = 40,
        BEGIN_NODE = 1,
        END_NODE = 2,
        PROPERTY = 3,
        NOTHING = 4,
        SHARED_FIRST = 32, /* interrupt types of the GIC: 0 shared, 1 private */
        PRIVATE_FIRST = 16,
        EDGES = 3, /* flag bits of edge triggers */
};

/* What a node is known by so far, and how its children's registers are written. */
struct level {
        struct fdt_device device;
        uint32_t address_cells, size_cells;
        bool compatible, has_registers, translates;
};

struct walk {
        const struct fdt *fdt;
        uint32_t at; /* in the structure block */
        unsigned depth;
        const char *compatible, *path; /* one of them */
        /* Of the path, below each level; NULL: off the way. */
        const char *rest[FDT_DEPTH_MAX + 1];   /* of the path below each level; NULL: off the way */
        struct level level[FDT_DEPTH_MAX + 1]; /* 0: above the root */
};

struct property {
        const char *name;
        const unsigned char *data;
        uint32_t length;
};

static uint32_t read32(const unsigned char *p)
{
        return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool same(const char *a, const char *b)
{
        while (*a && *a == *b) {
                a++;
                b++;
        }
        return *a == *b;
}

static bool block(uint32_t start, uint32_t length, uint32_t total, uint32_t *end)
{
        *end = start + length;
        return start <= total && length <= total - start;
}

bool fdt_open(struct fdt *fdt, const void *tree, size_t size)
{
        const unsigned char *header = tree;
        uint32_t total;

        if (!tree || size < HEADER_BYTES || read32(header) != MAGIC) {
                return false;
        }
        total = read32(header + 4);
        fdt->tree = tree;
        fdt->structure = read32(header + 8);
        fdt->strings = read32(header + 12);
        return total <= size && block(fdt->structure, read32(header + 36), total, &fdt->structure_end) &&
               block(fdt->strings, read32(header + 32), total, &fdt->strings_end);
}

/* The NUL-terminated text at `at`, if it ends before `end`; *next is what follows it. */
static const char *text_at(const struct fdt *fdt, uint32_t at, uint32_t end, uint32_t *next)
{
        for (uint32_t i = at; i < end; i++) {
                if (!fdt->tree[i]) {
                        *next = i + 1;
                        return (const char *)fdt->tree + at;
                }
        }
        return NULL;
}

static bool next_word(struct walk *walk, uint32_t *word)
{
        uint32_t at = walk->at;

        if (walk->fdt->structure_end - at < 4) {
                return false;
        }
        *word = read32(walk->fdt->tree + at);
        walk->at = at + 4;
        return true;
}

/* Pad to four bytes, counted from the start of the block. */
static bool skip_to(struct walk *walk, uint32_t at)
{
        uint32_t past = at - walk->fdt->structure;

        past = (past + 3) & ~3u;
        if (past > walk->fdt->structure_end - walk->fdt->structure) {
                return false;
        }
        walk->at = walk->fdt->structure + past;
        return true;
}

static bool next_property(struct walk *walk, struct property *property)
{
        const struct fdt *fdt = walk->fdt;
        uint32_t name, after;

        if (!next_word(walk, &property->length) || !next_word(walk, &name) ||
            property->length > fdt->structure_end - walk->at || name >= fdt->strings_end - fdt->strings) {
                return false;
        }
        property->data = fdt->tree + walk->at;
        property->name = text_at(fdt, fdt->strings + name, fdt->strings_end, &after);
        return property->name && skip_to(walk, walk->at + property->length);
}

/* A list of texts; the last one may lack its end. */
static bool lists(const struct property *property, const char *wanted)
{
        uint32_t start = 0;

        for (uint32_t i = 0; i < property->length; i++) {
                if (property->data[i] == 0) {
                        if (same((const char *)property->data + start, wanted)) {
                                return true;
                        }
                        start = i + 1;
                }
        }
        return false;
}

static uint64_t cells(const unsigned char *data, uint32_t count)
{
        uint64_t value = 0;

        for (uint32_t i = 0; i < count; i++) {
                value = value << 32 | read32(data + 4ul * i);
        }
        return value;
}

static void read_registers(struct level *level, const struct level *parent, const struct property *property)
{
        uint32_t a = parent->address_cells;
        uint32_t s = parent->size_cells;

        if (a < 1 || a > 2 || s > 2 || property->length < 4 * (a + s)) {
                return;
        }
        level->device.base = cells(property->data, a);
        level->device.size = cells(property->data + 4ul * a, s);
        level->has_registers = true;
}

static void read_interrupt(struct level *level, const struct property *property)
{
        uint32_t type;

        if (property->length < 12) {
                return;
        }
        type = read32(property->data);
        level->device.interrupt = read32(property->data + 4) + (type == 0 ? SHARED_FIRST : PRIVATE_FIRST);
        level->device.edge = (read32(property->data + 8) & EDGES) != 0;
        level->device.has_interrupt = type <= 1;
}

static void read_property(struct walk *walk, const struct property *property)
{
        struct level *level = &walk->level[walk->depth];
        const struct level *parent = level - 1;

        if (same(property->name, "#address-cells") && property->length == 4) {
                level->address_cells = read32(property->data);
        } else if (same(property->name, "#size-cells") && property->length == 4) {
                level->size_cells = read32(property->data);
        } else if (same(property->name, "compatible")) {
                level->compatible = walk->compatible && lists(property, walk->compatible);
        } else if (same(property->name, "reg")) {
                read_registers(level, parent, property);
        } else if (same(property->name, "interrupts")) {
                read_interrupt(level, property);
        } else if (same(property->name, "ranges")) {
                level->translates = level->translates || property->length;
        }
}

/* What is left of the path below a node of this name, or NULL if it is not on the way. */
static const char *below(const char *path, const char *name)
{
        if (!*name) {
                return path; /* the root */
        }
        while (*path == '/') {
                path++;
        }
        while (*name && *path == *name) {
                path++;
                name++;
        }
        return *name || (*path && *path != '/') ? NULL : path;
}

static bool enter(struct walk *walk)
{
        uint32_t after;
        const char *name = text_at(walk->fdt, walk->at, walk->fdt->structure_end, &after);
        const struct level *parent = &walk->level[walk->depth];
        const char *rest = walk->rest[walk->depth];

        if (!name || walk->depth == FDT_DEPTH_MAX || !skip_to(walk, after)) {
                return false;
        }
        walk->depth++;
        walk->rest[walk->depth] = rest ? below(rest, name) : NULL;
        walk->level[walk->depth] = (struct level){
                .address_cells = 2, .size_cells = 1, .translates = walk->depth > 1 && parent->translates};
        return true;
}

/* Is the node that ends here the one?  Its own `ranges` concern its children only. */
static bool is_wanted(const struct walk *walk)
{
        const struct level *level = &walk->level[walk->depth];
        const char *rest = walk->rest[walk->depth];

        return level->has_registers && !(level - 1)->translates &&
               (walk->compatible ? level->compatible : rest && !*rest);
}

/* Walk on to the end of the next node that is wanted. */
static bool next_device(struct walk *walk, struct fdt_device *device)
{
        struct property property;
        uint32_t token;

        while (next_word(walk, &token)) {
                if (token == NOTHING) {
                        continue;
                }
                if (token == BEGIN_NODE && enter(walk)) {
                        continue;
                }
                if (token == PROPERTY && walk->depth && next_property(walk, &property)) {
                        read_property(walk, &property);
                        continue;
                }
                if (token != END_NODE || !walk->depth) {
                        return false;
                }
                *device = walk->level[walk->depth].device;
                if (is_wanted(walk)) {
                        walk->depth--;
                        return true;
                }
                walk->depth--;
        }
        return false;
}

bool fdt_find_compatible(const struct fdt *fdt, const char *compatible, unsigned index,
                         struct fdt_device *device)
{
        struct walk walk = {.fdt = fdt, .at = fdt->structure, .compatible = compatible};

        do {
                if (!next_device(&walk, device)) {
                        return false;
                }
        } while (index--);
        return true;
}

bool fdt_find_path(const struct fdt *fdt, const char *path, struct fdt_device *device)
{
        struct walk walk = {.fdt = fdt, .at = fdt->structure, .path = path, .rest = {path}};

        return next_device(&walk, device);
}
