/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt dispatch: one row per bit of the badge.
 *
 * A row is free, or holds a handler capability for its line and a badged notification capability; the kernel keeps a copy
 * of the latter, so it could go, but deleting it is how the row is undone.
 */
#include <irq/irq.h>

#include <sel4/report.h>

enum { ERROR_NO_MEMORY = 12, ERROR_INVALID = 22 };

struct row {
        sos_irq_callback_t callback; /* NULL: free */
        void *data;
        seL4_Word irq;
        seL4_IRQHandler handler;
        seL4_CPtr notification;
        uint64_t count;
        uint64_t window_start; /* of the storm watch, and the interrupts since */
        unsigned in_window;
        bool acknowledge; /* after each call */
        bool storming;    /* masked because of too many interrupts */
};

static struct {
        cspace_t *cspace;
        seL4_IRQControl control;
        seL4_CPtr notification;
        seL4_Word flag, ident;
        uint64_t strays;
        uint64_t (*now)(void); /* storm watch */
        unsigned limit;
        uint64_t window;
        struct row row[seL4_WordBits];
} irqs;

void sos_init_irq_dispatch(cspace_t *cspace, seL4_IRQControl irq_control, seL4_CPtr notification,
                           seL4_Word flag_bits, seL4_Word ident_bits)
{
        irqs.cspace = cspace;
        irqs.control = irq_control;
        irqs.notification = notification;
        irqs.flag = flag_bits;
        irqs.ident = ident_bits & ~flag_bits;
        irqs.strays = 0;
        if (ident_bits & flag_bits)
                report("sos_init_irq_dispatch: flag and identification bits overlap");
}

void irq_start(cspace_t *cspace, seL4_IRQControl irq_control, seL4_CPtr notification)
{
        sos_init_irq_dispatch(cspace, irq_control, notification, IRQ_FLAG_BIT, ~IRQ_FLAG_BIT);
}

static struct row *find(seL4_Word irq)
{
        for (unsigned bit = 0; bit < seL4_WordBits; bit++) {
                if (irqs.row[bit].callback && irqs.row[bit].irq == irq)
                        return &irqs.row[bit];
        }
        return NULL;
}

/* The lowest free identification bit, or -1. */
static int free_bit(void)
{
        for (unsigned bit = 0; bit < seL4_WordBits; bit++) {
                if (irqs.ident & (1ul << bit) && !irqs.row[bit].callback)
                        return (int)bit;
        }
        return -1;
}

static void undo(struct row *row)
{
        if (row->handler)
                (void)seL4_IRQHandler_Clear(row->handler);
        cspace_discard(irqs.cspace, row->handler);
        cspace_discard(irqs.cspace, row->notification);
        *row = (struct row){0};
}

static int connect(struct row *row, seL4_Word badge, bool edge_triggered)
{
        seL4_CPtr handler = cspace_alloc_slot(irqs.cspace);
        seL4_CPtr notification = handler ? cspace_alloc_slot(irqs.cspace) : seL4_CapNull;
        int err;

        row->handler = handler;
        row->notification = notification;
        if (!notification)
                return ERROR_NO_MEMORY;
        err = cspace_irq_control_get(irqs.cspace, handler, irqs.control, row->irq, edge_triggered);
        if (!err) {
                err = cspace_mint(irqs.cspace, notification, irqs.cspace, irqs.notification, seL4_CanWrite,
                                  badge);
        }
        return err ? err : (int)seL4_IRQHandler_SetNotification(handler, notification);
}

static int attach(struct row wanted, bool edge_triggered, struct row **place)
{
        int bit = free_bit();
        int err;

        if (!irqs.cspace || !wanted.callback || find(wanted.irq))
                return ERROR_INVALID;
        if (bit < 0)
                return ERROR_NO_MEMORY;
        *place = &irqs.row[bit];
        **place = wanted;
        err = connect(*place, irqs.flag | 1ul << bit, edge_triggered);
        if (!err && wanted.acknowledge)
                err = seL4_IRQHandler_Ack((*place)->handler);
        if (err)
                undo(*place);
        return err;
}

int sos_register_irq_handler(seL4_Word irq, bool edge_triggered, sos_irq_callback_t callback, void *data,
                             seL4_IRQHandler *irq_handler)
{
        struct row *row;
        int err = attach((struct row){.callback = callback, .data = data, .irq = irq}, edge_triggered, &row);

        if (!err && irq_handler)
                *irq_handler = row->handler;
        return err;
}

int irq_attach(seL4_Word irq, bool edge_triggered, sos_irq_callback_t callback, void *data)
{
        struct row *row;

        return attach((struct row){.callback = callback, .data = data, .irq = irq, .acknowledge = true},
                      edge_triggered, &row);
}

int irq_detach(seL4_Word irq)
{
        struct row *row = find(irq);

        if (!row)
                return ERROR_INVALID;
        undo(row);
        return 0;
}

void irq_watch(uint64_t (*now)(void), unsigned limit, uint64_t window)
{
        irqs.now = now;
        irqs.limit = limit;
        irqs.window = window;
}

/* Count one more interrupt; is it one too many? */
static bool storms(struct row *row)
{
        uint64_t now = irqs.now ? irqs.now() : 0;

        if (!irqs.now)
                return false;
        if (!row->in_window || now - row->window_start > irqs.window) {
                row->window_start = now;
                row->in_window = 0;
        }
        if (++row->in_window <= irqs.limit)
                return false;
        if (!row->storming) {
                report("irq %lu: a storm, %u interrupts in %lu: the line stays masked until irq_calm",
                       row->irq, row->in_window, now - row->window_start);
        }
        row->storming = true;
        return true;
}

bool irq_is_storming(seL4_Word irq)
{
        const struct row *row = find(irq);

        return row && row->storming;
}

int irq_calm(seL4_Word irq)
{
        struct row *row = find(irq);

        if (!row || !row->storming)
                return ERROR_INVALID;
        row->storming = false;
        row->in_window = 0;
        return seL4_IRQHandler_Ack(row->handler);
}

static int serve(struct row *row)
{
        seL4_IRQHandler handler = row->handler;
        bool acknowledge = row->acknowledge;
        int result;

        row->count++;
        if (storms(row))
                return 0;
        result = row->callback(row->data, row->irq, handler);
        if (acknowledge && row->handler == handler) { /* it may have detached itself */
                (void)seL4_IRQHandler_Ack(handler);
        }
        return result;
}

int irq_dispatch(seL4_Word badge)
{
        seL4_Word bits = badge & irqs.ident;
        int result = 0;

        for (; bits; bits &= bits - 1) {
                struct row *row = &irqs.row[__builtin_ctzl(bits)];
                int err = 0;

                if (row->callback)
                        err = serve(row);
                else if (!irqs.strays++)
                        report("irq_dispatch: bit %d belongs to no line", __builtin_ctzl(bits));
                result = result ? result : err;
        }
        return result;
}

int sos_handle_irq_notification(seL4_Word *badge, bool *have_reply)
{
        seL4_Word bits = *badge & irqs.ident;

        *badge &= ~bits;
        *have_reply = false;
        return irq_dispatch(bits);
}

uint64_t irq_count(seL4_Word irq)
{
        const struct row *row = find(irq);

        return row ? row->count : 0;
}

uint64_t irq_strays(void)
{
        return irqs.strays;
}
