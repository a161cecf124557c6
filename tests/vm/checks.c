/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest that tests its machine: interrupts, timer, accesses that cannot be emulated, firmware, waiting.  Each line that it prints is a
 * check; then it reads a letter: `r` restarts the machine, `s` lets all processors send
 * interrupts to all without end, any other switches it off.  The kinds are those of docs/vm-reports.md.
 *
 * MMU and caches are off, so there is no access that is not aligned. */
#include "checks.h"

bool gicv3;
volatile unsigned taken[LAST];                /* how often each interrupt came */
static volatile unsigned meddle;              /* this one is disabled between its acknowledge and its end */
static volatile uint64_t syndrome, syndromes; /* of the last exception, and how many */
static unsigned passed, failed;

/* --- what it prints --- */

static void say(const char *text)
{
        for (; *text; text++)
                at(uint32_t, SERIAL) = (unsigned char)*text;
}

static void say_number(uint64_t n)
{
        char text[2] = {(char)('0' + n % 10)};

        if (n >= 10)
                say_number(n / 10);
        say(text);
}

void check(bool good, const char *what)
{
        passed += good;
        failed += !good;
        say(good ? "ok " : "FAIL ");
        say(what);
        say("\r\n");
}

/* --- interrupts --- */

/* The registers of one bit for an interrupt: those of private ones are elsewhere in a GICv3. */
uintptr_t bank(unsigned irq, unsigned offset)
{
        return (gicv3 && irq < 32 ? REDISTRIBUTOR + 0x10000 + self() * 0x20000 : DISTRIBUTOR) + offset +
               irq / 32 * 4;
}

void set(unsigned irq, unsigned offset)
{
        at(uint32_t, bank(irq, offset)) = 1u << irq % 32;
}

void on_interrupt(void)
{
        uint64_t irq = gicv3 ? read_register(S3_0_C12_C12_0) : at(uint32_t, INTERFACE + 0xc),
                 number = irq & 0x3ff;

        if (number >= SPURIOUS)
                return;
        if (self())
                on_interrupt_of_another((unsigned)number);
        else
                taken[number % LAST]++;
        if (number == TIMER)
                write_register(cntv_ctl_el0, TIMER_ON | TIMER_MASKED);
        if (meddle && number == meddle)
                set(meddle, CLEAR);
        if (gicv3)
                write_register(S3_0_C12_C12_1, irq);
        else
                at(uint32_t, INTERFACE + 0x10) = (uint32_t)irq;
}

void on_exception(void)
{
        syndrome = read_register(esr_el1);
        syndromes++;
        write_register(elr_el1, read_register(elr_el1) + 4);
}

void open_interrupts(void)
{
        gicv3 = read_register(id_aa64pfr0_el1) >> 24 & 0xf;
        if (gicv3) {
                write_register(S3_0_C4_C6_0, 0xff); /* ICC_PMR, ICC_IGRPEN1 */
                write_register(S3_0_C12_C12_7, 1);
                at(uint32_t, DISTRIBUTOR) = 2 | 16;
        } else {
                at(uint32_t, INTERFACE + 4) = 0xff;
                at(uint32_t, INTERFACE) = 1;
                at(uint32_t, DISTRIBUTOR) = 1;
        }
        for (unsigned irq = 0; irq < LAST; irq += 32)
                at(uint32_t, bank(irq, 0x80)) = gicv3 ? ~0u : 0;
}

static void send_to_self(unsigned sgi)
{
        if (gicv3)
                write_register(S3_0_C12_C11_5, (uint64_t)sgi << 24 | 1);
        else
                at(uint32_t, DISTRIBUTOR + 0xf00) = 2u << 24 | sgi;
}

/* Every shared interrupt, to this processor. */
static void come_here(void)
{
        for (unsigned irq = 32; irq < LAST; irq++) {
                if (gicv3)
                        at(uint64_t, DISTRIBUTOR + 0x6000 + 8 * irq) = 0;
                else
                        at(uint8_t, DISTRIBUTOR + 0x800 + irq) = 1;
        }
}

static void forget(void)
{
        for (unsigned i = 0; i < LAST; i++)
                taken[i] = 0;
}

static bool all_came(unsigned first, unsigned count, unsigned most)
{
        bool good = true;

        for (unsigned i = first; i < first + count; i++)
                good = good && taken[i] >= 1 && taken[i] <= most;
        return good;
}

static void check_software_interrupts(void)
{
        for (unsigned i = 0; i < SGIS; i++)
                set(i, SET);
        interrupts("daifclr");
        for (unsigned i = 0; i < SGIS; i++)
                send_to_self(i);
        check(all_came(0, SGIS, 1), "each of 16 software interrupts to itself");
        forget();
        interrupts("daifset");
        for (unsigned i = 0; i < 2 * SGIS; i++)
                send_to_self(i % SGIS);
        interrupts("daifclr");
        check(all_came(0, SGIS, 2), "all 16 at once, twice, which is more than list registers");
        forget();
}

