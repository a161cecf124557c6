/* SPDX-License-Identifier: BSD-2-Clause */
/* The console as the server sees it: what is printed, and what is typed.  Nothing here waits for input.
 *
 * Characters that come in wait until somebody reads; only then are they echoed and edited, so that input typed (or piped) ahead
 * appears behind the prompt it answers.  What has no room here stays with the driver, which stops the device and not the program.
 * Output takes the line that is being edited off the terminal and shows it again below itself, once the terminal has told its size.
 */
#pragma once

#include <stdbool.h>

#include <sel4/sel4.h>

#include "os/core/wait.h"

/* The serial line below: where text goes, where up to `size` characters come from, and whether CONSOLE_STEP of a program have room. */
void console_init(void (*put)(const char *text, size_t length), size_t (*get)(char *to, size_t size),
                  bool (*room)(void));

/* Who hears of Ctrl-C while a program, and not the shell, has the console; `terminal`: a person sits there, as far as who started the
 * machine knows. */
void console_begin(void (*on_key)(void), bool terminal);

/* Something has come in, or there is room. */
void console_hear(void);

/* There are keys left: console_hear goes on with them.  Each costs an echo, so that a burst of them is edited in pieces. */
bool console_has_keys(void);

/* Is there room for CONSOLE_STEP characters of a program?  If not, it waits; the server's own lines do not. */
enum { CONSOLE_STEP = 256 };
bool console_has_room(void);

void console_write(const char *bytes, seL4_Word size);
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Input: bytes, 0 at its end, -SOS_EINTR after Ctrl-C, CONSOLE_EMPTY when there is none yet. */
#define CONSOLE_EMPTY (-0x7fffffffffffffffl)
long console_take(char *to, seL4_Word size);
bool console_ready(void);

/* The same for the shell, whose keys are echoed while it waits and which can complete words: also SERIAL_TAB + the bytes before the
 * cursor.  `size` is at least LINE_LENGTH_MAX. */
long console_read(char *to, seL4_Word size, bool completes);

/* What completes that text, as if it had been typed. */
void console_insert(const char *text, size_t length);

/* Where to wait for input, or for room. */
struct wait_queue *console_queue(bool write);

/* Raw: characters as they come, without echo.  Whether something is a line or characters is decided when it is read: what was typed ahead
 * stays readable, a line that is not whole as far as it has been edited. */
void console_raw(bool on);
bool console_is_raw(void);

/* Rows << 16 | columns of the terminal; 0: not known. */
unsigned console_size(void);
