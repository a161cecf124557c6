/* SPDX-License-Identifier: BSD-2-Clause */
/* The first stack of a program, in pieces; see image.h. */
#include "base/text.h"
#include "elf/elf64.h"
#include "os/core/pace.h"
#include "os/files/file.h"
#include "os/process/image.h"
#include "os/process/vdso.h"
#include "sos/clock.h"
#include "sos/driver.h"

enum { PART = 4096, HWCAP_FP_ASIMD = 3, CLOCK_TICKS = 100, AUXILIARY_WORDS = 38 };

void image_stack_begin(struct image_stack *s, const struct process_plan *plan, void *window, size_t size)
{
        unsigned char random[16];

        *s = (struct image_stack){.stack = {.window = window, .size = size, .top = IMAGE_STACK_TOP}};
        file_random(random, sizeof(random));
        s->random = elf64_stack_push(&s->stack, random, sizeof(random), 16);
        s->name = elf64_stack_push(&s->stack, plan->name, strlen(plan->name) + 1, 1);
        s->left[0] = plan->argument_bytes;
        s->left[1] = plan->environment_bytes;
        s->words.strings[0].count = plan->argument_count;
        s->words.strings[1].count = plan->environment_count;
}

/* Strings of one kind, from their end on; false when there are none left. */
static bool push(struct image_stack *s, const char *strings, unsigned kind)
{
        size_t part = s->left[kind] < PART ? s->left[kind] : PART;

        if (!part)
                return false;
        s->left[kind] -= part;
        s->words.strings[kind].first = elf64_stack_push(&s->stack, strings + s->left[kind], part, 1);
        return true;
}

/* True: that was all. */
static bool step(struct image_stack *s, const struct process_plan *plan)
{
        if (push(s, plan->environment, 1) || push(s, plan->arguments, 0))
                return s->stack.full;
        if (!s->sp)
                s->sp = s->put = elf64_stack_words(&s->stack, &s->words, AUXILIARY_WORDS);
        return !s->sp || elf64_stack_addresses(&s->stack, &s->words, PART);
}

bool image_stack_some(struct image_stack *s, const struct process_plan *plan)
{
        while (!step(s, plan)) {
                if (pace_is_over())
                        return false;
        }
        return true;
}

void image_stack_finish(struct image_stack *s, const struct process_plan *plan, const struct image_part *part,
                        seL4_Word linker)
{
        const struct user *u = plan->user;
        const uint64_t auxiliary[] = {
                ELF64_AUX_HEADERS,      part->headers,
                ELF64_AUX_HEADER_BYTES, ELF64_PROGRAM_BYTES,
                ELF64_AUX_HEADER_COUNT, part->header_count,
                ELF64_AUX_PAGE_BYTES,   PAGE,
                ELF64_AUX_BASE,         linker,
                ELF64_AUX_ENTRY,        part->entry,
                ELF64_AUX_IPC_BUFFER,   PROCESS_BUFFER,
                SOS_AUX_COUNTER_HERTZ,  timestamp_get_freq(),
                ELF64_AUX_RANDOM,       s->random,
                ELF64_AUX_FILE_NAME,    s->name,
                ELF64_AUX_SYSTEM_CODE,  part->native ? 0 : VDSO_START,
                ELF64_AUX_HWCAP,        HWCAP_FP_ASIMD,
                ELF64_AUX_CLOCK_TICKS,  CLOCK_TICKS,
                ELF64_AUX_UID,          u ? u->user[USER_REAL] : 0,
                ELF64_AUX_EUID,         u ? u->user[USER_EFFECTIVE] : 0,
                ELF64_AUX_GID,          u ? u->group[USER_REAL] : 0,
                ELF64_AUX_EGID,         u ? u->group[USER_EFFECTIVE] : 0,
                ELF64_AUX_SECURE,       plan->secure,
                ELF64_AUX_NULL,         0,
        };
        _Static_assert(sizeof(auxiliary) / sizeof(*auxiliary) == AUXILIARY_WORDS,
                       "their place is taken before");

        elf64_stack_auxiliary(&s->words, auxiliary, sizeof(auxiliary) / sizeof(*auxiliary));
}

enum space_copied image_stack_put_some(struct image_stack *s, struct space *space)
{
        const struct elf64_stack *stack = &s->stack;

        while (s->put < stack->top) {
                seL4_Word rest = stack->top - s->put, part = PAGE - s->put % PAGE;

                part = part < rest ? part : rest;
                if (!space_write(space, s->put, stack->window + (stack->size - rest), part))
                        return SPACE_COPY_FAILS;
                s->put += part;
                if (s->put < stack->top && pace_is_over())
                        return SPACE_COPIES_ON;
        }
        return SPACE_COPIED;
}
