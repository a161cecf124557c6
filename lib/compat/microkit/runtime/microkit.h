/* SPDX-License-Identifier: BSD-2-Clause */
/* Protection domains: what a program built for the Microkit interface (2.x) calls and is called by.
 *
 * A program defines `init` and `notified`, and `protected` and `fault` where others call it or it has children.  Its
 * capabilities lie at fixed addresses; channels, interrupts and children have the small numbers that the system description
 * gives them.  All calls are for the one thread of the domain.
 */
#pragma once

#ifndef __ASSEMBLER__

#include <sel4/sel4.h>
#include <stdbool.h>
#include <stdint.h>

typedef unsigned int microkit_channel;
typedef unsigned int microkit_child;
typedef unsigned int microkit_ioport;
typedef seL4_MessageInfo_t microkit_msginfo;

#define MONITOR_EP                   5
#define TCB_CAP                      6
#define ARM_SMC_CAP                  7
#define BASE_OUTPUT_NOTIFICATION_CAP 10
#define BASE_ENDPOINT_CAP            74
#define BASE_IRQ_CAP                 138
#define BASE_TCB_CAP                 202
#define BASE_VM_TCB_CAP              266
#define BASE_VCPU_CAP                330
#define BASE_IOPORT_CAP              394
#define BASE_USER_CAPS               458

#define PD_ROOT_CAP_BITS        6
#define PD_ROOT_CAP_SIZE        64
#define MICROKIT_MAX_USER_CAPS  128
#define MICROKIT_MAX_CHANNELS   62
#define MICROKIT_MAX_CHANNEL_ID (MICROKIT_MAX_CHANNELS - 1)
#define MICROKIT_MAX_IOPORT_ID  MICROKIT_MAX_CHANNELS
#define MICROKIT_PD_NAME_LENGTH 64

/* --- what the program defines --- */

/* Once, before anything else. */
void init(void);

/* The other end of the channel has notified, or the interrupt with this number has come. */
void notified(microkit_channel ch);

/* The other end of the channel calls; the result is the answer. */
microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo);

/* A child has faulted; true: answer with *reply_msginfo, which lets it go on. */
seL4_Bool fault(microkit_child child, microkit_msginfo msginfo, microkit_msginfo *reply_msginfo);

/* --- what the builder writes into the image --- */

extern char microkit_name[MICROKIT_PD_NAME_LENGTH];
extern bool microkit_passive;
extern seL4_Word microkit_irqs, microkit_notifications, microkit_pps,
        microkit_ioports; /* bit n: number n is one */

/* --- a notification or acknowledgement that goes out with the next wait --- */

extern seL4_Bool microkit_have_signal;
extern seL4_CPtr microkit_signal_cap;
extern seL4_MessageInfo_t microkit_signal_msg;

/* --- debug output: nothing where the kernel does not print --- */

void microkit_dbg_putc(int c);
void microkit_dbg_puts(const char *s);
void microkit_dbg_put8(seL4_Uint8 x); /* decimal */
void microkit_dbg_put32(seL4_Uint32 x);

/* Stop with a write to address `error`. */
void microkit_internal_crash(seL4_Error error);

/* --- calls --- */

/* The address of slot 1 to 63 of the domain's root CNode (cspace elements); 0 for other numbers. */
static inline seL4_CPtr microkit_cspace_root_slot_to_cptr(seL4_Word slot)
{
        return slot == 0 || slot >= PD_ROOT_CAP_SIZE ? 0 : slot << (seL4_WordBits - PD_ROOT_CAP_BITS);
}

static inline seL4_Bool microkit_has(seL4_Word set, unsigned int number, const char *what)
{
        if (number < MICROKIT_MAX_CHANNELS && (set & ((seL4_Word)1 << number)))
                return seL4_True;
        microkit_dbg_puts(microkit_name);
        microkit_dbg_puts(": ");
        microkit_dbg_puts(what);
        microkit_dbg_put32(number);
        microkit_dbg_puts("\n");
        return seL4_False;
}

static inline void microkit_notify(microkit_channel ch)
{
        if (microkit_has(microkit_notifications, ch, "microkit_notify: no such channel: "))
                seL4_Signal(BASE_OUTPUT_NOTIFICATION_CAP + ch);
}

static inline void microkit_irq_ack(microkit_channel ch)
{
        if (microkit_has(microkit_irqs, ch, "microkit_irq_ack: no such interrupt: "))
                seL4_IRQHandler_Ack(BASE_IRQ_CAP + ch);
}

/* Sent by the next wait; one at a time, the last one counts. */
static inline void microkit_deferred_notify(microkit_channel ch)
{
        if (!microkit_has(microkit_notifications, ch, "microkit_deferred_notify: no such channel: "))
                return;
        microkit_have_signal = seL4_True;
        microkit_signal_msg = seL4_MessageInfo_new(0, 0, 0, 0);
        microkit_signal_cap = BASE_OUTPUT_NOTIFICATION_CAP + ch;
}

static inline void microkit_deferred_irq_ack(microkit_channel ch)
{
        if (!microkit_has(microkit_irqs, ch, "microkit_deferred_irq_ack: no such interrupt: "))
                return;
        microkit_have_signal = seL4_True;
        microkit_signal_msg = seL4_MessageInfo_new(IRQAckIRQ, 0, 0, 0);
        microkit_signal_cap = BASE_IRQ_CAP + ch;
}

static inline microkit_msginfo microkit_ppcall(microkit_channel ch, microkit_msginfo msginfo)
{
        if (!microkit_has(microkit_pps, ch, "microkit_ppcall: no protected procedure: "))
                return seL4_MessageInfo_new(0, 0, 0, 0);
        return seL4_Call(BASE_ENDPOINT_CAP + ch, msginfo);
}

static inline microkit_msginfo microkit_msginfo_new(seL4_Word label, seL4_Uint16 count)
{
        return seL4_MessageInfo_new(label, 0, 0, count);
}

static inline seL4_Word microkit_msginfo_get_label(microkit_msginfo msginfo)
{
        return seL4_MessageInfo_get_label(msginfo);
}

static inline seL4_Word microkit_msginfo_get_count(microkit_msginfo msginfo)
{
        return seL4_MessageInfo_get_length(msginfo);
}

static inline void microkit_mr_set(seL4_Uint8 mr, seL4_Word value)
{
        seL4_SetMR(mr, value);
}

static inline seL4_Word microkit_mr_get(seL4_Uint8 mr)
{
        return seL4_GetMR(mr);
}

/* A child goes on at `entry_point`, other registers as they are; is stopped; goes on where it was. */
void microkit_pd_restart(microkit_child pd, seL4_Word entry_point);
void microkit_pd_stop(microkit_child pd);
void microkit_pd_resume(microkit_child pd);

#ifdef CONFIG_ALLOW_SMC_CALLS
void microkit_arm_smc_call(seL4_ARM_SMCContext *args, seL4_ARM_SMCContext *response);
#endif

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
void microkit_vcpu_restart(microkit_child vcpu, seL4_Word entry_point);
void microkit_vcpu_stop(microkit_child vcpu);
void microkit_vcpu_arm_inject_irq(microkit_child vcpu, seL4_Uint16 irq, seL4_Uint8 priority, seL4_Uint8 group,
                                  seL4_Uint8 index);
void microkit_vcpu_arm_ack_vppi(microkit_child vcpu, seL4_Word irq);
seL4_Word microkit_vcpu_arm_read_reg(microkit_child vcpu, seL4_Word reg);
void microkit_vcpu_arm_write_reg(microkit_child vcpu, seL4_Word reg, seL4_Word value);
#endif

#endif
