/* SPDX-License-Identifier: BSD-2-Clause */
/* Paths: from a text to what it names; see node.h.  Symbolic links are put in place of their names, up to LINKS of them. */
#include "base/text.h"
#include "os/files/file.h"
#include "os/files/names.h"
#include "os/server/proc.h"
#include "sos/proto.h"

enum { LINKS = 40 };

struct walk {
        struct node *at;
        const char *path; /* what is left of it */
        const char *part; /* the name in front of that */
        size_t length;
        unsigned links; /* so far */
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

/* What the part means in the directory where the walk is; the record of the name, unless it is one that every directory has. */
static long look(struct walk *w, struct node **record, struct node **meant)
{
        *record = NULL;
        *meant = w->at;
        if (w->at->kind != NODE_DIRECTORY)
                return -SOS_ENOTDIR;
        if (w->length >= NODE_NAME_MAX)
                return -SOS_ENAMETOOLONG;
        if (w->length == 0 || is_part(w, "."))
                return 0;
        if (is_part(w, "..")) {
                *meant = node_parent(w->at);
                return 0;
        }
        if (w->at->live)
                proc_look(w->at, w->part, w->length);
        *record = names_find(w->at, w->part, w->length);
        *meant = names_meaning(*record);
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
        memcpy(text + size, w->path, left + 1);
        w->path = text;
        w->at = *text == '/' ? node_root() : w->at;
        return 0;
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

long node_walk(struct node *from, const char *path, enum node_follow follow, struct node_place *place)
{
        struct walk w = {.at = *path == '/' ? node_root() : from, .path = path};

        *place = (struct node_place){.node = NULL};
        if (!*path)
                return -SOS_ENOENT;
        for (;;) {
                struct node *record, *meant;
                long error;

                next_part(&w);
                error = look(&w, &record, &meant);
                if (error)
                        return error;
                if (is_followed(&w, meant, follow)) {
                        if (is_last(&w) && is_open_file(meant, place))
                                return 0;
                        error = put_in(&w, meant);
                        if (error)
                                return error;
                        continue;
                }
                if (is_last(&w))
                        return arrive(&w, record, meant, place);
                if (!meant)
                        return -SOS_ENOENT;
                w.at = meant;
        }
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
