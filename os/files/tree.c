/* SPDX-License-Identifier: BSD-2-Clause */
/* What exists when the system starts: the archive behind the root task, its other names, and the special files. */
#include "base/text.h"
#include "cpio/cpio.h"
#include "os/files/archive.h"
#include "os/files/names.h"
#include "sos/proto.h"
#include "text/text.h"

/* The folders on the way to a file, those of one archive more than of another. */
static void make_folders(const char *name)
{
        char path[NODE_NAME_MAX] = {0};

        for (size_t i = 0; name[i] && i < sizeof(path) - 1; i++) {
                if (name[i] == '/' && !node_find(node_root(), path))
                        node_make(node_root(), path, NODE_DIRECTORY);
                path[i] = name[i];
        }
}

static void add_archive(const void *archive, size_t size)
{
        const unsigned char *bytes;
        unsigned long length;
        const char *name;

        for (int i = 0; (bytes = cpio_get_entry(archive, size, i, &name, &length)) != NULL; i++) {
                struct node *n;

                make_folders(name);
                n = node_make(node_root(), name, NODE_ARCHIVE);
                if (!n)
                        continue;
                n->bytes = bytes;
                n->size = length;
                n->mode = length > 4 && node_begins_program(bytes) ? 0755 : 0644;
        }
}

/* /etc/applets: names under which one program of /bin is known, one for each line, behind its own name. */
static void add_applets(void)
{
        struct node *list = node_find(node_root(), "/etc/applets"), *bin = node_find(node_root(), "/bin");
        const char *at = list ? (const char *)list->bytes : "", *end = at + (list ? list->size : 0);
        struct node *program = NULL;

        while (at < end) {
                char name[NODE_NAME_MAX] = {0};
                size_t n = 0;
                struct node *alias;

                while (at < end && *at != '\n' && n < sizeof(name) - 1)
                        name[n++] = *at++;
                at++;
                if (!program) {
                        program = node_find(bin, name);
                        if (!program)
                                return;
                        continue;
                }
                alias = node_find(bin, name) ? NULL : node_make(bin, name, NODE_ARCHIVE);
                if (alias) {
                        alias->bytes = program->bytes;
                        alias->size = program->size;
                        alias->mode = 0755;
                }
        }
}

/* As on Linux only root opens it by its name: whoever reads there takes what is typed for the shell. */
static void make_console(const char *path)
{
        enum { OF_ROOT = 0600 };

        node_make(node_root(), path, NODE_CONSOLE)->mode = OF_ROOT;
}

void node_init(const void *archive, size_t size)
{
        static const char *const directories[] = {"/bin",  "/dev", "/drv",     "/etc",    "/etc/man",
                                                  "/proc", "/tmp", "/dev/shm", "/dev/pts"};
        static const char *const reports[REPORTS] = {
                "/proc/caps",   "/proc/mem",          "/proc/threads", "/proc/programs", "/proc/frames",
                "/proc/server", "/proc/ifconfig",     "/proc/netstat", "/proc/drivers",  "/etc/resolv.conf",
                "/proc/trace",  "/proc/trace.memory", "/proc/dump",    "/proc/refusals"};

        *node_root() = (struct node){.kind = NODE_DIRECTORY, .named = 1, .mode = 0755};
        for (unsigned i = 0; i < sizeof(directories) / sizeof(*directories); i++)
                node_make(node_root(), directories[i], NODE_DIRECTORY);
        node_find(node_root(), "/dev/shm")->mode = 01777;
        for (uint8_t i = 0; i < REPORTS; i++)
                node_make(node_root(), reports[i], NODE_REPORT)->report = i;
        node_make(node_root(), "/dev/null", NODE_NULL);
        node_make(node_root(), "/dev/zero", NODE_ZERO);
        node_make(node_root(), "/dev/full", NODE_FULL);
        node_make(node_root(), "/dev/random", NODE_RANDOM);
        node_make(node_root(), "/dev/urandom", NODE_RANDOM);
        node_make(node_root(), "/dev/ptmx", NODE_PTMX);
        node_make(node_root(), "/dev/tty", NODE_CONSOLE)->number = NODE_TTY;
        make_console("/dev/console");
        make_console("/console"); /* where native programs expect it */
        archive_begin(archive);
        add_archive(archive, size);
        add_applets();
}

static struct node *link_to(struct node *directory, const char *name, const char *target)
{
        struct node *n = node_make(directory, name, NODE_LINK);

        if (n)
                node_write(n, 0, target, strlen(target));
        return n;
}

/* Names in a directory of the disk get into one of the system that lacks them; where the disk `wins`, in place of the archive's files. */
static void link_names(const char *path, bool wins)
{
        struct node *here = node_find(node_root(), path), *there;
        char target[PATH_MAX];

        there = node_find(node_root(), text_print(target, sizeof(target), "/disk%s", path));
        for (struct node *n = there && here ? node_next(there, 0) : NULL; n;
             n = node_next(there, node_number(n) + 1)) {
                struct node *old = names_find(here, n->name, strlen(n->name));

                if (old && wins && old->kind == NODE_ARCHIVE) {
                        node_vanish(old);
                        old = NULL;
                }
                if (!old)
                        link_to(here, n->name,
                                text_print(target, sizeof(target), "/disk%s/%s", path, n->name));
        }
}

void node_links_to_disk(void)
{
        static const char *const names[] = {"lib", "lib64", "opt", "sbin", "usr", "var"};
        char target[16];

        for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
                bool there = node_find(node_root(), text_print(target, sizeof(target), "/disk/%s", names[i]));
                struct node *n = there && !names_find(node_root(), names[i], strlen(names[i]))
                                         ? link_to(node_root(), names[i], target)
                                         : NULL;

                if (n)
                        n->fixed = true;
        }
        link_names("/bin", false);
        link_names("/etc", true);
}
