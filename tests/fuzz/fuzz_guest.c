/* SPDX-License-Identifier: BSD-2-Clause */
/* See fuzz_guest.h. */
#include "tests/fuzz/fuzz_guest.h"
#include "arch/arch.h"
#include "core/guest.h"
#include "tests/fuzz/fuzz_machine.h"

enum { SET_TCB = 55, INJECT, READ, WRITE, ACKNOWLEDGE, LABELS = 5 };

static word (*byte)(void); /* the history, during one step */

/* A time soon before or after now, as the guest's counter says. */
static word about_now(void)
{
        return arch_now() + byte() * 64 - 4096;
}

static void set_timer(void)
{
        host_guest_set(VCPU_CNTV_CVAL, about_now());
        host_guest_set(VCPU_CNTV_CTL, byte() % 4);
        sim_interrupt();
}

/* Any register: a guest may do what it wants with its own. */
static void set_register(void)
{
        word n = byte() % VCPU_REGISTERS;

        host_guest_set(n, n == VCPU_CNTVOFF ? byte() : byte() * 0x0101010101010101);
        sim_interrupt();
}

static void take(void)
{
        host_guest_take();
}

static void end(void)
{
        host_guest_end(byte() % HOST_LISTS);
        sim_interrupt();
}

/* WFI, SMC, a trapped register, FP, aborts of stage 2 with and without a walk of stage 1. */
static void trap(void)
{
        static const word syndrome[] = {0x07e00000, 0x5e000007, 0x6232f801, 0x1fe00000,
                                        0x93810005, 0x92000086, 0x82000005, 0x9382004f};

        sim_exception(syndrome[byte() % 8], byte() << 12);
}

/* HVC with the present registers: any system call. */
static void call(void)
{
        sim_syscall();
}

static void mode(void)
{
        static const word modes[] = {0x3c0, 0x3c4, 0x3c5, 0x3c5};

        sim_current()->context.spsr = modes[byte() % 4]; /* what ERET does inside */
}

void fuzz_guest(word (*next_byte)(void))
{
        static void (*const steps[])(void) = {set_timer, set_timer, set_register, take, take, end,
                                              end,       trap,      trap,         call, mode};

        byte = next_byte;
        steps[byte() % (sizeof(steps) / sizeof(steps[0]))]();
}

static word injected(void)
{
        word index = byte();

        index = index < 240 ? index % HOST_LISTS : index;
        return byte() | (byte() & 33) << 16 | (byte() & 3) << 24 | index << 32;
}

void fuzz_vcpu(word (*next_byte)(void))
{
        byte = next_byte;
        struct message m = {.label = SET_TCB + byte() % LABELS, .length = 2};
        word b = byte();

        if (m.label == SET_TCB) {
                m.caps = 1;
                m.cap[0] = fuzz_slot_where(byte(), CAP_TCB);
        } else if (m.label == INJECT) {
                m.word[0] = injected();
        } else if (m.label == ACKNOWLEDGE) {
                m.word[0] = byte() < 200 ? HOST_GUEST_TIMER_IRQ : byte();
        } else {
                m.word[0] = byte() % (VCPU_REGISTERS + 1);
                m.word[1] = byte() * 0x0101010101010101;
        }
        user_send(USER_CALL, fuzz_slot_where(b, CAP_VCPU), &m);
}
