/* SPDX-License-Identifier: BSD-2-Clause */
/* CSpaces: which capability slots exist and which of them are taken.
 *
 * A CSpace is one CNode of 128 slots (one level), or a top CNode whose slots hold such leaf CNodes (two levels,
 * grown one leaf at a time when the slots run out).  Both are used the same way: every CPtr names its slot with all
 * 64 bits, so that it can be passed to a system call by a thread that runs in this CSpace, and to the functions below
 * by a thread of the CSpace that created it.
 *
 * The root task's own one can also be a single CNode with room for all (bootstrap_flat): it has leaves in its books only.  The kernel's
 * shortest paths are for CSpaces of one CNode: each capability that a call names costs it about 36 instructions more in one of two levels.
 *
 *      first:  slot = cspace_alloc_slot(&cspace)           a number, no capability yet
 *      then:   cspace_untyped_retype(..., slot, ...)       or copy, mint, move: now a capability
 *      last:   cspace_delete(&cspace, slot)                the capability is gone, the number is still ours
 *              cspace_free_slot(&cspace, slot)             or both in one call: cspace_delete_and_free
 *
 * Invariants
 *      - slot 0 is never handed out; it stands for "no slot".
 *      - a slot is handed out once until it is freed; the lowest free one goes first.
 *      - a slot is free only if it holds no capability: freeing an occupied or a free slot is refused and reported.
 *      - in the root task's own CSpace four slots are always held back, so that growing works with no slot left.
 *      - a call that fails has changed nothing.
 *
 * The kernel resolves root_cnode in the caller's CSpace, so these functions work in the CSpace that created the
 * target and nowhere else.  They take no locks: one thread at a time per CSpace.
 *
 * Cost: allocating and freeing find a bit in at most four words, whatever the number of slots (2^20 at most); neither
 * calls the kernel, except that freeing asks it once whether the slot is empty.
 *
 * Results: 0 (CSPACE_NOERROR, seL4_NoError), CSPACE_ERROR from what makes and destroys, a seL4_Error from what asks the kernel.
 */
#pragma once

#include <caps/caps.h>
#include <cspace/bitfield.h>
#include <sel4/sel4.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CSPACE_ATTEMPTS = 16 }; /* how often the libraries retry what may be refused temporarily */

/* --- making and unmaking --- */

/* Make a CSpace that grows up to 16384 slots.  `bootstrap` is the caller's CSpace and pays one slot for the new root, one for bookkeeping
 * (plus those that mapping it takes), and memory through its own `alloc`; later leaves are paid for through `cspace_alloc`.  Returns
 * CSPACE_NOERROR or CSPACE_ERROR. */
int cspace_create_two_level(cspace_t *bootstrap, cspace_t *target, cspace_alloc_t cspace_alloc);

/* Make a CSpace of 127 usable slots; the first one handed out is 1.  `bootstrap` pays one slot and 4 KiB.  A one-level
 * CSpace has no memory source and so cannot itself be a `bootstrap`. */
int cspace_create_one_level(cspace_t *bootstrap, cspace_t *target);

/* Make a CSpace that begins as one of 127 slots and becomes a two-level one of 16383 slots when those are used up, all paid for by
 * `bootstrap`.  CPtrs that were handed out stay valid.  root_cnode then becomes another capability: threads that were given the old one
 * (thread_create_ex moves its own) continue with the first 127 slots until they are given the new one. */
int cspace_create(cspace_t *bootstrap, cspace_t *target);

/* Delete every capability in `c`, then its CNodes, and give all memory and slots back.  Threads that run in it must be
 * destroyed first: they hold its root CNode.  If they were not, the memory of the root is not returned, the fact is
 * reported, and the result of the _checked form is CSPACE_ERROR; calling again after the threads are gone returns the
 * rest (and takes the CSpace away from any thread that is left).  The root task's own CSpace is refused. */
void cspace_destroy(cspace_t *c);
cspace_err_t cspace_destroy_checked(cspace_t *c);

