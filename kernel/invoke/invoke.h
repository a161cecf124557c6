/* SPDX-License-Identifier: BSD-2-Clause */
/* The invocation functions of every kind of capability: each checks a request in the order of the specification,
 * without effect, and then commits, which cannot fail.
 *
 * Level 6.
 */
#pragma once

#include "trap/request.h"

enum outcome invoke_endpoint(struct request *r);      /* inv_ipc.c */
enum outcome invoke_notification(struct request *r);
enum outcome invoke_reply(struct request *r);
enum outcome invoke_cnode(struct request *r);         /* inv_cnode.c */
enum outcome invoke_untyped(struct request *r);       /* inv_untyped.c */
enum outcome invoke_tcb(struct request *r);           /* inv_tcb.c, inv_registers.c */
enum outcome invoke_sched_control(struct request *r); /* inv_sched.c */
enum outcome invoke_sched_context(struct request *r);
enum outcome invoke_domain(struct request *r);        /* inv_domain.c */
enum outcome invoke_irq_control(struct request *r);   /* inv_irq.c */
enum outcome invoke_irq_handler(struct request *r);
enum outcome invoke_extension(struct request *r);     /* inv_extension.c */
enum outcome invoke_sgi(struct request *r);
enum outcome invoke_frame(struct request *r);         /* inv_vm.c, inv_cache.c */
enum outcome invoke_page_table(struct request *r);
enum outcome invoke_vspace(struct request *r);
enum outcome invoke_asid_control(struct request *r);  /* inv_asid.c */
enum outcome invoke_asid_pool(struct request *r);
