/* SPDX-License-Identifier: BSD-2-Clause */
/* storm COUNT SEED FOLDER SYSTEM...: broken descriptions and broken programs for the builder, under sanitizers.
 *
 * Each input is one of the descriptions with up to six changes, and one of the programs in FOLDER with some.  The builder must
 * end, and either say what is wrong or write an ELF file that the image packer accepts.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "tools/microkit/microkit.h"

enum { FILES = 64, TEXT_BYTES = 1 << 16, PATH_BYTES = 4096 };

static struct named {
        char name[256];
        struct file file;
} files[FILES], systems[FILES];
static unsigned file_count, system_count, broken; /* `broken`: the file that is changed this time */
static struct file damaged;
static uint64_t state;

static uint64_t random_below(uint64_t bound)
{
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return bound ? state % bound : 0;
}

static struct file load(const char *path)
{
        FILE *f = fopen(path, "rb");
        unsigned char *data = malloc(1 << 20);
        size_t size;

        if (f == NULL || data == NULL) {
                fprintf(stderr, "storm: cannot read %s\n", path);
                exit(2);
        }
        size = fread(data, 1, 1 << 20, f);
        fclose(f);
        return (struct file){data, size};
}

static void load_folder(const char *folder)
{
        DIR *d = opendir(folder);
        struct dirent *e;
        char path[PATH_BYTES];

        while (d != NULL && (e = readdir(d)) != NULL && file_count < FILES) {
                const char *end = strrchr(e->d_name, '.');

                if (end == NULL || (strcmp(end, ".elf") != 0 && strcmp(end, ".bin") != 0))
                        continue;
                snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
                snprintf(files[file_count].name, sizeof(files[0].name), "%s", e->d_name);
                files[file_count++].file = load(path);
        }
        if (d != NULL)
                closedir(d);
}

static bool read_named(struct build *b, const char *path, struct file *file)
{
        const char *name = strncmp(path, "elf/", 4) == 0 ? path + 4 : path;

        (void)b;
        for (unsigned i = 0; i < file_count; i++)
                if (strcmp(files[i].name, name) == 0) {
                        *file = i == broken ? damaged : files[i].file;
                        return true;
                }
        return false;
}

/* --- changes ------------------------------------------------------------------------------------------------------- */

static const char *const values[] = {"",
                                     "0",
                                     "1",
                                     "61",
                                     "62",
                                     "63",
                                     "64",
                                     "255",
                                     "0x1000",
                                     "0x200000",
                                     "0x7fffffffe000",
                                     "0xfffffffffffff000",
                                     "18446744073709551615",
                                     "18446744073709551616",
                                     "-1",
                                     "0x",
                                     "1_0_0",
                                     "true",
                                     "false",
                                     "rwx",
                                     "w",
                                     "parent",
                                     "child",
                                     "filled",
                                     "filled.bin",
                                     "parent.elf",
                                     "large",
                                     "monitor",
                                     "edge",
                                     "fdt",
                                     "5 us",
                                     "&lt;"};
static const char *const pieces[] = {"<map mr=\"filled\" vaddr=\"0x4000000\"/>",
                                     "<irq irq=\"40\" id=\"9\"/>",
                                     "<protection_domain name=\"x\">",
                                     "</system>",
                                     "<channel>",
                                     "<!--",
                                     "-->",
                                     "<end pd=\"old\" id=\"4\"/>",
                                     "<cspace>",
                                     "<domains><domain name=\"d\"/>",
                                     "<![CDATA[",
                                     "<memory_region name=\"z\" size=\"0x1000\" phys_addr=\"0x60000000\"/>",
                                     "\xc3\x28",
                                     "&#0;",
                                     "<virtual_machine name=\"v\"><vcpu id=\"9\"/></virtual_machine>",
                                     "<vcpu id=\"0\" cpu=\"2\"/>",
                                     "<a "};

static uint64_t insert(char *text, uint64_t size, uint64_t at, uint64_t drop, const char *piece)
{
        uint64_t length = strlen(piece);

        if (at + drop > size || size - drop + length > TEXT_BYTES)
                return size;
        memmove(text + at + length, text + at + drop, size - at - drop);
        memcpy(text + at, piece, length);
        return size - drop + length;
}

static uint64_t change_value(char *text, uint64_t size)
{
        uint64_t from = random_below(size), end;

        while (from < size && text[from] != '"')
                from++;
        for (end = from + 1; end < size && text[end] != '"';)
                end++;
        if (end >= size)
                return size;
        return insert(text, size, from + 1, end - from - 1,
                      values[random_below(sizeof(values) / sizeof(values[0]))]);
}

