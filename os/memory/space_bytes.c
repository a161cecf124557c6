/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying between the server and the memory of a process, page by page; see space.h. */
#include "base/text.h"
#include "os/memory/space.h"

/* Words are moved as wholes: other threads may change or read them meanwhile, and wait for them (futex). */
static void move(void *to, const void *from, seL4_Word size)
{
        if (size == sizeof(uint32_t) && !(((uintptr_t)to | (uintptr_t)from) & (sizeof(uint32_t) - 1)))
                __atomic_store_n((uint32_t *)to, __atomic_load_n((const uint32_t *)from, __ATOMIC_ACQUIRE),
                                 __ATOMIC_RELEASE);
        else
                memcpy(to, from, size);
}

static bool copy(struct space *s, seL4_Word va, void *bytes, seL4_Word size, enum space_access access)
{
        for (char *at = bytes; size > 0;) {
                seL4_Word n = PAGE - va % PAGE < size ? PAGE - va % PAGE : size;
                void *data;

                if (space_touch(s, va, access, &data) != SPACE_OK)
                        return false;
                if (access == SPACE_WRITE)
                        move(data, at, n);
                else
                        move(at, data, n);
                at += n;
                va += n;
                size -= n;
        }
        return true;
}

bool space_read(struct space *s, seL4_Word va, void *to, seL4_Word size)
{
        return copy(s, va, to, size, SPACE_READ);
}

bool space_write(struct space *s, seL4_Word va, const void *from, seL4_Word size)
{
        return copy(s, va, (void *)from, size, SPACE_WRITE);
}

bool space_read_string(struct space *s, seL4_Word va, char *to, seL4_Word size)
{
        while (size > 0) {
                seL4_Word n = PAGE - va % PAGE < size ? PAGE - va % PAGE : size;
                void *data;

                if (space_touch(s, va, SPACE_READ, &data) != SPACE_OK)
                        return false;
                for (seL4_Word i = 0; i < n; i++) {
                        to[i] = ((char *)data)[i];
                        if (!to[i])
                                return true;
                }
                to += n;
                va += n;
                size -= n;
        }
        return false;
}
