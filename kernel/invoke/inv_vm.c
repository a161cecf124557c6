/* SPDX-License-Identifier: BSD-2-Clause */
/* Mapping of frames and page tables (spec vspace.md 6 and 7).  Checks are numbered there. */
#include "invoke/inv_vm.h"
#include "cap/derive.h"
#include "trace/trace.h"
#include "vm/asid.h"
#include "vm/frame.h"
#include "vm/table.h"

/* Everything a mapping needs, already proved. */
struct plan {
        struct walk at;
        word asid, va;
};

enum outcome check_asid_bound(struct request *r, word asid)
{
        if (!asid_root(asid))
                return refuse_lookup(&r->why, 0, (struct lookup_fault){.type = LOOKUP_INVALID_ROOT});
        return DONE;
}

enum outcome refuse_unbound_vspace(struct request *r, word asid, word n)
{
        return asid_root(asid) ? refuse_capability(r, n) : check_asid_bound(r, asid);
}

/* vspace.md 7.1, checks 5 and 6: where a frame may go.  The user's part ends at a boundary of every frame size, so the start of a frame
 * tells whether all of it lies there. */
static inline __attribute__((always_inline)) enum outcome check_frame_place(struct request *r,
                                                                            const struct plan *p, word level)
{
        if (!is_aligned(p->va, PAGE_BITS + PTE_INDEX_BITS * level))
                return refuse_alignment(r);
        if (mapped_asid(r->cap) == 0)
                return p->va <= user_top() ? DONE : refuse_argument(r, 0);
        if (mapped_asid(r->cap) != p->asid)
                return refuse_capability(r, 1);
        return mapped_va(r->cap) == p->va ? DONE : refuse_argument(r, 0);
}

static inline __attribute__((always_inline)) enum outcome check_frame_map(struct request *r, struct plan *p,
                                                                          word level)
{
        struct cap vspace = r->extra[0]->cap;
        if (!is_assigned_vspace(vspace))
                return refuse_capability(r, 1);
        if (check_vspace_bound(r, vspace, 1) != DONE)
                return REFUSED;
        p->asid = vspace_asid(vspace);
        p->va = request_word(r, 0);
        if (check_frame_place(r, p, level) != DONE)
                return REFUSED;
        p->at = table_walk(cap_object(vspace), p->va);
        if (p->at.level != PTE_LEVEL_LAST - level)
                return refuse_lookup(
                        &r->why, 0,
                        (struct lookup_fault){.type = LOOKUP_MISSING, .left = pte_span(p->at.level)});
        return DONE;
}

/* A frame of that level (frame_level). */
static inline __attribute__((always_inline)) enum outcome map(struct request *r, word level)
{
        struct plan p;

        if (check_frame_map(r, &p, level) != DONE)
                return REFUSED;
        word rights = frame_rights(r->cap) & request_word(r, 1);
        frame_install(p.at.entry, pte_allowing(r->cap, level, rights, request_word(r, 2)), p.asid, p.va);
        r->slot->cap = cap_mapped(r->cap, p.asid, p.va);
        trace(TESSERA_TRACE_MAP, r->caller, frame_bits(r->cap), p.va, p.asid);
        return DONE;
}

static __attribute__((noinline)) enum outcome map_large(struct request *r)
{
        return map(r, frame_level(r->cap));
}

/* Nearly all frames are small; a call of its own turns half of map()'s questions into constants. */
enum outcome invoke_page_map(struct request *r)
{
        return frame_level(r->cap) == 0 ? map(r, 0) : map_large(r);
}

enum outcome invoke_page_unmap(struct request *r)
{
        if (rarely(trace_runs()))
                frame_unmap_traced(r->cap, true);
        else
                frame_unmap(r->cap);
        r->slot->cap = cap_mapped(r->cap, 0, 0);
        return DONE;
}

enum outcome invoke_page_get_address(struct request *r)
{
        request_answer(r, 0, cap_address(r->cap));
        return DONE;
}

static enum outcome check_table_map(struct request *r, struct plan *p)
{
        struct cap vspace = r->extra[0]->cap;
        if (mapped_asid(r->cap) != 0)
                return refuse_capability(r, 0);
        if (!is_assigned_vspace(vspace))
                return refuse_capability(r, 1);
        p->asid = vspace_asid(vspace);
        p->va = request_word(r, 0);
        if (p->va > user_top())
                return refuse_argument(r, 0);
        if (check_vspace_bound(r, vspace, 1) != DONE)
                return REFUSED;
        p->at = table_walk(cap_object(vspace), p->va);
        bool free = p->at.level < PTE_LEVEL_LAST && *p->at.entry == 0;
        return free ? DONE : refuse_delete_first(r);
}

enum outcome invoke_page_table_map(struct request *r)
{
        struct plan p;

        if (check_table_map(r, &p) != DONE)
                return REFUSED;
        table_install(p.at, cap_object(r->cap));
        trace(TESSERA_TRACE_MAP, r->caller, pte_span(p.at.level) | TESSERA_TRACE_TABLE, p.va, p.asid);
        r->slot->cap = cap_mapped(r->cap, p.asid, align_down(p.va, pte_span(p.at.level)));
        return DONE;
}

enum outcome invoke_page_table_unmap(struct request *r)
{
        if (!slot_is_last(r->slot))
                return refuse_revoke_first(r);
        if (mapped_asid(r->cap) != 0)
                table_unmap(r->cap);
        r->slot->cap = cap_mapped(r->cap, 0, 0);
        return DONE;
}
