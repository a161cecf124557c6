/* SPDX-License-Identifier: BSD-2-Clause */
/* See attribute.h.  The frame holds one entry behind the other; behind the last one is a name of length 0, or its end. */
#include "os/files/attribute.h"
#include "base/text.h"
#include "sos/proto.h"

struct entry {
        uint16_t name, value; /* bytes of what lies behind it: the name with its NUL, the value */
        char text[];
};

enum { HEAD = sizeof(struct entry) };

static size_t bytes_of(size_t name, size_t value)
{
        return (HEAD + name + value + 1) & ~1ull;
}

static char *start_of(const struct node *n)
{
        return (char *)frame_data(n->attributes);
}

/* The entry at that place; NULL: there is none, but the end. */
static struct entry *at(const struct node *n, size_t place)
{
        struct entry *e = (struct entry *)(void *)(start_of(n) + place);

        return place + HEAD <= PAGE && e->name ? e : NULL;
}

static size_t next(const struct entry *e, size_t place)
{
        return place + bytes_of(e->name, e->value);
}

static struct entry *find(const struct node *n, const char *name, size_t *place)
{
        struct entry *e;

        *place = 0;
        if (!n->attributes)
                return NULL;
        while ((e = at(n, *place)) && strcmp(e->text, name))
                *place = next(e, *place);
        return e;
}

static size_t end_of(const struct node *n)
{
        size_t place = 0;
        struct entry *e;

        while ((e = at(n, place)))
                place = next(e, place);
        return place;
}

bool attribute_possible(const struct node *n)
{
        return (n->kind == NODE_MEMORY || n->kind == NODE_DIRECTORY) && !n->kept && !n->fixed;
}

long attribute_get(const struct node *n, const char *name, void *to, size_t size)
{
        size_t place;
        const struct entry *e = find(n, name, &place);

        if (!e)
                return -SOS_ENODATA;
        if (size && size < e->value)
                return -SOS_ERANGE;
        if (size)
                memcpy(to, e->text + e->name, e->value);
        return e->value;
}

static void cut_out(struct node *n, const struct entry *e, size_t place)
{
        size_t end = end_of(n), behind = next(e, place);

        memmove(start_of(n) + place, start_of(n) + behind, end - behind);
        memset(start_of(n) + place + (end - behind), 0, behind - place);
}

long attribute_set(struct node *n, const char *name, const void *value, size_t size, enum attribute_set how)
{
        size_t place, length = strlen(name) + 1, freed;
        struct entry *e = find(n, name, &place);

        if (e && how == ATTRIBUTE_CREATE)
                return -SOS_EEXIST;
        if (!e && how == ATTRIBUTE_REPLACE)
                return -SOS_ENODATA;
        freed = e ? next(e, place) - place : 0;
        if ((n->attributes ? end_of(n) : 0) - freed + bytes_of(length, size) > PAGE)
                return -SOS_ENOSPC;
        if (!n->attributes)
                n->attributes = node_take_frame(true);
        if (!n->attributes)
                return -SOS_ENOSPC;
        if (e)
                cut_out(n, e, place);
        e = (struct entry *)(void *)(start_of(n) + end_of(n));
        *e = (struct entry){.name = (uint16_t)length, .value = (uint16_t)size};
        memcpy(e->text, name, length);
        memcpy(e->text + length, value, size);
        return 0;
}

long attribute_remove(struct node *n, const char *name)
{
        size_t place;
        const struct entry *e = find(n, name, &place);

        if (!e)
                return -SOS_ENODATA;
        cut_out(n, e, place);
        if (!end_of(n))
                attribute_drop(n);
        return 0;
}

long attribute_list(const struct node *n, char *to, size_t size)
{
        size_t length = 0, place = 0;
        const struct entry *e;

        for (; n->attributes && (e = at(n, place)); place = next(e, place)) {
                if (size && length + e->name > size)
                        return -SOS_ERANGE;
                if (size)
                        memcpy(to + length, e->text, e->name);
                length += e->name;
        }
        return (long)length;
}

void attribute_drop(struct node *n)
{
        if (n->attributes)
                frame_drop(n->attributes);
        n->attributes = 0;
}
