/* SPDX-License-Identifier: BSD-2-Clause */
/* Root tasks that would not run: each is refused with what is wrong and what to do, or reported in a warning. */
#include <stdio.h>
#include <string.h>

#include "lib/core/sel4/tls_size.h"
#include "tools/common/bytes.h"
#include "tools/common/symbols.h"
#include "tools/mkimage/mkimage.h"

enum {
        SLOT_BYTES = 32,
        PROGRAM_NOTE = 4,
        INITIAL_SLOTS = 100, /* at least: fixed caps, page tables, untypeds */
};

/* The machine that images must run on has 2 GiB; the loader checks again with the actual RAM. */
#define RAM_SIZE (2ull << 30)

#define USER_END 0x800000000000ull

static void check_extent(const struct request *r, const struct elf64 *root, const struct elf64 *kernel)
{
        uint64_t kernel_size = kernel->end - kernel->start;
        uint64_t root_size = root->end - root->start;
        uint64_t slots = 1ull << r->options.cnode_bits;

        uint64_t end = r->options.hypervisor ? 1ull << r->options.hypervisor : USER_END;

        if (root->end > end - 64 * ELF64_PAGE) {
                fail("%s ends at 0x%llx, beyond the user address space", r->root,
                     (unsigned long long)root->end);
        }
        if (root_size > RAM_SIZE || kernel_size + root_size + slots * SLOT_BYTES > RAM_SIZE) {
                fail("%s is too large for the RAM: it spans %llu MiB of %llu", r->root,
                     (unsigned long long)(root_size >> 20), RAM_SIZE >> 20);
        }
        if (slots < INITIAL_SLOTS + root_size / ELF64_PAGE) {
                fail("%s has more pages than the root CNode has slots: pack it with --cnode-bits %u", r->root,
                     64 - (unsigned)__builtin_clzll(INITIAL_SLOTS + root_size / ELF64_PAGE));
        }
}

/* Applications of the starter OS ask its server for everything: as a root task they would wait for ever. */
static void check_kind(const struct request *r, const struct elf64 *root)
{
        uint32_t bytes;

        if (elf64_find_note(root, root->size, ELF64_NOTE_NATIVE, &bytes) != NULL) {
                fail("%s is an application of the starter OS, not a root task: put its sources in a folder "
                     "apps/NAME "
                     "and start it from the shell (make run APP=NAME)",
                     r->root);
        }
}

/* Programs with the start code of lib/core/sel4 keep thread-local data on their first stack. */
static void check_thread_local(const struct request *r, const struct elf64 *root)
{
        uint32_t bytes;
        const unsigned char *note = elf64_find_note(root, root->size, ELF64_NOTE_START, &bytes);
        const unsigned char *word = note && bytes >= 8 ? elf64_at(root, get_le(note, 8), 8) : NULL;
        uint64_t alignment, data = elf64_thread_local(root, &alignment);
        uint64_t stack = word ? get_le(word, 8) : 0;

        if (data > RAM_SIZE || alignment > RAM_SIZE || (alignment & (alignment - 1)) != 0) {
                fail("%s has %llu bytes of thread-local data aligned to %llu: that is not a program", r->root,
                     (unsigned long long)data, (unsigned long long)alignment);
        }
        if (word && tls_block_bytes(data, alignment) + TLS_STACK_LEFT > stack) {
                fail("%s has %llu bytes of thread-local data aligned to %llu, too much for its first stack "
                     "of %llu bytes: "
                     "write START_STACK(%llu); in one of its source files (sel4/start.h)",
                     r->root, (unsigned long long)data, (unsigned long long)alignment,
                     (unsigned long long)stack,
                     (unsigned long long)tls_round_up(tls_block_bytes(data, alignment) + TLS_STACK_LEFT,
                                                      4096));
        }
}

/* --- other people's programs ------------------------------------------------------------------------------------ */

static bool defines(const struct symbols *s, const char *name)
{
        struct symbol found;

        return symbols_find(s, name, &found) > 0;
}

/* A note "GNU" of type 1 names the system; 0 is Linux. */
static bool is_of_linux(const struct elf64 *root)
{
        static const unsigned char note[] = {4, 0, 0,   0,   16,  0, 0, 0, 1, 0,
                                             0, 0, 'G', 'N', 'U', 0, 0, 0, 0, 0};

        for (uint32_t i = 0; i < root->count; i++) {
                const unsigned char *header = root->file + root->programs + (uint64_t)i * ELF64_PROGRAM_BYTES;
                uint64_t offset = get_le(header + 8, 8), size = get_le(header + 32, 8);

                if (get_le(header, 4) == PROGRAM_NOTE && offset <= root->size &&
                    size <= root->size - offset &&
                    memmem(root->file + offset, size, note, sizeof(note)) != NULL)
                        return true;
        }
        return false;
}

