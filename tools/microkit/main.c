/* SPDX-License-Identifier: BSD-2-Clause */
/* microkit SYSTEM --board B --config C: a system description and the programs it names become one image that boots.
 *
 * The command line is that of the public tool.  Exit status: 0 done, 1 mistakes in the description or its files, each reported
 * with file, line and column, 2 wrong usage.  The image appears complete or not at all.
 */
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/microkit/microkit.h"

enum { SEARCH_MAX = 256, PATH_BYTES = 4096, WORDS = 20 };

/* 2 MiB from the start of the boards' RAM: the loader looks for the device tree below itself. */
#define ELF_ADDRESS "0x40200000"

static struct arguments {
        const char *system, *board, *config, *output, *report, *type;
        const char *search[SEARCH_MAX + 2];
        unsigned searches;
        char sdk[PATH_BYTES], folder[2 * PATH_BYTES]; /* of the SDK, of the board */
} a = {.output = "loader.img", .report = "report.txt", .type = "binary"};

static _Noreturn void usage(const char *format, const char *what)
{
        fprintf(stderr, "microkit: ");
        fprintf(stderr, format, what);
        fputs("\nusage: microkit SYSTEM --board BOARD --config debug|release [--search-path FOLDER...]... "
              "[-o IMAGE] [-r REPORT]\n"
              "       (microkit --help explains the options)\n",
              stderr);
        exit(2);
}

static _Noreturn void help(void)
{
        puts("usage: microkit SYSTEM --board BOARD --config debug|release [OPTION]...\n\n"
             "Builds the system that SYSTEM describes: one image for QEMU's -kernel and the "
             "boot loaders of boards.\n\n"
             "  --board BOARD          a folder of SDK/board\n"
             "  --config CONFIG        debug, release, or for several cores smp-debug, smp-release: "
             "a folder of the board\n"
             "  --search-path FOLDER...  where files that the description names are looked for, in this "
             "order, then here\n"
             "  -o, --output IMAGE     the file to write, default loader.img\n"
             "  -r, --report FILE      memory map and capabilities, default report.txt; a picture beside it, "
             "FILE with .svg at its end\n"
             "  --image-type TYPE      binary (default), elf (for emulators that enter it without firmware), "
             "or uimage (for U-Boot)\n"
             "  -h, --help             this text\n\n"
             "The SDK is the folder that the environment variable MICROKIT_SDK names, otherwise the one "
             "above this program's.");
        exit(0);
}

static const char *value(int count, char **words, int *i)
{
        if (*i + 1 >= count)
                usage("%s needs a value", words[*i]);
        return words[++*i];
}

static void option(int count, char **words, int *i)
{
        const char *w = words[*i];

        if (strcmp(w, "--board") == 0)
                a.board = value(count, words, i);
        else if (strcmp(w, "--config") == 0)
                a.config = value(count, words, i);
        else if (strcmp(w, "-o") == 0 || strcmp(w, "--output") == 0)
                a.output = value(count, words, i);
        else if (strcmp(w, "-r") == 0 || strcmp(w, "--report") == 0)
                a.report = value(count, words, i);
        else if (strcmp(w, "--image-type") == 0)
                a.type = value(count, words, i);
        else if (strcmp(w, "-h") == 0 || strcmp(w, "--help") == 0)
                help();
        else if (strcmp(w, "--override-kernel") == 0 || strcmp(w, "--capdl-json") == 0 ||
                 strcmp(w, "--viper-output") == 0)
                usage("%s is an option of the public tool that this one does not have", w);
        else
                usage("there is no option %s", w);
}

static void parse(int count, char **words)
{
        for (int i = 1; i < count; i++) {
                if (strcmp(words[i], "--search-path") == 0) {
                        while (i + 1 < count && words[i + 1][0] != '-') {
                                if (a.searches == SEARCH_MAX)
                                        usage("too many folders after %s", words[i]);
                                a.search[a.searches++] = words[++i];
                        }
                } else if (words[i][0] == '-') {
                        option(count, words, &i);
                } else if (a.system == NULL) {
                        a.system = words[i];
                } else {
                        usage("one description at a time, not also %s", words[i]);
                }
        }
        if (a.system == NULL || a.board == NULL || a.config == NULL)
                usage("%s is missing", a.system == NULL  ? "the description"
                                       : a.board == NULL ? "--board"
                                                         : "--config");
        if (strcmp(a.output, a.report) == 0)
                usage("%s cannot be both the image and the report", a.output);
        if (strcmp(a.type, "binary") != 0 && strcmp(a.type, "elf") != 0 && strcmp(a.type, "uimage") != 0)
                usage("--image-type %s: there are binary, elf and uimage", a.type);
}

static void find_sdk(void)
{
        const char *named = getenv("MICROKIT_SDK");
        ssize_t length;
        char path[PATH_BYTES];

        if (named != NULL && named[0] != '\0') {
                snprintf(a.sdk, sizeof(a.sdk), "%s", named);
        } else {
                length = readlink("/proc/self/exe", path, sizeof(path) - 1);
                path[length < 0 ? 0 : length] = '\0';
                snprintf(a.sdk, sizeof(a.sdk), "%s", dirname(dirname(path)));
        }
        snprintf(a.folder, sizeof(a.folder), "%s/board/%s/%s", a.sdk, a.board, a.config);
        if (access(a.folder, R_OK) == 0)
                return;
        usage("there is no folder %s (boards are the folders of SDK/board, configs those of a board)",
              a.folder);
}

