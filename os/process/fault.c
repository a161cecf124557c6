/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults of processes: demand paging silently, everything else with one line: what happened, where, why, and what to do. */
#include "os/process/fault.h"
#include "base/text.h"
#include "fault/fault.h"
#include "os/core/console.h"
#include "os/core/service.h"
#include "os/memory/swap.h"
#include "os/process/debug.h"
#include "os/process/driver.h"
#include "os/process/explain.h"
#include "os/process/limits.h"
#include "os/process/signals/signal.h"
#include "os/process/tracee.h"
#include "sel4/report.h"

enum {
        NULL_AREA = 1 << 20,
        FAULTS_MAX = 8, /* a process that goes on faulting is ended */
        KIB = 1024,
};

static void say(const struct process *p, const char *what, seL4_Word pc, const char *hint, bool resumed)
{
        if (p->driver && driver_told(p->driver))
                return;
        console_print("%s[%d]: %s, pc 0x%lx; %s; %s\n", p->name, p->pid, what, pc, hint,
                      resumed ? "resumed" : "ended");
}

/* There is a page, but it does not allow this access. */
static const char *access_hint(struct process *p)
{
        const struct region *r = space_find(p->space, p->call.fault.address);

        if (r && !r->access)
                return "a guard page; is a thread's stack full?";
        if (p->call.fault.access == SPACE_EXECUTE)
                return "data is not code; a jump through a bad pointer?";
        if (p->call.fault.access == SPACE_WRITE)
                return "the page may only be read";
        return "the page does not allow that";
}

static const char *memory_hint(struct process *p, enum space_result result)
{
        seL4_Word address = p->call.fault.address;
        struct region *above = space_find(p->space, address + (8 << 20));

        if (result == SPACE_NO_MEMORY)
                return "out of memory";
        if (result == SPACE_LOST)
                return "the page cannot be read back from the disk";
        if (p->call.fault.unaligned)
                return "the address is not aligned, as exclusive accesses and device registers need";
        if (result == SPACE_BAD_ACCESS)
                return access_hint(p);
        if (result == SPACE_BEYOND)
                return "the file that is mapped there ends before";
        if (address < NULL_AREA)
                return "a null pointer?";
        if (above && above->kind == REGION_STACK)
                return "the stack is full; recursion?";
        if (space_was_there(p->space, address))
                return "it was unmapped before; use after free?";
        return "nothing is mapped there; a stray pointer?";
}

/* The process with the most memory; not the first one, from which the system is used, and no driver. */
static struct process *largest(struct process *p)
{
        uint32_t most = space_size(p->space);

        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *other = process_entry(i);
                if (!process_lives(other) || other->pid == 1 || other->driver ||
                    space_size(other->space) <= most)
                        continue;
                most = space_size(other->space);
                p = other;
        }
        return p;
}

/* When memory and swap are full, the largest process ends.  True: it was another one. */
static bool end_largest(const struct process *p)
{
        struct process *victim = largest((struct process *)p);

        if (victim == p)
                return false;
        console_print("%s[%d]: out of memory (%zu KiB left of %zu; %u KiB belong to this process); ended\n",
                      victim->name, victim->pid, frame_available() * (PAGE / KIB),
                      frame_total() * (PAGE / KIB), space_size(victim->space) * (PAGE / KIB));
        process_kill(victim, SIGNAL_KILL);
        return true;
}

/* What a Linux program sees; the signal that it ends with. */
static struct signal_cause memory_cause(const struct process *p, enum space_result result)
{
        struct signal_cause c = {
                .signal = SIGNAL_SEGV, .code = SEGV_MISSING, .address = p->call.fault.address, .fault = true};

        if (p->call.fault.unaligned) {
                c.signal = SIGNAL_BUS;
                c.code = BUS_ALIGNMENT;
        } else if (result == SPACE_BEYOND || result == SPACE_LOST) {
                c.signal = SIGNAL_BUS;
                c.code = BUS_MISSING;
        } else if (result == SPACE_BAD_ACCESS) {
                c.code = SEGV_ACCESS;
        }
        return c;
}

/* No handler: report it, and the signal with which the process ends. */
static enum fault_result end_with(struct process *p, enum space_result result, int signal)
{
        static const char *const verbs[] = {
                [SPACE_READ] = "read", [SPACE_WRITE] = "write", [SPACE_EXECUTE] = "jump"};
        char what[80];

