/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the invocations of virtual memory.  Level 13. */
#pragma once

#include "invoke/request.h"
#include "vm/asid.h"

/* A VSpace cap that has, or had, a number. */
static inline bool is_assigned_vspace(struct cap c)
{
        return cap_kind(c) == CAP_VSPACE && vspace_asid(c) != 0;
}

/* The number is bound to some VSpace: FailedLookup (invalid root). */
enum outcome check_asid_bound(struct request *r, word asid);

/* Not bound, or to another VSpace than the one of the cap it comes from: InvalidCapability(n). */
enum outcome refuse_unbound_vspace(struct request *r, word asid, word n);

/* The number of an assigned VSpace cap is bound to its VSpace. */
static inline enum outcome check_vspace_bound(struct request *r, struct cap vspace, word n)
{
        return asid_root(vspace_asid(vspace)) == cap_object(vspace)
                       ? DONE
                       : refuse_unbound_vspace(r, vspace_asid(vspace), n);
}

/* Rows of invocations.c */
enum outcome invoke_page_map(struct request *r); /* inv_vm.c */
enum outcome invoke_page_unmap(struct request *r);
enum outcome invoke_page_get_address(struct request *r);
enum outcome invoke_page_table_map(struct request *r);
enum outcome invoke_page_table_unmap(struct request *r);
enum outcome invoke_page_cache(struct request *r); /* inv_cache.c: the operation by label */
enum outcome invoke_vspace_cache(struct request *r);
