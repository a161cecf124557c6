/* SPDX-License-Identifier: BSD-2-Clause */
/* mkimage: loader + kernel + root task = one file that boots.
 *
 * The loader and the two kernels are looked for beside mkimage itself.  Both programs are repacked in the form
 * that loader/payload.h asks for, without symbols and sections.  The output appears complete or not at all.
 * Exit status: 0 done, 1 one line on standard error says what is wrong with a file, 2 wrong usage.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi/include/tessera/extensions.h"
#include "lib/elf/elf64.h"
#include "lib/sel4/tls_size.h"
#include "loader/payload.h"

enum {
        IMAGE_SIZE_AT = 0x10, /* in the arm64 Image header */
        IMAGE_MAGIC_AT = 0x38,
        SLOT_BYTES = 32,
        INITIAL_SLOTS = 100, /* at least: fixed caps, page tables, untypeds */
        CNODE_BITS_MIN = 7,
        CNODE_BITS_MAX = 26,
};

/* The machine that images promise to run on has 2 GiB; the loader checks again with the RAM there is. */
#define RAM_SIZE (2ull << 30)

#define USER_END 0x800000000000ull

struct bytes {
        unsigned char *data;
        uint64_t size;
};

struct request {
        const char *root, *output, *preset;
        struct handover_options options;
};

static char temporary[4096]; /* name of the unfinished output, empty if there is none */
static const char *stale;    /* output of an earlier run, to be removed when this one fails */

static _Noreturn void usage(void)
{
        fputs("usage: mkimage [--debug|--release] [--cnode-bits N] [--export-pmu] [--export-vcnt] "
              "[--export-pcnt]"
              " [--domains N] [--extensions] [--long-ways] ROOT.elf -o IMAGE\n",
              stderr);
        exit(2);
}

static _Noreturn void fail(const char *format, ...)
{
        va_list arguments;

        fputs("mkimage: ", stderr);
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
        fputc('\n', stderr);
        if (temporary[0] != '\0')
                unlink(temporary);
        if (stale != NULL)
                unlink(stale);
        exit(1);
}

static void *allocate(uint64_t size)
{
        void *memory = calloc(1, size == 0 ? 1 : size);

        if (memory == NULL)
                fail("out of memory");
        return memory;
}

static struct bytes read_file(const char *path)
{
        struct bytes b = {NULL, 0};
        struct stat status;
        FILE *f = fopen(path, "rb");

        if (f == NULL || fstat(fileno(f), &status) != 0)
                fail("%s: %s", path, strerror(errno));
        if (!S_ISREG(status.st_mode))
                fail("%s: not a file", path);
        b.size = (uint64_t)status.st_size;
        b.data = allocate(b.size);
        if (fread(b.data, 1, b.size, f) != b.size)
                fail("%s: cannot read it all", path);
        fclose(f);
        return b;
}

static struct bytes read_part(const char *name)
{
        char path[4096];
        ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 64);

        if (length < 0)
                fail("cannot find my own folder: %s", strerror(errno));
        path[length] = '\0';
        strcpy(strrchr(path, '/') + 1, name);
        return read_file(path);
}

static int by_address(const void *a, const void *b)
{
        const struct elf64_segment *x = a, *y = b;

        return (x->vaddr > y->vaddr) - (x->vaddr < y->vaddr);
}

static void put_le(unsigned char *at, uint64_t value, unsigned count)
{
        while (count-- > 0) {
                *at++ = (unsigned char)value;
                value >>= 8;
        }
}

static void put_header(unsigned char *at, uint64_t entry, uint64_t programs, uint64_t count)
{
        static const unsigned char identity[16] = {0x7f, 'E', 'L', 'F', 2, 1, 1};

        memcpy(at, identity, sizeof(identity));
        put_le(at + 16, 2, 2);
        put_le(at + 18, 183, 2);
        put_le(at + 20, 1, 4);
        put_le(at + 24, entry, 8);
        put_le(at + 32, programs, 8);
        put_le(at + 52, ELF64_HEADER_BYTES, 2);
        put_le(at + 54, ELF64_PROGRAM_BYTES, 2);
        put_le(at + 56, count, 2);
}

static void put_program(unsigned char *at, const struct elf64_segment *s, uint64_t offset)
{
        put_le(at, 1, 4);
        put_le(at + 4, s->flags, 4);
        put_le(at + 8, offset, 8);
        put_le(at + 16, s->vaddr, 8);
        put_le(at + 24, s->vaddr, 8);
        put_le(at + 32, s->filesz, 8);
        put_le(at + 40, s->memsz, 8);
        put_le(at + 48, 1, 8);
}

/* Headers, segments in address order without gaps, program headers. */
static struct bytes pack(const struct elf64 *elf)
{
        struct elf64_segment *s = allocate(elf->count * sizeof(*s));
        struct bytes out = {NULL, ELF64_HEADER_BYTES};
        uint64_t count = 0, at = ELF64_HEADER_BYTES;

