/* SPDX-License-Identifier: BSD-2-Clause */
/* See native.h.
 *
 * Every thread that has ever run has a record with a coroutine.  The coroutine's position is given to the kernel as a
 * pc that no program could have: each record owns two addresses, one for "at the svc" (the next one is "behind the
 * svc") and one for "at the instruction that faulted".  When the kernel dispatches a thread at one of its own
 * addresses, its coroutine continues; at any other pc a new one is started there.
 *
 * The dispatcher runs on the host's own stack; coroutines return to it whenever the kernel has chosen another thread.
 */
#define _GNU_SOURCE 1 /* names of machine registers */
#include "tests/lib/native.h"
#include "arch/arch.h"
#include "arch/host/host_tlb.h"
#include "core/state.h"
#include "debug/check.h"
#include "tests/lib/kernel_view.h"
#include "tests/lib/poison.h"
#include "thread/registers.h"
#include "thread/thread.h"
#include "trap/trap.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { STACK = 256 << 10, RECORDS = 256, SIGNAL_STACK = 64 << 10, PAGES = 1024, EXTENDED = 4096 };
enum { SYSCALL_REGISTERS = 9, TLS_FIRST_VARIABLE = 16, COST_DEFAULT = 100, WORK_COST = 6000 };

/* The first address of the pcs that stand for coroutines; far from programs and from RAM. */
static const word PLACES = 0x7e0000000000, PLACE_STEP = 16, PLACE_FAULT = 8;

struct native {
        struct thread *thread;
        char *stack;
        ucontext_t context;
        bool alive;
        word place; /* its pc at an svc */
        void *ipc_buffer;

        /* an access that the kernel was told of */
        word fault_address, fault_syndrome;
        ucontext_t fault;
        uint8_t fault_extended[EXTENDED];
};

/* AddressSanitizer wants to know which stack is in use. */
#if POISON_WORKS
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#else
#define ASAN_UNPOISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
static void __sanitizer_start_switch_fiber(void **save, const void *bottom, size_t size)
{
        (void)save, (void)bottom, (void)size;
}
static void __sanitizer_finish_switch_fiber(void *save, const void **bottom, size_t *size)
{
        (void)save, (void)bottom, (void)size;
}
#endif

extern __thread void *__sel4_ipc_buffer;
void tessera_host_trap(word *regs);

static struct {
        struct native record[RECORDS];
        word used;
        struct native *running;
        ucontext_t dispatcher;
        const void *dispatcher_stack;
        size_t dispatcher_stack_size;
        word next_place;
        word mapped[PAGES]; /* user pages mapped in this process */
        word mapped_count;
        word cost;
        bool checks;
        enum native_end end;
        bool over;
        struct sigaction before; /* whom a bug of ours is reported to */
} native = {.cost = COST_DEFAULT, .checks = true};

void native_settings(word cost, bool checks)
{
        native.cost = cost;
        native.checks = checks;
}

static _Noreturn void give_up(const char *why)
{
        fprintf(stderr, "native: %s\n%s\n", why, host_console_text());
        abort();
}

/* --- user memory ------------------------------------------------------------------------------------------- */

static void forget(word va, word size)
{
        for (word i = 0; i < native.mapped_count;) {
                if (native.mapped[i] - va >= size) {
                        i++;
                        continue;
                }
                munmap((void *)native.mapped[i], bit(PAGE_BITS));
                native.mapped[i] = native.mapped[--native.mapped_count];
        }
}

static void map_page(word va, const struct host_translation *t, bool writable)
{
        word page = align_down(va, PAGE_BITS), offset = align_down(t->paddr, PAGE_BITS) - HOST_BASE;
        int protection = PROT_READ | (writable ? PROT_WRITE : 0);

        forget(page, bit(PAGE_BITS));
        if (!host_is_ram(t->paddr))
                give_up("a program touched device memory");
        if (native.mapped_count == PAGES)
                forget(0, ~(word)0);
        void *got = mmap((void *)page, bit(PAGE_BITS), protection,
                         MAP_SHARED | MAP_FIXED_NOREPLACE | MAP_POPULATE, host_memory_file(), (off_t)offset);
        if (got != (void *)page)
                give_up("a program uses an address that this process needs itself");
        native.mapped[native.mapped_count++] = page;
}

/* --- coroutines -------------------------------------------------------------------------------------------- */

static struct native *record_of(struct thread *t)
{
        for (word i = 0; i < native.used; i++) {
                if (native.record[i].thread == t)
                        return &native.record[i];
        }
        if (native.used == RECORDS)
                give_up("too many threads");
        struct native *n = &native.record[native.used++];
        if (!n->stack)
                n->stack = malloc(STACK);
        n->thread = t;
        n->alive = false;
        return n;
}