/* Refuses outputs that the build would overwrite, before anything is written. */
static void refuse_output(struct build *b, const char *path, const struct stat *status)
{
        const char *const written[] = {a.output, a.report, build_text(b, "%s.svg", a.report)};
        struct stat other;

        for (unsigned i = 0; i < sizeof(written) / sizeof(written[0]); i++)
                if (stat(written[i], &other) == 0 && other.st_dev == status->st_dev &&
                    other.st_ino == status->st_ino) {
                        fprintf(stderr,
                                "microkit: %s is an input and would be overwritten: give -o and -r other "
                                "names\n",
                                path);
                        exit(1);
                }
}

static bool read_whole(struct build *b, const char *path, struct file *file)
{
        struct stat status;
        FILE *f = fopen(path, "rb");
        unsigned char *data;
        bool good;

        if (f == NULL)
                return false;
        good = fstat(fileno(f), &status) == 0 && S_ISREG(status.st_mode);
        if (good) {
                refuse_output(b, path, &status);
                data = build_allocate(b, (uint64_t)status.st_size + 1);
                good = fread(data, 1, (size_t)status.st_size, f) == (size_t)status.st_size;
                *file = (struct file){data, (uint64_t)status.st_size};
        }
        fclose(f);
        return good;
}

/* Files of the board by their names in it, others in the search path, then in the current folder. */
static bool read_file(struct build *b, const char *path, struct file *file)
{
        if (strcmp(path, "elf/monitor.elf") == 0 || strcmp(path, "elf/root.elf") == 0 ||
            strcmp(path, BOARD_OPTIONS) == 0)
                return read_whole(b, build_text(b, "%s/%s", a.folder, path), file);
        for (unsigned i = 0; i < a.searches && path[0] != '/'; i++)
                if (read_whole(b, build_text(b, "%s/%s", a.search[i], path), file))
                        return true;
        return read_whole(b, path, file);
}

static _Noreturn void fail(const char *path)
{
        fprintf(stderr, "microkit: %s: %s\n", path, strerror(errno));
        exit(1);
}

static void write_text(struct build *b, const char *path, void (*write)(const struct build *, FILE *))
{
        FILE *f = fopen(path, "w");

        if (f == NULL)
                fail(path);
        write(b, f);
        if (ferror(f) || fclose(f) != 0)
                fail(path);
}

static bool calls_firmware(const struct build *b)
{
        for (const struct pd *p = b->system.pds; p != NULL; p = p->next)
                if (p->smc)
                        return true;
        return false;
}

static _Noreturn void run_mkimage(struct build *b, char *tool, char *bits, char *root)
{
        char *words[WORDS] = {tool, "--export-pcnt", "--export-vcnt", "--export-ptmr", "--cnode-bits", bits,
                              "-o", (char *)a.output};
        unsigned n = 8;

        words[n++] = b->board.debug ? "--debug" : "--release";
        if (b->board.hypervisor)
                words[n++] = "--el2";
        if (calls_firmware(b))
                words[n++] = "--smc-calls";
        if (b->board.cores > 1) {
                words[n++] = "--cores";
                words[n++] = build_text(b, "%llu", (unsigned long long)b->board.cores);
        }
        if (b->system.has_domains) {
                words[n++] = "--domains";
                words[n++] = build_text(b, "%d", SCHEDULING_MAX);
        }
        if (strcmp(a.type, "elf") == 0) {
                words[n++] = "--elf";
                words[n++] = ELF_ADDRESS;
        } else if (strcmp(a.type, "uimage") == 0) {
                words[n++] = "--uimage";
        }
        words[n] = root;
        execv(tool, words);
        fprintf(stderr, "microkit: %s: %s\n", tool, strerror(errno));
        _exit(1);
}

/* mkimage is beside the SDK's folder; it gets the root task as a file. */
static int pack(struct build *b, struct file root)
{
        char *name = build_text(b, "%s.XXXXXX", a.output), bits[16],
             *tool = build_text(b, "%s/../mkimage", a.sdk);
        int descriptor = mkstemp(name), status = 1;
        pid_t child;

        if (descriptor < 0)
                fail(a.output);
        if (write(descriptor, root.data, root.size) != (ssize_t)root.size || close(descriptor) != 0) {
                unlink(name);
                fail(a.output);
        }
        snprintf(bits, sizeof(bits), "%u", system_cnode_bits(b));
        child = fork();
        if (child == 0)
                run_mkimage(b, tool, bits, name);
        if (child < 0 || waitpid(child, &status, 0) != child)
                status = 1;
        unlink(name);
        return status != 0;
}

int main(int count, char **words)
{
        struct build b = {.read = read_file, .out = stderr};
        struct file text, root;
        bool built;
        int status;

        parse(count, words);
        find_sdk();
        b.name = a.system;
        if (setjmp(b.stop) != 0 || !read_whole(&b, a.system, &text)) {
                fprintf(stderr, "microkit: %s: cannot be read\n", a.system);
                return 1;
        }
        built = build_system(&b, (const char *)text.data, text.size);
        unlink(a.output);
        if (!built) {
                fprintf(stderr, "microkit: %u error%s, no image written\n", b.errors,
                        b.errors == 1 ? "" : "s");
                build_free(&b);
                return 1;
        }
        if (setjmp(b.stop) != 0)
                return 1;
        root = system_emit(&b);
        status = pack(&b, root);
        if (status == 0) {
                write_text(&b, a.report, report_write);
                write_text(&b, build_text(&b, "%s.svg", a.report), picture_write);
        }
        build_free(&b);
        return status;
}
