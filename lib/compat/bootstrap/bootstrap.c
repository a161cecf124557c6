/* SPDX-License-Identifier: BSD-2-Clause */
/* From the boot CNode to a two-level CSpace, or to one CNode that is large enough.
 *
 * While the new CNodes are made, the boot CNode is used through the same cspace_t (`flat`): capabilities keep their
 * numbers when they move, so nothing that the libraries remember changes.  The move goes through a capability to the
 * new root in slot `root`; after the switch the old CNode is reached through one in slot `old`, emptied and deleted.
 */
#include <book/book.h>
#include <bootstrap/bootstrap.h>
#include <clock/timestamp.h>
#include <device/device.h>
#include <sel4/report.h>

enum {
        TOP_BITS = INITIAL_TASK_CNODE_SIZE_BITS - seL4_SlotBits,
        LEAF_BITS = CNODE_SIZE_BITS - seL4_SlotBits,
        GUARD_BITS = seL4_WordBits - INITIAL_TASK_CSPACE_BITS,
        DEPTH = seL4_WordBits,
        SEED_PAIRS = 320,
        SLOTS_PER_PAGE = 2, /* of RAM: frames that are mapped twice */
};

_Static_assert(TOP_BITS + LEAF_BITS == INITIAL_TASK_CSPACE_BITS, "2^20 slots");

static const seL4_BootInfo *boot;
static char seed[SEED_PAIRS * 2 * sizeof(ut_t)] __attribute__((aligned(64)));

const seL4_BootInfo *bootstrap_info(void)
{
        return boot;
}

static int fail(int err, const char *step)
{
        report("bootstrap: %s: %s", step, report_error_name(err));
        return err;
}

static int add_untypeds(const seL4_BootInfo *bi)
{
        for (seL4_Word i = 0; i < bi->untyped.end - bi->untyped.start; i++) {
                const seL4_UntypedDesc *desc = &bi->untypedList[i];

                if (desc->sizeBits >= UT_MIN_BITS && desc->sizeBits <= UT_MAX_BITS &&
                    ut_add(bi->untyped.start + i, desc->paddr, desc->sizeBits, desc->isDevice)) {
                        return VSPACE_NO_MEMORY;
                }
        }
        return seL4_NoError;
}

/* One past the highest slot in use. */
static seL4_CPtr slots_in_use(const cspace_t *c)
{
        seL4_CPtr top = c->leaves * (1ul << LEAF_BITS);

        while (top > 0 && !cspace_is_allocated(c, top - 1))
                top--;
        return top;
}

/* Leaves for everything that is in use, and one more, placed in the top CNode. */
static int add_leaves(cspace_t *c, seL4_CPtr top, uint32_t *leaves)
{
        for (*leaves = 0; *leaves < (slots_in_use(c) >> LEAF_BITS) + 2; ++*leaves) {
                ut_t *ut = ut_alloc(CNODE_SIZE_BITS, c);

                if (!ut || *leaves >= BOT_LVL_PER_NODE)
                        return VSPACE_NO_MEMORY;
                if (seL4_Untyped_Retype(ut->cap, seL4_CapTableObject, LEAF_BITS, top, 0, 0, *leaves, 1))
                        return seL4_NotEnoughMemory;
        }
        return seL4_NoError;
}

static bool moves_later(seL4_CPtr slot, seL4_CPtr root)
{
        return slot == seL4_CapInitThreadTCB || slot == seL4_CapInitThreadCNode ||
               slot == seL4_CapInitThreadVSpace || slot == root;
}

/* Move one capability; an empty slot is fine. */
static int move(seL4_CPtr to, seL4_CPtr from, seL4_CPtr slot)
{
        int err = seL4_CNode_Move(to, slot, DEPTH, from, slot, DEPTH);

        return err == seL4_FailedLookup ? seL4_NoError : err;
}

static int switch_to(cspace_t *c, seL4_CPtr root, seL4_CPtr old)
{
        seL4_CPtr end = slots_in_use(c);
        int err = cspace_copy(c, old, c, seL4_CapInitThreadCNode, seL4_AllRights);

        for (seL4_CPtr slot = 1; slot < end && !err; slot++)
                err = moves_later(slot, root) ? seL4_NoError : move(root, seL4_CapInitThreadCNode, slot);
        if (!err) {
                err = seL4_CNode_Copy(root, seL4_CapInitThreadCNode, DEPTH, seL4_CapInitThreadCNode, root,
                                      DEPTH, seL4_AllRights);
        }
        return err ? err
                   : (int)seL4_TCB_SetSpace(seL4_CapInitThreadTCB, seL4_CapNull, root, 0,
                                            seL4_CapInitThreadVSpace, 0);
}

/* In the new CSpace: fetch what was needed for the switch, then remove the old CNode. */
static int leave_old(cspace_t *c, seL4_CPtr root, seL4_CPtr old)
{
        int err = move(seL4_CapInitThreadCNode, old, seL4_CapInitThreadTCB);

        err = err ? err : move(seL4_CapInitThreadCNode, old, seL4_CapInitThreadVSpace);
        err = err ? err : (int)seL4_CNode_Delete(old, root, DEPTH);
        err = err ? err : (int)seL4_CNode_Delete(old, seL4_CapInitThreadCNode, DEPTH);
        err = err ? err : (int)cspace_delete(c, old);
        return err;
}

