/* SPDX-License-Identifier: BSD-2-Clause */
/* Lookup and the invocations of CNodes and TCBs in the model (objects.md 3, 4, 6, 8.8, 8.12). */
#include "tests/model/caps.h"

enum { WORD_BITS = 64, MISSING = 2 };

static m_word low(m_word value, m_word bits)
{
        return bits >= WORD_BITS ? value : value & (((m_word)1 << bits) - 1);
}

static m_word radix_of(const struct m_node *n)
{
        return (m_word)__builtin_ctzll(n->object->slot_count);
}

struct m_node *m_extra(const struct m_call *c, m_word i)
{
        return m_space.root_slot[c->cap[i]].node;
}

static struct m_answer lookup_failed(m_word source, m_word type, m_word left, m_word found, m_word width)
{
        m_word length = type == 1 ? 2 : type == MISSING ? 3 : type == 3 ? 4 : 5;

        return (struct m_answer){M_LOOKUP, length, {source, type, left, found, width}};
}

/* objects.md 3.1 and 3.2, slot address. */
struct m_answer m_lookup(const struct m_node *root, m_word index, m_word depth, m_word source,
                         struct m_slot **slot)
{
        m_word n = depth;

        if (!root || root->kind != M_CNODE)
                return lookup_failed(source, 1, 0, 0, 0);
        if (depth < 1 || depth > WORD_BITS)
                return m_fail(M_RANGE, 2, 1, WORD_BITS);
        for (;;) {
                m_word r = radix_of(root), g = root->guard_bits;

                if (g > n || (g && low(index, n) >> (n - g) != root->guard))
                        return lookup_failed(source, 4, n, root->guard, g);
                if (r + g > n)
                        return lookup_failed(source, 3, n, r + g, 0);
                *slot = &root->object->slots[low(index, n - g) >> (n - g - r)];
                n -= r + g;
                if (n == 0)
                        return (struct m_answer){0};
                root = (*slot)->node;
                if (!root || root->kind != M_CNODE)
                        return lookup_failed(source, 3, n, 0, 0);
        }
}

/* objects.md 4.3, first column; frames lose their mapping, which is not part of the model. */
struct m_node *m_derive(const struct m_node *from, struct m_answer *why)
{
        if (from->kind == M_UNTYPED && from->first) {
                *why = m_fail(M_REVOKE_FIRST, 0, 0, 0);
                return NULL;
        }
        if (from->kind == M_ZOMBIE || from->kind == M_TABLE || (from->kind == M_VSPACE && from->object)) {
                *why = m_fail(M_ILLEGAL, 0, 0, 0);
                return NULL;
        }
        struct m_node *n = m_node_new(from->kind, from->object, NULL);

        n->rights = from->rights;
        n->badge = from->badge;
        n->guard = from->guard;
        n->guard_bits = from->guard_bits;
        n->base = from->base;
        n->bits = from->bits;
        n->used = from->used;
        n->original = from->kind == M_UNTYPED;
        return n;
}

static void forget(struct m_node *n)
{
        if (n->object)
                n->object->caps--;
}

void m_place_derived(struct m_node *n, struct m_slot *to, struct m_node *source)
{
        to->node = n;
        n->where = to;
        m_tree_behind(n, source);
        if (n->kind == M_UNTYPED) /* objects.md 4.5: the source counts as used up */
                source->used = (m_word)1 << source->bits;
}

static void mask(struct m_node *n, m_word rights)
{
        switch (n->kind) {
        case M_ENDPOINT:
        case M_NOTIFICATION:
                n->rights &= rights;
                break;
        case M_REPLY:
                n->rights &= rights & M_GRANT;
                break;
        case M_FRAME:
                n->rights &= rights;
                if (!(n->rights & M_READ)) /* write only is no access */
                        n->rights = 0;
                break;
        default:
                break;
        }
}

/* The data column of objects.md 4.3; false: no cap results. */
bool m_apply_data(struct m_node *n, m_word data, bool mint)
{
        if (n->kind == M_ENDPOINT || n->kind == M_NOTIFICATION) {
                if (!mint || n->badge)
                        return false;
                n->badge = data;
                n->original = data != 0;
        } else if (n->kind == M_CNODE) {
                m_word bits = data & 63;

                if (bits + radix_of(n) > WORD_BITS)
                        return false;
                n->guard_bits = bits;
                n->guard = low(data >> 6, bits);
        }
        return true;
}

