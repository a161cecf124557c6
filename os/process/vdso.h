/* SPDX-License-Identifier: BSD-2-Clause */
/* The page of code and data in every process of Linux: what is in it is in os/process/vdso_page.h. */
#pragma once

#include "os/memory/space.h"

/* Where it lies. */
#define VDSO_START 0xa0001000ull

/* Make it; false: no memory.  Once, before there are processes. */
bool vdso_make(void);

/* The page as a region of that space; false: too many regions. */
bool vdso_add(struct space *s);

/* Is that region the page? */
bool vdso_is(const struct region *r);
