/* SPDX-License-Identifier: BSD-2-Clause */
/* Decoding faults, answering them, describing them. */
#include <fault/fault.h>
#include <sel4/report.h>
#include <text/text.h>

enum {
        STATUS_WRITE = 1 << 6,
        STATUS_UNALIGNED = 0x21,
        STATUS_KIND_SHIFT = 2, /* 1 translation, 2 access flag, 3 permission; below it the level */
        NULL_AREA = 1 << 16,
        INSTRUCTION_BYTES = 4,
        CALL_REGISTERS = 9,      /* x0..x7 and the instruction's address travel with an unknown call */
        EXCEPTION_REGISTERS = 1, /* the address alone, with an exception */
        CLASS_SHIFT = 26,
        CLASS_MASK = 0x3f,
};

static enum fault_kind kind_of(seL4_MessageInfo_t info)
{
        switch (seL4_MessageInfo_get_label(info)) {
        case seL4_Fault_CapFault:
                return FAULT_CAPABILITY;
        case seL4_Fault_UnknownSyscall:
                return FAULT_CALL;
        case seL4_Fault_UserException:
                return FAULT_EXCEPTION;
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
        case seL4_Fault_VCPUFault:
                return FAULT_TRAP;
#endif
        case seL4_Fault_Timeout:
                return FAULT_TIMEOUT;
        case seL4_Fault_VMFault:
                return FAULT_MEMORY;
        default:
                return seL4_MessageInfo_get_label(info) == seL4_Fault_NullFault ? FAULT_NONE : FAULT_DEBUG;
        }
}

static enum fault_cause cause_of(seL4_Word status)
{
        static const enum fault_cause cause[4] = {FAULT_OTHER, FAULT_UNMAPPED, FAULT_ACCESS_FLAG,
                                                  FAULT_FORBIDDEN};
        seL4_Word code = status & 0x3f;

        if (code == STATUS_UNALIGNED)
                return FAULT_UNALIGNED;
        return code >> STATUS_KIND_SHIFT < 4 ? cause[code >> STATUS_KIND_SHIFT] : FAULT_OTHER;
}

/* The exception class of the processor (Arm: ESR_ELx.EC). */
static enum fault_cause cause_of_class(seL4_Word class)
{
        switch (class) {
        case 0:
                return FAULT_UNDEFINED;
        case 0x22:
                return FAULT_PC_UNALIGNED;
        case 0x26:
                return FAULT_SP_UNALIGNED;
        case 0x2c:
                return FAULT_FLOATING_POINT;
        case 0x32:
                return FAULT_STEP;
        case 0x34:
                return FAULT_WATCHPOINT;
        case 0x3c:
                return FAULT_BREAKPOINT;
        default:
                return FAULT_OTHER;
        }
}

static void decode_memory(struct fault *fault)
{
        seL4_Word status = fault->word[seL4_VMFault_FSR];

        fault->ip = fault->word[seL4_VMFault_IP];
        fault->address = fault->word[seL4_VMFault_Addr];
        fault->code = status;
        fault->access = fault->word[seL4_VMFault_PrefetchFault] ? FAULT_EXECUTE
                        : status & STATUS_WRITE                 ? FAULT_WRITE
                                                                : FAULT_READ;
        fault->cause = cause_of(status);
        fault->level = status & 3;
}

struct fault fault_decode(seL4_MessageInfo_t info, seL4_Word badge, seL4_CPtr reply)
{
        struct fault fault = {.kind = kind_of(info), .badge = badge, .reply = reply};
        seL4_Word length = seL4_MessageInfo_get_length(info);

        fault.count = (unsigned)(length < FAULT_WORDS_MAX ? length : FAULT_WORDS_MAX);
        for (unsigned i = 0; i < fault.count; i++)
                fault.word[i] = seL4_GetMR((int)i);
        if (fault.kind == FAULT_MEMORY) {
                decode_memory(&fault);
        } else if (fault.kind == FAULT_CAPABILITY) {
                fault.ip = fault.word[seL4_CapFault_IP];
                fault.address = fault.word[seL4_CapFault_Addr];
        } else if (fault.kind == FAULT_CALL) {
                fault.ip = fault.word[seL4_UnknownSyscall_FaultIP];
                fault.code = fault.word[seL4_UnknownSyscall_Syscall];
        } else if (fault.kind == FAULT_EXCEPTION) {
                fault.ip = fault.word[seL4_UserException_FaultIP];
                fault.code = fault.word[seL4_UserException_Number];
                fault.cause = cause_of_class(fault.code >> CLASS_SHIFT & CLASS_MASK);
                if (fault.cause == FAULT_WATCHPOINT)
                        fault.address = fault.word[seL4_UserException_Code];
        } else if (fault.kind == FAULT_TRAP) {
                fault.code = fault.word[0];
                fault.cause = cause_of_class(fault.code >> CLASS_SHIFT & CLASS_MASK);
        } else if (fault.kind == FAULT_TIMEOUT) {
                fault.code = fault.word[seL4_Timeout_Data];
                fault.address = fault.word[seL4_Timeout_Consumed];
        } else if (fault.kind == FAULT_DEBUG) {
                fault.ip = fault.word[0];
        }
        return fault;
}

static bool is_open(const struct fault *fault)
{
        if (fault->kind == FAULT_NONE || fault->answered) {
                report(fault->answered ? "a fault was answered twice"
                                       : "a reply to something that is not a fault");
                return false;
        }
        return true;
}

