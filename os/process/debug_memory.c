/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory of one that is debugged: breakpoints are instructions in it, which nobody sees who reads it; see debug.h. */
#include "base/text.h"
#include "os/process/debug_parts.h"

enum { INSTRUCTION = 4 };

static const uint32_t brk = DEBUG_INSTRUCTION;

static unsigned index_of(const struct debug *d, seL4_Word va)
{
        unsigned i = 0;

        while (i < d->breaks && d->at[i].va != va)
                i++;
        return i;
}

long debug_break(struct debug *d, seL4_Word va)
{
        struct process *l = debug_process(d);
        uint32_t instruction;

        if (index_of(d, va) < d->breaks)
                return 0;
        if (d->breaks == BREAKPOINTS)
                return -SOS_ENOMEM;
        if (!l || va % INSTRUCTION || !space_read(l->space, va, &instruction, sizeof(instruction)) ||
            !space_force(l->space, va, &brk, sizeof(brk)))
                return -SOS_EFAULT;
        d->at[d->breaks].va = va;
        d->at[d->breaks++].instruction = instruction;
        return 0;
}

long debug_unbreak(struct debug *d, seL4_Word va)
{
        struct process *l = debug_process(d);
        unsigned i = index_of(d, va);

        if (!l || i == d->breaks)
                return -SOS_EFAULT;
        /* what was unmapped meanwhile has taken the breakpoint along */
        if (!space_force(l->space, va, &d->at[i].instruction, INSTRUCTION) && space_find(l->space, va))
                return -SOS_EFAULT;
        d->at[i] = d->at[--d->breaks];
        return 0;
}

/* Bytes of the instructions under breakpoints, where these are read. */
static void hide(const struct debug *d, seL4_Word va, unsigned char *bytes, seL4_Word size)
{
        for (unsigned i = 0; i < d->breaks; i++) {
                const unsigned char *of = (const unsigned char *)&d->at[i].instruction;

                for (seL4_Word n = 0; n < INSTRUCTION; n++) {
                        if (d->at[i].va + n - va < size)
                                bytes[d->at[i].va + n - va] = of[n];
                }
        }
}

/* Up to the end of a page, or of what was asked for. */
static seL4_Word piece(seL4_Word va, seL4_Word size)
{
        return PAGE - va % PAGE < size ? PAGE - va % PAGE : size;
}

long debug_read(struct debug *d, seL4_Word va, void *to, seL4_Word size)
{
        struct process *l = debug_process(d);
        seL4_Word done = 0;

        while (l && done < size) {
                seL4_Word n = piece(va + done, size - done);

                if (!space_read(l->space, va + done, (char *)to + done, n))
                        break;
                done += n;
        }
        hide(d, va, to, done);
        return done || !size ? (long)done : -SOS_EFAULT;
}

/* Bytes written over a breakpoint are what it hides from then on. */
static bool write_piece(struct debug *d, struct space *s, seL4_Word va, const void *from, seL4_Word size)
{
        unsigned char bytes[PAGE];

        memcpy(bytes, from, size);
        for (unsigned i = 0; i < d->breaks; i++) {
                for (seL4_Word n = 0; n < INSTRUCTION; n++) {
                        if (d->at[i].va + n - va >= size)
                                continue;
                        ((unsigned char *)&d->at[i].instruction)[n] = bytes[d->at[i].va + n - va];
                        bytes[d->at[i].va + n - va] = ((const unsigned char *)&brk)[n];
                }
        }
        return space_force(s, va, bytes, size);
}

long debug_write(struct debug *d, seL4_Word va, const void *from, seL4_Word size)
{
        struct process *l = debug_process(d);
        seL4_Word done = 0;

        while (l && done < size) {
                seL4_Word n = piece(va + done, size - done);

                if (!write_piece(d, l->space, va + done, (const char *)from + done, n))
                        break;
                done += n;
        }
        return done || !size ? (long)done : -SOS_EFAULT;
}

bool debug_copied(const struct process *l, struct space *copy)
{
        struct debug *d = debug_of(NULL, l->pid);

        for (unsigned i = 0; d && i < d->breaks; i++) {
                if (space_find(copy, d->at[i].va) &&
                    !space_force(copy, d->at[i].va, &d->at[i].instruction, INSTRUCTION))
                        return false;
        }
        return true;
}
