/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of mkimage share. */
#pragma once

#include <stdint.h>

#include "lib/program/elf/elf64.h"
#include "loader/payload.h"

struct bytes {
        unsigned char *data;
        uint64_t size;
};

enum form { FORM_IMAGE, FORM_ELF, FORM_UIMAGE, FORM_FIT };
enum { TREES_MAX = 32 };

/* A device tree that the user gave, checked. */
struct tree {
        const char *path;
        struct bytes blob;
};

struct request {
        const char *root, *output, *preset;
        const char *
                microkit; /* the root task is the one inside this loader image; NULL: `root` is an ELF file */
        struct handover_options options;
        enum form form;
        uint64_t address; /* of the ELF form */
        struct tree tree[TREES_MAX];
        unsigned trees;
};

/* main.c: prints one line and exits, leaving no output; or prints it and goes on. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* files.c */
void *allocate(uint64_t size); /* zeroed */
struct bytes read_file(const char *path);
struct bytes read_part(const char *name); /* from the folder of mkimage itself */
void write_output(const char *path, struct bytes image);
void discard_output(void);

/* image.c: the whole file; headers of ELF files. */
struct bytes build(const struct request *r);
void elf_header(unsigned char *at, uint64_t entry, uint64_t programs, uint64_t count);
void elf_program(unsigned char *at, const struct elf64_segment *s, uint64_t offset);

/* check.c: refuse what cannot run as a root task, warn of what will not run well. */
void check_root(const struct request *r, const struct elf64 *root, const struct elf64 *kernel);
void check_is_program(const char *name, struct bytes file);

/* microkit.c: the root task of a loader image of the public Microkit tool, as an ELF file. */
struct bytes from_microkit(const char *path);

/* forms.c: the finished image in other formats.  The headers' sizes are those of the file. */
void put_sizes(unsigned char *image, uint64_t size);
struct tree read_tree(const char *path);

/* An ELF file for emulators: the image at `address`, the entry for all cores; the tree, if there is one, in the 2 MiB below.
 * U-Boot's legacy format; the image stays where it is loaded.  U-Boot's tree format: the image, and for each tree a
 * configuration called after its file, with the board's `compatible`. */
struct bytes in_form(const struct request *r, struct bytes image);
