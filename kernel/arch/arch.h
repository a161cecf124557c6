/* SPDX-License-Identifier: BSD-2-Clause */
/* The contract with the machine: everything the kernel cannot say in C over plain data.
 *
 * Level 1.  Two implementations: arch/aarch64 (the machine) and arch/host (a Linux program, where tests supply time,
 * interrupts and faults).  Page-table words, syndromes and register order are data and live with their rooms.
 */
#pragma once

#include "core/word.h"

struct fpu;
struct context;
struct vcpu;
struct debug_state;

/* Boot: set up this core.  `exports` are the HANDOVER_EXPORT_* bits, `empty_root` is the physical address of a user
 * root table without entries. */
void arch_start(word exports, word empty_root);

/* A trap function returns this instead of the context `c` of the thread that entered if only x0 to x18 and x30 in it were written since:
 * the machine still has the rest. */
struct context *arch_resume(struct context *c);

/* A firmware call by SMC: x0 to x7, and what firmware makes of them. */
enum { FIRMWARE_WORDS = 8 };
void arch_firmware_call(word x[FIRMWARE_WORDS]);

/* Ask firmware (PSCI) to switch the machine off; returns when it refuses. */
void arch_power_off(bool by_smc);

/* Other cores: sleep a little while a word has a value, or until it has one; and end the others' sleep. */
void arch_doze_while(const uint32_t *at, uint32_t value);
void arch_doze_unless(const uint32_t *at, uint32_t value);
void arch_tell_cores(void);

/* Time */
word arch_now(void); /* the counter, ticks; never goes backwards */
word arch_clock_hz(void);
void arch_set_deadline(
        word ticks); /* absolute; a deadline in the past interrupts as soon as user level runs */

/* Interrupts */
bool arch_interrupt_pending(void); /* some unmasked line waits to be claimed */
void arch_wait(void);              /* sleep until an interrupt is pending */
_Noreturn void arch_halt(void);    /* stop for good */

/* Address spaces */
word arch_asid_bits(void);                         /* 16 or 8; everything below truncates ASIDs to that */
void arch_space_enter(word root_paddr, word asid); /* user translations from now on */
void arch_space_write(word space);                 /* the same, ASID << 48 | root */
void arch_space_leave(void);                       /* no user translations: an empty root, ASID 0 */
void arch_tlb_drop_page(word asid, word va);       /* forget one page, and walk caches for it */
void arch_tlb_drop_space(word asid);               /* forget everything of an ASID */
void arch_tlb_drop_all(void);                      /* forget everything of user level */
void arch_table_written(void); /* table entries written before are visible to the walker */

/* Caches, by kernel address inside the window; complete on return */
void arch_cache_clean(const void *start, word size); /* to the point of coherency */
void arch_cache_clean_invalidate(const void *start, word size);
void arch_cache_invalidate(const void *start, word size); /* partial first and last lines are cleaned */
void arch_cache_unify(const void *start, word size);      /* instructions just written may be run */

/* Guests, at EL2 (vcpu/vcpu.h): all of a VCPU into the machine and out of it, except for what native threads also need; that part is moved
 * when the guest starts and stops running. */
void arch_guest_load(struct vcpu *v);
void arch_guest_store(struct vcpu *v);
void arch_guest_forget(void); /* this core, all that guests in the space in use have translated */
void arch_guest_enable(struct vcpu *v);
void arch_guest_disable(struct vcpu *v);
bool arch_guest_first_use(struct vcpu *v,
                          word syndrome); /* of registers that were not moved before: from now on they are */
word arch_guest_abort_address(word syndrome, word address); /* a guest's address as its VSpace sees it */
word arch_guest_read(word n);
void arch_guest_write(word n, word value);

/* Debugging: the watchpoints that this core has; those of a thread, and its step, into the machine, and nothing of them. */
word arch_watchpoints(void);
void arch_debug_load(const struct debug_state *d);
void arch_debug_unload(void);

/* Memory */
void arch_clear(void *start, word size);           /* zero; both multiples of 16 */
void arch_clear_to_memory(void *start, word size); /* the same, clean to the point of coherency on return */

/* FPU */
void arch_fpu_save(struct fpu *f);
/* The same and then loading others; both return `c`. */
struct context *arch_fpu_exchange(struct context *c, const struct fpu *to, struct fpu *from);
struct context *arch_fpu_load(struct context *c, const struct fpu *to);
void arch_fpu_enable(bool on); /* off: the next use traps */
