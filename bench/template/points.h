/* SPDX-License-Identifier: BSD-2-Clause */
/* Two points between which everything is counted (docs/guide/13-measure-your-path.md).  They may lie in different functions, threads
 * or programs: the last point_from() before a point_to() counts.  Needs an image packed with `mkimage --export-pmu`. */
#pragma once

/* A reading into x9 begins an interval, one into x10 ends it; the third instruction does nothing and tells the plugin to keep it. */
static inline void point_from(void)
{
        __asm__ volatile("isb\n\tmrs x9, pmccntr_el0" ::: "x9", "memory");
}

static inline void point_to(void)
{
        __asm__ volatile("isb\n\tmrs x10, pmccntr_el0\n\tmovz xzr, #1" ::: "x10", "memory");
}
