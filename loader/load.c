/* SPDX-License-Identifier: BSD-2-Clause */
/* From the firmware's entry to the kernel's: where everything goes, and the order in which it gets there.
 *
 *      place.kernel    kernel image, hand-over record, page tables | device tree | root image | ... | home
 *
 * Each part starts on the page after the one before it.  `home` is the top of the same range of RAM.  The
 * first life copies the loader and the device tree home and jumps there.  The second life moves the packed
 * files up against its home and expands them in place, low addresses first: a segment's bytes never lie below
 * their final place, so nothing is overwritten before it has been copied (see payload.h).
 */
#include <string.h>

#include <libfdt.h>

#include "lib/driver/fdt/fdt.h"
#include "lib/program/elf/elf64.h"
#include "loader/loader.h"
#include "loader/payload.h"

enum {
        TREE_MAX = 2 * MIB,  /* boot protocol; the content of the tree counts, not its padding */
        TREE_FAR = 64 * MIB, /* blocks farther apart than this cannot belong to a tree */
        TREE_VERSION = 17,
        CHUNKS =
                64, /* bytes that the bootinfo may have beside the tree: headers, and a chunk for extensions */
        TABLES_MAX = MIB / 2, /* record and page tables; unused pages are given back */
};

/* The two programs, as they are in memory at present. */
struct programs {
        struct elf64 kernel, root;
};

struct place {
        uint64_t kernel;
        uint64_t home;
};

static struct handover record;
static struct payload payload;

static uint64_t pages(uint64_t bytes)
{
        return round_up(bytes, PAGE);
}

static void open_programs(struct programs *p, const unsigned char *files)
{
        enum elf64_error error = elf64_open(&p->kernel, files, payload.kernel_size);

        if (error != ELF64_OK)
                stop("the kernel %s", elf64_error_text(error));
        error = elf64_open(&p->root, files + payload.kernel_size, payload.root_size);
        if (error != ELF64_OK)
                stop("the root image %s", elf64_error_text(error));
        if (p->kernel.start != IMAGE_BASE)
                stop("the kernel is linked at 0x%lx instead of 0x%lx", p->kernel.start, (uint64_t)IMAGE_BASE);
}

/* The first range of RAM that holds everything, with a home that does not overlap the two ranges still in use. */
static bool find_place(uint64_t need, uint64_t home, const struct handover_range busy[2], struct place *place)
{
        for (uint64_t i = 0; i < record.ram_count; i++) {
                struct handover_range ram = record.ram[i];
                uint64_t kernel = round_up(ram.start, BLOCK);
                uint64_t tops[3] = {ram.end, busy[0].start, busy[1].start};

                for (unsigned t = 0; t < 3; t++) {
                        struct handover_range at = {round_down(tops[t] - home, PAGE), tops[t]};

                        if (tops[t] <= ram.end && tops[t] >= home && at.start >= kernel &&
                            at.start - kernel >= need && !overlaps(at, busy[0]) && !overlaps(at, busy[1])) {
                                *place = (struct place){kernel, at.start};
                                return true;
                        }
                }
        }
        return false;
}

static void no_place(uint64_t need)
{
        uint64_t largest = 0;

        for (uint64_t i = 0; i < record.ram_count; i++) {
                uint64_t size = record.ram[i].end - record.ram[i].start;

                largest = size > largest ? size : largest;
        }
        if (largest == 0)
                stop("the device tree describes no usable RAM (firmware fills in its memory nodes: boot "
                     "through it)");
        stop("kernel and root image do not fit: they need %s of RAM in one piece, the largest has %s",
             amount_of(need).text, amount_of(largest).text);
}

/* What user level may use beyond the public interface's default, as mkimage calls it. */
static void describe_exports(void)
{
        static const struct {
                uint32_t bit;
                const char *name;
        } exports[] = {{HANDOVER_EXPORT_PMU, "pmu"},   {HANDOVER_EXPORT_VCNT, "vcnt"},
                       {HANDOVER_EXPORT_PCNT, "pcnt"}, {HANDOVER_EXPORT_PTMR, "ptmr"},
                       {HANDOVER_EXPORT_VTMR, "vtmr"}, {HANDOVER_EXPORT_SMC, "smc"}};
        const char *before = ", exports ";

        for (unsigned i = 0; i < sizeof(exports) / sizeof(exports[0]); i++) {
                if (!(payload.options.exports & exports[i].bit))
                        continue;
                say("%s%s", before, exports[i].name);
                before = " ";
        }
        say("\n");
}

static void describe_machine(uint64_t exception_level)
{
        uint64_t total = 0;

        for (uint64_t i = 0; i < record.ram_count; i++)
                total += record.ram[i].end - record.ram[i].start;
        say("\nTessera " TESSERA_VERSION "  %s kernel, from EL%lu, %s of RAM at 0x%lx", payload.preset,
            exception_level, amount_of(total).text, record.ram[0].start);
        describe_exports();
}

