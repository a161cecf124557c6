/* SPDX-License-Identifier: BSD-2-Clause */
/* The expanded kernel gets its map, and is adapted to the level and the place that it runs at: its constants are adjusted, and
 * for EL2 or several cores the instructions that it lists are replaced (abi/handover.h). */
#include "lib/program/elf/elf64.h"
#include "loader/loader.h"

#define BRANCH        0x14000000u
#define BRANCH_MASK   0xfc000000u
#define BRANCH_OFFSET 0x03ffffffu

/* ORR of a register and WINDOW_BASE, and of WINDOW_BASE - EL2_DOWN. */
#define ORR_WINDOW     0xb2596000u
#define ORR_WINDOW_EL2 0xb2590000u
#define ORR_REGISTERS  0x000003ffu

static void map_kernel(struct space *space, const struct elf64 *kernel, uint64_t to)
{
        struct elf64_segment s;
        uint64_t reached = 0, down = space->el2 ? EL2_DOWN : 0, to_here;

        for (uint32_t i = 0; i < kernel->count; i++) {
                struct handover_range va;

                if (!elf64_segment(kernel, i, &s))
                        continue;
                va = (struct handover_range){round_down(s.vaddr, PAGE), round_up(s.vaddr + s.memsz, PAGE)};
                if (va.start < reached || (s.flags & (ELF64_W | ELF64_X)) == (ELF64_W | ELF64_X))
                        stop("the kernel has a page that is both writable and executable");
                reached = va.end;
                to_here = to + va.start - IMAGE_BASE;
                va.start -= down;
                va.end -= down;
                map_segment(space, va, to_here, s.flags);
        }
}

/* A root without entries: one page, or for stage 2 two pages that are aligned as one block. */
static uint64_t empty_root(struct space *space)
{
        uint64_t root = space_page(space);

        if (!space->el2)
                return root;
        if (root % (2 * PAGE) != 0)
                root = space_page(space);
        space_page(space);
        return root;
}

const struct handover_face *face_of(uint64_t kernel)
{
        const struct handover_face *face = pointer_to(kernel + HANDOVER_FACE_AT);

        if (face->magic != HANDOVER_FACE_MAGIC)
                stop("this loader does not know the kernel");
        return face;
}

/* Changes the kernel image, expanded at `kernel`, so that it runs `down` below where it was linked. */
static void relocate(uint64_t kernel, uint64_t down)
{
        const struct handover_face *face = face_of(kernel);
        uint64_t *word = pointer_to(kernel + face->constants);

        for (; word < (uint64_t *)pointer_to(kernel + face->constants_end); word++)
                if (*word - IMAGE_BASE < face->end)
                        *word -= down;
}

/* The kernel sees physical memory elsewhere, too: in each of these instructions, which OR the base to an address. */
static void move_window(uint64_t kernel)
{
        const struct handover_face *face = face_of(kernel);
        const struct handover_window *w = pointer_to(kernel + face->constants_end);

        for (; w < (const struct handover_window *)pointer_to(kernel + face->alternatives); w++) {
                uint32_t *to = pointer_to(address_of(w) + (uint64_t)(int64_t)w->at);

                if ((*to & ~ORR_REGISTERS) != ORR_WINDOW)
                        stop("this loader does not know the kernel's instructions");
                *to ^= ORR_WINDOW ^ ORR_WINDOW_EL2;
        }
}

/* Is the instruction for such an image? */
static bool is_wanted(const struct handover_alternative *a, const struct handover_options *o)
{
        if (a->at & 2)
                return o->cores > 1 && (!(a->at & 1) || o->hypervisor != 0);
        return a->at & 1 ? o->hypervisor == 44 : o->hypervisor != 0;
}

static void replace(uint64_t kernel, const struct handover_options *o)
{
        const struct handover_face *face = face_of(kernel);
        const struct handover_alternative *a = pointer_to(kernel + face->alternatives);

        for (; a < (const struct handover_alternative *)pointer_to(kernel + face->alternatives_end); a++) {
                uint32_t *to = pointer_to(address_of(a) + (uint64_t)(int64_t)(a->at & ~3)),
                         instruction = a->instruction;
                uint64_t moved = address_of(&a->instruction) - address_of(to);

                if (!is_wanted(a, o))
                        continue;
                if ((instruction & BRANCH_MASK) == BRANCH)
                        instruction = BRANCH | ((instruction + (uint32_t)(moved >> 2)) & BRANCH_OFFSET);
                *to = instruction;
        }
}

/* The expanded kernel gets its map, and is adapted to the level and the place that it runs at; returns where the record goes. */
struct handover *prepare_kernel(struct space *space, const struct elf64 *elf, uint64_t kernel,
                                struct handover *record)
{
        struct handover *out;

        record->user_pt_root = empty_root(space);
        out = pointer_to(space_page(space));
        space->root = space_page(space);
        map_window(space, record);
        map_kernel(space, elf, kernel);
        relocate(kernel, space->el2 ? EL2_DOWN : 0);
        if (space->el2)
                move_window(kernel);
        replace(kernel, &record->options);
        if (space->el2)
                el2_map_gate(space);
        cores_prepare(space, record, kernel, address_of(out));
        return out;
}
