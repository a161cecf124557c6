/* SPDX-License-Identifier: BSD-2-Clause */
/* What a guest is made of: a file of lines "SETTING VALUE", /disk/vm/NAME or /etc/vm/NAME, and words SETTING=VALUE of the command, which
 * come last.  Lines that begin with # are comments. */
#include "os/monitor/settings.h"
#include "base/text.h"
#include "sos/posix.h"

enum {
        FILE_MOST = 4096,
        MIB_MOST = MACHINE_PIECES << (MACHINE_PIECE_BITS - 20),
        MIB_UNIT = 1 << (MACHINE_PIECE_BITS - 20)
};
enum { MIB_USUAL = 128 };

static void set_memory(struct settings *s, const char *value)
{
        uint64_t mib;

        if (!text_number(value, &mib) || mib == 0 || mib > MIB_MOST)
                monitor_fails("memory %s: give 1 to %u MiB", value, (unsigned)MIB_MOST);
        s->mib = (mib + MIB_UNIT - 1) / MIB_UNIT * MIB_UNIT;
}

static void set_processors(struct settings *s, const char *value)
{
        uint64_t count;

        if (!text_number(value, &count) || count == 0 || count > MACHINE_PROCESSORS)
                monitor_fails("cpus %s: give 1 to %u", value, (unsigned)MACHINE_PROCESSORS);
        s->processors = (unsigned)count;
}

static void set_console(struct settings *s, const char *value)
{
        s->virtio_console = !strcmp(value, "virtio");
        if (!s->virtio_console && strcmp(value, "serial"))
                monitor_fails("console %s: give serial or virtio", value);
}

/* FILE, or FILE:START+COUNT. */
static void set_disk(struct settings *s, char *value)
{
        char *part = strchr(value, ':'), *count = part ? strchr(part, '+') : NULL;

        s->disk = value;
        s->disk_start = s->disk_sectors = 0;
        if (part)
                *part++ = '\0';
        if (count)
                *count++ = '\0';
        if (part && (!count || !text_number(part, &s->disk_start) || !text_number(count, &s->disk_sectors) ||
                     !s->disk_sectors))
                monitor_fails(
                        "disk %s: give a part as FILE:START+COUNT, in sectors of 512 bytes, at least one",
                        value);
}

static void set(struct settings *s, const char *name, char *value)
{
        if (!strcmp(name, "kernel"))
                s->kernel = value;
        else if (!strcmp(name, "initrd"))
                s->initrd = value;
        else if (!strcmp(name, "disk"))
                set_disk(s, value);
        else if (!strcmp(name, "arguments"))
                s->arguments = value;
        else if (!strcmp(name, "memory"))
                set_memory(s, value);
        else if (!strcmp(name, "cpus"))
                set_processors(s, value);
        else if (!strcmp(name, "console"))
                set_console(s, value);
        else
                monitor_fails("there is no setting %s: the settings are kernel, initrd, disk, memory, cpus, "
                              "console, arguments",
                              name);
}

/* NAME and VALUE, parted by the first `mark`. */
static void set_pair(struct settings *s, char *text, char mark)
{
        char *value = strchr(text, mark);

        if (!value)
                monitor_fails("the setting %s has no value", text);
        *value++ = '\0';
        set(s, text, value);
}

/* Line after line; the strings stay there. */
static void set_lines(struct settings *s, char *text)
{
        while (*text) {
                char *end = strchr(text, '\n'), *next = end ? end + 1 : text + strlen(text);

                if (end)
                        *end = '\0';
                if (*text && *text != '#')
                        set_pair(s, text, ' ');
                text = next;
        }
}

static long open_settings(const char *name)
{
        char path[sizeof("/disk/vm/") + MACHINE_NAME_MAX];
        long file;

        text_print(path, sizeof(path), "/disk/vm/%s", name);
        file = posix_open(path, 0);
        if (file >= 0)
                return file;
        text_print(path, sizeof(path), "/etc/vm/%s", name);
        return posix_open(path, 0);
}

void settings_read(struct settings *s, int count, char **word)
{
        static char text[FILE_MOST + 1];
        long file = open_settings(word[0]), size = 0;

        *s = (struct settings){.mib = MIB_USUAL, .processors = 1, .arguments = ""};
        if (file >= 0)
                size = posix_read((int)file, text, sizeof(text));
        if (size > FILE_MOST)
                monitor_fails("its file of settings is longer than %d bytes", FILE_MOST);
        if (size > 0)
                set_lines(s, text);
        for (int i = 1; i < count; i++)
                set_pair(s, word[i], '=');
        if (!s->kernel)
                monitor_fails(
                        "which kernel? There is no /disk/vm/%s or /etc/vm/%s that says so; give kernel=FILE",
                        word[0], word[0]);
}
