/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine's console (sos/machine.h): what is said on either line of the guest goes into one ring; what is typed, to the line that
 * its setting `console` names.
 *
 * While nobody reads, the oldest is written over; with a reader, a writer looks for room first, and waits for it.
 */
#pragma once

#include <stddef.h>

enum console_line { CONSOLE_SERIAL, CONSOLE_VIRTIO };

void console_on(enum console_line line);

/* Bytes that can be said without any being lost to a reader; then say them. */
size_t console_room(void);
void console_say(const void *bytes, size_t count);

/* Bytes that were typed for that line; then take so many of them. */
size_t console_hears(enum console_line line);
void console_take(void *bytes, size_t count);