        p->call.fault.signal = result == SPACE_NO_MEMORY ? SIGNAL_KILL : signal;
        text_print(what, sizeof(what), "memory fault, %s at 0x%lx", verbs[p->call.fault.access],
                   p->call.fault.address);
        say(p, what, p->call.fault.pc, memory_hint(p, result), false);
        if (result != SPACE_NO_MEMORY && result != SPACE_LOST) /* these are not the program's faults */
                fault_explain(p, p->call.fault.pc, true);
        return FAULT_END;
}

/* The region above the address grows to it, within the limits of the process. */
static bool grows(const struct process *p)
{
        uint64_t all, now = p->space->bytes.bound;

        if (!p->kind.foreign)
                return false;
        all = process_limit(p, LIMIT_MEMORY)->now;
        return space_grow_down(p->space, p->call.fault.address, process_limit(p, LIMIT_STACK)->now,
                               all > now ? all - now : 0);
}

/* Bring the page, ending other processes if needed; or the reason why there is none. */
static enum space_result bring_page(struct process *p)
{
        enum space_result result;

        do {
                swap_listen();
                result = space_fault(p->space, p->call.fault.address, p->call.fault.access);
                if (result == SPACE_BAD_ADDRESS && grows(p))
                        result = space_fault(p->space, p->call.fault.address, p->call.fault.access);
        } while (result == SPACE_NO_MEMORY && !frame_comes() && end_largest(p));
        return result == SPACE_NO_MEMORY && frame_comes() ? SPACE_WAITS : result;
}

/* Its debugger, or its tracer, hears of it first. */
static bool stops(struct process *p, const struct signal_cause *cause, enum debug_why why, seL4_Word address)
{
        return p->tracee.tracer ? tracee_fault(p, cause) : debug_stops(p, cause->signal, why, address);
}

enum fault_result fault_again(struct process *p)
{
        enum space_result result;
        struct signal_cause cause;

        if (p->space->changing && p->space->changing != p)
                return FAULT_WAITS;
        if (!p->call.fault.access)
                return FAULT_RESUME; /* the instruction is tried again, and faults again */
        result = bring_page(p);
        if (result == SPACE_WAITS)
                return FAULT_WAITS;
        if (result == SPACE_OK && !p->call.fault.unaligned)
                return FAULT_RESUME;
        cause = memory_cause(p, result);
        if (result != SPACE_NO_MEMORY && stops(p, &cause, DEBUG_FAULTED, 0))
                return FAULT_WAITS;
        if (result != SPACE_NO_MEMORY && signal_fault(p, &cause))
                return FAULT_RESUME;
        if (swap_awaited())
                return FAULT_WAITS;
        return end_with(p, result, cause.signal);
}

static enum fault_result memory_fault(struct process *p, const struct fault *f)
{
        static const enum space_access access[] = {
                [FAULT_READ] = SPACE_READ, [FAULT_WRITE] = SPACE_WRITE, [FAULT_EXECUTE] = SPACE_EXECUTE};

        p->call.fault.pc = f->ip;
        p->call.fault.address = f->address;
        p->call.fault.access = access[f->access];
        p->call.fault.unaligned = f->cause == FAULT_UNALIGNED;
        return fault_again(p);
}

struct trap {
        const char *what, *hint;
        int signal;
        uint32_t code;
        enum debug_why why;
};

static struct trap trap_of(enum fault_cause cause)
{
        switch (cause) {
        case FAULT_BREAKPOINT:
                return (struct trap){"breakpoint", "brk without a debugger", SIGNAL_TRAP, TRAP_BREAKPOINT,
                                     DEBUG_FAULTED};
        case FAULT_STEP:
                return (struct trap){"single step", "its debugger has gone", SIGNAL_TRAP, TRAP_TRACE,
                                     DEBUG_STEPPED};
        case FAULT_WATCHPOINT:
                return (struct trap){"watchpoint", "its debugger has gone", SIGNAL_TRAP, TRAP_BREAKPOINT,
                                     DEBUG_WATCHED};
        case FAULT_UNDEFINED:
                return (struct trap){"undefined instruction",
                                     "data run as code, or a jump through a bad pointer?", SIGNAL_ILL,
                                     ILL_OPCODE, DEBUG_FAULTED};
        case FAULT_PC_UNALIGNED:
                return (struct trap){"misaligned pc", "a jump through a bad pointer?", SIGNAL_BUS,
                                     BUS_ALIGNMENT, DEBUG_FAULTED};
        case FAULT_SP_UNALIGNED:
                return (struct trap){"misaligned sp", "sp must be a multiple of 16", SIGNAL_BUS,
                                     BUS_ALIGNMENT, DEBUG_FAULTED};
        case FAULT_FLOATING_POINT:
                return (struct trap){"floating-point exception", "one that was enabled in fpcr", SIGNAL_FPE,
                                     0, DEBUG_FAULTED};
        default:
                return (struct trap){"exception", "an instruction that user level may not use?", SIGNAL_ILL,
                                     ILL_OPCODE, DEBUG_FAULTED};
        }
}

