/* SPDX-License-Identifier: BSD-2-Clause */
/* See world.h. */
#include "tests/monitor/world.h"

#include <stddef.h>
#include <string.h>

#include "os/monitor/device.h"
#include "os/monitor/monitor.h"
#include "sos/clock.h"
#include "tests/lib/test.h"

enum { WORDS = sizeof(seL4_UserContext) / sizeof(seL4_Word), ZERO_REGISTER = 31 };

struct world world;
static struct machine_page page;
struct monitor monitor = {.page = &page, .name = "world"};
static seL4_IPCBuffer buffer;
LIBSEL4_THREAD_LOCAL seL4_IPCBuffer *__sel4_ipc_buffer = &buffer;
char __sel4_print_error;

/* --- what a monitor calls --- */

uint64_t clock_ticks(void)
{
        return world.ticks;
}

void monitor_alarm(uint64_t us)
{
        world.alarm_us = us;
}

bool monitor_gets_processor(void)
{
        return true;
}

_Noreturn void monitor_ends(enum machine_state state, const char *format, ...)
{
        test_fail(__FILE__, __LINE__, "the monitor ends in state %u: %s", state, format);
}

static seL4_Error inject(unsigned number, seL4_Word packed)
{
        struct world_list *list = world.processor[number].list;
        unsigned irq = packed & 0xffff, priority = packed >> 16 & 0xff, group = packed >> 24 & 0xff,
                 index = packed >> 32 & 0xff;

        if (index >= world.lists) {
                buffer.msg[0] = 0;
                buffer.msg[1] = world.lists - 1;
                return seL4_RangeError;
        }
        CHECK(!list[index].pending && !list[index].active);
        CHECK(priority < 32);
        if (world.injected)
                world.injected(number, irq, priority, group);
        list[index] = (struct world_list){.pending = true, .irq = irq, .priority = priority};
        return seL4_NoError;
}

static seL4_Error of_vcpu(unsigned number, seL4_Word label, seL4_Word *results)
{
        struct world_processor *p = &world.processor[number];

        switch (label) {
        case ARMVCPUInjectIRQ:
                return inject(number, buffer.msg[0]);
        case ARMVCPUReadReg:
                buffer.msg[0] = p->system[buffer.msg[0]];
                *results = 1;
                return seL4_NoError;
        case ARMVCPUWriteReg:
                p->system[buffer.msg[0]] = buffer.msg[1];
                return seL4_NoError;
        case ARMVCPUSetTCB:
                return seL4_NoError;
        default:
                CHECK_EQUAL(label, ARMVCPUAckVPPI);
                CHECK(p->timer_masked);
                if (world.acknowledged)
                        world.acknowledged(number);
                p->timer_masked = false;
                return seL4_NoError;
        }
}

static seL4_Error of_thread(unsigned number, seL4_Word label, seL4_Word *results)
{
        struct world_processor *p = &world.processor[number];
        seL4_Word *words = (seL4_Word *)&p->context, count = buffer.msg[1];

        CHECK(count <= WORDS);
        if (label == TCBReadRegisters) {
                CHECK(!(buffer.msg[0] & 1));
                memcpy(buffer.msg, words, count * sizeof(seL4_Word));
                *results = count;
        } else {
                CHECK_EQUAL(label, TCBWriteRegisters);
                memcpy(words, buffer.msg + 2, count * sizeof(seL4_Word));
                p->runs |= buffer.msg[0] & 1;
        }
        return seL4_NoError;
}

/* The VCPU of a processor that begins again is made anew, of the same memory. */
static seL4_Error of_memory(unsigned number, seL4_Word label)
{
        struct world_processor *p = &world.processor[number];

        CHECK_EQUAL(label, UntypedRetype);
        memset(p->system, 0, sizeof(p->system));
        memset(p->list, 0, sizeof(p->list));
        p->timer_masked = false;
        p->made++;
        return seL4_NoError;
}

