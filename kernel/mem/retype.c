/* SPDX-License-Identifier: BSD-2-Clause */
/* Clearing memory and making objects in it. */
#include "mem/retype.h"
#include "arch/arch.h"
#include "core/panic.h"
#include "core/preempt.h"
#include "thread/thread.h"

enum { RESET_CHUNK_BITS = 8 };

word object_bits(word type, word size_bits)
{
        switch (type) {
        case OBJECT_TCB:
                return TCB_BITS;
        case OBJECT_ENDPOINT:
                return ENDPOINT_BITS;
        case OBJECT_NOTIFICATION:
                return NOTIFICATION_BITS;
        case OBJECT_CNODE:
                return size_bits + SLOT_BITS;
        case OBJECT_REPLY:
                return REPLY_BITS;
        case OBJECT_HUGE_PAGE:
                return PAGE_BITS + 18;
        case OBJECT_LARGE_PAGE:
                return PAGE_BITS + 9;
        case OBJECT_VSPACE:
        case OBJECT_SMALL_PAGE:
        case OBJECT_PAGE_TABLE:
                return PAGE_BITS;
        default:
                return size_bits;
        }
}

bool object_is_frame(word type)
{
        return type == OBJECT_SMALL_PAGE || type == OBJECT_LARGE_PAGE || type == OBJECT_HUGE_PAGE;
}

enum outcome untyped_reset(struct slot *untyped)
{
        struct cap c = untyped->cap;
        word chunk = bit(min_word(RESET_CHUNK_BITS, untyped_bits(c)));

        if (untyped_is_device(c))
                untyped->cap.b = 0;
        while (untyped->cap.b > 0) {
                word start = align_down(untyped->cap.b - 1, min_word(RESET_CHUNK_BITS, untyped_bits(c)));

                arch_clear(window(cap_address(c) + start), chunk);
                untyped->cap.b = start;
                if (start > 0 && preempt_point())
                        return AGAIN;
        }
        return DONE;
}

static struct cap make_frame(word paddr, word level, bool device)
{
        if (!device)
                arch_cache_clean(window(paddr), bit(PAGE_BITS + 9 * level));
        return cap_frame(paddr, level, RIGHT_READ | RIGHT_WRITE, device);
}

static struct cap make_table(enum cap_kind kind, word paddr)
{
        arch_cache_clean(window(paddr), bit(PAGE_BITS));
        return cap_for_object(kind, window(paddr), 0, 0);
}

/* The first cap to a new object at `paddr`, whose memory is zero (except device memory). */
static struct cap make_object(const struct retype *p, word paddr, bool device)
{
        void *object = window(paddr);

        switch (p->type) {
        case OBJECT_UNTYPED:
                return cap_untyped(paddr, p->size_bits, device, 0);
        case OBJECT_TCB:
                thread_init(object);
                return cap_for_object(CAP_TCB, object, 0, 0);
        case OBJECT_ENDPOINT:
                return cap_for_object(CAP_ENDPOINT, object, RIGHTS_ALL, 0);
        case OBJECT_NOTIFICATION:
                return cap_for_object(CAP_NOTIFICATION, object, RIGHT_READ | RIGHT_WRITE, 0);
        case OBJECT_CNODE:
                return cap_cnode(object, p->size_bits, 0, 0);
        case OBJECT_SCHED_CONTEXT:
                return cap_for_object(CAP_SCHED_CONTEXT, object, p->size_bits, 0);
        case OBJECT_REPLY:
                return cap_for_object(CAP_REPLY, object, RIGHT_GRANT, 0);
        case OBJECT_SMALL_PAGE:
                return make_frame(paddr, 0, device);
        case OBJECT_LARGE_PAGE:
                return make_frame(paddr, 1, device);
        case OBJECT_HUGE_PAGE:
                return make_frame(paddr, 2, device);
        case OBJECT_VSPACE:
                return make_table(CAP_VSPACE, paddr);
        default:
                return make_table(CAP_PAGE_TABLE, paddr);
        }
}

void retype_commit(const struct retype *p)
{
        struct cap c = p->untyped->cap;
        word bits = object_bits(p->type, p->size_bits);
        word start = align_up(cap_address(c) + c.b, bits);

        MUST(start + (p->count << bits) <= cap_address(c) + bit(untyped_bits(c)));
        p->untyped->cap.b = start + (p->count << bits) - cap_address(c);
        for (word i = 0; i < p->count; i++)
                slot_insert(&p->to[i], make_object(p, start + (i << bits), untyped_is_device(c)), p->untyped,
                            SLOT_ORIGINAL);
}
