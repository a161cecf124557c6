/* SPDX-License-Identifier: BSD-2-Clause */
/* Paths: from a text to what it names; see node.h.  Symbolic links are put in place of their names, up to LINKS of them. */
#include "base/text.h"
#include "os/files/file.h"
#include "os/files/names.h"
#include "os/files/rights.h"
#include "os/server/proc.h"
#include "sos/proto.h"

/* Of one walk: links; what their texts may have together, so that the server listens soon again; names. */
enum { LINKS = 40, LINK_BYTES = 16384, PARTS = 1040 };

struct walk {
        struct node *at;
        const char *path; /* what is left of it */
        const char *part; /* the name in front of that */
        size_t length;
        unsigned links, parts; /* so far */
        size_t linked;         /* bytes of links' texts so far */
        unsigned bounds;
        struct node *root; /* that it sees */
        const struct user *who;
};

/* Paths with links put in; the one that is walked, and the next one, which is made of it. */
static char texts[2][PATH_MAX];

static void skip_slashes(struct walk *w)
{
        while (*w->path == '/')
                w->path++;
}

static void next_part(struct walk *w)
{
        skip_slashes(w);
        w->part = w->path;
        while (*w->path && *w->path != '/')
                w->path++;
        w->length = (size_t)(w->path - w->part);
}

static bool is_part(const struct walk *w, const char *name)
{
        return w->length == strlen(name) && !strncmp(w->part, name, w->length);
}

static bool is_last(const struct walk *w)
{
        const char *at = w->path;

        while (*at == '/')
                at++;
        return !*at;
}

/* The root that it sees is its own parent. */
static long above(const struct walk *w, struct node **meant)
{
        if (w->at != w->root)
                *meant = node_parent(w->at);
        else if (w->bounds & NODE_BENEATH)
                return -SOS_EXDEV;
        return 0;
}

/* What the part means in the directory where the walk is; the record of the name, unless it is one that every directory has. */
static long look(struct walk *w, struct node **record, struct node **meant)
{
        *record = NULL;
        *meant = w->at;
        if (++w->parts > PARTS)
                return -SOS_ELOOP;
        if (w->at->kind != NODE_DIRECTORY)
                return -SOS_ENOTDIR;
        if (w->length >= NODE_NAME_MAX)
                return -SOS_ENAMETOOLONG;
        if (w->length == 0)
                return 0;
        if (!rights_allow(w->who, w->at, RIGHT_EXECUTE))
                return -SOS_EACCES;
        if (is_part(w, "."))
                return 0;
        if (is_part(w, ".."))
                return above(w, meant);
        if (w->at->live && !proc_look(w->at, w->part, w->length))
                *meant = NULL;
        else
                *meant = names_meaning(*record = names_find(w->at, w->part, w->length));
        return 0;
}

/* A link to an open file that has no path, or has lost it. */
static bool is_open_file(const struct node *link, struct node_place *place)
{
        struct file *f = link->report ? proc_file(link) : NULL;

        if (!f || (f->node && f->node->named))
                return false;
        place->file = f;
        place->node = f->node;
        return true;
}

/* A link that is followed; one of /proc to an open file leads anywhere, whatever its text. */
static long may_follow(const struct walk *w, const struct node *link)
{
        bool magic = link->kind == NODE_LINK && proc_is_magic(link);

        if (magic && w->who && proc_refuses(link))
                return -SOS_EACCES;
        if (w->bounds & NODE_NEVER_LINKS || (magic && w->bounds & NODE_NO_MAGIC))
                return -SOS_ELOOP;
        return magic && w->bounds & (NODE_BENEATH | NODE_IN_ROOT) ? -SOS_EXDEV : 0;
}

/* /proc, the live directory of the root, is the one other file system.  Cost: the depths. */
static bool is_live(const struct node *n)
{
        while (node_parent(n) != node_root() && n != node_root())
                n = node_parent(n);
        return n->live;
}

static bool is_other_system(const struct node *a, const struct node *b)
{
        return is_live(a) != is_live(b);
}

/* One step leads there only from or to the root. */
static bool leaves_system(const struct node *from, const struct node *to)
{
        return (from == node_root() || to == node_root()) && is_other_system(from, to);
}

/* An absolute path, or link. */
static long begin_at_root(struct walk *w)
{
        bool other = w->bounds & NODE_ONE_SYSTEM && is_other_system(w->at, w->root);

        w->at = w->root;
        return other || w->bounds & NODE_BENEATH ? -SOS_EXDEV : 0;
}

