/* SPDX-License-Identifier: BSD-2-Clause */
/* RAM: one memory file mapped at the address that equals its physical address.  A file, so that tests can map its
 * pages a second time at user addresses.  Tests poison dead objects in it (tests/lib/poison.h). */
#define _GNU_SOURCE 1 /* memfd_create */
#include "arch/arch.h"
#include "arch/host/host.h"
#include "layout.h"

#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct {
        int file;
        word size;
} ram = {-1, 0};

static void *at_base(void)
{
        return (void *)(word)HOST_BASE;
}

static void fail(const char *what)
{
        perror(what);
        exit(2);
}

void host_memory_make(word bytes)
{
        if (ram.size == bytes) {
                ASAN_UNPOISON_MEMORY_REGION(at_base(), bytes);
                memset(at_base(), 0, bytes);
                return;
        }
        if (ram.file < 0)
                ram.file = memfd_create("tessera-ram", MFD_CLOEXEC);
        if (ram.file < 0)
                fail("host memory file");
        if (ram.size != 0) {
                ASAN_UNPOISON_MEMORY_REGION(at_base(), ram.size);
                munmap(at_base(), ram.size);
        }
        if (ftruncate(ram.file, 0) != 0 || ftruncate(ram.file, (off_t)bytes) != 0)
                fail("host memory size");
        void *got =
                mmap(at_base(), bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, ram.file, 0);
        if (got != at_base())
                fail("host memory at its physical address");
        ram.size = bytes;
}

word host_memory_size(void)
{
        return ram.size;
}

int host_memory_file(void)
{
        return ram.file;
}

bool window_covers(word paddr, word size)
{
        return host_is_ram(paddr) && size <= ram.size - (paddr - HOST_BASE);
}

void arch_clear(void *start, word size)
{
        ASAN_UNPOISON_MEMORY_REGION(start, size);
        memset(start, 0, size);
}

void arch_clear_to_memory(void *start, word size)
{
        arch_clear(start, size);
        arch_cache_clean(start, size);
}

/* The host's caches need no care. */
void (*host_cache_hook)(enum host_cache how, const void *start, word size);

static void tell(enum host_cache how, const void *start, word size)
{
        if (host_cache_hook)
                host_cache_hook(how, start, size);
}

void arch_cache_clean(const void *start, word size)
{
        tell(HOST_CACHE_CLEAN, start, size);
}

void arch_cache_clean_invalidate(const void *start, word size)
{
        tell(HOST_CACHE_CLEAN_INVALIDATE, start, size);
}

void arch_cache_invalidate(const void *start, word size)
{
        tell(HOST_CACHE_INVALIDATE, start, size);
}

void arch_cache_unify(const void *start, word size)
{
        tell(HOST_CACHE_UNIFY, start, size);
}