static struct m_answer copy_or_mint(struct m_node *from, struct m_slot *to, const struct m_call *c)
{
        struct m_answer why = {0};

        if (c->length < (c->label == M_COPY ? 5 : 6))
                return m_fail(M_TRUNCATED, 0, 0, 0);
        struct m_node *n = m_derive(from, &why);
        if (!n)
                return why;
        mask(n, c->word[4]);
        if (c->label == M_MINT && !m_apply_data(n, c->word[5], true)) {
                forget(n);
                return m_fail(M_ILLEGAL, 0, 0, 0);
        }
        m_place_derived(n, to, from);
        return why;
}

static struct m_answer move(struct m_node *from, struct m_slot *to, const struct m_call *c)
{
        if (c->label == M_MUTATE) {
                if (c->length < 5)
                        return m_fail(M_TRUNCATED, 0, 0, 0);
                if (!m_apply_data(from, c->word[4], false))
                        return m_fail(M_ILLEGAL, 0, 0, 0);
        }
        from->where->node = NULL;
        from->where = to;
        to->node = from;
        return (struct m_answer){0};
}

/* objects.md 6.8 from its fourth check on. */
static struct m_answer rotate(struct m_slot *to, const struct m_call *c)
{
        struct m_slot *from, *pivot;
        struct m_answer a;

        if (c->length < 8 || c->caps < 2)
                return m_fail(M_TRUNCATED, 0, 0, 0);
        a = m_lookup(m_extra(c, 1), c->word[6], c->word[7], 1, &from);
        if (a.error)
                return a;
        a = m_lookup(m_extra(c, 0), c->word[3], c->word[4], 1, &pivot);
        if (a.error)
                return a;
        if (pivot == from || pivot == to)
                return m_fail(M_ILLEGAL, 0, 0, 0);
        if (from != to && to->node)
                return m_fail(M_DELETE_FIRST, 0, 0, 0);
        if (!from->node)
                return lookup_failed(1, MISSING, c->word[7], 0, 0);
        if (!pivot->node)
                return lookup_failed(0, MISSING, c->word[4], 0, 0);
        struct m_node x = *from->node, y = *pivot->node, *moved = from->node, *turned = pivot->node;
        if (!m_apply_data(&x, c->word[5], false) || !m_apply_data(&y, c->word[2], false))
                return m_fail(M_ILLEGAL, 0, 0, 0);
        m_apply_data(moved, c->word[5], false);
        m_apply_data(turned, c->word[2], false);
        from->node = NULL;
        to->node = turned;
        turned->where = to;
        pivot->node = moved;
        moved->where = pivot;
        return a;
}

/* Copy, Mint, Move, Mutate from their fourth check on. */
static struct m_answer transfer(struct m_slot *to, const struct m_call *c)
{
        struct m_slot *from;

        if (c->length < 4 || c->caps < 1)
                return m_fail(M_TRUNCATED, 0, 0, 0);
        if (to->node)
                return m_fail(M_DELETE_FIRST, 0, 0, 0);
        struct m_answer a = m_lookup(m_extra(c, 0), c->word[2], c->word[3], 1, &from);
        if (a.error)
                return a;
        if (!from->node)
                return lookup_failed(1, MISSING, c->word[3], 0, 0);
        return c->label <= M_MINT ? copy_or_mint(from->node, to, c) : move(from->node, to, c);
}

static struct m_answer cancel_badged(const struct m_node *n)
{
        if (!n || n->kind != M_ENDPOINT || n->rights != (M_READ | M_WRITE | M_GRANT | M_GRANT_REPLY))
                return m_fail(M_ILLEGAL, 0, 0, 0);
        return (struct m_answer){0};
}

struct m_answer m_cnode(struct m_node *cnode, const struct m_call *c)
{
        struct m_slot *target;

