/* SPDX-License-Identifier: BSD-2-Clause */
/* The processors of a guest that has several: started and switched off by firmware, software interrupts among all, registers and timers of
 * their own, shared interrupts that are sent to one of them.  The first one gives the others their tasks.
 *
 * Caches are off, so what one writes the others see. */
#include "checks.h"

enum { ON = 0xc4000003, OFF = 0x84000002, AFFINITY = 0xc4000004, SUSPEND = 0xc4000001 };
enum { INVALID = -2, ALREADY_ON = -4, INVALID_ADDRESS = -9 };
enum { STACK = 2048, WAKE = 1, SGI = 5, SHARED_LINE = 90, FRAME = 0x20000 };
enum task { SPIN, WAIT, SEND, SLEEP, READ, LEAVE, STORM };

static struct {
        volatile uint64_t mpidr, sctlr, begun, given, done, word, result, came[LAST];
        volatile uint32_t task;
} other[PROCESSORS];

static uint64_t stack[PROCESSORS][STACK / 8] __attribute__((aligned(16)));
static unsigned count;

static void barrier(void)
{
        __asm__ volatile("dmb sy" : : : "memory");
}

/* Some time; then an emulator that runs one processor at a time goes on with the next one. */
static void pass(void)
{
        for (volatile int i = 0; i < 200; i++)
                ;
        __asm__ volatile("yield");
}

/* --- what another one does --- */

void on_interrupt_of_another(unsigned irq)
{
        other[self()].came[irq % LAST]++;
}

/* A software interrupt, in the form of a GICv2: filter and targets. */
static void send(unsigned sgi, unsigned filter, unsigned targets)
{
        barrier();
        if (!gicv3)
                at(uint32_t, DISTRIBUTOR + 0xf00) = filter << 24 | targets << 16 | sgi;
        else if (filter == 1)
                write_register(S3_0_C12_C11_5, 1ull << 40 | (uint64_t)sgi << 24);
        else
                write_register(S3_0_C12_C11_5, (uint64_t)sgi << 24 | (filter == 2 ? 1u << self() : targets));
}

/* Nothing but an interrupt ends it, the next task's or its own. */
static void wait_for(volatile uint64_t *word, uint64_t value)
{
        while (*word == value) {
                interrupts("daifset");
                if (*word == value)
                        __asm__ volatile("wfi" : : : "memory");
                interrupts("daifclr");
        }
}

static void sleep(unsigned number)
{
        uint64_t until = read_register(cntvct_el0) + read_register(cntfrq_el0) / 2000,
                 came = other[number].came[TIMER];

        set(TIMER, SET);
        write_register(cntv_cval_el0, until);
        write_register(cntv_ctl_el0, TIMER_ON);
        wait_for(&other[number].came[TIMER], came);
        other[number].result = read_register(cntvct_el0) >= until;
}

/* A word of its own registers: the priority of a private interrupt. */
static void read_own(unsigned number)
{
        volatile uint8_t *own = (volatile uint8_t *)(bank(0, 0x400) + TIMER);

        *own = (uint8_t)(number << 4 | 0x80);
        other[number].result = *own;
}

static void carry_out(unsigned number)
{
        uint64_t word = other[number].word;

        switch (other[number].task) {
        case SEND:
                send(word & 0xff, word >> 8 & 0xff, word >> 16 & 0xff);
                break;
        case SLEEP:
                sleep(number);
                break;
        case READ:
                read_own(number);
                break;
        case LEAVE:
                firmware(OFF, 0);
                break;
        case STORM:
                for (;;)
                        send(SGI, 1, 0);
        default:
                break;
        }
}

void another(void)
{
        unsigned number = self();

        other[number].mpidr = read_register(mpidr_el1);
        other[number].sctlr = read_register(sctlr_el1);
        open_interrupts();
        for (unsigned i = 0; i < SGIS; i++)
                set(i, SET);
        interrupts("daifclr");
        barrier();
        other[number].begun++;
        for (uint64_t done = other[number].done;; other[number].done = ++done) {
                if (other[number].task == WAIT)
                        wait_for(&other[number].given, done);
                while (other[number].given == done)
                        pass();
                barrier();
                carry_out(number);
                barrier();
        }
}

/* --- the first one --- */

/* It comes within some seconds. */
static bool comes(volatile uint64_t *word, uint64_t value)
{
        uint64_t until = read_register(cntvct_el0) + 10 * read_register(cntfrq_el0);

        while (*word != value && read_register(cntvct_el0) < until)
                pass();
        barrier();
        return *word == value;
}

