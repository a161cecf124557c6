/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines as notifications (spec objects.md 9).
 *
 * Level 12.  A line is free, issued (an IRQ handler cap exists; its slot may hold a notification cap) or the kernel's (enum irq_state).
 */
#pragma once

#include "cap/slot.h"

/* Claim one pending interrupt, if any.  The caller signals the notification of the cap whose slot is returned, which has Write; NULL
 * if there is none. */
const struct slot *irq_take(void);

/* The same, including the signal. */
void irq_handle(void);

void irq_issue(word irq);  /* a handler cap was made: unmask */
void irq_retire(word irq); /* the last handler cap is gone: mask, forget the notification */

/* A line of the kernel's that guests cause, at EL2: the running guest gets a fault, if it may have one now.  False: no such line. */
bool guest_event(word irq);
