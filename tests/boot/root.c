/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task that examines everything it was given at boot and compares it with the public boot contract.
 *
 * One line per check; `run` counts them.  This file has the console, system calls and the state of the machine.
 *
 * shows: BOOT-3.1 BOOT-3.2 BOOT-3.3 BOOT-3.4 BOOT-3.5 BOOT-3.6 BOOT-9.5
 *
 * At the end it reads the virtual counter, which faults unless that was exported; nobody handles the fault.
 */
#include "root.h"

static volatile uint32_t *uart;

word call(word cptr, word label, word caps, word length, word mr[4])
{
        register word x0 __asm__("x0") = cptr;
        register word x1 __asm__("x1") = label << 12 | caps << 7 | length;
        register word x2 __asm__("x2") = mr[0];
        register word x3 __asm__("x3") = mr[1];
        register word x4 __asm__("x4") = mr[2];
        register word x5 __asm__("x5") = mr[3];
        register word x6 __asm__("x6") = 0;
        register word x7 __asm__("x7") = (word)CALL;

        __asm__ volatile("svc #0"
                         : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5)
                         : "r"(x6), "r"(x7)
                         : "memory");
        mr[0] = x2, mr[1] = x3, mr[2] = x4, mr[3] = x5;
        return x1 >> 12;
}

word debug_call(int number, word argument)
{
        register word x0 __asm__("x0") = argument;
        register word x7 __asm__("x7") = (word)number;

        __asm__ volatile("svc #0" : "+r"(x0) : "r"(x7) : "memory");
        return x0;
}

void put(char c)
{
        if (uart)
                *uart = (uint8_t)c;
        else if (DEBUG)
                debug_call(PUT_CHAR, (uint8_t)c);
}

void say(const char *s)
{
        while (*s)
                put(*s++);
}

void say_hex(word value)
{
        say("0x");
        for (int shift = value ? (63 - __builtin_clzll(value)) & ~3 : 0; shift >= 0; shift -= 4)
                put("0123456789abcdef"[value >> shift & 15]);
}

void check(const char *name, word is, word should_be)
{
        if (is == should_be) {
                say("ok ");
                say(name);
        } else {
                say("FAIL ");
                say(name);
                say(": is ");
                say_hex(is);
                say(", should be ");
                say_hex(should_be);
        }
        put('\n');
}

word words_set(const word *p, word count)
{
        word n = 0;

        while (count-- > 0)
                n += *p++ != 0;
        return n;
}

/* --- the state of the machine -------------------------------------------------------------------------------- */

static void check_registers(void)
{
        const struct entry_state *e = &entry_state;
        word info = round_up((word)_end, 12) + PAGE;

        check("x0 is the bootinfo address", e->x[0], info);
        check("x1 to x30 are 0", words_set(e->x + 1, 30), 0);
        check("sp is 0", e->sp, 0);
        check("thread-id registers are 0", e->tpidr | e->tpidrro, 0);
        check("condition flags are 0", e->nzcv, 0);
        check("FP control and status are 0", e->fpcr | e->fpsr, 0);
        check("FP registers are 0", words_set(e->v, 64), 0);
}

static void check_cache_access(void)
{
        word ctr, dczid;

        __asm__ volatile("mrs %0, ctr_el0\n mrs %1, dczid_el0" : "=r"(ctr), "=r"(dczid));
        __asm__ volatile("dc cvau, %0\n dc cvac, %0\n dc civac, %0\n ic ivau, %0" : : "r"(&uart) : "memory");
        check("EL0 reads CTR_EL0 and runs cache maintenance", ctr >> 31 & 1, 1);
        check("DC ZVA is prohibited at EL0", dczid >> 4 & 1, 1);
}

static void check_counters(void)
{
        word enabled, before, after, hz;

        __asm__ volatile("mrs %0, pmuserenr_el0" : "=r"(enabled));
        check("performance counters are exported as asked", enabled, EXPORTS);
        if (!EXPORTS)
                return;
        __asm__ volatile("isb\n mrs %0, pmccntr_el0" : "=r"(before));
        __asm__ volatile("isb\n mrs %0, pmccntr_el0" : "=r"(after));
        check("the cycle counter runs", after > before, 1);
        __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hz));
        check("the counter's frequency is readable", hz, 62500000);
}

/* Run much longer than a time slice: the timer interrupts us, we continue, and the time is charged to us. */
static void check_time(void)
{
        word mr[4] = {0};

        for (volatile int i = 0; i < 30000000; i++)
                ;
        check("Consumed succeeds", call(INIT_SC, SC_CONSUMED, 0, 0, mr), 0);
        check("more than two slices of 5 ms were used", mr[0] > 10000, 1);
}

static void read_counter(void)
{
        word now;

        __asm__ volatile("mrs %0, cntvct_el0" : "=r"(now));
        check("the virtual counter is readable", now != 0, EXPORTS);
}

/* A release kernel prints nothing for us: make a frame of the UART's device untyped and map it, at the end of the
 * 2 MiB in which the image begins. */
static void map_uart(const struct bootinfo *b)
{
        word slot = b->empty.start, va = round_down((word)__executable_start, 21) + (511 * PAGE), i = 0;
        word mr[4] = {OBJECT_SMALL_PAGE, 0, 0, 0}, *buffer = (word *)b->buffer;

        while (b->list[i].paddr != 0x9000000)
                i++;
        buffer[1 + 4] = slot; /* node offset, number of objects */
        buffer[1 + 5] = 1;
        buffer[122] = 2;
        call(b->untyped.start + i, UNTYPED_RETYPE, 1, 6, mr);
        mr[0] = va, mr[1] = 3, mr[2] = 4;
        buffer[122] = 3;
        if (call(slot, PAGE_MAP, 1, 3, mr) == 0)
                uart = (volatile uint32_t *)va;
}

void main(void);

void main(void)
{
        const struct bootinfo *b = (const struct bootinfo *)entry_state.x[0];
        word used = words_set((const word *)b->buffer, PAGE / 8);

        map_uart(b);
        check("the IPC buffer was 0", used, 0);
        check_registers();
        check_cache_access();
        check_counters();
        check("the UART is mapped", uart != NULL, 1);
        check_bootinfo(b);
        check_thread(b);
        check_time();
        read_counter();
        say("end\n");
        for (;;)
                ;
}
