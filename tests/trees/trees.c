/* SPDX-License-Identifier: BSD-2-Clause */
/* What lib/driver/fdt and the loader find in device trees, as text that tests/trees/run compares with what another reader finds.
 *
 * Usage: trees FILE...                   every node of each
 *        trees --damage NUMBER FILE...   the loader with so many damaged copies of each; prints how many it could read
 *        trees --without FILE            the loader's line for the tree without each of its properties in turn
 * libfdt is not instrumented, so damaged trees end at an inaccessible page.
 */
#include "trees.h"
#include "lib/driver/fdt/fdt.h"

#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TREE_MAX = 4 << 20, PAGE_BYTES = 4096, SECONDS_MAX = 5 };

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
        loader_print(blob);
        print_interrupt("timer ", fdt_read_timer(&fdt));
        printf("\n");
        print_ranges(&fdt, "memory", fdt_read_memory);
        print_ranges(&fdt, "reserved", fdt_read_reserved);
        for (int node = fdt_next_node(blob, 0, NULL); node >= 0; node = fdt_next_node(blob, node, NULL))
                print_node(&fdt, node);
}

/* Changes that do damage: cell counts, references, lengths. */
static void damage(unsigned char *blob, size_t size)
{
        for (int k = rand() % 8; k >= 0; k--) {
                size_t at = 40 + (size_t)rand() % (size - 40);

                if (rand() % 2)
                        at |= 3;
                blob[at < size ? at : size - 1] = (unsigned char)(rand() % 2 ? rand() : rand() % 5);
        }
}

/* A hang is an alarm that nobody handles. */
static unsigned read_damaged(const unsigned char *blob, size_t size, int number)
{
        static unsigned char *end;
        unsigned char *copy;
        unsigned opened = 0;
        struct fdt fdt;

        if (!end) {
                end = (unsigned char *)mmap(NULL, TREE_MAX + PAGE_BYTES, PROT_READ | PROT_WRITE,
                                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) +
                      TREE_MAX;
                mprotect(end, PAGE_BYTES, PROT_NONE);
        }
        copy = end - (size + 7) / 8 * 8;
        for (int i = 0; i < number; i++) {
                memcpy(copy, blob, size);
                damage(copy, size);
                alarm(SECONDS_MAX);
                if (fdt_open(&fdt, copy, size)) {
                        opened++;
                        loader_print(copy);
                }
        }
        alarm(0);
        return opened;
}

static void print_without(void *blob)
{
        static _Alignas(8) unsigned char copy[TREE_MAX];

        for (int node = 0; node >= 0; node = fdt_next_node(blob, node, NULL)) {
                int at;

                fdt_for_each_property_offset(at, blob, node)
                {
                        const char *name;

                        (void)fdt_getprop_by_offset(blob, at, &name, NULL);
                        memcpy(copy, blob, fdt_totalsize(blob));
                        fdt_nop_property(copy, node, name);
                        printf("without %s: ", name);
                        loader_print(copy);
                }
        }
}

int main(int argc, char **argv)
{
        bool takes = argc == 3 && strcmp(argv[1], "--without") == 0;
        bool damages = argc > 2 && strcmp(argv[1], "--damage") == 0;
        unsigned opened = 0;

        for (int i = damages ? 3 : takes ? 2 : 1; i < argc; i++) {
                FILE *file = fopen(argv[i], "rb");
                unsigned char *blob = malloc(TREE_MAX);
                size_t size;

                if (!file || !blob)
                        return 1;
                size = fread(blob, 1, TREE_MAX, file);
                if (takes)
                        print_without(blob);
                else if (damages)
                        opened += read_damaged(blob, size, atoi(argv[2]));
                else
                        print_tree(argv[i], blob, size);
                fclose(file);
                free(blob);
        }
        if (damages)
                printf("opened %u\n", opened);
        return 0;
}
