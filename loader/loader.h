/* SPDX-License-Identifier: BSD-2-Clause */
/* What the loader's files share.
 *
 * The loader runs at EL1 on one core.  After map_early it has an identity map and caches, so a physical
 * address and a pointer are the same number throughout.  Whatever goes wrong ends in `stop`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "handover.h"

enum {
        PAGE = 4096,
        MIB = 1 << 20,
        BLOCK = 2 * MIB,
};

extern unsigned char image_start[], image_restart[], image_end[];

static inline uint64_t round_up(uint64_t value, uint64_t unit)
{
        return (value + unit - 1) & ~(unit - 1);
}

static inline uint64_t round_down(uint64_t value, uint64_t unit)
{
        return value & ~(unit - 1);
}

static inline bool overlaps(struct handover_range a, struct handover_range b)
{
        return a.start < b.end && b.start < a.end;
}

static inline uint64_t address_of(const void *p)
{
        return (uint64_t)(uintptr_t)p;
}

static inline void *pointer_to(uint64_t address)
{
        return (void *)(uintptr_t)address;
}

static inline struct handover_range range_of(const void *start, uint64_t size)
{
        return (struct handover_range){address_of(start), address_of(start) + size};
}

/* The exception level at which we were entered; 3: there is no firmware but us. */
static inline uint64_t entry_level(void)
{
        uint64_t level = 1;

#ifdef __aarch64__
        __asm__("mrs %0, tpidr_el1" : "=r"(level));
#endif
        return level & 15;
}

/* Entered as an ELF file: the page in which the other cores may wait; 0 otherwise. */
static inline uint64_t parking_page(void)
{
        uint64_t page = 0;

#ifdef __aarch64__
        __asm__("mrs %0, tpidr_el1" : "=r"(page));
#endif
        return round_down(page, PAGE);
}

static inline uint64_t this_core(void)
{
        uint64_t mpidr = 0;

#ifdef __aarch64__
        __asm__("mrs %0, mpidr_el1" : "=r"(mpidr));
#endif
        return mpidr;
}

/* start.S */
void mmu_start(uint64_t ttbr0, uint64_t mair, uint64_t tcr);
int64_t psci_call(uint64_t function, uint64_t use_smc, uint64_t core, uint64_t entry);
int64_t monitor_lines(uint64_t distributor, uint64_t interface, uint64_t version);
_Noreturn void kernel_enter(uint64_t ttbr1, uint64_t entry, uint64_t handover);

/* load.c, called by start.S */
_Noreturn void loader_first(const void *given, uint64_t exception_level);
_Noreturn void loader_again(void *tree, const void *packed, uint64_t kernel);
_Noreturn void loader_fault(uint64_t syndrome, uint64_t address, uint64_t data_address);

/* console.c: output as text/text.h formats it.  Until a console is known it is kept in memory. */
void console_use(const struct handover_uart *uart);
void console_quiet(bool quiet);
uint64_t console_log(void); /* the page that keeps output for which there was no console; 0: there is one */
void console_step(uint32_t offset, uint32_t clear, uint32_t set);
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void park(void); /* stop without a message */

/* Prints it and switches the machine off, or just stops if that is not possible. */
_Noreturn void stop(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Bytes in KiB or MiB, rounded up: `amount_of(n).text` lives as long as the expression that contains it. */
struct amount {
        char text[24];
};
struct amount amount_of(uint64_t bytes);
enum conduit { CONDUIT_NONE, CONDUIT_HVC, CONDUIT_SMC };
void power_conduit(enum conduit conduit);
enum conduit power_way(void);

/* memory.c; lists of ranges hold at most HANDOVER_RAM_MAX, ascending and disjoint */
struct list {
        struct handover_range *range;
        uint64_t *count;
};

void list_add(struct list l, struct handover_range r);
void list_subtract(struct list l, struct handover_range hole);
struct fdt;
void memory_read(const struct fdt *fdt, struct handover *h);

/* platform.c */
void platform_power(const struct fdt *fdt);
void platform_console(const struct fdt *fdt, struct handover *h);
void platform_read(const void *tree, struct handover *h);
void platform_free_lines(const struct handover *h);

/* map.c: a virtual space, whose tables come from pages that are never given back */
struct space {
        uint64_t root;
        uint64_t next, end;
        bool el2;
};

void map_early(struct handover_range image, struct handover_range tree);
void map_machine(struct list normal, uint64_t asid);
void map_window(struct space *space, const struct handover *h);
void map_segment(struct space *space, struct handover_range va, uint64_t pa, uint32_t flags);
uint64_t space_page(struct space *space);
void make_executable(uint64_t start, uint64_t end);
void map_own_pages(struct space *space, uint64_t root, struct handover_range va, uint64_t pa);

/* hypervisor.c: these functions do nothing for an image with the interface of EL1 */
void el2_check(const struct handover *h);
void el2_lines(const struct fdt *fdt, struct handover *h);
void el2_keep_guest_memory(const struct handover *h, struct list ram);

/* cores.c: which other cores there are; none for an image for one core */
void cores_read(const struct fdt *fdt, struct handover *h);
uint64_t core_release(
        uint64_t
                row); /* where the core of that row looks for an address to begin at; 0: firmware starts it */

/* secondary.c: these functions do nothing for an image for one core */
uint64_t cores_bytes(const struct handover *h); /* of tables, beyond what one core needs */
void cores_prepare(struct space *space, struct handover *h, uint64_t kernel, uint64_t record);
void cores_start(struct handover *out); /* the record that the kernel gets */

/* prepare.c: returns where the record goes */
struct elf64;
const struct handover_face *face_of(uint64_t kernel);
struct handover *prepare_kernel(struct space *space, const struct elf64 *elf, uint64_t kernel,
                                struct handover *record);

/* el2.c */
struct el2_controls { /* of translation at EL2 */
        uint64_t tcr, mair;
};
struct el2_controls el2_controls(void);
void el2_move_gate(void);
uint64_t el2_leaf(uint64_t leaf);
void el2_map_gate(struct space *space);
_Noreturn void el2_enter(const struct space *space, uint64_t entry, uint64_t handover);