static uint64_t change_text(char *text, uint64_t size)
{
        uint64_t at = random_below(size), n = random_below(80);

        switch (random_below(6)) {
        case 0:
                text[at] = (char)random_below(256);
                return size;
        case 1: /* take out */
                return insert(text, size, at, n, "");
        case 2:
                return insert(text, size, at, 0, pieces[random_below(sizeof(pieces) / sizeof(pieces[0]))]);
        case 3: /* twice */
                if (at + n <= size && size + n <= TEXT_BYTES) {
                        memmove(text + at + n, text + at, size - at);
                        return size + n;
                }
                return size;
        default:
                return change_value(text, size);
        }
}

/* Mostly in headers, section headers and symbols. */
static void damage(void)
{
        struct file *f = &files[broken].file;
        unsigned char *copy = malloc(f->size + 1);
        uint64_t size = random_below(8) == 0 ? random_below(f->size + 1) : f->size, changes = random_below(4);

        memcpy(copy, f->data, f->size);
        for (; changes > 0 && size > 0; changes--) {
                uint64_t at = random_below(3) == 0 ? random_below(size)
                              : random_below(2)    ? random_below(size < 240 ? size : 240)
                                                   : size - 1 - random_below(size < 4096 ? size : 4096);

                copy[at] = random_below(2)   ? (unsigned char)random_below(256)
                           : random_below(2) ? 0xff
                                             : copy[at] ^ (unsigned char)(1u << random_below(8));
        }
        /* A copy of exactly this size: reading beyond it is detected. */
        damaged = (struct file){memcpy(malloc(size + !size), copy, size), size};
        free(copy);
}

/* --- one input ----------------------------------------------------------------------------------------------------- */

static _Noreturn void broke(const char *what, const char *text, uint64_t size)
{
        fprintf(stderr, "storm: %s\n%.*s\n", what, (int)size, text);
        abort();
}

static bool try(const char *text, uint64_t size)
{
        static const struct board boards[] = {
                {1, false, true, true, 47}, {1, true, true, false, 40}, {4, false, false, true, 47}};
        struct build b = {.name = "storm", .read = read_named, .board = boards[random_below(3)]};
        char *told = NULL, *written = NULL;
        size_t length = 0, more = 0;
        volatile bool made;
        FILE *report;

        b.out = open_memstream(&told, &length);
        made = build_system(&b, text, size);
        if (made && setjmp(b.stop) == 0) {
                struct file root = system_emit(&b);
                struct elf64 elf;

                if (elf64_open(&elf, root.data, root.size) != ELF64_OK && b.errors == 0)
                        broke("the root task is no ELF file", text, size);
                report = open_memstream(&written, &more);
                report_write(&b, report);
                picture_write(&b, report);
                fclose(report);
                free(written);
        }
        if (!made && b.errors == 0)
                broke("nothing made, and nothing said", text, size);
        fclose(b.out);
        if (!made && length == 0)
                broke("a mistake without a line", text, size);
        free(told);
        build_free(&b);
        return made;
}

int main(int count, char **words)
{
        static char text[TEXT_BYTES];
        uint64_t inputs = count > 1 ? strtoull(words[1], NULL, 10) : 0, made = 0;

        if (count < 5)
                return 2;
        state = strtoull(words[2], NULL, 10) * 0x9e3779b97f4a7c15ull + 1;
        load_folder(words[3]);
        for (int i = 4; i < count && system_count < FILES; i++)
                systems[system_count++].file = load(words[i]);
        for (uint64_t i = 0; i < inputs; i++) {
                const struct file *s = &systems[random_below(system_count)].file;
                uint64_t size = s->size;

                memcpy(text, s->data, size);
                for (uint64_t n = random_below(7); n > 0 && size > 0; n--)
                        size = change_text(text, size);
                broken = (unsigned)random_below(file_count);
                damage();
                made += try(text, size);
                free((void *)damaged.data);
        }
        for (unsigned i = 0; i < file_count; i++)
                free((void *)files[i].file.data);
        for (unsigned i = 0; i < system_count; i++)
                free((void *)systems[i].file.data);
        printf("storm: %llu inputs, %llu of them made a system\n", (unsigned long long)inputs,
               (unsigned long long)made);
        return 0;
}
