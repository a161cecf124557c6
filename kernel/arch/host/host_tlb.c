/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking and remembering translations (see host_tlb.h).  Knows descriptors as the architecture defines them, and
 * shares nothing with kernel/vm, whose work it judges. */
#include "arch/host/host_tlb.h"
#include "arch/arch.h"
#include "arch/host/face.h"
#include "arch/host/host.h"
#include "core/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        ENTRIES = 512,
        LEVEL_LAST = 3,
        DESCRIPTOR_VALID = 1,
        DESCRIPTOR_TABLE = 2, /* at level 3: a page */
        AP_USER = 1 << 6,
        AP_READ_ONLY = 1 << 7,
        ACCESS_FLAG = 1 << 10,
        EXECUTE_NEVER_BIT = 54,
        STATUS_SIZE = 0,
        STATUS_TRANSLATION = 0x04,
        STATUS_ACCESS = 0x08,
        STATUS_PERMISSION = 0x0c,
        STATUS_WRITE = 1 << 6,
        STAGE2_READ = 1 << 6,
        STAGE2_WRITE = 1 << 7,
};

/* One remembered leaf; unused when leaf is 0. */
struct entry {
        word asid, va, level, leaf;
};

static struct tlb {
        struct entry entry[ENTRIES];
        word next; /* replaced round robin */
        word root, asid;
} tlbs[CORES_MAX];

static word asid_bits;

static struct tlb *own(void)
{
        return &tlbs[this_core()->number];
}

void (*host_forget_hook)(word va, word size);
void (*host_stale_hook)(word asid, word va);

void host_tlb_reset(void)
{
        memset(tlbs, 0, sizeof(tlbs));
        asid_bits = 16;
}

void host_tlb_bits(word bits)
{
        asid_bits = bits;
}

word arch_asid_bits(void)
{
        return asid_bits;
}

word host_space_root(void)
{
        return own()->root;
}

word host_space_asid(void)
{
        return own()->asid;
}

/* Address bits below one entry of a table of `level`. */
static word span_bits(word level)
{
        return 12 + 9 * (LEVEL_LAST - level);
}

static word output_of(word descriptor)
{
        return descriptor & ones(48) & ~ones(12);
}

static struct host_translation abort_with(word status, word level, enum host_access how)
{
        word class = how == HOST_FETCH ? 0x20 : 0x24;
        word write = how == HOST_WRITE ? STATUS_WRITE : 0;

        return (struct host_translation){.level = level,
                                         .syndrome = class << 26 | bit(25) | write | status | level};
}

/* At EL2 the tables are those of stage 2: permissions differ, and with 40 bits there is no level 0, but a root of twice the size. */
static word root_level(void)
{
        return hypervisor_face() && !(user_top() >> 40);
}

static bool is_allowed(word leaf, enum host_access how)
{
        if (how == HOST_FETCH && leaf >> EXECUTE_NEVER_BIT & 1)
                return false;
        if (hypervisor_face())
                return leaf & (how == HOST_WRITE ? STAGE2_WRITE : STAGE2_READ);
        return (leaf & AP_USER) && (how != HOST_WRITE || !(leaf & AP_READ_ONLY));
}

static struct host_translation use_leaf(word leaf, word level, word va, enum host_access how)
{
        word span = span_bits(level);

        if (!(leaf & ACCESS_FLAG))
                return abort_with(STATUS_ACCESS, level, how);
        if (!is_allowed(leaf, how))
                return abort_with(STATUS_PERMISSION, level, how);
        return (struct host_translation){.ok = true,
                                         .paddr = align_down(output_of(leaf), span) | (va & ones(span)),
                                         .level = level,
                                         .leaf = leaf};
}

/* The leaf descriptor for `va`, or 0; *level is where the walk ended. */
static word find_leaf(word root, word va, word *level)
{
        word table = root, index = va >> span_bits(root_level());

        for (*level = root_level();; ++*level) {
                const word *entries = (const word *)table;

                if (!host_is_ram(table))
                        return 0;
                word d = entries[index];
                if (!(d & DESCRIPTOR_VALID))
                        return 0;
                if (*level == LEVEL_LAST)
                        return d & DESCRIPTOR_TABLE ? d : 0;
                if (!(d & DESCRIPTOR_TABLE))
                        return *level == 0 ? 0 : d;
                table = output_of(d);
                index = va >> span_bits(*level + 1) & ones(9);
        }
}

