/* SPDX-License-Identifier: BSD-2-Clause */
/* See elf/stack.h. */
#include "stack.h"

/* The next lower place for `size` bytes; NULL when there is none. */
static char *take(struct elf64_stack *s, uint64_t size, uint64_t alignment)
{
        uint64_t used = (s->used + size + alignment - 1) & ~(alignment - 1);

        if (s->full || size > s->size - s->used || used > s->size) {
                s->full = true;
                return 0;
        }
        s->used = used;
        return s->window + (s->size - used);
}

uint64_t elf64_stack_push(struct elf64_stack *s, const void *bytes, uint64_t size, uint64_t alignment)
{
        char *to = take(s, size, alignment);

        if (!to)
                return 0;
        for (uint64_t i = 0; i < size; i++)
                to[i] = ((const char *)bytes)[i];
        return s->top - s->used;
}

/* Of a string with its NUL, which is known to be there. */
static uint64_t bytes_of(const char *string)
{
        uint64_t n = 1;

        while (string[n - 1])
                n++;
        return n;
}

struct elf64_strings elf64_stack_strings(struct elf64_stack *s, const char *strings, uint32_t count)
{
        uint64_t size = 0;

        for (uint32_t i = 0; i < count; i++)
                size += bytes_of(strings + size);
        return (struct elf64_strings){elf64_stack_push(s, strings, size, 1), count};
}

/* Their addresses, and a NULL behind. */
static uint64_t *put_addresses(const struct elf64_stack *s, uint64_t *word, struct elf64_strings strings)
{
        uint64_t at = strings.first;

        for (uint32_t i = 0; i < strings.count; i++) {
                *word++ = at;
                at += bytes_of(s->window + (s->size - (s->top - at)));
        }
        *word++ = 0;
        return word;
}

uint64_t elf64_stack_finish(struct elf64_stack *s, struct elf64_strings arguments,
                            struct elf64_strings environment, const uint64_t *auxiliary, uint32_t words)
{
        uint64_t count = 3 + (uint64_t)arguments.count + environment.count + words;
        uint64_t *word = (uint64_t *)(void *)take(s, count * sizeof(*word), 16);

        if (!word)
                return 0;
        *word++ = arguments.count;
        word = put_addresses(s, word, arguments);
        word = put_addresses(s, word, environment);
        for (uint32_t i = 0; i < words; i++)
                *word++ = auxiliary[i];
        return s->top - s->used;
}
