/* SPDX-License-Identifier: BSD-2-Clause */
/* Untyped memory in the model: watermarks and Retype (objects.md 7). */
#include "tests/model/caps.h"

enum { TYPES = 12, BITS_MAX = 47, FAN_OUT = 256, SLOT_SIZE_BITS = 5, TCB_SLOT_COUNT = 5 };

/* Public object types: the kind of cap and the size, 0 when size_bits says it. */
static const struct {
        enum m_kind kind;
        m_word bits;
} object_type[TYPES] = {
        {M_UNTYPED, 0}, {M_TCB, 11},   {M_ENDPOINT, 4}, {M_NOTIFICATION, 6}, {M_CNODE, 0},  {M_SC, 0},
        {M_REPLY, 5},   {M_FRAME, 30}, {M_VSPACE, 12},  {M_FRAME, 12},       {M_FRAME, 21}, {M_TABLE, 12},
};

static m_word size_of(m_word type, m_word size_bits)
{
        if (object_type[type].bits)
                return object_type[type].bits;
        return object_type[type].kind == M_CNODE ? size_bits + SLOT_SIZE_BITS : size_bits;
}

/* Checks 2 to 7. */
static struct m_answer check_type(const struct m_call *c)
{
        m_word type = c->word[0], bits = c->word[1];

        if (c->length < 6 || c->caps < 1)
                return m_fail(M_TRUNCATED, 0, 0, 0);
        if (type >= TYPES)
                return m_fail(M_INVALID_ARGUMENT, 1, 0, 0);
        if (bits >= 64 || size_of(type, bits) > BITS_MAX)
                return m_fail(M_RANGE, 2, 0, BITS_MAX);
        if ((object_type[type].kind == M_CNODE && bits == 0) ||
            (object_type[type].kind == M_UNTYPED && bits < 4) || (object_type[type].kind == M_SC && bits < 7))
                return m_fail(M_INVALID_ARGUMENT, 1, 1, 0);
        return (struct m_answer){0};
}

/* Checks 8 to 13. */
static struct m_answer check_place(const struct m_call *c, struct m_slot **to)
{
        struct m_node *node = m_extra(c, 0);
        m_word offset = c->word[4], count = c->word[5];

        if (c->word[3] != 0) {
                struct m_slot *s;
                struct m_answer a = m_lookup(node, c->word[2], c->word[3], 0, &s);

                if (a.error)
                        return a;
                node = s->node;
        }
        if (!node || node->kind != M_CNODE)
                return (struct m_answer){M_LOOKUP, 3, {0, 2, c->word[3]}};
        if (offset >= node->object->slot_count)
                return m_fail(M_RANGE, 2, 0, node->object->slot_count - 1);
        if (count < 1 || count > FAN_OUT)
                return m_fail(M_RANGE, 2, 1, FAN_OUT);
        if (count > node->object->slot_count - offset)
                return m_fail(M_RANGE, 2, 1, node->object->slot_count - offset);
        *to = &node->object->slots[offset];
        for (m_word i = 0; i < count; i++)
                if ((*to)[i].node)
                        return m_fail(M_DELETE_FIRST, 0, 0, 0);
        return (struct m_answer){0};
}

static struct m_object *make_object(enum m_kind kind, m_word base, m_word bits)
{
        struct m_object *o = m_allocate(sizeof(*o));

        *o = (struct m_object){.kind = kind, .base = base, .bits = bits, .next = m_space.objects};
        m_space.objects = o;
        if (kind == M_CNODE)
                o->slot_count = (m_word)1 << (bits - SLOT_SIZE_BITS);
        if (kind == M_TCB)
                o->slot_count = TCB_SLOT_COUNT;
        if (o->slot_count)
                o->slots = m_allocate(o->slot_count * sizeof(*o->slots));
        return o;
}

static m_word first_rights(enum m_kind kind)
{
        switch (kind) {
        case M_ENDPOINT:
                return M_READ | M_WRITE | M_GRANT | M_GRANT_REPLY;
        case M_NOTIFICATION:
        case M_FRAME:
                return M_READ | M_WRITE;
        case M_REPLY:
                return M_GRANT;
        default:
                return 0;
        }
}

static struct m_node *make_cap(enum m_kind kind, m_word base, m_word bits, struct m_slot *to)
{
        struct m_node *n = m_node_new(kind, kind == M_UNTYPED ? NULL : make_object(kind, base, bits), to);

        n->original = true;
        n->rights = first_rights(kind);
        if (kind == M_UNTYPED) {
                n->base = base;
                n->bits = bits;
        }
        return n;
}

struct m_answer m_retype(struct m_node *u, const struct m_call *c)
{
        struct m_slot *to = NULL;
        m_word size = (m_word)1 << u->bits, count = c->word[5];

        if (c->label != M_RETYPE)
                return m_fail(M_ILLEGAL, 0, 0, 0);
        struct m_answer a = check_type(c);
        if (!a.error)
                a = check_place(c, &to);
        if (a.error)
                return a;
        m_word bits = size_of(c->word[0], c->word[1]), free_bytes = u->first ? size - u->used : size;
        if (free_bytes >> bits < count)
                return m_fail(M_MEMORY, 1, free_bytes, 0);
        if (!u->first)
                u->used = 0;
        m_word step = (m_word)1 << bits, at = (u->used + step - 1) & ~(step - 1);
        for (m_word i = 0; i < count; i++, at += step) {
                struct m_node *n = make_cap(object_type[c->word[0]].kind, u->base + at, bits, &to[i]);

                n->parent =
                        u; /* each directly behind the untyped: the latest is deleted first (objects.md 5.4) */
                n->next = u->first;
                u->first = n;
        }
        u->used = at;
        return a;
}
