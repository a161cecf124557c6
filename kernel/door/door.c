/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for the kernel, and for each other.  Owns kernel.door and core->ask.
 *
 * Every word here that two cores use is written by one of them at a time, released by its writer and acquired by its readers;
 * only the number is taken by an exclusive access, which needs no ordering, since `turn` provides it.
 */
#include "door/door.h"
#include "arch/arch.h"
#include "core/platform.h"

void door_start(void)
{
        kernel.door.next = 1;
        kernel.door.turn = 0;
}

uint32_t door_queue(void)
{
        return __atomic_fetch_add(&kernel.door.next, 1, __ATOMIC_RELAXED);
}

static void do_favour(struct core *core)
{
        if (!__atomic_load_n(&core->ask.asked, __ATOMIC_ACQUIRE))
                return;
        core->ask.errand(core->ask.line);
        __atomic_store_n(&core->ask.asked, 0, __ATOMIC_RELEASE);
}

/* Sleep until an interrupt comes.  This core sets its bit, then reads the words again; whoever writes one of the words reads the bits
 * after that.  So one of the two sees the other. */
static void sleep_unless(struct core *core, uint32_t number)
{
        uint32_t bit = 1u << core->number;

        core->waits = number;
        __atomic_fetch_or(&kernel.door.asleep, bit, __ATOMIC_RELEASE);
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        if (__atomic_load_n(&kernel.door.turn, __ATOMIC_ACQUIRE) != number &&
            !__atomic_load_n(&core->ask.asked, __ATOMIC_ACQUIRE))
                arch_wait();
        __atomic_fetch_and(&kernel.door.asleep, ~bit, __ATOMIC_RELAXED);
}

static bool is_asleep(word number)
{
        return __atomic_load_n(&kernel.door.asleep, __ATOMIC_ACQUIRE) >> number & 1;
}

/* The other half of local mode: whoever comes past the door writes its word, then reads the door's (entry/cores.S).  So one of the two sees
 * the other.  From then on nobody posts a letter, and what is under way is delivered before anything else happens inside. */
__attribute__((noinline)) void door_shut(void)
{
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        for (word n = kernel.cores; n-- > 0;) {
                const struct core *core = kernel.peer[n];

                while (__atomic_load_n(&core->local, __ATOMIC_ACQUIRE))
                        arch_doze_unless(&core->local, 0);
        }
        if (rarely(kernel.door.posted))
                door_letters();
}

/* A core that asks for an errand sends a signal (arch_tell_cores), and a core that leaves writes the word: both end a doze.  A wait longer
 * than a core's work inside means that the machine (an emulator, a hypervisor) runs another core in its place: then this core sleeps. */
void door_await(uint32_t number)
{
        enum { LOOKS = 50 };
        unsigned looks = 0;

        while (__atomic_load_n(&kernel.door.turn, __ATOMIC_ACQUIRE) != number) {
                do_favour(this_core());
                if (++looks > LOOKS && !arch_interrupt_pending())
                        sleep_unless(this_core(), number);
                else
                        arch_doze_unless(&kernel.door.turn, number);
        }
        door_shut();
}

void door_tell(enum core_where where)
{
        struct core *core = this_core();

        __atomic_store_n(&core->where, where, __ATOMIC_RELEASE);
}

void door_leave(void)
{
        uint32_t turn = kernel.door.turn + 1;

        __atomic_store_n(&kernel.door.turn, turn, __ATOMIC_RELEASE);
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        if (!__atomic_load_n(&kernel.door.asleep, __ATOMIC_ACQUIRE))
                return;
        for (word n = 0; n < kernel.cores; n++) {
                const struct core *core = kernel.peer[n];

                if (is_asleep(n) && __atomic_load_n(&core->waits, __ATOMIC_RELAXED) == turn)
                        door_ring(n);
        }
}

void door_ring(word number)
{
        platform.irq.ring(number, 0);
}

void door_halt(word number)
{
        const struct core *core = kernel.peer[number];

        if (__atomic_load_n(&core->where, __ATOMIC_ACQUIRE) != AT_USER)
                return;
        door_ring(number);
        while (__atomic_load_n(&core->where, __ATOMIC_ACQUIRE) == AT_USER)
                arch_doze_while(&core->where, AT_USER);
}

void door_ask(word number, void (*errand)(word line), word line)
{
        struct core *core = kernel.peer[number];

        core->ask.errand = errand;
        core->ask.line = line;
        __atomic_store_n(&core->ask.asked, 1, __ATOMIC_RELEASE);
        arch_tell_cores();
        if (__atomic_load_n(&core->where, __ATOMIC_ACQUIRE) != AT_DOOR || is_asleep(number))
                door_ring(number);
        while (__atomic_load_n(&core->ask.asked, __ATOMIC_ACQUIRE))
                arch_doze_while(&core->ask.asked, 1);
}