        for (uint32_t i = 0; i < elf->count; i++)
                if (elf64_segment(elf, i, &s[count]))
                        out.size += s[count++].filesz + ELF64_PROGRAM_BYTES;
        qsort(s, count, sizeof(*s), by_address);
        out.data = allocate(out.size);
        put_header(out.data, elf->entry, out.size - count * ELF64_PROGRAM_BYTES, count);
        for (uint64_t i = 0; i < count; i++) {
                if (s[i].filesz > 0)
                        memcpy(out.data + at, elf->file + s[i].offset, s[i].filesz);
                put_program(out.data + out.size - (count - i) * ELF64_PROGRAM_BYTES, &s[i], at);
                at += s[i].filesz;
        }
        free(s);
        return out;
}

static struct elf64 open_elf(const char *name, struct bytes file)
{
        struct elf64 elf;
        enum elf64_error error = elf64_open(&elf, file.data, file.size);

        if (error != ELF64_OK)
                fail("%s %s", name, elf64_error_text(error));
        return elf;
}

static void check_extent(const struct request *r, const struct elf64 *root, const struct elf64 *kernel)
{
        uint64_t kernel_size = kernel->end - kernel->start;
        uint64_t root_size = root->end - root->start;
        uint64_t slots = 1ull << r->options.cnode_bits;

        if (root->end > USER_END - 64 * ELF64_PAGE) {
                fail("%s ends at 0x%llx, beyond the user address space", r->root,
                     (unsigned long long)root->end);
        }
        if (root_size > RAM_SIZE || kernel_size + root_size + slots * SLOT_BYTES > RAM_SIZE) {
                fail("%s is too large for the RAM: it spans %llu MiB of %llu", r->root,
                     (unsigned long long)(root_size >> 20), RAM_SIZE >> 20);
        }
        if (slots < INITIAL_SLOTS + root_size / ELF64_PAGE) {
                fail("%s has more pages than the root CNode has slots: pack it with --cnode-bits %u", r->root,
                     64 - (unsigned)__builtin_clzll(INITIAL_SLOTS + root_size / ELF64_PAGE));
        }
}

static uint64_t read_le(const unsigned char *at, unsigned count)
{
        uint64_t value = 0;

        while (count-- > 0)
                value = value << 8 | at[count];
        return value;
}

/* Applications of the starter OS ask its server for everything: as a root task they would wait for ever. */
static void check_kind(const struct request *r, const struct elf64 *root)
{
        uint32_t bytes;

        if (elf64_find_note(root, root->size, ELF64_NOTE_NATIVE, &bytes) != NULL) {
                fail("%s is an application of the starter OS, not a root task: put its sources in a folder apps/NAME "
                     "and start it from the shell (make run APP=NAME)",
                     r->root);
        }
}

/* Programs with the start code of lib/sel4 keep thread-local data on their first stack. */
static void check_thread_local(const struct request *r, const struct elf64 *root)
{
        uint32_t bytes;
        const unsigned char *note = elf64_find_note(root, root->size, ELF64_NOTE_START, &bytes);
        const unsigned char *word = note && bytes >= 8 ? elf64_at(root, read_le(note, 8), 8) : NULL;
        uint64_t alignment, data = elf64_thread_local(root, &alignment);
        uint64_t stack = word ? read_le(word, 8) : 0;

        if (data > RAM_SIZE || alignment > RAM_SIZE || (alignment & (alignment - 1)) != 0) {
                fail("%s has %llu bytes of thread-local data aligned to %llu: that is no program", r->root,
                     (unsigned long long)data, (unsigned long long)alignment);
        }
        if (word && tls_block_bytes(data, alignment) + TLS_STACK_LEFT > stack) {
                fail("%s has %llu bytes of thread-local data aligned to %llu, too much for its first stack of %llu bytes: "
                     "say START_STACK(%llu); in one of its source files (sel4/start.h)",
                     r->root, (unsigned long long)data, (unsigned long long)alignment, (unsigned long long)stack,
                     (unsigned long long)tls_round_up(tls_block_bytes(data, alignment) + TLS_STACK_LEFT, 4096));
        }
}

static struct bytes build(const struct request *r)
{
        char kernel_name[64];
        struct bytes root_file = read_file(r->root), loader = read_part("loader.img"), kernel_file, out;
        struct bytes root, kernel;
        struct elf64 root_elf = open_elf(r->root, root_file), kernel_elf;
        struct payload *payload;

