/* SPDX-License-Identifier: BSD-2-Clause */
/* Names: see node.h.  Content is in content.c, what is there at the start in tree.c. */
#include "os/files/node.h"
#include "base/text.h"
#include "os/device/board.h"
#include "sos/proto.h"

static struct node nodes[NODES];
static unsigned leaving; /* nodes that nobody knows any more, with content */
static struct {
        uint64_t room, used; /* bytes on the disk */
} kept;

struct node *node_root(void)
{
        return &nodes[0];
}

uint32_t node_number(const struct node *n)
{
        return (uint32_t)(n - nodes);
}

struct node *node_at(uint32_t number)
{
        return &nodes[number];
}

struct node *node_parent(const struct node *n)
{
        return &nodes[n->parent];
}

static struct node *child(const struct node *directory, const char *name, size_t length)
{
        for (uint32_t i = 1; i < NODES; i++) {
                struct node *n = &nodes[i];

                if (n->kind != NODE_FREE && n->named && n->parent == node_number(directory) &&
                    !strncmp(n->name, name, length) && !n->name[length])
                        return n;
        }
        return NULL;
}

/* One step of a path; *path moves behind it. */
static struct node *step(struct node *at, const char **path, const char **part, size_t *length)
{
        while (**path == '/')
                ++*path;
        *part = *path;
        while (**path && **path != '/')
                ++*path;
        *length = (size_t)(*path - *part);
        if (*length == 0 || (*length == 1 && **part == '.'))
                return at;
        if (*length == 2 && !strncmp(*part, "..", 2))
                return node_parent(at);
        return at->kind == NODE_DIRECTORY && *length < NODE_NAME_MAX ? child(at, *part, *length) : NULL;
}

static bool is_last(const char *path)
{
        while (*path == '/')
                path++;
        return !*path;
}

struct node *node_find(struct node *from, const char *path)
{
        struct node *at = *path == '/' ? node_root() : from;
        const char *part;
        size_t length;

        while (at && *path)
                at = step(at, &path, &part, &length);
        return at;
}

static uint64_t padded(uint64_t size)
{
        return (size + 3) & ~3ull;
}

uint64_t node_size_limit(const struct node *n)
{
        uint64_t left = kept.used < kept.room ? (kept.room - kept.used) & ~3ull : 0;

        return n->kept ? padded(n->size) + left : UINT64_MAX;
}

void node_resize(struct node *n, uint64_t size)
{
        if (n->kept)
                kept.used += padded(size) - padded(n->size);
        n->size = size;
}

static void keep(struct node *n)
{
        n->kept = true;
        kept.used += NODE_ENTRY_BYTES + (n->kind == NODE_MEMORY ? padded(n->size) : 0);
}

static void keep_no_more(struct node *n)
{
        if (n->kept)
                kept.used -= NODE_ENTRY_BYTES + (n->kind == NODE_MEMORY ? padded(n->size) : 0);
        n->kept = false;
}

static struct node *free_node(const struct node *directory)
{
        if (directory->kept && kept.used + NODE_ENTRY_BYTES > kept.room)
                return NULL;
        for (uint32_t i = 1; i < NODES; i++) {
                if (nodes[i].kind == NODE_FREE)
                        return &nodes[i];
        }
        return NULL;
}

/* Steps from a node up to one above it; 0 when it is not above. */
static unsigned depth(const struct node *n, const struct node *above)
{
        unsigned steps = 0;

        for (; n != above; n = node_parent(n), steps++) {
                if (n == node_root())
                        return 0;
        }
        return steps;
}

/* The most levels of nodes below one. */
static unsigned height(const struct node *n)
{
        unsigned most = 0;

        for (uint32_t i = 1; i < NODES; i++) {
                unsigned steps = nodes[i].kind == NODE_FREE ? 0 : depth(&nodes[i], n);

                most = steps > most ? steps : most;
        }
        return most;
}

void node_keep(struct node *directory, uint64_t room)
{
        kept.room = room;
        kept.used = 0;
        for (uint32_t i = 1; i < NODES; i++) {
                if (nodes[i].kind != NODE_FREE && nodes[i].named && depth(&nodes[i], directory))
                        keep(&nodes[i]);
        }
        directory->kept = true;
}

uint64_t node_room(const struct node *n)
{
        return n->kept ? kept.room : 0;
}

uint64_t node_room_left(void)
{
        return kept.used < kept.room ? kept.room - kept.used : 0;
}

unsigned node_unused(void)
{
        unsigned count = 0;

        for (uint32_t i = 1; i < NODES; i++)
                count += nodes[i].kind == NODE_FREE;
        return count;
}

long node_failure(struct node *from, const char *path)
{
        struct node *at = *path == '/' ? node_root() : from, *next = at;
        size_t length = 0;

        while (next && *path) {
                const char *part;

                at = next;
                next = step(at, &path, &part, &length);
        }
        if (at->kind != NODE_DIRECTORY)
                return -SOS_ENOTDIR;
        if (length >= NODE_NAME_MAX)
                return -SOS_ENAMETOOLONG;
        if (depth(at, node_root()) >= NODE_DEPTH)
                return -SOS_ENAMETOOLONG;
        return is_last(path) && at->named && !free_node(at) ? -SOS_ENOSPC : -SOS_ENOENT;
}

