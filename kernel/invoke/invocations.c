/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of invocations: one row per label.
 *
 * A row says to which kind of capability the label belongs, how long a message it needs and what performs it.  Kinds
 * whose label is the user's, or that know labels of their own, have a function in their row of kinds.c instead.
 */
#include "invoke/invocations.h"
#include "invoke/inv_tcb.h"
#include "invoke/inv_vm.h"
#include "invoke/invoke.h"
#include "sched/cores.h"
#include "vcpu/vcpu.h"

#define ROW_USUALLY(label, kind, words, caps, most, most_caps, function)                                     \
        [LABEL_##label] = {.perform = function,                                                              \
                           .usual = INVOCATION_OF(CAP_##kind, most, most_caps),                              \
                           .least = INVOCATION_OF(CAP_##kind, words, caps)}

/* The stubs send exactly the minimum. */
#define ROW(label, kind, words, caps, function) ROW_USUALLY(label, kind, words, caps, words, caps, function)

/* Labels about threads.  With several cores the table gives them to no kind, so that invocation_by_kind stops their threads first; an image
 * for one core pays nothing for it. */
#define THREAD_ROWS(X)                                                                                       \
        X(TCB_READ_REGISTERS, TCB, 2, 0, tcb_read_registers)                                                 \
        X(TCB_WRITE_REGISTERS, TCB, 2, 0, tcb_write_registers)                                               \
        X(TCB_COPY_REGISTERS, TCB, 1, 1, tcb_copy_registers)                                                 \
        X(TCB_CONFIGURE, TCB, 3, 3, tcb_configure)                                                           \
        X(TCB_SET_PRIORITY, TCB, 1, 1, tcb_set_priority)                                                     \
        X(TCB_SET_MCPRIORITY, TCB, 1, 1, tcb_set_mcpriority)                                                 \
        X(TCB_SET_SCHED_PARAMS, TCB, 2, 3, tcb_set_sched_params)                                             \
        X(TCB_SET_TIMEOUT_ENDPOINT, TCB, 0, 1, tcb_set_timeout_endpoint)                                     \
        X(TCB_SET_IPC_BUFFER, TCB, 1, 1, tcb_set_ipc_buffer)                                                 \
        X(TCB_SET_SPACE, TCB, 2, 3, tcb_set_space)                                                           \
        X(TCB_SUSPEND, TCB, 0, 0, tcb_suspend)                                                               \
        X(TCB_RESUME, TCB, 0, 0, tcb_resume)                                                                 \
        X(TCB_BIND_NOTIFICATION, TCB, 0, 1, tcb_bind_notification)                                           \
        X(TCB_UNBIND_NOTIFICATION, TCB, 0, 0, tcb_unbind_notification)                                       \
        X(TCB_SET_TLS_BASE, TCB, 1, 0, tcb_set_tls_base)                                                     \
        X(TCB_SET_FLAGS, TCB, 2, 0, tcb_set_flags)                                                           \
        X(SCHED_CONTROL_CONFIGURE_FLAGS, SCHED_CONTROL, 5, 1, sched_configure)                               \
        X(SCHED_CONTEXT_BIND, SCHED_CONTEXT, 0, 1, sched_bind)                                               \
        X(SCHED_CONTEXT_UNBIND, SCHED_CONTEXT, 0, 0, sched_unbind)                                           \
        X(SCHED_CONTEXT_UNBIND_OBJECT, SCHED_CONTEXT, 0, 1, sched_unbind_object)                             \
        X(SCHED_CONTEXT_CONSUMED, SCHED_CONTEXT, 0, 0, sched_consumed)                                       \
        X(SCHED_CONTEXT_YIELD_TO, SCHED_CONTEXT, 0, 0, sched_context_yield_to)

#define ROW_TOO(label, kind, words, caps, function) ROW(label, kind, words, caps, function),

const struct invocation invocations[LABELS] = {
        [LABEL_INVALID_INVOCATION] = {.usual = INVOCATION_OF(CAP_KINDS, 0, 0),
                                      .least = INVOCATION_OF(CAP_KINDS, 0, 0)},
        ROW(UNTYPED_RETYPE, UNTYPED, 6, 1, untyped_retype),
        THREAD_ROWS(ROW_TOO) ROW(CNODE_REVOKE, CNODE, 2, 0, cnode_revoke),
        ROW(CNODE_DELETE, CNODE, 2, 0, cnode_delete),
        ROW(CNODE_CANCEL_BADGED_SENDS, CNODE, 2, 0, cnode_cancel_badged_sends),
        ROW_USUALLY(CNODE_COPY, CNODE, 2, 0, 5, 1, cnode_copy),
        ROW_USUALLY(CNODE_MINT, CNODE, 2, 0, 6, 1, cnode_mint),
        ROW_USUALLY(CNODE_MOVE, CNODE, 2, 0, 4, 1, cnode_move),
        ROW_USUALLY(CNODE_MUTATE, CNODE, 2, 0, 5, 1, cnode_mutate),
        ROW_USUALLY(CNODE_ROTATE, CNODE, 2, 0, 8, 2, cnode_rotate),
        ROW(IRQ_ISSUE_IRQ_HANDLER, IRQ_CONTROL, 3, 1, irq_issue_handler),
        ROW(IRQ_ACK_IRQ, IRQ_HANDLER, 0, 0, irq_acknowledge),
        ROW(IRQ_SET_IRQ_HANDLER, IRQ_HANDLER, 0, 1, irq_set_notification),
        ROW(IRQ_CLEAR_IRQ_HANDLER, IRQ_HANDLER, 0, 0, irq_clear_notification),
        ROW_USUALLY(DOMAIN_SET_SET, DOMAIN, 1, 0, 1, 1, domain_set),
        ROW(DOMAIN_SCHEDULE_CONFIGURE, DOMAIN, 3, 0, domain_configure),
        ROW(DOMAIN_SCHEDULE_SET_START, DOMAIN, 1, 0, domain_set_start),
        ROW(VSPACE_CLEAN_DATA, VSPACE, 2, 0, invoke_vspace_cache),
        ROW(VSPACE_INVALIDATE_DATA, VSPACE, 2, 0, invoke_vspace_cache),
        ROW(VSPACE_CLEAN_INVALIDATE_DATA, VSPACE, 2, 0, invoke_vspace_cache),
        ROW(VSPACE_UNIFY_INSTRUCTION, VSPACE, 2, 0, invoke_vspace_cache),
        ROW(SMC_CALL, SMC, 8, 0, smc_call),
        ROW(PAGE_TABLE_MAP, PAGE_TABLE, 2, 1, invoke_page_table_map),
        ROW(PAGE_TABLE_UNMAP, PAGE_TABLE, 0, 0, invoke_page_table_unmap),
        ROW(PAGE_MAP, FRAME, 3, 1, invoke_page_map),
        ROW(PAGE_UNMAP, FRAME, 0, 0, invoke_page_unmap),
        ROW(PAGE_CLEAN_DATA, FRAME, 2, 0, invoke_page_cache),
        ROW(PAGE_INVALIDATE_DATA, FRAME, 2, 0, invoke_page_cache),
        ROW(PAGE_CLEAN_INVALIDATE_DATA, FRAME, 2, 0, invoke_page_cache),
        ROW(PAGE_UNIFY_INSTRUCTION, FRAME, 2, 0, invoke_page_cache),
        ROW(PAGE_GET_ADDRESS, FRAME, 0, 0, invoke_page_get_address),
        ROW(ASID_CONTROL_MAKE_POOL, ASID_CONTROL, 2, 2, asid_make_pool),
        ROW(ASID_POOL_ASSIGN, ASID_POOL, 0, 1, asid_assign),
        /* by their functions, since their numbers differ at EL2 */
        ROW(IRQ_ISSUE_IRQ_HANDLER_TRIGGER, IRQ_CONTROL, 0, 0, irq_issue_handler_trigger),
        ROW(IRQ_ISSUE_SGI_SIGNAL, IRQ_CONTROL, 0, 0, irq_issue_sgi),
        [57 ... 59] = {.usual = INVOCATION_OF(CAP_KINDS, 0, 0), .least = INVOCATION_OF(CAP_KINDS, 0, 0)},
        ROW(EL2_IRQ_ISSUE_IRQ_HANDLER_TRIGGER, IRQ_CONTROL, 0, 0, irq_issue_handler_trigger),
        ROW(EL2_IRQ_ISSUE_SGI_SIGNAL, IRQ_CONTROL, 0, 0, irq_issue_sgi),
};

/* Kernel objects that the first phase of a two-phase call cannot reach (spec objects.md 2.2). */
static bool is_for_whole_calls(enum cap_kind kind)
{
        return kind == CAP_TCB || kind == CAP_CNODE || kind == CAP_DOMAIN || kind == CAP_SCHED_CONTROL ||
               kind == CAP_SCHED_CONTEXT;
}

static void stop_user_of(struct sched_context *s)
{
        if (s->thread)
                cores_stop(s->thread);
}

/* The priority may change, and consumed time may be read, while the thread runs; for everything else it is stopped, even if the call will
 * be refused (smp.md 5, 12.3). */
static void stop_threads(const struct request *r)
{
        struct cap c = r->extras > 0 ? r->extra[0]->cap : cap_null();

        if (r->label == LABEL_TCB_SET_PRIORITY || r->label == LABEL_TCB_SET_MCPRIORITY ||
            r->label == LABEL_SCHED_CONTEXT_CONSUMED || r->label == LABEL_SCHED_CONTEXT_YIELD_TO)
                return;
        if (cap_kind(r->cap) == CAP_SCHED_CONTEXT)
                stop_user_of(cap_object(r->cap));
        else if (cap_kind(r->cap) == CAP_TCB)
                cores_stop(cap_object(r->cap));
        if (r->label == LABEL_TCB_COPY_REGISTERS && cap_kind(c) == CAP_TCB)
                cores_stop(cap_object(c));
        if (r->label == LABEL_SCHED_CONTROL_CONFIGURE_FLAGS && cap_kind(c) == CAP_SCHED_CONTEXT)
                stop_user_of(cap_object(c));
}

#define NOBODYS(label, of, words_least, caps_least, function)                                                \
        several_cores_word(                                                                                  \
                invocations, LABEL_##label * sizeof(struct invocation) + offsetof(struct invocation, usual), \
                INVOCATION_OF(CAP_KINDS, 0, 0) | INVOCATION_OF(CAP_KINDS, words_least, caps_least) << 16);

/* Whose label it is, by what is around it in the table. */
static enum cap_kind kind_of_label(word label)
{
        THREAD_ROWS(NOBODYS)
        if (label >= LABEL_TCB_READ_REGISTERS && label <= LABEL_TCB_SET_FLAGS)
                return CAP_TCB;
        if (label == LABEL_SCHED_CONTROL_CONFIGURE_FLAGS)
                return CAP_SCHED_CONTROL;
        return label >= LABEL_SCHED_CONTEXT_BIND && label <= LABEL_SCHED_CONTEXT_YIELD_TO ? CAP_SCHED_CONTEXT
                                                                                          : CAP_NULL;
}

static bool is_truncated(const struct request *r, const struct invocation *row)
{
        return r->length < (row->least & ones(7)) || r->extras < (row->least >> 7 & ones(2));
}

/* Its threads run on no other core when it is performed. */
static __attribute__((noinline, cold)) enum outcome perform_among_cores(struct request *r)
{
        const struct invocation *row = &invocations[r->label];

        if (is_truncated(r, row))
                return refuse_truncated(r);
        stop_threads(r);
        return row->perform(r);
}

/* No other core has the VCPU in its machine when it is invoked (smp.md 17.3). */
static __attribute__((noinline, cold)) enum outcome invoke_fetched(struct request *r)
{
        vcpu_fetch_elsewhere(cap_object(r->cap));
        return invoke_vcpu(r);
}

/* No row of the table: the label is the user's, or this kind has no such label, or there is nothing to invoke. */
__attribute__((noinline)) enum outcome invocation_by_kind(struct request *r)
{
        enum cap_kind kind = cap_kind(r->cap);

        if (several_cores()) {
                if (kind != CAP_NULL && kind_of_label(r->label) == kind)
                        return perform_among_cores(r);
                if (kind == CAP_VCPU)
                        return invoke_fetched(r);
        }
        if (kinds[kind].invoke)
                return kinds[kind].invoke(r);
        if (kind == CAP_NULL || kind == CAP_ZOMBIE)
                return refuse_capability(r, 0);
        return refuse_illegal(r);
}

enum outcome invocation_compare(struct request *r, const struct invocation *row)
{
        if (invocation_kind(row) != cap_kind(r->cap))
                return invocation_by_kind(r);
        return is_truncated(r, row) ? refuse_truncated(r) : row->perform(r);
}

enum outcome invocation_perform_first(struct request *r)
{
        return is_for_whole_calls(cap_kind(r->cap)) ? refuse_capability(r, 0) : invocation_perform(r);
}
