/* SPDX-License-Identifier: BSD-2-Clause */
/* See host_cores.h. */
#include "arch/host/host_cores.h"
#include "arch/arch.h"
#include "arch/host/host.h"
#include "core/state.h"
#include "door/local.h"
#include "sched/cores.h"
#include "trap/exception.h"
#include "trap/syscall.h"
#include "trap/trap.h"
#include "vcpu/vcpu.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

void boot_core(struct handover *h, word row);

/* As on the machine, whoever waits for a word alone in its page does not slow the one down that writes beside it. */
static struct {
        _Alignas(4096) struct core core;
} page[CORES_MAX];

static struct handover *record;

_Thread_local struct core *host_core;
void (*host_pause_hook)(const uint32_t *at, uint32_t value, bool until);
void (*host_event_hook)(void);

void host_pause(const uint32_t *at, uint32_t value, bool until)
{
        if (!host_pause_hook)
                abort(); /* one core waits for nobody */
        host_pause_hook(at, value, until);
}

void host_core_is(word number)
{
        host_core = number == 0 ? &kernel.core[0] : &page[number].core;
}

unsigned long host_core_mark(void)
{
        return this_core()->number + 1;
}

void host_cores_describe(struct handover *h)
{
        memset(page, 0, sizeof(page));
        h->core_count = h->options.cores;
        for (word n = 0; n < h->core_count; n++) {
                h->core[n].page = (word)(n == 0 ? &kernel.core[0] : &page[n].core);
                h->core[n].state = HANDOVER_CORE_STARTED;
        }
        record = h;
        for (word n = 1; n < h->core_count; n++) {
                const uint32_t *state = &h->core[n].state;
                while (__atomic_load_n(state, __ATOMIC_ACQUIRE) != HANDOVER_CORE_HERE)
                        host_pause(state, HANDOVER_CORE_HERE, true);
        }
}

/* Where the loader leaves it. */
struct context *host_core_start(word number)
{
        host_core_is(number);
        boot_core(record, number);
        return host_out(trap_first());
}

void arch_doze_while(const uint32_t *at, uint32_t value)
{
        host_pause(at, value, false);
}

void arch_doze_unless(const uint32_t *at, uint32_t value)
{
        host_pause(at, value, true);
}

void arch_tell_cores(void)
{
        if (host_event_hook)
                host_event_hook();
}

/* --- in and out */

/* True: the thread that came in has done nothing, and somebody is to be chosen. */
static bool come_in(void)
{
        uint32_t number;

        if (!several_cores())
                return false;
        number = door_queue();
        if (__atomic_load_n(&kernel.door.turn, __ATOMIC_ACQUIRE) != number)
                return cores_wait(number);
        door_shut();
        return false;
}

/* At EL2 the machine belongs to whoever runs next before the door is left (entry/el2_entry.S). */
struct context *host_out(struct context *c)
{
        struct thread *t = this_core()->current;

        if (!several_cores())
                return c;
        if (hypervisor_face() && t->vcpu != this_core()->guest)
                vcpu_switch(t);
        return cores_leave(c);
}

/* Of each core, in lines that no other one touches. */
static struct past {
        _Alignas(256) jmp_buf again;
        bool comes_home; /* and local_come_home is called inside */
} past[CORES_MAX];

struct context *door_again(void)
{
        longjmp(past[this_core()->number].again, 1);
}

struct context *door_again_and_home(void)
{
        past[this_core()->number].comes_home = true;
        return door_again();
}

/* Nobody is inside the door, or wants to be. */
static bool is_free(void)
{
        return __atomic_load_n(&kernel.door.next, __ATOMIC_RELAXED) ==
               __atomic_load_n(&kernel.door.turn, __ATOMIC_ACQUIRE);
}

/* As local_retreat has it, where a core looks more often. */
static bool may_be_local(struct core *core)
{
        enum { LOOKS = 2 };

        for (unsigned looks = 0;;) {
                __atomic_store_n(&core->local, 1, __ATOMIC_RELAXED);
                __atomic_thread_fence(__ATOMIC_SEQ_CST);
                if (is_free())
                        return true;
                __atomic_store_n(&core->local, 0, __ATOMIC_RELAXED);
                do {
                        if (++looks > LOOKS || host_interrupt_waits())
                                return false;
                } while (!is_free());
        }
}

/* As local_entry has it (arch/aarch64/entry/cores.S). */
static struct context *local_syscall(void)
{
        struct thread *t = this_core()->current;
        word cptr = t->context.x[REG_BADGE], info = t->context.x[REG_INFO];
        int64_t number = (int64_t)t->context.x[REG_SYSCALL];

        if (number == SYS_CALL)
                return trap_call(cptr, info, t);
        if (number == SYS_REPLY_RECV)
                return trap_reply_recv(cptr, info, t);
        return local_other_syscall(cptr, info, t, number);
}

/* The entry past the door, or NULL: nothing has happened. */
static struct context *past_the_door(struct core *core, struct context *(*entry)(void))
{
        struct context *volatile c = NULL;

        past[core->number].comes_home = false;
        if (!may_be_local(core))
                return NULL;
        if (!setjmp(past[core->number].again))
                c = entry();
        __atomic_store_n(&core->local, 0, __ATOMIC_RELEASE);
        return c;
}

/* At EL2 all interrupts and exceptions come by the door (entry/el2_entry.S). */
static struct context *interrupt_el2(void)
{
        return host_out(come_in() ? trap_first() : trap_interrupt_el2());
}

/* A guest that is stopped before its system call begins will repeat it. */
static struct context *exception_el2(word syndrome, word address)
{
        struct context *c = &this_core()->current->context;

        if (exception_class(syndrome) == CLASS_HVC)
                c->restart = c->pc - 4;
        return host_out(come_in() ? trap_first() : trap_exception_el2(syndrome, address));
}

struct context *host_syscall(void)
{
        enum { HYPERCALL = (unsigned)CLASS_HVC << 26 };
        struct core *core = this_core();

        if (several_cores() && core->guest)
                return exception_el2(HYPERCALL, 0);
        struct context *c = several_cores() ? past_the_door(core, local_syscall) : NULL;

        if (c)
                return c;
        if (come_in())
                return host_out(trap_first());
        if (several_cores() && past[core->number].comes_home)
                local_come_home();
        return host_out(trap_syscall());
}

struct context *host_interrupt(void)
{
        if (several_cores() && hypervisor_face())
                return interrupt_el2();
        struct context *c = several_cores() ? past_the_door(this_core(), local_interrupt) : NULL;

        if (c)
                return c;
        return host_out(come_in() ? trap_first() : trap_interrupt());
}

struct context *host_exception(word syndrome, word address)
{
        if (several_cores() && hypervisor_face())
                return exception_el2(syndrome, address);
        return host_out(come_in() ? trap_first() : trap_exception(syndrome, address));
}
