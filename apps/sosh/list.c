/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of files and of processes. */
#include "apps/sosh/shell.h"
#include "base/text.h"
#include "sos.h"
#include "sos/posix.h"

enum { ENTRY_HEADER = 19, PATH = 512, ENTRIES = 1024, PROCESSES = 128 };

enum { MS = 1000 };

static const char *colour_of(const sos_stat_t *s)
{
        return s->st_type == ST_SPECIAL ? colour(BLUE) : s->st_fmode & FM_EXEC ? colour(GREEN) : "";
}

/* Type, rights, size, times of change and access, name; in decimal the times are seconds since boot. */
static void show_entry(const char *path, const char *name, bool decimal)
{
        sos_stat_t s;

        if (sos_stat(path, &s) < 0) {
                serial_print("%s: gone, or its path is too long\n", name);
                return;
        }
        serial_print("%c%c%c%c ", s.st_type == ST_SPECIAL ? 's' : '-', s.st_fmode & FM_READ ? 'r' : '-',
                     s.st_fmode & FM_WRITE ? 'w' : '-', s.st_fmode & FM_EXEC ? 'x' : '-');
        if (decimal)
                serial_print("%10u %6ld.%03ld %6ld.%03ld", s.st_size, s.st_ctime / MS, s.st_ctime % MS,
                             s.st_atime / MS, s.st_atime % MS);
        else
                serial_print("0x%06x 0x%lx 0x%lx", s.st_size, (unsigned long)s.st_ctime,
                             (unsigned long)s.st_atime);
        serial_print(" %s%s%s\n", colour_of(&s), name, *colour_of(&s) ? colour(PLAIN) : "");
}

static void show_entries(const char *directory, const char *buffer, long size, bool decimal)
{
        for (long at = 0; at < size;) {
                const char *name = buffer + at + ENTRY_HEADER;
                char path[PATH];
                struct text t = {.buffer = path, .size = sizeof(path) - 1};
                uint16_t length;

                memcpy(&length, buffer + at + 16, sizeof(length));
                at += length;
                text_add(&t, "%s/%s", directory, name);
                path[t.length] = '\0';
                if (*name != '.')
                        show_entry(path, name, decimal);
        }
}

/* A directory's entries, or the one file that is named. */
void run_ls(int count, char **word)
{
        bool decimal = count > 1 && !strcmp(word[1], "-l");
        const char *path = count > 1 + decimal ? word[1 + decimal] : "/";
        long file, size;
        char buffer[ENTRIES];

        if (count > 2 && !decimal) {
                usage(word[0]);
                return;
        }
        size = file = posix_open(path, 0);
        while (file >= 0 && (size = posix_getdents((int)file, buffer, sizeof(buffer))) > 0)
                show_entries(path, buffer, size, decimal);
        if (file >= 0)
                posix_close((int)file);
        if (size == -SOS_ENOTDIR && file >= 0)
                show_entry(path, path, decimal);
        else if (size < 0)
                complain("ls", path, size);
}

/* `ps -s`: size in pages, start in ms since boot. */
void show_processes(void)
{
        static sos_process_t process[PROCESSES];
        int count = sos_process_status(process, PROCESSES);

        serial_print("TID SIZE   STIME   COMMAND\n");
        for (int i = 0; i < count; i++)
                serial_print("%3d %4u %7u %s\n", process[i].pid, process[i].size, process[i].stime,
                             process[i].command);
}
