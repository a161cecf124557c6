/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for the kernel, and for each other.  Owns kernel.door and core->ask.
 *
 * Every word here that two cores use is written by one of them at a time, released by who writes it and acquired by who reads
 * it; the number alone is taken by an exclusive access, which needs no order, since `turn` has it.
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

/* Who asks for a favour tells so (arch_tell_cores), and who leaves writes the word: both end a doze. */
void door_await(uint32_t number)
{
        while (__atomic_load_n(&kernel.door.turn, __ATOMIC_ACQUIRE) != number) {
                do_favour(this_core());
                arch_doze_unless(&kernel.door.turn, number);
        }
}

void door_tell(enum core_where where)
{
        struct core *core = this_core();

        __atomic_store_n(&core->where, where, __ATOMIC_RELEASE);
}

void door_leave(void)
{
        __atomic_store_n(&kernel.door.turn, kernel.door.turn + 1, __ATOMIC_RELEASE);
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
        if (__atomic_load_n(&core->where, __ATOMIC_ACQUIRE) != AT_DOOR)
                door_ring(number);
        while (__atomic_load_n(&core->ask.asked, __ATOMIC_ACQUIRE))
                arch_doze_while(&core->ask.asked, 1);
}
