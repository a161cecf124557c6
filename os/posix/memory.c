/* SPDX-License-Identifier: BSD-2-Clause */
/* Growing, mapping and protecting memory.  Files are mapped privately: read at once into fresh pages. */
#include "os/posix/posix.h"

#define MAP_START 0xc0000000ull
#define MAP_MAX   (1ull << 36)

enum { PROT_ALL = 7, MAP_SHARED = 1, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20 };

static seL4_Word up(seL4_Word size)
{
        return (size + PAGE - 1) & ~(seL4_Word)(PAGE - 1);
}

static struct region *heap(struct space *s)
{
        for (uint32_t i = 0; i < s->regions; i++) {
                if (s->region[i].kind == REGION_HEAP)
                        return &s->region[i];
        }
        return NULL;
}

/* The first page of the heap region is never used, so that the region exists from the beginning. */
long posix_brk(struct process *p)
{
        struct region *r = heap(p->space);
        seL4_Word wanted = p->argument[0];

        if (!r)
                return 0;
        if (wanted < r->start + PAGE || wanted > SPACE_TOP || !space_resize(p->space, r, wanted))
                return (long)p->space->brk;
        p->space->brk = wanted;
        return (long)wanted;
}

static bool fill(struct process *p, struct file *f, seL4_Word va, seL4_Word size, uint64_t offset)
{
        for (; size > 0; va += PAGE, offset += PAGE, size -= PAGE) {
                void *data;

                if (space_touch(p->space, va, SPACE_WRITE, &data) != SPACE_OK)
                        return false;
                if (node_read(f->node, offset, data, PAGE) <= 0)
                        return true;
        }
        return true;
}

static seL4_Word choose(struct process *p, seL4_Word wanted, seL4_Word size, seL4_Word flags)
{
        if (!(flags & MAP_FIXED))
                return space_gap(p->space, MAP_START, size);
        if (wanted % PAGE || wanted > SPACE_TOP - size || !space_remove(p->space, wanted, wanted + size))
                return 0;
        return wanted;
}

long posix_mmap(struct process *p)
{
        seL4_Word size = up(p->argument[1]), flags = p->argument[3], offset = p->argument[5];
        struct file *f = flags & MAP_ANONYMOUS ? NULL : posix_file(p, p->argument[4]);
        uint8_t access = p->argument[2] & PROT_ALL;

        if (size == 0 || size > MAP_MAX || offset % PAGE)
                return -SOS_EINVAL;
        if (!(flags & MAP_ANONYMOUS) && (!f || !f->node || flags & MAP_SHARED))
                return f ? -SOS_EACCES : -SOS_EBADF;
        seL4_Word va = choose(p, p->argument[0], size, flags);
        struct region r = {
                .start = va, .end = va + size, .access = SPACE_WRITE | SPACE_READ, .kind = REGION_MEMORY};
        if (!va || !space_add(p->space, r))
                return -SOS_ENOMEM;
        if (f && !fill(p, f, va, size, offset)) {
                space_remove(p->space, va, va + size);
                return -SOS_ENOMEM;
        }
        return space_protect(p->space, va, va + size, access) ? (long)va : -SOS_ENOMEM;
}

static bool bad_range(struct process *p)
{
        return p->argument[0] % PAGE || p->argument[1] == 0 || p->argument[1] > SPACE_TOP ||
               p->argument[0] > SPACE_TOP - up(p->argument[1]);
}

long posix_munmap(struct process *p)
{
        if (bad_range(p))
                return -SOS_EINVAL;
        return space_remove(p->space, p->argument[0], p->argument[0] + up(p->argument[1])) ? 0 : -SOS_ENOMEM;
}

long posix_mprotect(struct process *p)
{
        if (bad_range(p))
                return p->argument[1] ? -SOS_EINVAL : 0;
        return space_protect(p->space, p->argument[0], p->argument[0] + up(p->argument[1]),
                             p->argument[2] & PROT_ALL)
                       ? 0
                       : -SOS_ENOMEM;
}
