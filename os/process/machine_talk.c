/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said to a monitor, and to its guest; see machine.h. */
#include "os/process/machine_parts.h"

long machine_order(unsigned long number, unsigned long order)
{
        struct machine *m = machine_of(number);

        if (!m)
                return -SOS_ESRCH;
        machine_pause(m, order == MACHINE_PAUSE);
        m->page->server.order = (uint32_t)order;
        machine_wake(number);
        return 0;
}

/* --- its console --- */

/* Monitor and server may be on different cores, so each reads the other's position before the bytes, and writes its own after them.  The
 * monitor writes its numbers, which may be anything: only what lies in the ring is copied.  As long as it knows of no reader it writes over
 * the oldest bytes: the first reader leaves it room for that, and drops what it has read if even more was written meanwhile. */
long machine_read(unsigned long number, char *to, size_t size)
{
        struct machine *m = machine_of(number);
        struct machine_page *page = m ? m->page : NULL;
        uint64_t said, at, whole = MACHINE_SAID;
        size_t n = 0;

        if (!m)
                return -SOS_ESRCH;
        if (!page->server.attached)
                whole -= MACHINE_AT_ONCE;
        __atomic_store_n(&page->server.attached, size > 0, __ATOMIC_SEQ_CST);
        said = __atomic_load_n(&page->said, __ATOMIC_SEQ_CST);
        at = page->server.read;
        if (said - at > whole)
                at = said > whole ? said - whole : 0;
        while (n < size && at != said)
                to[n++] = page->says[at++ % MACHINE_SAID];
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        if (__atomic_load_n(&page->said, __ATOMIC_SEQ_CST) - (at - n) > whole)
                n = 0;
        __atomic_store_n(&page->server.read, at, __ATOMIC_RELEASE);
        if (n > 0)
                machine_wake(number); /* there is room again */
        return (long)n;
}

long machine_write(unsigned long number, const char *from, size_t size)
{
        struct machine *m = machine_of(number);
        struct machine_page *page = m ? m->page : NULL;
        uint64_t heard, at;
        size_t n = 0;

        if (!m)
                return -SOS_ESRCH;
        heard = __atomic_load_n(&page->heard, __ATOMIC_ACQUIRE);
        at = page->server.written;
        while (n < size && at - heard < MACHINE_HEARD)
                page->hears[at++ % MACHINE_HEARD] = from[n++];
        __atomic_store_n(&page->server.written, at, __ATOMIC_RELEASE);
        if (n > 0)
                machine_wake(number);
        return (long)n;
}
