/* SPDX-License-Identifier: BSD-2-Clause */
/* The shell: reads a line from the console, splits it into words, looks the first one up. */
#include "apps/sosh/shell.h"
#include "base/text.h"
#include "sos/posix.h"

const struct command commands[] = {
        {"help", "help [COMMAND]", "this list, or one line of it", run_help, 0, 1},
        {"man", "man [COMMAND]", "all about a command; alone: the list of pages", run_man, 0, 1},
        {"caps", "caps [-g]", "capabilities of the root task, by kind; -g: of all, as a graph", run_report, 0,
         1},
        {"mem", "mem", "untyped memory and frames", run_report, 0, 0},
        {"ps", "ps [-s]", "threads: priority, state, budget, time used; -s: processes, their size and start",
         run_report, 0, 1},
        {"top", "top [ROUNDS]", "the busy threads, every second; q ends it", run_top, 0, 1},
        {"ifconfig", "ifconfig", "the network card, its addresses and counters", run_report, 0, 0},
        {"netstat", "netstat", "sockets: owner, state, bytes waiting, addresses", run_report, 0, 0},
        {"drivers", "drivers", "drivers that are programs, and what each holds", run_report, 0, 0},
        {"programs", "programs", "what spawn and a bare name can run", run_report, 0, 0},
        {"spawn", "spawn NAME [PRIO 0-100] [BUDGET/PERIOD ms]", "start a program, or a worker of that name",
         run_spawn, 1, 3},
        {"kill", "kill NAME|-GROUP|-1", "end a process, by name or number, or many; -1: all", run_kill, 1, 1},
        {"fault", "fault [KIND]", "make a child process fault; alone: list the kinds", run_fault, 0, 1},
        {"ping", "ping [-i] [WORDS 1-120] | ping HOST",
         "cost of a round trip to the server; HOST: is it there?", run_ping, 0, 2},
        {"trace", "trace [start|stop|drop|save FILE]", "record what the kernel does", run_trace, 0, 2},
        {"refusals", "refusals [on|all|off]", "lines of the debug kernel about calls that it refuses",
         run_refusals, 0, 1},
        {"vm", "vm COMMAND [NAME] [SETTING=VALUE...]",
         "virtual machines: list, start, console, pause, resume, stop", run_vm, 1, WORDS_MAX},
        {"sleep", "sleep SECONDS", "wait", run_sleep, 1, 1},
        {"msleep", "msleep MS", "wait", run_msleep, 1, 1},
        {"exec", "exec FILE [ARGUMENT...] [&]", "run a program; its name alone does the same", run_exec, 1,
         WORDS_MAX},
        {"ls", "ls [-l] [NAME]", "list files: type, rights, size, times, name; -l: with dates", run_ls, 0, 2},
        {"dir", "dir [-l] [NAME]", "the same", run_ls, 0, 2},
        {"cat", "cat FILE...", "show files", run_cat, 1, WORDS_MAX},
        {"cp", "cp FROM TO", "copy a file", run_cp, 2, 2},
        {"rm", "rm FILE", "remove a file", run_rm, 1, 1},
        {"time", "time [COMMAND...]", "how long a command takes; alone: seconds since power-on", run_time, 0,
         WORDS_MAX},
        {"mtime", "mtime", "microseconds since power-on", run_mtime, 0, 0},
        {"uptime", "uptime", "time since power-on", run_uptime, 0, 0},
        {"clear", "clear", "clear the screen", run_clear, 0, 0},
        {"colours", "colours on|off", "use colours on a terminal, or not", run_colours, 1, 1},
        {"exit", "exit", "switch the machine off", run_exit, 0, 0},
        {NULL, NULL, NULL, NULL, 0, 0},
};

/* Take one word from *at; quotes protect blanks and are removed.  NULL when one does not end. */
static char *take_word(char **at)
{
        char *word = *at, *to = *at, quote = '\0', c;

        for (; (c = **at) != '\0' && (quote || (c != ' ' && c != '\t')); ++*at) {
                if (c == quote)
                        quote = '\0';
                else if (!quote && (c == '"' || c == '\''))
                        quote = c;
                else
                        *to++ = c;
        }
        if (c)
                ++*at;
        *to = '\0';
        return quote ? NULL : word;
}

int split_words(char *line, char **word)
{
        int count = 0;

        while (count < WORDS_MAX) {
                while (*line == ' ' || *line == '\t')
                        line++;
                if (!*line)
                        break;
                word[count] = take_word(&line);
                if (!word[count++])
                        return -1;
        }
        return count;
}

const struct command *find_command(const char *name)
{
        for (const struct command *c = commands; c->name; c++) {
                if (!strcmp(c->name, name))
                        return c;
        }
        return NULL;
}

void usage(const char *name)
{
        serial_print("usage: %s\n", find_command(name)->usage);
}

void run_words(int count, char **word)
{
        const struct command *c = find_command(word[0]);

        if (c && (count - 1 < c->least || count - 1 > c->most))
                usage(c->name);
        else if (c)
                c->run(count, word);
        else if (!run_program(count, word))
                serial_print("%s: no such command; try `help`\n", word[0]);
}

static void execute(char *line)
{
        char *word[WORDS_MAX];
        int count = split_words(line, word);

        if (count < 0)
                serial_print("a quote is not closed: nothing was done\n");
        if (count > 0)
                run_words(count, word);
}

/* The line that the image was made with (`make run APP=name`), shown as if it had been typed. */
static void run_start(void)
{
        char line[LINE + 1];
        long file = posix_open("/etc/start", 0), size;

        if (file < 0)
                return;
        size = posix_read((int)file, line, LINE);
        posix_close((int)file);
        if (size <= 1)
                return;
        line[size - 1] = '\0';
        serial_print("$ %s\n", line);
        execute(line);
}

/* A line without its newline; returns what SERIAL_READ does. */
static long read_line(char *line)
{
        const char *insert = "";
        long size;

        while ((size = serial_edit(line, LINE, insert)) >= SERIAL_TAB) {
                line[size - SERIAL_TAB] = '\0';
                insert = complete(line);
        }
        if (size > 0)
                line[line[size - 1] == '\n' ? size - 1 : size] = '\0';
        return size;
}

int main(void)
{
        char line[LINE + 1];
        long size;

        serial_print("\n[SOS Starting]\nTessera starter OS - `help` lists the commands\n\n");
        run_start();
        for (;;) {
                const char *green = colour(GREEN);

                serial_print("%s$%s ", green, *green ? PLAIN : "");
                size = read_line(line);
                if (size == 0)
                        leave();
                if (size > 0)
                        execute(line);
        }
}
