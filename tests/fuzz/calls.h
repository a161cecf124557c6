/* SPDX-License-Identifier: BSD-2-Clause */
/* The shapes of invocations, for generators of random ones: words and extra caps, one letter each.
 *
 * Words: s a slot, e an empty slot, d depth, D depth or 0, t object type, z size, n count, v address, u microseconds, i interrupt
 * line, r rights, g guard or badge, G the same or 0, p priority, x any word, b a byte.
 * Caps: E endpoint, N notification, T TCB, S scheduling context, B one of these two, C CNode, V VSpace, F frame, U untyped.
 */
#pragma once

#include "invoke/labels.h"

struct template
{
        const char *words, *caps;
};

static const struct template templates[] = {
        [LABEL_UNTYPED_RETYPE] = {"tzsDen", "C"},
        [LABEL_TCB_READ_REGISTERS] = {"bb", ""},
        [LABEL_TCB_WRITE_REGISTERS] = {"bbxxx", ""},
        [LABEL_TCB_COPY_REGISTERS] = {"b", "T"},
        [LABEL_TCB_CONFIGURE] = {"Gbv", "CVF"},
        [LABEL_TCB_SET_PRIORITY] = {"p", "T"},
        [LABEL_TCB_SET_MCPRIORITY] = {"p", "T"},
        [LABEL_TCB_SET_SCHED_PARAMS] = {"pp", "TSE"},
        [LABEL_TCB_SET_TIMEOUT_ENDPOINT] = {"", "E"},
        [LABEL_TCB_SET_IPC_BUFFER] = {"v", "F"},
        [LABEL_TCB_SET_SPACE] = {"Gb", "ECV"},
        [LABEL_TCB_BIND_NOTIFICATION] = {"", "N"},
        [LABEL_TCB_SET_TLS_BASE] = {"x", ""},
        [LABEL_TCB_SET_FLAGS] = {"bb", ""},
        [LABEL_CNODE_REVOKE] = {"sd", ""},
        [LABEL_CNODE_DELETE] = {"sd", ""},
        [LABEL_CNODE_CANCEL_BADGED_SENDS] = {"sd", ""},
        [LABEL_CNODE_COPY] = {"edsdr", "C"},
        [LABEL_CNODE_MINT] = {"edsdrg", "C"},
        [LABEL_CNODE_MOVE] = {"edsd", "C"},
        [LABEL_CNODE_MUTATE] = {"edsdg", "C"},
        [LABEL_CNODE_ROTATE] = {"edGsdGsd", "CC"},
        [LABEL_IRQ_ISSUE_IRQ_HANDLER] = {"ied", "C"},
        [LABEL_IRQ_SET_IRQ_HANDLER] = {"", "N"},
        [LABEL_DOMAIN_SET_SET] = {"b", "T"},
        [LABEL_DOMAIN_SCHEDULE_CONFIGURE] = {"bbu", ""},
        [LABEL_DOMAIN_SCHEDULE_SET_START] = {"b", ""},
        [LABEL_SCHED_CONTROL_CONFIGURE_FLAGS] = {"uuzbb", "S"},
        [LABEL_SCHED_CONTEXT_BIND] = {"", "B"},
        [LABEL_SCHED_CONTEXT_UNBIND_OBJECT] = {"", "B"},
        [LABEL_VSPACE_CLEAN_DATA] = {"vv", ""},
        [LABEL_VSPACE_INVALIDATE_DATA] = {"vv", ""},
        [LABEL_VSPACE_CLEAN_INVALIDATE_DATA] = {"vv", ""},
        [LABEL_VSPACE_UNIFY_INSTRUCTION] = {"vv", ""},
        [LABEL_PAGE_TABLE_MAP] = {"vb", "V"},
        [LABEL_PAGE_MAP] = {"vrb", "V"},
        [LABEL_PAGE_CLEAN_DATA] = {"bx", ""},
        [LABEL_PAGE_INVALIDATE_DATA] = {"bb", ""},
        [LABEL_PAGE_UNIFY_INSTRUCTION] = {"bb", ""},
        [LABEL_ASID_CONTROL_MAKE_POOL] = {"ed", "UC"},
        [LABEL_ASID_POOL_ASSIGN] = {"", "V"},
        [LABEL_IRQ_ISSUE_IRQ_HANDLER_TRIGGER] = {"ibed", "C"},
        [LABEL_IRQ_ISSUE_SGI_SIGNAL] = {"bbed", "C"},
};
