/* SPDX-License-Identifier: BSD-2-Clause */
/* mkimage: loader + kernel + root task = one file that boots.
 *
 * The loader and the two kernels are looked for beside mkimage itself.  Both programs are repacked in the form
 * of loader/payload.h, without symbols and sections.  The output is written completely or not at all.
 * Exit status: 0 done, 1 one line on standard error says what is wrong with a file, 2 wrong usage.  Whatever will run, but
 * perhaps not as intended, causes a warning on standard error.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi/include/tessera/extensions.h"
#include "tools/mkimage/mkimage.h"

enum {
        CNODE_BITS_MIN = 7,
        CNODE_BITS_MAX = 26,
        DEVICE_TOP_BITS = 40,
};

#define ADDRESS_END   (1ull << 48)
#define DEVICE_TOP    (1ull << DEVICE_TOP_BITS)
#define DEVICE_TOP_44 (1ull << 44)

static const char *stale; /* output of an earlier run, to be removed when this one fails */

/* In the order of --help. */
static const struct choice {
        const char *name, *argument, *help;
        char letter;
        uint32_t export;
} choices[] = {
        {"output", "IMAGE", "the file to write; -o for short", 'o', 0},
        {"debug", NULL, "the debug kernel (default): checks itself, knows the debug system calls, prints",
         'd', 0},
        {"release", NULL,
         "the release kernel: fast and silent; compile programs for it with -DTESSERA_RELEASE=1", 'r', 0},
        {"cnode-bits", "N",
         "log2 of the slots of the root task's CNode, 7 to 26, default 13; each takes 32 bytes", 'c', 0},
        {"domains", "N", "scheduling domains, 1 to 64, default 1", 'D', 0},
        {"cores", "K",
         "cores that are started, 1 to 8, default 1; more than 1: the interface of several cores, for "
         "programs compiled with "
         "-DCONFIG_MAX_NUM_NODES=K -DCONFIG_ENABLE_SMP_SUPPORT=1",
         'K', 0},
        {"export-vcnt", NULL, "user level may read the virtual counter, CNTVCT_EL0, and CNTFRQ_EL0", 'x',
         HANDOVER_EXPORT_VCNT},
        {"export-pcnt", NULL, "user level may read the physical counter, CNTPCT_EL0, and CNTFRQ_EL0", 'x',
         HANDOVER_EXPORT_PCNT},
        {"export-ptmr", NULL,
         "user level may use the physical timer, CNTP_*_EL0 (interrupt 30); any thread then may", 'x',
         HANDOVER_EXPORT_PTMR},
        {"export-vtmr", NULL,
         "the virtual timer, CNTV_*_EL0: refused, it is the kernel's clock, at EL2 (--el2) that of guests",
         'x', HANDOVER_EXPORT_VTMR},
        {"export-pmu", NULL, "user level may use the performance counters", 'x', HANDOVER_EXPORT_PMU},
        {"smc-calls", NULL,
         "the root task gets the capability of firmware calls, if the machine's firmware is called by SMC",
         'x', HANDOVER_EXPORT_SMC},
        {"device-top", "ADDR",
         "only device memory below this physical address is given to the root task; a multiple of 4096; "
         "default 1 << 40",
         't', 0},
        {"extensions", NULL, "the calls of tessera/extensions.h, which the public interface does not have",
         'e', 0},
        {"el2", "[=BITS]",
         "the hypervisor interface: the kernel at EL2, address spaces of 40 bits (default) or 44", 'H', 0},
        {"long-ways", NULL, "the debug kernel takes no short path through a system call: for comparing", 'l',
         0},
        {"from-microkit", "IMAGE",
         "instead of ROOT.elf: the root task inside a loader image of the public Microkit tool, 2.x", 'k', 0},
        {"elf", "ADDR",
         "as an ELF file for emulators that enter it without firmware; 0x40200000 for QEMU's virt", 'E', 0},
        {"uimage", NULL, "in U-Boot's legacy format, for bootm ADDR - FDT", 'U', 0},
        {"fit", NULL, "in U-Boot's tree format, for bootm ADDR#NAME: a configuration for each --tree", 'F',
         0},
        {"tree", "BOARD.dtb", "a device tree that goes along, with --fit (any number) or --elf", 'T', 0},
        {"help", NULL, "this text", 'h', 0},
};

enum { CHOICES = sizeof(choices) / sizeof(choices[0]) };

