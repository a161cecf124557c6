/* SPDX-License-Identifier: BSD-2-Clause */
/* The trace: what the kernel did and when, in a ring of events in memory that user level gives (TESSERA_EXTENSION_TRACE).
 *
 * The memory is a frame.  It holds a header, names, events; all numbers are in the byte order of the machine.  The kernel
 * only writes it and keeps its own places, so whoever can write it can spoil the record and nothing else.  Map it for
 * reading.  The oldest events are overwritten: `written - events_max` of them are lost once `written` is larger.
 *
 * Objects are distinguished by an identifier, which TESSERA_Identify gives for a capability; a thread's is the one of its TCB.
 * The low eleven bits of an identifier of a thread are 0.
 */
#pragma once

#include <stdint.h>

/* Labels on the IRQ control capability; IllegalOperation without the extension.
 *
 * TraceStart, extra cap: a frame of ordinary memory.  From now on events go there.  DeleteFirst while a trace runs,
 * InvalidCapability (1) for another cap, TruncatedMessage without one.
 * TraceStop: no more events; the memory keeps what it holds.  IllegalOperation when no trace runs.  Unmapping a cap of the
 * frame, or deleting its last one, stops the trace first.
 * TraceName, extra cap: the object; words 0..2: its name, NUL-terminated text of 23 bytes at most.  Names stay when events
 * are overwritten.  NotEnoughMemory when their table is full.  Memory is used again, so an identifier may have several
 * names, one after the other: an event says when each began.
 * Identify, extra cap: returns the identifier of the object behind it and the kind of the capability. */
#define TESSERA_TraceStart 0x54450010
#define TESSERA_TraceStop  0x54450011
#define TESSERA_TraceName  0x54450012
#define TESSERA_Identify   0x54450013

#define TESSERA_TRACE_MAGIC 0x3145434152543154ull /* "T1TRACE1" */

enum tessera_trace_kind {
        TESSERA_TRACE_CALL = 1, /* who: caller; detail: system call, -1 as 1; a: x0; b: x1 */
        TESSERA_TRACE_RETURN,   /* who goes on after it; a: x0; b: x1 */
        TESSERA_TRACE_INVOKE,   /* who invokes; detail: kind of the cap; a: object; b: label */
        TESSERA_TRACE_SWITCH, /* who runs now, 0: nobody; detail: state of the one before; a: that one; b: context that pays */
        TESSERA_TRACE_MESSAGE, /* who sent, words or a fault; a: who got it; b: badge */
        TESSERA_TRACE_REPLY,   /* who answers; a: whom */
        TESSERA_TRACE_BLOCK,   /* who waits; detail: its state; a: endpoint or notification */
        TESSERA_TRACE_WAKE,    /* who may run again; detail: its priority */
        TESSERA_TRACE_SIGNAL,  /* who runs; a: notification; b: badge */
        TESSERA_TRACE_DONATE,  /* who gets time; a: scheduling context; b: who had it, or 0 */
        TESSERA_TRACE_CHARGE,  /* who pays; a: scheduling context; b: ticks */
        TESSERA_TRACE_EXHAUST, /* whose budget is over; detail: 0 when its next one begins at once; a: scheduling context */
        TESSERA_TRACE_REFILL,    /* who has budget again; a: scheduling context */
        TESSERA_TRACE_FAULT,     /* who; detail: type; a: address, capability or number; b: pc */
        TESSERA_TRACE_INTERRUPT, /* who was interrupted; a: line */
        TESSERA_TRACE_MAP, /* who maps; detail: bits, of a page table with TESSERA_TRACE_TABLE; a: address; b: ASID */
        TESSERA_TRACE_UNMAP,  /* the same, by Unmap or by the end of the frame, table or address space */
        TESSERA_TRACE_RETYPE, /* who; detail: type; a: number of objects; b: bits of each */
        TESSERA_TRACE_REVOKE, /* who; a: capabilities deleted; b: 1 when it stopped and goes on */
        TESSERA_TRACE_NAME,   /* who named it; a: object; b: which entry of the names it has from now on */
        TESSERA_TRACE_DELETE, /* who deletes one; detail: kind of the cap; a: its object */
        TESSERA_TRACE_EMPTY, /* who; a: steps through a container's slots or a queue; b: 1 when it stopped and goes on */
        TESSERA_TRACE_EXIT, /* which guest, to the kernel; detail: class of the exception, or TESSERA_TRACE_BY_LINE; a: syndrome; b: pc */
        TESSERA_TRACE_KINDS
};

#define TESSERA_TRACE_TABLE   0x40
#define TESSERA_TRACE_BY_LINE 0x40 /* an interrupt, whose event follows */

/* `who` of an event and its `detail`, which is below 2,048, share a word. */
#define TESSERA_TRACE_DETAIL 0x7ffull

/* The four highest bits of `when` are the number of the core. */
#define TESSERA_TRACE_CORE       0xf000000000000000ull
#define TESSERA_TRACE_CORE_SHIFT 60

struct tessera_trace_event {
        uint64_t when; /* core, then 52 bits of the counter, then 8 of the kind */
        uint64_t who;  /* identifier | detail */
        uint64_t a, b;
};

struct tessera_trace_name {
        uint64_t object;
        char text[24];
};

struct tessera_trace_header {
        uint64_t magic;
        uint64_t hz; /* of the counter */
        uint64_t names_at, names_max, names;
        uint64_t events_at, events_max;
        uint64_t written; /* events so far; the next one goes to `written % events_max` */
};
