/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes become a sequence of library calls and of failing kernel calls (tests/libs/steps.h), over the real kernel core;
 * libraries and kernel are checked after each step, and at the end everything must have come back.
 *
 * The machine boots once.  After each input, the memory of the machine and all variables of kernel and libraries are
 * restored to their state then, so that an input means the same each time.
 */
#include "tests/fuzz/libs_program.h"
#include "tests/lib/native.h"
#include "tests/lib/poison.h"

#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 8 << 20, PAGE = 4096 };

extern char __start_state_bss[], __stop_state_bss[], __start_state_data[], __stop_state_data[];

static struct {
        char *memory, *bss, *data;
} before;

/* Red zones between variables are restored with them; nothing here may object. */
__attribute__((no_sanitize("address"))) static void copy(char *to, const char *from, size_t bytes)
{
        for (size_t i = 0; i < bytes / sizeof(word); i++)
                ((volatile word *)to)[i] = ((const volatile word *)from)[i];
        for (size_t i = bytes / sizeof(word) * sizeof(word); i < bytes; i++)
                ((volatile char *)to)[i] = from[i];
}

static char *saved(const char *from, size_t bytes)
{
        char *to = malloc(bytes + 1);

        copy(to, from, bytes);
        return to;
}

static void need_stuck(enum native_end end)
{
        if (end == NATIVE_STUCK && libs_program_ended)
                return;
        fprintf(stderr, end == NATIVE_STUCK ? "nobody can run any more\n" : "the kernel halted\n");
        fprintf(stderr, "%s\n", host_console_text());
        abort();
}

static void save(void)
{
        native_settings(100, false);
        need_stuck(
                native_run(&(struct host_options){.memory = MEMORY, .image_pages = 4}, libs_program_begin));
        before.memory = saved((char *)HOST_BASE, MEMORY);
        before.bss = saved(__start_state_bss, (size_t)(__stop_state_bss - __start_state_bss));
        before.data = saved(__start_state_data, (size_t)(__stop_state_data - __start_state_data));
}

static void put_back(void)
{
        ASAN_UNPOISON_MEMORY_REGION((void *)HOST_BASE, MEMORY);
        for (word at = 0; at < MEMORY; at += PAGE) {
                char *page = (char *)HOST_BASE + at;

                if (memcmp(page, before.memory + at, PAGE) != 0)
                        memcpy(page, before.memory + at, PAGE);
        }
        copy(__start_state_bss, before.bss, (size_t)(__stop_state_bss - __start_state_bss));
        copy(__start_state_data, before.data, (size_t)(__stop_state_data - __start_state_data));
        poison_reset();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        if (!before.memory)
                save();
        else
                put_back();
        libs_program_input(data, size);
        need_stuck(native_run_again(libs_program_play));
        return 0;
}