static _Noreturn void usage(void)
{
        fputs("usage: mkimage [OPTION]... ROOT.elf -o IMAGE   (mkimage --help explains the options)\n",
              stderr);
        exit(2);
}

static _Noreturn void help(void)
{
        puts("usage: mkimage [OPTION]... ROOT.elf -o IMAGE\n\n"
             "Packs a statically linked root task with a kernel and the boot loader into one file, which "
             "QEMU's -kernel and the boot\n"
             "loaders of boards start, as a Linux Image or an EFI program; or in another form.\n");
        for (unsigned i = 0; i < CHOICES; i++) {
                const struct choice *c = &choices[i];
                int width = printf("  --%s%s%s", c->name, c->argument && c->argument[0] != '[' ? " " : "",
                                   c->argument ? c->argument : "");

                printf("%*s%s\n", width < 25 ? 25 - width : 1, "", c->help);
        }
        exit(0);
}

static void say(const char *kind, const char *format, va_list arguments)
{
        fprintf(stderr, "mkimage: %s", kind);
        vfprintf(stderr, format, arguments);
        fputc('\n', stderr);
}

_Noreturn void fail(const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        say("", format, arguments);
        va_end(arguments);
        discard_output();
        if (stale != NULL)
                unlink(stale);
        exit(1);
}

void warn(const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        say("warning: ", format, arguments);
        va_end(arguments);
}

static uint32_t number(const char *option, const char *text, unsigned long low, unsigned long high)
{
        char *end;
        unsigned long value = strtoul(text, &end, 10);

        if (text[0] < '0' || text[0] > '9' || *end != '\0' || value < low || value > high) {
                fprintf(stderr, "mkimage: %s takes a number from %lu to %lu, not '%s'\n", option, low, high,
                        text);
                exit(2);
        }
        return (uint32_t)value;
}

static uint64_t device_top(const char *text)
{
        char *end;
        unsigned long long value = strtoull(text, &end, 0);

        if (text[0] < '0' || text[0] > '9' || *end != '\0' || value > DEVICE_TOP_44 ||
            value % ELF64_PAGE != 0) {
                fprintf(stderr,
                        "mkimage: --device-top takes a physical address, a multiple of 4096 up to 0x%llx, "
                        "not '%s'\n",
                        DEVICE_TOP, text);
                exit(2);
        }
        return value;
}

static void export(struct request *r, uint32_t bit)
{
        if (bit == HANDOVER_EXPORT_VTMR) {
                fputs("mkimage: --export-vtmr is not possible: the kernel keeps time with the virtual timer, "
                      "and with --el2 it is the guests'; "
                      "--export-ptmr gives user level the physical one\n",
                      stderr);
                exit(2);
        }
        r->options.exports |= bit;
}

static uint32_t hypervisor(const char *text)
{
        if (text == NULL || strcmp(text, "40") == 0)
                return 40;
        if (strcmp(text, "44") == 0)
                return 44;
        fprintf(stderr,
                "mkimage: --el2 takes the address bits that the root task was compiled for, 40 or 44, not "
                "'%s'\n",
                text);
        exit(2);
}

static uint64_t address(const char *text)
{
        char *end;
        unsigned long long value = strtoull(text, &end, 0);

        if (text[0] < '0' || text[0] > '9' || *end != '\0' || value % ELF64_PAGE != 0 ||
            value >= ADDRESS_END) {
                fprintf(stderr, "mkimage: --elf takes an address of RAM, a multiple of 4096, not '%s'\n",
                        text);
                exit(2);
        }
        return value;
}

static void choose(struct request *r, enum form form)
{
        if (r->form != FORM_IMAGE)
                usage();
        r->form = form;
}

static void add_tree(struct request *r, const char *path)
{
        if (r->trees == TREES_MAX)
                fail("more than %u device trees", (unsigned)TREES_MAX);
        r->tree[r->trees++].path = path;
}

static void check_trees(const struct request *r)
{
        if (!r->trees || r->form == FORM_FIT || (r->form == FORM_ELF && r->trees == 1))
                return;
        fputs("mkimage: --tree goes with --fit, or once with --elf: other ways to start an image bring the "
              "tree\n",
              stderr);
        exit(2);
}

