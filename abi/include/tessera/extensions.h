/* SPDX-License-Identifier: BSD-2-Clause */
/* What this kernel can do beyond the public interface, for images packed with `mkimage --extensions`.
 *
 * Without that option every number below means what it means to any kernel of the interface: an unknown label, an
 * unknown flag.  With it, extra bootinfo holds a chunk with the identifier TESSERA_BOOTINFO_ID behind all others: the
 * usual header, then one word of TESSERA_EXTENSION_* bits.  Clients that do not know the chunk skip it.
 */
#pragma once

/* "Tess"; far from the identifiers of the interface. */
#define TESSERA_BOOTINFO_ID 0x54657373

#define TESSERA_EXTENSION_POWER_OFF  1
#define TESSERA_EXTENSION_SVC_FAULTS 2
#define TESSERA_EXTENSION_FP_STATE   4
#define TESSERA_EXTENSION_TRACE      8   /* tessera/trace.h */
#define TESSERA_EXTENSION_DUMP       16  /* tessera/dump.h */
#define TESSERA_EXTENSION_COUNTERS   32  /* user level may use the performance counters */
#define TESSERA_EXTENSION_REFUSALS   64  /* of debug kernels */
#define TESSERA_EXTENSION_DEBUG      128 /* single step and watchpoints of the core; not at EL2 */
#define TESSERA_EXTENSIONS           255 /* all of them */

/* Label on the IRQ control capability, no arguments: switch the machine off.  Does not return; IllegalOperation where
 * the firmware offers no way. */
#define TESSERA_PowerOff 0x54450001

/* Label on the IRQ control capability, word 0 one of the below: which refused system calls the debug kernel reports from now on, in a line
 * of its console each: the thread, the capability, the error, and the file and line of the check.  TruncatedMessage without the
 * word, RangeError for another one; IllegalOperation in the release kernel. */
#define TESSERA_ReportRefusals  0x54450004
#define TESSERA_REFUSALS_NONE   0
#define TESSERA_REFUSALS_OTHERS 1 /* not those of the thread that asks now */
#define TESSERA_REFUSALS_ALL    2

/* TCB flag: every svc of the thread is an UnknownSyscall fault, whatever x7 holds, and word 12 of the message is x8,
 * where Linux programs put the number.  For programs of another system, whose x7 may hold anything. */
#define TESSERA_TCBFlag_svcFaults (1ull << 48)

/* Labels on a TCB capability: the FP and SIMD registers of a thread, which the registers of the interface leave out.
 * Words 0..63 are v0..v31, the low half of each first; then FPCR and FPSR.  Reading has no arguments and answers with
 * TESSERA_FP_WORDS words; writing takes as many.  IllegalOperation for the caller's own thread, TruncatedMessage for too
 * few words. */
#define TESSERA_TCBReadFP  0x54450002
#define TESSERA_TCBWriteFP 0x54450003
#define TESSERA_FP_WORDS   66

/* Label on a TCB capability: single step and watchpoints of a thread, in the core's debug registers while that thread runs and at no
 * other time.  Word 0: TESSERA_DEBUG_STEP or 0.  Then up to TESSERA_WATCHPOINTS pairs: an address, a multiple of eight below the end of
 * user level, and TESSERA_WATCH_* with the bytes that are watched, bit 8 for the first.  What is not said is off; word 0 alone and 0 ends
 * it.  Answers with the number of watchpoints of the core.
 *
 * The thread faults with UserException, whose number is the syndrome.  After one instruction that of a step (class 0x32), and stepping is
 * over; instead of an access that of a watchpoint (class 0x34), whose code is the address that was accessed.
 *
 * IllegalOperation for the caller's own thread, TruncatedMessage for none or half of a pair, InvalidArgument (n) for bits that mean
 * nothing or an address that is none of user level, AlignmentError, RangeError for more pairs than the core has. */
#define TESSERA_TCBSetDebug  0x54450005
#define TESSERA_DEBUG_STEP   1
#define TESSERA_WATCHPOINTS  4
#define TESSERA_WATCH_LOADS  1
#define TESSERA_WATCH_STORES 2
#define TESSERA_WATCH_BYTES  0xff00
