/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults of processes: demand paging in silence, everything else as one line that says what, where, why and what to do
 * about it. */
#include "os/process/fault.h"
#include "base/text.h"
#include "os/core/console.h"
#include "os/core/service.h"
#include "os/memory/swap.h"
#include "os/process/signal.h"
#include "sel4/report.h"

enum {
        STATUS_WRITE = 1 << 6,
        STATUS_PERMISSION = 3, /* bits 5..2 of the status, for any level */
        STATUS_ALIGNMENT = 0x21,
        NULL_AREA = 1 << 20,
        CLASS_UNKNOWN = 0,
        CLASS_PC_ALIGNMENT = 0x22,
        CLASS_SP_ALIGNMENT = 0x26,
        CLASS_FP = 0x2c,
        CLASS_BREAKPOINT = 0x3c,
        FAULTS_MAX = 8, /* a process that goes on faulting is ended */
        KIB = 1024,
};

static void say(const struct process *p, const char *what, seL4_Word pc, const char *hint, bool resumed)
{
        console_print("%s[%d]: %s, pc 0x%lx; %s; %s\n", p->name, p->pid, what, pc, hint,
                      resumed ? "resumed" : "ended");
}

static enum space_access wanted(seL4_Word fetch, seL4_Word status)
{
        return fetch ? SPACE_EXECUTE : status & STATUS_WRITE ? SPACE_WRITE : SPACE_READ;
}

static const char *memory_hint(struct process *p, seL4_Word address, seL4_Word status,
                               enum space_result result)
{
        struct region *above = space_find(p->space, address + (8 << 20));

        if (result == SPACE_NO_MEMORY)
                return "memory is out";
        if (result == SPACE_LOST)
                return "the disk does not give the page back";
        if ((status & 0x3f) == STATUS_ALIGNMENT)
                return "the address is not aligned";
        if (result == SPACE_BAD_ACCESS)
                return "the page does not allow that";
        if (result == SPACE_BEYOND)
                return "the file that is mapped there ends before";
        if (address < NULL_AREA)
                return "a null pointer?";
        if (above && above->kind == REGION_STACK)
                return "the stack is full; recursion?";
        return "nothing is mapped there; a stray pointer?";
}

/* The process with the most memory; not the first one, from which the system is used. */
static struct process *largest(struct process *p)
{
        uint32_t most = space_size(p->space);

        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *other = process_entry(i);
                if (!process_lives(other) || other->pid == 1 || space_size(other->space) <= most)
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
        console_print("%s[%d]: memory is out, and %u KiB are its own; ended\n", victim->name, victim->pid,
                      space_size(victim->space) * (PAGE / KIB));
        process_kill(victim, SIGNAL_KILL);
        return true;
}

/* What a program of Linux is told; the signal that it ends with. */
static struct signal_cause memory_cause(const struct process *p, enum space_result result)
{
        struct signal_cause c = {
                .signal = SIGNAL_SEGV, .code = SEGV_MISSING, .address = p->call.fault.address, .fault = true};

