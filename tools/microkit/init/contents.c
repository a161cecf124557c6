/* SPDX-License-Identifier: BSD-2-Clause */
/* What domains find in their memory besides pages of the root task's image: addresses of regions in variables, copies in
 * frames of other kinds. */
#include "tools/microkit/init/init.h"

#define LARGE (1ul << seL4_LargePageBits)

/* Addresses that the root task uses itself, after its image: a large page, then small ones, for which a table is made. */
static char *window(seL4_Word page_bits)
{
        seL4_Word large = (system_address->end + LARGE - 1) / LARGE * LARGE;
        static seL4_CPtr table;

        if (page_bits == seL4_LargePageBits)
                return (char *)large;
        if (table == seL4_CapNull) {
                table = memory_table();
                must(seL4_ARM_PageTable_Map(table, VSPACE, large + LARGE, seL4_ARM_Default_VMAttributes),
                     "window", "");
        }
        return (char *)large + LARGE;
}

static void copy_words(char *to, const char *from, seL4_Word bytes)
{
        for (seL4_Word i = 0; i + 8 <= bytes; i += 8)
                *(seL4_Word *)(to + i) = *(const seL4_Word *)(from + i);
        for (seL4_Word i = bytes & ~7ul; i < bytes; i++)
                to[i] = from[i];
}

/* The record of the extra boot information with this number; NULL without one. */
static const seL4_BootInfoHeader *extra(uint32_t kind)
{
        const char *at = (const char *)boot_info + PAGE, *end = at + boot_info->extraLen;

        while (at + sizeof(seL4_BootInfoHeader) <= end) {
                const seL4_BootInfoHeader *h = (const seL4_BootInfoHeader *)at;

                if (h->id == kind)
                        return h;
                if (h->len < sizeof(*h))
                        break;
                at += h->len;
        }
        return NULL;
}

static void copy(const struct system_copy *c)
{
        const char *from = (const char *)system_address->image + c->offset;
        seL4_Word bytes = c->bytes, page = 1ul << c->page_bits;

        if (c->kind != 0) {
                const seL4_BootInfoHeader *h = extra(c->kind);

                if (h == NULL)
                        return;
                from = (const char *)h;
                bytes = h->len < bytes ? h->len : bytes;
        }
        for (seL4_Word at = 0; at < bytes; at += page) {
                seL4_CPtr frame = slot_of(c->slot) + at / page;
                seL4_Word n = bytes - at < page ? bytes - at : page;
                char *to = window(c->page_bits);

                must(seL4_ARM_Page_Map(frame, VSPACE, (seL4_Word)to, seL4_ReadWrite,
                                       seL4_ARM_Default_VMAttributes),
                     "window", "");
                copy_words(to, from + at, n);
                if (c->executable)
                        must(seL4_ARM_Page_Unify_Instruction(frame, 0, page), "cache", "");
                must(seL4_ARM_Page_Unmap(frame), "window", "");
        }
}

void contents_fill(void)
{
        seL4_Word count;
        const struct system_patch *p = part(PART_PATCH, &count);
        const struct system_copy *c;
        seL4_Word regions;
        const struct system_region *r = part(PART_REGION, &regions);

        for (seL4_Word i = 0; i < count; i++) {
                seL4_ARM_Page_GetAddress_t at = seL4_ARM_Page_GetAddress(slot_of(r[p[i].region].slot));

                must((seL4_Error)at.error, "address of memory region", r[p[i].region].name);
                copy_words((char *)system_address->image + p[i].offset, (const char *)&at.paddr,
                           sizeof(at.paddr));
        }
        c = part(PART_COPY, &count);
        for (seL4_Word i = 0; i < count; i++)
                copy(&c[i]);
}