static seL4_Error of(seL4_CPtr cap, seL4_Word label, seL4_Word *results)
{
        unsigned number = (unsigned)(cap - MACHINE_PROCESSOR) / MACHINE_PER_PROCESSOR;

        if (cap == MACHINE_CSPACE) {
                CHECK_EQUAL(label, CNodeDelete);
                return seL4_NoError;
        }
        CHECK(number < world.processors);
        switch ((cap - MACHINE_PROCESSOR) % MACHINE_PER_PROCESSOR) {
        case MACHINE_VCPU:
                return of_vcpu(number, label, results);
        case MACHINE_VCPU_MEMORY:
                return of_memory(number, label);
        default:
                CHECK_EQUAL(cap, MACHINE_SLOT(number, MACHINE_TCB));
                return of_thread(number, label, results);
        }
}

void tessera_host_trap(seL4_Word *r)
{
        seL4_Word label = seL4_MessageInfo_get_label((seL4_MessageInfo_t){{r[1]}}), results = 0;
        seL4_Error error;

        memcpy(buffer.msg, r + 2, 4 * sizeof(seL4_Word));
        error = of(r[0], label, &results);
        r[0] = 0;
        r[1] = seL4_MessageInfo_new(error, 0, 0, results).words[0];
        memcpy(r + 2, buffer.msg, 4 * sizeof(seL4_Word));
}

/* --- the guest --- */

uint64_t world_random(uint64_t below)
{
        world.seed ^= world.seed << 13;
        world.seed ^= world.seed >> 7;
        world.seed ^= world.seed << 17;
        return world.seed * 0x2545f4914f6cdd1dull % below;
}

void world_turn(unsigned number)
{
        world.now = &world.processor[number];
        monitor.caller = &monitor.processor[number];
}

void world_open_several(unsigned processors)
{
        world.ticks = 1 << 20;
        world.seed = 0x9e3779b97f4a7c15ull + world.gic + world.lists + processors;
        world.processors = processors;
        processors_open(processors);
        world_turn(0);
        gic_open(world.gic);
        CHECK(processor_start(&monitor.processor[0], MACHINE_RAM, 0));
}

void world_open(void)
{
        world_open_several(1);
}

#define AT(n) offsetof(seL4_UserContext, x##n)
static seL4_Word *x_of(seL4_UserContext *context, unsigned number)
{
        static const size_t at[] = {AT(0),  AT(1),  AT(2),  AT(3),  AT(4),  AT(5),  AT(6),  AT(7),
                                    AT(8),  AT(9),  AT(10), AT(11), AT(12), AT(13), AT(14), AT(15),
                                    AT(16), AT(17), AT(18), AT(19), AT(20), AT(21), AT(22), AT(23),
                                    AT(24), AT(25), AT(26), AT(27), AT(28), AT(29), AT(30)};

        return (seL4_Word *)((char *)context + at[number]);
}

seL4_Word *world_x(unsigned number)
{
        return x_of(&world.now->context, number);
}

static void message(seL4_Word label, unsigned words)
{
        monitor.caller->stands = true;
        world.now->runs = false;
        exits_handle(seL4_MessageInfo_new(label, 0, 0, words));
        world.now->runs = processor_is_on(monitor.caller) && !monitor.caller->parked;
}

void world_abort(uint64_t address, uint32_t status, bool fetch)
{
        buffer.msg[seL4_VMFault_IP] = world.now->context.pc;
        buffer.msg[seL4_VMFault_Addr] = address;
        buffer.msg[seL4_VMFault_PrefetchFault] = fetch;
        buffer.msg[seL4_VMFault_FSR] = status;
        message(seL4_Fault_VMFault, 4);
}

void world_trap(uint32_t status)
{
        buffer.msg[0] = status;
        message(seL4_Fault_VCPUFault, 1);
}

void world_call(void)
{
        message(seL4_Fault_UnknownSyscall, 13);
}

