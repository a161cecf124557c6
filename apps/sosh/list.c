/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of files and of processes. */
#include "apps/sosh/shell.h"
#include "base/text.h"
#include "sos.h"
#include "sos/posix.h"

enum { ENTRY_HEADER = 19, PATH = 512, ENTRIES = 1024, PROCESSES = 128 };

enum { MS = 1000, MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

struct date {
        long year;
        unsigned month, day, hour, minute, second;
};

/* The date of seconds since 1970.  Days count from the first of March of year 0, in eras of 400 years. */
static struct date date_of(unsigned long seconds)
{
        enum { TO_1970 = 719468, ERA = 146097, YEAR = 365, FOUR = 1460, CENTURY = 36524, FIVE_MONTHS = 153 };
        unsigned long days = seconds / DAY + TO_1970, in_era = days % ERA;
        unsigned long years = (in_era - in_era / FOUR + in_era / CENTURY - in_era / (ERA - 1)) / YEAR;
        unsigned long in_year = in_era - (YEAR * years + years / 4 - years / 100);
        unsigned long months = (5 * in_year + 2) / FIVE_MONTHS; /* since March */

        return (struct date){.year = (long)(days / ERA * 400 + years + (months >= 10)),
                             .month = (unsigned)(months >= 10 ? months - 9 : months + 3),
                             .day = (unsigned)(in_year - (FIVE_MONTHS * months + 2) / 5 + 1),
                             .hour = (unsigned)(seconds % DAY / HOUR),
                             .minute = (unsigned)(seconds % HOUR / MINUTE),
                             .second = (unsigned)(seconds % MINUTE)};
}

static const char *colour_of(const sos_stat_t *s)
{
        return s->st_type == ST_SPECIAL ? colour(BLUE) : s->st_fmode & FM_EXEC ? colour(GREEN) : "";
}

/* Type, rights, size, times of change and access, name; or the size in decimal and the date of the last change. */
static void show_entry(const char *path, const char *name, bool decimal)
{
        sos_stat_t s;
        struct date d;

        if (sos_stat(path, &s) < 0) {
                serial_print("%s: gone, or its path is too long\n", name);
                return;
        }
        serial_print("%c%c%c%c ", s.st_type == ST_SPECIAL ? 's' : '-', s.st_fmode & FM_READ ? 'r' : '-',
                     s.st_fmode & FM_WRITE ? 'w' : '-', s.st_fmode & FM_EXEC ? 'x' : '-');
        d = date_of((unsigned long)s.st_ctime / MS);
        if (decimal)
                serial_print("%10u %04ld-%02u-%02u %02u:%02u:%02u", s.st_size, d.year, d.month, d.day, d.hour,
                             d.minute, d.second);
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
