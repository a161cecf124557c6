/* SPDX-License-Identifier: BSD-2-Clause */
/* Behind the slides' signatures.  They name images by address alone; a small table remembers the sizes that
 * cpio_get_file told, so that nothing is read beyond an image. */
#include <aos/seed_compat.h>
#include <elfload.h>
#include <sel4/report.h>

#undef ut_free
#undef cpio_get_file

enum { IMAGES = 16, STACK_PAGES = 5 };

static elf_t images[IMAGES];
static unsigned next_image;

static const elf_t *find_image(const void *base)
{
        for (unsigned i = 0; i < IMAGES; i++) {
                if (base && images[i].elfFile == base)
                        return &images[i];
        }
        report("the image at %p did not come from cpio_get_file", base);
        return NULL;
}

enum ut_error ut_free_sized(ut_t *piece, size_t size_bits)
{
        if (piece && piece->size_bits != size_bits) {
                report("ut_free: the piece has 2^%u bytes, not 2^%zu", piece->size_bits, size_bits);
                return UT_WRONG_SIZE;
        }
        return ut_free_checked(piece);
}

char *seed_cpio_get_file_4(const void *archive, unsigned long len, const char *name, unsigned long *size)
{
        unsigned long bytes = 0;
        const void *file = cpio_get_file(archive, len, name, &bytes);

        if (file)
                images[next_image++ % IMAGES] = (elf_t){.elfFile = file, .elfSize = bytes};
        if (size)
                *size = bytes;
        return (char *)file;
}

char *seed_cpio_get_file(const void *archive, const char *name, unsigned long *size)
{
        return seed_cpio_get_file_4(archive, (unsigned long)(_cpio_archive_end - _cpio_archive), name, size);
}

/* The books of an address space known by its capability; made now if it was made by hand. */
static vspace_t *books(cspace_t *cspace, seL4_CPtr root)
{
        vspace_t *vspace = vspace_of(cspace, root);

        if (!vspace)
                report("no books for address space 0x%lx: out of memory", root);
        return vspace;
}

int seed_elf_load_3(cspace_t *cspace, seL4_CPtr loadee_vspace, const elf_t *elf)
{
        vspace_t *vspace = books(cspace, loadee_vspace);

        return vspace && elf && !process_load(vspace, elf->elfFile, elf->elfSize, NULL) ? 0 : -1;
}

int seed_elf_load(cspace_t *cspace, seL4_CPtr loader_vspace, seL4_CPtr loadee_vspace, const void *elf_base)
{
        (void)loader_vspace; /* pages are filled through our own address space */
        return seed_elf_load_3(cspace, loadee_vspace, find_image(elf_base));
}

seL4_Word seed_entry_elf(const elf_t *elf)
{
        elf_t checked;

        return elf && !elf_newFile(elf->elfFile, elf->elfSize, &checked) ? (elf_getEntryPoint)(elf) : 0;
}

seL4_Word seed_entry(const void *elf_base)
{
        return seed_entry_elf(find_image(elf_base));
}

seL4_Word seed_init_process_stack(cspace_t *cspace, seL4_CPtr root, const void *elf_base)
{
        vspace_t *vspace = books(cspace, root);
        const elf_t *elf = find_image(elf_base);
        seL4_Word low = PROCESS_STACK_TOP - ((seL4_Word)STACK_PAGES << seL4_PageBits);

        if (!vspace || !elf || !vspace_new_pages(vspace, low, STACK_PAGES, VSPACE_RW))
                return 0;
        return process_stack(vspace, PROCESS_STACK_TOP,
                             &(process_config_t){.image = elf->elfFile, .image_size = elf->elfSize});
}

/* elfload.h, without the macro. */
int(elf_load)(cspace_t *cspace, seL4_CPtr loadee_vspace, elf_t *elf)
{
        return seed_elf_load_3(cspace, loadee_vspace, elf);
}
