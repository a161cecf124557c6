/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals to threads that wait on other cores, past the door (docs/smp.md, "The mailbox").  Takes letters out of core->home.
 *
 * The word by which a core recognizes what is at home with it is its mailbox, too.  Whoever signals in local mode puts the slot of the
 * cap there, which nobody changes without the door, and rings; nothing is at home on that core until it has taken the letter, or somebody
 * inside the door has delivered it.
 */
#include "core/home.h"
#include "core/platform.h"
#include "door/local.h"
#include "ipc/notification.h"
#include "sched/cores.h"
#include "sched/sched.h"
#include "time/clock.h"
#include "trap/leave.h"
#include "trap/short.h"
#include "trap/short_switch.h"

enum { MAIL_RING = 1 };

/* Somebody of core `number` waits for a signal, as far as can be seen from another core, which may change that: right or wrong, what comes
 * of the letter is right, but a letter interrupts. */
static __attribute__((no_sanitize("thread"))) bool seems_awaited(const struct notification *n, word number)
{
        const struct thread *to = n->waiters.first;

        if (!to && n->bound && n->bound->state == RECEIVING)
                to = n->bound;
        return to && to->domain == number;
}

struct context *mail_send(const struct slot *slot, word info, struct thread *t)
{
        struct cap c = slot->cap;
        const struct notification *n = cap_object(c);
        word home = n->home, number = home_number(home);

        if (home == home_here(this_core()) || !(cap_rights(c) & RIGHT_WRITE) || info_caps(info) ||
            !seems_awaited(n, number) || !short_may(this_core()))
                return door_again();
        if (!__atomic_load_n(&kernel.door.posted, __ATOMIC_RELAXED)) /* else its line stays where it is */
                __atomic_store_n(&kernel.door.posted, 1, __ATOMIC_RELAXED);
        if (!__atomic_compare_exchange_n(&kernel.peer[number]->home, &home, (word)slot, false,
                                         __ATOMIC_RELEASE, __ATOMIC_RELAXED))
                return door_again();
        platform.irq.ring(number, MAIL_RING);
        return arch_resume(&t->context);
}

/* The letter in the mailbox of `of` is carried out.  Whoever wakes here goes in front of its equals, as a thread that another core wakes
 * (spec smp.md 4.1). */
static void carry_out(struct core *of)
{
        struct core *core = this_core();
        struct cap c = ((const struct slot *)__atomic_load_n(&of->home, __ATOMIC_ACQUIRE))->cap;
        bool chooses = core->choose;

        __atomic_store_n(&of->home, home_of(of->number), __ATOMIC_RELAXED);
        core->choose = true;
        notification_signal(cap_object(c), cap_badge(c));
        core->choose = chooses || cores_must_choose(core);
}

/* A core whose letter it is has been rung for.  Another one rings for itself, since the entry that it begins need not look at who is
 * ready. */
void door_letters(void)
{
        const struct core *core = this_core();

        kernel.door.posted = 0;
        clock_account();
        for (word n = 0; n < kernel.cores; n++) {
                struct core *of = kernel.peer[n];

                if (!home_is_letter(of->home))
                        continue;
                carry_out(of);
                if (core->marks && n != core->number)
                        door_ring(core->number);
        }
}

/* Before the gate nothing is due.  The ring that may be pending is for this letter: no other one comes before it is taken. */
struct context *mail_take(struct core *core)
{
        const struct slot *slot = (const struct slot *)home_here(core);
        const struct notification *n = cap_object(slot->cap);

        if (core->now >= core->gate || core->marks || n->sc || !local_hears(core, n))
                return NULL;
        platform.irq.hush();
        carry_out(core);
        return leave();
}
