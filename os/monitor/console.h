/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine's console (sos/machine.h): output on either line of the guest goes into one ring; input goes to the line that its setting
 * `console` names.  Without a reader the oldest output is overwritten; with a reader, a writer waits for room.
 */
#pragma once

#include <stddef.h>

enum console_line { CONSOLE_SERIAL, CONSOLE_VIRTIO };

void console_on(enum console_line line);

/* The number of bytes that can be written without loss to a reader; and write them. */
size_t console_room(void);
void console_say(const void *bytes, size_t count);

/* Bytes that were typed for that line; then take so many of them. */
size_t console_hears(enum console_line line);
void console_take(void *bytes, size_t count);