static void check_shared_interrupts(void)
{
        set(SHARED, CLEAR);
        set(SHARED, RAISE);
        check(taken[SHARED] == 0, "one that is disabled does not come");
        check(at(uint32_t, bank(SHARED, RAISE)) >> SHARED % 32 & 1, "and is pending");
        set(SHARED, SET);
        check(taken[SHARED] == 1, "it comes once when it is enabled");
        for (unsigned i = 0; i < 20; i++)
                set(SHARED, RAISE);
        check(taken[SHARED] == 21, "twenty more come one by one");
        forget();
        meddle = SHARED;
        set(SHARED, RAISE);
        meddle = 0;
        set(SHARED, RAISE);
        check(taken[SHARED] == 1, "disabled between acknowledge and end");
        set(SHARED, SET);
        check(taken[SHARED] == 2, "and enabled again");
        forget();
}

/* More than there are list registers, from the least urgent to the most. */
static void check_many(void)
{
        enum { MANY = 24 };

        interrupts("daifset");
        for (unsigned i = 0; i < MANY; i++) {
                at(uint8_t, DISTRIBUTOR + 0x400 + SHARED + i) = (uint8_t)(0xf0 - 8 * i);
                set(SHARED + i, SET);
                set(SHARED + i, RAISE);
        }
        interrupts("daifclr");
        check(all_came(SHARED, MANY, 1), "24 at once, with priorities");
        forget();
}

/* --- registers by width --- */

static void check_widths(void)
{
        const uintptr_t r = DISTRIBUTOR + 0x400 + SHARED / 4 * 4;

        at(uint32_t, r) = 0x40302010;
        check(at(uint8_t, r + 1) == 0x20 && at(uint16_t, r + 2) == 0x4030, "bytes and halves of a word");
        at(uint8_t, r + 3) = 0x80;
        at(uint16_t, r) = 0x6050;
        check(at(uint32_t, r) == 0x80306050, "a word of bytes and halves");
        __asm__ volatile("str wzr, [%0]" : : "r"(r) : "memory");
        check(at(uint32_t, r) == 0, "register 31 is zero");
        if (!gicv3)
                return;
        check(at(uint64_t, REDISTRIBUTOR + 8) ==
                      ((uint64_t)at(uint32_t, REDISTRIBUTOR + 12) << 32 | at(uint32_t, REDISTRIBUTOR + 8)),
              "a double word is its halves");
}

/* Each register as that of a load, of a store, and of a system register that traps, which reads as zero. */
void through_each_register(uintptr_t address, uint64_t *words);

static void check_registers(void)
{
        enum { WORD = 0x40302010, REGISTERS = 31, EACH = 32 };
        static uint64_t words[3 * EACH];
        const uintptr_t r = DISTRIBUTOR + 0x400 + SHARED / 4 * 4;
        unsigned loaded = 0, stored = 0, read = 0;

        at(uint32_t, r) = WORD;
        through_each_register(r, words);
        for (unsigned i = 0; i < REGISTERS; i++) {
                loaded += words[i] == WORD;
                stored += words[EACH + i] == i + 1;
                read += words[2 * EACH + i] == 0;
        }
        check(loaded == REGISTERS, "a load into each register");
        check(stored == REGISTERS, "a store from each register");
        check(read == REGISTERS, "a trapped register into each register");
}

/* --- accesses that cannot be emulated --- */

static bool is_abort(void)
{
        bool one = syndromes == 1 && syndrome >> 26 == 0x25;

        syndromes = 0;
        return one;
}

static void check_aborts(void)
{
        uint64_t a, b, p = SERIAL + 0x18;

        at(uint32_t, NOTHING) = 1;
        check(is_abort(), "a write to nothing is an abort of its own");
        __asm__ volatile("ldp %0, %1, [%2]" : "=&r"(a), "=&r"(b) : "r"(p) : "memory");
        check(is_abort(), "a pair from a device is one");
        __asm__ volatile("ldr %w0, [%1], #4" : "=&r"(a), "+r"(p) : : "memory");
        check(is_abort(), "an access that changes its base is one");
        check(at(uint32_t, SERIAL + 0x18) & 0x80, "and the machine goes on");
}

/* --- firmware --- */

