/* SPDX-License-Identifier: BSD-2-Clause */
/* What a monitor has around it: the kernel's objects of one guest, and the guest.  The parts of os/monitor under test are the real ones; a
 * system call of theirs ends in world.c, which plays a kernel with a virtual processor.
 *
 * The guest's own acts follow the architecture: it takes the most urgent pending interrupt of its list registers, and the end of one is
 * reported to the monitor.
 *
 * Owns `world`.
 */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>
#include <stdint.h>

#include "sos/machine.h"

enum { WORLD_LISTS = 16, WORLD_NONE = 0xffff };

struct world_list {
        bool pending, active;
        unsigned irq, priority;
        uint64_t taken; /* when: the last one taken ends first */
};

struct world_processor {
        seL4_UserContext context;
        uint64_t system[32]; /* VCPU registers by their numbers */
        struct world_list list[WORLD_LISTS];
        bool timer_masked; /* until AckVPPI */
        bool runs;         /* its thread was started, and has not faulted */
        unsigned made;     /* how often its VCPU was */
};

extern struct world {
        unsigned gic, processors;
        struct world_processor processor[MACHINE_PROCESSORS];
        struct world_processor *now; /* the one that acts */
        unsigned lists;
        uint64_t ticks, alarm_us;
        uint64_t seed, takes;
        void (*injected)(unsigned number, unsigned irq, unsigned priority, unsigned group); /* or NULL */
        void (*acknowledged)(unsigned number);
} world;

/* A machine with the interrupt controller world.gic (2 or 3), world.lists list registers, and one processor or so many, of which the first
 * one is on; once in a process. */
void world_open(void);
void world_open_several(unsigned processors);

/* The processor of that number acts from now on. */
void world_turn(unsigned number);

/* A number below `below`. */
uint64_t world_random(uint64_t below);

/* x0 to x30. */
seL4_Word *world_x(unsigned number);

/* The guest faults: the message comes to the monitor. */
void world_abort(uint64_t address, uint32_t status, bool fetch);
void world_trap(uint32_t status);
void world_call(void); /* HVC */
void world_timer(void);

/* A load or store of the guest at a device: what comes from, or is for, the device.  Without a number the register is a random one; 31 is
 * zero.  That nothing else of the guest changes, and how a load is extended, is checked. */
uint64_t world_load(uint64_t address, unsigned width);
uint64_t world_load_into(unsigned number, uint64_t address, unsigned width);
void world_store(uint64_t address, unsigned width, uint64_t value);
void world_store_from(unsigned number, uint64_t address, unsigned width, uint64_t value);

/* Every register gets a value of its own; then, what the guest did changed nothing but x<number>, and it is at its next instruction. */
seL4_UserContext world_scramble(void);
void world_changed_only(seL4_UserContext before, unsigned number);

/* The guest takes an interrupt, if one is more urgent than what it is at: its number, or WORLD_NONE.  And ends the last one. */
unsigned world_take(void);
unsigned world_end(void);
