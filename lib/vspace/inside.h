/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the vspace library share: single pages, entered into kernel tables and shadow, and taken out. */
#pragma once

#include <shadow/shadow.h>

int vspace_enter(vspace_t *vspace, seL4_Word vaddr, size_t size_bits, struct entry entry);
void vspace_drop(vspace_t *vspace, struct place at);
