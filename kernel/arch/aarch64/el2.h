/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside this room: the machine at EL2. */
#pragma once

#include "core/word.h"

struct debug_registers;
struct counter_registers;

/* el2.c: MDCR_EL2 without traps, and the control registers of native threads; the counters too if a guest had them. */
word el2_debug_control(void);
void el2_native(bool counters);

/* guest_more.c */
void guest_debug_store(struct debug_registers *d);
void guest_debug_load(const struct debug_registers *d); /* all but MDSCR */
void guest_counters_store(struct counter_registers *c);
void guest_counters_load(const struct counter_registers *c);