/* A program is not continued behind an instruction that stopped it, which is often a failed check.  The pc stays, also for a handler, which
 * may move it. */
static enum fault_result user_exception(struct process *p, const struct fault *f)
{
        struct trap t = trap_of(f->cause);
        struct signal_cause cause = {
                .signal = t.signal, .code = (int)t.code, .address = f->ip, .fault = true};

        p->call.fault.signal = t.signal;
        p->call.fault.access = 0;
        if (stops(p, &cause, t.why, f->address))
                return FAULT_WAITS;
        if (t.why != DEBUG_FAULTED) /* its debugger has gone meanwhile, and what the core did for it */
                return FAULT_RESUME;
        if (signal_fault(p, &cause))
                return FAULT_RESUME;
        if (swap_awaited())
                return FAULT_WAITS;
        say(p, t.what, f->ip, t.hint, false);
        fault_explain(p, f->ip, false);
        return FAULT_END;
}

/* Of a thread that waits for the answer to its fault. */
static seL4_Word pc_of(const struct process *p)
{
        seL4_UserContext c = {0};

        seL4_TCB_ReadRegisters(p->kernel.tcb.cap, false, 0, 1, &c);
        return c.pc;
}

static bool unknown_syscall(struct process *p)
{
        bool resumed = p->counts.faults < FAULTS_MAX;
        char what[80];

        call_read_trap(&p->call);
        text_print(what, sizeof(what), "unknown system call %ld", (long)p->call.number);
        say(p, what, p->call.pc, "built for another system?", resumed);
        call_answers(p, -SOS_ENOSYS);
        return resumed;
}

static void cap_fault(const struct process *p, const struct fault *f)
{
        bool receiving = f->word[seL4_CapFault_InRecvPhase];
        char what[80];

        text_print(what, sizeof(what), "capability fault, %s at slot 0x%lx", receiving ? "receive" : "send",
                   f->address);
        say(p, what, f->ip, "no such capability; was it given?", false);
}

/* Reading the message has reset the kernel's count of the time used. */
static void timeout(struct process *p, const struct fault *f)
{
        seL4_Word consumed = f->address;

        thread_used(p, consumed);
        if (p->counts.faults <= FAULTS_MAX)
                console_print(
                        "%s[%d]: budget fault, %lu us of %lu used; the next come after %lu us; resumed\n",
                        p->name, p->pid, consumed, p->time.budget_us, p->time.period_us);
}

static enum fault_result handle(struct process *p, seL4_MessageInfo_t info)
{
        struct fault f = fault_decode(info, 0, seL4_CapNull);

        swap_listen();
        call_switched(p);
        p->call.fault.signal = SIGNAL_SEGV;
        switch (f.kind) {
        case FAULT_MEMORY:
                return memory_fault(p, &f);
        case FAULT_TRAP:
                f.ip = pc_of(p);
                return user_exception(p, &f);
        case FAULT_EXCEPTION:
                return user_exception(p, &f);
        case FAULT_CALL:
                p->counts.faults++;
                return unknown_syscall(p) ? FAULT_RESUME : FAULT_END;
        case FAULT_TIMEOUT:
                p->counts.faults++;
                timeout(p, &f);
                return FAULT_RESUME;
        default:
                cap_fault(p, &f);
                return FAULT_END;
        }
}

/* Until it is known what becomes of a driver, nobody waits for it. */
enum fault_result fault_handle(struct process *p, seL4_MessageInfo_t info)
{
        enum fault_result result;

        driver_halts(p->driver, true);
        result = handle(p, info);
        if (result != FAULT_END)
                driver_halts(p->driver, false);
        return result;
}

void fault_of_service(unsigned number, seL4_MessageInfo_t info)
{
        struct fault f = fault_decode(info, 0, seL4_CapNull);
        const char *guess = f.kind == FAULT_MEMORY ? thread_explain_fault(f.address) : NULL;
        char text[96];

        report("service %s: %s; %s; stopped for good", service_entry(number)->thread->name,
               fault_text(&f, text, sizeof(text)), guess ? guess : "a defect of this system");
}