        snprintf(kernel_name, sizeof(kernel_name), "kernel-%s.elf", r->preset);
        kernel_file = read_part(kernel_name);
        kernel_elf = open_elf(kernel_name, kernel_file);
        check_kind(r, &root_elf);
        check_thread_local(r, &root_elf);
        check_extent(r, &root_elf, &kernel_elf);
        if (loader.size < 64 || memcmp(loader.data + IMAGE_MAGIC_AT, "ARM\x64", 4) != 0)
                fail("loader.img is not a loader");
        root = pack(&root_elf);
        kernel = pack(&kernel_elf);
        out.size = loader.size + sizeof(*payload) + kernel.size + root.size;
        out.data = allocate(out.size);
        memcpy(out.data, loader.data, loader.size);
        put_le(out.data + IMAGE_SIZE_AT, out.size, 8);
        payload = (struct payload *)(out.data + loader.size);
        memcpy(payload + 1, kernel.data, kernel.size);
        memcpy((unsigned char *)(payload + 1) + kernel.size, root.data, root.size);
        *payload = (struct payload){
                .magic = PAYLOAD_MAGIC,
                .checksum = payload_sum((unsigned char *)(payload + 1), kernel.size + root.size),
                .kernel_size = kernel.size,
                .root_size = root.size,
                .options = r->options,
        };
        strncpy(payload->preset, r->preset, sizeof(payload->preset) - 1);
        return out;
}

static void write_output(const char *path, struct bytes image)
{
        mode_t mask = umask(0);
        int descriptor;
        FILE *f;

        umask(mask);
        if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= (int)sizeof(temporary)) {
                temporary[0] = '\0';
                fail("%s: name too long", path);
        }
        descriptor = mkstemp(temporary);
        if (descriptor < 0) {
                temporary[0] = '\0';
                fail("%s: %s", path, strerror(errno));
        }
        f = fdopen(descriptor, "wb");
        if (f == NULL || fwrite(image.data, 1, image.size, f) != image.size ||
            fchmod(descriptor, 0666 & ~mask) != 0 || fclose(f) != 0 || rename(temporary, path) != 0)
                fail("%s: %s", path, strerror(errno));
}

static uint32_t number(const char *option, const char *text, unsigned long low, unsigned long high)
{
        char *end;
        unsigned long value = strtoul(text, &end, 10);

        if (text[0] < '0' || text[0] > '9' || *end != '\0' || value < low || value > high) {
                fprintf(stderr, "mkimage: %s takes a number from %lu to %lu, not '%s'\n", option, low, high, text);
                exit(2);
        }
        return (uint32_t)value;
}

static struct request parse(int count, char **arguments)
{
        static const struct option options[] = {
                {"debug", no_argument, NULL, 'd'},
                {"release", no_argument, NULL, 'r'},
                {"cnode-bits", required_argument, NULL, 'c'},
                {"export-pmu", no_argument, NULL, 'm'},
                {"export-vcnt", no_argument, NULL, 'v'},
                {"export-pcnt", no_argument, NULL, 'p'},
                {"domains", required_argument, NULL, 'D'},
                {"extensions", no_argument, NULL, 'e'},
                {"long-ways", no_argument, NULL, 'l'},
                {NULL, 0, NULL, 0},
        };
        struct request r = {.preset = "debug", .options = {.cnode_bits = 13, .domains = 1}};
        int option;

        opterr = 0;
        while ((option = getopt_long(count, arguments, "o:", options, NULL)) != -1) {
                switch (option) {
                case 'd':
                case 'r':
                        r.preset = option == 'd' ? "debug" : "release";
                        break;
                case 'c':
                        r.options.cnode_bits = number("--cnode-bits", optarg, CNODE_BITS_MIN, CNODE_BITS_MAX);
                        break;
                case 'D':
                        r.options.domains = number("--domains", optarg, 1, HANDOVER_DOMAINS_MAX);
                        break;
                case 'e':
                        r.options.extensions = TESSERA_EXTENSIONS;
                        break;
                case 'l':
                        r.options.long_ways = 1;
                        break;
                case 'm':
                case 'v':
                case 'p':
                        r.options.exports |= option == 'm'   ? HANDOVER_EXPORT_PMU
                                             : option == 'v' ? HANDOVER_EXPORT_VCNT
                                                             : HANDOVER_EXPORT_PCNT;
                        break;
                case 'o':
                        r.output = optarg;
                        break;
                default:
                        usage();
                }
        }
        if (r.output == NULL || optind != count - 1)
                usage();
        r.root = arguments[optind];
        return r;
}

/* An image left by an earlier run must not be taken for this one's; never remove the input or a device. */
static const char *stale_output(const struct request *r)
{
        struct stat output, root;

        if (lstat(r->output, &output) != 0 || !S_ISREG(output.st_mode))
                return NULL;
        if (stat(r->root, &root) == 0 && root.st_dev == output.st_dev && root.st_ino == output.st_ino)
                fail("%s is both input and output", r->output);
        return r->output;
}

int main(int count, char **arguments)
{
        struct request r = parse(count, arguments);

        stale = stale_output(&r);
        write_output(r.output, build(&r));
        return 0;
}
