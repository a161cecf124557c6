/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's invocation numbers are those of the public headers. */
#include "debug/dump.h"
#include "invoke/invocations.h"
#include "tests/lib/test.h"

#include <sel4/invocation.h>

static const word pairs[][2] = {
        {LABEL_INVALID_INVOCATION, InvalidInvocation},
        {LABEL_UNTYPED_RETYPE, UntypedRetype},
        {LABEL_TCB_READ_REGISTERS, TCBReadRegisters},
        {LABEL_TCB_WRITE_REGISTERS, TCBWriteRegisters},
        {LABEL_TCB_COPY_REGISTERS, TCBCopyRegisters},
        {LABEL_TCB_CONFIGURE, TCBConfigure},
        {LABEL_TCB_SET_PRIORITY, TCBSetPriority},
        {LABEL_TCB_SET_MCPRIORITY, TCBSetMCPriority},
        {LABEL_TCB_SET_SCHED_PARAMS, TCBSetSchedParams},
        {LABEL_TCB_SET_TIMEOUT_ENDPOINT, TCBSetTimeoutEndpoint},
        {LABEL_TCB_SET_IPC_BUFFER, TCBSetIPCBuffer},
        {LABEL_TCB_SET_SPACE, TCBSetSpace},
        {LABEL_TCB_SUSPEND, TCBSuspend},
        {LABEL_TCB_RESUME, TCBResume},
        {LABEL_TCB_BIND_NOTIFICATION, TCBBindNotification},
        {LABEL_TCB_UNBIND_NOTIFICATION, TCBUnbindNotification},
        {LABEL_TCB_SET_TLS_BASE, TCBSetTLSBase},
        {LABEL_TCB_SET_FLAGS, TCBSetFlags},
        {LABEL_CNODE_REVOKE, CNodeRevoke},
        {LABEL_CNODE_DELETE, CNodeDelete},
        {LABEL_CNODE_CANCEL_BADGED_SENDS, CNodeCancelBadgedSends},
        {LABEL_CNODE_COPY, CNodeCopy},
        {LABEL_CNODE_MINT, CNodeMint},
        {LABEL_CNODE_MOVE, CNodeMove},
        {LABEL_CNODE_MUTATE, CNodeMutate},
        {LABEL_CNODE_ROTATE, CNodeRotate},
        {LABEL_IRQ_ISSUE_IRQ_HANDLER, IRQIssueIRQHandler},
        {LABEL_IRQ_ACK_IRQ, IRQAckIRQ},
        {LABEL_IRQ_SET_IRQ_HANDLER, IRQSetIRQHandler},
        {LABEL_IRQ_CLEAR_IRQ_HANDLER, IRQClearIRQHandler},
        {LABEL_DOMAIN_SET_SET, DomainSetSet},
        {LABEL_DOMAIN_SCHEDULE_CONFIGURE, DomainScheduleConfigure},
        {LABEL_DOMAIN_SCHEDULE_SET_START, DomainScheduleSetStart},
        {LABEL_SCHED_CONTROL_CONFIGURE_FLAGS, SchedControlConfigureFlags},
        {LABEL_SCHED_CONTEXT_BIND, SchedContextBind},
        {LABEL_SCHED_CONTEXT_UNBIND, SchedContextUnbind},
        {LABEL_SCHED_CONTEXT_UNBIND_OBJECT, SchedContextUnbindObject},
        {LABEL_SCHED_CONTEXT_CONSUMED, SchedContextConsumed},
        {LABEL_SCHED_CONTEXT_YIELD_TO, SchedContextYieldTo},
        {LABEL_VSPACE_CLEAN_DATA, ARMVSpaceClean_Data},
        {LABEL_VSPACE_INVALIDATE_DATA, ARMVSpaceInvalidate_Data},
        {LABEL_VSPACE_CLEAN_INVALIDATE_DATA, ARMVSpaceCleanInvalidate_Data},
        {LABEL_VSPACE_UNIFY_INSTRUCTION, ARMVSpaceUnify_Instruction},
        {LABEL_SMC_CALL, ARMSMCCall},
        {LABEL_PAGE_TABLE_MAP, ARMPageTableMap},
        {LABEL_PAGE_TABLE_UNMAP, ARMPageTableUnmap},
        {LABEL_PAGE_MAP, ARMPageMap},
        {LABEL_PAGE_UNMAP, ARMPageUnmap},
        {LABEL_PAGE_CLEAN_DATA, ARMPageClean_Data},
        {LABEL_PAGE_INVALIDATE_DATA, ARMPageInvalidate_Data},
        {LABEL_PAGE_CLEAN_INVALIDATE_DATA, ARMPageCleanInvalidate_Data},
        {LABEL_PAGE_UNIFY_INSTRUCTION, ARMPageUnify_Instruction},
        {LABEL_PAGE_GET_ADDRESS, ARMPageGetAddress},
        {LABEL_ASID_CONTROL_MAKE_POOL, ARMASIDControlMakePool},
        {LABEL_ASID_POOL_ASSIGN, ARMASIDPoolAssign},
        {LABEL_IRQ_ISSUE_IRQ_HANDLER_TRIGGER, ARMIRQIssueIRQHandlerTrigger},
        {LABEL_IRQ_ISSUE_SGI_SIGNAL, ARMIRQIssueSGISignal},
};

static void same_numbers(void)
{
        CHECK_EQUAL(sizeof(pairs) / sizeof(pairs[0]), nArchInvocationLabels);
        for (word i = 0; i < nArchInvocationLabels; i++) {
                CHECK_EQUAL(pairs[i][0], pairs[i][1]);
                CHECK_EQUAL(pairs[i][0], i);
        }
}

/* A label without a function must be out of every capability's reach. */
static void rows_are_complete(void)
{
        for (word label = 0; label < LABELS; label++) {
                bool nobody = label == LABEL_INVALID_INVOCATION ||
                              (label > LABEL_IRQ_ISSUE_SGI_SIGNAL &&
                               label < LABEL_EL2_IRQ_ISSUE_IRQ_HANDLER_TRIGGER);

                CHECK_EQUAL(invocation_kind(&invocations[label]) == CAP_KINDS, nobody);
                CHECK_EQUAL(invocations[label].perform == NULL, nobody);
                CHECK(nobody || (dump_kind_name(invocation_kind(&invocations[label])) &&
                                 invocation_kind(&invocations[label]) != CAP_NULL));
        }
}

const struct test labels_tests[] = {
        {"labels are the public numbers", same_numbers},
        {"every label has its row", rows_are_complete},
        {NULL, NULL},
};