/* RAM, and the two ranges in use: firmware may have put them into memory that the device tree reserves. */
static void map_all(struct handover_range a, struct handover_range b, uint64_t asid)
{
        struct handover_range normal[HANDOVER_RAM_MAX];
        uint64_t count = record.ram_count;
        struct list list = {normal, &count};

        memcpy(normal, record.ram, sizeof(normal));
        list_add(list, (struct handover_range){round_down(a.start, PAGE), pages(a.end)});
        list_add(list, (struct handover_range){round_down(b.start, PAGE), pages(b.end)});
        map_machine(list, asid);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
        return a > b ? a : b;
}

/* The bytes of a tree up to the last one with content; 0: no tree.  Called with the MMU off. */
static uint64_t tree_bytes(const void *tree)
{
        const struct fdt_header *h = tree;
        uint64_t reserved, end;

        if ((address_of(tree) & 7) != 0 || fdt32_ld(&h->magic) != FDT_MAGIC ||
            fdt32_ld(&h->version) < TREE_VERSION)
                return 0;
        reserved = (uint64_t)fdt32_ld(&h->off_mem_rsvmap) + sizeof(struct fdt_reserve_entry);
        end = larger((uint64_t)fdt32_ld(&h->off_dt_struct) + fdt32_ld(&h->size_dt_struct),
                     (uint64_t)fdt32_ld(&h->off_dt_strings) + fdt32_ld(&h->size_dt_strings));
        for (; reserved < TREE_FAR; reserved += sizeof(struct fdt_reserve_entry)) {
                const struct fdt_reserve_entry *e = pointer_to(address_of(tree) + reserved) - sizeof(*e);

                if (fdt64_ld(&e->size) == 0)
                        break;
        }
        end = larger(end, reserved);
        return end < fdt32_ld(&h->totalsize) ? end : fdt32_ld(&h->totalsize);
}

/* A damaged tree is refused before anything has been printed; its console may still be found. */
static void check_tree(const void *tree, uint64_t bytes)
{
        struct fdt fdt = {tree};

        if (fdt_check_full(tree, fdt_totalsize(tree)) != 0) { /* not fdt_open: it may lie at address 0 */
                if (fdt_check_header(tree) == 0)
                        platform_console(&fdt, &record);
                stop("the device tree at 0x%lx is damaged", address_of(tree));
        }
        console_quiet(true); /* it is reported when the whole tree is read */
        platform_console(&fdt, &record);
        platform_power(&fdt);
        console_quiet(false);
        if (bytes > TREE_MAX)
                stop("the device tree has %s, more than %s", amount_of(bytes).text, amount_of(TREE_MAX).text);
}

static void check_payload(const struct payload *at)
{
        if (at->magic != PAYLOAD_MAGIC)
                stop("no kernel behind the loader: pack it with mkimage");
        payload = *at;
}

/* What a tree takes here: with it the bootinfo ends with a page.  So a little more or less in it, as nodes of cores that are not
 * started, changes neither where anything lies nor what is left for users (spec smp.md 14.1). */
static uint64_t padded(uint64_t bytes)
{
        return pages(bytes + CHUNKS) - CHUNKS;
}

/* The tree itself, with our padding in place of its own. */
static void copy_tree(void *to, const void *tree, uint64_t bytes)
{
        memcpy(to, tree, bytes);
        memset((unsigned char *)to + bytes, 0, padded(bytes) - bytes);
        fdt_set_totalsize(to, (uint32_t)padded(bytes));
}

/* What is in use at entry: the image with what is packed behind it, and the tree. */
static void find_busy(const void *tree, uint64_t bytes, struct handover_range busy[2])
{
        const struct payload *packed = (const struct payload *)image_end;
        uint64_t own = address_of(image_end) - address_of(image_start);
        bool is_packed = packed->magic == PAYLOAD_MAGIC;
        uint64_t size = is_packed ? packed->kernel_size + packed->root_size : 0;

        busy[0] = range_of(image_start, own + sizeof(payload) + size);
        busy[1] = range_of(tree, bytes);
}

/* Copy the loader and the tree to `home`, and go on there. */
static _Noreturn void move_home(const struct place *place, const void *tree, uint64_t bytes)
{
        void (*again)(void *, const void *, uint64_t);
        uint64_t own = address_of(image_end) - address_of(image_start);

        memcpy(pointer_to(place->home), image_start, own);
        copy_tree(pointer_to(place->home + own), tree, bytes);
        make_executable(place->home, place->home + own);
        again = (void (*)(void *, const void *, uint64_t))pointer_to(place->home + address_of(image_restart) -
                                                                     address_of(image_start));
        again(pointer_to(place->home + own), image_end, place->kernel);
        __builtin_unreachable();
}

static _Noreturn void no_tree(const void *at)
{
        say("loader: no device tree at 0x%lx.\n", address_of(at));
        park();
}

/* The tree that firmware gave; otherwise, when an emulator entered us as an ELF file, the one that it or mkimage put into the
 * 2 MiB below us.  Called with the MMU off. */