/* The link's text, with what is left of the path behind it. */
static long put_in(struct walk *w, struct node *link)
{
        char *text = texts[w->links++ % 2];
        size_t left = strlen(w->path);
        long size;

        if (w->links > LINKS)
                return -SOS_ELOOP;
        size = node_link_text(link, text, PATH_MAX - 1);
        if (size <= 0)
                return size ? size : -SOS_ENOENT;
        if ((size_t)size + left >= PATH_MAX)
                return -SOS_ENAMETOOLONG;
        w->linked += (size_t)size;
        if (w->linked > LINK_BYTES)
                return -SOS_ELOOP;
        memcpy(text + size, w->path, left + 1);
        w->path = text;
        return *text == '/' ? begin_at_root(w) : 0;
}

static long arrive(const struct walk *w, struct node *record, struct node *meant, struct node_place *place)
{
        bool dots = w->length == 0 || is_part(w, ".") || is_part(w, "..");

        *place = (struct node_place){
                .parent = dots ? NULL : w->at, .record = record, .node = meant, .slash = *w->path == '/'};
        memcpy(place->name, w->part, w->length);
        place->name[w->length] = '\0';
        return meant && place->slash && meant->kind != NODE_DIRECTORY ? -SOS_ENOTDIR : 0;
}

/* Is it a link in place of which its text is walked? */
static bool is_followed(const struct walk *w, const struct node *n, enum node_follow follow)
{
        if (!n || n->kind != NODE_LINK || follow == NODE_NO_LINKS)
                return false;
        if (follow == NODE_NAME)
                return !is_last(w);
        return follow == NODE_FOLLOW || *w->path == '/';
}

/* One name; 0 when the walk goes on, 1 when it is there. */
static long step(struct walk *w, enum node_follow follow, struct node_place *place)
{
        struct node *record, *meant;
        long error;

        next_part(w);
        error = look(w, &record, &meant);
        if (error)
                return error;
        if (w->bounds & NODE_ONE_SYSTEM && meant && leaves_system(w->at, meant))
                return -SOS_EXDEV;
        if (is_followed(w, meant, follow)) {
                error = may_follow(w, meant);
                if (error)
                        return error;
                return is_last(w) && is_open_file(meant, place) ? 1 : put_in(w, meant);
        }
        if (is_last(w)) {
                error = arrive(w, record, meant, place);
                return error ? error : 1;
        }
        w->at = meant;
        return meant ? 0 : -SOS_ENOENT;
}

long node_walk_within(const struct user *who, struct node *from, const char *path, enum node_follow follow,
                      unsigned bounds, struct node_place *place)
{
        struct walk w = {.at = from,
                         .who = who,
                         .path = path,
                         .bounds = bounds,
                         .root = bounds & (NODE_BENEATH | NODE_IN_ROOT) ? from : node_root()};
        long result = *path ? 0 : -SOS_ENOENT;

        *place = (struct node_place){.node = NULL};
        if (*path == '/') {
                w.at = w.root; /* wherever that is: the path names it, no link leads there */
                result = begin_at_root(&w);
        }
        while (!result)
                result = step(&w, follow, place);
        return result < 0 ? result : 0;
}

long node_walk(struct node *from, const char *path, enum node_follow follow, struct node_place *place)
{
        return node_walk_within(NULL, from, path, follow, 0, place);
}

struct node *node_find(struct node *from, const char *path)
{
        struct node_place place;

        return from && !node_walk(from, path, NODE_FOLLOW, &place) ? place.node : NULL;
}

struct node *node_make(struct node *from, const char *path, enum node_kind kind)
{
        struct node_place place;
        struct node *n;

        if (node_walk(from, path, NODE_FOLLOW, &place))
                return NULL;
        if (place.node)
                return place.node;
        return node_create(&place, kind, &n) ? NULL : n;
}

long node_failure(struct node *from, const char *path)
{
        struct node_place place;
        long error = node_walk(from, path, NODE_FOLLOW, &place);

        return error ? error : -SOS_ENOENT;
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

unsigned node_depth(const struct node *n, const struct node *above)
{
        unsigned steps = 0;

        for (; n != above; n = node_parent(n), steps++) {
                if (n == node_root())
                        return 0;
        }
        return steps;
}

long node_link_text(struct node *link, char *to, size_t size)
{
        if (link->report && proc_is_magic(link) && proc_refuses(link))
                return -SOS_EACCES;
        return link->report ? (long)proc_text(link, to, size) : node_read(link, 0, to, size);
}
