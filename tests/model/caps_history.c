/* SPDX-License-Identifier: BSD-2-Clause */
/* Histories of the capability space, done by the kernel and by the model, compared after every step: answers with all
 * detail words, every slot, and the derivation tree with its order. */
#include "cap/derive.h"
#include "ipc/message.h"
#include "tests/lib/test.h"
#include "tests/lib/user.h"
#include "tests/model/caps.h"
#include "tests/model/history.h"

enum { ARENA_SLOT = 128, FIRST = 129, LAST = 175, ARENA_BITS = 15, MEMORY = 4 << 20, TYPE_UNTYPED = 0 };

static struct choices *from;
static word arena; /* physical */

/* --- what the kernel has ------------------------------------------------------------------------------------ */

static struct slot *kernel_slot(const struct m_slot *s)
{
        if (s >= m_space.root_slot && s < m_space.root_slot + (1 << M_ROOT_RADIX))
                return cnode_slots(user_cap(SLOT_INIT_CNODE)) + (s - m_space.root_slot);
        for (struct m_object *o = m_space.objects; o; o = o->next) {
                if (!o->slots || s < o->slots || s >= o->slots + o->slot_count)
                        continue;
                void *object = window(arena + o->base);

                return (o->kind == M_TCB ? ((struct thread *)object)->slot : (struct slot *)object) +
                       (s - o->slots);
        }
        CHECK(!"the model knows its slots");
        return NULL;
}

static void same_cap(const struct m_node *n, struct cap c)
{
        CHECK_EQUAL(cap_kind(c), n->kind);
        if (n->object)
                CHECK_EQUAL(cap_object_paddr(c) - arena, n->object->base);
        switch (n->kind) {
        case M_ENDPOINT:
        case M_NOTIFICATION:
                CHECK_EQUAL(c.b, n->badge);
                CHECK_EQUAL(cap_rights(c), n->rights);
                break;
        case M_REPLY:
                CHECK_EQUAL(cap_rights(c), n->rights);
                break;
        case M_FRAME:
                CHECK_EQUAL(frame_rights(c), n->rights);
                break;
        case M_CNODE:
                CHECK_EQUAL(cnode_guard_bits(c), n->guard_bits);
                CHECK_EQUAL(c.b, n->guard);
                CHECK_EQUAL(bit(cnode_radix(c)), n->object->slot_count);
                break;
        case M_UNTYPED:
                CHECK_EQUAL(cap_address(c) - arena, n->base);
                CHECK_EQUAL(untyped_bits(c), n->bits);
                CHECK_EQUAL(c.b, n->used);
                break;
        default:
                break;
        }
}

static word kernel_descendants(const struct slot *s)
{
        word count = 0;

        for (const struct slot *d = slot_next(s); d && slot_covers(s, d); d = slot_next(d))
                count++;
        return count;
}

static void same_tree(void)
{
        const struct slot *k = kernel_slot(m_space.arena->where);

        for (struct m_node *n = m_space.arena; n; n = m_after(n, m_space.arena)) {
                CHECK(k == kernel_slot(n->where));
                CHECK_EQUAL(kernel_descendants(k), m_descendants(n));
                k = slot_next(k);
        }
}

static void same_slots(const struct m_slot *s, word count)
{
        const struct slot *k = kernel_slot(s);

        for (word i = 0; i < count; i++) {
                if (s[i].node)
                        same_cap(s[i].node, k[i].cap);
                else
                        CHECK_EQUAL(cap_kind(k[i].cap), CAP_NULL);
        }
}

static void same_state(void)
{
        same_slots(&m_space.root_slot[ARENA_SLOT], LAST + 1 - ARENA_SLOT);
        for (struct m_object *o = m_space.objects; o; o = o->next)
                if (o->slots)
                        same_slots(o->slots, o->slot_count);
        same_tree();
}

/* --- one step ------------------------------------------------------------------------------------------------ */

static void same_answer(const struct m_answer *a)
{
        word info = sim_current()->context.x[REG_INFO];
        const word *buffer = thread_buffer_writable(sim_current());

        history_note("  error %lu, %lu words", info_label(info), info_length(info));
        CHECK_EQUAL(info_label(info), a->error);
        CHECK_EQUAL(info_length(info), a->length);
        for (word i = 0; i < a->length; i++)
                CHECK_EQUAL(i < MESSAGE_REGISTERS ? user_word(i) : buffer[BUFFER_MESSAGE + i], a->detail[i]);
}

