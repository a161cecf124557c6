/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts: from the line to the driver, and the handler's invocations.  The console's interrupt is the one used. */
#include "bench.h"

static word handler_of(word notification)
{
        word handler = new_slot();

        OK(seL4_IRQControl_Get(seL4_CapIRQControl, machine_irq(), ROOT, handler, 64));
        OK(seL4_IRQHandler_SetNotification(handler, notification));
        return handler;
}

static void driver(word n, word handler)
{
        word badge;

        for (;;) {
                seL4_Wait(n, &badge);
                ended(end_reading());
                machine_irq_set(0);
                seL4_IRQHandler_Ack(handler);
        }
}

/* The bench knows the console of the machine it runs on, a PL011, so one store raises the line: the suite's way, which works for
 * any console, would be part of the figure. */
static void raiser(word unused, word unused_too)
{
        enum { IMSC = 0x38, MAY_SEND = 1 << 5 };
        volatile uint32_t *mask = (volatile uint32_t *)(machine_console() + IMSC);

        (void)unused;
        (void)unused_too;
        for (word i = 0; i < ROUNDS; i++) {
                word before = begin_reading();

                *mask = MAY_SEND;
                begun(before);
        }
        through();
}

TEST(interrupt, "")
{
        struct helper a, b;
        word n = new_notification(), handler = handler_of(n);

        counting();
        meeting();
        partner(&a, ABOVE, 0, driver, n, handler);
        partner(&b, PARTNER, 0, raiser, 0, 0);
        await(1);
        cost("irq-to-driver", 1);
}

TEST(handler, "")
{
        word n = new_notification(), handler = handler_of(n);

        counting();
        INVOKE("irq-ack", seL4_IRQHandler_Ack(handler));
        INVOKE("irq-set-notification", seL4_IRQHandler_SetNotification(handler, n));
        INVOKE_AFTER("irq-clear", seL4_IRQHandler_SetNotification(handler, n),
                     seL4_IRQHandler_Clear(handler));
}