void world_timer(void)
{
        CHECK(!world.now->timer_masked);
        world.now->timer_masked = true;
        buffer.msg[0] = TIMER_IRQ;
        message(seL4_Fault_VPPIEvent, 1);
}

/* --- loads and stores --- */

static uint32_t status_of(unsigned number, unsigned width, bool store)
{
        uint32_t size = width == 8 ? 3 : width / 2;

        return 0x93000005u | size << 22 | number << 16 | (uint32_t)store << 6;
}

seL4_UserContext world_scramble(void)
{
        for (unsigned i = 0; i < ZERO_REGISTER; i++)
                *world_x(i) = world_random(UINT64_MAX);
        world.now->context.sp = world_random(UINT64_MAX);
        world.now->context.pc = MACHINE_RAM + 4 * world_random(1 << 20);
        return world.now->context;
}

void world_changed_only(seL4_UserContext before, unsigned number)
{
        before.pc += 4;
        if (number < ZERO_REGISTER)
                *x_of(&before, number) = *world_x(number);
        CHECK(!memcmp(&before, &world.now->context, sizeof(before)));
}

static uint64_t extended(uint64_t value, unsigned width, bool sign)
{
        if (!sign)
                return value;
        return width == 1   ? (uint64_t)(int8_t)value
               : width == 2 ? (uint64_t)(int16_t)value
                            : (uint64_t)(int32_t)value;
}

uint64_t world_load_into(unsigned number, uint64_t address, unsigned width)
{
        enum { EXTEND = 1 << 21, WIDE = 1 << 15 };
        bool sign = width < 8 && world_random(2), wide = width == 8 || world_random(2);
        seL4_UserContext before = world_scramble();
        uint64_t got, value;

        world_abort(address, status_of(number, width, false) | (sign ? EXTEND : 0) | (wide ? WIDE : 0),
                    false);
        world_changed_only(before, number);
        got = number < ZERO_REGISTER ? *world_x(number) : 0;
        value = width == 8 ? got : got & ((1ull << 8 * width) - 1);
        CHECK_EQUAL(got, wide ? extended(value, width, sign) : (uint32_t)extended(value, width, sign));
        return value;
}

uint64_t world_load(uint64_t address, unsigned width)
{
        return world_load_into((unsigned)world_random(ZERO_REGISTER), address, width);
}

void world_store_from(unsigned number, uint64_t address, unsigned width, uint64_t value)
{
        seL4_UserContext before;

        world_scramble();
        if (number < ZERO_REGISTER) /* what is above the width is not stored */
                *world_x(number) = width == 8 ? value : value | (world_random(UINT64_MAX) << 8 * width);
        before = world.now->context;
        world_abort(address, status_of(number, width, true), false);
        world_changed_only(before, ZERO_REGISTER);
}

void world_store(uint64_t address, unsigned width, uint64_t value)
{
        world_store_from((unsigned)world_random(ZERO_REGISTER), address, width, value);
}

/* --- interrupts that it takes --- */

unsigned world_take(void)
{
        struct world_list *best = NULL;
        unsigned running = 256;

        for (struct world_list *l = world.now->list; l < world.now->list + world.lists; l++) {
                if (l->active && l->priority < running)
                        running = l->priority;
                if (l->pending && (!best || l->priority < best->priority))
                        best = l;
        }
        if (!best || best->priority >= running)
                return WORLD_NONE;
        best->pending = false;
        best->active = true;
        best->taken = ++world.takes;
        return best->irq;
}

unsigned world_end(void)
{
        struct world_list *last = NULL;
        unsigned irq;

        for (struct world_list *l = world.now->list; l < world.now->list + world.lists; l++) {
                if (l->active && (!last || l->taken > last->taken))
                        last = l;
        }
        if (!last)
                return WORLD_NONE;
        irq = last->irq;
        last->active = false;
        buffer.msg[seL4_VGICMaintenance_IDX] = (seL4_Word)(last - world.now->list);
        message(seL4_Fault_VGICMaintenance, 1);
        return irq;
}
