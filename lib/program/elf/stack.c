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

uint64_t elf64_stack_words(struct elf64_stack *s, struct elf64_words *w, uint32_t auxiliary)
{
        uint64_t count = 3 + (uint64_t)w->strings[0].count + w->strings[1].count + auxiliary;

        w->next = (uint64_t *)(void *)take(s, count * sizeof(*w->next), 16);
        w->within = false;
        w->kind = 0;
        if (!w->next)
                return 0;
        *w->next++ = w->strings[0].count;
        return s->top - s->used;
}

/* Of the strings of one kind, and a NULL behind; the bytes that may still be looked at, 0 when there are addresses left. */
static uint64_t put_addresses(const struct elf64_stack *s, struct elf64_words *w,
                              struct elf64_strings *strings, uint64_t bytes)
{
        while (strings->count && bytes) {
                const char *string = s->window + (s->size - (s->top - strings->first));
                uint64_t n = 0;

                if (!w->within)
                        *w->next++ = strings->first;
                while (n < bytes && string[n])
                        n++;
                w->within = n == bytes;
                bytes -= n;
                strings->first += n;
                if (w->within)
                        return 0;
                strings->first++;
                strings->count--;
                bytes--;
        }
        if (strings->count)
                return 0;
        *w->next++ = 0;
        return bytes ? bytes : 1;
}

bool elf64_stack_addresses(const struct elf64_stack *s, struct elf64_words *w, uint64_t bytes)
{
        for (; w->kind < 2; w->kind++) {
                bytes = put_addresses(s, w, &w->strings[w->kind], bytes);
                if (!bytes)
                        return false;
        }
        return true;
}

void elf64_stack_auxiliary(struct elf64_words *w, const uint64_t *auxiliary, uint32_t words)
{
        for (uint32_t i = 0; i < words; i++)
                *w->next++ = auxiliary[i];
}

uint64_t elf64_stack_finish(struct elf64_stack *s, struct elf64_strings arguments,
                            struct elf64_strings environment, const uint64_t *auxiliary, uint32_t words)
{
        struct elf64_words w = {.strings = {arguments, environment}};
        uint64_t sp = elf64_stack_words(s, &w, words);

        if (!sp)
                return 0;
        while (!elf64_stack_addresses(s, &w, UINT64_MAX))
                ;
        elf64_stack_auxiliary(&w, auxiliary, words);
        return sp;
}