static void check_symbols(const struct request *r, const struct elf64 *root)
{
        struct symbols s;
        bool known = symbols_open(&s, root->file, root->size);

        if (known && defines(&s, "microkit_name") && defines(&s, "microkit_passive")) {
                fail("%s is a protection domain of Microkit, not a root task: name it in a system "
                     "description and build that "
                     "(build/sdk/microkit/bin/microkit SYSTEM)",
                     r->root);
        }
        if (is_of_linux(root) || (known && defines(&s, "__libc_start_main") && !symbols_prefix(&s, "seL4_") &&
                                  !symbols_prefix(&s, "sel4") && !symbols_prefix(&s, "__sel4"))) {
                fail("%s is a program of Linux, not a root task: put its sources in a folder apps/linux/NAME "
                     "and start it from the "
                     "shell of the starter OS (make run APP=NAME)",
                     r->root);
        }
}

void check_is_program(const char *name, struct bytes file)
{
        if (file.size >= 64 && memcmp(file.data + 0x38, "ARM\x64", 4) == 0 && !elf64_begins(file.data)) {
                fail("%s is an image that boots, not a program: give the root task's ELF file (or, for a "
                     "loader image of the Microkit "
                     "tool, say --from-microkit %s)",
                     name, name);
        }
}

/* --- registers that trap ----------------------------------------------------------------------------------------- */

/* A system register that the kernel makes accessible to user level on request: bits 5 to 18 of the instruction that names it. */
static const struct timer_register {
        uint32_t name;
        uint32_t export;
        const char *text, *option;
} timer_registers[] = {
#define NAMED(crm, op2) (3u << 16 | 14u << 12 | (crm) << 8 | (op2) << 5)
        {NAMED(0, 0), HANDOVER_EXPORT_VCNT | HANDOVER_EXPORT_PCNT, "CNTFRQ_EL0", "--export-vcnt"},
        {NAMED(0, 1), HANDOVER_EXPORT_PCNT, "CNTPCT_EL0", "--export-pcnt"},
        {NAMED(0, 2), HANDOVER_EXPORT_VCNT, "CNTVCT_EL0", "--export-vcnt"},
        {NAMED(2, 0), HANDOVER_EXPORT_PTMR, "CNTP_TVAL_EL0", "--export-ptmr"},
        {NAMED(2, 1), HANDOVER_EXPORT_PTMR, "CNTP_CTL_EL0", "--export-ptmr"},
        {NAMED(2, 2), HANDOVER_EXPORT_PTMR, "CNTP_CVAL_EL0", "--export-ptmr"},
        {NAMED(3, 0), HANDOVER_EXPORT_VTMR, "CNTV_TVAL_EL0", NULL},
        {NAMED(3, 1), HANDOVER_EXPORT_VTMR, "CNTV_CTL_EL0", NULL},
        {NAMED(3, 2), HANDOVER_EXPORT_VTMR, "CNTV_CVAL_EL0", NULL},
#undef NAMED
};

enum { TIMER_REGISTERS = sizeof(timer_registers) / sizeof(timer_registers[0]) };

static void warn_of_register(const struct request *r, const struct timer_register *t, uint64_t address)
{
        if (t->option == NULL) {
                warn("%s uses %s at 0x%llx: that timer is the kernel's, the access will fault", r->root,
                     t->text, (unsigned long long)address);
                return;
        }
        warn("%s uses %s at 0x%llx, which faults unless the image is packed with %s", r->root, t->text,
             (unsigned long long)address, t->option);
}

/* One line per register, at its first use in a segment that can run. */
static void check_registers(const struct request *r, const struct elf64 *root)
{
        bool said[TIMER_REGISTERS] = {false};
        struct elf64_segment s;

        for (uint32_t i = 0; i < root->count; i++) {
                if (!elf64_segment(root, i, &s) || !(s.flags & ELF64_X))
                        continue;
                for (uint64_t at = -s.vaddr & 3; at + 4 <= s.filesz; at += 4) {
                        uint32_t word = (uint32_t)get_le(root->file + s.offset + at, 4);

                        if ((word & 0xffd80000) != 0xd5180000)
                                continue;
                        for (unsigned t = 0; t < TIMER_REGISTERS; t++) {
                                const struct timer_register *known = &timer_registers[t];

                                if ((word & 0x7ffe0) != known->name || (r->options.exports & known->export) ||
                                    said[t])
                                        continue;
                                said[t] = true;
                                warn_of_register(r, known, s.vaddr + at);
                        }
                }
        }
}

void check_root(const struct request *r, const struct elf64 *root, const struct elf64 *kernel)
{
        check_kind(r, root);
        check_symbols(r, root);
        check_thread_local(r, root);
        check_extent(r, root, kernel);
        check_registers(r, root);
}
