/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts: up to 63 lines arrive as bits of one notification and go to their handlers.
 *
 *      irq_start(&cspace, seL4_CapIRQControl, notification);
 *      irq_attach(33, false, uart_interrupt, &uart);            handler called, line acknowledged, line on
 *      for (;;) { seL4_Wait(notification, &badge); irq_dispatch(badge); }
 *
 * The kernel masks a line from its interrupt to the acknowledgement.  irq_attach acknowledges once at the start, so that a line that was
 * pending or masked is not lost, and irq_dispatch acknowledges after each call of the handler: neither can be forgotten.
 *
 * Results: 0, or a seL4_Error; in the course's calls EINVAL (22) and ENOMEM (12), as its headers say.
 */
#pragma once

#include <cspace/cspace.h>
#include <sel4/sel4.h>
#include <stdbool.h>
#include <stdint.h>

enum { IRQ_LINES_MAX = 63 };

#define IRQ_FLAG_BIT (1ul << 63) /* set in the badge of every interrupt */

/* 0: handled. */
typedef int (*sos_irq_callback_t)(void *data, seL4_Word irq, seL4_IRQHandler irq_handler);

/* `flag_bits` is in every badge, so that a server can tell interrupts from other signals; each line gets one of
 * `ident_bits`.  The two must not overlap. */
void sos_init_irq_dispatch(cspace_t *cspace, seL4_IRQControl irq_control, seL4_CPtr notification,
                           seL4_Word flag_bits, seL4_Word ident_bits);

/* The same with flag = bit 63 and the other 63 bits for lines. */
void irq_start(cspace_t *cspace, seL4_IRQControl irq_control, seL4_CPtr notification);

/* Connect line `irq` with `handler`.  The course's form: the handler acknowledges, and the line is off until the caller
 * does so for the first time.  0, EINVAL (22), ENOMEM (12) or a kernel error. */
int sos_register_irq_handler(seL4_Word irq, bool edge_triggered, sos_irq_callback_t callback, void *data,
                             seL4_IRQHandler *irq_handler);

/* The safe form: acknowledged now and after each call of the handler.  0 or an error as above. */
int irq_attach(seL4_Word irq, bool edge_triggered, sos_irq_callback_t callback, void *data);

/* Disconnect; the capabilities and the bit come back.  EINVAL if the line is not connected. */
int irq_detach(seL4_Word irq);

/* Call the handlers of all bits in `badge`, lowest first; unassigned bits are counted and reported once.
 * Returns the first result that is not 0; the other handlers run all the same. */
int irq_dispatch(seL4_Word badge);

/* The course's form: clears the bits served and reports that there is no caller to reply to. */
int sos_handle_irq_notification(seL4_Word *badge, bool *have_reply);

/* Storms.  A line that interrupts more than `limit` times within `window` (in the unit of `now`) has a wrong trigger or a device that is
 * not being served: its handler is not called and the line stays masked, with a report, until irq_calm.  `now` NULL:
 * no watch, as at the start. */
void irq_watch(uint64_t (*now)(void), unsigned limit, uint64_t window);
bool irq_is_storming(seL4_Word irq);
int irq_calm(seL4_Word irq);

/* Interrupts of this line so far; bits nobody owned. */
uint64_t irq_count(seL4_Word irq);
uint64_t irq_strays(void);