struct host_translation host_walk(word root, word va, enum host_access how)
{
        word level, leaf;

        if (hypervisor_face() && va > user_top())
                return abort_with(STATUS_SIZE, 0, how);
        if (va >> 48 || root == 0)
                return abort_with(STATUS_TRANSLATION, 0, how);
        leaf = find_leaf(root, va, &level);
        if (leaf == 0)
                return abort_with(STATUS_TRANSLATION, level, how);
        return use_leaf(leaf, level, va, how);
}

static bool entry_covers(const struct entry *e, word asid, word va)
{
        return e->leaf != 0 && e->asid == asid && e->va >> span_bits(e->level) == va >> span_bits(e->level);
}

static struct entry *remembered(word asid, word va)
{
        for (word i = 0; i < ENTRIES; i++) {
                if (entry_covers(&own()->entry[i], asid, va))
                        return &own()->entry[i];
        }
        return NULL;
}

static void stale(const struct entry *e)
{
        if (host_stale_hook)
                host_stale_hook(e->asid, e->va);
        fprintf(stderr, "stale translation: ASID %lu address %lx\n", e->asid, e->va);
        abort();
}

static void check_entry(const struct entry *e, word root)
{
        word level, leaf = root ? find_leaf(root, e->va, &level) : 0;

        if (leaf != e->leaf || level != e->level)
                stale(e);
}

static void forget(struct entry *e)
{
        if (e->asid == own()->asid && host_forget_hook)
                host_forget_hook(align_down(e->va, span_bits(e->level)), bit(span_bits(e->level)));
        e->leaf = 0;
}

static void remember(word va, const struct host_translation *t)
{
        struct entry *e = &own()->entry[own()->next];

        own()->next = (own()->next + 1) % ENTRIES;
        if (e->leaf != 0)
                forget(e);
        *e = (struct entry){own()->asid, va, t->level, t->leaf};
}

struct host_translation host_translate(word va, enum host_access how)
{
        struct entry *e = own()->root ? remembered(own()->asid, va) : NULL;
        struct host_translation t;

        if (e) {
                check_entry(e, own()->root);
                return use_leaf(e->leaf, e->level, va, how);
        }
        t = host_walk(own()->root, va, how);
        if (t.ok)
                remember(va, &t);
        return t;
}

void host_tlb_check(word (*root_of)(word asid))
{
        for (word i = 0; i < ENTRIES; i++) {
                if (own()->entry[i].leaf != 0)
                        check_entry(&own()->entry[i], root_of(own()->entry[i].asid));
        }
}

/* Whoever mapped pages for the old space unmaps them; its TLB entries stay. */
static void change_space(word root, word asid)
{
        if (own()->asid == asid && own()->root == root)
                return;
        for (word i = 0; i < ENTRIES && host_forget_hook; i++) {
                const struct entry *e = &own()->entry[i];

                if (e->leaf != 0 && e->asid == own()->asid)
                        host_forget_hook(align_down(e->va, span_bits(e->level)), bit(span_bits(e->level)));
        }
        own()->root = root;
        own()->asid = asid;
}

void arch_space_enter(word root_paddr, word asid)
{
        change_space(root_paddr, asid & ones(asid_bits));
}

void arch_space_write(word space)
{
        arch_space_enter(space & ones(48), space >> 48);
}

void arch_space_leave(void)
{
        change_space(0, 0);
}

/* Maintenance is broadcast. */
static inline __attribute__((always_inline)) void
drop(bool (*is_meant)(const struct entry *e, word asid, word va), word asid, word va)
{
        for (word n = 0; n == 0 || n < kernel.cores; n++) {
                for (word i = 0; i < ENTRIES; i++) {
                        struct entry *e = &tlbs[n].entry[i];
                        if (e->leaf != 0 && is_meant(e, asid & ones(asid_bits), va))
                                forget(e);
                }
        }
}

static bool is_of_space(const struct entry *e, word asid, word va)
{
        (void)va;
        return e->asid == asid;
}

static bool is_any(const struct entry *e, word asid, word va)
{
        (void)e, (void)asid, (void)va;
        return true;
}

void arch_tlb_drop_page(word asid, word va)
{
        drop(entry_covers, asid, va);
}

void arch_tlb_drop_space(word asid)
{
        drop(is_of_space, asid, 0);
}

void arch_tlb_drop_all(void)
{
        drop(is_any, 0, 0);
}

void arch_table_written(void)
{
}
