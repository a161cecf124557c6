/* SPDX-License-Identifier: BSD-2-Clause */
/* First stacks of programs, read back by a reader of their own; windows that are too small by one byte and more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/program/elf/stack.h"

void elf_stacks(unsigned *passed, unsigned *failed);

enum { WINDOW = 512, STRINGS = 8, TOP = 0x90000000, ROUNDS = 4000 };

struct want {
        char text[2][128]; /* arguments, environment: one behind the other */
        unsigned count[2], bytes[2];
        unsigned blob; /* bytes that are pushed first */
        uint64_t auxiliary[6];
};

static struct want random_want(void)
{
        struct want w = {.auxiliary = {ELF64_AUX_PAGE_BYTES, 4096, ELF64_AUX_RANDOM, 0, ELF64_AUX_NULL, 0}};

        w.blob = (unsigned)rand() % 40;
        for (unsigned kind = 0; kind < 2; kind++)
                for (w.count[kind] = (unsigned)rand() % STRINGS; w.bytes[kind] == 0 && w.count[kind] > 0;)
                        for (unsigned i = 0; i < w.count[kind]; i++)
                                w.bytes[kind] += (unsigned)sprintf(w.text[kind] + w.bytes[kind], "%.*s",
                                                                   rand() % 10, "abcdefghij") +
                                                 1;
        return w;
}

/* As elf64_stack_finish does it, but with a few bytes of strings at a time. */
static uint64_t finish_in_parts(struct elf64_stack *s, struct elf64_strings arguments,
                                struct elf64_strings environment, const struct want *w)
{
        struct elf64_words words = {.strings = {arguments, environment}};
        uint64_t sp = elf64_stack_words(s, &words, 6);

        if (!sp)
                return 0;
        while (!elf64_stack_addresses(s, &words, 1 + (uint64_t)rand() % 9))
                ;
        elf64_stack_auxiliary(&words, w->auxiliary, 6);
        return sp;
}

static uint64_t build(struct elf64_stack *s, struct want *w)
{
        static const char blob[40] = "bytes that stand above all strings";
        struct elf64_strings arguments, environment;

        w->auxiliary[3] = elf64_stack_push(s, blob, w->blob, 16);
        environment = elf64_stack_strings(s, w->text[1], w->count[1]);
        arguments = elf64_stack_strings(s, w->text[0], w->count[0]);
        return rand() % 2 ? finish_in_parts(s, arguments, environment, w)
                          : elf64_stack_finish(s, arguments, environment, w->auxiliary, 6);
}

/* What a window must hold: the blob to 16, the strings, the words to 16. */
static uint64_t needed(const struct want *w)
{
        uint64_t above = ((w->blob + 15ul) & ~15ul) + w->bytes[0] + w->bytes[1];

        return (above + 8ul * (3 + w->count[0] + w->count[1] + 6) + 15) & ~15ul;
}

static bool strings_are(const char *window, uint64_t size, const uint64_t *word, const char *text,
                        unsigned count)
{
        for (unsigned i = 0; i < count; i++, text += strlen(text) + 1)
                if (word[i] < TOP - size || word[i] >= TOP ||
                    strcmp(window + size - (TOP - word[i]), text) != 0)
                        return false;
        return word[count] == 0;
}

static bool reads_back(const struct elf64_stack *s, uint64_t sp, const struct want *w)
{
        const uint64_t *word = (const uint64_t *)(const void *)(s->window + s->size - (TOP - sp));
        const uint64_t *environment = word + 1 + w->count[0] + 1;

        return sp % 16 == 0 && sp == TOP - s->used && word[0] == w->count[0] &&
               strings_are(s->window, s->size, word + 1, w->text[0], w->count[0]) &&
               strings_are(s->window, s->size, environment, w->text[1], w->count[1]) &&
               memcmp(environment + w->count[1] + 1, w->auxiliary, sizeof(w->auxiliary)) == 0;
}

/* A window of exactly that size, so that the sanitizer sees each byte beside it. */
static bool stands(struct want *w, uint64_t size, bool fits)
{
        struct elf64_stack s = {.window = aligned_alloc(16, size ? size : 16), .size = size, .top = TOP};
        uint64_t sp = build(&s, w);
        bool good = fits ? !s.full && reads_back(&s, sp, w) : s.full && sp == 0 && s.used <= size;

        free(s.window);
        return good;
}

void elf_stacks(unsigned *passed, unsigned *failed)
{
        unsigned wrong = 0;

        srand(11);
        for (unsigned i = 0; i < ROUNDS; i++) {
                struct want w = random_want();
                uint64_t size = needed(&w);

                wrong += !stands(&w, size, true) + !stands(&w, WINDOW, WINDOW >= size);
                for (uint64_t less = 16; less <= size; less *= 2)
                        wrong += !stands(&w, (size - less) & ~15ul, false);
        }
        *passed += wrong == 0;
        *failed += wrong != 0;
        if (wrong)
                printf("FAIL first stacks: %u of %u\n", wrong, ROUNDS);
}
