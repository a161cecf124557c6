/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's trace: start, stop, look, save (docs/trace.md).  Its lines about refusals (docs/dump.md). */
#include <sel4/sel4.h>

#include "apps/sosh/shell.h"
#include "base/text.h"
#include "sos/posix.h"

enum { WRITE_ONLY = 1 };

static const char control[] = "/proc/trace", memory[] = "/proc/trace.memory", refusals[] = "/proc/refusals";

/* What `word` asks for; negative when it was refused. */
static long ask_of(const char *path, const char *word)
{
        long file = posix_open(path, WRITE_ONLY), written;

        if (file < 0)
                return file;
        written = posix_write((int)file, word, strlen(word));
        posix_close((int)file);
        return written;
}

static const char *why_not(long error)
{
        switch (-error) {
        case SOS_EBUSY:
                return "already running; `trace stop` ends it";
        case SOS_ENOSYS:
                return "the kernel has none; pack the image with mkimage --extensions";
        case SOS_ENOMEM:
                return "there are no 2 MiB of memory left in one piece for it";
        case SOS_ESRCH:
                return "there is none; `trace start` begins one";
        default:
                return "the server refused";
        }
}

static bool ask(const char *word)
{
        long error = ask_of(control, word);

        if (error < 0)
                serial_print("trace: %s\n", why_not(error));
        return error >= 0;
}

static void save(const char *path)
{
        char first;
        long file = posix_open(memory, 0), bytes = file < 0 ? file : posix_read((int)file, &first, 1);

        if (file >= 0)
                posix_close((int)file);
        if (bytes > 0)
                copy_file("trace", memory, path);
        else
                serial_print("trace: there is nothing to save; use `trace start` first\n");
}

void run_trace(int count, char **word)
{
        const char *what = count > 1 ? word[1] : "";
        bool saves = !strcmp(what, "save");

        if (count != (saves ? 3 : count > 1 ? 2 : 1)) {
                usage("trace");
        } else if (saves) {
                save(word[2]);
        } else if (count == 1) {
                show_file(control);
        } else if (!strcmp(what, "stop")) {
                if (ask(what))
                        show_file(control);
        } else if (!strcmp(what, "start") || !strcmp(what, "drop")) {
                ask(what);
        } else {
                usage("trace");
        }
}

void run_refusals(int count, char **word)
{
        if (count > 1 && strcmp(word[1], "on") && strcmp(word[1], "off") && strcmp(word[1], "all"))
                usage("refusals");
        else if (count == 1 || ask_of(refusals, word[1]) < 0)
                show_file(refusals);
}