/* False: the specification leaves the result open. */
static bool both(const struct m_call *c)
{
        struct message m = {.label = c->label, .length = c->length, .caps = c->caps};

        for (word i = 0; i < USER_WORDS; i++)
                m.word[i] = c->word[i];
        for (word i = 0; i < c->caps; i++)
                m.cap[i] = c->cap[i];
        struct m_answer a = m_invoke(c);
        history_note("call %lu label %lu (%lx %lx %lx %lx %lx %lx %lx %lx) caps %lu: %lu %lu %lu", c->invoked,
                     c->label, c->word[0], c->word[1], c->word[2], c->word[3], c->word[4], c->word[5],
                     c->word[6], c->word[7], c->caps, c->cap[0], c->cap[1], c->cap[2]);
        user_invoke(c->invoked, &m);
        same_answer(&a);
        if (m_space.vague)
                return false;
        same_state();
        return true;
}

static word some_slot(void)
{
        return FIRST + choose(from, LAST + 1 - FIRST);
}

/* A root slot whose cap is of the kind, or any. */
static word some_of(enum m_kind kind)
{
        word at = choose(from, LAST + 1 - ARENA_SLOT);

        for (word i = 0; i <= LAST - ARENA_SLOT; i++) {
                word slot = ARENA_SLOT + (at + i) % (LAST + 1 - ARENA_SLOT);
                const struct m_node *n = m_space.root_slot[slot].node;

                if (n ? n->kind == kind : kind == M_NULL)
                        return slot;
        }
        return some_slot();
}

struct place {
        word root, index, depth;
};

/* Below the CNode `n`, whose address so far is in *p. */
static const struct m_node *step_down(struct place *p, const struct m_node *n)
{
        word radix = (word)__builtin_ctzll(n->object->slot_count), i = choose(from, n->object->slot_count);

        p->depth += n->guard_bits + radix;
        p->index = (p->index << n->guard_bits | n->guard) << radix | i;
        return n->object->slots[i].node;
}

static struct place some_place(bool full)
{
        struct place p = {M_ROOT_CNODE, 0, 64};
        word how = choose(from, 16);

        if (how < 9) {
                p.index = how < 6 && !full ? some_of(M_NULL) : some_slot();
        } else {
                p = (struct place){.root = some_of(M_CNODE)};
                const struct m_node *n = m_space.root_slot[p.root].node;

                for (word levels = 0; n && n->kind == M_CNODE && levels < 3; levels++) {
                        n = step_down(&p, n);
                        if (choose(from, 2))
                                break;
                }
        }
        how = choose(from, 64);
        if (how == 0)
                p.depth = choose(from, 70);
        else if (how == 1)
                p.index ^= bit(choose(from, 64));
        /* The slots of boot caps are not part of the model: an address that leads there by accident is changed. */
        if (p.root == M_ROOT_CNODE && p.depth == 64 && p.index < 256 && (p.index < FIRST || p.index > LAST))
                p.index = some_slot();
        return p;
}

static word some_data(void)
{
        word how = choose(from, 8);

        return how < 6 ? how / 2 : choose(from, 8) | choose(from, 256) << 6;
}

static struct m_call retype(void)
{
        struct m_call c = {.invoked = some_of(M_UNTYPED), .label = M_RETYPE, .length = 6, .caps = 1};
        static const uint8_t types[] = {0, 0, 0, 1, 1, 2, 2, 3, 4, 4, 4, 4, 5, 6, 8, 9, 11, 10, 7, 12};
        word type = types[choose(from, sizeof(types))], how = choose(from, 32);
        word bits = type == TYPE_UNTYPED ? 8 + choose(from, 6)
                    : type == 5          ? 7 + choose(from, 2)
                                         : 1 + choose(from, 4);
        struct place p = some_place(false);

        if (how == 0)
                bits = choose(from, 70);
        c.cap[0] = M_ROOT_CNODE;
        c.word[0] = type;
        c.word[1] = bits;
        if (how < 20) {
                c.word[4] = some_of(M_NULL);
        } else if (how < 26) {
                c.cap[0] = some_of(M_CNODE);
                c.word[4] = choose(from, 18);
        } else {
                c.cap[0] = p.root;
                c.word[2] = p.index;
                c.word[3] = p.depth;
                c.word[4] = choose(from, 8);
        }
        c.word[5] = how == 1 ? choose(from, 256) * 3 : 1 + choose(from, 3);
        if (c.cap[0] == M_ROOT_CNODE && c.word[3] == 0) { /* stays among the slots of the model */
                c.word[4] = c.word[4] < FIRST ? some_slot() : c.word[4];
                c.word[5] = c.word[4] + c.word[5] > LAST ? 1 : c.word[5];
        }
        return c;
}

