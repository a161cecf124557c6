/* SPDX-License-Identifier: BSD-2-Clause */
/* Invoking IRQ control, IRQ handlers and SGI signal caps (spec objects.md 9). */
#include "cap/derive.h"
#include "cap/remove.h"
#include "console/log.h"
#include "core/platform.h"
#include "core/state.h"
#include "invoke/invoke.h"
#include "invoke/labels.h"
#include "irq/irq.h"

enum { SGIS = 16 };

/* Destination (index, depth) starting at message word `at`, whose second has so many bits. */
static enum outcome find_empty(struct request *r, word at, word bits, struct slot **to)
{
        struct cap root = r->extra[0]->cap;

        if (lookup_slot(root, request_word(r, at), request_word(r, at + 1) & ones(bits), 0, to, &r->why) !=
            DONE)
                return REFUSED;
        return slot_is_empty(*to) ? DONE : refuse_delete_first(r);
}

static const word NO_CORE = ~(word)0;

/* The line that the caller means, as the kernel numbers it.  A shared line goes to `core`, if one is given. */
static enum outcome issue_line(struct request *r, word irq, bool trigger, word core)
{
        word at = trigger ? 2 : 1;
        struct slot *to;

        if (kernel.irq_state[irq] != IRQ_FREE)
                return refuse_revoke_first(r);
        if (find_empty(r, at, core == NO_CORE ? 64 : 8, &to) != DONE)
                return REFUSED;

        if (platform.irq.is_secure && platform.irq.is_secure(irq))
                print_debug("Tessera: interrupt %lu belongs to the secure world and will not come\n", irq);
        if (trigger)
                platform.irq.set_edge(irq, request_word(r, 1) != 0);
        if (core != NO_CORE && irq >= IRQ_PRIVATE && irq < IRQ_LINES && platform.irq.route)
                platform.irq.route(irq, core);
        irq_issue(irq);
        slot_insert(to, cap_make(CAP_IRQ_HANDLER, 0, 0, irq), r->slot, SLOT_ORIGINAL);
        return DONE;
}

/* With several cores, private lines without a core are those of core 0, and have no trigger to be set so (smp.md 2.1). */
static enum outcome issue(struct request *r, bool trigger)
{
        word irq = request_word(r, 0);

        if (trigger && !platform.irq.set_edge)
                return refuse_illegal(r);
        if (irq > platform.irq_last)
                return refuse_range(r, 0, platform.irq_last);
        if (kernel.multicore && trigger && irq < IRQ_PRIVATE)
                return refuse_illegal(r);
        return issue_line(r, irq, trigger, NO_CORE);
}

enum outcome irq_issue_handler(struct request *r)
{
        return issue(r, false);
}

/* What the table checks for others: the two calls have other numbers at EL2. */
static enum outcome check_shape(struct request *r)
{
        if (hypervisor_face() != (r->label >= LABEL_EL2_IRQ_ISSUE_IRQ_HANDLER_TRIGGER))
                return refuse_illegal(r);
        return r->length < 4 || r->extras < 1 ? refuse_truncated(r) : DONE;
}

enum outcome irq_issue_handler_trigger(struct request *r)
{
        return check_shape(r) == DONE ? issue(r, true) : REFUSED;
}

/* A private line of one core, or a common one that goes to it from now on (smp.md 2.2). */
static enum outcome issue_of_core(struct request *r)
{
        word irq = request_word(r, 0), core = request_word(r, 4);

        if (r->length < 5)
                return refuse_truncated(r);
        if (!platform.irq.set_edge)
                return refuse_illegal(r);
        if (irq > platform.irq_last)
                return refuse_range(r, 0, platform.irq_last);
        if (core >= kernel.cores)
                return refuse_argument(r, 4);
        if (irq < IRQ_PRIVATE && core > 0)
                irq += IRQ_OF_OTHERS + (core - 1) * IRQ_PRIVATE;
        return issue_line(r, irq, true, core);
}

enum outcome irq_issue_sgi(struct request *r)
{
        struct slot *to;

        if (kernel.multicore)
                return check_shape(r) == DONE ? issue_of_core(r) : REFUSED;
        if (check_shape(r) != DONE)
                return REFUSED;
        if (!platform.irq.send_sgi)
                return refuse_illegal(r);
        word irq = request_word(r, 0), target = request_word(r, 1);
        if (irq >= SGIS)
                return refuse_range(r, 0, SGIS - 1);
        if (target > platform.irq.target_max)
                return refuse_argument(r, 1);
        if (find_empty(r, 2, 64, &to) != DONE)
                return REFUSED;
        slot_insert(to, cap_make(CAP_SGI_SIGNAL, 0, 0, target << 32 | irq), r->slot,
                    SLOT_ORIGINAL | SLOT_APART);
        return DONE;
}

enum outcome irq_set_notification(struct request *r)
{
        struct slot *from = r->extra[0], *kept = &kernel.irq[irq_line(r->cap)];

        if (cap_kind(from->cap) != CAP_NOTIFICATION || !(cap_rights(from->cap) & RIGHT_WRITE))
                return refuse_capability(r, 0);
        struct cap c = from->cap;
        if (slot_delete(kept) == AGAIN)
                return AGAIN;
        /* Deleting the old cap cannot have deleted the new one: notification caps hold no others. */
        slot_insert_derived(kept, c, from);
        return DONE;
}

enum outcome irq_clear_notification(struct request *r)
{
        return slot_delete(&kernel.irq[irq_line(r->cap)]);
}

enum outcome irq_acknowledge(struct request *r)
{
        platform.irq.acknowledge(irq_line(r->cap));
        return DONE;
}

enum outcome invoke_sgi(struct request *r)
{
        platform.irq.send_sgi(sgi_number(r->cap), sgi_target(r->cap));
        return DONE;
}
