/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration that a board's programs are compiled for, from its kernel/gen_config.h. */
#include "tools/microkit/microkit.h"

#include <stdlib.h>
#include <string.h>

/* The text behind `#define CONFIG_NAME`, NULL if there is no such line. */
static const char *option(const char *text, const char *name)
{
        size_t length = strlen(name);

        for (const char *at = text; (at = strstr(at, "#define CONFIG_")) != NULL; at++) {
                const char *key = at + strlen("#define CONFIG_");

                if ((at == text || at[-1] == '\n') && strncmp(key, name, length) == 0 && key[length] == ' ')
                        return key + length;
        }
        return NULL;
}

void board_read(struct build *b)
{
        struct file file;
        const char *cores;
        char *text;

        if (!b->read(b, BOARD_OPTIONS, &file)) {
                build_error(b, (struct place){0, 0}, "the board's folder has no " BOARD_OPTIONS);
                build_stop(b);
        }
        text = build_allocate(b, file.size + 1);
        memcpy(text, file.data, file.size);
        cores = option(text, "ENABLE_SMP_SUPPORT") ? option(text, "MAX_NUM_NODES") : NULL;
        b->board = (struct board){.cores = cores ? strtoull(cores, NULL, 10) : 1,
                                  .hypervisor = option(text, "ARM_HYPERVISOR_SUPPORT") != NULL,
                                  .smc = option(text, "ALLOW_SMC_CALLS") != NULL,
                                  .debug = option(text, "DEBUG_BUILD") != NULL,
                                  .space_bits = 47};
        if (b->board.hypervisor)
                b->board.space_bits = option(text, "ARM_PA_SIZE_BITS_44") ? 44 : 40;
}
