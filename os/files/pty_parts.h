/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the files of the pseudo terminals (pty.c, pty_keys.c): numbers of Linux, and what is typed. */
#pragma once

#include "os/files/pty.h"

enum {
        INPUT_NO_CR = 0200,
        INPUT_CR_IS_NL = 0400,
        INPUT_NL_IS_CR = 0100,
        INPUT_STRIP = 0040,
        INPUT_FLOW = 02000,
        INPUT_UTF8 = 040000,
        OUTPUT_PROCESS = 1,
        OUTPUT_NL_IS_CR_NL = 4,
        LOCAL_SIGNALS = 1,
        LOCAL_LINES = 2,
        LOCAL_ECHO = 010,
        LOCAL_ECHO_ERASE = 020,
        LOCAL_ECHO_KILL = 040,
        LOCAL_ECHO_NL = 0100,
        LOCAL_NO_FLUSH = 0200,
        LOCAL_ECHO_CONTROL = 01000,
        LOCAL_EXTERNAL = 0200000,
};

/* Places of keys. */
enum {
        KEY_INTERRUPT,
        KEY_QUIT,
        KEY_ERASE,
        KEY_KILL,
        KEY_END,
        KEY_TENTHS,
        KEY_LEAST,
        KEY_START = 8,
        KEY_STOP,
        KEY_SUSPEND,
        KEY_EOL,
        KEY_WORD = 14
};

enum {
        PTY_SIGHUP = 1,
        PTY_SIGINT = 2,
        PTY_SIGQUIT = 3,
        PTY_SIGCONT = 18,
        PTY_SIGTSTP = 20,
        PTY_SIGWINCH = 28
};

/* What a terminal begins with. */
extern const struct pty_settings pty_usual;

/* The line that is edited becomes input as it is. */
void pty_end_line(struct pty *p);

/* Output stops, or goes on, unless a program holds it. */
void pty_halt(struct pty *p, bool on);

/* Bytes that were looked at go. */
static inline void pipe_take(struct pipe *p, size_t size)
{
        if (size)
                pipe_drop(p, size);
}