/* The variable of a fresh thread, from its thread-local storage as AArch64 programs lay it out. */
static void *buffer_from_tls(const struct thread *t)
{
        struct host_translation where =
                host_walk(host_space_root(), t->context.tpidr + TLS_FIRST_VARIABLE, HOST_READ);

        if (t->context.tpidr == 0 || !where.ok || !host_is_ram(where.paddr))
                return NULL;
        return *(void **)where.paddr;
}

/* Run by makecontext on the new stack. */
static void begin(void)
{
        const word *x = native.running->thread->context.x;
        void (*program)(word, word) = (void (*)(word, word))native.running->thread->context.pc;

        __sanitizer_finish_switch_fiber(NULL, &native.dispatcher_stack, &native.dispatcher_stack_size);
        program(x[0], x[1]);
        give_up("a program returned from its first function");
}

/* Removes the poison that an earlier program left on the stack. */
static void start(struct native *n)
{
        ASAN_UNPOISON_MEMORY_REGION(n->stack, STACK);
        getcontext(&n->context);
        n->context.uc_stack.ss_sp = n->stack;
        n->context.uc_stack.ss_size = STACK;
        n->context.uc_link = NULL;
        makecontext(&n->context, begin, 0);
        n->alive = true;
        n->place = native.next_place;
        native.next_place += PLACE_STEP;
        n->ipc_buffer = buffer_from_tls(n->thread);
}

static bool stands_at(const struct native *n, word pc)
{
        return n->alive && (pc == n->place || pc == n->place + 4 || pc == n->place + PLACE_FAULT);
}

static void take_interrupts(void)
{
        while (host_interrupt_waits()) {
                struct thread *t = this_core()->current;

                t->context.restart = t->context.pc;
                host_advance(native.cost);
                trap_interrupt();
        }
}

void native_check(void)
{
        check_everything();
        host_tlb_check(view_root_of_asid);
        poison_dead_objects();
}

static void check(void)
{
        if (native.checks)
                native_check();
}

/* The running coroutine stops until it is dispatched again. */
static void to_dispatcher(struct native *n)
{
        void *fake;

        n->ipc_buffer = __sel4_ipc_buffer;
        __sanitizer_start_switch_fiber(&fake, native.dispatcher_stack, native.dispatcher_stack_size);
        swapcontext(&n->context, &native.dispatcher);
        __sanitizer_finish_switch_fiber(fake, NULL, NULL);
}

/* The kernel was entered on behalf of the running coroutine: continue as it has decided.  Returns when the coroutine's
 * thread is dispatched at one of its places. */
static void after_entry(void)
{
        struct native *n = native.running;

        take_interrupts();
        check();
        struct thread *next = this_core()->current;
        if (next == n->thread && stands_at(n, next->context.pc))
                return;
        to_dispatcher(n);
}

static void dispatch(void)
{
        void *fake;

        while (!native.over) {
                struct thread *t = this_core()->current;
                struct native *n = record_of(t);

                if (!stands_at(n, t->context.pc))
                        start(n);
                native.running = n;
                __sel4_ipc_buffer = n->ipc_buffer;
                __sanitizer_start_switch_fiber(&fake, n->stack, STACK);
                swapcontext(&native.dispatcher, &n->context);
                __sanitizer_finish_switch_fiber(fake, NULL, NULL);
        }
}

/* --- entries ----------------------------------------------------------------------------------------------- */

void tessera_host_trap(word *regs)
{
        struct native *n = native.running;
        struct context *c = &n->thread->context;

        memcpy(c->x, regs, SYSCALL_REGISTERS * sizeof(word));
        do {
                c->pc = n->place + 4;
                c->restart = n->place;
                host_advance(native.cost);
                trap_syscall();
                after_entry();
        } while (c->pc == n->place);
        memcpy(regs, c->x, SYSCALL_REGISTERS * sizeof(word));
}

/* Time passes up to the timer's deadline, where the interrupt is taken, and then the rest. */
void native_relax(word ticks)
{
        struct native *n = native.running;

        while (ticks > 0) {
                word now = arch_now(), deadline = host_deadline();
                word step = deadline > now ? min_word(ticks, deadline - now) : ticks;

                host_advance(step);
                ticks -= step;
                if (!host_interrupt_waits())
                        continue;
                n->thread->context.pc = n->place + 4;
                after_entry();
        }
}