        if (c->label < M_REVOKE || c->label > M_ROTATE)
                return m_fail(M_ILLEGAL, 0, 0, 0);
        if (c->length < 2)
                return m_fail(M_TRUNCATED, 0, 0, 0);
        struct m_answer a = m_lookup(cnode, c->word[0], c->word[1], 0, &target);
        if (a.error)
                return a;
        switch (c->label) {
        case M_REVOKE:
                if (target->node)
                        m_revoke(target->node);
                return a;
        case M_DELETE:
                m_delete(target);
                return a;
        case M_CANCEL_BADGED:
                return cancel_badged(target->node);
        case M_ROTATE:
                return rotate(target, c);
        default:
                return transfer(target, c);
        }
}

enum { TCB_CSPACE_SLOT, TCB_VSPACE_SLOT, TCB_FAULT_SLOT = 3, TCB_TIMEOUT_SLOT };

static bool is_handler(const struct m_node *n)
{
        return n->kind == M_ENDPOINT && n->rights & M_WRITE && n->rights & (M_GRANT | M_GRANT_REPLY);
}

static void install(struct m_slot *to, struct m_node *source)
{
        struct m_answer why;

        m_delete(to);
        if (source)
                m_place_derived(m_derive(source, &why), to, source);
}

static struct m_answer set_timeout_endpoint(struct m_node *tcb, const struct m_call *c)
{
        if (c->caps < 1)
                return m_fail(M_TRUNCATED, 0, 0, 0);
        struct m_node *e = m_extra(c, 0);
        if (e && !is_handler(e))
                return m_fail(M_INVALID_CAPABILITY, 1, 1, 0);
        install(&tcb->object->slots[TCB_TIMEOUT_SLOT], e);
        return (struct m_answer){0};
}

/* objects.md 8.7 check 4 without its effect. */
static struct m_answer cspace_check(const struct m_node *root, m_word data)
{
        struct m_answer a = {0};

        if (!root)
                return m_fail(M_ILLEGAL, 0, 0, 0);
        struct m_node copy = *root;
        if (data && !m_apply_data(&copy, data, true))
                return m_fail(M_ILLEGAL, 0, 0, 0);
        struct m_node *n = m_derive(root, &a);
        if (!n)
                return a;
        forget(n);
        return root->kind == M_CNODE ? a : m_fail(M_ILLEGAL, 0, 0, 0);
}

/* The VSpace is always the boot one and the fault handler none: the model is about CNodes in TCB slots here. */
static struct m_answer set_space(struct m_node *tcb, const struct m_call *c)
{
        struct m_slot *slots = tcb->object->slots;
        const struct m_node *old = slots[TCB_CSPACE_SLOT].node;

        if (c->length < 2 || c->caps < 3)
                return m_fail(M_TRUNCATED, 0, 0, 0);
        if (old && (old->kind == M_ZOMBIE || old->object->caps == 1))
                return m_fail(M_ILLEGAL, 0, 0, 0);
        struct m_node *root = m_extra(c, 1);
        struct m_answer a = cspace_check(root, c->word[0]);
        if (a.error)
                return a;
        m_delete(&slots[TCB_FAULT_SLOT]);
        install(&slots[TCB_CSPACE_SLOT], root);
        if (c->word[0])
                m_apply_data(slots[TCB_CSPACE_SLOT].node, c->word[0], true);
        install(&slots[TCB_VSPACE_SLOT], &m_space.space_cap);
        return a;
}

struct m_answer m_tcb(struct m_node *tcb, const struct m_call *c)
{
        if (c->label == M_SET_TIMEOUT_ENDPOINT)
                return set_timeout_endpoint(tcb, c);
        return c->label == M_SET_SPACE ? set_space(tcb, c) : m_fail(M_ILLEGAL, 0, 0, 0);
}

/* objects.md 2.2, for the kinds that the model has; endpoints and the like are not invoked. */
struct m_answer m_invoke(const struct m_call *c)
{
        struct m_node *n = m_space.root_slot[c->invoked].node;

        if (!n || n->kind == M_ZOMBIE)
                return m_fail(M_INVALID_CAPABILITY, 1, 0, 0);
        switch (n->kind) {
        case M_CNODE:
                return m_cnode(n, c);
        case M_UNTYPED:
                return m_retype(n, c);
        case M_TCB:
                return m_tcb(n, c);
        default:
                return m_fail(M_ILLEGAL, 0, 0, 0);
        }
}