/* First the options for what is packed, then those for how. */
static void take_form(struct request *r, const struct choice *c, const char *value)
{
        switch (c->letter) {
        case 'E':
                choose(r, FORM_ELF);
                r->address = address(value);
                break;
        case 'U':
        case 'F':
                choose(r, c->letter == 'U' ? FORM_UIMAGE : FORM_FIT);
                break;
        case 'T':
                add_tree(r, value);
                break;
        default:
                help();
        }
}

static void take(struct request *r, const struct choice *c, const char *value)
{
        switch (c->letter) {
        case 'd':
        case 'r':
                r->preset = c->name;
                break;
        case 'c':
                r->options.cnode_bits = number("--cnode-bits", value, CNODE_BITS_MIN, CNODE_BITS_MAX);
                break;
        case 'D':
                r->options.domains = number("--domains", value, 1, HANDOVER_DOMAINS_MAX);
                break;
        case 'K':
                r->options.cores = number("--cores", value, 1, HANDOVER_CORES_MAX);
                break;
        case 't':
                r->options.device_top = device_top(value);
                break;
        case 'e':
                r->options.extensions = TESSERA_EXTENSIONS;
                break;
        case 'l':
                r->options.long_ways = 1;
                break;
        case 'H':
                r->options.hypervisor = hypervisor(value);
                break;
        case 'x':
                export(r, c->export);
                break;
        case 'k':
                r->microkit = value;
                break;
        case 'o':
                r->output = value;
                break;
        default:
                take_form(r, c, value);
        }
}

static int kind_of_argument(const struct choice *c)
{
        if (c->argument == NULL)
                return no_argument;
        return c->argument[0] == '[' ? optional_argument : required_argument;
}

/* All device memory, unless the image says less: physical addresses of 40 bits, or of as many as a space at EL2 has. */
static void choose_device_top(struct handover_options *o)
{
        uint64_t top = o->hypervisor ? 1ull << o->hypervisor : DEVICE_TOP;

        if (o->device_top != UINT64_MAX && o->device_top > top) {
                fprintf(stderr,
                        "mkimage: --device-top takes a physical address, a multiple of 4096 up to 0x%llx%s\n",
                        (unsigned long long)top, o->hypervisor == 44 ? "" : " (more with --el2=44)");
                exit(2);
        }
        if (o->device_top == UINT64_MAX)
                o->device_top = top;
}

/* Refuses what several cores exclude. */
static void check_cores(const struct handover_options *o)
{
        if (o->cores == 1 || o->domains == 1)
                return;
        fprintf(stderr, "mkimage: --cores %u does not go with --domains: several cores have one domain\n",
                o->cores);
        exit(2);
}

static struct request parse(int count, char **arguments)
{
        struct option options[CHOICES + 1] = {{0}};
        struct request r = {
                .preset = "debug",
                .options = {.cnode_bits = 13, .domains = 1, .cores = 1, .device_top = UINT64_MAX}};
        int option, which = 0;

        for (unsigned i = 0; i < CHOICES; i++)
                options[i] = (struct option){choices[i].name, kind_of_argument(&choices[i]), NULL, 1};
        opterr = 0;
        while ((option = getopt_long(count, arguments, "o:h", options, &which)) != -1) {
                if (option == '?')
                        usage();
                if (option == 'h')
                        help();
                take(&r, option == 'o' ? &choices[0] : &choices[which], optarg);
        }
        if (r.output == NULL || optind != count - (r.microkit ? 0 : 1))
                usage();
        r.root = r.microkit ? r.microkit : arguments[optind];
        check_trees(&r);
        check_cores(&r.options);
        choose_device_top(&r.options);
        return r;
}

/* An image left by an earlier run must not be taken for this one's; never remove the input, nor put a file in the place of a device. */
static const char *stale_output(const struct request *r)
{
        struct stat output, root;

        if (lstat(r->output, &output) != 0 || S_ISLNK(output.st_mode))
                return NULL;
        if (!S_ISREG(output.st_mode))
                fail("%s is not a file: an image replaces what has its name", r->output);
        if (stat(r->root, &root) == 0 && root.st_dev == output.st_dev && root.st_ino == output.st_ino)
                fail("%s is both input and output", r->output);
        return r->output;
}

int main(int count, char **arguments)
{
        struct request r = parse(count, arguments);

        stale = stale_output(&r);
        for (unsigned i = 0; i < r.trees; i++)
                r.tree[i] = read_tree(r.tree[i].path);
        write_output(r.output, in_form(&r, build(&r)));
        return 0;
}
