/* SPDX-License-Identifier: BSD-2-Clause */
/* Device memory, page by page.
 *
 * The kernel makes one frame object of a device page; every further mapping is a copy of its capability.  The first
 * capability is kept in a small table together with the number of mappings, which the vspace library provides, and
 * deleted with the last of them.
 */
#include <device/device.h>
#include <object/object.h>
#include <sel4/report.h>
#include <vspace/inside.h>

enum { DEVICE_PAGES_MAX = 128 };

struct device_page {
        ut_t *ut; /* NULL: row not in use */
        cspace_t *cspace;
        seL4_CPtr frame;
        unsigned users;
};

static struct device_page device[DEVICE_PAGES_MAX];

static struct device_page *find_row(const ut_t *ut)
{
        for (unsigned i = 0; i < DEVICE_PAGES_MAX; i++) {
                if (device[i].ut == ut)
                        return &device[i];
        }
        return NULL;
}

static void close_page(struct device_page *row)
{
        if (!row->users) {
                ut_free_object(row->cspace, row->frame, row->ut);
                *row = (struct device_page){0};
        }
}

/* The row of the page at `paddr`, or NULL. */
static struct device_page *row_at(uintptr_t paddr)
{
        ut_t *ut = ut_find(paddr);

        return ut && ut->device ? find_row(ut) : NULL;
}

static void count_mapping(uintptr_t paddr, int change)
{
        struct device_page *row = row_at(paddr);

        if (row) {
                row->users += (unsigned)change;
                close_page(row);
        }
}

/* The row of the page at `paddr`, with its frame made. */
static struct device_page *open_page(cspace_t *cspace, uintptr_t paddr)
{
        ut_t *ut = ut_alloc_4k_device(paddr);
        struct device_page *row = ut ? find_row(ut) : NULL;

        if (row || !ut)
                return row;
        row = find_row(NULL);
        vspace_device_hook = count_mapping;
        if (row) {
                seL4_CPtr slot = cspace_alloc_slot(cspace);

                if (slot &&
                    !cspace_untyped_retype(cspace, ut->cap, slot, seL4_ARM_SmallPageObject, seL4_PageBits)) {
                        *row = (struct device_page){.ut = ut, .cspace = cspace, .frame = slot};
                        ut_set_type(ut, seL4_ARM_SmallPageObject);
                        return row;
                }
                cspace_free_slot(cspace, slot);
        }
        ut_free(ut);
        return NULL;
}

/* Map the page at `paddr` with a capability of its own. */
static int map_page(vspace_t *vspace, uintptr_t paddr, seL4_Word vaddr)
{
        struct device_page *row = open_page(vspace->cspace, paddr);
        int err;

        if (!row)
                return seL4_InvalidArgument;
        err = vspace_map_copy(vspace, row->frame, vaddr, VSPACE_RW | VSPACE_DEVICE);
        close_page(row);
        return err;
}

static int unmap_page(vspace_t *vspace, seL4_Word vaddr)
{
        vspace_mapping_t mapping = vspace_lookup(vspace, vaddr);

        return mapping.kind == VSPACE_PAGE && row_at(mapping.paddr) ? vspace_unmap(vspace, vaddr, 1)
                                                                    : (int)seL4_InvalidArgument;
}

static size_t pages_of(uintptr_t addr, size_t size)
{
        return (size >> seL4_PageBits) + (((addr & 0xfff) + (size & 0xfff) + 0xfff) >> seL4_PageBits);
}

seL4_Word vspace_map_device(vspace_t *vspace, uintptr_t addr, size_t size, seL4_Word vaddr)
{
        size_t count = pages_of(addr, size);
        uintptr_t paddr = addr & ~(uintptr_t)0xfff;
        size_t done;

        if (!vaddr)
                vaddr = vspace_find_free(vspace, count, seL4_PageBits);
        if (!shadow_covers(vspace, vaddr, count))
                return 0;
        for (done = 0; vaddr && done < count; done++) {
                seL4_Word offset = done << seL4_PageBits;
                int err = map_page(vspace, paddr + offset, vaddr + offset);

                if (err) {
                        report("map_device(0x%lx): %s", (unsigned long)(paddr + offset),
                               report_error_name(err));
                        vspace_unmap_device(vspace, vaddr, offset);
                        return 0;
                }
        }
        return vaddr && count ? vaddr + (addr & 0xfff) : 0;
}

int vspace_unmap_device(vspace_t *vspace, seL4_Word address, size_t size)
{
        size_t count = pages_of(address, size);
        int result = seL4_NoError;

        if (!shadow_covers(vspace, address & ~0xffful, count))
                return seL4_InvalidArgument;
        for (size_t i = 0; i < count; i++) {
                int err = unmap_page(vspace, (address & ~0xffful) + (i << seL4_PageBits));
                result = result ? result : err;
        }
        return result;
}

void *sos_map_device(cspace_t *cspace, uintptr_t addr, size_t size)
{
        vspace_t *own = vspace_own();

        (void)cspace;
        if (!own) {
                report("sos_map_device: bootstrap comes first");
                return NULL;
        }
        return (void *)vspace_map_device(own, addr, size, 0);
}

int sos_unmap_device(void *address, size_t size)
{
        return vspace_unmap_device(vspace_own(), (seL4_Word)address, size);
}
