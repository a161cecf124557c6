/* SPDX-License-Identifier: BSD-2-Clause */
/* The shell's help: the list of commands, and the pages of docs/shell.md, which are files of /etc/man. */
#include "apps/sosh/shell.h"
#include "base/text.h"
#include "sos/posix.h"

enum { PIECE = 2048 };

static bool colours = true;

/* One that has told its size once is there. */
bool has_terminal(void)
{
        static bool known;

        known = known || serial_size() != 0;
        return known;
}

const char *colour(const char *sequence)
{
        return colours && has_terminal() ? sequence : "";
}

void run_colours(int count, char **word)
{
        (void)count;
        if (!strcmp(word[1], "on") || !strcmp(word[1], "off"))
                colours = word[1][1] == 'n';
        else
                usage("colours");
}

static bool page_path(char *path, size_t size, const char *name)
{
        struct text t = {.buffer = path, .size = size - 1};

        text_add(&t, MANUAL "/%s", name);
        path[t.length] = '\0';
        return !t.dropped && !strchr(name, '/');
}

/* A line without a margin is a heading. */
static void show_piece(const char *piece, size_t size, bool *row_start)
{
        for (size_t i = 0; i < size; i++) {
                if (*row_start && piece[i] != ' ' && piece[i] != '\n')
                        serial_print("%s", colour(BOLD));
                *row_start = piece[i] == '\n';
                if (*row_start)
                        serial_print("%s", colour(PLAIN));
                serial_write(&piece[i], 1);
        }
}

static bool show_page(const char *name)
{
        char path[SOS_NAME_MAX + sizeof(MANUAL)], piece[PIECE];
        bool row_start = true;
        long file = page_path(path, sizeof(path), name) ? posix_open(path, 0) : -1, size;

        if (file < 0)
                return false;
        while ((size = posix_read((int)file, piece, sizeof(piece))) > 0)
                show_piece(piece, (size_t)size, &row_start);
        posix_close((int)file);
        return true;
}

void run_help(int count, char **word)
{
        const struct command *c = count > 1 ? find_command(word[1]) : commands;

        if (!c) {
                serial_print("help: there is no command %s; `help` lists them\n", word[1]);
                return;
        }
        for (; c->name; c++) {
                serial_print("  %s%-50s%s %s\n", colour(BOLD), c->usage, colour(PLAIN), c->help);
                if (count > 1) {
                        serial_print("\n`man %s` says more\n", c->name);
                        return;
                }
        }
}

void run_man(int count, char **word)
{
        if (count == 1)
                list_names(MANUAL);
        else if (!show_page(word[1]))
                serial_print("man: there is no page %s; `man` lists them\n", word[1]);
}
