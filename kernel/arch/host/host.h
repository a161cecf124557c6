/* SPDX-License-Identifier: BSD-2-Clause */
/* The pretended machine, as tests see it: memory, time, interrupt lines, a TLB and an FPU, all of them plain data.
 *
 * Nothing here moves by itself: time passes and lines change only when a test says so, therefore every run can be
 * repeated exactly.  One machine per process.
 */
#pragma once

#include "core/word.h"

enum {
        HOST_BASE =
                0x40000000, /* physical address of the first byte of RAM, and its address in this process */
        HOST_KERNEL_SIZE =
                0x10000, /* the range that the hand-over gives as the kernel image: none of our bytes lie there */
        HOST_MEMORY_DEFAULT = 64 << 20,
        HOST_TIMER_IRQ = 27,
        HOST_TIMER_IRQ_EL2 = 26, /* with the interface of EL2; the guests' is 27 then */
        HOST_GUEST_TIMER_IRQ = 27,
        HOST_MAINTENANCE_IRQ = 25,
        HOST_IRQ_LAST = 159,
        HOST_SGI_TARGETS = 8,
        HOST_UART = 0x09000000,
};

static const word HOST_CLOCK_HZ = 62500000;

/* What a test can choose about the machine before it boots; zero means the default. */
struct host_options {
        word memory;      /* bytes of RAM, a multiple of 2 MiB */
        word cnode_bits;  /* of the root CNode, 13 */
        word domains;     /* 1 */
        word image_pages; /* of the root image, 1 */
        word entry;       /* pc of the first thread */
        word dtb_bytes;   /* of a device tree blob made of counting bytes, 0: none */
        word asid_bits;   /* 16 */
        word hypervisor;  /* 0; 40 or 44: the interface of EL2 */
        word cores;       /* 0 or 1: one; more: host_cores.h */
        bool split_eoi;   /* a delivered line stays active until it is acknowledged, as with a GICv3 */
        bool long_ways; /* no short path through a system call; also by the environment variable TESSERA_LONG_WAYS */
        bool trace; /* a trace runs from the first instruction on; also by the environment variable TESSERA_TRACE */
        bool hide_uart; /* the UART page belongs to nobody, so user programs print through the kernel */
};

/* Make the machine new, run the real boot code and the first way out; returns what trap_first returns. */
struct context *host_boot(const struct host_options *options);

/* Memory (host_memory.c): RAM is zero after host_memory_make; the descriptor (0 or above) is that of
 * the memory file behind it. */
void host_memory_make(word bytes);
word host_memory_size(void);
int host_memory_file(void);
static inline bool host_is_ram(word paddr)
{
        return paddr >= HOST_BASE && paddr - HOST_BASE < host_memory_size();
}

/* Called for every cache operation, if set (host_memory.c). */
enum host_cache { HOST_CACHE_CLEAN, HOST_CACHE_INVALIDATE, HOST_CACHE_CLEAN_INVALIDATE, HOST_CACHE_UNIFY };
extern void (*host_cache_hook)(enum host_cache how, const void *start, word size);

/* What the core's debug registers hold (host_debug.c); all 0: nothing. */
const struct debug_state *host_debug_registers(void);

/* Guests (host_guest.c).  What the active guest does: it reads and writes its registers, takes the pending interrupt of the
 * lowest list register (its index; ~0: there is none), and ends one.  Nothing happens while no guest is active. */
enum { HOST_LISTS = 4 };
void host_guest_reset(void);
bool host_guest_runs(void);
word host_guest_register(word n);
void host_guest_set(word n, word value);
word host_guest_take(void);
void host_guest_end(word list);
word host_guest_list(word list); /* as the machine has it */
word host_guest_forgets(void);   /* how often what guests had translated was dropped */

/* The virtual timer has come to its time, and is on; a list register asks for an interrupt at its end. */
bool host_guest_timer_due(void);
bool host_guest_maintenance_due(void);

/* Time (host_clock.c) */
void host_clock_reset(void);
void host_advance(word ticks);
word host_deadline(void); /* the timer's, ~0: none */
bool host_timer_due(void);
bool host_advance_to_deadline(void); /* false: no deadline was set */

/* Interrupt lines (host_lines.c).  A raised line stays pending until it is claimed or lowered; a
 * line held up by a device is pending again and again. */
void host_lines_reset(void);
void host_raise(word irq);
void host_lower(word irq);
void host_line_level(word irq, bool up);
bool host_line_is_masked(word irq);
bool host_line_is_idle(word irq); /* neither pending nor active, triggered by level */
void host_lines_split(bool split);
word host_sgi_sent(void); /* SGIs sent so far */

/* Some unmasked line is pending. */
bool host_interrupt_waits(void);

/* Ticks that pass each time the kernel asks in the middle of long work whether it should stop; 0 at first. */
void host_work_cost(word ticks);

/* The line is raised when the kernel asks for the `ask`th time from now on (0: never). */
void host_raise_at(word irq, word ask);

/* What arch_wait does when no interrupt will ever come; it must not return unless one is pending. */
extern void (*host_idle_hook)(void);

/* What arch_halt does; must not return.  NULL: exit(3). */
extern void (*host_halt_hook)(void);

/* Console (host_console.c): kernel output is kept in a ring and, when asked, copied to standard error or output. */
void host_console_start(void);
void host_console_echo(int descriptor); /* -1: nowhere */
const char *host_console_text(void); /* what was printed since the last host_console_clear, NUL-terminated */
void host_console_clear(void);

/* FPU (host_fpu.c); user level may touch the registers while it is on */
struct fpu *host_fpu(void);
bool host_fpu_is_on(void);