static struct node *new_node(struct node *directory, const char *name, size_t length, enum node_kind kind)
{
        struct node *n = free_node(directory);

        if (!n || !directory->named || depth(directory, node_root()) >= NODE_DEPTH)
                return NULL;
        memset(n, 0, sizeof(*n));
        memcpy(n->name, name, length);
        n->kind = (uint8_t)kind;
        n->parent = (uint16_t)node_number(directory);
        n->named = 1;
        n->changed = directory->changed = board_date_us();
        n->mode = kind == NODE_DIRECTORY ? 0755 : kind >= NODE_NULL ? 0666 : 0644;
        n->by_content = kind == NODE_MEMORY;
        if (directory->kept)
                keep(n);
        return n;
}

struct node *node_nameless(void)
{
        struct node *n = new_node(node_root(), "", 0, NODE_MEMORY);

        if (n)
                n->named = 0;
        return n;
}

struct node *node_make(struct node *from, const char *path, enum node_kind kind)
{
        struct node *at = *path == '/' ? node_root() : from, *next;
        const char *part;
        size_t length;

        while (*path) {
                next = step(at, &path, &part, &length);
                if (!next && is_last(path) && length < NODE_NAME_MAX && at->kind == NODE_DIRECTORY)
                        return new_node(at, part, length, kind);
                if (!next)
                        return NULL;
                at = next;
        }
        return at;
}

struct node *node_next(const struct node *directory, uint64_t number)
{
        for (uint64_t i = number ? number : 1; i < NODES; i++) {
                struct node *n = &nodes[i];

                if (n->kind != NODE_FREE && n->named && n->parent == node_number(directory))
                        return n;
        }
        return NULL;
}

struct node *node_entry(const struct node *directory, unsigned position)
{
        struct node *n = node_next(directory, 0);

        while (n && position-- > 0)
                n = node_next(directory, node_number(n) + 1ull);
        return n;
}

static void release(struct node *n)
{
        if (n->named || n->opened)
                return;
        if (n->kind != NODE_MEMORY || node_drop_some(n)) {
                n->kind = NODE_FREE;
                return;
        }
        n->kind = NODE_LEAVING;
        leaving++;
        frame_come(1);
}

bool node_leaving(void)
{
        return leaving > 0;
}

bool node_leave_some(void)
{
        struct node *n = nodes;

        if (!leaving)
                return false;
        while (n->kind != NODE_LEAVING)
                n++;
        if (node_drop_some(n)) {
                n->kind = NODE_FREE;
                leaving--;
                frame_come(-1);
        }
        return leaving > 0;
}

void node_open(struct node *n)
{
        n->opened++;
}

void node_close(struct node *n)
{
        n->opened--;
        release(n);
}

long node_remove(struct node *n, bool directory)
{
        if (n == node_root() || (n->kind != NODE_MEMORY && n->kind != NODE_DIRECTORY))
                return -SOS_EACCES;
        if (directory != (n->kind == NODE_DIRECTORY))
                return directory ? -SOS_ENOTDIR : -SOS_EISDIR;
        if (directory && node_entry(n, 0))
                return -SOS_ENOTEMPTY;
        keep_no_more(n);
        n->named = 0;
        nodes[n->parent].changed = board_date_us();
        release(n);
        return 0;
}

/* What lies at the new place goes, if it is of the same kind and no more than an empty directory. */
static long make_way(struct node *n, struct node *old)
{
        if (n->kind != NODE_MEMORY && n->kind != NODE_DIRECTORY)
                return -SOS_EACCES;
        if (!old || old == n)
                return 0;
        if (old->kept != n->kept)
                return -SOS_EXDEV;
        if (depth(n, old))
                return -SOS_ENOTEMPTY;
        return node_remove(old, n->kind == NODE_DIRECTORY);
}

/* A path that ends in a slash names a directory. */
static bool wants_directory(const char *path)
{
        size_t length = strlen(path);

        return length > 0 && path[length - 1] == '/';
}

long node_rename(struct node *n, struct node *from, const char *path)
{
        struct node *old = node_find(from, path), *place;
        long error = wants_directory(path) && n->kind != NODE_DIRECTORY ? -SOS_ENOTDIR : make_way(n, old);

        if (error || old == n)
                return error;
        place = node_make(from, path, NODE_MEMORY);
        if (!place)
                return node_failure(from, path);
        if (depth(place, n))
                error = -SOS_EINVAL;
        else if (depth(place, node_root()) + height(n) > NODE_DEPTH)
                error = -SOS_ENAMETOOLONG;
        else if (place->kept != n->kept)
                error = -SOS_EXDEV;
        if (error) {
                node_remove(place, false);
                return error;
        }
        nodes[n->parent].changed = board_date_us();
        memcpy(n->name, place->name, NODE_NAME_MAX);
        n->parent = place->parent;
        return node_remove(place, false);
}

bool node_path(const struct node *n, char *to, size_t size)
{
        size_t at = size - 1;

        to[at] = '\0';
        for (; n != node_root(); n = node_parent(n)) {
                size_t length = strlen(n->name);

                if (at < length + 1)
                        return false;
                at -= length;
                memcpy(to + at, n->name, length);
                to[--at] = '/';
        }
        if (!to[at])
                to[--at] = '/';
        memmove(to, to + at, size - at);
        return true;
}
