/* SPDX-License-Identifier: BSD-2-Clause */
/* What comes from the guest: each fault is handled, and then the guest continues or waits (spec el2.md 6, 8, 9). */
#include "os/monitor/device.h"
#include "os/monitor/irq.h"
#include "os/monitor/monitor.h"
#include "sos/clock.h"

/* The syndrome of a data abort. */
enum {
        VALID = 1 << 24,
        SIZE_SHIFT = 22,
        SIGNED = 1 << 21,
        REGISTER_SHIFT = 16,
        REGISTER = 31,
        WIDE = 1 << 15,
        WRITE = 1 << 6,
        CLASS_SHIFT = 26,
};
enum { CLASS_WFX = 0x01, CLASS_SMC = 0x17, CLASS_SYSTEM = 0x18 };
enum { TIMER_ON = 1, TIMER_MASKED = 2 };

/* --- accesses to devices --- */

static uint64_t extended(uint64_t value, unsigned width, uint64_t status)
{
        unsigned unused = 64 - 8 * width;

        value = value << unused >> unused;
        if (status & SIGNED)
                value = (uint64_t)((int64_t)(value << unused) >> unused);
        return status & WIDE ? value : (uint32_t)value;
}

static void access_device(uint64_t address, uint64_t status, bool fetch)
{
        unsigned width = 1u << (status >> SIZE_SHIFT & 3), number = status >> REGISTER_SHIFT & REGISTER;
        const struct emulated *e = !fetch && status & VALID ? device_at(address, width) : NULL;
        uint64_t value;

        if (!e || address % width) { /* registers of devices are aligned */
                guest_abort(fetch);
                return;
        }
        if (status & WRITE) {
                value = guest_register(number);
                e->write(e->device, address - e->base, width,
                         width == 8 ? value : value & ((1ull << 8 * width) - 1));
        } else {
                value = e->read(e->device, address - e->base, width);
                guest_set_register(number, extended(value, width, status));
        }
        guest_skip();
}

/* --- waiting --- */

/* The tick at which its timer fires; 0: never. */
static uint64_t timer_tick(void)
{
        uint64_t control = guest_system_register(seL4_VCPUReg_CNTV_CTL), at;

        if ((control & (TIMER_ON | TIMER_MASKED)) != TIMER_ON ||
            !(monitor.caller->irq.bits.enabled >> TIMER_IRQ & 1))
                return 0;
        at = guest_system_register(seL4_VCPUReg_CNTV_CVAL) + guest_system_register(seL4_VCPUReg_CNTVOFF);
        return at ? at : 1;
}

void exits_wait(void)
{
        uint64_t due;

        if (irq_deliver(monitor.caller))
                return;
        due = timer_tick();
        if (!due || due > clock_ticks())
                processor_park(monitor.caller, due);
}

/* An interrupt that was put into a list register between this fault and now would have ended the wait: the instruction is tried again. */
static void wait_for_interrupt(bool told)
{
        if (told)
                return;
        guest_skip();
        exits_wait();
}

/* --- traps --- */

/* Software interrupts of a GICv3: to all others, or to those that are named of the first sixteen of cluster 0.0.0. */
static void send(uint64_t value)
{
        enum { TO_OTHERS_SHIFT = 40, NUMBER_SHIFT = 24, NAMED = 0xffff };
        const uint64_t elsewhere = 0xffull << 48 | 0xfull << 44 | 0xffull << 32 | 0xffull << 16;
        uint64_t set = value & elsewhere ? 0 : value & NAMED;

        if (value >> TO_OTHERS_SHIFT & 1)
                set = ~(1ull << monitor.caller->number);
        irq_send(set, value >> NUMBER_SHIFT & (SGIS - 1));
}

/* Others read as zero, and are not written. */
static void system_register(uint64_t status)
{
        enum { NAME = 0x3ffc1e, SGI1R = 0x3a3016, SRE = 0x3a3018, SRE_ALL = 7 };
        unsigned number = status >> 5 & REGISTER;
        bool read = status & 1;

        if ((status & NAME) == SGI1R && !read)
                send(guest_register(number));
        else if (read)
                guest_set_register(number, (status & NAME) == SRE ? SRE_ALL : 0);
        guest_skip();
}

static void trap(uint64_t status, bool told)
{
        switch (status >> CLASS_SHIFT) {
        case CLASS_WFX:
                if (status & 1)
                        guest_skip(); /* WFE */
                else
                        wait_for_interrupt(told);
                return;
        case CLASS_SMC:
                psci_call();
                guest_skip();
                return;
        case CLASS_SYSTEM:
                system_register(status);
                return;
        default:
                guest_abort(false);
        }
}

void exits_handle(seL4_MessageInfo_t info)
{
        struct processor *p = monitor.caller;
        bool told = p->told;
        seL4_Word word[4];

        p->told = false;
        monitor.page->exits++;
        guest_look();
        for (int i = 0; i < 4; i++)
                word[i] = seL4_GetMR(i);
        switch (seL4_MessageInfo_get_label(info)) {
        case seL4_Fault_VMFault:
                guest_knows_pc(word[seL4_VMFault_IP]);
                access_device(word[seL4_VMFault_Addr], word[seL4_VMFault_FSR],
                              word[seL4_VMFault_PrefetchFault]);
                break;
        case seL4_Fault_VPPIEvent:
                irq_timer(p);
                break;
        case seL4_Fault_VGICMaintenance:
                irq_done(p, (unsigned)word[seL4_VGICMaintenance_IDX]);
                break;
        case seL4_Fault_VCPUFault:
                trap(word[seL4_VCPUFault_HSR], told);
                break;
        case seL4_Fault_UnknownSyscall: /* HVC */
                psci_call();
                guest_skip();
                break;
        default:
                monitor_fails("a fault that no guest can have, label %lu", seL4_MessageInfo_get_label(info));
        }
        guest_answer_registers();
        if (processor_is_on(p) && !p->parked)
                processor_go(p);
}
