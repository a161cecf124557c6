/* SPDX-License-Identifier: BSD-2-Clause */
/* See processor.h. */
#include "os/monitor/processor.h"
#include "os/monitor/monitor.h"
#include "sos/clock.h"

/* A reply object is with a processor that stands, or spare. */
static struct {
        seL4_CPtr spare[MACHINE_PROCESSORS];
        unsigned spares;
        uint32_t go, parked; /* sets of processors */
        uint64_t alarm;      /* that the server has: a tick; 0: none */
} set;

static uint32_t bit(const struct processor *p)
{
        return 1u << p->number;
}

uint32_t processors_all(void)
{
        return (1u << monitor.processors) - 1;
}

bool processor_is_on(const struct processor *p)
{
        return monitor.on & bit(p);
}

/* --- on and off --- */

static bool make_vcpu(unsigned number)
{
        return !seL4_Untyped_Retype(MACHINE_SLOT(number, MACHINE_VCPU_MEMORY), seL4_ARM_VCPUObject, 0,
                                    MACHINE_CSPACE, 0, 0, MACHINE_SLOT(number, MACHINE_VCPU), 1);
}

void processors_open(unsigned count)
{
        monitor.processors = count;
        monitor.caller = &monitor.processor[0];
        for (unsigned i = 0; i < count; i++) {
                if (!monitor_gets_processor() || !make_vcpu(i))
                        monitor_fails("there is no memory for its processor %u of %u", i + 1, count);
                monitor.processor[i] = (struct processor){.number = i,
                                                          .tcb = MACHINE_SLOT(i, MACHINE_TCB),
                                                          .vcpu = MACHINE_SLOT(i, MACHINE_VCPU)};
                set.spare[set.spares++] = MACHINE_SLOT(i, MACHINE_REPLY);
        }
}

/* Nothing is left in the registers of one that begins again, and nothing in its list registers. */
static bool renew(const struct processor *p)
{
        return !p->begun ||
               (!seL4_CNode_Delete(MACHINE_CSPACE, p->vcpu, MACHINE_SLOT_BITS) && make_vcpu(p->number));
}

bool processor_start(struct processor *p, uint64_t entry, uint64_t x0)
{
        if (!renew(p) || !guest_begin(p, entry, x0))
                return false;
        p->begun = true;
        monitor.on |= bit(p);
        if (p->stands)
                processor_go(p);
        irq_switched();
        return true;
}

void processor_stop(struct processor *p)
{
        monitor.on &= ~bit(p);
        irq_leave(p);
        irq_switched();
}

void processors_end(void)
{
        for (unsigned i = 0; i < monitor.processors; i++)
                seL4_TCB_Suspend(monitor.processor[i].tcb);
}

/* --- waiting --- */

static uint64_t us_of(uint64_t tick)
{
        uint64_t now = clock_ticks();

        return clock_us() + (tick > now ? clock_scaled(tick - now, 1000000) : 0) + 1;
}

/* One alarm for all: for the first that is due. */
static void set_alarm(void)
{
        uint64_t first = 0;

        for (uint32_t left = set.parked; left; left &= left - 1) {
                uint64_t due = monitor.processor[__builtin_ctz(left)].due;

                if (due && (!first || due < first))
                        first = due;
        }
        if (first == set.alarm)
                return;
        set.alarm = first;
        monitor_alarm(first ? us_of(first) : 0);
}

void processor_park(struct processor *p, uint64_t due)
{
        p->parked = true;
        p->due = due;
        set.parked |= bit(p);
        set_alarm();
}

void processor_wake(struct processor *p)
{
        if (!p->parked)
                return;
        p->parked = false;
        set.parked &= ~bit(p);
        processor_go(p);
}

void processors_look(seL4_Word badge)
{
        uint64_t now = clock_ticks();

        if (badge & MACHINE_BADGE_ALARM)
                set.alarm = 0;
        for (uint32_t left = set.parked; left; left &= left - 1) {
                struct processor *p = &monitor.processor[__builtin_ctz(left)];

                if (p->due && p->due <= now)
                        processor_wake(p);
        }
        if (badge & MACHINE_BADGE_ALARM)
                set_alarm();
}

/* --- faults and answers --- */

void processor_go(struct processor *p)
{
        set.go |= bit(p);
}

static seL4_CPtr take_back(struct processor *p)
{
        set.go &= ~bit(p);
        p->stands = false;
        set.spare[set.spares++] = p->reply;
        return p->reply;
}

static struct processor *next(void)
{
        return &monitor.processor[__builtin_ctz(set.go)];
}

seL4_MessageInfo_t processors_await(seL4_Word *badge)
{
        const seL4_MessageInfo_t none = seL4_MessageInfo_new(0, 0, 0, 0);
        seL4_MessageInfo_t info = none;

        while (set.go & (set.go - 1))
                seL4_Send(take_back(next()), none);
        if (set.go)
                info = seL4_ReplyRecv(MACHINE_FAULTS, none, badge, take_back(next()));
        else if (set.spares)
                info = seL4_Recv(MACHINE_FAULTS, badge, set.spare[set.spares - 1]);
        else
                seL4_Wait(MACHINE_SIGNALS, badge);
        if (*badge & MACHINE_BADGE_FAULT) {
                monitor.caller = &monitor.processor[*badge % MACHINE_PROCESSORS];
                monitor.caller->reply = set.spare[--set.spares];
                monitor.caller->stands = true;
        }
        return info;
}
