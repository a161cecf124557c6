/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of EFI that a loader calls (UEFI 2.10, chapters 4, 7 and 12). */
#pragma once

#include <stdint.h>

enum { EFI_PAGE = 4096 };

#define EFI_ERROR            (1ull << 63)
#define EFI_LOAD_ERROR       (EFI_ERROR | 1)
#define EFI_BUFFER_TOO_SMALL (EFI_ERROR | 5)
#define EFI_OUT_OF_RESOURCES (EFI_ERROR | 9)

struct efi_guid {
        uint64_t low, high;
};

struct efi_table {
        struct efi_guid guid;
        const void *table;
};

struct efi_output {
        void *reset;
        uint64_t (*write)(struct efi_output *output, const uint16_t *text);
};

enum { EFI_ANY_PAGES = 0, EFI_LOADER_DATA = 2 };

struct efi_services {
        void *head[5];
        uint64_t (*allocate_pages)(uint32_t how, uint32_t type, uint64_t pages, uint64_t *address);
        uint64_t (*free_pages)(uint64_t address, uint64_t pages);
        uint64_t (*get_map)(uint64_t *bytes, void *map, uint64_t *key, uint64_t *stride, uint32_t *version);
        void *between[21];
        uint64_t (*exit)(void *image, uint64_t key);
};

struct efi_system {
        void *head[8];
        struct efi_output *output;
        void *between[3];
        struct efi_services *services;
        uint64_t tables;
        const struct efi_table *table;
};

/* One row of the memory map; rows are `stride` bytes apart. */
struct efi_memory {
        uint32_t type;
        uint64_t start, virtual, pages, attributes;
};

/* Called by start.S: leave EFI with a tree for loader_first, whose memory nodes say what EFI leaves us.  Returns 0, or a status
 * with nothing changed. */
uint64_t efi_main(void *image, struct efi_system *system, uint64_t *tree);
