/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest's registers in the pretended machine: one array for each core, what native threads find there, and four list registers. */
#include "arch/arch.h"
#include "arch/host/host.h"
#include "core/guest.h"
#include "core/platform.h"
#include "core/state.h"

#include <string.h>

/* Of a list register; the number is above.  Without a state it is free. */
enum { PENDING = 1, ACTIVE = 2, STATE = 3, TELL = 4, ENDED = 8 };
enum { TIMER_ON = 1, TIMER_MASKED = 2 };

static struct machine_guest {
        word reg[VCPU_REGISTERS];
        struct virtual_interface interface;
} machines[CORES_MAX];

static struct machine_guest *own(void)
{
        return &machines[this_core()->number];
}

/* What of a VCPU native threads need: the registers outside the range. */
static bool is_shared(word n)
{
        return n < VCPU_RANGE_FIRST || n > VCPU_RANGE_LAST;
}

void arch_guest_load(struct vcpu *v)
{
        for (word n = VCPU_RANGE_FIRST; n <= VCPU_RANGE_LAST; n++)
                own()->reg[n] = v->reg[n];
}

void arch_guest_store(struct vcpu *v)
{
        for (word n = VCPU_RANGE_FIRST; n <= VCPU_RANGE_LAST; n++)
                v->reg[n] = own()->reg[n];
}

static word forgets;

void arch_guest_forget(void)
{
        forgets++;
}

word host_guest_forgets(void)
{
        return forgets;
}

void arch_guest_enable(struct vcpu *v)
{
        for (word n = 0; n < VCPU_REGISTERS; n++) {
                if (is_shared(n))
                        own()->reg[n] = v->reg[n];
        }
}

void arch_guest_disable(struct vcpu *v)
{
        for (word n = 0; n < VCPU_REGISTERS; n++) {
                if (is_shared(n)) {
                        v->reg[n] = own()->reg[n];
                        own()->reg[n] = 0;
                }
        }
}

word arch_guest_read(word n)
{
        return own()->reg[n];
}

void arch_guest_write(word n, word value)
{
        own()->reg[n] = value;
}

bool arch_guest_first_use(struct vcpu *v, word syndrome)
{
        (void)v, (void)syndrome;
        return false;
}

word arch_guest_abort_address(word syndrome, word address)
{
        (void)syndrome;
        return address;
}

static void store(struct virtual_interface *v)
{
        memcpy(v->list, own()->interface.list, sizeof(v->list));
}

static void load(const struct virtual_interface *v)
{
        memcpy(own()->interface.list, v->list, sizeof(v->list));
}

static void enable(word control)
{
        own()->interface.control = control;
}

static word disable(void)
{
        word before = own()->interface.control;

        own()->interface.control = 0;
        return before;
}

static word list_read(word n)
{
        return own()->interface.list[n];
}

static void list_write(word n, word value)
{
        own()->interface.list[n] = value;
}

static word list_pending(word number, word priority, word group)
{
        return number << 16 | priority << 8 | group << 4 | PENDING | TELL;
}

static bool is_active(word list)
{
        return (list & STATE) == ACTIVE;
}

static word take_ended(void)
{
        for (word i = 0; i < platform.guest.lists; i++) {
                word *list = &own()->interface.list[i];

                if ((*list & ENDED) && (*list & TELL)) {
                        *list &= ~(word)(TELL | ENDED);
                        return i;
                }
        }
        return ~(word)0;
}

bool host_guest_runs(void)
{
        return this_core()->guest != NULL;
}

word host_guest_register(word n)
{
        return own()->reg[n];
}

void host_guest_set(word n, word value)
{
        if (host_guest_runs())
                own()->reg[n] = value;
}

word host_guest_list(word list)
{
        return own()->interface.list[list];
}

word host_guest_take(void)
{
        for (word i = 0; i < HOST_LISTS && host_guest_runs() && own()->interface.control; i++) {
                word *list = &own()->interface.list[i];

                if ((*list & STATE) == PENDING) {
                        *list ^= STATE;
                        return i;
                }
        }
        return ~(word)0;
}

void host_guest_end(word list)
{
        word *l = &own()->interface.list[list];

        if (host_guest_runs() && is_active(*l))
                *l = (*l & ~(word)STATE) | ENDED;
}

bool host_guest_timer_due(void)
{
        word ticks = arch_now() - own()->reg[VCPU_CNTVOFF];

        return (own()->reg[VCPU_CNTV_CTL] & (TIMER_ON | TIMER_MASKED)) == TIMER_ON &&
               ticks >= own()->reg[VCPU_CNTV_CVAL];
}

bool host_guest_maintenance_due(void)
{
        word seen = 0;

        for (word i = 0; i < HOST_LISTS && own()->interface.control; i++)
                seen |= (own()->interface.list[i] & (TELL | ENDED)) == (TELL | ENDED);
        return seen;
}

void host_guest_reset(void)
{
        memset(machines, 0, sizeof(machines));
        platform.guest = (struct guest_interrupts){
                .lists = HOST_LISTS,
                .store = store,
                .load = load,
                .enable = enable,
                .disable = disable,
                .list_read = list_read,
                .list_write = list_write,
                .list_pending = list_pending,
                .is_active = is_active,
                .take_ended = take_ended,
        };
}