/* --- slots --- */

/* Take the lowest free slot; seL4_CapNull when the CSpace is full or cannot grow. */
seL4_CPtr cspace_alloc_slot(cspace_t *c);

/* Take `n` (1..64) neighbouring slots within one leaf, so that one retype can fill them; the first, or seL4_CapNull. */
seL4_CPtr cspace_alloc_slots(cspace_t *c, unsigned n);

/* Give an empty slot back.  Slot 0 is ignored.  A slot that is free, held back, out of range or still holds a
 * capability is refused and reported. */
void cspace_free_slot(cspace_t *c, seL4_CPtr slot);
cspace_err_t cspace_free_slot_checked(cspace_t *c, seL4_CPtr slot);

/* Give `n` slots of one leaf back whose capabilities a revoke has just taken, as those of cspace_alloc_slots go together: the kernel is
 * not asked whether they are empty (cspace_audit sees it).  All or none: one that is free, held back or elsewhere is reported. */
void cspace_free_emptied(cspace_t *c, seL4_CPtr first, unsigned n);

/* Delete the capability and give the slot back: the usual end of both. */
seL4_Error cspace_delete_and_free(cspace_t *c, seL4_CPtr slot);

/* The same for undoing, where a failure could not be handled: a delete that the kernel refuses is retried up to CSPACE_ATTEMPTS times and
 * then reported.  cspace_wipe keeps the slot. */
void cspace_discard(cspace_t *c, seL4_CPtr slot);
void cspace_wipe(cspace_t *c, seL4_CPtr slot);

/* Grow until `n` slots are free.  CSPACE_ERROR when memory or the limit does not allow it. */
cspace_err_t cspace_reserve(cspace_t *c, size_t n);

/* Slots that could be handed out without growing, slots handed out, of these the ones that a bootstrapped CSpace has
 * taken for its own books and reserves, and the limit. */
size_t cspace_free_slots(const cspace_t *c);
size_t cspace_own_slots(const cspace_t *c);
size_t cspace_used_slots(const cspace_t *c);
size_t cspace_capacity(const cspace_t *c);

/* Is this slot handed out?  Does it hold a capability (one kernel call, no effect)? */
bool cspace_is_allocated(const cspace_t *c, seL4_CPtr slot);
bool cspace_is_occupied(const cspace_t *c, seL4_CPtr slot);

/* Does anything live in the untyped at `slot`?  It can be copied if and only if it has no children: seL4_NoError says that it is
 * empty, seL4_RevokeFirst that it is not, seL4_NotEnoughMemory that there is no slot to ask with; any other result says what is wrong with
 * the capability or the query.  Another refusal may be temporary, so the kernel is asked up to CSPACE_ATTEMPTS times.  Usually two kernel
 * calls and one slot temporarily; afterwards an empty untyped starts from its beginning again. */
seL4_Error cspace_probe_untyped(cspace_t *c, seL4_CPtr slot);

/* Check the records for consistency and, for free slots in leaf `leaf`, against the kernel.  Returns the number of
 * contradictions found, each of them reported.  cspace_audit_all walks all leaves. */
unsigned cspace_audit(const cspace_t *c, uint32_t leaf);
unsigned cspace_audit_all(const cspace_t *c);

/* --- for the bootstrap library --- */

/* Books for the CNode that the kernel made at boot: slots below `first_free` are taken, those up to `end` free. */
void cspace_adopt_boot(cspace_t *c, seL4_CPtr first_free, seL4_CPtr end, int cnode_size_bits);

/* The calling thread now runs in a two-level CSpace with the same contents in its first `leaves` leaves; slots beyond
 * were all free. */
void cspace_adopt_leaves(cspace_t *c, uint32_t leaves);

/* The same for a CSpace of one CNode with 2^slot_bits slots, at most INITIAL_TASK_CSPACE_SLOTS. */
void cspace_adopt_flat(cspace_t *c, uint32_t leaves, unsigned slot_bits);
