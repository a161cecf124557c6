/* SPDX-License-Identifier: BSD-2-Clause */
/* A model of the capability space, written from the specification (objects.md 3 to 7, 14) and sharing nothing with the
 * kernel: slots hold caps, caps are nodes of an explicit tree with a parent and ordered children.
 *
 * It has one untyped, the arena, and everything made from it, and the root CNode through which all of it is named.
 * Invariants: a node is in exactly one slot; its children are in the order in which Revoke deletes them; an object is
 * alive while a node names it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t m_word;

/* Public kind numbers. */
enum m_kind {
        M_NULL = 0,
        M_FRAME = 1,
        M_UNTYPED = 2,
        M_TABLE = 3,
        M_ENDPOINT = 4,
        M_NOTIFICATION = 6,
        M_REPLY = 8,
        M_VSPACE = 9,
        M_CNODE = 10,
        M_TCB = 12,
        M_ZOMBIE = 18,
        M_SC = 22,
};

enum { M_WRITE = 1, M_READ = 2, M_GRANT = 4, M_GRANT_REPLY = 8 };

/* Public invocation labels. */
enum m_label {
        M_RETYPE = 1,
        M_SET_TIMEOUT_ENDPOINT = 9,
        M_SET_SPACE = 11,
        M_REVOKE = 18,
        M_DELETE,
        M_CANCEL_BADGED,
        M_COPY,
        M_MINT,
        M_MOVE,
        M_MUTATE,
        M_ROTATE,
};

struct m_slot {
        struct m_node *node;
};

struct m_object {
        enum m_kind kind;
        m_word base, bits;    /* bytes from the arena's start; size as a power of two */
        struct m_slot *slots; /* of containers */
        m_word slot_count;
        m_word caps; /* how many name it */
        struct m_object *next;
};

struct m_node {
        enum m_kind kind;
        struct m_object *object; /* NULL: an untyped, which is its own area */
        bool original;
        m_word rights, badge;
        m_word guard, guard_bits; /* CNode */
        m_word base, bits, used;  /* untyped: bytes from the arena's start, size, watermark */
        m_word order;             /* of an object's memory, as the cap says */
        struct m_slot *where;
        struct m_node *parent, *first, *next;
};

/* An invocation on the cap in root slot `invoked`; extra caps are root slots. */
struct m_call {
        m_word invoked, label, length, word[8], caps, cap[3];
};

/* What Call answers. */
struct m_answer {
        m_word error, length, detail[5];
};

enum { M_ROOT_RADIX = 8, M_ROOT_CNODE = 2, M_ROOT_VSPACE = 3 };

struct m_space {
        struct m_object root;
        struct m_slot root_slot[1 << M_ROOT_RADIX];
        struct m_node root_cap, space_cap; /* boot caps that a call may name; never deleted */
        struct m_node *arena;
        struct m_object *objects;
        bool vague; /* a container met itself while dying: what remains is left open by objects.md 14.4 */
};

extern struct m_space m_space;

/* Nothing but the root CNode and a fresh arena of 2^bits bytes in a root slot. */
void m_space_new(m_word arena_slot, m_word bits);

struct m_answer m_invoke(const struct m_call *call);

/* The cap after `n` in the order of deletion, below `top`; NULL at the end. */
struct m_node *m_after(const struct m_node *n, const struct m_node *top);
m_word m_descendants(const struct m_node *n);

/* Between the parts of the model. */
void *m_allocate(m_word size);
struct m_node *m_node_new(enum m_kind kind, struct m_object *object, struct m_slot *where);
void m_tree_behind(struct m_node *n, struct m_node *source); /* the derivation rules of 5 */
void m_tree_remove(struct m_node *n);
void m_delete(struct m_slot *s);
void m_revoke(struct m_node *top);
struct m_answer m_lookup(const struct m_node *root, m_word index, m_word depth, m_word source,
                         struct m_slot **slot);
struct m_node *m_derive(const struct m_node *from, struct m_answer *why); /* not in a slot or the tree yet */
bool m_apply_data(struct m_node *n, m_word data, bool mint);
void m_place_derived(struct m_node *n, struct m_slot *to, struct m_node *source);
struct m_answer m_retype(struct m_node *untyped, const struct m_call *c);
struct m_answer m_cnode(struct m_node *cnode, const struct m_call *c);
struct m_answer m_tcb(struct m_node *tcb, const struct m_call *c);

static inline struct m_answer m_fail(m_word error, m_word length, m_word d0, m_word d1)
{
        return (struct m_answer){error, length, {d0, d1}};
}

enum {
        M_INVALID_ARGUMENT = 1,
        M_INVALID_CAPABILITY,
        M_ILLEGAL,
        M_RANGE,
        M_ALIGNMENT,
        M_LOOKUP,
        M_TRUNCATED,
        M_DELETE_FIRST,
        M_REVOKE_FIRST,
        M_MEMORY
};

/* What extra cap `i` names: a node, or NULL for an empty slot. */
struct m_node *m_extra(const struct m_call *c, m_word i);