/* On the coroutine's stack, with the state of the interrupted access saved in the record.  The illegal instruction
 * leads to on_return, which puts that state back. */
static void fault_entry(void)
{
        struct native *n = native.running;
        struct context *c = &n->thread->context;

        c->pc = n->place + PLACE_FAULT;
        c->restart = c->pc;
        host_advance(native.cost);
        trap_exception(n->fault_syndrome, n->fault_address);
        after_entry();
        __asm__ volatile("ud2");
        __builtin_unreachable();
}

static word extended_size(const ucontext_t *u)
{
        const uint32_t *reserved = (const uint32_t *)((const char *)u->uc_mcontext.fpregs + 464);
        enum { MAGIC = 0x46505853, LEGACY = 512 };

        return reserved[0] == MAGIC ? min_word(reserved[1], EXTENDED) : LEGACY;
}

static void on_access(int number, siginfo_t *info, void *context)
{
        ucontext_t *u = context;
        struct native *n = native.running;
        word va = (word)info->si_addr;
        bool write = u->uc_mcontext.gregs[REG_ERR] & 2;

        (void)number;
        if (!n || this_core()->current != n->thread || host_is_ram(va) || va >= bit(47) ||
            va >= (word)&native) {
                sigaction(SIGSEGV, &native.before,
                          NULL); /* a bug of ours: let it happen again, and be reported */
                return;
        }
        struct host_translation t = host_translate(va, write ? HOST_WRITE : HOST_READ);
        if (t.ok) {
                map_page(va, &t, write || host_translate(va, HOST_WRITE).ok);
                return;
        }
        n->fault_address = va;
        n->fault_syndrome = t.syndrome;
        n->fault = *u;
        memcpy(n->fault_extended, u->uc_mcontext.fpregs, extended_size(u));
        /* Below the red zone, aligned as at the entry of a function. */
        u->uc_mcontext.gregs[REG_RSP] =
                (long long)(align_down((word)u->uc_mcontext.gregs[REG_RSP] - 256, 4) - 8);
        u->uc_mcontext.gregs[REG_RIP] = (long long)(word)fault_entry;
}

static void on_return(int number, siginfo_t *info, void *context)
{
        ucontext_t *u = context;
        struct native *n = native.running;

        (void)number, (void)info;
        memcpy(u->uc_mcontext.gregs, n->fault.uc_mcontext.gregs, sizeof(u->uc_mcontext.gregs));
        memcpy(u->uc_mcontext.fpregs, n->fault_extended, extended_size(u));
}

/* --- beginning and end ------------------------------------------------------------------------------------- */

static _Noreturn void finish(enum native_end end)
{
        native.over = true;
        native.end = end;
        if (native.running)
                to_dispatcher(native.running);
        give_up("the machine stopped before its first program");
}

_Noreturn void native_stop(void)
{
        finish(NATIVE_STUCK);
}

static void on_idle(void)
{
        if (!host_advance_to_deadline())
                finish(NATIVE_STUCK);
}

static void on_halt(void)
{
        finish(NATIVE_HALTED);
}

static void handle_signal(int number, void (*handler)(int, siginfo_t *, void *), struct sigaction *before)
{
        struct sigaction a = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
        struct sigaction old;

        sigaction(number, &a, &old);
        if (before && old.sa_sigaction != handler)
                *before = old;
}

/* The programs run until one of them, or the machine, is finished. */
static enum native_end run(void)
{
        native.over = false;
        dispatch();
        native.running = NULL;
        forget(0, ~(word)0);
        return native.end;
}

static void forget_threads(void)
{
        native.used = 0;
        native.running = NULL;
        native.next_place = PLACES;
}

enum native_end native_run(const struct host_options *options, void (*entry)(word bootinfo))
{
        static char *signal_stack;
        struct host_options o = *options;
        stack_t s = {.ss_size = SIGNAL_STACK};

        if (!signal_stack)
                signal_stack = malloc(SIGNAL_STACK);
        s.ss_sp = signal_stack;
        sigaltstack(&s, NULL);
        handle_signal(SIGSEGV, on_access, &native.before);
        handle_signal(SIGILL, on_return, NULL);
        forget(0, ~(word)0);
        forget_threads();
        host_work_cost(WORK_COST);
        poison_reset();
        host_idle_hook = on_idle;
        host_halt_hook = on_halt;
        host_forget_hook = forget;
        o.entry = (word)entry;
        host_boot(&o);
        view_root_node();
        check();
        return run();
}

enum native_end native_run_again(void (*entry)(word))
{
        forget_threads();
        this_core()->current->context.pc = (word)entry;
        return run();
}
