/* SPDX-License-Identifier: BSD-2-Clause */
/* A fault as a thing with a cause and an end, instead of a message in registers.
 *
 *      info = seL4_Recv(ep, &badge, reply);
 *      struct fault fault = fault_decode(info, badge, reply);
 *      report("%s: %s", name, fault_text(&fault, buffer, sizeof(buffer)));
 *      ... repair it, then  fault_resume(&fault, &history)     the instruction runs again
 *      ... or               fault_skip(&fault, tcb)            go on behind it
 *      ... or               fault_kill(&fault)                 the thread stays stopped until somebody resumes its TCB
 *
 * Each answer is sent with the length that changes no register it should not change.  A thread that raises the same fault
 * again and again was not repaired: fault_resume stops it after FAULT_SAME_MAX times.
 *
 * Decode before any other message passes through the IPC buffer: a fault owns copies of its words from then on.
 *
 * Results: 0, or a seL4_Error; then the fault has not been answered.
 */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>
#include <stddef.h>

enum { FAULT_SAME_MAX = 8, FAULT_WORDS_MAX = 13 };

enum fault_kind {
        FAULT_NONE, /* not a fault: a call of a client */
        FAULT_CAPABILITY,
        FAULT_CALL,      /* unknown system call; `code` is its number */
        FAULT_EXCEPTION, /* undefined instruction and the like; `code` is the syndrome */
        FAULT_TRAP,      /* the same as a kernel at EL2 reports it: no registers come with it, `ip` is 0 */
        FAULT_DEBUG,
        FAULT_TIMEOUT, /* `code` is the badge of the scheduling context, `address` the time used */
        FAULT_MEMORY,
};

enum fault_access { FAULT_READ, FAULT_WRITE, FAULT_EXECUTE };

/* Why the memory system refused, or what kind of exception it was. */
enum fault_cause {
        FAULT_UNMAPPED,
        FAULT_ACCESS_FLAG,
        FAULT_FORBIDDEN,
        FAULT_UNALIGNED,
        FAULT_OTHER,
        FAULT_UNDEFINED, /* instruction */
        FAULT_BREAKPOINT,
        FAULT_PC_UNALIGNED,
        FAULT_SP_UNALIGNED,
        FAULT_FLOATING_POINT,
        FAULT_STEP,       /* these two of debugged threads, TESSERA_TCBSetDebug */
        FAULT_WATCHPOINT, /* the address is the one that was accessed */
};

struct fault {
        enum fault_kind kind;
        enum fault_access access; /* memory */
        enum fault_cause cause;   /* memory, exception */
        unsigned level;           /* memory: of the tables where the way ended, 0..3 */
        seL4_Word ip;             /* of the instruction; 0 for a timeout */
        seL4_Word address;        /* memory: touched; capability: the CPtr */
        seL4_Word code;
        seL4_Word badge;
        seL4_CPtr reply;
        bool answered;
        unsigned count; /* of words */
        seL4_Word word[FAULT_WORDS_MAX];
};

/* What the last fault of a thread was, kept by its supervisor (zero: none). */
struct fault_history {
        enum fault_kind kind;
        seL4_Word ip, address;
        unsigned same;
};

struct fault fault_decode(seL4_MessageInfo_t info, seL4_Word badge, seL4_CPtr reply);

/* Repaired: the thread runs its instruction again.  `history` (may be NULL) counts equal faults in a row; beyond
 * FAULT_SAME_MAX the thread is stopped instead and the result is seL4_IllegalOperation, reported.  A fault is answered once:
 * seL4_InvalidArgument afterwards. */
int fault_resume(struct fault *fault, struct fault_history *history);

/* Go on at the next instruction.  `tcb` is needed for traps, memory, capability and debug faults, whose answer carries no registers. */
int fault_skip(struct fault *fault, seL4_CPtr tcb);

/* The thread stays stopped, whatever its fault, until somebody resumes its TCB.  Calls, exceptions and timeouts are answered
 * with a label that says so.  Every answer to a memory, capability or debug fault would restart the thread (IPC 13.5), so it
 * gets none: the thread waits in the reply object until the next receive with that object takes it out (IPC 5.3).  Receive
 * with seL4_Recv, then: what seL4_ReplyRecv sends first would be that answer. */
int fault_kill(struct fault *fault);

/* "write to 0x10: nothing is mapped there (a null pointer?), at 0x4000d0".  Returns `text`. */
const char *fault_text(const struct fault *fault, char *text, size_t size);