int64_t firmware_with(uint64_t call, uint64_t first, uint64_t second, uint64_t third)
{
        register uint64_t x0 __asm__("x0") = call, x1 __asm__("x1") = first, x2 __asm__("x2") = second,
                             x3 __asm__("x3") = third;

        __asm__ volatile("smc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
        return (int64_t)x0;
}

static void check_firmware(void)
{
        uint64_t steps = 0;

        check(firmware(0x84000000, 0) == 0x10001 && firmware(0x84000006, 0) == 2,
              "PSCI 1.1, and no migration");
        check(firmware(0xc4000003, 0) == -4, "the processor is on already");
        check(firmware(0xc4000003, 8) == -2 && firmware(0xc4000004, 8) == -2, "there is no ninth");
        check(firmware(0xc4000003, 0x100) == -2 && firmware(0xc4000003, 1ull << 32) == -2,
              "nor one of another cluster");
        check(firmware(0xc4000004, 0) == 0, "and it is on");
        check(firmware(0x8400000a, 0x84000008) == 0 && firmware(0x8400000a, 0x84000005) == -1, "features");
        check(firmware(0x84000005, 0) == -1 && firmware(0x12345678, 0) == -1, "what does not exist");
        __asm__ volatile("mov x0, #0x84000000\n\thvc #0\n\tadd %0, %0, #1\n\t"
                         "mov x0, #0x84000000\n\tsmc #0\n\tadd %0, %0, #2\n\tsmc #0\n\twfe\n\tadd %0, %0, #4"
                         : "+r"(steps)
                         :
                         : "x0", "x1", "x2", "x3", "memory");
        check(steps == 7, "no instruction behind HVC, SMC and WFE is left out");
}

/* --- time and waiting --- */

static void try_timer(uint64_t control, bool past)
{
        uint64_t now = read_register(cntvct_el0);

        forget();
        write_register(cntv_cval_el0, past ? now - 1 : now + (1ull << 40));
        write_register(cntv_ctl_el0, control);
        for (volatile int i = 0; i < 1000; i++)
                ;
        check((taken[TIMER] > 0) == (past && control == TIMER_ON),
              past ? "timer, time past" : "timer, time to come");
        write_register(cntv_ctl_el0, 0);
}

static void check_timer(void)
{
        uint64_t until;

        set(TIMER, SET);
        for (uint64_t control = 0; control < 8; control++) {
                try_timer(control & 3, true);
                try_timer(control & 3, false);
        }
        forget();
        until = read_register(cntvct_el0) + read_register(cntfrq_el0) / 1000;
        write_register(cntv_cval_el0, until);
        write_register(cntv_ctl_el0, TIMER_ON);
        while (!taken[TIMER]) {
                interrupts("daifset"); /* one that came between the look and the wait would not end it */
                if (!taken[TIMER])
                        __asm__ volatile("wfi" : : : "memory");
                interrupts("daifclr");
        }
        check(read_register(cntvct_el0) >= until, "it wakes the waiter, and not too early");
        forget();
        interrupts("daifset");
        send_to_self(3);
        __asm__ volatile("wfi" : : : "memory");
        interrupts("daifclr");
        check(taken[3] == 1, "one that is pending ends the wait, also while it is masked");
}

/* By set and way it is the whole cache, everybody's: nothing is lost. */
static void check_caches(void)
{
        static uint64_t words[512];
        bool same = true;

        for (uint64_t i = 0; i < 512; i++)
                words[i] = i * 0x9e3779b97f4a7c15;
        for (uint64_t i = 0; i < 1024; i++)
                __asm__ volatile("dc cisw, %0\n\tdc isw, %0" : : "r"(i << 6) : "memory");
        for (uint64_t i = 0; i < 512; i++)
                same = same && words[i] == i * 0x9e3779b97f4a7c15;
        check(same, "caches by set and way");
}

/* Nothing but the letter's interrupt ends the wait: the timer is off. */
static unsigned char heard(void)
{
        interrupts("daifset");
        set(SERIAL_LINE, SET);
        at(uint32_t, SERIAL + 0x38) = 0x10;
        while (at(uint32_t, SERIAL + 0x18) & 0x10)
                __asm__ volatile("wfi" : : : "memory");
        return (unsigned char)at(uint32_t, SERIAL);
}

void checks(void)
{
        unsigned char letter;

        open_interrupts();
        come_here();
        check_software_interrupts();
        check_shared_interrupts();
        check_many();
        check_widths();
        check_registers();
        check_aborts();
        check_firmware();
        check_timer();
        check_caches();
        if (processors_there() > 1)
                check_several();
        say("checks: ");
        say_number(passed);
        say(" passed, ");
        say_number(failed);
        say(" failed\r\n");
        letter = heard();
        if (letter == 's')
                storm();
        firmware(letter == 'r' ? 0x84000009 : 0x84000008, 0);
}
