/* SPDX-License-Identifier: BSD-2-Clause */
/* The derivation tree of the model, deletion and revocation (objects.md 5 and 14). */
#include "tests/model/caps.h"

#include <stdlib.h>
#include <string.h>

struct m_space m_space;

enum { POOL = 16 << 20 };
static _Alignas(16) char pool[POOL];
static m_word pool_used;

/* Memory of one world: given out once, taken back when the next world is made. */
void *m_allocate(m_word size)
{
        void *p = pool + pool_used;

        pool_used += (size + 15) & ~(m_word)15;
        if (pool_used > POOL)
                abort();
        return memset(p, 0, size);
}

void m_space_new(m_word arena_slot, m_word bits)
{
        pool_used = 0;
        memset(&m_space, 0, sizeof(m_space));
        m_space.root = (struct m_object){
                .kind = M_CNODE, .slots = m_space.root_slot, .slot_count = 1 << M_ROOT_RADIX, .caps = 2};
        m_space.root_cap = (struct m_node){.kind = M_CNODE,
                                           .object = &m_space.root,
                                           .guard_bits = 64 - M_ROOT_RADIX,
                                           .where = &m_space.root_slot[M_ROOT_CNODE]};
        m_space.root_slot[M_ROOT_CNODE].node = &m_space.root_cap;
        m_space.space_cap = (struct m_node){.kind = M_VSPACE, .where = &m_space.root_slot[M_ROOT_VSPACE]};
        m_space.root_slot[M_ROOT_VSPACE].node = &m_space.space_cap;
        m_space.arena = m_node_new(M_UNTYPED, NULL, &m_space.root_slot[arena_slot]);
        m_space.arena->bits = bits;
        m_space.arena->original = true;
}

struct m_node *m_node_new(enum m_kind kind, struct m_object *object, struct m_slot *where)
{
        struct m_node *n = m_allocate(sizeof(*n));

        n->kind = kind;
        n->object = object;
        n->where = where;
        if (where)
                where->node = n;
        if (object)
                object->caps++;
        return n;
}

struct m_node *m_after(const struct m_node *n, const struct m_node *top)
{
        if (n->first)
                return n->first;
        for (; n && n != top; n = n->parent)
                if (n->next)
                        return n->next;
        return NULL;
}

m_word m_descendants(const struct m_node *n)
{
        m_word count = 0;

        for (const struct m_node *d = m_after(n, n); d; d = m_after(d, n))
                count++;
        return count;
}

/* objects.md 5.4: directly behind the cap it was made from; objects.md 5.1: below it if that is an original. */
void m_tree_behind(struct m_node *n, struct m_node *source)
{
        if (source == &m_space.space_cap || source == &m_space.root_cap)
                return;
        if (source->original) {
                n->parent = source;
                n->next = source->first;
                source->first = n;
        } else {
                n->parent = source->parent;
                n->next = source->next;
                source->next = n;
        }
}

static struct m_node **link_to(struct m_node *n)
{
        struct m_node **link = &n->parent->first;

        while (*link != n)
                link = &(*link)->next;
        return link;
}

/* Children go to the next ancestor up, in their order and place (objects.md 5.2). */
void m_tree_remove(struct m_node *n)
{
        struct m_node *last = NULL;

        for (struct m_node *c = n->first; c; c = c->next) {
                c->parent = n->parent;
                last = c;
        }
        if (!n->parent)
                return;
        struct m_node **link = link_to(n);
        *link = n->first ? n->first : n->next;
        if (last)
                last->next = n->next;
}

static void object_free(struct m_object *o)
{
        struct m_object **link = &m_space.objects;

        while (*link != o)
                link = &(*link)->next;
        *link = o->next;
}

/* The node goes; its object too if this was the last one. */
static void drop(struct m_node *n)
{
        struct m_object *o = n->object;

        m_tree_remove(n);
        if (n->where)
                n->where->node = NULL;
        if (o && --o->caps == 0 && o != &m_space.root)
                object_free(o);
}

static bool is_last_container(const struct m_node *n)
{
        return (n->kind == M_CNODE || n->kind == M_TCB) && n->object->caps == 1;
}

/* objects.md 14.4: a container found inside a dying one is detached; its first slot makes room for the cap under deletion. */
static void delete_found(struct m_slot *s, const struct m_object *dying)
{
        struct m_node *n = s->node;

        if (!n)
                return;
        if (n->kind == M_ZOMBIE && n->object == dying) {
                m_space.vague = true;
                return;
        }
        if (n->kind == M_ZOMBIE) {
                m_space.vague = true;
                return;
        }
        if (!is_last_container(n)) {
                drop(n);
                return;
        }
        struct m_slot *inside = n->object->slots;

        n->kind = M_ZOMBIE;
        n->original = false;
        if (inside == s)
                return;
        delete_found(inside, n->object);
        if (inside->node) {
                m_space.vague = true;
                return;
        }
        s->node = NULL;
        inside->node = n;
        n->where = inside;
}

/* Highest slot first (objects.md 14.2); the slot that holds the cap under deletion itself comes last of all. */
static void empty_container(struct m_node *zombie)
{
        struct m_object *o = zombie->object;

        for (m_word i = o->slot_count; i-- > 0;) {
                if (o->slots[i].node == zombie) {
                        m_space.vague |= i != 0;
                        continue;
                }
                delete_found(&o->slots[i], o);
        }
}

void m_delete(struct m_slot *s)
{
        struct m_node *n = s->node;

        if (!n)
                return;
        if (is_last_container(n)) {
                n->kind = M_ZOMBIE;
                n->original = false;
        }
        if (n->kind == M_ZOMBIE)
                empty_container(n);
        if (!m_space.vague)
                drop(n);
}

void m_revoke(struct m_node *top)
{
        struct m_slot *where = top->where;

        while (where->node == top && top->first && !m_space.vague)
                m_delete(top->first->where);
}
