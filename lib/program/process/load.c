/* SPDX-License-Identifier: BSD-2-Clause */
/* Loading an image page by page: each page is filled through a mapping of our own, then shown to the process with the
 * rights that its segment has.  Two segments may meet in a page only if they have the same rights. */
#include <elf/elf64.h>
#include <process/process.h>
#include <sel4/report.h>

enum { PAGE = 1 << seL4_PageBits };

static enum vspace_flags flags_of(uint32_t elf_flags)
{
        unsigned flags = 0;

        if (!elf_flags)
                return VSPACE_RW | VSPACE_X;
        flags |= elf_flags & (ELF64_R | ELF64_X) ? VSPACE_R : 0;
        flags |= elf_flags & ELF64_W ? VSPACE_W : 0;
        flags |= elf_flags & ELF64_X ? VSPACE_X : 0;
        return (enum vspace_flags)flags;
}

static void copy(char *to, const unsigned char *from, size_t bytes)
{
        for (size_t i = 0; i < bytes; i++)
                to[i] = (char)from[i];
}

/* The part of a segment that lies in the page at `vaddr`. */
static void fill(char *page, seL4_Word vaddr, const struct elf64 *elf, const struct elf64_segment *segment)
{
        seL4_Word start = segment->vaddr > vaddr ? segment->vaddr : vaddr;
        seL4_Word end = segment->vaddr + segment->filesz;

        end = end < vaddr + PAGE ? end : vaddr + PAGE;
        if (start < end) {
                copy(page + (start - vaddr), elf->file + segment->offset + (start - segment->vaddr),
                     end - start);
        }
}

/* A page of ours that the process has, or will have, at `vaddr`. */
static void *open_page(vspace_t *vspace, seL4_Word vaddr, enum vspace_flags flags, int *err)
{
        vspace_t *own = vspace_own();
        vspace_mapping_t there = vspace_lookup(vspace, vaddr);
        seL4_Word at = 0;

        if (there.kind == VSPACE_EMPTY) {
                void *page = vspace_new_pages(own, 0, 1, VSPACE_RW);

                *err = page ? vspace_share(own, page, 1, vspace, vaddr, flags, NULL) : VSPACE_NO_MEMORY;
                if (page && *err)
                        vspace_unmap(own, (seL4_Word)page, 1);
                return *err ? NULL : page;
        }
        *err = there.kind == VSPACE_PAGE && there.flags == flags
                       ? vspace_share(vspace, (const void *)vaddr, 1, own, 0, VSPACE_RW, &at)
                       : (int)seL4_DeleteFirst;
        return (void *)at;
}

static int load_page(vspace_t *vspace, seL4_Word vaddr, const struct elf64 *elf,
                     const struct elf64_segment *segment)
{
        enum vspace_flags flags = flags_of(segment->flags);
        int err;
        char *page = open_page(vspace, vaddr, flags, &err);

        if (err)
                return err;
        fill(page, vaddr, elf, segment);
        if (flags & VSPACE_X)
                err = vspace_sync_code(vspace_own(), (seL4_Word)page, 1);
        vspace_unmap(vspace_own(), (seL4_Word)page, 1);
        return err;
}

static int load_segment(vspace_t *vspace, const struct elf64 *elf, const struct elf64_segment *segment)
{
        seL4_Word end = segment->vaddr + segment->memsz;
        int err = seL4_NoError;

        if (end > seL4_UserTop || (segment->memsz >> seL4_PageBits) > (ut_available() >> seL4_PageBits))
                return end > seL4_UserTop ? (int)seL4_InvalidArgument : VSPACE_NO_MEMORY;
        if ((segment->flags & (ELF64_W | ELF64_X)) == (ELF64_W | ELF64_X)) {
                report("process_load: a segment at 0x%lx is both writable and executable",
                       (unsigned long)segment->vaddr);
        }
        for (seL4_Word vaddr = segment->vaddr & ~(seL4_Word)(PAGE - 1); vaddr < end && !err; vaddr += PAGE)
                err = load_page(vspace, vaddr, elf, segment);
        return err;
}

int process_load(vspace_t *vspace, const void *image, size_t size, seL4_Word *entry)
{
        struct elf64 elf;
        enum elf64_error wrong = elf64_open(&elf, image, size);
        int err = seL4_NoError;

        if (wrong) {
                report("process_load: the image %s", elf64_error_text(wrong));
                return seL4_InvalidArgument;
        }
        for (uint32_t i = 0; i < elf.count && !err; i++) {
                struct elf64_segment segment;

                if (elf64_segment(&elf, i, &segment))
                        err = load_segment(vspace, &elf, &segment);
        }
        if (entry)
                *entry = elf.entry;
        return err;
}
