/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying and deleting caps of this room, for the rows of invoke/kinds.c (spec vspace.md 3 and 9).  Level 9. */
#pragma once

#include "cap/kind.h"

/* The copy is not mapped. */
enum outcome derive_frame(const struct slot *from, struct cap *c, struct refusal *why);

/* IllegalOperation unless mapped, or has an ASID. */
enum outcome derive_page_table(const struct slot *from, struct cap *c, struct refusal *why);
enum outcome derive_vspace(const struct slot *from, struct cap *c, struct refusal *why);

/* Every frame cap takes its own mapping along; the others go with their last cap. */
struct cap retire_frame(struct cap c, bool last);
struct cap retire_page_table(struct cap c, bool last);
struct cap retire_vspace(struct cap c, bool last);
struct cap retire_asid_pool(struct cap c, bool last);