/* A task for it; afterwards it spins or waits for the next one. */
static void give(unsigned number, enum task task, uint64_t word)
{
        barrier();
        other[number].task = task;
        other[number].word = word;
        barrier();
        other[number].given++;
        send(WAKE, 0, 1u << number);
}

static bool does(unsigned number, enum task task, uint64_t word)
{
        give(number, task, word);
        return comes(&other[number].done, other[number].given);
}

unsigned processors_there(void)
{
        count = 0;
        while (firmware(AFFINITY, count) >= 0)
                count++;
        return count;
}

static uint64_t top(unsigned number)
{
        return (uint64_t)stack[number] + STACK;
}

static int64_t switch_on(unsigned number)
{
        return firmware_with(ON, number, (uint64_t)start_of_another, top(number));
}

/* Of the second one, which is off. */
static void check_refusals(void)
{
        const uint64_t entry = (uint64_t)start_of_another;

        check(firmware_with(ON, count, entry, 0) == INVALID && firmware(AFFINITY, count) == INVALID,
              "there is none behind the last processor");
        check(firmware_with(ON, 1, 0, 0) == INVALID_ADDRESS &&
                      firmware_with(ON, 1, SERIAL, 0) == INVALID_ADDRESS &&
                      firmware_with(ON, 1, entry + 2, 0) == INVALID_ADDRESS &&
                      firmware_with(ON, 1, 0x42000000, 0) == INVALID_ADDRESS &&
                      firmware_with(ON, 1, ~3ull, 0) == INVALID_ADDRESS,
              "no processor starts outside of memory");
        check(firmware_with(ON, 0, entry, 0) == ALREADY_ON, "the first one is on");
        check(firmware(AFFINITY, 1) == 1, "and the second one off");
        check(firmware_with(AFFINITY, 1, 1, 0) == 0 && firmware_with(AFFINITY, 0x100, 1, 0) == INVALID &&
                      firmware_with(AFFINITY, 0, 4, 0) == INVALID,
              "the cluster is on, and there is no other");
}

static void check_start(void)
{
        bool good = true, fresh = true;

        for (unsigned i = 1; i < count; i++) {
                good = good && switch_on(i) == 0 && firmware(AFFINITY, i) == 0 &&
                       switch_on(i) == ALREADY_ON && comes(&other[i].begun, 1);
                fresh = fresh && other[i].mpidr == (0x80000000 | i) && !(other[i].sctlr & 1);
        }
        check(good, "each processor starts once");
        check(fresh, "each knows its number, and its MMU is off");
}

/* --- software interrupts --- */

static void check_there_and_back(void)
{
        bool good = true;

        for (unsigned i = 1; i < count; i++) {
                uint64_t before = other[i].came[SGI];

                send(SGI, 0, 1u << i);
                good = good && comes(&other[i].came[SGI], before + 1);
                taken[SGI] = 0;
                good = good && does(i, SEND, SGI | 1 << 16);
                for (unsigned wait = 0; wait < 1000000 && !taken[SGI]; wait++)
                        pass();
                good = good && taken[SGI] == 1;
        }
        check(good, "a software interrupt to each, which computes, and back");
        for (unsigned i = 1; i < count; i++)
                good = good && does(i, WAIT, 0);
        for (unsigned round = 0; round < 50; round++) {
                for (unsigned i = 1; i < count; i++) {
                        uint64_t before = other[i].came[SGI];

                        send(SGI, 0, 1u << i);
                        good = good && comes(&other[i].came[SGI], before + 1);
                }
        }
        check(good, "fifty to each, which waits");
}

/* From the second one to all but itself. */
static void check_to_all(void)
{
        uint64_t before[PROCESSORS];
        bool good = true;

        taken[3] = 0;
        for (unsigned i = 1; i < count; i++)
                before[i] = other[i].came[3];
        give(1, SEND, 3 | 1 << 8);
        for (unsigned i = 2; i < count; i++)
                good = good && comes(&other[i].came[3], before[i] + 1);
        good = good && comes(&other[1].done, other[1].given) && taken[3] == 1 &&
               other[1].came[3] == before[1];
        give(1, SEND, 3 | 2 << 8);
        good = good && comes(&other[1].came[3], before[1] + 1) && taken[3] == 1;
        check(good, "to all others, and to itself");
}

/* --- registers of its own --- */

