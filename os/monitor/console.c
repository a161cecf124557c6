/* SPDX-License-Identifier: BSD-2-Clause */
/* See console.h. */
#include "os/monitor/console.h"
#include "os/monitor/monitor.h"

static enum console_line typed_for;

void console_on(enum console_line line)
{
        typed_for = line;
}

/* A server that claims to have read bytes not written yet does not count as a reader. */
size_t console_room(void)
{
        uint64_t unread = monitor.page->said - __atomic_load_n(&monitor.page->server.read, __ATOMIC_ACQUIRE);

        return __atomic_load_n(&monitor.page->server.attached, __ATOMIC_SEQ_CST) && unread <= MACHINE_SAID
                       ? MACHINE_SAID - unread
                       : MACHINE_SAID;
}

void console_say(const void *bytes, size_t count)
{
        for (size_t i = 0; i < count; i++)
                monitor.page->says[(monitor.page->said + i) % MACHINE_SAID] = ((const char *)bytes)[i];
        __atomic_store_n(&monitor.page->said, monitor.page->said + count, __ATOMIC_SEQ_CST);
}

size_t console_hears(enum console_line line)
{
        uint64_t there =
                __atomic_load_n(&monitor.page->server.written, __ATOMIC_ACQUIRE) - monitor.page->heard;

        return line != typed_for ? 0 : there <= MACHINE_HEARD ? there : MACHINE_HEARD;
}

void console_take(void *bytes, size_t count)
{
        for (size_t i = 0; i < count; i++)
                ((char *)bytes)[i] = monitor.page->hears[(monitor.page->heard + i) % MACHINE_HEARD];
        __atomic_store_n(&monitor.page->heard, monitor.page->heard + count, __ATOMIC_RELEASE);
}
