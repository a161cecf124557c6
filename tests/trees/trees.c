/* SPDX-License-Identifier: BSD-2-Clause */
/* What lib/fdt finds in device trees, as text that tests/trees/run compares with what another reader finds.
 *
 * Usage: trees FILE...
 */
#include "lib/fdt/fdt.h"

#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_interrupt(const char *before, struct fdt_interrupt i)
{
        if (i.controller == FDT_NO_INTERRUPT)
                printf("%snone", before);
        else if (i.controller == FDT_OTHER)
                printf("%sother %s", before, i.name);
        else
                printf("%s%u%s", before, i.number, i.edge ? "e" : "");
}

/* Registers one by one up to the last one there is; "-" for those that processors do not see. */
static unsigned count_reg(const struct fdt *fdt, int node)
{
        int length = 0, parent = fdt_parent_offset(fdt->tree, node);

        if (parent < 0 || !fdt_getprop(fdt->tree, node, "reg", &length))
                return 0;
        length /= 4 * (int)(fdt_read_number(fdt, parent, "#address-cells", 2) +
                            fdt_read_number(fdt, parent, "#size-cells", 1));
        return length < 0 ? 0 : (unsigned)length;
}

static void print_node(const struct fdt *fdt, int node)
{
        char path[512] = "?";
        unsigned regs = count_reg(fdt, node);
        struct fdt_range range;

        fdt_get_path(fdt->tree, node, path, sizeof(path));
        printf("node %s %d", path, fdt_is_enabled(fdt, node));
        for (unsigned i = 0; i < regs; i++) {
                if (fdt_read_reg(fdt, node, i, &range))
                        printf(" %llx+%llx", (unsigned long long)range.base, (unsigned long long)range.size);
                else
                        printf(" -");
        }
        for (unsigned i = 0; i < 8; i++) {
                struct fdt_interrupt line = fdt_read_interrupt(fdt, node, i);

                if (line.controller == FDT_NO_INTERRUPT)
                        break;
                print_interrupt(" i", line);
        }
        printf("\n");
}

static void print_ranges(const struct fdt *fdt, const char *name,
                         bool (*read)(const struct fdt *, unsigned, struct fdt_range *))
{
        struct fdt_range range;

        printf("%s", name);
        for (unsigned i = 0; read(fdt, i, &range); i++)
                printf(" %llx+%llx", (unsigned long long)range.base, (unsigned long long)range.size);
        printf("\n");
}

static void print_tree(const char *name, const void *blob, size_t size)
{
        struct fdt fdt;

        printf("tree %s\n", strrchr(name, '/') ? strrchr(name, '/') + 1 : name);
        if (!fdt_open(&fdt, blob, size)) {
                printf("damaged\n");
                return;
        }
        print_interrupt("timer ", fdt_read_timer(&fdt));
        printf("\n");
        print_ranges(&fdt, "memory", fdt_read_memory);
        print_ranges(&fdt, "reserved", fdt_read_reserved);
        for (int node = fdt_next_node(blob, 0, NULL); node >= 0; node = fdt_next_node(blob, node, NULL))
                print_node(&fdt, node);
}

int main(int argc, char **argv)
{
        for (int i = 1; i < argc; i++) {
                FILE *file = fopen(argv[i], "rb");
                unsigned char *blob = malloc(4 << 20);
                size_t size;

                if (!file || !blob)
                        return 1;
                size = fread(blob, 1, 4 << 20, file);
                print_tree(argv[i], blob, size);
                fclose(file);
                free(blob);
        }
        return 0;
}