static struct m_call cnode_operation(void)
{
        word label = M_REVOKE + choose(from, 24);
        struct m_call c = {.label = label, .length = 8, .caps = 2};

        if (label > M_ROTATE)
                c.label = label % 2 ? M_COPY + choose(from, 2) : M_COPY + choose(from, 5);
        struct place to = some_place(c.label < M_COPY), a = some_place(true), b = some_place(true);
        if (c.label <= M_MINT && choose(from, 2)) { /* badges have the most cases of derivation */
                struct place *p = c.label < M_COPY ? &to : &a;

                *p = (struct place){M_ROOT_CNODE, some_of(choose(from, 4) ? M_ENDPOINT : M_NOTIFICATION), 64};
                if (p->index == ARENA_SLOT)
                        p->index = FIRST;
        }
        c.invoked = to.root;
        c.word[0] = to.index;
        c.word[1] = to.depth;
        c.word[2] = a.index;
        c.word[3] = a.depth;
        c.cap[0] = a.root;
        c.word[4] = c.label == M_MUTATE ? some_data() : choose(from, 24);
        c.word[5] = some_data();
        if (c.label == M_ROTATE) {
                c.word[2] = some_data();
                c.word[3] = a.index;
                c.word[4] = a.depth;
                c.word[6] = choose(from, 4) ? b.index : to.index;
                c.word[7] = c.word[6] == b.index ? b.depth : to.depth;
                c.cap[1] = c.word[6] == b.index ? b.root : to.root;
        }
        if (c.label == M_COPY && choose(from, 16) == 0) { /* the arena itself */
                c.word[2] = ARENA_SLOT;
                c.word[3] = 64;
                c.cap[0] = M_ROOT_CNODE;
        }
        return c;
}

static struct m_call tcb_operation(void)
{
        struct m_call c = {.invoked = some_of(M_TCB), .label = M_SET_TIMEOUT_ENDPOINT, .caps = 1};

        c.cap[0] = choose(from, 3) ? some_of(M_ENDPOINT) : some_slot();
        if (choose(from, 2)) {
                c.label = M_SET_SPACE;
                c.length = 2;
                c.caps = 3;
                c.word[0] = choose(from, 3) ? 0 : some_data();
                c.cap[0] = 0;
                c.cap[1] = choose(from, 4) ? some_of(M_CNODE) : some_slot();
                c.cap[2] = M_ROOT_VSPACE;
        }
        return c;
}

/* Messages are not the model's concern; with a label of another kind the cap is invoked all the same. */
static bool is_messenger(word slot)
{
        const struct m_node *n = m_space.root_slot[slot].node;

        return n && (n->kind == M_ENDPOINT || n->kind == M_NOTIFICATION || n->kind == M_REPLY);
}

static bool step(void)
{
        word how = choose(from, 32);
        struct m_call c = how < 11 ? retype() : how < 29 ? cnode_operation() : tcb_operation();

        if (is_messenger(c.invoked))
                return true;
        how = choose(from, 64);
        if (how == 0)
                c.length = choose(from, 9);
        if (how == 1)
                c.caps = choose(from, 3);
        return both(&c);
}

static const struct m_call revoke_all = {M_ROOT_CNODE, M_REVOKE, 2, {ARENA_SLOT, 64}, 0, {0}};

void caps_history(struct choices *choices)
{
        from = choices;
        sim.no_checks = true;
        host_console_clear();
        CHECK(sim_boot(&(struct host_options){.memory = MEMORY, .cnode_bits = M_ROOT_RADIX}) != NULL);
        CHECK_EQUAL(user_retype(user_memory(), TYPE_UNTYPED, ARENA_BITS, ARENA_SLOT, 1), 0);
        arena = cap_address(user_cap(ARENA_SLOT));
        m_space_new(ARENA_SLOT, ARENA_BITS);
        same_state();
        bool told = true;
        while (told && !choices_over(from)) {
                told = choose(from, 200) ? step() : both(&revoke_all);
                history_steps++;
        }
        sim.no_checks = false;
        sim_check();
        if (told) {
                both(&revoke_all);
        } else {
                CHECK_EQUAL(user_revoke(ARENA_SLOT), 0);
                history_open++;
        }
        CHECK_EQUAL(kernel_descendants(kernel_slot(&m_space.root_slot[ARENA_SLOT])), 0);
}
