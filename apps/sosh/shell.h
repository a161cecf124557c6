/* SPDX-License-Identifier: BSD-2-Clause */
/* The shell's table of commands, one function each. */
#pragma once

#include <stdbool.h>

#include "sos/sos_calls.h"

enum { LINE = 512, WORDS_MAX = LINE / 2 }; /* a line cannot have more words */

struct command {
        const char *name, *usage, *help;
        void (*run)(int count, char **word); /* word[0] is the name */
        int least, most;                     /* arguments */
};

extern const struct command commands[]; /* ends with a NULL name */

/* NULL if there is none with that name. */
const struct command *find_command(const char *name);

/* The escape sequence on a known terminal; empty elsewhere, and after `colours off`. */
#define BOLD   "\033[1m"
#define GREEN  "\033[1;32m"
#define BLUE   "\033[1;34m"
#define PLAIN  "\033[0m"
#define MANUAL "/etc/man"
const char *colour(const char *sequence);

/* Has the terminal at the other end of the serial line reported its size? */
bool has_terminal(void);

/* What the Tab key adds to the text before the cursor; the choices are listed when there is nothing to add. */
const char *complete(char *text);

/* The names in a directory, in columns. */
void list_names(const char *directory);

/* Splits a line into words, in place: their number, at most WORDS_MAX; -1 when a quote does not end. */
int split_words(char *line, char **word);

/* Prints the usage line of a command. */
void usage(const char *name);

void run_help(int count, char **word);
void run_report(int count, char **word);
void run_spawn(int count, char **word);
void run_kill(int count, char **word);
void run_fault(int count, char **word);
void run_ping(int count, char **word);
void run_sleep(int count, char **word);
void run_msleep(int count, char **word);
void run_time(int count, char **word);
void run_mtime(int count, char **word);
void run_uptime(int count, char **word);
void run_clear(int count, char **word);
void run_exit(int count, char **word);
void run_man(int count, char **word);
void run_top(int count, char **word);
void run_trace(int count, char **word);
void run_refusals(int count, char **word);
void run_colours(int count, char **word);
void run_vm(int count, char **word);
void run_exec(int count, char **word);
void run_ls(int count, char **word);
void run_cat(int count, char **word);
void run_cp(int count, char **word);
void run_rm(int count, char **word);

/* The end of input: switch off, but ask first where somebody can answer. */
void leave(void);

/* Reports that a command could not do something with a file. */
void complain(const char *command, const char *path, long error);

/* The table of processes as sos_process_status gives it. */
void show_processes(void);

/* Copies from one path to another; reports failure in the name of a command. */
void copy_file(const char *command, const char *source, const char *target);

/* Copies a file to the console; reports failure. */
void show_file(const char *path);

/* Runs the command in the words of a line; count > 0. */
void run_words(int count, char **word);

/* Runs a program of the archive and waits for it; false when there is none with that name. */
bool run_program(int count, char **word);