static const void *find_tree(const void *given)
{
        uint64_t below = round_down(address_of(image_start), BLOCK) - BLOCK;

        if (given != NULL && tree_bytes(given) != 0)
                return given;
        if (!parking_page() || address_of(image_start) < BLOCK)
                no_tree(given);
        return pointer_to(below); /* which may be address 0 */
}

/* Entered by start.S with the MMU off.  Without a tree there is no console to print on. */
void loader_first(const void *given, uint64_t exception_level)
{
        const struct payload *packed = (const struct payload *)image_end;
        const unsigned char *files = (const unsigned char *)(packed + 1);
        uint64_t own = address_of(image_end) - address_of(image_start), bytes, size, need, room;
        const void *tree = find_tree(given);
        struct handover_range busy[2];
        struct programs programs;
        struct place place;

        bytes = tree_bytes(tree);
        if (bytes == 0)
                no_tree(tree);
        find_busy(tree, bytes, busy);
        map_early(busy[0], busy[1]);
        check_tree(tree, bytes);
        check_payload(packed);
        record.options = payload.options;
        size = payload.kernel_size + payload.root_size;
        platform_read(tree, &record);
        describe_machine(exception_level);
        if (exception_level == 3)
                platform_free_lines(&record);
        if (payload_sum(files, size) != payload.checksum)
                stop("the image is damaged or was not loaded completely");
        open_programs(&programs, files);
        room = pages(padded(bytes));
        need = pages(programs.kernel.end - IMAGE_BASE) + TABLES_MAX + cores_bytes(&record) + room +
               pages(programs.root.end - programs.root.start) +
               pages(programs.root.count * ELF64_PROGRAM_BYTES);
        if (!find_place(need, own + room, busy, &place))
                no_place(need + own + room);
        map_all(busy[0], busy[1], 2);
        move_home(&place, tree, bytes);
}

/* Writes the program to `to`; its packed file may lie above it or overlap it.  Returns the page-rounded end. */
static uint64_t expand(const struct elf64 *elf, uint64_t to)
{
        uint64_t reached = to, end = to + pages(elf->end - elf->start);
        struct elf64_segment s;

        for (uint32_t i = 0; i < elf->count; i++) {
                uint64_t start;

                if (!elf64_segment(elf, i, &s))
                        continue;
                start = to + s.vaddr - elf->start;
                if (start < reached)
                        stop("the image was not packed by mkimage");
                memmove(pointer_to(start), elf->file + s.offset, s.filesz);
                memset(pointer_to(reached), 0, start - reached);
                reached = start + s.filesz;
        }
        memset(pointer_to(reached), 0, end - reached);
        return end;
}

static void describe_layout(void)
{
        say("  kernel 0x%lx..0x%lx  device tree 0x%lx..0x%lx\n", record.kernel.start, record.kernel.end,
            record.dtb.start, record.dtb.end);
        say("  root   0x%lx..0x%lx  mapped at 0x%lx, entry 0x%lx\n\n", record.root.start, record.root.end,
            record.root_va, record.root_entry_va);
}

/* Entered by start.S at home, still on the page tables of the first life. */
void loader_again(void *tree, const void *packed, uint64_t kernel)
{
        unsigned char *files;
        struct programs programs;
        struct space space;
        struct handover *out;
        uint64_t size, down;

        check_payload(packed);
        record.options = payload.options;
        if (record.options.hypervisor)
                el2_move_gate();
        console_quiet(true); /* all of this has been printed */
        platform_read(tree, &record);
        console_quiet(false);
        size = payload.kernel_size + payload.root_size;
        map_all(range_of(packed, sizeof(payload) + size), range_of(tree, 1), 3);
        files = image_start - size;
        memmove(files, (const struct payload *)packed + 1, size);
        open_programs(&programs, files);

        space.next = expand(&programs.kernel, kernel);
        space.end = space.next + TABLES_MAX + cores_bytes(&record);
        space.el2 = payload.options.hypervisor != 0;
        down = space.el2 ? EL2_DOWN : 0;
        out = prepare_kernel(&space, &programs.kernel, kernel, &record);

        record.magic = HANDOVER_MAGIC;
        record.size = sizeof(record);
        record.kernel = (struct handover_range){kernel, space.next};
        record.dtb = range_of(pointer_to(space.next), fdt_totalsize(tree));
        memcpy(pointer_to(record.dtb.start), tree, fdt_totalsize(tree));
        record.root.start = pages(record.dtb.end);
        record.root.end = expand(&programs.root, record.root.start);
        record.root_va = programs.root.start;
        record.root_entry_va = programs.root.entry;
        *out = record;
        make_executable(kernel, record.root.end);
        cores_start(out);
        describe_layout();
        if (space.el2)
                el2_enter(&space, programs.kernel.entry - down, WINDOW_BASE - down + address_of(out));
        kernel_enter(space.root, programs.kernel.entry, WINDOW_BASE + address_of(out));
}

void loader_fault(uint64_t syndrome, uint64_t address, uint64_t data_address)
{
        stop("unexpected exception, ESR 0x%lx, ELR 0x%lx, FAR 0x%lx", syndrome, address, data_address);
}