        if ((p->call.fault.status & 0x3f) == STATUS_ALIGNMENT) {
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

enum fault_result fault_again(struct process *p)
{
        static const char *const verbs[] = {
                [SPACE_READ] = "read", [SPACE_WRITE] = "write", [SPACE_EXECUTE] = "jump"};
        enum space_result result;
        struct signal_cause cause;
        char buffer[80];
        struct text t = {.buffer = buffer, .size = sizeof(buffer) - 1};

        if (p->space->changing && p->space->changing != p)
                return FAULT_WAITS;
        if (!p->call.fault.access)
                return FAULT_RESUME; /* the instruction is tried again, and faults again */
        do {
                swap_listen();
                result = space_fault(p->space, p->call.fault.address, p->call.fault.access);
        } while (result == SPACE_NO_MEMORY && !frame_comes() && end_largest(p));
        if (result == SPACE_WAITS || (result == SPACE_NO_MEMORY && frame_comes()))
                return FAULT_WAITS;
        if (result == SPACE_OK && (p->call.fault.status & 0x3f) != STATUS_ALIGNMENT)
                return FAULT_RESUME;
        cause = memory_cause(p, result);
        if (result != SPACE_NO_MEMORY && signal_fault(p, &cause))
                return FAULT_RESUME;
        if (swap_awaited())
                return FAULT_WAITS;
        p->call.fault.signal = result == SPACE_NO_MEMORY ? SIGNAL_KILL : cause.signal;
        text_add(&t, "memory fault, %s at 0x%lx", verbs[p->call.fault.access], p->call.fault.address);
        buffer[t.length] = '\0';
        say(p, buffer, p->call.fault.pc, memory_hint(p, p->call.fault.address, p->call.fault.status, result),
            false);
        return FAULT_END;
}

static enum fault_result memory_fault(struct process *p)
{
        p->call.fault.pc = seL4_GetMR(seL4_VMFault_IP);
        p->call.fault.address = seL4_GetMR(seL4_VMFault_Addr);
        p->call.fault.status = seL4_GetMR(seL4_VMFault_FSR);
        p->call.fault.access = wanted(seL4_GetMR(seL4_VMFault_PrefetchFault), p->call.fault.status);
        return fault_again(p);
}

struct trap {
        const char *what, *hint;
        int signal;
        uint32_t code;
};

/* What the exception classes of the processor mean. */
static struct trap trap_of(seL4_Word class)
{
        switch (class) {
        case CLASS_BREAKPOINT:
                return (struct trap){"breakpoint", "brk without a debugger", SIGNAL_TRAP, TRAP_BREAKPOINT};
        case CLASS_UNKNOWN:
                return (struct trap){"undefined instruction",
                                     "data run as code, or a jump through a bad pointer?", SIGNAL_ILL,
                                     ILL_OPCODE};
        case CLASS_PC_ALIGNMENT:
                return (struct trap){"misaligned pc", "a jump through a bad pointer?", SIGNAL_BUS,
                                     BUS_ALIGNMENT};
        case CLASS_SP_ALIGNMENT:
                return (struct trap){"misaligned sp", "sp must be a multiple of 16", SIGNAL_BUS,
                                     BUS_ALIGNMENT};
        case CLASS_FP:
                return (struct trap){"floating-point exception", "one that was enabled in fpcr", SIGNAL_FPE,
                                     0};
        default:
                return (struct trap){"exception", "an instruction that user level may not use?", SIGNAL_ILL,
                                     ILL_OPCODE};
        }
}

/* Nobody goes on behind an instruction that stopped it: a failed check is often one.  The pc stays, also for a handler, which
 * may move it. */
static enum fault_result user_exception(struct process *p)
{
        seL4_Word pc = seL4_GetMR(seL4_UserException_FaultIP);
        struct trap t = trap_of(seL4_GetMR(seL4_UserException_Number) >> 26 & 0x3f);
        struct signal_cause cause = {.signal = t.signal, .code = (int)t.code, .address = pc, .fault = true};

        p->call.fault.signal = t.signal;
        if (signal_fault(p, &cause))
                return FAULT_RESUME;
        p->call.fault.access = 0;
        if (swap_awaited())
                return FAULT_WAITS;
        say(p, t.what, pc, t.hint, false);
        return FAULT_END;
}

static bool unknown_syscall(struct process *p)
{
        bool resumed = p->faults < FAULTS_MAX;
        char buffer[80];
        struct text t = {.buffer = buffer, .size = sizeof(buffer) - 1};

        call_read_trap(&p->call);
        text_add(&t, "unknown system call %ld", (long)p->call.number);
        buffer[t.length] = '\0';
        say(p, buffer, p->call.pc, "built for another system?", resumed);
        call_answers(p, -SOS_ENOSYS);
        return resumed;
}

static bool cap_fault(struct process *p)
{
        seL4_Word pc = seL4_GetMR(seL4_CapFault_IP), address = seL4_GetMR(seL4_CapFault_Addr);
        bool receiving = seL4_GetMR(seL4_CapFault_InRecvPhase);
        char buffer[80];
        struct text t = {.buffer = buffer, .size = sizeof(buffer) - 1};

        text_add(&t, "capability fault, %s at slot 0x%lx", receiving ? "receive" : "send", address);
        buffer[t.length] = '\0';
        say(p, buffer, pc, "no such capability; was it given?", false);
        return false;
}

/* Reading the message has reset the kernel's count of the time used. */
static bool timeout(struct process *p)
{
        seL4_Word consumed = seL4_GetMR(seL4_Timeout_Consumed);

        p->consumed_us += consumed;
        if (p->faults <= FAULTS_MAX)
                console_print(
                        "%s[%d]: budget fault, %lu us of %lu used; the next come after %lu us; resumed\n",
                        p->name, p->pid, consumed, p->budget_us, p->period_us);
        return true;
}

enum fault_result fault_handle(struct process *p, seL4_MessageInfo_t info)
{
        swap_listen();
        call_switched(p);
        p->call.fault.signal = SIGNAL_SEGV;
        switch (seL4_MessageInfo_get_label(info)) {
        case seL4_Fault_VMFault:
                return memory_fault(p);
        case seL4_Fault_UserException:
                return user_exception(p);
        case seL4_Fault_UnknownSyscall:
                p->faults++;
                return unknown_syscall(p) ? FAULT_RESUME : FAULT_END;
        case seL4_Fault_Timeout:
                p->faults++;
                return timeout(p) ? FAULT_RESUME : FAULT_END;
        default:
                return cap_fault(p) ? FAULT_RESUME : FAULT_END;
        }
}

void fault_of_service(unsigned number, seL4_MessageInfo_t info)
{
        seL4_Word pc = seL4_GetMR(0), label = seL4_MessageInfo_get_label(info);
        seL4_Word address = label == seL4_Fault_VMFault ? seL4_GetMR(seL4_VMFault_Addr) : 0;
        const char *guess = thread_explain_fault(address);

        report("service %s: fault %lu at 0x%lx, pc 0x%lx; %s; stopped for good",
               service_entry(number)->thread->name, label, address, pc,
               guess ? guess : "a defect of this system");
}
