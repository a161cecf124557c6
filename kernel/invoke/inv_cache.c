/* SPDX-License-Identifier: BSD-2-Clause */
/* Cache maintenance by frame and by address (spec vspace.md 7.4, 8 and 10).  Checks are numbered there.
 *
 * The operations use the kernel's own address of the memory.  User addresses are never used, so it does not matter which space is in use,
 * and nothing here can fault.  Cost: linear in the range, at most one page of the mapped size;
 * preemptible, with the progress kept in the caller (thread/thread.h: struct progress).
 */
#include "arch/arch.h"
#include "invoke/inv_vm.h"
#include "invoke/labels.h"
#include "time/preempt.h"
#include "vm/asid.h"
#include "vm/frame.h"

/* In the order of both families of labels. */
enum cache_operation { CACHE_CLEAN, CACHE_INVALIDATE, CACHE_CLEAN_INVALIDATE, CACHE_UNIFY };

/* A range [start, end) as the user gave it. */
struct range {
        word start, end;
};

static void operate_once(enum cache_operation how, word paddr, word size)
{
        switch (how) {
        case CACHE_CLEAN:
                arch_cache_clean(window(paddr), size);
                break;
        case CACHE_INVALIDATE:
                arch_cache_invalidate(window(paddr), size);
                break;
        case CACHE_CLEAN_INVALIDATE:
                arch_cache_clean_invalidate(window(paddr), size);
                break;
        case CACHE_UNIFY:
                arch_cache_unify(window(paddr), size);
                break;
        }
}

/* Bytes between two preemption points, and what 64 of them cost; unifying goes over them twice. */
enum { STEP_BITS = 15, STEP = 1 << STEP_BITS, LINE = 64, LINE_COST = 4 };

static enum outcome operate(struct request *r, enum cache_operation how, word paddr, word size)
{
        struct progress p = {.what = how, .start = paddr, .end = paddr + size, .at = paddr};
        word cost = STEP / LINE * LINE_COST * (how == CACHE_UNIFY ? 2 : 1);

        /* Memory that the kernel cannot see is device memory, which no cache of ours holds; at EL2 the interface says so. */
        if (!window_covers(paddr, size))
                return hypervisor_face() ? refuse_illegal(r) : DONE;
        thread_go_on(r->caller, &p);
        for (word stop; p.at < p.end; p.at = stop) {
                stop = min_word(p.end, align_down(p.at, STEP_BITS) + STEP);
                operate_once(how, p.at, stop - p.at);
                if (stop < p.end && preempt_point(cost)) {
                        p.at = stop;
                        thread_keep_progress(r->caller, &p);
                        return AGAIN;
                }
        }
        return DONE;
}

static bool may_operate(enum cache_operation how, word entry)
{
        return how != CACHE_INVALIDATE || (pte_rights(entry) & RIGHT_WRITE);
}

static enum outcome check_frame_range(struct request *r, struct range range)
{
        word size = bit(frame_bits(r->cap));

        if (range.end <= range.start)
                return refuse_argument(r, 1);
        return range.end <= size ? DONE : refuse_argument(r, 0);
}

enum outcome invoke_page_cache(struct request *r)
{
        enum cache_operation how = (enum cache_operation)(r->label - LABEL_PAGE_CLEAN_DATA);
        struct range range = {request_word(r, 0), request_word(r, 1)};
        if (mapped_asid(r->cap) == 0)
                return refuse_illegal(r);
        if (check_asid_bound(r, mapped_asid(r->cap)) != DONE || check_frame_range(r, range) != DONE)
                return REFUSED;
        const word *entry = frame_entry(r->cap);
        if ((!entry || !may_operate(how, *entry)) &&
            !hypervisor_face()) /* there, both do (spec el2.md 11.5) */
                return entry ? refuse_illegal(r) : refuse_capability(r, 0);
        return operate(r, how, cap_address(r->cap) + range.start, range.end - range.start);
}

static enum outcome check_space_range(struct request *r, struct range range)
{
        if (range.end <= range.start)
                return refuse_argument(r, 1);
        return range.end <= user_top() ? DONE : refuse_illegal(r);
}

/* 8, checks 7 to 9 and the effect. */
static enum outcome operate_in_space(struct request *r, enum cache_operation how, struct range range)
{
        struct walk at = table_walk(cap_object(r->cap), range.start);
        word span = pte_span(at.level);

        if (!pte_is_page(*at.entry, at.level))
                return DONE;
        if (range.start >> span != (range.end - 1) >> span)
                return refuse_range(r, range.start, range.start | ones(span));
        if (!may_operate(how, *at.entry) && !hypervisor_face())
                return refuse_illegal(r);
        return operate(r, how, pte_paddr(*at.entry) + (range.start & ones(span)), range.end - range.start);
}

enum outcome invoke_vspace_cache(struct request *r)
{
        struct range range = {request_word(r, 0), request_word(r, 1)};
        if (check_space_range(r, range) != DONE)
                return REFUSED;
        if (vspace_asid(r->cap) == 0)
                return refuse_capability(r, 0);
        if (check_vspace_bound(r, r->cap, 0) != DONE)
                return REFUSED;
        return operate_in_space(r, (enum cache_operation)(r->label - LABEL_VSPACE_CLEAN_DATA), range);
}
