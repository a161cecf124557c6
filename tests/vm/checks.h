/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the guest share that tests its machine: registers, interrupts, what it prints. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define DISTRIBUTOR   0x08000000ul
#define INTERFACE     0x08010000ul /* of a GICv2 */
#define REDISTRIBUTOR 0x080a0000ul
#define SERIAL        0x09000000ul
#define NOTHING       0x0b000000ul

#define at(type, address) (*(volatile type *)(address))
#define read_register(name)                                                                                  \
        ({                                                                                                   \
                uint64_t v_;                                                                                 \
                __asm__ volatile("mrs %0, " #name : "=r"(v_) : : "memory");                                  \
                v_;                                                                                          \
        })
#define write_register(name, value)                                                                          \
        __asm__ volatile("msr " #name ", %0\n\tisb" : : "r"((uint64_t)(value)) : "memory")
#define interrupts(on) __asm__ volatile("msr " on ", #2\n\tisb" : : : "memory")

enum {
        SGIS = 16,
        TIMER = 27,
        SERIAL_LINE = 33,
        SHARED = 70,
        LAST = 96,
        SPURIOUS = 1020,
        GROUPS = 4,
        SET = 0x100,
        CLEAR = 0x180,
        RAISE = 0x200
};
enum { TIMER_ON = 1, TIMER_MASKED = 2, TIMER_FIRED = 4 };

enum { PROCESSORS = 8 };

/* What is shared is where the guest runs, not where it was linked. */
#pragma GCC visibility push(hidden)

extern bool gicv3;
extern volatile unsigned taken[LAST]; /* how often each interrupt came, to the first processor */

/* A line of the report. */
void check(bool good, const char *what);

/* Registers of one bit for an interrupt: those of the caller's private ones. */
uintptr_t bank(unsigned irq, unsigned offset);
void set(unsigned irq, unsigned offset);

/* The caller's interface, and the distributor. */
void open_interrupts(void);

/* A call of firmware: x0 to x3. */
int64_t firmware_with(uint64_t call, uint64_t x1, uint64_t x2, uint64_t x3);

static inline unsigned self(void)
{
        return read_register(mpidr_el1) & 0xff;
}

static inline int64_t firmware(uint64_t call, uint64_t x1)
{
        return firmware_with(call, x1, 0, 0);
}

/* Those of several processors, in a machine that has them (several.c). */
void check_several(void);
__attribute__((noreturn)) void storm(void);
unsigned processors_there(void);
void on_interrupt_of_another(unsigned irq);
void start_of_another(void); /* checks_start.S */

#pragma GCC visibility pop
