/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel needs of a board: an interrupt controller and, for its own messages, a console.
 *
 * `drv` fills these two records at boot from the devices in the hand-over; nobody else knows a register.
 */
#pragma once

#include "core/word.h"

/* What claim() returns when nothing is pending: no line; state.h has room for it all the same. */
enum { IRQ_NONE = 1023 };

struct irq_controller {
        void (*start)(void);      /* all lines masked, all priorities allowed, this core enabled */
        word (*claim)(void);      /* acknowledge the most urgent pending line: INTID or IRQ_NONE */
        void (*finish)(word irq); /* end of interrupt for a claimed line */
        void (*mask)(word irq);
        void (*unmask)(word irq);
        /* Its owner is gone: the line is masked now, not active, not pending, level-triggered. */
        void (*forget)(word irq);
        void (*acknowledge)(word irq);         /* seL4_IRQHandler_Ack: let the line fire again */
        void (*deliver)(word irq);             /* line given to user level: GICv2 masks and finishes it */
        void (*set_edge)(word irq, bool edge); /* NULL: no trigger control */
        /* The line belongs to the secure world and will not come; NULL: there are none such. */
        bool (*is_secure)(word irq);
        void (*send_sgi)(word irq, word target); /* NULL: none */
        word target_max;                         /* largest valid SGI target */

        /* Several cores; NULL: not with this controller. */
        void (*share)(void);     /* boot, before the first of these: others are there */
        void (*start_own)(void); /* what `start` does for the core that calls it */
        void (*ring)(word core, word sgi);
        void (*hush)(void);                 /* SGI 1 of this core, if it is pending, no longer is */
        void (*route)(word irq, word core); /* a line that is not private goes there from now on */
        word own_lines;                     /* private lines by which the kernel rings, one bit each */
};

struct virtual_interface;

/* The virtual interrupt interface of guests, at EL2.  Words of list registers are the machine's own. */
struct guest_interrupts {
        word lists;                                 /* list registers */
        void (*store)(struct virtual_interface *v); /* all but the enable word */
        void (*load)(const struct virtual_interface *v);
        void (*enable)(word control);
        word (*disable)(void); /* returns the enable word */
        word (*list_read)(word n);
        void (*list_write)(word n, word value);
        word (*list_pending)(word number, word priority, word group); /* asks to be told when it has ended */
        bool (*is_active)(word list);
        /* The lowest list register whose end is to be reported; it is reported now; ~0: none. */
        word (*take_ended)(void);
};

struct console {
        void (*put)(char c); /* waits until the device takes the byte */
};

struct platform {
        struct irq_controller irq;
        struct console console;
        struct guest_interrupts guest;
        word guest_timer_irq, maintenance_irq; /* the lines of guests' timer and of `guest`; 0 at EL1 */
        word timer_irq;                        /* line of the kernel's own timer */
        word timer_hertz;                      /* of its counter, 0: what the processor says */
        word irq_last;                         /* largest INTID users may ask for */
        word ram_start, ram_end;               /* bounds of usable RAM; only for dumps */
};

extern struct platform platform;
