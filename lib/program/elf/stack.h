/* SPDX-License-Identifier: BSD-2-Clause */
/* The stack that a program starts with (System V for AArch64): from sp upwards argc, argv, NULL, the environment, NULL, pairs of the
 * auxiliary vector; above that what was pushed before, strings and the like.
 *
 *      struct elf64_stack stack = {.window = page, .size = 4096, .top = 0x90000000};
 *      struct elf64_strings arguments = elf64_stack_strings(&stack, "ls\0-l", 2);
 *      sp = elf64_stack_finish(&stack, arguments, environment, auxiliary, words);
 *
 * Pure: no allocation, no libc.  It is filled from `top` downwards through a window of ours on its last `size` bytes; what does
 * not fit is not written, and `full` stays set.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Types of the auxiliary vector. */
enum elf64_auxiliary {
        ELF64_AUX_NULL = 0,
        ELF64_AUX_HEADERS = 3,
        ELF64_AUX_HEADER_BYTES = 4,
        ELF64_AUX_HEADER_COUNT = 5,
        ELF64_AUX_PAGE_BYTES = 6,
        ELF64_AUX_BASE = 7,
        ELF64_AUX_ENTRY = 9,
        ELF64_AUX_UID = 11,
        ELF64_AUX_EUID = 12,
        ELF64_AUX_GID = 13,
        ELF64_AUX_EGID = 14,
        ELF64_AUX_HWCAP = 16,
        ELF64_AUX_CLOCK_TICKS = 17,
        ELF64_AUX_SECURE = 23,
        ELF64_AUX_RANDOM = 25,
        ELF64_AUX_FILE_NAME = 31,
        ELF64_AUX_SYSTEM_CODE = 33,
        ELF64_AUX_IPC_BUFFER = 67,
};

struct elf64_stack {
        char *window;
        uint64_t size; /* bytes */
        uint64_t top;  /* in the program: a multiple of 16, and so is `window + size` */
        uint64_t used; /* bytes */
        bool full;
};

/* Strings one behind the other on the stack: the address of the first in the program, and how many there are. */
struct elf64_strings {
        uint64_t first;
        uint32_t count;
};

/* Copy bytes to the next lower place with that alignment (a power of two); their address in the program, 0 when full. */
uint64_t elf64_stack_push(struct elf64_stack *s, const void *bytes, uint64_t size, uint64_t alignment);

/* The same with strings that lie one behind the other. */
struct elf64_strings elf64_stack_strings(struct elf64_stack *s, const char *strings, uint32_t count);

/* The words below it all, in parts: their place, with argc (the stack pointer, or 0 when full); addresses, for which about so many
 * bytes of strings are looked at (true: that was all); the auxiliary vector, of as many words as were asked for. */
struct elf64_words {
        uint64_t *next;                  /* the word that is put next */
        struct elf64_strings strings[2]; /* arguments, environment: what is left of them */
        uint32_t kind;                   /* of which addresses are put */
        bool within;                     /* the first string left has its address */
};

uint64_t elf64_stack_words(struct elf64_stack *s, struct elf64_words *w, uint32_t auxiliary);
bool elf64_stack_addresses(const struct elf64_stack *s, struct elf64_words *w, uint64_t bytes);
void elf64_stack_auxiliary(struct elf64_words *w, const uint64_t *auxiliary, uint32_t words);

/* All of them at once.  `auxiliary` has `words` words and ends with type 0. */
uint64_t elf64_stack_finish(struct elf64_stack *s, struct elf64_strings arguments,
                            struct elf64_strings environment, const uint64_t *auxiliary, uint32_t words);