static void check_own_registers(void)
{
        const uintptr_t mine = bank(0, 0x400) + TIMER;
        bool good = true;

        at(uint8_t, mine) = 0x48;
        for (unsigned i = 1; i < count; i++)
                good = good && does(i, READ, 0) && other[i].result == (i << 4 | 0x80);
        check(good && at(uint8_t, mine) == 0x48, "each has registers of its own");
        for (unsigned i = 0; gicv3 && i < count; i++)
                good = good && at(uint64_t, REDISTRIBUTOR + i * FRAME + 8) ==
                                       ((uint64_t)i << 32 | i << 8 | (i == count - 1 ? 0x10 : 0));
        if (!gicv3)
                good = at(uint32_t, DISTRIBUTOR + 0x800) == 0x01010101 &&
                       (at(uint32_t, DISTRIBUTOR + 4) >> 5 & 7) == count - 1;
        check(good, "and is where the controller says");
}

static void check_timers(void)
{
        bool good = true;

        for (unsigned i = 1; i < count; i++)
                give(i, SLEEP, 0);
        for (unsigned i = 1; i < count; i++)
                good = good && comes(&other[i].done, other[i].given) && other[i].result == 1;
        check(good, "each wakes by its own timer");
}

/* --- shared interrupts --- */

static void send_to(unsigned processor)
{
        if (gicv3)
                at(uint64_t, DISTRIBUTOR + 0x6000 + 8 * SHARED_LINE) = processor;
        else
                at(uint8_t, DISTRIBUTOR + 0x800 + SHARED_LINE) = (uint8_t)(1u << processor);
}

static bool is_pending(void)
{
        return at(uint32_t, bank(SHARED_LINE, RAISE)) >> SHARED_LINE % 32 & 1;
}

static void check_routes(void)
{
        bool good = true;

        set(SHARED_LINE, SET);
        taken[SHARED_LINE] = 0;
        for (unsigned i = 1; i < count; i++) {
                send_to(i);
                set(SHARED_LINE, RAISE);
                good = good && comes(&other[i].came[SHARED_LINE], 1);
        }
        check(good && !taken[SHARED_LINE], "a shared interrupt to each");
        send_to(PROCESSORS);
        set(SHARED_LINE, RAISE);
        check(is_pending() && !taken[SHARED_LINE], "it waits while it is nobody's");
        send_to(0);
        check(!is_pending() && taken[SHARED_LINE] == 1, "until it has somebody");
}

/* --- off and on --- */

static bool goes_off(unsigned number)
{
        uint64_t until = read_register(cntvct_el0) + 10 * read_register(cntfrq_el0);

        give(number, LEAVE, 0);
        while (firmware(AFFINITY, number) == 0 && read_register(cntvct_el0) < until)
                pass();
        return firmware(AFFINITY, number) == 1;
}

/* What is sent to one that is off comes when it is on again. */
static void check_off_and_on(void)
{
        enum { ROUNDS = 20, ONE = 1 };
        const uint64_t software = other[ONE].came[7], shared = other[ONE].came[SHARED_LINE];
        bool good = true, kept = true;

        for (uint64_t i = 1; i <= ROUNDS; i++) {
                good = good && goes_off(ONE);
                send(7, 0, 1u << ONE);
                send_to(ONE);
                set(SHARED_LINE, RAISE);
                good = good && is_pending();
                other[ONE].done = other[ONE].given;
                good = good && switch_on(ONE) == 0 && comes(&other[ONE].begun, 1 + i) &&
                       !(other[ONE].sctlr & 1);
                kept = kept && comes(&other[ONE].came[7], software + i) &&
                       comes(&other[ONE].came[SHARED_LINE], shared + i);
        }
        check(good, "twenty times off and on");
        check(kept, "what is sent to one that is off comes when it is on");
}

/* It waits without its timer, and comes back. */
static void check_suspend(void)
{
        bool good;

        taken[SGI] = 0;
        interrupts("daifset");
        give(1, SEND, SGI | 1 << 16);
        good = firmware(SUSPEND, 0) == 0;
        interrupts("daifclr");
        check(good && taken[SGI] == 1, "firmware's wait ends with an interrupt");
}

/* All send to all, and nothing else. */
void storm(void)
{
        for (unsigned i = 1; i < count; i++)
                give(i, STORM, 0);
        for (;;)
                send(SGI, 1, 0);
}

void check_several(void)
{
        check_refusals();
        check_start();
        check_there_and_back();
        check_to_all();
        check_own_registers();
        check_timers();
        check_routes();
        check_off_and_on();
        check_suspend();
        for (unsigned i = 1; i < count; i++)
                does(i, WAIT, 0);
}
