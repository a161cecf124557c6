/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions behind the rows of invocations.c and kinds.c: each checks a request in the order of the specification,
 * without effect, and then commits, which cannot fail.  The table has already checked kind, label and length.
 *
 * Level 13.
 */
#pragma once

#include "invoke/request.h"

/* by kind: the label is the user's, or an extension's */
enum outcome invoke_endpoint(struct request *r); /* inv_ipc.c */
enum outcome invoke_notification(struct request *r);
enum outcome invoke_reply(struct request *r);
enum outcome invoke_sgi(struct request *r);       /* inv_irq.c */
enum outcome invoke_vcpu(struct request *r);      /* inv_vcpu.c */
enum outcome invoke_extension(struct request *r); /* inv_extension.c */
enum outcome invoke_tcb_extension(struct request *r);
enum outcome invoke_dump(struct request *r); /* inv_dump.c; by inv_extension.c */

/* by label */
enum outcome untyped_retype(struct request *r); /* inv_untyped.c */
enum outcome cnode_revoke(struct request *r);   /* inv_cnode.c */
enum outcome cnode_delete(struct request *r);
enum outcome cnode_cancel_badged_sends(struct request *r);
enum outcome cnode_copy(struct request *r);
enum outcome cnode_mint(struct request *r);
enum outcome cnode_move(struct request *r);
enum outcome cnode_mutate(struct request *r);
enum outcome cnode_rotate(struct request *r);
enum outcome irq_issue_handler(struct request *r); /* inv_irq.c */
enum outcome irq_issue_handler_trigger(struct request *r);
enum outcome irq_issue_sgi(struct request *r);
enum outcome irq_acknowledge(struct request *r);
enum outcome irq_set_notification(struct request *r);
enum outcome irq_clear_notification(struct request *r);
enum outcome domain_set(struct request *r); /* inv_domain.c */
enum outcome domain_configure(struct request *r);
enum outcome domain_set_start(struct request *r);
enum outcome sched_configure(struct request *r); /* inv_sched.c */
enum outcome sched_bind(struct request *r);
enum outcome sched_unbind(struct request *r);
enum outcome sched_unbind_object(struct request *r);
enum outcome sched_consumed(struct request *r);
enum outcome sched_context_yield_to(struct request *r);
enum outcome smc_call(struct request *r);       /* inv_extension.c */
enum outcome asid_make_pool(struct request *r); /* inv_asid.c */
enum outcome asid_assign(struct request *r);