/* Slots, log2, of one CNode that has room for what is in use and for all that RAM can become. */
static unsigned flat_bits(const cspace_t *c)
{
        size_t wanted = SLOTS_PER_PAGE * (ut_size() >> seL4_PageBits),
               least = slots_in_use(c) + (2ul << LEAF_BITS);
        unsigned bits = LEAF_BITS;

        while (bits < INITIAL_TASK_CSPACE_BITS && (1ul << bits < wanted || 1ul << bits < least))
                bits++;
        return bits;
}

/* The new root CNode, in slot *top: of 2^*bits slots, or (*bits 0) a top for leaves. */
static ut_t *make_top(cspace_t *c, seL4_CPtr *top, unsigned *bits)
{
        ut_t *ut = *bits ? ut_new_object(c, top, seL4_CapTableObject, *bits) : NULL;

        if (ut)
                return ut;
        *bits = 0;
        return ut_new_object(c, top, seL4_CapTableObject, TOP_BITS);
}

/* `bits` as for make_top. */
static int move_house(cspace_t *c, unsigned bits)
{
        seL4_CPtr top, root, old;
        uint32_t leaves;
        ut_t *ut = make_top(c, &top, &bits);
        seL4_Word guard_bits = bits ? DEPTH - bits : GUARD_BITS;
        int err;

        if (!ut)
                return fail(VSPACE_NO_MEMORY, "memory for the top CNode");
        root = cspace_alloc_slot(c);
        old = cspace_alloc_slot(c);
        leaves = (uint32_t)((slots_in_use(c) + (1ul << LEAF_BITS) - 1) >> LEAF_BITS);
        err = bits ? seL4_NoError : add_leaves(c, top, &leaves);
        if (!err)
                err = cspace_mutate(c, root, c, top, seL4_CNode_CapData_new(0, guard_bits).words[0]);
        if (!err)
                err = switch_to(c, root, old);
        if (!err)
                err = leave_old(c, root, old);
        if (err)
                return fail(err, "the new CSpace");
        if (bits)
                cspace_adopt_flat(c, leaves, bits);
        else
                cspace_adopt_leaves(c, leaves);
        c->root_ut = ut;
        cspace_free_slot(c, top);
        cspace_free_slot(c, root);
        cspace_free_slot(c, old);
        return seL4_NoError;
}

/* What the kernel mapped at boot: the image, then the IPC buffer, the boot information and its extra pages. */
static int adopt_space(cspace_t *c, vspace_t *vspace, const seL4_BootInfo *bi)
{
        seL4_Word image_pages = bi->userImageFrames.end - bi->userImageFrames.start;
        seL4_Word extra_pages = bi->extraBIPages.end - bi->extraBIPages.start;
        seL4_Word start = (seL4_Word)bi->ipcBuffer - (image_pages << seL4_PageBits);
        int err = vspace_adopt(vspace, c, seL4_CapInitThreadVSpace);

        if (err)
                return err;
        vspace_set_own(vspace);
        err = vspace_reserve(vspace, start, image_pages + 2 + extra_pages);
        if (!err) {
                err = vspace_reserve(vspace, BOOK_WINDOW_START,
                                     (BOOK_WINDOW_END - BOOK_WINDOW_START) >> seL4_PageBits);
        }
        return err;
}

/* Some boards have it in the device tree only; the kernel follows that, too. */
static void learn_frequency(const seL4_BootInfo *bi)
{
        struct fdt tree;

        if (device_tree(bi, &tree))
                timestamp_set_freq(fdt_read_timer_frequency(&tree));
}

static ut_t *book_frame(cspace_t *cspace, seL4_CPtr *frame)
{
        return ut_new_object(cspace, frame, seL4_ARM_SmallPageObject, seL4_PageBits);
}

static void book_frame_back(cspace_t *cspace, seL4_CPtr frame, ut_t *piece)
{
        ut_free_object(cspace, frame, piece);
}

static int start(cspace_t *cspace, vspace_t *vspace, const seL4_BootInfo *bi, bool flat)
{
        int err;

        boot = bi;
        learn_frequency(bi);
        cspace_adopt_boot(cspace, bi->empty.start, bi->empty.end,
                          (int)bi->initThreadCNodeSizeBits + seL4_SlotBits);
        cspace->alloc = bootstrap_alloc(cspace);
        ut_start(cspace, seed, sizeof(seed));
        book_start(cspace, &(struct book_source){book_frame, book_frame_back, bootstrap_cspace_map_frame,
                                                 bootstrap_cspace_unmap_frame, cspace});
        err = add_untypeds(bi);
        if (err)
                return fail(err, "more untypeds than records");
        err = move_house(cspace, flat ? flat_bits(cspace) : 0);
        if (!err && vspace) {
                err = adopt_space(cspace, vspace, bi);
                return err ? fail(err, "the address space") : err;
        }
        return err;
}

int bootstrap(cspace_t *cspace, vspace_t *vspace, const seL4_BootInfo *bi)
{
        return start(cspace, vspace, bi, false);
}

int bootstrap_flat(cspace_t *cspace, vspace_t *vspace, const seL4_BootInfo *bi)
{
        return start(cspace, vspace, bi, true);
}

void sos_bootstrap(cspace_t *cspace, const seL4_BootInfo *bi)
{
        static vspace_t vspace;

        if (bootstrap(cspace, &vspace, bi))
                __builtin_trap();
}