/* The answer with `length` words of the fault.  The label matters to calls, exceptions and timeouts only. */
static int answer(struct fault *fault, seL4_Word label, seL4_Word length)
{
        if (!is_open(fault))
                return seL4_InvalidArgument;
        for (seL4_Word i = 0; i < length; i++)
                seL4_SetMR((int)i, fault->word[i]);
        fault->answered = true;
        seL4_Send(fault->reply, seL4_MessageInfo_new(label, 0, 0, length));
        return seL4_NoError;
}

static unsigned count_same(struct fault_history *history, const struct fault *fault)
{
        bool same = history->kind == fault->kind && history->ip == fault->ip &&
                    history->address == fault->address;

        *history =
                (struct fault_history){fault->kind, fault->ip, fault->address, same ? history->same + 1 : 1};
        return history->same;
}

int fault_resume(struct fault *fault, struct fault_history *history)
{
        if (history && fault->kind != FAULT_TIMEOUT && count_same(history, fault) > FAULT_SAME_MAX) {
                report("client 0x%lx raised the same fault %u times at 0x%lx: stopped", fault->badge,
                       FAULT_SAME_MAX, fault->ip);
                (void)fault_kill(fault);
                return seL4_IllegalOperation;
        }
        return answer(fault, 0, 0);
}

static int move_on(struct fault *fault, seL4_CPtr tcb)
{
        seL4_UserContext context = {0};
        int err = seL4_TCB_ReadRegisters(tcb, 0, 0, 1, &context);

        if (!err) {
                context.pc += INSTRUCTION_BYTES;
                err = seL4_TCB_WriteRegisters(tcb, 0, 0, 1, &context);
        }
        return err ? err : answer(fault, 0, 0);
}

int fault_skip(struct fault *fault, seL4_CPtr tcb)
{
        switch (fault->kind) {
        case FAULT_CALL:
                fault->word[seL4_UnknownSyscall_FaultIP] += INSTRUCTION_BYTES;
                return answer(fault, 0, CALL_REGISTERS);
        case FAULT_EXCEPTION:
                fault->word[seL4_UserException_FaultIP] += INSTRUCTION_BYTES;
                return answer(fault, 0, EXCEPTION_REGISTERS);
        case FAULT_TIMEOUT:
                return answer(fault, 0, 0); /* no instruction is at fault */
        default:
                return fault->answered ? seL4_InvalidArgument : move_on(fault, tcb);
        }
}

/* Any answer to the other kinds of faults restarts the thread: it gets none, and the next receive cancels it. */
static bool label_stops(enum fault_kind kind)
{
        return kind == FAULT_CALL || kind == FAULT_EXCEPTION || kind == FAULT_TIMEOUT;
}

int fault_kill(struct fault *fault)
{
        if (label_stops(fault->kind))
                return answer(fault, 1, 0);
        if (!is_open(fault))
                return seL4_InvalidArgument;
        fault->answered = true;
        return seL4_NoError;
}

static const char *reason(const struct fault *fault)
{
        static const char *const text[] = {
                [FAULT_UNMAPPED] = "nothing is mapped there",
                [FAULT_ACCESS_FLAG] = "the page was not touched before",
                [FAULT_FORBIDDEN] = "the page does not allow that",
                [FAULT_UNALIGNED] = "the address is not aligned",
                [FAULT_OTHER] = "the memory system refused",
        };

        return fault->cause == FAULT_UNMAPPED && fault->address < NULL_AREA ? "a null pointer?"
                                                                            : text[fault->cause];
}

static const char *exception(enum fault_cause cause)
{
        static const char *const text[] = {
                [FAULT_UNDEFINED] = "undefined instruction",
                [FAULT_BREAKPOINT] = "breakpoint",
                [FAULT_PC_UNALIGNED] = "misaligned pc",
                [FAULT_SP_UNALIGNED] = "misaligned sp",
                [FAULT_FLOATING_POINT] = "floating-point exception",
                [FAULT_STEP] = "single step",
                [FAULT_WATCHPOINT] = "watchpoint",
        };

        return cause < FAULT_UNDEFINED ? "exception" : text[cause];
}

const char *fault_text(const struct fault *fault, char *buffer, size_t size)
{
        static const char *const verb[] = {"read from", "write to", "jump to"};
        struct text text = {.buffer = buffer, .size = size};

        switch (fault->kind) {
        case FAULT_NONE:
                text_add(&text, "no fault");
                break;
        case FAULT_CAPABILITY:
                text_add(&text, "no capability at 0x%lx", fault->address);
                break;
        case FAULT_CALL:
                text_add(&text, "unknown system call %ld", (long)fault->code);
                break;
        case FAULT_TRAP:
        case FAULT_EXCEPTION:
                text_add(&text, "%s (syndrome 0x%lx)", exception(fault->cause), fault->code);
                break;
        case FAULT_DEBUG:
                text_add(&text, "debug exception");
                break;
        case FAULT_TIMEOUT:
                text_add(&text, "out of time after %lu us", fault->address);
                break;
        case FAULT_MEMORY:
                text_add(&text, "%s 0x%lx: %s", verb[fault->access], fault->address, reason(fault));
                break;
        }
        if (fault->ip)
                text_add(&text, ", at 0x%lx", fault->ip);
        return text_end(&text);
}
